package jsbridge

import (
	"context"
	"time"

	"github.com/pocketgraph/pocketgraph/graph"
)

// Subscriptions are what a database tells without being asked each time.
type Subscriptions interface {
	// Feed is the change feed: since is a cursor, a sequence number, "now", or
	// empty for all that is kept.
	Feed(ctx context.Context, since string) (Feed, error)
	// Watch looks for commits that may change the answer to a statement, which
	// must not write.
	Watch(text string) (Watch, error)
	// Events are what happens in the store, each a map with its kind, and
	// statements that take longer than that. Those nobody takes are dropped.
	Events(slowerThan time.Duration) (events <-chan *graph.Map, stop func())
	// WithMetadata is a context whose transactions have these metadata.
	WithMetadata(ctx context.Context, data map[string]string) context.Context
}

// Feed gives rows of two columns: a change, and on the last change of a
// transaction the transaction.
type Feed interface {
	// Next returns the rows of the next transaction, or none when there is none
	// yet. Valid until the next call.
	Next() (rows int, columns [][]graph.Value, err error)
	// Ready is closed when there may be more than when it was called.
	Ready() <-chan struct{}
	Reader() graph.Reader
}

// Watch is one live query's.
type Watch interface {
	// Changed gets a token after commits that may have changed the answer.
	Changed() <-chan struct{}
	// Refresh looks anew at what the statement depends on, after a token.
	Refresh()
	// Sequence is that of the newest transaction that a query sees now.
	Sequence() uint64
	Close()
}

var changesColumns = []string{"change", "transaction"}

// changes serves CHANGES: HEAD and ROWS as QUERY, for as long as it is wanted.
func (d *Dispatcher) changes(t *task) (*graph.Map, error) {
	feed, err := t.db.Feed(&t.life, t.r.Text)
	if err != nil {
		return nil, err
	}
	e := takeEncoder()
	defer giveEncoder(e)
	var lately room
	d.send(t, func(b []byte) ([]byte, error) { return appendHead(b, t.header(), changesColumns), nil })
	for {
		rows, columns, err := d.nextChanges(t, feed)
		if rows == 0 || err != nil {
			return nil, err
		}
		for first := 0; first < rows; {
			enough, err := d.awaitUpdate(t)
			if enough || err != nil {
				return nil, err
			}
			err = d.send(t, func(b []byte) ([]byte, error) {
				b, n, err := e.appendSome(b, t.header(), feed.Reader(), columns, first, rows, &lately)
				first += n
				return b, err
			})
			if err != nil {
				return nil, err
			}
		}
		d.Yield()
	}
}

// nextChanges waits for the next transaction, if it is to.
func (d *Dispatcher) nextChanges(t *task, feed Feed) (int, [][]graph.Value, error) {
	for {
		ready := feed.Ready()
		rows, columns, err := feed.Next()
		if rows > 0 || err != nil || !t.r.Follow {
			return rows, columns, err
		}
		if enough, err := d.awaitWord(t, ready); enough || err != nil {
			return 0, nil, err
		}
	}
}

// awaitWord waits for ch, as parked, or for the word that no more is wanted.
func (d *Dispatcher) awaitWord(t *task, ch <-chan struct{}) (enough bool, err error) {
	d.park(t, true)
	defer d.park(t, false)
	for {
		select {
		case <-ch:
			return false, nil
		case <-t.life.Done():
			return false, t.life.Err()
		case <-t.credited:
		}
		d.mu.Lock()
		enough := t.enough
		d.mu.Unlock()
		if enough {
			return true, nil
		}
	}
}

// live serves LIVE: HEAD, then the whole answer as ROWS and an UPDATE, each time
// that it has become another one and there is credit for it.
func (d *Dispatcher) live(t *task) error {
	params := t.r.params()
	watch, err := t.data.Watch(t.r.Text)
	if err != nil {
		return err
	}
	defer watch.Close()
	var last uint64
	for first := true; ; first = false {
		enough, err := d.awaitUpdate(t)
		if enough || err != nil {
			return err
		}
		for {
			if !first {
				if enough, err := d.awaitChange(t, watch); enough || err != nil {
					return err
				}
			}
			sequence := watch.Sequence()
			frames, err := d.evaluate(t, params, first)
			if err != nil {
				return err
			}
			if sum := sumOf(frames); first || sum != last {
				last = sum
				if err := d.sendUpdate(t, frames, sequence); err != nil {
					return err
				}
				break
			}
		}
	}
}

// awaitChange waits for a commit that matters, and a little longer, so that a
// burst of them makes one update.
func (d *Dispatcher) awaitChange(t *task, watch Watch) (enough bool, err error) {
	if enough, err := d.awaitWord(t, watch.Changed()); enough || err != nil {
		return enough, err
	}
	late := make(chan struct{})
	timer := time.AfterFunc(LiveDelay, func() { close(late) })
	defer timer.Stop()
	d.OnTimer()
	if enough, err := d.awaitWord(t, late); enough || err != nil {
		return enough, err
	}
	select {
	case <-watch.Changed(): // what came meanwhile will be seen
	default:
	}
	watch.Refresh()
	return false, nil
}

func (d *Dispatcher) evaluate(t *task, params map[string]graph.Value, first bool) ([][]byte, error) {
	result, err := t.data.Query(&t.life, nil, nil, t.r.Text, params, nil, nil)
	if err != nil {
		return nil, err
	}
	defer result.Close()
	var frames [][]byte
	if first {
		frames = append(frames, appendHead(nil, t.header(), result.Columns()))
	}
	frames, _, err = d.keepRows(t, result, frames)
	return frames, err
}

func (d *Dispatcher) sendUpdate(t *task, frames [][]byte, sequence uint64) error {
	for _, frame := range frames {
		if err := d.sendAll(t, frame); err != nil {
			return err
		}
	}
	return d.tell(t, summary(graph.Entry{Key: "sequence", Value: graph.Int(int64(sequence))}))
}

// tell sends a map that is not the end of the request.
func (d *Dispatcher) tell(t *task, m *graph.Map) error {
	return d.send(t, func(b []byte) ([]byte, error) { return appendMapAnswer(b, AnswerProgress, t.header(), m) })
}

// sumOf is FNV-1a over the rows, by which an answer is known to be the same.
func sumOf(frames [][]byte) uint64 {
	sum := uint64(14695981039346656037)
	for _, frame := range frames {
		if AnswerKind(frame[4]) != AnswerRows {
			continue
		}
		for _, c := range frame[frameHeader:] {
			sum = (sum ^ uint64(c)) * 1099511628211
		}
	}
	return sum
}

// awaitUpdate is awaitCredit for who may wait for ever: it holds nothing.
func (d *Dispatcher) awaitUpdate(t *task) (enough bool, err error) {
	for {
		d.mu.Lock()
		enough, has := t.takeCredit()
		d.setParked(t, !enough && !has)
		d.mu.Unlock()
		if enough || has {
			return enough, nil
		}
		err := t.await(t.credited)
		d.park(t, false)
		if err != nil {
			return false, err
		}
	}
}

// park notes that a subscription waits for something that is not to come from
// it: the event loop need not be kept awake for it. Whatever ends the waiting
// calls OnTimer.
func (d *Dispatcher) park(t *task, parked bool) {
	d.mu.Lock()
	d.setParked(t, parked)
	d.mu.Unlock()
}

// setParked is park for who holds mu.
func (d *Dispatcher) setParked(t *task, parked bool) {
	if t.parked == parked || parked && (t.ended || t.life.Err() != nil) {
		return
	}
	t.parked = parked
	if parked {
		d.parked++
	} else {
		d.parked--
		d.events++
	}
}

// tellEvents serves EVENTS until it is cancelled.
func (d *Dispatcher) tellEvents(t *task) error {
	events, stop := t.db.Events(time.Duration(t.r.Slower) * time.Millisecond)
	defer stop()
	for {
		d.park(t, true)
		select {
		case m := <-events:
			d.park(t, false)
			if err := d.tell(t, m); err != nil {
				return err
			}
		case <-t.life.Done():
			d.park(t, false)
			return t.life.Err()
		}
	}
}

// known reports that there is such an operation.
func (op Op) known() bool {
	return op >= OpHello && op <= OpRegisterTable || op >= OpChanges && op <= OpEvents || op >= OpRegister && op <= OpUnregister || op == OpBulk || op == OpExport
}

// metadata are those of the request.
func (r *Request) metadata() (map[string]string, error) {
	data := make(map[string]string, len(r.Metadata))
	for _, e := range r.Metadata {
		if e.Value.Kind() != graph.KindString {
			return nil, invalid("the metadata " + e.Key + " is no string")
		}
		data[e.Key] = e.Value.AsString()
	}
	return data, nil
}

// context is that of a statement in a transaction of its own.
func (t *task) context() (context.Context, error) {
	if t.r.Metadata == nil {
		return &t.life, nil
	}
	data, err := t.r.metadata()
	if err != nil {
		return nil, err
	}
	return t.db.WithMetadata(&t.life, data), nil
}

// giveMetadata adds the request's metadata to its transaction's.
func (t *task) giveMetadata(tx *transaction) error {
	if t.r.Metadata == nil {
		return nil
	}
	data, err := t.r.metadata()
	if err != nil {
		return err
	}
	return tx.SetMetadata(data)
}

// setMetadata serves METADATA.
func (d *Dispatcher) setMetadata(t *task) error {
	tx, err := d.takeTransaction(t)
	if err != nil {
		return err
	}
	return t.giveMetadata(tx)
}

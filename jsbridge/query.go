package jsbridge

import (
	"context"
	"errors"
	"runtime"
	"time"

	"github.com/pocketgraph/pocketgraph/cypher"
	"github.com/pocketgraph/pocketgraph/graph"
)

// query serves QUERY: HEAD, ROWS, and the summary for DONE.
func (d *Dispatcher) query(t *task) (*graph.Map, error) {
	params := t.r.params()
	var files cypher.Importer
	if t.r.Files {
		files = &clientFile{d: d, t: t}
	}
	if t.r.Tx == 0 {
		ctx, err := t.context()
		if err != nil {
			return nil, err
		}
		result, err := t.data.Query(ctx, &t.r.Origin, t.keep, t.r.Text, params, files, func(result Result, err error) { d.committed(t, result, err) })
		if err != nil {
			return nil, err
		}
		if result == nil {
			return nil, errLater
		}
		defer result.Close()
		return d.sendRows(t, result)
	}
	tx, err := d.takeTransaction(t)
	if err != nil {
		return nil, err
	}
	stop := d.tie(t, tx)
	err = t.giveMetadata(tx)
	var kept [][]byte
	var done *graph.Map
	if err == nil {
		kept, done, err = d.runInside(t, tx, params, files)
	}
	stop()
	if err != nil {
		d.failInside(tx)
		return nil, err
	}
	return done, d.sendKept(t, kept)
}

// errLater says that a task will be ended by committed.
var errLater = errors.New("the outcome comes later")

// committed ends a task whose write is decided, on the goroutine that flushed.
// Only a stream may have to wait, and gets a goroutine for that.
func (d *Dispatcher) committed(t *task, result Result, err error) {
	if err == nil && t.credited != nil {
		go d.endCommitted(t, result)
		return
	}
	if err != nil {
		d.end(t, nil, err)
		return
	}
	d.endCommitted(t, result)
}

func (d *Dispatcher) endCommitted(t *task, result Result) {
	defer d.survive()
	defer result.Close()
	d.mu.Lock()
	t.why = nil // a cancellation came too late: it happened, and that is the answer
	t.enough = t.enough || t.life.Err() != nil
	d.mu.Unlock()
	answer, err := d.sendRows(t, result)
	d.end(t, answer, err)
}

// encoders are reused: their tables have grown to what results need.
var encoders = make(chan *batchEncoder, 8)

func takeEncoder() *batchEncoder {
	select {
	case e := <-encoders:
		return e
	default:
		return newBatchEncoder()
	}
}

func giveEncoder(e *batchEncoder) {
	select {
	case encoders <- e:
	default:
	}
}

// rowFrames makes ROWS frames of a result.
type rowFrames struct {
	result  Result
	columns [][]graph.Value
	first   int // of the rows that are left
	count   int
	lately  room
	err     error // that next will return
}

// more takes the next rows from the result when there are none left.
func (r *rowFrames) more() (bool, error) {
	if r.err == nil && r.first == r.count {
		r.first = 0
		r.count, r.columns, r.err = r.result.Next()
	}
	return r.err == nil && r.count > 0, r.err
}

// append appends a frame of what there is; see more.
func (r *rowFrames) append(b []byte, h header) ([]byte, error) {
	e := takeEncoder()
	defer giveEncoder(e)
	b, n, err := e.appendSome(b, h, r.result.Reader(), r.columns, r.first, r.count, &r.lately)
	r.first += n
	return b, err
}

// next appends the next frame, or nothing at the end.
func (r *rowFrames) next(b []byte, h header) ([]byte, error) {
	if more, err := r.more(); !more {
		return b, err
	}
	return r.append(b, h)
}

// sendRows sends a result's rows as they are computed, those first that were
// encoded already.
func (d *Dispatcher) sendRows(t *task, result Result) (*graph.Map, error) {
	rows := t.rows
	if rows == nil {
		rows = &rowFrames{result: result}
		d.send(t, func(b []byte) ([]byte, error) { return appendHead(b, t.header(), result.Columns()), nil })
	} else if err := d.sendAll(t, t.kept); err != nil {
		return nil, err
	}
	for {
		more, err := rows.more()
		if !more {
			return result.Summary(), err
		}
		enough, err := d.awaitCredit(t)
		if err != nil {
			return nil, err
		}
		if enough {
			return result.Summary(), nil
		}
		if err = d.send(t, func(b []byte) ([]byte, error) { return rows.append(b, t.header()) }); err != nil {
			return nil, err
		}
	}
}

// send puts a frame into the outbox, unless the task was ended.
func (d *Dispatcher) send(t *task, frame func([]byte) ([]byte, error)) error {
	d.mu.Lock()
	if t.ended || t.why != nil {
		d.mu.Unlock()
		return context.Canceled
	}
	before := len(d.out.buf)
	out, err := frame(d.out.buf)
	if err == nil {
		d.out.buf = out
		d.events++
		d.out.charged += len(out) - before
		d.scheduleDelivery()
	}
	collect := d.out.charged > AnswerBuffer
	if collect {
		d.out.charged = 0
	}
	d.mu.Unlock()
	if collect {
		runtime.Gosched()
	}
	return err
}

// takeCredit takes leave for another ROWS, where there is any and none was
// enough. The caller holds mu.
func (t *task) takeCredit() (enough, has bool) {
	enough, has = t.enough, t.credit > 0
	if has && !enough {
		t.credit--
	}
	return enough, has
}

// awaitCredit waits until another ROWS may be sent, or none is wanted.
func (d *Dispatcher) awaitCredit(t *task) (enough bool, err error) {
	if t.credited == nil {
		return false, nil
	}
	var idle *time.Timer
	for {
		d.mu.Lock()
		enough, has := t.takeCredit()
		d.mu.Unlock()
		if enough || has {
			if idle != nil {
				idle.Stop()
			}
			return enough, nil
		}
		if idle == nil {
			idle = time.NewTimer(StreamIdle)
		}
		select {
		case <-t.credited:
		case <-t.life.Done():
			idle.Stop()
			return false, t.life.Err()
		case <-idle.C:
			return false, &Failure{Code: codeTimeout, Message: "nobody has asked for more rows in " + number(uint32(StreamIdle/time.Second)) + " s"}
		}
	}
}

// runInside runs a statement in a transaction to its end and keeps the frames:
// what comes later in the transaction must not change them.
func (d *Dispatcher) runInside(t *task, tx *transaction, params map[string]graph.Value, files cypher.Importer) ([][]byte, *graph.Map, error) {
	result, err := tx.Query(t.r.Text, params, files)
	if err != nil {
		return nil, nil, err
	}
	defer result.Close()
	return d.keepRows(t, result, [][]byte{appendHead(nil, t.header(), result.Columns())})
}

// keepRows takes all rows of a result as frames.
func (d *Dispatcher) keepRows(t *task, result Result, kept [][]byte) ([][]byte, *graph.Map, error) {
	rows := &rowFrames{result: result}
	size := 0
	for {
		frame, err := rows.next(nil, t.header())
		if err != nil {
			return nil, nil, err
		}
		if frame == nil {
			return kept, result.Summary(), nil
		}
		kept = append(kept, frame)
		if size += len(frame); size > MaxRequest {
			return nil, nil, &Failure{Code: codeLimit, Message: "the result is too large for an interactive transaction or a live query", Hint: "Run it as a query of its own, or ask for less."}
		}
		d.Yield()
	}
}

func (d *Dispatcher) sendKept(t *task, kept [][]byte) error {
	for i, frame := range kept {
		if i > 0 {
			if enough, err := d.awaitCredit(t); err != nil || enough {
				return err
			}
		}
		if err := d.sendAll(t, frame); err != nil {
			return err
		}
	}
	return nil
}

// sendAll sends frames as they are.
func (d *Dispatcher) sendAll(t *task, frames []byte) error {
	return d.send(t, func(b []byte) ([]byte, error) { return append(b, frames...), nil })
}

// failInside notes that a statement failed: that ends a writing transaction.
func (d *Dispatcher) failInside(tx *transaction) {
	d.mu.Lock()
	defer d.mu.Unlock()
	tx.failed = tx.failed || tx.Writer() != nil
}

// create serves CREATE_NODE and CREATE_RELATIONSHIP.
func (d *Dispatcher) create(t *task) (*graph.Map, error) {
	if t.r.Tx != 0 {
		tx, err := d.takeTransaction(t)
		if err != nil {
			return nil, err
		}
		frames, err := d.createIn(t, tx)
		if err != nil {
			d.failInside(tx)
			return nil, err
		}
		return created(t, 0), d.sendAll(t, frames)
	}
	tx, err := t.db.Begin(&t.life, true, &t.r.Origin)
	if err != nil {
		return nil, err
	}
	frames, err := d.createIn(t, tx)
	if err != nil {
		tx.Rollback()
		return nil, err
	}
	done, err := tx.Commit(&t.r.Origin, keptSummary(created(t, 0)), frames)
	if err != nil {
		return nil, err
	}
	sequence := int64(0)
	if v, ok := done.Get("sequence"); ok {
		sequence = v.AsInt()
	}
	return created(t, sequence), d.sendAll(t, frames)
}

// created is the summary of one element made.
func created(t *task, sequence int64) *graph.Map {
	elements := "nodesCreated"
	if t.r.Op == OpCreateRelationship {
		elements = "relationshipsCreated"
	}
	counters := []graph.Entry{{Key: "containsUpdates", Value: graph.Bool(true)}, {Key: elements, Value: graph.Int(1)}}
	if n := len(t.r.Labels); n > 0 {
		counters = append(counters, graph.Entry{Key: "labelsAdded", Value: graph.Int(int64(n))})
	}
	if n := len(t.r.Entries); n > 0 {
		counters = append(counters, graph.Entry{Key: "propertiesSet", Value: graph.Int(int64(n))})
	}
	entries := []graph.Entry{{Key: "counters", Value: graph.MapValue(graph.NewMap(counters))}, {Key: "writes", Value: graph.Bool(true)}}
	if sequence > 0 {
		entries = append(entries, graph.Entry{Key: "sequence", Value: graph.Int(sequence)})
	}
	return graph.NewMap(entries)
}

// createIn makes the element and its HEAD and ROWS, which are sent when it is
// certain that the element stays.
func (d *Dispatcher) createIn(t *task, tx Transaction) ([]byte, error) {
	w := tx.Writer()
	if w == nil {
		return nil, &Failure{Code: "READ_ONLY", Message: "the transaction only reads"}
	}
	properties := make([]graph.Property, 0, len(t.r.Entries))
	for _, e := range t.r.Entries {
		key, err := w.Key(e.Key)
		if err != nil {
			return nil, err
		}
		properties = append(properties, graph.Property{Key: key, Value: e.Value})
	}
	name, v := "node", graph.Null
	var err error
	if t.r.Op == OpCreateNode {
		v, err = createNode(w, t.r, properties)
	} else {
		name = "relationship"
		v, err = createRelationship(w, t.r, properties)
	}
	if err != nil {
		return nil, err
	}
	e := takeEncoder()
	defer giveEncoder(e)
	frames, _, err := e.appendSome(appendHead(nil, t.header(), []string{name}), t.header(), w, [][]graph.Value{{v}}, 0, 1, new(room))
	return frames, err
}

func createNode(w graph.Writer, r *Request, properties []graph.Property) (graph.Value, error) {
	labels := make([]graph.LabelID, 0, len(r.Labels))
	for _, name := range r.Labels {
		if name == "" {
			return graph.Null, invalid("a label needs a name")
		}
		l, err := w.Label(name)
		if err != nil {
			return graph.Null, err
		}
		labels = append(labels, l)
	}
	n, err := w.CreateNode(labels, properties)
	return graph.NodeValue(n), err
}

func createRelationship(w graph.Writer, r *Request, properties []graph.Property) (graph.Value, error) {
	start, found := w.NodeByID(graph.ID(r.Start))
	end, foundEnd := w.NodeByID(graph.ID(r.End))
	switch {
	case r.Type == "":
		return graph.Null, invalid("a relationship needs a type")
	case !found:
		return graph.Null, &Failure{Code: codeNotFound, Message: "there is no node " + decimalText(r.Start)}
	case !foundEnd:
		return graph.Null, &Failure{Code: codeNotFound, Message: "there is no node " + decimalText(r.End)}
	}
	typ, err := w.Type(r.Type)
	if err != nil {
		return graph.Null, err
	}
	rel, err := w.CreateRel(start, end, typ, properties)
	return graph.RelValue(rel), err
}

package jsbridge

import (
	"context"
	"time"

	"github.com/pocketgraph/pocketgraph/graph"
)

// transaction is an interactive transaction: it lives across requests, which
// take turns in the order in which they came. The dispatcher's mu guards it;
// the Transaction itself belongs to whose turn it is.
type transaction struct {
	Transaction
	id      uint32
	writes  bool
	client  *client
	db      *database
	cancel  context.CancelFunc // ends statements that run in it
	last    chan struct{}      // closed when the last turn given out is over
	turns   int                // given out and not over
	running *task
	ended   bool
	expired bool
	failed  bool     // a statement of a writing transaction did, and ended it
	made    []uint32 // nodes, by BULK, in order
	watch   watch
	look    *time.Timer
	looks   int // since its last turn was over
	life    *time.Timer
}

// beginTransaction serves BEGIN.
func (d *Dispatcher) beginTransaction(t *task) (*graph.Map, error) {
	d.mu.Lock()
	full := len(t.db.transactions) >= MaxTransactions
	d.mu.Unlock()
	if full {
		return nil, &Failure{Code: codeLimit, Message: "too many transactions are open", Hint: "Commit or roll back some of them."}
	}
	// The transaction outlives its BEGIN, whose time-out and cancelling must
	// end the waiting only.
	ctx, cancel := context.WithCancel(context.Background())
	stop := context.AfterFunc(&t.life, cancel)
	inner, err := t.data.Begin(ctx, t.r.Write, nil)
	if !stop() && err == nil {
		inner.Rollback()
		err = t.life.Err()
	}
	if err != nil {
		cancel()
		return nil, err
	}
	return d.enterTransaction(t, inner, cancel)
}

func (d *Dispatcher) enterTransaction(t *task, inner Transaction, cancel context.CancelFunc) (*graph.Map, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lastTx++
	tx := &transaction{Transaction: inner, id: d.lastTx, writes: t.r.Write, client: t.client, db: t.db, cancel: cancel, watch: t.watch}
	tx.look = time.AfterFunc(TxLook, func() { d.look(tx) })
	tx.life = time.AfterFunc(TxLife, func() { d.expire(tx) })
	t.db.transactions[tx.id] = tx
	return summary(graph.Entry{Key: "transaction", Value: graph.Int(int64(tx.id))}), nil
}

// joinTransaction takes a turn for the task. mu is held.
func (d *Dispatcher) joinTransaction(t *task) *Failure {
	if t.db == nil {
		return nil
	}
	tx := t.db.transactions[t.r.Tx]
	if tx == nil || tx.client != t.client {
		return t.db.lostTransaction(t.r)
	}
	t.tx, t.turn = tx, tx.last
	t.over = make(chan struct{})
	tx.last = t.over
	tx.turns++
	return nil
}

// lostTransaction says why there is no such transaction.
func (db *database) lostTransaction(r *Request) *Failure {
	for _, id := range db.expired {
		if id == r.Tx {
			return expiredFailure
		}
	}
	if r.Op == OpRollback {
		return nil // it has gone, as it should
	}
	return &Failure{Code: codeClosed, Message: "the transaction has ended"}
}

var expiredFailure = &Failure{Code: codeTxExpired, Message: "the transaction was rolled back: it was idle for 5 s or open for 60 s, or its page did not answer while others waited",
	Hint: "Do no waiting for other things inside a transaction."}

// takeTransaction makes the task the running one of its transaction.
func (d *Dispatcher) takeTransaction(t *task) (*transaction, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	tx := t.tx
	switch {
	case tx == nil || tx.ended && !tx.expired:
		return nil, &Failure{Code: codeClosed, Message: "the transaction has ended"}
	case tx.expired:
		return nil, expiredFailure
	case t.why != nil:
		return nil, t.why
	}
	tx.running = t
	if t.r.Op == OpCommit || t.r.Op == OpRollback {
		d.forgetTransaction(tx) // at once: from here on it cannot expire
	}
	return tx, nil
}

// leaveTransaction passes the turn on.
func (d *Dispatcher) leaveTransaction(t *task) {
	d.mu.Lock()
	defer d.mu.Unlock()
	tx := t.tx
	if tx.running == t {
		tx.running = nil
	}
	tx.turns--
	t.passTurn()
	if tx.turns == 0 && !tx.ended {
		tx.looks = 0
		tx.look.Reset(TxLook)
	}
	if tx.expired || tx.failed {
		d.drop(tx)
	}
}

// passTurn lets the next one go on; if the task gave up before its own turn
// came, then only after the one before.
func (t *task) passTurn() {
	if t.turn != nil {
		select {
		case <-t.turn:
		default:
			go func() { <-t.turn; close(t.over) }()
			return
		}
	}
	close(t.over)
}

// look comes every TxLook while a transaction is open. It ends one that is idle
// for TxIdle, and one that keeps others waiting whose client is not there.
func (d *Dispatcher) look(tx *transaction) {
	d.mu.Lock()
	tx.looks++
	idle := tx.turns == 0 && tx.looks >= int(TxIdle/TxLook)
	over := tx.ended || idle || tx.writes && d.lost(tx.db, tx.client, &tx.watch)
	if !over {
		tx.look.Reset(TxLook)
	}
	d.mu.Unlock()
	if over {
		d.expire(tx)
	}
}

// A watch counts for one that has the writer's place, or waits for it, how often
// its client was asked for a sign of life since the last one. Each counts for
// itself: a client of many questions or transactions is asked by each of them.
type watch struct {
	signs uint64
	asked int
}

// lost asks a client that has the writer's place for a sign of life if others
// wait for it, and tells whether it has given none since it was asked TxLooks
// times: turns of the event loop, not the time, so that an engine that was busy
// itself blames nobody. Any frame is a sign. mu is held.
func (d *Dispatcher) lost(db *database, c *client, w *watch) bool {
	if len(d.clients) < 2 {
		return false
	}
	waiting := false
	for o := range db.tasks {
		if o.client == c || o.tx != nil {
			continue
		}
		begins := o.r.Op == OpBegin && o.r.Write
		if begins { // it will have the place, and may have gone too
			d.askWhether(o.client, &o.watch)
		}
		waiting = waiting || begins || o.writes
	}
	return waiting && d.askWhether(c, w)
}

// askWhether sends THERE, and tells whether that was in vain so often. mu is held.
func (d *Dispatcher) askWhether(c *client, w *watch) (inVain bool) {
	if w.signs != c.signs {
		*w = watch{signs: c.signs}
	}
	w.asked++
	b, start := beginFrame(d.out.buf, byte(AnswerThere), header{client: c.number})
	d.out.buf = endFrame(b, start)
	d.events++
	d.scheduleDelivery()
	return w.asked > TxLooks
}

// expire ends a transaction whose time is up.
func (d *Dispatcher) expire(tx *transaction) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if tx.ended {
		return
	}
	tx.expired = true
	tx.db.expired = append(tx.db.expired, tx.id)
	if n := len(tx.db.expired) - MaxTransactions; n > 0 {
		tx.db.expired = append(tx.db.expired[:0], tx.db.expired[n:]...)
	}
	if tx.running != nil {
		tx.running.end(expiredFailure) // leaveTransaction drops it
		return
	}
	d.drop(tx)
}

// drop rolls a transaction back that no statement runs in. mu is held, and
// rolling back may have to wait for something, so that is done elsewhere.
func (d *Dispatcher) drop(tx *transaction) {
	if tx.ended {
		return
	}
	d.forgetTransaction(tx)
	go func() {
		tx.Rollback()
		tx.cancel()
	}()
}

// forgetTransaction takes a transaction out of the tables. mu is held.
func (d *Dispatcher) forgetTransaction(tx *transaction) {
	tx.ended = true
	tx.look.Stop()
	tx.life.Stop()
	delete(tx.db.transactions, tx.id)
}

// endTransaction serves COMMIT and ROLLBACK.
func (d *Dispatcher) endTransaction(t *task) (*graph.Map, error) {
	if t.tx == nil && t.r.Op == OpRollback {
		return nil, nil
	}
	if t.tx == nil && t.r.Origin.Named() {
		// Its owner has gone, and so has the transaction, unless it was committed.
		tx, err := t.db.Begin(&t.life, true, &t.r.Origin)
		if err != nil {
			return nil, err
		}
		tx.Rollback()
		return nil, &Failure{Code: codeOwnerChanged, Message: "the transaction was not committed: the tab that ran it has gone"}
	}
	tx, err := d.takeTransaction(t)
	if err != nil {
		if t.r.Op == OpRollback {
			return nil, nil
		}
		return nil, err
	}
	defer tx.cancel()
	if t.r.Op == OpRollback {
		tx.Rollback()
		return nil, nil
	}
	return tx.Commit(&t.r.Origin, keptSummary(summary(truth("writes", tx.Writer() != nil))), nil)
}

// tie makes the end of a task's time the end of its transaction: a statement
// has the transaction's context, and one that is broken off leaves a writing
// transaction in no state to go on. stop unties them.
func (d *Dispatcher) tie(t *task, tx *transaction) (stop func() bool) {
	return context.AfterFunc(&t.life, func() {
		d.mu.Lock()
		tx.failed = true
		d.mu.Unlock()
		tx.cancel()
	})
}

package jsbridge

import (
	"context"
	"errors"
	"time"

	"github.com/pocketgraph/pocketgraph/graph"
)

// task is a request that has been admitted and has not answered.
type task struct {
	r      *Request
	db     *database // nil where none is meant
	data   Database  // db as the client sees it
	client *client
	life   lifetime

	writes bool          // it commits a write
	watch  watch         // of a BEGIN that others wait behind
	after  []*task       // writes of the same client that must answer first
	tx     *transaction  // that it belongs to
	turn   chan struct{} // closed when the turn before its own is over; nil if it is the first
	over   chan struct{} // closed when its own is

	kept []byte     // frames of a named write, encoded before its commit
	rows *rowFrames // where they came from

	// guarded by the dispatcher's mu
	done     chan struct{} // closed when it has answered; nil until somebody waits for that
	ended    bool
	why      *Failure      // why it was cancelled
	credit   int64         // ROWS frames it may send; negative: any number
	enough   bool          // the stream is to end
	credited chan struct{} // signalled when credit or enough changed
	parked   bool          // a subscription with nothing to say: see park
}

func (t *task) header() header { return t.r.header() }

// enter makes the task of an admitted request. mu is held.
func (d *Dispatcher) enter(r *Request, c *client, db *database, writes bool) (*task, *Failure) {
	t := &task{r: r, db: db, client: c, writes: writes, credit: -1}
	if r.Op == OpChanges || r.Op == OpLive || (r.Op == OpQuery || r.Op == OpExport) && r.Credit > 0 {
		t.credit, t.credited = int64(r.Credit), make(chan struct{}, 1)
	}
	if r.Tx != 0 {
		if fail := d.joinTransaction(t); fail != nil {
			return nil, fail
		}
	}
	if r.Timeout > 0 {
		t.life.endAfter(time.Duration(r.Timeout) * time.Millisecond)
	}
	d.tasks[taskKey{r.Client, r.ID}] = t
	d.events++
	d.admitted++
	d.timers = d.timers || r.Tx != 0 || r.Timeout > 0 || r.Op != OpQuery && r.Op != OpPing
	if db != nil {
		t.data = db.of(c)
		db.tasks[t] = struct{}{}
		d.orderBehindWrites(t)
	}
	return t, nil
}

// orderBehindWrites makes what reads wait for the writes that the same client
// sent before it, so that a page sees its own writes without awaiting them.
// Writes do not wait: they share a flush.
func (d *Dispatcher) orderBehindWrites(t *task) {
	if t.writes {
		t.client.writes = append(t.client.writes, t)
		return
	}
	switch t.r.Op {
	case OpQuery, OpBegin, OpSnapshot, OpCheck, OpStats, OpChanges, OpLive, OpExport:
	default:
		return
	}
	for _, w := range t.client.writes {
		if w.db == t.db && t.r.Tx == 0 {
			if w.done == nil {
				w.done = make(chan struct{})
			}
			t.after = append(t.after, w)
		}
	}
}

// commits tells whether a request commits a write when it succeeds.
func commits(r *Request, db Database) bool {
	switch r.Op {
	case OpQuery:
		return r.Tx == 0 && db != nil && db.Writes(r.Text)
	case OpCreateNode, OpCreateRelationship:
		return r.Tx == 0
	case OpCommit:
		return true
	}
	return false
}

// run serves the task.
func (d *Dispatcher) run(t *task) {
	defer d.survive()
	answer, err := d.serve(t)
	if t.tx != nil {
		d.leaveTransaction(t)
	}
	if err != errLater {
		d.end(t, answer, err)
	}
}

// survive stops the engine after a panic: what it left behind cannot be
// trusted. It is to be deferred.
func (d *Dispatcher) survive() {
	if p := recover(); p != nil {
		d.die(panicText(p))
	}
}

// end gives a task its answer.
func (d *Dispatcher) end(t *task, answer *graph.Map, err error) {
	defer t.life.end(context.Canceled)
	if err != nil && t.r.Origin.Named() {
		answer, err = d.repeat(t, err)
	}
	if err != nil {
		d.endWithError(t, err)
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.finish(t, func(b []byte) []byte {
		out, err := appendMapAnswer(b, AnswerDone, t.header(), answer)
		if err != nil {
			return appendError(b, t.header(), d.failure(err))
		}
		return out
	})
}

func panicText(p any) string {
	switch p := p.(type) {
	case error:
		return p.Error()
	case string:
		return p
	}
	return "a panic"
}

// serve waits for its turn and does what is asked.
func (d *Dispatcher) serve(t *task) (*graph.Map, error) {
	for _, w := range t.after {
		if err := t.await(w.done); err != nil {
			return nil, err
		}
	}
	if t.turn != nil {
		if err := t.await(t.turn); err != nil {
			return nil, err
		}
	}
	return d.perform(t)
}

// await waits for ch or the end of the task's time.
func (t *task) await(ch <-chan struct{}) error {
	select {
	case <-ch:
		return nil
	default:
	}
	select {
	case <-ch:
		return nil
	case <-t.life.Done():
		return t.life.Err()
	}
}

// end cancels the task for a reason. mu is held.
func (t *task) end(why *Failure) {
	if t.why == nil {
		t.why = why
	}
	t.life.end(context.Canceled)
}

// more gives credit; 0 says that no more rows are wanted. mu is held.
func (t *task) more(credit uint32) {
	if t.credited == nil {
		return
	}
	if credit == 0 {
		t.enough = true
	}
	t.credit += int64(credit)
	select {
	case t.credited <- struct{}{}:
	default:
	}
}

// endWithError answers with an error. One that only says "cancelled" gives way
// to the reason why; one that says more about a write's outcome stays.
func (d *Dispatcher) endWithError(t *task, err error) {
	f := d.failure(err)
	timedOut := errors.Is(t.life.Err(), context.DeadlineExceeded)
	d.mu.Lock()
	defer d.mu.Unlock()
	if f.Code == codeCancelled || f.Code == codeTimeout {
		switch {
		case t.why != nil:
			f = t.why
		case timedOut:
			f = &Failure{Code: codeTimeout, Message: "the request took longer than its time-out of " + number(t.r.Timeout) + " ms"}
		}
	}
	d.finish(t, func(b []byte) []byte { return appendError(b, t.header(), f) })
}

// finish gives a task its one last answer and forgets it. mu is held.
func (d *Dispatcher) finish(t *task, answer func([]byte) []byte) {
	if t.ended {
		return
	}
	t.ended = true
	d.events++
	d.out.buf = answer(d.out.buf)
	if t.done != nil {
		close(t.done)
	}
	delete(d.tasks, taskKey{t.r.Client, t.r.ID})
	d.setParked(t, false)
	t.client.forget(t)
	if t.db != nil {
		delete(t.db.tasks, t)
		t.db.quiet.Broadcast()
	}
	d.scheduleDelivery()
}

func (c *client) forget(t *task) {
	for i, w := range c.writes {
		if w == t {
			c.writes = append(c.writes[:i], c.writes[i+1:]...)
			return
		}
	}
}

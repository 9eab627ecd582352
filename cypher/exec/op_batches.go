package exec

import (
	"errors"

	"github.com/pocketgraph/pocketgraph/cypher/plan"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// batches is an Apply whose work is committed after every so many rows of its
// input. What a batch gives goes on only when the batch is committed.
type batches struct {
	run    *Run
	p      *plan.Apply
	in     operator
	sub    operator
	inside []*eager // of sub
	rows   *expr    // or nil

	size   int
	input  *batch // and the row to come
	at     int
	arg    *batch
	slots  []plan.Slot // of an output row
	ready  [][]graph.Value
	taken  int
	out    *batch
	broken bool // ON ERROR BREAK: nothing more is done
	number int  // of the batch
	done   int  // rows committed
}

func (c *compiler) applyInBatches(p *plan.Apply, in factory) factory {
	inner := c.op(p.Inner)
	var rows *expr
	if p.Batches.Rows != nil {
		rows = c.expr(p.Batches.Rows)
	}
	return func(r *Run) operator {
		n := len(r.program.Plan.Kinds)
		o := &batches{run: r, p: p, in: in(r), rows: rows, arg: newBatch(n), out: newBatch(n)}
		before := len(r.eagers)
		o.sub = inner(r)
		o.inside = r.eagers[before:len(r.eagers):len(r.eagers)]
		return o
	}
}

func (o *batches) reset(arg *batch) {
	o.in.reset(arg)
	o.slots = append(append(o.slots[:0], o.p.Keep...), o.p.New...)
	if o.p.Batches.Status >= 0 {
		o.slots = append(o.slots, o.p.Batches.Status)
	}
	o.input, o.at, o.ready, o.taken, o.broken, o.number, o.done = nil, 0, nil, 0, false, 0, 0
	o.size = plan.DefaultBatch
	if o.rows != nil {
		o.size = int(o.run.rowCount(o.rows, o.p.Batches.At))
	}
	switch {
	case o.size == 0:
		o.run.fail("ArgumentError", "NumberOutOfRange", "a transaction takes at least one row", o.p.Batches.At)
	case o.run.rt.Next == nil && o.run.rt.Writer != nil && o.run.err == nil:
		o.run.err = &Error{Code: "TransactionError", Detail: "InsideTransaction", At: o.p.Batches.At,
			Message: "CALL IN TRANSACTIONS cannot stand in a transaction of your own", Hint: "run the statement by itself"}
	}
}

// more moves to the next row of the input; false at its end.
func (o *batches) more() bool {
	for o.run.err == nil {
		if o.input != nil && o.at+1 < o.input.n {
			o.at++
			return true
		}
		if o.input, o.at = o.in.next(), -1; o.input == nil {
			return false
		}
	}
	return false
}

func (o *batches) next() *batch {
	for o.taken == len(o.ready) {
		o.run.buffer(-len(o.ready))
		o.ready, o.taken = o.ready[:0], 0
		if !o.fill() || o.run.err != nil {
			return nil
		}
	}
	n := min(len(o.ready)-o.taken, BatchSize)
	o.out.grow(o.run.program.Plan.Kinds, o.slots, n)
	for i, row := range o.ready[o.taken : o.taken+n] {
		for k, s := range o.slots {
			o.out.cols[s].set(i, row[k])
		}
	}
	o.out.n = n
	o.taken += n
	return o.out
}

// fill does one batch; false when the input is at its end.
func (o *batches) fill() bool {
	r := o.run
	counters, buffered, deleted := r.counters, r.buffered, r.deleted
	var input [][]graph.Value // the kept part of each row
	for len(input) < o.size && o.more() {
		row := make([]graph.Value, len(o.slots))
		for k, s := range o.p.Keep {
			if o.input.cols[s].has() {
				row[k] = o.input.cols[s].value(o.at)
			}
		}
		input = append(input, row)
		if !o.broken && r.err == nil {
			o.one(row)
			if r.err != nil {
				break
			}
		}
	}
	if len(input) == 0 {
		return false
	}
	if o.broken {
		o.instead(input, false, "")
		return true
	}
	o.number++
	r.executed()
	failed := r.err
	if failed == nil {
		o.finish(true)
		o.done += len(input)
		o.status(o.ready, true, "")
		return true
	}
	var own *Error
	isOwn := errors.As(failed, &own)
	if !isOwn || own.Code == "LimitError" || o.p.Batches.OnError == syntax.OnErrorFail {
		if isOwn && own.Hint == "" && o.done > 0 {
			own.Hint = itoa(o.done) + " rows before were committed and stay"
		}
		return true
	}
	r.err, r.counters, r.buffered, r.deleted, r.condemned = nil, counters, buffered, deleted, condemned{}
	r.deep.Reset()
	o.ready = o.ready[:0]
	o.finish(false)
	o.broken = o.p.Batches.OnError == syntax.OnErrorBreak
	for len(input) < o.size && o.more() { // the rest of the batch that failed
		row := make([]graph.Value, len(o.slots))
		for k, s := range o.p.Keep {
			if o.input.cols[s].has() {
				row[k] = o.input.cols[s].value(o.at)
			}
		}
		input = append(input, row)
	}
	o.instead(input, true, own.Message)
	return true
}

// one runs the subquery on a row.
func (o *batches) one(kept []graph.Value) {
	oneRow(o.arg, o.input, o.at)
	o.sub.reset(o.arg)
	found := false
	add := func() []graph.Value {
		row := append([]graph.Value(nil), kept...)
		o.ready = append(o.ready, row)
		o.run.buffer(1)
		found = true
		return row
	}
	for b := o.sub.next(); b != nil; b = o.sub.next() {
		for i := 0; i < b.n && !o.p.Unit; i++ {
			row := add()
			for k, s := range o.p.New {
				row[len(o.p.Keep)+k] = b.cols[s].value(i)
			}
		}
	}
	o.run.fill(o.inside)
	if o.p.Unit || !found && o.p.Optional {
		add()
	}
}

// finish commits the batch or drops it, and goes on in the next transaction.
func (o *batches) finish(commit bool) {
	r := o.run
	if r.rt.Writer == nil {
		return
	}
	w, err := r.rt.Next(commit)
	if err != nil {
		if r.err == nil {
			r.err = err
		}
		return
	}
	r.rt.Writer, r.reader = w, w
	if !commit { // names that the batch brought are gone
		clear(r.keys)
		clear(r.labels)
		clear(r.types)
	}
}

// instead gives the rows of a batch that was not committed, without results.
func (o *batches) instead(input [][]graph.Value, started bool, message string) {
	o.run.buffer(len(input) - len(o.ready))
	o.ready = append(o.ready[:0], input...)
	if !started {
		o.statusOf(o.ready, false, false, message)
		return
	}
	o.status(o.ready, false, message)
}

func (o *batches) status(rows [][]graph.Value, committed bool, message string) {
	o.statusOf(rows, true, committed, message)
}

// statusOf fills in the column of REPORT STATUS.
func (o *batches) statusOf(rows [][]graph.Value, started, committed bool, message string) {
	if o.p.Batches.Status < 0 {
		return
	}
	text, id := graph.Null, graph.Null
	if message != "" {
		text = graph.String(message)
	}
	if started {
		id = graph.String("batch-" + itoa(o.number))
	}
	m := graph.MapValue(graph.NewMap([]graph.Entry{{Key: "started", Value: graph.Bool(started)}, {Key: "committed", Value: graph.Bool(committed)},
		{Key: "transactionId", Value: id}, {Key: "errorMessage", Value: text}}))
	for _, row := range rows {
		row[len(o.slots)-1] = m
	}
}

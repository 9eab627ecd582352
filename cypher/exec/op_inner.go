package exec

import (
	"github.com/pocketgraph/pocketgraph/cypher/plan"
	"github.com/pocketgraph/pocketgraph/graph"
)

// optional runs a plan on each batch of its input. The plan keeps the order of
// the rows, so a gap in the row numbers that come out is a row without result.
type optional struct {
	run   *Run
	in    operator
	inner operator
	p     *plan.Optional

	b     *batch // input
	arg   *batch // input with row numbers
	from  int    // first input row that was not answered yet
	found *batch // what inner gave
	at    int    // its next row
	out   *batch
}

func (c *compiler) optional(p *plan.Optional, in factory) factory {
	inner := c.op(p.Inner)
	return func(r *Run) operator {
		n := len(r.program.Plan.Kinds)
		return &optional{run: r, in: in(r), inner: inner(r), p: p, arg: newBatch(n), out: newBatch(n)}
	}
}

func (o *optional) reset(arg *batch) {
	o.in.reset(arg)
	o.b, o.found = nil, nil
}

func (o *optional) next() *batch {
	for o.run.err == nil {
		if o.b == nil {
			if o.b = o.in.next(); o.b == nil {
				return nil
			}
			o.begin()
		}
		if o.found == nil {
			o.found, o.at = o.inner.next(), 0
		}
		if o.run.err != nil {
			return nil
		}
		if b := o.emit(); b != nil {
			return b
		}
	}
	return nil
}

func (o *optional) begin() {
	row := &o.arg.cols[o.p.Row]
	o.arg.extend(o.b, []plan.Slot{o.p.Row}, o.run.program.Plan.Kinds)
	for i := 0; i < o.b.n; i++ {
		row.values[i] = graph.Int(int64(i))
	}
	o.arg.shared = true
	o.from, o.found = 0, nil
	o.inner.reset(o.arg)
}

// emit gives a batch of results and of rows without one, or nil when there is
// nothing left of this input batch or of what inner gave.
func (o *optional) emit() *batch {
	kinds := o.run.program.Plan.Kinds
	o.out.grow(kinds, o.p.Keep, BatchSize)
	o.out.grow(kinds, o.p.New, BatchSize)
	n := 0
	for n < BatchSize {
		until := o.b.n
		if o.found != nil {
			if o.at >= o.found.n {
				o.found = nil
				break
			}
			until = int(o.found.cols[o.p.Row].values[o.at].AsInt())
		}
		if o.from < until {
			o.empty(n)
			n++
			continue
		}
		if o.found == nil { // input answered
			o.b = nil
			break
		}
		o.copy(n, o.found, o.at)
		o.from = until + 1
		o.at++
		n++
	}
	if n == 0 {
		return nil
	}
	o.out.n = n
	o.run.tick(n)
	return o.out
}

// empty writes the next unanswered input row.
func (o *optional) empty(n int) {
	for _, s := range o.p.Keep {
		if o.b.cols[s].has() {
			o.out.cols[s].set(n, o.b.cols[s].value(o.from))
		}
	}
	for _, s := range o.p.New {
		o.out.cols[s].set(n, graph.Null)
	}
	o.from++
}

func (o *optional) copy(n int, src *batch, i int) {
	for _, s := range o.p.Keep {
		if src.cols[s].has() {
			o.out.cols[s].set(n, src.cols[s].value(i))
		}
	}
	for _, s := range o.p.New {
		if src.cols[s].has() {
			o.out.cols[s].set(n, src.cols[s].value(i))
		}
	}
}

// eager takes all rows before it gives one.
type eager struct {
	run    *Run
	in     operator
	store  rowStore
	begun  bool // reset in this run: one inside a subquery may never be
	filled bool
	at     int
}

func (c *compiler) eager(p *plan.Eager, in factory) factory {
	return func(r *Run) operator {
		e := &eager{run: r, in: in(r), store: rowStore{kinds: r.program.Plan.Kinds, slots: p.Keep}}
		r.eagers = append(r.eagers, e)
		return e
	}
}

func (e *eager) reset(arg *batch) {
	e.in.reset(arg)
	e.store.clear()
	e.begun, e.filled, e.at = true, false, 0
}

// fill takes the input, also when nobody asks for its rows: what is written
// below must happen.
func (e *eager) fill() {
	if e.filled || !e.begun {
		return
	}
	e.filled = true
	for b := e.in.next(); b != nil && e.run.err == nil; b = e.in.next() {
		e.store.add(b)
		e.run.buffer(b.n)
	}
}

func (e *eager) next() *batch {
	e.fill()
	if e.run.err != nil || e.at >= len(e.store.batches) {
		return nil
	}
	b := e.store.batches[e.at]
	e.run.buffer(-b.n)
	e.at++
	return b
}

// union gives the rows of one part after the other.
type union struct {
	run   *Run
	p     *plan.Union
	parts []operator
	at    int
	out   *batch
}

func (c *compiler) union(p *plan.Union) factory {
	parts := make([]factory, len(p.Parts))
	for i, part := range p.Parts {
		parts[i] = c.op(part.Root)
	}
	return func(r *Run) operator {
		u := &union{run: r, p: p, out: newBatch(len(r.program.Plan.Kinds))}
		for _, part := range parts {
			u.parts = append(u.parts, part(r))
		}
		return u
	}
}

func (u *union) reset(arg *batch) {
	u.at = 0
	for _, part := range u.parts {
		part.reset(arg)
	}
}

func (u *union) next() *batch {
	for u.at < len(u.parts) && u.run.err == nil {
		b := u.parts[u.at].next()
		if b == nil {
			u.at++
			continue
		}
		u.out.grow(u.run.program.Plan.Kinds, u.p.Slots, b.n)
		for i, s := range u.p.Slots {
			from := &b.cols[u.p.Parts[u.at].Results[i]]
			for row := 0; row < b.n; row++ {
				u.out.cols[s].set(row, from.value(row))
			}
		}
		u.out.n = b.n
		return u.out
	}
	return nil
}

// oneRow copies a row into a batch of its own, for a plan that is run on it.
func oneRow(dst, src *batch, i int) {
	dst.n, dst.shared = 1, true
	row := [1]int32{int32(i)}
	for s := range src.cols {
		if src.cols[s].has() {
			dst.cols[s].grow(src.cols[s].kind, 1)
			dst.cols[s].gather(0, &src.cols[s], row[:])
		}
	}
}

// apply runs a plan on each row.
func (c *compiler) apply(p *plan.Apply, in factory) factory {
	inner := c.op(p.Inner)
	return func(r *Run) operator {
		o := newRowOp(r, in, p.Keep, p.New)
		before := len(r.eagers)
		sub := inner(r)
		inside := r.eagers[before:len(r.eagers):len(r.eagers)]
		arg := newBatch(len(r.program.Plan.Kinds))
		var found *batch
		at, state := 0, 0 // state: 1 unit row to come, 2 nothing seen yet, 3 something seen
		o.begin = func(f *frame) {
			oneRow(arg, f.b, f.i)
			sub.reset(arg)
			found, at, state = nil, 0, 2
			if p.Unit {
				for sub.next() != nil {
				}
				r.fill(inside)
				state = 1
			}
		}
		o.more = func(out *batch, n int) bool {
			if p.Unit {
				ok := state == 1
				state = 0
				return ok
			}
			for found == nil || at >= found.n {
				if found, at = sub.next(), 0; found == nil {
					r.fill(inside)
					if state == 2 && p.Optional && r.err == nil {
						state = 3
						for _, s := range p.New {
							out.cols[s].set(n, graph.Null)
						}
						return true
					}
					return false
				}
			}
			state = 3
			for _, s := range p.New {
				out.cols[s].set(n, found.cols[s].value(at))
			}
			at++
			return true
		}
		return o
	}
}

// foreach runs a plan for each item of a list.
func (c *compiler) foreach(p *plan.Foreach, in factory) factory {
	list := c.loop(p.List, false)
	inner := c.op(p.Inner)
	return func(r *Run) operator {
		o := newMapOp(r, in)
		sub := inner(r)
		arg := newBatch(len(r.program.Plan.Kinds))
		o.do = func(f *frame, out *batch) {
			out.share(f.b)
			for f.i = 0; f.i < f.b.n && r.err == nil; f.i++ {
				in, _ := list(f)
				oneRow(arg, f.b, f.i)
				col := &arg.cols[p.Slot]
				col.grow(r.program.Plan.Kinds[p.Slot], 1)
				for i := 0; i < in.n && r.err == nil; i++ {
					r.tick(1)
					col.set(0, in.at(i))
					arg.n = 1
					sub.reset(arg)
					for sub.next() != nil {
					}
				}
			}
		}
		return o
	}
}

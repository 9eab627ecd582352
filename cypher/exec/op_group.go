package exec

import (
	"github.com/pocketgraph/pocketgraph/cypher/plan"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// aggregate groups rows by hash and folds each group.
type aggregate struct {
	run    *Run
	in     operator
	p      *plan.Aggregate
	keys   []*expr
	specs  []aggregateSpec
	table  rowTable
	folds  []fold
	seen   []rowTable // for DISTINCT, by aggregate: (group, value)
	groups []int32
	pair   [2]graph.Value
	filled bool
	at     int
	total  int
	out    *batch
}

// aggregateSpec is a compiled aggregate.
type aggregateSpec struct {
	arg      *expr // nil for count(*)
	extra    *expr // the second argument of percentiles
	distinct bool
	make     func(r *Run, at syntax.Range) fold
	at       syntax.Range
}

// fold keeps the state of one aggregate for every group.
type fold interface {
	// add takes the value of a row; Null is never given.
	add(group int, v graph.Value)
	result(group int) graph.Value
}

func (c *compiler) aggregate(p *plan.Aggregate, in factory) factory {
	keys := make([]*expr, len(p.Keys))
	for i, k := range p.Keys {
		keys[i] = c.expr(k.Expr)
	}
	specs := make([]aggregateSpec, len(p.Aggregates))
	for i, a := range p.Aggregates {
		s := aggregateSpec{distinct: a.Distinct, at: a.Expr.Span(), make: aggregates[a.Name]}
		if len(a.Args) > 0 {
			s.arg = c.expr(a.Args[0])
		}
		if len(a.Args) > 1 {
			s.extra = c.expr(a.Args[1])
		}
		if s.make == nil {
			c.unsupported("the aggregate "+a.Name, s.at)
		}
		specs[i] = s
	}
	return func(r *Run) operator {
		return &aggregate{run: r, in: in(r), p: p, keys: keys, specs: specs, out: newBatch(len(r.program.Plan.Kinds))}
	}
}

func (a *aggregate) reset(arg *batch) {
	a.in.reset(arg)
	a.filled, a.at, a.total = false, 0, 0
	a.table = rowTable{width: len(a.keys)}
	a.folds = make([]fold, len(a.specs))
	a.seen = make([]rowTable, len(a.specs))
	for i, s := range a.specs {
		a.folds[i] = s.make(a.run, s.at)
		a.seen[i].width = 2
	}
}

func (a *aggregate) next() *batch {
	if !a.filled {
		for b := a.in.next(); b != nil && a.run.err == nil; b = a.in.next() {
			a.addBatch(b)
			a.run.tick(b.n)
		}
		a.filled = true
		if len(a.keys) == 0 {
			a.total = 1
		}
	}
	if a.run.err != nil || a.at >= a.total {
		return nil
	}
	n := min(a.total-a.at, BatchSize)
	kinds := a.run.program.Plan.Kinds
	for k, it := range a.p.Keys {
		col := &a.out.cols[it.Slot]
		col.grow(kinds[it.Slot], n)
		for i := 0; i < n; i++ {
			col.set(i, a.table.row(a.at + i)[k])
		}
	}
	for k, g := range a.p.Aggregates {
		col := &a.out.cols[g.Slot]
		col.grow(kinds[g.Slot], n)
		for i := 0; i < n; i++ {
			col.set(i, a.folds[k].result(a.at+i))
		}
	}
	if a.run.err != nil {
		return nil
	}
	a.out.n = n
	a.at += n
	return a.out
}

// addBatch finds the group of each row, then folds aggregate by aggregate.
func (a *aggregate) addBatch(b *batch) {
	f := frame{run: a.run, b: b}
	a.findGroups(&f)
	buf := a.run.borrow(b.n)
	defer a.run.release(buf)
	for k := range a.specs {
		s := &a.specs[k]
		if s.arg == nil {
			for _, g := range a.groups {
				a.folds[k].add(int(g), graph.Bool(true))
			}
			continue
		}
		s.arg.all(&f, buf)
		if a.run.err != nil {
			return
		}
		if s.extra != nil && b.n > 0 {
			f.i = 0
			if p, ok := a.folds[k].(*percentile); ok && !p.given {
				p.setFraction(s.extra.row(&f))
			}
		}
		for i, g := range a.groups {
			v := buf[i]
			if v.IsNull() {
				continue
			}
			if s.distinct {
				a.pair[0], a.pair[1] = graph.Int(int64(g)), v
				if _, fresh := a.seen[k].find(a.pair[:]); !fresh {
					continue
				}
				a.run.buffer(1)
			}
			a.folds[k].add(int(g), v)
		}
	}
}

func (a *aggregate) findGroups(f *frame) {
	n := f.b.n
	a.groups = a.groups[:0]
	if len(a.keys) == 0 {
		for i := 0; i < n; i++ {
			a.groups = append(a.groups, 0)
		}
		return
	}
	width := len(a.keys)
	rows := a.run.borrow(n * width)
	buf := a.run.borrow(n)
	for k, e := range a.keys {
		e.all(f, buf)
		for i, v := range buf {
			rows[i*width+k] = v
		}
	}
	before := a.total
	for i := 0; i < n && a.run.err == nil; i++ {
		g, fresh := a.table.find(rows[i*width : (i+1)*width])
		if fresh {
			a.total++
		}
		a.groups = append(a.groups, int32(g))
	}
	a.run.buffer(a.total - before)
	a.run.release(buf)
	a.run.release(rows)
}

// distinct lets each row through once.
type distinct struct {
	run   *Run
	in    operator
	slots []plan.Slot
	table rowTable
	row   []graph.Value
	own   *batch
	kept  []int32
}

func (c *compiler) distinct(p *plan.Distinct, in factory) factory {
	return func(r *Run) operator {
		return &distinct{run: r, in: in(r), slots: p.Slots, row: make([]graph.Value, len(p.Slots)), own: newBatch(len(r.program.Plan.Kinds))}
	}
}

func (d *distinct) reset(arg *batch) {
	d.in.reset(arg)
	d.table = rowTable{width: len(d.slots)}
}

func (d *distinct) next() *batch {
	for {
		b := d.in.next()
		if b == nil || d.run.err != nil {
			return nil
		}
		rows := d.kept[:0]
		for i := 0; i < b.n; i++ {
			for k, s := range d.slots {
				d.row[k] = b.cols[s].value(i)
			}
			if _, fresh := d.table.find(d.row); fresh {
				rows = append(rows, int32(i))
			}
		}
		d.kept = rows
		d.run.tick(b.n)
		d.run.buffer(len(rows))
		if len(rows) == 0 {
			continue
		}
		if len(rows) == b.n {
			return b
		}
		for s := range b.cols {
			if b.cols[s].has() {
				d.own.cols[s].grow(b.cols[s].kind, len(rows))
				d.own.cols[s].gather(0, &b.cols[s], rows)
			}
		}
		d.own.n = len(rows)
		return d.own
	}
}

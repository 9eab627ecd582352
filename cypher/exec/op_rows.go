package exec

import (
	"github.com/pocketgraph/pocketgraph/cypher/plan"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// mapOp is an operator that gives one row for each row: its batches are the
// input's with more columns.
type mapOp struct {
	run *Run
	in  operator
	f   frame
	out *batch
	do  func(f *frame, out *batch)
}

func newMapOp(r *Run, in factory) *mapOp {
	return &mapOp{run: r, in: in(r), out: newBatch(len(r.program.Plan.Kinds))}
}

func (o *mapOp) reset(arg *batch) { o.in.reset(arg) }

func (o *mapOp) next() *batch {
	b := o.in.next()
	if b == nil || o.run.err != nil {
		return nil
	}
	own := o.out
	o.do(o.f.on(o.run, b), own)
	if o.run.err != nil {
		return nil
	}
	o.run.tick(b.n)
	return own
}

// extend shares the columns of src but for those of own, which keep their room.
func (b *batch) extend(src *batch, own []plan.Slot, kinds []plan.Kind) {
	for i := range src.cols {
		if !containsSlot(own, i) {
			b.cols[i] = src.cols[i]
		}
	}
	b.n, b.shared = src.n, src.shared
	b.grow(kinds, own, src.n)
}

func containsSlot(slots []plan.Slot, s plan.Slot) bool {
	for _, x := range slots {
		if x == s {
			return true
		}
	}
	return false
}

// project computes expressions, a batch at a time.
func (c *compiler) project(p *plan.Project, in factory) factory {
	var exprs []*expr
	var slots []plan.Slot
	var same [][2]plan.Slot // a slot that is another one by a new name
	for _, it := range p.Items {
		e := c.expr(it.Expr)
		if e.slot >= 0 {
			same = append(same, [2]plan.Slot{it.Slot, e.slot})
			continue
		}
		exprs, slots = append(exprs, e), append(slots, it.Slot)
	}
	return func(r *Run) operator {
		o := newMapOp(r, in)
		o.do = func(f *frame, out *batch) {
			out.extend(f.b, slots, r.program.Plan.Kinds)
			for _, s := range same {
				out.cols[s[0]] = f.b.cols[s[1]]
				out.shared = true
			}
			for i, e := range exprs {
				col := &out.cols[slots[i]]
				if col.kind == plan.Any {
					e.all(f, col.values)
					continue
				}
				buf := r.borrow(f.b.n)
				e.all(f, buf)
				for j := range buf {
					col.set(j, buf[j])
				}
				r.release(buf)
			}
		}
		return o
	}
}

// bindPath makes path values of the elements in other columns.
func (c *compiler) bindPath(p *plan.BindPath, in factory) factory {
	own := []plan.Slot{p.Path}
	return func(r *Run) operator {
		o := newMapOp(r, in)
		o.do = func(f *frame, out *batch) {
			out.extend(f.b, own, r.program.Plan.Kinds)
			for i := 0; i < f.b.n; i++ {
				out.cols[p.Path].set(i, r.path(p, f.b, i))
			}
		}
		return o
	}
}

// path builds the path of one row; Null when an element is.
func (r *Run) path(p *plan.BindPath, b *batch, i int) graph.Value {
	at := b.cols[p.Start].node(i)
	if at == graph.NoNode {
		return graph.Null
	}
	path := &graph.Path{Nodes: []graph.Node{at}}
	for _, s := range p.Steps {
		if !s.Many {
			rel := b.cols[s.Rel].rel(i)
			if rel == graph.NoRel {
				return graph.Null
			}
			at = r.otherEnd(rel, at)
			path.Rels, path.Nodes = append(path.Rels, rel), append(path.Nodes, at)
			continue
		}
		v := b.cols[s.Rel].value(i)
		if v.IsNull() {
			return graph.Null
		}
		for _, item := range v.AsList() {
			at = r.otherEnd(item.AsRel(), at)
			path.Rels, path.Nodes = append(path.Rels, item.AsRel()), append(path.Nodes, at)
		}
	}
	r.take(pathBytes + 8*len(path.Rels))
	return graph.PathValue(path)
}

func (r *Run) otherEnd(rel graph.Rel, from graph.Node) graph.Node {
	start, end := r.reader.RelEnds(rel)
	if start == from {
		return end
	}
	return start
}

// filter keeps rows for which every condition is true.
type filter struct {
	run        *Run
	in         operator
	conditions []condition
	f          frame
	own        *batch
	kept       []int32
}

// condition is an expression, or bounds of a property.
type condition struct {
	*expr
	between *between
}

func (c *compiler) filter(p *plan.Filter, in factory) factory {
	conditions := make([]*expr, len(p.Conditions))
	for i, cond := range p.Conditions {
		conditions[i] = c.condition(cond)
	}
	return newFilter(in, conditions)
}

func newFilter(in factory, conditions []*expr) factory {
	joined := joinBounds(conditions)
	return func(r *Run) operator {
		return &filter{run: r, in: in(r), conditions: joined, own: newBatch(len(r.program.Plan.Kinds))}
	}
}

func (o *filter) reset(arg *batch) { o.in.reset(arg) }

func (o *filter) next() *batch {
	for {
		b := o.in.next()
		if b == nil || o.run.err != nil {
			return nil
		}
		for i := range o.conditions {
			if b.n == 0 {
				break
			}
			b = o.check(b, &o.conditions[i])
			if o.run.err != nil {
				return nil
			}
		}
		if b.n > 0 {
			return b
		}
		o.run.tick(1)
	}
}

// check drops the rows that do not satisfy one condition.
func (o *filter) check(b *batch, c *condition) *batch {
	f := o.f.on(o.run, b)
	rows, ok := o.kept[:0], false
	if c.between != nil {
		rows, ok = c.between.pick(f, o.run.word(0), rows)
	} else if c.label != nil {
		rows, ok = c.label.pick(f, rows)
	}
	if ok {
		o.kept = rows
		return o.keep(b, rows)
	}
	if c.between == nil {
		return o.apply(b, c.expr)
	}
	for _, e := range c.between.plain {
		if b.n > 0 {
			b = o.apply(b, e)
		}
	}
	return b
}

// apply drops the rows for which an expression is not true.
func (o *filter) apply(b *batch, cond *expr) *batch {
	r := o.run
	buf := r.borrow(b.n)
	cond.all(o.f.on(r, b), buf)
	rows := o.kept[:0]
	for i, v := range buf {
		switch v.Kind() {
		case graph.KindBool:
			if v.AsBool() {
				rows = append(rows, int32(i))
			}
		case graph.KindNull:
		default:
			r.fail("TypeError", "InvalidArgumentType", "a condition must be a Boolean, found "+article(v), syntax.Range{})
		}
	}
	r.release(buf)
	o.kept = rows
	return o.keep(b, rows)
}

// keep drops all rows but these. A shared batch is copied first.
func (o *filter) keep(b *batch, rows []int32) *batch {
	if len(rows) == b.n {
		return b
	}
	dst := b
	if b.shared {
		dst = o.own
		for s := range b.cols {
			if b.cols[s].has() {
				dst.cols[s].grow(b.cols[s].kind, max(len(rows), 1))
			}
		}
		dst.shared = false
	}
	for s := range b.cols {
		if b.cols[s].has() {
			dst.cols[s].gather(0, &b.cols[s], rows) // rows ascend, so in place is safe
		}
	}
	dst.n = len(rows)
	return dst
}

// condition compiles one conjunct.
func (c *compiler) condition(p *plan.Condition) *expr {
	switch p.Kind {
	case plan.IsTrue:
		return c.expr(p.Expr)
	case plan.HasLabels:
		return c.labelTest(c.slot(p.Slot), p.Labels, p.Labels.Span())
	case plan.HasValue:
		subject := c.slot(p.Slot)
		return comparison(syntax.Equal, c.propertyOf(subject, p.Key, p.Expr.Span()), c.expr(p.Expr))
	case plan.Same:
		return comparison(syntax.Equal, c.slot(p.Slot), c.slot(p.Other))
	case plan.NotNull:
		x := c.slot(p.Slot)
		return rowExpr(func(f *frame) graph.Value { return graph.Bool(!x.row(f).IsNull()) })
	}
	return c.unsupported("this condition", syntax.Range{})
}

// skip leaves out the first rows.
func (c *compiler) skip(p *plan.Skip, in factory) factory {
	count := c.expr(p.Count)
	return func(r *Run) operator {
		return &window{run: r, in: in(r), skip: count, at: p.Count.Span(), own: newBatch(len(r.program.Plan.Kinds))}
	}
}

func (c *compiler) limit(p *plan.Limit, in factory) factory {
	count := c.expr(p.Count)
	return func(r *Run) operator {
		return &window{run: r, in: in(r), limit: count, at: p.Count.Span(), own: newBatch(len(r.program.Plan.Kinds))}
	}
}

// window is SKIP or LIMIT.
type window struct {
	run         *Run
	in          operator
	skip, limit *expr
	at          syntax.Range
	left        int64
	own         *batch
}

func (w *window) reset(arg *batch) {
	w.in.reset(arg)
	e := w.skip
	if e == nil {
		e = w.limit
	}
	w.left = w.run.rowCount(e, w.at)
}

// rowCount evaluates the number of SKIP or LIMIT, once a run.
func (r *Run) rowCount(e *expr, at syntax.Range) int64 {
	if r.alone == nil {
		r.alone = &frame{run: r, b: newBatch(len(r.program.Plan.Kinds))}
		r.alone.b.n = 1
	}
	v := e.row(r.alone)
	if r.err != nil {
		return 0
	}
	if v.Kind() != graph.KindInt {
		r.fail("SyntaxError", "InvalidArgumentType", "the number of rows must be an Integer, found "+article(v), at)
		return 0
	}
	if v.AsInt() < 0 {
		r.fail("SyntaxError", "NegativeIntegerArgument", "the number of rows cannot be negative", at)
	}
	return v.AsInt()
}

func (w *window) next() *batch {
	for w.run.err == nil {
		if w.limit != nil && w.left <= 0 {
			return nil
		}
		b := w.in.next()
		if b == nil {
			return nil
		}
		n := int64(b.n)
		if w.limit != nil {
			if n > w.left {
				b = w.cut(b, 0, int(w.left))
			}
			w.left -= n
			return b
		}
		if w.left == 0 {
			return b
		}
		if n <= w.left {
			w.left -= n
			continue
		}
		b = w.cut(b, int(w.left), b.n)
		w.left = 0
		return b
	}
	return nil
}

// cut takes some rows of a batch, without changing it.
func (w *window) cut(b *batch, from, to int) *batch {
	w.own.n, w.own.shared = to-from, true
	for s := range b.cols {
		c := b.cols[s]
		switch {
		case !c.has():
		case c.kind == plan.Node:
			c.nodes = c.nodes[from:to]
		case c.kind == plan.Rel:
			c.rels = c.rels[from:to]
		case c.kind == plan.Int:
			c.ints = c.ints[from:to]
		default:
			c.values = c.values[from:to]
		}
		w.own.cols[s] = c
	}
	return w.own
}

// unwind makes a row of each item of a list.
func (c *compiler) unwind(p *plan.Unwind, in factory) factory {
	list := c.loop(p.List, true)
	return func(r *Run) operator {
		o := newRowOp(r, in, p.Keep, []plan.Slot{p.Slot})
		var items loop
		next := 0
		o.begin = func(f *frame) { items, _ = list(f); next = 0 }
		o.more = func(out *batch, at int) bool {
			if next >= items.n {
				return false
			}
			out.cols[p.Slot].set(at, items.at(next))
			next++
			return true
		}
		return o
	}
}

// countStore gives one row with a count.
func (c *compiler) countStore(p *plan.CountStore, in factory) factory {
	label, typ := c.labels.add(p.Label), c.types.add(p.Type)
	own := []plan.Slot{p.Slot}
	return func(r *Run) operator {
		o := newMapOp(r, in)
		o.do = func(f *frame, out *batch) {
			out.extend(f.b, own, r.program.Plan.Kinds)
			count := 0
			switch {
			case p.Rels && p.Type == "":
				count = r.reader.RelCount()
			case p.Rels:
				if id, ok := r.typ(typ); ok {
					count = r.reader.RelCountByType(id)
				}
			case p.Label == "":
				count = r.reader.NodeCount()
			default:
				if id, ok := r.label(label); ok {
					count = r.reader.NodeCountByLabel(id)
				}
			}
			for i := 0; i < f.b.n; i++ {
				out.cols[p.Slot].set(i, graph.Int(int64(count)))
			}
		}
		return o
	}
}

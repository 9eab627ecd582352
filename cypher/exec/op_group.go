package exec

import (
	"github.com/pocketgraph/pocketgraph/cypher/plan"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// aggregate groups rows by hash and folds each group.
type aggregate struct {
	run     *Run
	in      operator
	p       *plan.Aggregate
	keys    []*expr
	specs   []aggregateSpec
	table   numbering
	folds   []fold
	seen    []numbering // for DISTINCT, by aggregate: group and value
	groups  []int32     // of the rows of a batch
	numbers []int32     // of the (group, value) of its rows
	pair    [2]graph.Value
	f       frame
	filled  bool
	at      int
	total   int // groups
	out     *batch
}

// aggregateSpec is a compiled aggregate.
type aggregateSpec struct {
	arg      *expr // nil for count(*)
	extra    *expr // the second argument of percentiles
	distinct bool
	counts   bool // count() of all its argument, not of the distinct ones
	make     func(r *Run, at syntax.Range) fold
	at       syntax.Range
}

// countsAll says that the aggregate counts every row of a batch: count(*), or
// count of a variable that is never null in it.
func (s *aggregateSpec) countsAll(b *batch) bool {
	return s.arg == nil || s.counts && s.arg.slot >= 0 && b.cols[s.arg.slot].full(b.n)
}

// fold keeps the state of one aggregate for every group.
type fold interface {
	// add takes the value of a row; Null is never given.
	add(group int, v graph.Value)
	result(group int) graph.Value
	clear()
}

// wordFold is a fold that also takes rows as words of some kinds: row i belongs
// to group groups[i], below total.
type wordFold interface {
	takes(k graph.Kind) bool
	addWords(groups []int32, total int, w *graph.Words)
}

// intFold is a fold whose results may all be Integers.
type intFold interface {
	allInts() bool
	// ints gives the results of the groups from first on.
	ints(first int, out []int64)
}

func (c *compiler) aggregate(p *plan.Aggregate, in factory) factory {
	keys := make([]*expr, len(p.Keys))
	for i, k := range p.Keys {
		keys[i] = c.expr(k.Expr)
	}
	specs := make([]aggregateSpec, len(p.Aggregates))
	for i, a := range p.Aggregates {
		s := aggregateSpec{distinct: a.Distinct, counts: a.Name == "count" && !a.Distinct, at: a.Expr.Span(), make: aggregates[a.Name]}
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
	a.table.reset(a.run, len(a.keys))
	if a.folds == nil {
		a.folds, a.seen = make([]fold, len(a.specs)), make([]numbering, len(a.specs))
		for i, s := range a.specs {
			a.folds[i] = s.make(a.run, s.at)
		}
	}
	width := 2
	if len(a.keys) == 0 {
		width = 1 // there is but one group
	}
	for i, s := range a.specs {
		a.folds[i].clear()
		if s.distinct {
			a.seen[i].reset(a.run, width)
		}
	}
	if len(a.keys) == 0 {
		a.total = 1
	}
}

func (a *aggregate) next() *batch {
	if !a.filled {
		for b := a.in.next(); b != nil && a.run.err == nil; b = a.in.next() {
			a.addBatch(b)
			a.run.tick(b.n)
		}
		a.filled = true
	}
	if a.run.err != nil || a.at >= a.total {
		return nil
	}
	n := min(a.total-a.at, BatchSize)
	kinds := a.run.program.Plan.Kinds
	for k, it := range a.p.Keys {
		col := &a.out.cols[it.Slot]
		if kinds[it.Slot] == plan.Any && a.table.allInts(k) {
			col.grow(plan.Int, n)
			for i := range col.ints {
				col.ints[i] = a.table.keys[(a.at+i)*(a.table.width+1)+k]
			}
			continue
		}
		col.grow(kinds[it.Slot], n)
		for i := 0; i < n; i++ {
			col.set(i, a.table.at(a.at+i, k))
		}
	}
	for k, g := range a.p.Aggregates {
		col := &a.out.cols[g.Slot]
		if f, ok := a.folds[k].(intFold); ok && f.allInts() {
			col.grow(plan.Int, n)
			f.ints(a.at, col.ints)
			continue
		}
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
	f := a.f.on(a.run, b)
	a.findGroups(f)
	for k := range a.specs {
		if a.run.err != nil {
			return
		}
		if s := &a.specs[k]; s.countsAll(b) {
			a.folds[k].(*count).addRows(a.groups, a.total)
		} else if s.extra != nil || !a.foldWords(f, k) {
			a.foldValues(f, k)
		}
	}
}

// foldWords folds the batch as words, if the aggregate and its argument allow.
func (a *aggregate) foldWords(f *frame, k int) bool {
	s := &a.specs[k]
	fold, ok := a.folds[k].(wordFold)
	columns := a.run.words(2)
	w := &columns[1]
	if !ok || a.seen[k].mixed || !s.arg.bare(f, w) || !fold.takes(w.Kind) {
		return false
	}
	if s.distinct && !a.dropSeen(columns, k) {
		return false
	}
	fold.addWords(a.groups, a.total, w)
	return true
}

// dropSeen makes null what its group has had before. columns are one to use
// for the groups, and the words. It reports false when it can tell by the
// values only.
func (a *aggregate) dropSeen(columns []graph.Words, k int) bool {
	seen, w := &a.seen[k], &columns[1]
	if seen.width == 1 {
		columns = columns[1:]
	} else {
		g := &columns[0]
		g.Reset(len(a.groups))
		g.Kind = graph.KindInt
		for i, group := range a.groups {
			g.Words[i] = int64(group)
		}
	}
	if !seen.agrees(columns) {
		return false
	}
	a.numbers = room(a.numbers, len(a.groups))
	before := seen.n
	seen.words(columns, len(a.groups), a.numbers)
	a.run.buffer(seen.n - before)
	for i, n := range a.numbers {
		if int(n) == before {
			before++
		} else if !w.IsNull(i) {
			w.SetNull(i)
		}
	}
	return true
}

func (a *aggregate) foldValues(f *frame, k int) {
	s := &a.specs[k]
	buf := a.run.borrow(f.b.n)
	defer a.run.release(buf)
	s.arg.all(f, buf)
	if a.run.err != nil {
		return
	}
	if s.extra != nil && f.b.n > 0 {
		f.i = 0
		if p, ok := a.folds[k].(*percentile); ok && !p.given {
			p.setFraction(s.extra.row(f))
		}
	}
	for i, g := range a.groups {
		v := buf[i]
		if v.IsNull() {
			continue
		}
		if s.distinct {
			a.pair[0], a.pair[1] = graph.Int(int64(g)), v
			before := a.seen[k].n
			if n := a.seen[k].value(a.pair[2-a.seen[k].width:]); int(n) < before {
				continue
			}
			a.run.buffer(1)
		}
		a.folds[k].add(int(g), v)
	}
}

// room makes a slice of n, reusing memory.
func room(s []int32, n int) []int32 {
	if cap(s) < n {
		return make([]int32, n, max(n, firstBatch))
	}
	return s[:n]
}

func (a *aggregate) findGroups(f *frame) {
	n := f.b.n
	a.groups = room(a.groups, n)
	if len(a.keys) == 0 {
		clear(a.groups)
		return
	}
	if !a.groupWords(f) {
		a.groupValues(f)
	}
	a.run.buffer(a.table.n - a.total)
	a.total = a.table.n
}

func (a *aggregate) groupWords(f *frame) bool {
	if a.table.mixed {
		return false
	}
	columns := a.run.words(len(a.keys))
	for k, e := range a.keys {
		if !e.bare(f, &columns[k]) {
			return false
		}
	}
	if !a.table.agrees(columns) {
		return false
	}
	a.table.words(columns, f.b.n, a.groups)
	return true
}

func (a *aggregate) groupValues(f *frame) {
	n, width := f.b.n, len(a.keys)
	rows := a.run.borrow(n * width)
	buf := a.run.borrow(n)
	for k, e := range a.keys {
		e.all(f, buf)
		for i, v := range buf {
			rows[i*width+k] = v
		}
	}
	for i := 0; i < n && a.run.err == nil; i++ {
		a.groups[i] = a.table.value(rows[i*width : (i+1)*width])
	}
	a.run.release(buf)
	a.run.release(rows)
}

// distinct lets each row through once.
type distinct struct {
	run   *Run
	in    operator
	slots []plan.Slot
	table numbering
	row   []graph.Value
	own   *batch
	kept  []int32
	found []int32 // numbers of the rows of a batch
}

func (c *compiler) distinct(p *plan.Distinct, in factory) factory {
	return func(r *Run) operator {
		return &distinct{run: r, in: in(r), slots: p.Slots, row: make([]graph.Value, len(p.Slots)), own: newBatch(len(r.program.Plan.Kinds))}
	}
}

func (d *distinct) reset(arg *batch) {
	d.in.reset(arg)
	d.table.reset(d.run, len(d.slots))
}

// number numbers the rows of a batch.
func (d *distinct) number(b *batch) {
	d.found = room(d.found, b.n)
	columns := d.run.words(len(d.slots))
	bare := !d.table.mixed
	for k, s := range d.slots {
		bare = bare && b.cols[s].wordsOf(b.n, &columns[k])
	}
	if bare && d.table.agrees(columns) {
		d.table.words(columns, b.n, d.found)
		return
	}
	for i := range d.found {
		for k, s := range d.slots {
			d.row[k] = b.cols[s].value(i)
		}
		d.found[i] = d.table.value(d.row)
	}
}

func (d *distinct) next() *batch {
	for {
		b := d.in.next()
		if b == nil || d.run.err != nil {
			return nil
		}
		rows, seen := d.kept[:0], d.table.n
		d.number(b)
		for i, n := range d.found {
			if int(n) == seen {
				seen++
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

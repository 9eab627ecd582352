package exec

import (
	"math"

	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/graph/temporal"
)

// aggregates is the table of aggregate functions, by lower-case name.
var aggregates = map[string]func(r *Run, at syntax.Range) fold{
	"count":          func(*Run, syntax.Range) fold { return &count{} },
	"count(*)":       func(*Run, syntax.Range) fold { return &count{} },
	"sum":            func(r *Run, at syntax.Range) fold { return &sum{run: r, at: at} },
	"avg":            func(r *Run, at syntax.Range) fold { return &average{run: r, at: at} },
	"min":            func(r *Run, _ syntax.Range) fold { return &extreme{run: r, sign: -1} },
	"max":            func(r *Run, _ syntax.Range) fold { return &extreme{run: r, sign: 1} },
	"collect":        func(r *Run, _ syntax.Range) fold { return &collect{run: r} },
	"stdev":          func(r *Run, at syntax.Range) fold { return &deviation{run: r, at: at, less: 1} },
	"stdevp":         func(r *Run, at syntax.Range) fold { return &deviation{run: r, at: at} },
	"percentiledisc": func(r *Run, at syntax.Range) fold { return &percentile{run: r, at: at, discrete: true} },
	"percentilecont": func(r *Run, at syntax.Range) fold { return &percentile{run: r, at: at} },
}

// at makes room for a group and returns its state.
func at[T any](list *[]T, group int) *T {
	for len(*list) <= group {
		var zero T
		*list = append(*list, zero)
	}
	return &(*list)[group]
}

type count struct{ n []int64 }

func (c *count) add(group int, _ graph.Value) { *at(&c.n, group)++ }
func (c *count) result(group int) graph.Value { return graph.Int(*at(&c.n, group)) }
func (c *count) clear()                       { c.n = c.n[:0] }
func (c *count) allInts() bool                { return true }

func (c *count) ints(first int, out []int64) {
	at(&c.n, first+len(out)-1)
	copy(out, c.n[first:])
}

func (c *count) takes(graph.Kind) bool { return true }

func (c *count) addWords(groups []int32, total int, w *graph.Words) {
	if w.Nulls == 0 {
		c.addRows(groups, total)
		return
	}
	at(&c.n, total-1)
	for i, g := range groups {
		if !w.Null[i] {
			c.n[g]++
		}
	}
}

// addRows counts rows, whatever they hold.
func (c *count) addRows(groups []int32, total int) {
	if total == 0 {
		return // no rows either
	}
	at(&c.n, total-1)
	if total == 1 {
		c.n[0] += int64(len(groups))
		return
	}
	for _, g := range groups {
		c.n[g]++
	}
}

// sum adds integers as long as there is nothing else, then numbers.
type sum struct {
	run    *Run
	at     syntax.Range
	whole  []int64
	mixed  bool
	totals []graph.Value // instead, when mixed
}

func (s *sum) add(group int, v graph.Value) {
	if _, ok := v.Number(); !ok && v.Kind() != graph.KindDuration {
		s.run.typeError("sum() takes numbers or durations, found "+article(v), s.at)
		return
	}
	if !s.mixed && v.Kind() == graph.KindInt {
		s.addInt(at(&s.whole, group), v.AsInt())
		return
	}
	if !s.mixed {
		s.mixed = true
		for _, n := range s.whole {
			total := graph.Null // which a duration may follow
			if n != 0 {
				total = graph.Int(n)
			}
			s.totals = append(s.totals, total)
		}
	}
	t := at(&s.totals, group)
	if t.IsNull() {
		*t = v
		return
	}
	*t = numbers(s.run, '+', *t, v, s.at)
}

func (s *sum) addInt(t *int64, x int64) {
	n := *t + x
	if (n > *t) != (x > 0) && x != 0 {
		overflow(s.run, s.at)
	}
	*t = n
}

func (s *sum) clear() { s.whole, s.totals, s.mixed = s.whole[:0], s.totals[:0], false }

func (s *sum) takes(k graph.Kind) bool {
	return !s.mixed && (k == graph.KindInt || k == graph.KindNull)
}

func (s *sum) addWords(groups []int32, total int, w *graph.Words) {
	if total == 0 {
		return
	}
	at(&s.whole, total-1)
	for i, g := range groups {
		if !w.IsNull(i) {
			s.addInt(&s.whole[g], w.Words[i])
		}
	}
}

func (s *sum) allInts() bool { return !s.mixed }

func (s *sum) ints(first int, out []int64) {
	at(&s.whole, first+len(out)-1)
	copy(out, s.whole[first:])
}

func (s *sum) result(group int) graph.Value {
	if !s.mixed {
		return graph.Int(*at(&s.whole, group))
	}
	if t := *at(&s.totals, group); !t.IsNull() {
		return t
	}
	return graph.Int(0)
}

// average is of numbers, or of durations.
type average struct {
	run   *Run
	at    syntax.Range
	sums  []float64
	spans []graph.Value // of durations
	timed bool          // there are some
	n     []int64
}

func (a *average) add(group int, v graph.Value) {
	n, span := at(&a.n, group), at(&a.spans, group)
	x, ok := v.Number()
	switch isSpan := v.Kind() == graph.KindDuration; {
	case !ok && !isSpan, *n > 0 && isSpan == span.IsNull():
		a.run.typeError("avg() takes numbers or durations, found "+article(v), a.at)
		return
	case isSpan && *n == 0:
		*span, a.timed = v, true
	case isSpan:
		*span = a.run.temporal(a.at).of(temporal.AddDurations(*span, v))
	default:
		*at(&a.sums, group) += x
	}
	*n++
}

func (a *average) clear() {
	a.sums, a.spans, a.timed, a.n = a.sums[:0], a.spans[:0], false, a.n[:0]
}

func (a *average) takes(k graph.Kind) bool {
	return !a.timed && (k == graph.KindInt || k == graph.KindFloat || k == graph.KindNull)
}

func (a *average) addWords(groups []int32, total int, w *graph.Words) {
	if total == 0 {
		return
	}
	at(&a.sums, total-1)
	at(&a.n, total-1)
	float := w.Kind == graph.KindFloat
	for i, g := range groups {
		if w.IsNull(i) {
			continue
		}
		x := w.Words[i]
		if float {
			a.sums[g] += math.Float64frombits(uint64(x))
		} else {
			a.sums[g] += float64(x)
		}
		a.n[g]++
	}
}

func (a *average) result(group int) graph.Value {
	n := *at(&a.n, group)
	if n == 0 {
		return graph.Null
	}
	if span := *at(&a.spans, group); !span.IsNull() {
		return a.run.temporal(a.at).of(temporal.Divide(span, graph.Int(n)))
	}
	return graph.Float(*at(&a.sums, group) / float64(n))
}

type extreme struct {
	run  *Run
	sign int
	best []graph.Value
}

func (e *extreme) add(group int, v graph.Value) {
	b := at(&e.best, group)
	if b.IsNull() || e.run.compareValues(v, *b) == e.sign {
		*b = v
	}
}

func (e *extreme) result(group int) graph.Value { return *at(&e.best, group) }
func (e *extreme) clear()                       { e.best = e.best[:0] }

func (e *extreme) takes(k graph.Kind) bool { return k == graph.KindInt || k == graph.KindNull }

func (e *extreme) addWords(groups []int32, total int, w *graph.Words) {
	for i, g := range groups {
		if w.IsNull(i) {
			continue
		}
		b := at(&e.best, int(g))
		if b.Kind() != graph.KindInt {
			e.add(int(g), graph.Int(w.Words[i]))
		} else if x := w.Words[i]; e.sign < 0 && x < b.AsInt() || e.sign > 0 && x > b.AsInt() {
			*b = graph.Int(x)
		}
	}
}

type collect struct {
	run   *Run
	lists []*values
}

func (c *collect) add(group int, v graph.Value) { c.run.keepIn(&c.lists, group, v) }

// keepIn adds a value to the list of a group.
func (r *Run) keepIn(lists *[]*values, group int, v graph.Value) {
	l := at(lists, group)
	if *l == nil {
		*l = &values{}
	}
	(*l).add(r, v)
	r.count(1)
}

func (c *collect) result(group int) graph.Value {
	if l := *at(&c.lists, group); l != nil {
		return graph.List(l.list(c.run))
	}
	return graph.List(nil)
}
func (c *collect) clear() { clear(c.lists); c.lists = c.lists[:0] }

// deviation is Welford's method; less is 1 for a sample, 0 for a population.
type deviation struct {
	run   *Run
	at    syntax.Range
	less  float64
	state []struct{ n, mean, m2 float64 }
}

func (d *deviation) add(group int, v graph.Value) {
	x, ok := v.Number()
	if !ok {
		d.run.typeError("stdev() takes numbers, found "+article(v), d.at)
		return
	}
	s := at(&d.state, group)
	s.n++
	delta := x - s.mean
	s.mean += delta / s.n
	s.m2 += delta * (x - s.mean)
}

func (d *deviation) clear() { d.state = d.state[:0] }

func (d *deviation) result(group int) graph.Value {
	s := at(&d.state, group)
	if s.n <= d.less || s.n == 0 {
		return graph.Float(0)
	}
	return graph.Float(math.Sqrt(s.m2 / (s.n - d.less)))
}

type percentile struct {
	run      *Run
	at       syntax.Range
	discrete bool
	given    bool
	fraction float64
	values   []*values
}

func (p *percentile) clear() { p.given = false; clear(p.values); p.values = p.values[:0] }

func (p *percentile) setFraction(v graph.Value) {
	p.given = true
	x, ok := v.Number()
	switch {
	case !ok:
		p.run.typeError("a percentile is a number, found "+article(v), p.at)
	case !(x >= 0 && x <= 1):
		p.run.fail("ArgumentError", "NumberOutOfRange", "a percentile lies between 0.0 and 1.0", p.at)
	}
	p.fraction = x
}

func (p *percentile) add(group int, v graph.Value) {
	if _, ok := v.Number(); !ok {
		p.run.typeError("a percentile is taken of numbers, found "+article(v), p.at)
		return
	}
	p.run.keepIn(&p.values, group, v)
}

func (p *percentile) result(group int) graph.Value {
	l := *at(&p.values, group)
	if l == nil {
		return graph.Null
	}
	list := l.list(p.run)
	order, room := make([]int32, len(list)), make([]int32, len(list))
	for i := range order {
		order[i] = int32(i)
	}
	p.run.sortRows(order, room, func(a, b int32) int { return graph.Compare(list[a], list[b]) })
	if p.run.err != nil {
		return graph.Null
	}
	if p.discrete {
		i := int(math.Ceil(p.fraction*float64(len(list)))) - 1
		return list[order[max(i, 0)]]
	}
	place := p.fraction * float64(len(list)-1)
	low := int(place)
	x, _ := list[order[low]].Number()
	if low+1 >= len(list) {
		return graph.Float(x)
	}
	y, _ := list[order[low+1]].Number()
	return graph.Float(x + (y-x)*(place-float64(low)))
}

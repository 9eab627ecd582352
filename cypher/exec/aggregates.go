package exec

import (
	"math"
	"slices"

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
	"min":            func(*Run, syntax.Range) fold { return &extreme{sign: -1} },
	"max":            func(*Run, syntax.Range) fold { return &extreme{sign: 1} },
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

type sum struct {
	run    *Run
	at     syntax.Range
	totals []graph.Value
}

func (s *sum) add(group int, v graph.Value) {
	t := at(&s.totals, group)
	if _, ok := v.Number(); !ok && v.Kind() != graph.KindDuration {
		s.run.typeError("sum() takes numbers or durations, found a "+v.Kind().String(), s.at)
		return
	}
	if t.IsNull() {
		*t = v
		return
	}
	*t = numbers(s.run, '+', *t, v, s.at)
}

func (s *sum) result(group int) graph.Value {
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
	spans []graph.Value
	n     []int64
}

func (a *average) add(group int, v graph.Value) {
	n, span := at(&a.n, group), at(&a.spans, group)
	x, ok := v.Number()
	switch isSpan := v.Kind() == graph.KindDuration; {
	case !ok && !isSpan, *n > 0 && isSpan == span.IsNull():
		a.run.typeError("avg() takes numbers or durations, found a "+v.Kind().String(), a.at)
		return
	case isSpan && *n == 0:
		*span = v
	case isSpan:
		*span = a.run.temporal(a.at).of(temporal.AddDurations(*span, v))
	default:
		*at(&a.sums, group) += x
	}
	*n++
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
	sign int
	best []graph.Value
}

func (e *extreme) add(group int, v graph.Value) {
	b := at(&e.best, group)
	if b.IsNull() || graph.Compare(v, *b) == e.sign {
		*b = v
	}
}

func (e *extreme) result(group int) graph.Value { return *at(&e.best, group) }

type collect struct {
	run   *Run
	lists [][]graph.Value
}

func (c *collect) add(group int, v graph.Value) {
	l := at(&c.lists, group)
	*l = append(*l, v)
	c.run.buffer(1)
}

func (c *collect) result(group int) graph.Value { return graph.List(*at(&c.lists, group)) }

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
		d.run.typeError("stdev() takes numbers, found a "+v.Kind().String(), d.at)
		return
	}
	s := at(&d.state, group)
	s.n++
	delta := x - s.mean
	s.mean += delta / s.n
	s.m2 += delta * (x - s.mean)
}

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
	values   [][]graph.Value
}

func (p *percentile) setFraction(v graph.Value) {
	p.given = true
	x, ok := v.Number()
	switch {
	case !ok:
		p.run.typeError("a percentile is a number, found a "+v.Kind().String(), p.at)
	case !(x >= 0 && x <= 1):
		p.run.fail("ArgumentError", "NumberOutOfRange", "a percentile lies between 0.0 and 1.0", p.at)
	}
	p.fraction = x
}

func (p *percentile) add(group int, v graph.Value) {
	if _, ok := v.Number(); !ok {
		p.run.typeError("a percentile is taken of numbers, found a "+v.Kind().String(), p.at)
		return
	}
	l := at(&p.values, group)
	*l = append(*l, v)
	p.run.buffer(1)
}

func (p *percentile) result(group int) graph.Value {
	values := *at(&p.values, group)
	if len(values) == 0 {
		return graph.Null
	}
	slices.SortFunc(values, graph.Compare)
	if p.discrete {
		i := int(math.Ceil(p.fraction*float64(len(values)))) - 1
		return values[max(i, 0)]
	}
	place := p.fraction * float64(len(values)-1)
	low := int(place)
	x, _ := values[low].Number()
	if low+1 >= len(values) {
		return graph.Float(x)
	}
	y, _ := values[low+1].Number()
	return graph.Float(x + (y-x)*(place-float64(low)))
}

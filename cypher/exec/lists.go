package exec

import (
	"strings"

	"github.com/pocketgraph/pocketgraph/cypher/plan"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// local makes a variable of a comprehension visible to what is compiled in
// within; its value is in Run.locals.
func (c *compiler) local(v *syntax.Variable, within func()) plan.Slot {
	slot := c.stmt.Var(v).ID
	before := c.locals[slot]
	c.locals[slot] = true
	within()
	c.locals[slot] = before
	return slot
}

// loop is what a comprehension goes through: a list, or the items of range(),
// which are not made: sixteen million of them take 400 MB and, in a page, seconds
// in which nothing can stop them.
type loop struct {
	list       []graph.Value
	from, step int64
	n          int
}

func (l *loop) at(i int) graph.Value {
	if l.list != nil {
		return l.list[i]
	}
	return graph.Int(l.from + int64(i)*l.step)
}

// loop compiles a list that is gone through; Null gives ok = false. Where single
// is set any other value is a list of itself.
func (c *compiler) loop(e syntax.Expr, single bool) func(f *frame) (l loop, ok bool) {
	at := e.Span()
	if call, is := e.(*syntax.FunctionCall); is && c.stmt.Computed(e) == nil && strings.EqualFold(call.Name, "range") {
		args := c.exprs(call.Args)
		return func(f *frame) (loop, bool) {
			var values [3]graph.Value
			for i, a := range args {
				if values[i] = a.row(f); values[i].IsNull() {
					return loop{}, false
				}
			}
			return rangeLoop(f.run, values[:len(args)], at)
		}
	}
	list := c.expr(e)
	return func(f *frame) (loop, bool) {
		v := list.row(f)
		if k := v.Kind(); single && k != graph.KindList && k != graph.KindNull {
			return loop{list: []graph.Value{v}, n: 1}, true
		}
		list, ok := items(f.run, v, at)
		return loop{list: list, n: len(list)}, ok
	}
}

// items reads a value as a list; Null gives ok = false.
func items(r *Run, v graph.Value, at syntax.Range) (list []graph.Value, ok bool) {
	switch v.Kind() {
	case graph.KindNull:
		return nil, false
	case graph.KindList:
		return v.AsList(), true
	}
	r.fail("TypeError", "InvalidArgumentType", "expected a List, found "+article(v), at)
	return nil, false
}

func (c *compiler) listComprehension(e *syntax.ListComprehension) *expr {
	list, at := c.loop(e.List, false), e.Span()
	var where, result *expr
	slot := c.local(e.Variable, func() {
		if e.Where != nil {
			where = c.expr(e.Where)
		}
		if e.Result != nil {
			result = c.expr(e.Result)
		}
	})
	return rowExpr(func(f *frame) graph.Value {
		in, ok := list(f)
		if !ok {
			return graph.Null
		}
		out := values{}
		if n := min(in.n, pieceItems); where == nil {
			out.last = make([]graph.Value, 0, n)
		}
		for i := range in.n {
			item := in.at(i)
			f.run.locals[slot] = item
			if where != nil && truth(f.run, where.row(f), at) != graph.True {
				if f.run.tick(1); f.run.err != nil {
					return graph.Null
				}
				continue
			}
			if result != nil {
				item = result.row(f)
			}
			f.run.tick(1)
			if f.run.err != nil {
				return graph.Null
			}
			out.add(f.run, item)
		}
		return graph.List(out.list(f.run))
	})
}

// quantified is all, any, none and single, in three-valued logic.
func (c *compiler) quantified(e *syntax.Quantified) *expr {
	list, at, kind := c.loop(e.List, false), e.Span(), e.Kind
	var where *expr
	slot := c.local(e.Variable, func() {
		if e.Where != nil {
			where = c.expr(e.Where)
		} else {
			where = c.expr(e.Variable)
		}
	})
	return rowExpr(func(f *frame) graph.Value {
		in, ok := list(f)
		if !ok {
			return graph.Null
		}
		var count [3]int // by Ternary
		for i := range in.n {
			f.run.locals[slot] = in.at(i)
			count[truth(f.run, where.row(f), at)]++
			f.run.tick(1)
			if f.run.err != nil {
				return graph.Null
			}
		}
		return quantify(kind, count[graph.True], count[graph.False], count[graph.Unknown]).Value()
	})
}

func quantify(kind syntax.QuantifiedKind, yes, no, unknown int) graph.Ternary {
	decided, otherwise := false, graph.True
	switch kind {
	case syntax.All:
		if no > 0 {
			return graph.False
		}
	case syntax.Any:
		if yes > 0 {
			return graph.True
		}
		otherwise = graph.False
	case syntax.None:
		if yes > 0 {
			return graph.False
		}
	default:
		decided, otherwise = yes > 1, graph.Truth(yes == 1)
		if decided {
			return graph.False
		}
	}
	if unknown > 0 {
		return graph.Unknown
	}
	return otherwise
}

func (c *compiler) reduce(e *syntax.Reduce) *expr {
	start, list := c.expr(e.Init), c.loop(e.List, false)
	var step *expr
	var item plan.Slot
	acc := c.local(e.Accumulator, func() {
		item = c.local(e.Variable, func() { step = c.expr(e.Step) })
	})
	return rowExpr(func(f *frame) graph.Value {
		in, ok := list(f)
		if !ok {
			return graph.Null
		}
		value := start.row(f)
		for i := range in.n {
			f.run.locals[acc], f.run.locals[item] = value, in.at(i)
			value = step.row(f)
			f.run.tick(1)
			if f.run.err != nil {
				return graph.Null
			}
		}
		return value
	})
}

package exec

import (
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
	list, at := c.expr(e.List), e.Span()
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
		in, ok := items(f.run, list.row(f), at)
		if !ok {
			return graph.Null
		}
		out := make([]graph.Value, 0, len(in))
		for _, item := range in {
			f.run.locals[slot] = item
			if where != nil && truth(f.run, where.row(f), at) != graph.True {
				continue
			}
			if result != nil {
				item = result.row(f)
			}
			if f.run.err != nil {
				return graph.Null
			}
			out = append(out, item)
		}
		f.run.tick(len(in))
		return graph.List(out)
	})
}

// quantified is all, any, none and single, in three-valued logic.
func (c *compiler) quantified(e *syntax.Quantified) *expr {
	list, at, kind := c.expr(e.List), e.Span(), e.Kind
	var where *expr
	slot := c.local(e.Variable, func() {
		if e.Where != nil {
			where = c.expr(e.Where)
		} else {
			where = c.expr(e.Variable)
		}
	})
	return rowExpr(func(f *frame) graph.Value {
		in, ok := items(f.run, list.row(f), at)
		if !ok {
			return graph.Null
		}
		var count [3]int // by Ternary
		for _, item := range in {
			f.run.locals[slot] = item
			count[truth(f.run, where.row(f), at)]++
			if f.run.err != nil {
				return graph.Null
			}
		}
		f.run.tick(len(in))
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
	start, list, at := c.expr(e.Init), c.expr(e.List), e.Span()
	var step *expr
	var item plan.Slot
	acc := c.local(e.Accumulator, func() {
		item = c.local(e.Variable, func() { step = c.expr(e.Step) })
	})
	return rowExpr(func(f *frame) graph.Value {
		in, ok := items(f.run, list.row(f), at)
		if !ok {
			return graph.Null
		}
		value := start.row(f)
		for _, x := range in {
			f.run.locals[acc], f.run.locals[item] = value, x
			value = step.row(f)
			if f.run.err != nil {
				return graph.Null
			}
		}
		f.run.tick(len(in))
		return value
	})
}

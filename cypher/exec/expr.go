package exec

import (
	"github.com/pocketgraph/pocketgraph/cypher/plan"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// expr is a compiled expression.
type expr struct {
	row func(f *frame) graph.Value
	// vec computes every row of the batch at once; nil: row is called for each.
	vec func(f *frame, out []graph.Value)
	// words does the same without Values; it reports false when it cannot for
	// this batch, and is nil when it never can.
	words func(f *frame, w *graph.Words) bool
	// of is the property that the expression is, test the comparison of one
	// with something constant, label the test of one label.
	of    *propertyRef
	test  *bound
	label *labelRef
	// safe expressions cannot fail, so they may be evaluated for rows that
	// will not be asked for.
	safe bool
	// slot is the column the expression is, or -1.
	slot plan.Slot
	// constant expressions have the same value in every row.
	constant bool
}

//go:noinline
func rowExpr(row func(f *frame) graph.Value) *expr { return &expr{row: row, slot: -1} }

// all computes the expression for every row of the frame's batch.
func (e *expr) all(f *frame, out []graph.Value) {
	if e.vec != nil {
		e.vec(f, out)
		return
	}
	for f.i = 0; f.i < f.b.n && f.run.err == nil; f.i++ {
		out[f.i] = e.row(f)
	}
}

// expr compiles an expression.
func (c *compiler) expr(e syntax.Expr) *expr {
	if c.err != nil || e == nil {
		return constant(graph.Null)
	}
	if v := c.stmt.Computed(e); v != nil {
		return c.slot(v.ID)
	}
	switch e := e.(type) {
	case *plan.SlotExpr:
		return c.slot(e.Slot)
	case *syntax.Variable:
		return c.slot(c.stmt.Var(e).ID)
	case *syntax.Parameter:
		return c.parameter(e)
	case *syntax.NullLiteral:
		return constant(graph.Null)
	case *syntax.BoolLiteral:
		return constant(graph.Bool(e.Value))
	case *syntax.IntLiteral:
		return constant(graph.Int(e.Value))
	case *syntax.FloatLiteral:
		return constant(graph.Float(e.Value))
	case *syntax.StringLiteral:
		return constant(graph.String(e.Value))
	case *syntax.ListLiteral:
		return c.list(e)
	case *syntax.MapLiteral:
		return c.mapLiteral(e)
	case *syntax.Property:
		return c.property(e)
	case *syntax.Index:
		return c.index(e)
	case *syntax.Slice:
		return c.slice(e)
	case *syntax.Unary:
		return c.unary(e)
	case *syntax.Binary:
		return c.binary(e)
	case *syntax.Chain:
		return c.chain(e)
	case *syntax.IsNull:
		return c.isNull(e)
	case *syntax.LabelTest:
		return c.labelTest(c.expr(e.Subject), e.Labels, e.Span())
	case *syntax.FunctionCall:
		return c.call(e)
	case *syntax.Case:
		return c.caseExpr(e)
	case *syntax.CaseTest:
		return c.expr(e.Expr)
	case *syntax.CaseSubject:
		return c.subjectRef()
	case *syntax.ListComprehension:
		return c.listComprehension(e)
	case *syntax.Quantified:
		return c.quantified(e)
	case *syntax.Reduce:
		return c.reduce(e)
	case *syntax.MapProjection:
		return c.mapProjection(e)
	case *syntax.PatternExpr:
		return c.patternExpr(e)
	case *syntax.PatternComprehension:
		return c.patternComprehension(e)
	case *syntax.Subquery:
		return c.subquery(e)
	case *syntax.IsTyped:
		return c.isTyped(e)
	case *syntax.IsNormalized:
		return c.isNormalized(e)
	case *syntax.CountStar:
		return c.unsupported("count(*) here", e.Span())
	}
	return c.unsupported("this expression", e.Span())
}

func (c *compiler) unsupported(what string, at syntax.Range) *expr {
	if c.err == nil {
		c.err = plan.NotImplemented(what, at)
	}
	return constant(graph.Null)
}

//go:noinline
func constant(v graph.Value) *expr {
	return &expr{
		row: func(*frame) graph.Value { return v },
		vec: func(f *frame, out []graph.Value) {
			for i := 0; i < f.b.n; i++ {
				out[i] = v
			}
		},
		safe: true, slot: -1, constant: true,
	}
}

// slot reads a variable: of a comprehension around the expression, or a column.
func (c *compiler) slot(s plan.Slot) *expr {
	if c.locals[s] {
		return &expr{row: func(f *frame) graph.Value { return f.run.locals[s] }, slot: -1, safe: true}
	}
	return &expr{
		row: func(f *frame) graph.Value { return f.b.cols[s].value(f.i) },
		vec: func(f *frame, out []graph.Value) {
			col := &f.b.cols[s]
			if col.kind == plan.Any {
				copy(out[:f.b.n], col.values)
				return
			}
			for i := 0; i < f.b.n; i++ {
				out[i] = col.value(i)
			}
		},
		words: func(f *frame, w *graph.Words) bool { return f.b.cols[s].wordsOf(f.b.n, w) },
		safe:  true, slot: s,
	}
}

func (c *compiler) parameter(e *syntax.Parameter) *expr {
	number := c.stmt.Parameter(e.Name) // whoever starts a run has seen to it that all are there
	x := rowExpr(func(f *frame) graph.Value { return f.run.params[number] })
	x.constant = true
	x.vec = func(f *frame, out []graph.Value) {
		v := x.row(f)
		for i := 0; i < f.b.n; i++ {
			out[i] = v
		}
	}
	return x
}

func (c *compiler) exprs(list []syntax.Expr) []*expr {
	out := make([]*expr, len(list))
	for i, e := range list {
		out[i] = c.expr(e)
	}
	return out
}

func (c *compiler) list(e *syntax.ListLiteral) *expr {
	items := c.exprs(e.Items)
	fixed := true
	for _, item := range items {
		fixed = fixed && item.constant && item.safe
	}
	x := rowExpr(func(f *frame) graph.Value {
		if f != nil && !f.run.take(valueBytes*len(items)) {
			return graph.Null
		}
		out := make([]graph.Value, len(items))
		for i, item := range items {
			out[i] = item.row(f)
		}
		return graph.List(out)
	})
	if fixed {
		return constant(x.row(nil))
	}
	return x
}

func (c *compiler) mapLiteral(e *syntax.MapLiteral) *expr {
	keys := make([]string, len(e.Entries))
	values := make([]*expr, len(e.Entries))
	for i, entry := range e.Entries {
		keys[i], values[i] = entry.Key.Name, c.expr(entry.Value)
	}
	return rowExpr(func(f *frame) graph.Value {
		f.run.take(entryBytes * len(keys))
		entries := make([]graph.Entry, len(keys))
		for i := range keys {
			entries[i] = graph.Entry{Key: keys[i], Value: values[i].row(f)}
		}
		return graph.MapValue(graph.NewMap(entries))
	})
}

func (c *compiler) isNull(e *syntax.IsNull) *expr {
	x, not := c.expr(e.Expr), e.Not
	out := rowExpr(func(f *frame) graph.Value { return graph.Bool(x.row(f).IsNull() != not) })
	out.safe = x.safe
	out.vec = func(f *frame, out []graph.Value) {
		x.all(f, out)
		for i := 0; i < f.b.n; i++ {
			out[i] = graph.Bool(out[i].IsNull() != not)
		}
	}
	return out
}

func (c *compiler) caseExpr(e *syntax.Case) *expr {
	type alternative struct {
		values []*expr
		tests  []bool
		then   *expr
	}
	var subject *expr
	outer := c.subject
	local := -1
	if e.Subject != nil {
		subject = c.expr(e.Subject)
		local = c.newLocal()
		c.subject = local
	}
	alternatives := make([]alternative, len(e.Whens))
	for i, w := range e.Whens {
		a := &alternatives[i]
		for _, v := range w.Values {
			_, test := v.(*syntax.CaseTest)
			a.values = append(a.values, c.expr(v))
			a.tests = append(a.tests, test || subject == nil)
		}
		a.then = c.expr(w.Then)
	}
	c.subject = outer
	otherwise := constant(graph.Null)
	if e.Else != nil {
		otherwise = c.expr(e.Else)
	}
	return rowExpr(func(f *frame) graph.Value {
		var s graph.Value
		if subject != nil {
			s = subject.row(f)
			f.run.locals[local] = s
		}
		for i := range alternatives {
			a := &alternatives[i]
			for j, v := range a.values {
				got := v.row(f)
				if a.tests[j] && got.AsBool() || !a.tests[j] && f.run.equal(s, got) == graph.True {
					return a.then.row(f)
				}
			}
		}
		return otherwise.row(f)
	})
}

func (c *compiler) subjectRef() *expr {
	local := c.subject
	return rowExpr(func(f *frame) graph.Value { return f.run.locals[local] })
}

package bind

import "github.com/pocketgraph/pocketgraph/cypher/syntax"

// expr binds an expression and says what is known of its values. A pattern in
// it is refused; see condition.
func (b *binder) expr(e syntax.Expr, s *scope) Type {
	if b.skipComputed {
		if v := b.stmt.computed[e]; v != nil {
			return v.Type
		}
	}
	switch e := e.(type) {
	case *syntax.Variable:
		return b.use(s, e).Type
	case *syntax.NullLiteral:
		return Of(NullBase)
	case *syntax.BoolLiteral:
		return Of(Boolean)
	case *syntax.IntLiteral:
		return Of(Integer)
	case *syntax.FloatLiteral:
		return Of(Float)
	case *syntax.StringLiteral:
		return Of(String)
	case *syntax.ListLiteral:
		return b.listLiteral(e, s)
	case *syntax.MapLiteral:
		for _, entry := range e.Entries {
			b.expr(entry.Value, s)
		}
		return Of(MapBase)
	case *syntax.Property:
		return b.property(e, s)
	case *syntax.Index:
		return b.index(e, s)
	case *syntax.Slice:
		return b.slice(e, s)
	case *syntax.Unary, *syntax.Binary, *syntax.Chain:
		return b.operator(e, s)
	case *syntax.FunctionCall:
		return b.functionCall(e, s)
	case *syntax.CountStar:
		return b.aggregate(e, "count(*)", false, nil, s, &Function{Result: Of(Integer)})
	}
	return b.predicate(e, s)
}

// predicate binds tests; what is left goes on to compound.
func (b *binder) predicate(e syntax.Expr, s *scope) Type {
	switch e := e.(type) {
	case *syntax.IsNull:
		b.expr(e.Expr, s)
	case *syntax.IsTyped:
		b.expr(e.Expr, s)
	case *syntax.IsNormalized:
		b.wantType(e.Expr, b.expr(e.Expr, s), Takes(String), "IS NORMALIZED")
	case *syntax.LabelTest:
		b.wantType(e.Subject, b.expr(e.Subject, s), Takes(NodeBase, RelBase), "a label test")
		b.labels(e.Labels, s)
	case *syntax.Quantified:
		t := b.expr(e.List, s)
		b.wantType(e.List, t, Lists, "a quantifier")
		b.local(s, func(inner *scope) {
			b.declare(inner, e.Variable, t.Elem())
			b.where(e.Where, inner)
		})
	default:
		return b.compound(e, s)
	}
	return Of(Boolean)
}

// compound binds the expressions that bring names or clauses with them.
func (b *binder) compound(e syntax.Expr, s *scope) Type {
	switch e := e.(type) {
	case *syntax.Case:
		return b.caseExpr(e, s)
	case *syntax.CaseTest:
		return b.expr(e.Expr, s)
	case *syntax.ListComprehension:
		return b.listComprehension(e, s)
	case *syntax.PatternComprehension:
		return b.patternComprehension(e, s)
	case *syntax.Reduce:
		return b.reduce(e, s)
	case *syntax.Subquery:
		return b.subquery(e, s)
	case *syntax.MapProjection:
		return b.mapProjection(e, s)
	case *syntax.PatternExpr:
		return b.patternExpr(e, s)
	}
	return Type{} // parameters, the subject of a CASE
}

// condition binds an expression that decides: a Boolean, or a pattern that
// has to exist.
func (b *binder) condition(e syntax.Expr, s *scope) {
	if p, ok := e.(*syntax.PatternExpr); ok && !p.Part.Function {
		b.patternPredicate(p, s)
		return
	}
	b.wantType(e, b.expr(e, s), Takes(Boolean), "a condition")
}

// wantType refuses an expression that surely has another type than it may.
// what names the place.
func (b *binder) wantType(e syntax.Node, t Type, want Accepts, what string) {
	if !want.Holds(t) {
		b.fail(e, invalidArgumentType, "expected "+want.String()+" for "+what+", found "+t.String())
	}
}

// local binds what is evaluated once per item of something. Aggregates cannot
// stand there, since there is no group.
func (b *binder) local(s *scope, bind func(inner *scope)) {
	agg := b.agg
	if !b.inAggregate {
		b.agg = nil
	}
	bind(newScope(s))
	b.agg = agg
}

func (b *binder) listLiteral(e *syntax.ListLiteral, s *scope) Type {
	t := Of(NullBase)
	for i, item := range e.Items {
		itemType := b.expr(item, s)
		if i == 0 {
			t = itemType
		}
		t = join(t, itemType)
	}
	return ListOf(t)
}

// join is the type of what may be of either type.
func join(a, b Type) Type {
	null := Of(NullBase)
	switch {
	case a == b, b == null:
		return a
	case a == null:
		return b
	case a.IsList() && b.IsList():
		return ListOf(join(a.Elem(), b.Elem()))
	case isNumber(a) && isNumber(b):
		return Of(Number)
	}
	return Type{}
}

func isNumber(t Type) bool {
	return t.Lists == 0 && (t.Base == Integer || t.Base == Float || t.Base == Number)
}

// property binds e.key. What is no map and no element has no properties; the
// suite tells a path, a matter of syntax, from a plain value, one of types.
func (b *binder) property(e *syntax.Property, s *scope) Type {
	t := b.expr(e.Subject, s)
	if Takes(MapBase, NodeBase, RelBase, Temporal, Point).Holds(t) {
		return Type{}
	}
	code := typeError
	if t.Base == PathBase || t.Base == NodeBase || t.Base == RelBase {
		code = syntaxError
	}
	b.failAs(code, e.Subject, invalidArgumentType, "a value of type "+t.String()+" has no properties")
	return Type{}
}

func (b *binder) index(e *syntax.Index, s *scope) Type {
	t := b.expr(e.Subject, s)
	at := b.expr(e.Index, s)
	if !(Takes(MapBase, NodeBase, RelBase, Temporal, Point, Vector) | Lists).Holds(t) {
		b.failAs(typeError, e.Subject, invalidArgumentType, "a value of type "+t.String()+" has no items")
	}
	if t.IsList() && !Takes(Number).Holds(at) {
		b.failAs(typeError, e.Index, invalidArgumentType, "a list is indexed by Integer, found "+at.String())
	}
	return t.Elem()
}

func (b *binder) slice(e *syntax.Slice, s *scope) Type {
	t := b.expr(e.Subject, s)
	if !(Lists | Takes(Vector)).Holds(t) {
		b.failAs(typeError, e.Subject, invalidArgumentType, "a value of type "+t.String()+" has no items")
	}
	for _, bound := range []syntax.Expr{e.From, e.To} {
		if bound != nil {
			b.expr(bound, s)
		}
	}
	if !t.IsList() {
		return ListOf(Type{})
	}
	return t
}

func (b *binder) caseExpr(e *syntax.Case, s *scope) Type {
	if e.Subject != nil {
		b.expr(e.Subject, s)
	}
	result := Of(NullBase)
	for _, w := range e.Whens {
		for _, value := range w.Values {
			if e.Subject == nil {
				b.condition(value, s)
			} else {
				b.expr(value, s)
			}
		}
		result = join(result, b.expr(w.Then, s))
	}
	if e.Else != nil {
		result = join(result, b.expr(e.Else, s))
	}
	return result
}

func (b *binder) listComprehension(e *syntax.ListComprehension, s *scope) Type {
	t := b.expr(e.List, s)
	b.wantType(e.List, t, Lists, "a list comprehension")
	result := t.Elem()
	b.local(s, func(inner *scope) {
		b.declare(inner, e.Variable, t.Elem())
		b.where(e.Where, inner)
		if e.Result != nil {
			result = b.expr(e.Result, inner)
		}
	})
	return ListOf(result)
}

func (b *binder) reduce(e *syntax.Reduce, s *scope) Type {
	b.expr(e.Init, s)
	t := b.expr(e.List, s)
	b.wantType(e.List, t, Lists, "reduce()")
	b.local(s, func(inner *scope) {
		b.declare(inner, e.Accumulator, Type{})
		b.declare(inner, e.Variable, t.Elem())
		b.expr(e.Step, inner)
	})
	return Type{}
}

func (b *binder) mapProjection(e *syntax.MapProjection, s *scope) Type {
	v := b.use(s, e.Subject)
	b.wantType(e.Subject, v.Type, Takes(MapBase, NodeBase, RelBase), "a map projection")
	for _, item := range e.Items {
		if item.Value != nil {
			b.expr(item.Value, s)
		}
	}
	return Of(MapBase)
}

func (b *binder) patternComprehension(e *syntax.PatternComprehension, s *scope) Type {
	var result Type
	b.local(s, func(inner *scope) {
		p := patternBinder{binder: b, scope: inner}
		path := p.path(e.Part)
		p.conditions([]*Path{path})
		b.stmt.paths[e.Part] = path
		b.where(e.Where, inner)
		result = b.expr(e.Result, inner)
	})
	return ListOf(result)
}

// patternExpr binds a pattern where an expression stands: only the paths of
// shortestPath() are values. Like a pattern that is a condition it brings no
// names with it: its ends are known.
func (b *binder) patternExpr(e *syntax.PatternExpr, s *scope) Type {
	if !e.Part.Function {
		b.fail(e, unexpectedSyntax, "a pattern can only be a condition: in WHERE, in exists()")
		b.hint("count matches with COUNT { … }, collect them with [ pattern | expression ]")
		return Type{}
	}
	b.local(s, func(inner *scope) {
		p := patternBinder{binder: b, scope: inner, closed: true}
		path := p.path(e.Part)
		p.conditions([]*Path{path})
		b.stmt.paths[e.Part] = path
	})
	if e.Part.Selector == syntax.AllShortest {
		return ListOf(Of(PathBase))
	}
	return Of(PathBase)
}

// patternPredicate binds a pattern that is a condition. It brings no names
// with it.
func (b *binder) patternPredicate(e *syntax.PatternExpr, s *scope) {
	b.local(s, func(inner *scope) {
		p := patternBinder{binder: b, scope: inner, closed: true}
		path := p.path(e.Part)
		p.conditions([]*Path{path})
		b.stmt.paths[e.Part] = path
	})
}

func (b *binder) subquery(e *syntax.Subquery, s *scope) Type {
	var q *Query
	b.local(s, func(*scope) {
		inAggregate := b.inAggregate
		b.inAggregate = false
		at := existsQuery
		if e.Kind == syntax.CollectSubquery {
			at = collectQuery
		}
		b.agg = nil
		q = b.query(e.Query, s, at)
		b.inAggregate = inAggregate
	})
	b.stmt.queries[e] = q
	switch e.Kind {
	case syntax.ExistsSubquery:
		return Of(Boolean)
	case syntax.CountSubquery:
		return Of(Integer)
	}
	if len(q.Parts[0].Results) == 1 {
		return ListOf(q.Parts[0].Results[0].Type)
	}
	return ListOf(Type{})
}

package bind

import (
	"slices"

	"github.com/pocketgraph/pocketgraph/cypher/syntax"
)

// aggregation collects the aggregates of one projection.
type aggregation struct {
	projection *Projection
	byPrint    map[string]*Var // the aggregates by fingerprint, each once
	calls      int             // how many there are, equal ones included
}

// aggregate binds a call of an aggregate.
func (b *binder) aggregate(e syntax.Expr, name string, distinct bool, args []syntax.Expr, s *scope, f *Function) Type {
	switch {
	case b.inAggregate:
		b.fail(e, nestedAggregation, "an aggregate cannot stand inside another")
		return Type{}
	case b.agg == nil:
		b.fail(e, invalidAggregation, "an aggregate cannot stand here, only in the columns of RETURN and WITH")
		return Type{}
	}
	b.inAggregate = true
	t := f.Result
	if f.Name != "" {
		t = b.arguments(args, f, name, s)
	}
	b.inAggregate = false
	b.agg.add(b, &Aggregate{Expr: e, Name: name, Distinct: distinct, Args: args}, t)
	return t
}

// add registers an aggregate; one that is there already is shared.
func (a *aggregation) add(b *binder, call *Aggregate, t Type) {
	a.calls++
	if a.byPrint == nil {
		a.byPrint = map[string]*Var{}
	}
	print := b.fingerprint(call.Expr)
	v := a.byPrint[print]
	if v == nil {
		v = b.generated(call.Name, t, call.Expr.Span().Pos)
		a.byPrint[print] = v
		call.Var = v
		a.projection.Aggregates = append(a.projection.Aggregates, call)
	}
	b.stmt.computed[call.Expr] = v
}

// checkGrouping checks that what stands beside aggregates in an item is known
// per group: constants, and variables and properties that are keys themselves.
func (b *binder) checkGrouping(r *Projection) {
	k := b.simpleKeys(r)
	for _, item := range r.Items {
		if item.Aggregate {
			b.grouped(item.Expr, k, nil)
		}
	}
}

// keys are the grouping keys that an expression beside an aggregate may use.
type keys struct {
	byVar   map[*Var]*Var   // variables, by what they are before
	byPrint map[string]*Var // properties of variables
}

func (b *binder) simpleKeys(r *Projection) keys {
	k := keys{map[*Var]*Var{}, map[string]*Var{}}
	for _, item := range r.Keys {
		if v, ok := item.Expr.(*syntax.Variable); ok {
			k.byVar[b.stmt.vars[v]] = item.Var
		} else if isPropertyOfVariable(item.Expr) {
			k.byPrint[b.fingerprint(item.Expr)] = item.Var
		}
	}
	return k
}

// isPropertyOfVariable reports whether e is a.b or a.b.c.
func isPropertyOfVariable(e syntax.Expr) bool {
	p, ok := e.(*syntax.Property)
	for ok {
		if _, isVariable := p.Subject.(*syntax.Variable); isVariable {
			return true
		}
		p, ok = p.Subject.(*syntax.Property)
	}
	return false
}

// grouped goes through an expression that contains aggregates. Parts that are
// keys are marked as computed; a variable that is none is an error. locals are
// the variables the expression binds itself.
func (b *binder) grouped(e syntax.Node, k keys, locals []*Var) {
	switch n := e.(type) {
	case syntax.Expr:
		if b.stmt.computed[n] != nil {
			return
		}
		if isPropertyOfVariable(n) && !b.isLocal(n, locals) {
			if v := k.byPrint[b.fingerprint(n)]; v != nil {
				b.stmt.computed[n] = v
				return
			}
		}
		if v, ok := n.(*syntax.Variable); ok {
			b.groupedVariable(v, k, locals)
			return
		}
		locals = append(locals[:len(locals):len(locals)], b.bound(n)...)
	case *syntax.PatternPart, *syntax.Query:
		b.groupedPattern(n, k, locals)
		return
	}
	syntax.Children(e, func(child syntax.Node) { b.grouped(child, k, locals) })
}

// isLocal says that a property is one of a variable that the expression binds.
func (b *binder) isLocal(e syntax.Expr, locals []*Var) bool {
	for {
		switch x := e.(type) {
		case *syntax.Property:
			e = x.Subject
		case *syntax.Variable:
			return slices.Contains(locals, b.stmt.vars[x])
		default:
			return false
		}
	}
}

func (b *binder) groupedVariable(v *syntax.Variable, k keys, locals []*Var) {
	bound := b.stmt.vars[v]
	if bound == nil || slices.Contains(locals, bound) {
		return
	}
	key := k.byVar[bound]
	switch {
	case key == nil:
		b.fail(v, ambiguousAggregation, "beside an aggregate "+v.Name+" must be a column of its own")
		b.hint("add " + v.Name + " to the columns, or compute it in a WITH before")
	case key != bound:
		b.stmt.computed[v] = key
	}
}

// groupedPattern checks the variables of a pattern or subquery beside an
// aggregate. They are bound by name, so they have to be keys under their name.
func (b *binder) groupedPattern(e syntax.Node, k keys, locals []*Var) {
	syntax.Walk(e, func(n syntax.Node) bool {
		v, ok := n.(*syntax.Variable)
		if !ok {
			return true
		}
		bound := b.stmt.vars[v]
		inside := bound == nil || bound.Pos >= e.Span().Pos && bound.Pos < e.Span().End
		if !inside && !slices.Contains(locals, bound) && k.byVar[bound] != bound {
			b.fail(v, ambiguousAggregation, "beside an aggregate "+v.Name+" must be a column of its own")
		}
		return true
	})
}

// bound lists the variables an expression binds for its own parts.
func (b *binder) bound(e syntax.Expr) []*Var {
	switch e := e.(type) {
	case *syntax.ListComprehension:
		return []*Var{b.stmt.vars[e.Variable]}
	case *syntax.Quantified:
		return []*Var{b.stmt.vars[e.Variable]}
	case *syntax.Reduce:
		return []*Var{b.stmt.vars[e.Accumulator], b.stmt.vars[e.Variable]}
	case *syntax.PatternComprehension:
		var list []*Var
		syntax.Walk(e.Part, func(n syntax.Node) bool {
			if v, ok := n.(*syntax.Variable); ok {
				if bound := b.stmt.vars[v]; bound != nil && bound.Pos == v.Pos {
					list = append(list, bound)
				}
			}
			return true
		})
		return list
	}
	return nil
}

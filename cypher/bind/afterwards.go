package bind

import (
	"slices"

	"github.com/pocketgraph/pocketgraph/cypher/syntax"
)

// afterwards binds what is evaluated after the columns of a projection: ORDER
// BY, and the WHERE of WITH.
type afterwards struct {
	*binder
	projection *Projection
	before     *scope           // the incoming variables
	next       *scope           // the columns
	columns    map[string]*Item // by the fingerprint of their expressions
	keys       map[*Var]bool    // incoming variables that keys are made of
}

// isGrouped reports whether the incoming rows are gone.
func (a *afterwards) isGrouped() bool { return a.projection.Aggregated || a.projection.Distinct }

// bind binds one expression. A part that is a column already is not computed
// again; a name is a column first, then, while the incoming rows are still
// there, what it was before.
func (a *afterwards) bind(e syntax.Expr, bindIn func(syntax.Expr, *scope)) {
	s := newScope(a.before)
	if a.isGrouped() {
		s = newScope(a.next.outer)
		s.border = a.next.border
	}
	for _, v := range a.next.list {
		s.add(v)
	}
	hasAggregate := a.markAggregates(e, s)
	switch {
	case a.err != nil:
		return
	case hasAggregate:
		a.bindBesideAggregates(e, s)
	default:
		walkNames(e, nil, a.markColumns)
	}
	if a.err == nil {
		a.marked(e, s, bindIn)
	}
}

// marked binds an expression but for the parts that are marked as computed.
func (a *afterwards) marked(e syntax.Expr, s *scope, bindIn func(syntax.Expr, *scope)) {
	defer func(old bool) { a.skipComputed = old }(a.skipComputed)
	a.skipComputed = true
	bindIn(e, s)
}

func (a *afterwards) named(name string) bool {
	for _, v := range a.next.list {
		if v.Name == name {
			return true
		}
	}
	return false
}

// markColumns finds the largest parts that equal the expression of a column.
func (a *afterwards) markColumns(e syntax.Node, hidden []string) bool {
	n, ok := e.(syntax.Expr)
	if !ok || mentions(n, hidden) {
		return true
	}
	if item := a.column(n); item != nil {
		a.stmt.computed[n] = item.Var
		return false
	}
	return true
}

// walkNames visits a node and, when visit says so, its children. hidden are the
// names that mean something else there than at the top: the variables of the
// comprehensions around, and what patterns name. Queries are left out.
func walkNames(e syntax.Node, hidden []string, visit func(e syntax.Node, hidden []string) bool) {
	if _, isQuery := e.(*syntax.Query); isQuery || !visit(e, hidden) {
		return
	}
	var outside []syntax.Node // children that the names of e are not for
	inside := hidden[:len(hidden):len(hidden)]
	switch e := e.(type) {
	case *syntax.ListComprehension:
		outside, inside = []syntax.Node{e.List}, append(inside, e.Variable.Name)
	case *syntax.Quantified:
		outside, inside = []syntax.Node{e.List}, append(inside, e.Variable.Name)
	case *syntax.Reduce:
		outside, inside = []syntax.Node{e.List, e.Init}, append(inside, e.Variable.Name, e.Accumulator.Name)
	case *syntax.PatternComprehension:
		inside = append(inside, namesIn(e.Part)...)
	case *syntax.PatternExpr:
		inside = append(inside, namesIn(e.Part)...)
	}
	syntax.Children(e, func(child syntax.Node) {
		if slices.Contains(outside, child) {
			walkNames(child, hidden, visit)
		} else {
			walkNames(child, inside, visit)
		}
	})
}

// mentions says that one of some names stands in an expression.
func mentions(e syntax.Node, some []string) (found bool) {
	if len(some) > 0 {
		syntax.Walk(e, func(n syntax.Node) bool {
			v, ok := n.(*syntax.Variable)
			found = found || ok && slices.Contains(some, v.Name)
			return !found
		})
	}
	return found
}

// namesIn lists the variables of a pattern.
func namesIn(part *syntax.PatternPart) (out []string) {
	syntax.Walk(part, func(n syntax.Node) bool {
		if v, ok := n.(*syntax.Variable); ok {
			out = append(out, v.Name)
		}
		return true
	})
	return out
}

// column finds the column an expression equals. Literals are none: they need no
// computing. Nor is a variable, which is looked up by name, unless it is there
// only under another one: RETURN DISTINCT x AS y ORDER BY x.
func (a *afterwards) column(e syntax.Expr) *Item {
	if a.columns == nil {
		a.columns = map[string]*Item{}
		for _, item := range a.projection.Items {
			a.columns[a.fingerprint(item.Expr)] = item
		}
	}
	switch e := e.(type) {
	case *syntax.Variable:
		if !a.isGrouped() || a.named(e.Name) {
			return nil
		}
	case *syntax.Parameter, *syntax.NullLiteral, *syntax.BoolLiteral,
		*syntax.IntLiteral, *syntax.FloatLiteral, *syntax.StringLiteral, *syntax.CaseSubject:
		return nil
	}
	return a.columns[a.fingerprint(e)]
}

// markAggregates finds the aggregates of an expression among those of the
// projection.
func (a *afterwards) markAggregates(e syntax.Expr, s *scope) (found bool) {
	syntax.Walk(e, func(n syntax.Node) bool {
		if _, isQuery := n.(*syntax.Query); isQuery || a.err != nil {
			return false
		}
		call, ok := n.(syntax.Expr)
		if !ok || !a.isAggregate(call) {
			return true
		}
		found = true
		a.markAggregate(call, s)
		return false
	})
	return found
}

func (b *binder) isAggregate(e syntax.Expr) bool {
	switch e := e.(type) {
	case *syntax.CountStar:
		return true
	case *syntax.FunctionCall:
		f := b.catalog.Function(lowerName(e.Name))
		return f != nil && f.Aggregate
	}
	return false
}

func (a *afterwards) markAggregate(call syntax.Expr, s *scope) {
	if !a.projection.Aggregated {
		a.fail(call, invalidAggregation, "an aggregate cannot stand here: no column of the projection has one")
		return
	}
	print := a.fingerprint(call)
	for _, known := range a.projection.Aggregates {
		if a.fingerprint(known.Expr) == print {
			a.stmt.computed[call] = known.Var
			return
		}
	}
	a.newAggregate(call, s)
}

// newAggregate adds an aggregate that only ORDER BY asks for. Its arguments are
// over the incoming rows, of which only passed-on variables can still be named.
func (a *afterwards) newAggregate(call syntax.Expr, s *scope) {
	outer := a.agg
	a.agg = &aggregation{projection: a.projection}
	a.expr(call, s)
	a.agg = outer
	syntax.Walk(call, func(n syntax.Node) bool {
		v, ok := n.(*syntax.Variable)
		if ok && a.err == nil && a.before.find(v.Name) != a.stmt.vars[v] {
			a.fail(call, invalidAggregation, "an aggregate here has to be a column too")
		}
		return true
	})
}

// bindBesideAggregates checks and marks what stands beside aggregates, as in
// the columns: variables and properties that are columns themselves.
func (a *afterwards) bindBesideAggregates(e syntax.Expr, s *scope) {
	k := a.simpleKeys(a.projection)
	walkNames(e, nil, func(n syntax.Node, hidden []string) bool {
		part, ok := n.(syntax.Expr)
		if !ok || a.err != nil {
			return a.err == nil
		}
		if a.stmt.computed[part] != nil {
			return false
		}
		if isPropertyOfVariable(part) && !mentions(part, hidden) {
			if v := k.byPrint[a.fingerprint(part)]; v != nil {
				a.stmt.computed[part] = v
				return false
			}
		}
		if v, ok := part.(*syntax.Variable); ok && s.find(v.Name) == nil && !slices.Contains(hidden, v.Name) && a.partOfKey(v) {
			a.fail(v, ambiguousAggregation, "beside an aggregate only whole columns can be used, not "+v.Name+", which is part of one")
		}
		return true
	})
}

// partOfKey reports whether an incoming variable is used in a grouping key.
func (a *afterwards) partOfKey(v *syntax.Variable) bool {
	if a.keys == nil {
		a.keys = map[*Var]bool{}
		for _, key := range a.projection.Keys {
			syntax.Walk(key.Expr, func(n syntax.Node) bool {
				if v, ok := n.(*syntax.Variable); ok {
					a.keys[a.stmt.vars[v]] = true
				}
				return true
			})
		}
	}
	bound := a.before.find(v.Name)
	return bound != nil && a.keys[bound]
}

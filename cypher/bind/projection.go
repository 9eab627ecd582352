package bind

import (
	"slices"
	"strings"

	"github.com/pocketgraph/pocketgraph/cypher/syntax"
)

func (b *binder) with(c *syntax.With, s *scope) (Clause, *scope) {
	w := &With{Syntax: c, Where: c.Where}
	after := b.projection(&c.Projection, &w.Projection, s)
	if c.Where != nil {
		after.bind(c.Where, func(e syntax.Expr, s *scope) { b.condition(e, s) })
	}
	for _, item := range c.Items {
		if _, isVariable := item.Expr.(*syntax.Variable); item.Alias == nil && !isVariable {
			b.fail(item, noExpressionAlias, "an expression in WITH needs a name")
			b.hint("add AS name")
		}
	}
	return w, after.next
}

func (b *binder) returns(c *syntax.Return, s *scope) (Clause, *scope) {
	r := &Return{Syntax: c}
	after := b.projection(&c.Projection, &r.Projection, s)
	if c.Star && len(r.Items) == 0 {
		b.fail(c, noVariables, "RETURN * needs a variable in scope")
	}
	return r, after.next
}

// projection binds what WITH and RETURN share, and gives what is visible after
// it.
func (b *binder) projection(c *syntax.Projection, r *Projection, s *scope) *afterwards {
	next := newScope(s.outer)
	next.border = s.border
	r.Distinct = c.Distinct
	if c.Star {
		b.expandStar(r, s)
	}
	b.items(c, r, s)
	for _, item := range r.Items {
		if next.byName[item.Name] != nil {
			b.fail(columnOf(c, item), columnNameConflict, "two columns are called "+item.Name)
		}
		next.add(item.Var)
	}
	return b.projectionTail(c, r, s, next)
}

// projectionTail binds ORDER BY, SKIP and LIMIT.
func (b *binder) projectionTail(c *syntax.Projection, r *Projection, s, next *scope) *afterwards {
	after := &afterwards{binder: b, projection: r, before: s, next: next}
	for _, o := range c.OrderBy {
		after.bind(o.Expr, func(e syntax.Expr, s *scope) { b.expr(e, s) })
		r.OrderBy = append(r.OrderBy, &Sort{Expr: o.Expr, Desc: o.Desc})
	}
	r.Skip, r.Limit = c.Skip, c.Limit
	b.constant(c.Skip, "SKIP")
	b.constant(c.Limit, "LIMIT")
	return after
}

// columnOf finds where a column is written.
func columnOf(c *syntax.Projection, item *Item) syntax.Node {
	for i := len(c.Items) - 1; i >= 0; i-- {
		if c.Items[i].Expr == item.Expr {
			return c.Items[i]
		}
	}
	return item.Expr
}

// expandStar makes an item of each variable in scope, sorted by name.
func (b *binder) expandStar(r *Projection, s *scope) {
	list := slices.Clone(s.list)
	if s.border != nil && len(list) == 0 && s.outer != nil {
		// The WITH * at the start of a subquery takes in all of the outside.
		for _, name := range s.outer.names() {
			if v := s.find(name); !slices.Contains(list, v) {
				list = append(list, v)
			}
		}
	}
	list = slices.DeleteFunc(list, func(v *Var) bool { return v.Anonymous })
	slices.SortFunc(list, func(x, y *Var) int { return strings.Compare(x.Name, y.Name) })
	for _, v := range list {
		e := &syntax.Variable{Range: syntax.Range{Pos: v.Pos, End: v.Pos}, Name: v.Name}
		b.stmt.vars[e] = v
		r.Items = append(r.Items, &Item{Name: v.Name, Expr: e, Var: v})
	}
}

// items binds the columns that are written out. What an aggregate is split
// into is decided when all are bound.
func (b *binder) items(c *syntax.Projection, r *Projection, s *scope) {
	agg := &aggregation{projection: r}
	for _, item := range c.Items {
		outer := b.agg
		b.agg = agg
		before := agg.calls
		t := b.expr(item.Expr, s)
		b.agg = outer
		bound := &Item{Name: columnName(item), Expr: item.Expr, Aggregate: agg.calls > before}
		bound.Var = b.itemVar(item, bound, t)
		r.Items = append(r.Items, bound)
	}
	if r.Aggregated = len(r.Aggregates) > 0; !r.Aggregated {
		return
	}
	for _, item := range r.Items {
		if !item.Aggregate {
			r.Keys = append(r.Keys, item)
		}
	}
	b.checkGrouping(r)
}

// columnName is the name of a column: its alias, the variable it is, or its
// text.
func columnName(item *syntax.ProjectionItem) string {
	if item.Alias != nil {
		return item.Alias.Name
	}
	if v, ok := item.Expr.(*syntax.Variable); ok {
		return v.Name
	}
	return item.Text
}

// itemVar is the variable of a column: the same one where a variable is passed
// on under its name, else a new one.
func (b *binder) itemVar(item *syntax.ProjectionItem, bound *Item, t Type) *Var {
	var v *Var
	if e, ok := item.Expr.(*syntax.Variable); ok && e.Name == bound.Name {
		v = b.stmt.vars[e]
	} else {
		v = b.newVar(bound.Name, t, item.Pos)
	}
	if item.Alias != nil {
		b.stmt.vars[item.Alias] = v
	}
	return v
}

// constant checks an expression that must be known before the first row: SKIP,
// LIMIT. It may be nil.
func (b *binder) constant(e syntax.Expr, what string) {
	if e == nil {
		return
	}
	syntax.Walk(e, func(n syntax.Node) bool {
		switch n.(type) {
		case *syntax.Variable, *syntax.PatternExpr, *syntax.PatternComprehension, *syntax.Subquery:
			if b.err == nil && !isLocal(e, n) {
				b.fail(n, nonConstant, what+" cannot depend on the rows")
			}
		}
		return true
	})
	t := b.expr(e, newScope(nil))
	b.wantType(e, t, Takes(Integer)|1<<Number, what)
	if i, ok := e.(*syntax.IntLiteral); ok && i.Value < 0 {
		b.fail(e, negativeInteger, what+" cannot be negative")
	}
}

// isLocal reports whether a variable is bound inside the expression itself, by
// a comprehension and the like.
func isLocal(e syntax.Expr, n syntax.Node) bool {
	v, ok := n.(*syntax.Variable)
	if !ok {
		return false
	}
	found := false
	syntax.Walk(e, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.ListComprehension:
			found = found || n.Variable.Name == v.Name
		case *syntax.Quantified:
			found = found || n.Variable.Name == v.Name
		case *syntax.Reduce:
			found = found || n.Variable.Name == v.Name || n.Accumulator.Name == v.Name
		}
		return true
	})
	return found
}

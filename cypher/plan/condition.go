package plan

import (
	"sort"

	"github.com/pocketgraph/pocketgraph/cypher/bind"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
)

// ConditionKind says which form a Condition has.
type ConditionKind uint8

// The forms of a Condition.
const (
	IsTrue    ConditionKind = iota // Expr is true
	HasValue                       // property Key of Slot equals Expr
	HasLabels                      // Slot satisfies Labels
	Same                           // Slot and Other hold the same
	NotNull                        // Slot is not null
)

// Condition is a conjunct of a filter.
type Condition struct {
	Kind   ConditionKind
	Slot   Slot
	Other  Slot
	Key    string
	Labels syntax.LabelExpr
	Expr   syntax.Expr
	Uses   []Slot // sorted: what must be bound
}

// conjuncts splits an expression at its ANDs.
func conjuncts(dst []syntax.Expr, e syntax.Expr) []syntax.Expr {
	if e == nil {
		return dst
	}
	if b, ok := e.(*syntax.Binary); ok && b.Op == syntax.And {
		return conjuncts(conjuncts(dst, b.Left), b.Right)
	}
	return append(dst, e)
}

// uses lists the slots whose values some pieces of syntax need, sorted: the
// variables in them that they do not declare themselves.
func (b *builder) uses(nodes ...syntax.Node) []Slot {
	seen, own := map[Slot]bool{}, map[Slot]bool{}
	declare := func(v *syntax.Variable) {
		if bound := b.stmt.Var(v); bound != nil {
			own[bound.ID] = true
		}
	}
	visit := func(n syntax.Node) bool {
		if e, ok := n.(syntax.Expr); ok {
			if v := b.stmt.Computed(e); v != nil {
				seen[v.ID] = true
				return false
			}
		}
		switch n := n.(type) {
		case *syntax.Variable:
			if v := b.stmt.Var(n); v != nil {
				seen[v.ID] = true
			}
		case *syntax.ListComprehension:
			declare(n.Variable)
		case *syntax.Quantified:
			declare(n.Variable)
		case *syntax.Reduce:
			declare(n.Variable)
			declare(n.Accumulator)
		case *syntax.PatternComprehension:
			b.ownPath(own, n.Part)
		case *syntax.PatternExpr:
			b.ownPath(own, n.Part)
		case *syntax.Subquery:
			for _, v := range b.stmt.Subquery(n).Outer {
				seen[v.ID] = true
			}
			return false
		}
		return true
	}
	for _, n := range nodes {
		if n != nil {
			syntax.Walk(n, visit)
		}
	}
	for s := range own {
		delete(seen, s)
	}
	return sorted(seen)
}

// ownPath adds the variables that a pattern inside an expression declares.
func (b *builder) ownPath(own map[Slot]bool, part *syntax.PatternPart) {
	path := b.stmt.Path(part)
	if path == nil {
		return
	}
	b.ownElements(own, path)
}

func (b *builder) ownElements(own map[Slot]bool, path *bind.Path) {
	if path.Var != nil {
		own[path.Var.ID] = true
	}
	for _, e := range path.Elements {
		switch e := e.(type) {
		case *bind.Node:
			if !e.Bound {
				own[e.Var.ID] = true
			}
		case *bind.Rel:
			if !e.Bound {
				own[e.Var.ID] = true
			}
		case *bind.Group:
			b.ownElements(own, e.Path)
			for _, l := range e.Lists {
				own[l.All.ID] = true
			}
		}
	}
}

func sorted(set map[Slot]bool) []Slot {
	out := make([]Slot, 0, len(set))
	for s := range set {
		out = append(out, s)
	}
	sort.Ints(out)
	return out
}

func covered(uses []Slot, bound map[Slot]bool) bool {
	for _, s := range uses {
		if !bound[s] {
			return false
		}
	}
	return true
}

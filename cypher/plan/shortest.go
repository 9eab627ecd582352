package plan

import (
	"github.com/pocketgraph/pocketgraph/cypher/bind"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
)

// shortestEdge turns the middle of a shortest path into one relationship of
// variable length and what every one of them has to satisfy; nil when it is
// more than that.
func (m *matcher) shortestEdge(e *edge) (*bind.Rel, []*Condition, Slot) {
	r := e.rel
	var where syntax.Expr
	each := Slot(-1)
	if g := e.group; g != nil {
		if r = m.oneRelWhere(g); r == nil {
			return nil, nil, -1
		}
		each, where = g.Path.Elements[1].(*bind.Rel).Var.ID, g.Where
	}
	if each < 0 {
		each = m.b.hidden(Rel, "rel")
	}
	var conditions []*Condition
	for _, c := range append(conjuncts(nil, r.Syntax.Where), conjuncts(nil, where)...) {
		conditions = append(conditions, &Condition{Kind: IsTrue, Expr: c, Uses: m.b.uses(c)})
	}
	if _, plain := syntax.TypeNames(r.Syntax.Types); !plain {
		conditions = append(conditions, &Condition{Kind: HasLabels, Slot: each, Labels: r.Syntax.Types,
			Uses: append(m.b.labelUses(r.Syntax.Types), each)})
	}
	for _, c := range conditions {
		for _, s := range c.Uses {
			if s != each && !m.bound[s] {
				return nil, nil, -1
			}
		}
	}
	return r, conditions, each
}

// oneRelWhere is the relationship of a group of one between nodes of which
// nothing is asked, with the length that the group is repeated.
func (m *matcher) oneRelWhere(g *bind.Group) *bind.Rel {
	r := onlyRel(g)
	if r == nil {
		return nil
	}
	return &bind.Rel{Syntax: repeated(r, g), Var: r.Var}
}

// onlyRel is the relationship of a group that has but one, between nodes of which
// nothing is asked.
func onlyRel(g *bind.Group) *bind.Rel {
	if len(g.Path.Elements) != 3 || g.Path.Var != nil {
		return nil
	}
	left, okLeft := g.Path.Elements[0].(*bind.Node)
	r, okRel := g.Path.Elements[1].(*bind.Rel)
	right, okRight := g.Path.Elements[2].(*bind.Node)
	if !okLeft || !okRel || !okRight || !isBare(left) || !isBare(right) || r.Syntax.Length != nil {
		return nil
	}
	return r
}

// repeated is a relationship with the length that its group is repeated.
func repeated(r *bind.Rel, g *bind.Group) *syntax.RelPattern {
	many := *r.Syntax
	many.Quantifier, many.Length = nil, &syntax.Length{Range: g.Quantifier.Range, Min: g.Quantifier.Min, Max: g.Quantifier.Max}
	return &many
}

// followShortest adds the search for one shortest path, or for all of them.
func (m *matcher) followShortest(e *edge) error {
	part := e.path.Syntax
	r, conditions, each := m.shortestEdge(e)
	if r == nil {
		return NotImplemented("a shortest path along more than one repeated relationship", part.Span())
	}
	types, plain := syntax.TypeNames(r.Syntax.Types)
	if !plain {
		types = nil
	}
	op := &ShortestPath{Common: Common{In: m.op}, From: e.left, Rels: e.slot, To: e.right, Direction: directions[r.Syntax.Direction], Types: types,
		Min: 1, Max: 1, All: part.Selector == syntax.AllShortest || part.Selector == syntax.ShortestGroups, Count: part.Count, Loops: !part.Function, Each: each, Conditions: conditions}
	if r.Syntax.Length != nil {
		op.Min, op.Max = bounds(r.Syntax.Length)
	}
	var err error
	op.Properties, err = properties(r.Syntax.Properties)
	m.op = op
	m.bind(e.slot)
	if e.group != nil {
		for _, l := range e.group.Lists {
			m.op = &Project{Common: Common{In: m.op}, Items: []Assign{{Slot: l.All.ID, Expr: &SlotExpr{Slot: e.slot}}}}
			m.bind(l.All.ID)
		}
	}
	return err
}

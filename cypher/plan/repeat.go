package plan

import (
	"github.com/pocketgraph/pocketgraph/cypher/bind"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
)

// Repeat runs Inner Min to Max times one after the other, each from the node
// where the last one ended, using no relationship twice. It binds Rels to the
// relationships of the whole way and every All to the list of its Each.
type Repeat struct {
	Common
	From, To, Rels     Slot
	ToBound            bool
	Inner              Op
	InnerFrom, InnerTo Slot
	Steps              []PathStep // of one repetition, from left to right
	Lists              []RepeatList
	Min, Max           int    // Max < 0: any number
	Distinct           []Slot // relationships that all must differ from
	Reversed           bool   // walked from the right end: lists are turned round
}

// RepeatList is a slot of Inner and the list of its values.
type RepeatList struct{ Each, All Slot }

// groupOf makes a repeated group of a relationship of variable length, which
// says the same.
func groupOf(r *bind.Rel) *bind.Group {
	one := *r.Syntax
	one.Length = nil
	from, to := bounds(r.Syntax.Length)
	g := &bind.Group{Quantifier: &syntax.Quantifier{Range: r.Syntax.Range, Min: int64(from), Max: int64(to)}}
	g.Path = &bind.Path{Elements: []bind.Element{&bind.Node{}, &bind.Rel{Syntax: &one}, &bind.Node{}}}
	if !r.Var.Anonymous {
		g.Lists = []bind.GroupList{{All: r.Var}}
	}
	return g
}

// group adds a path in parentheses. One that is not repeated is part of the
// path it stands in.
func (w *pathWalk) group(g *bind.Group) error {
	m := w.m
	if g.Quantifier == nil {
		for _, e := range conjuncts(nil, g.Where) {
			m.pending = append(m.pending, &Condition{Kind: IsTrue, Expr: e, Uses: m.b.uses(e)})
		}
		if g.Path.Var != nil {
			if w.p.Var != nil || len(w.p.Elements) > 1 {
				return NotImplemented("a path variable of a part of a pattern", g.Syntax.Span())
			}
			w.p = &bind.Path{Syntax: w.p.Syntax, Var: g.Path.Var, Elements: w.p.Elements}
			w.path.Path = g.Path.Var.ID
			m.paths = append(m.paths, w.path)
		}
		return w.elements(g.Path.Elements)
	}
	if w.open != nil || w.last < 0 {
		w.reach(m.anonymous())
	}
	if r := m.oneRel(g); r != nil && (m.b.options.Groups || isShortest(w.p)) {
		return w.step(m.newEdge(r, w.last, w.p), true)
	}
	return w.step(&edge{group: g, left: w.last, slot: m.b.hidden(Any, "rels"), path: w.p}, true)
}

// oneRel makes a relationship of variable length of a group that is no more.
//
// Rule one relationship: a group of one relationship between nodes about which
// nothing is said is a relationship of variable length.
//
//	Repeat((a) (()-[:KNOWS]->()){1,3} (b))  =>  VarExpand((a)-[:KNOWS*1..3]->(b))
func (m *matcher) oneRel(g *bind.Group) *bind.Rel {
	r := onlyRel(g)
	if r == nil || g.Where != nil || r.Syntax.Where != nil || r.Var == nil {
		return nil
	}
	for _, s := range m.b.uses(r.Syntax.Properties) {
		if s == r.Var.ID {
			return nil
		}
	}
	if _, plain := syntax.TypeNames(r.Syntax.Types); !plain {
		return nil
	}
	out := &bind.Rel{Syntax: repeated(r, g)}
	if len(g.Lists) > 0 {
		out.Var = g.Lists[0].All
	} else {
		out.Var = &bind.Var{ID: m.b.hidden(Any, "rels"), Anonymous: true}
	}
	return out
}

// isBare says that a pattern asks nothing of a node, not even its name.
func isBare(n *bind.Node) bool {
	return n.Var != nil && n.Var.Anonymous &&
		(n.Syntax == nil || n.Syntax.Labels == nil && n.Syntax.Properties == nil && n.Syntax.Where == nil)
}

// followGroup plans one repetition of a group and the operator that repeats it.
func (m *matcher) followGroup(e *edge, distinct []Slot) error {
	g := e.group
	at := g.Quantifier.Span()
	inner := &matcher{b: m.b, bound: copySet(m.bound), repeat: m.repeat}
	path, lists := g.Path, m.named(g)
	for _, c := range conjuncts(nil, g.Where) {
		inner.pending = append(inner.pending, &Condition{Kind: IsTrue, Expr: c, Uses: m.b.uses(c)})
	}
	way, err := inner.addPath(path)
	if err != nil {
		return err
	}
	op := &Repeat{Common: Common{In: m.op}, Rels: e.slot, Distinct: distinct, Steps: way.Steps, Lists: lists,
		From: e.left, To: e.right, InnerFrom: way.Start, InnerTo: way.Steps[len(way.Steps)-1].Node}
	op.Min, op.Max = bounds(&syntax.Length{Min: g.Quantifier.Min, Max: g.Quantifier.Max})
	if !m.bound[op.From] {
		op.From, op.To, op.InnerFrom, op.InnerTo, op.Reversed = op.To, op.From, op.InnerTo, op.InnerFrom, true
	}
	op.ToBound = m.bound[op.To]
	if inner.bound[op.InnerFrom] { // a node of the outside stands in the group
		node := m.b.hidden(Node, "node")
		inner.pending = append(inner.pending, &Condition{Kind: Same, Slot: op.InnerFrom, Other: node, Uses: []Slot{op.InnerFrom, node}})
		op.InnerFrom = node
	}
	inner.bound[op.InnerFrom] = true
	inner.op = &Argument{Slots: sorted(inner.bound)}
	if op.Inner, err = inner.solve(); err != nil {
		return err
	}
	if len(inner.pending) > 0 {
		return &Unsupported{What: "a repeated group that needs variables of the same MATCH (bind them in a MATCH before)", At: at}
	}
	m.op = op
	m.bind(e.slot, e.left, e.right)
	for _, l := range lists {
		m.bind(l.All)
	}
	m.seen = append(m.seen, e.slot)
	return nil
}

// named gives slots to what groupOf left without a variable, and lists what is
// visible outside.
func (m *matcher) named(g *bind.Group) (lists []RepeatList) {
	for _, e := range g.Path.Elements {
		switch e := e.(type) {
		case *bind.Node:
			if e.Var == nil {
				e.Var = &bind.Var{ID: m.b.hidden(Node, "node"), Anonymous: true}
			}
		case *bind.Rel:
			if e.Var == nil {
				e.Var = &bind.Var{ID: m.b.hidden(Rel, "rel"), Anonymous: true}
				for i := range g.Lists {
					g.Lists[i].Each = e.Var
				}
			}
		}
	}
	for _, l := range g.Lists {
		lists = append(lists, RepeatList{l.Each.ID, l.All.ID})
	}
	return lists
}

package plan

import (
	"github.com/pocketgraph/pocketgraph/cypher/bind"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// matcher plans one pattern: the paths of a MATCH, of a MERGE or of an
// expression. It solves edge by edge, beginning at what is bound already.
type matcher struct {
	b       *builder
	op      Op
	bound   map[Slot]bool
	nodes   []Slot // in order of appearance, each once
	edges   []*edge
	pending []*Condition
	paths   []*BindPath
	seen    []Slot // relationships bound so far, which others must differ from
	repeat  bool   // REPEATABLE ELEMENTS: they need not differ
}

// edge is a relationship or a repeated group of the pattern that still has to
// be followed.
type edge struct {
	rel         *bind.Rel // nil for a group
	group       *bind.Group
	left, right Slot
	slot        Slot // where it is bound: its variable's, or a hidden one
	path        *bind.Path
	search      *PathSearch // all that is between the ends of a path with a selector
}

// many says that it stands for any number of relationships.
func (e *edge) many() bool { return e.search != nil || e.group != nil || e.rel.Syntax.Length != nil }

// isBound says that it is one relationship that has a value already.
func (m *matcher) isBound(e *edge) bool { return !e.many() && m.bound[e.rel.Var.ID] }

// match plans paths on top of op. bound are the slots with values; it is added to.
func (b *builder) match(op Op, bound map[Slot]bool, paths []*bind.Path, where syntax.Expr, repeat bool) (Op, error) {
	m := &matcher{b: b, op: op, bound: bound, repeat: repeat}
	for _, p := range paths {
		if _, err := m.addPath(p); err != nil {
			return nil, err
		}
	}
	for _, e := range conjuncts(nil, where) {
		m.pending = append(m.pending, &Condition{Kind: IsTrue, Expr: e, Uses: b.uses(e)})
	}
	return m.solve()
}

// addPath collects the nodes, edges and inline conditions of a path, and says
// what it goes along.
func (m *matcher) addPath(p *bind.Path) (*BindPath, error) {
	if isShortest(p) {
		list, where, named := flat(p.Elements)
		if m.isSearch(p, list, where) {
			switch {
			case named == nil:
			case p.Var != nil:
				return nil, NotImplemented("a path variable of a part of a pattern", p.Syntax.Span())
			default:
				p = &bind.Path{Syntax: p.Syntax, Var: named}
			}
			return m.addSearch(p, list, where)
		}
	}
	w := &pathWalk{m: m, p: p, path: &BindPath{Start: -1}, last: -1}
	if err := w.elements(p.Elements); err != nil {
		return nil, err
	}
	if w.open != nil {
		w.reach(m.anonymous())
	}
	if p.Var != nil {
		w.path.Path = p.Var.ID
		m.paths = append(m.paths, w.path)
	}
	return w.path, nil
}

// pathWalk is where addPath stands.
type pathWalk struct {
	m    *matcher
	p    *bind.Path
	path *BindPath
	last Slot  // the node before, -1 at the beginning
	open *edge // what leads on from there
}

func (w *pathWalk) elements(list []bind.Element) error {
	for _, e := range list {
		switch e := e.(type) {
		case *bind.Node:
			if err := w.m.addNode(e); err != nil {
				return err
			}
			w.reach(e.Var.ID)
		case *bind.Rel:
			if err := w.rel(e); err != nil {
				return err
			}
		case *bind.Group:
			if err := w.group(e); err != nil {
				return err
			}
		}
	}
	return nil
}

// reach ends the open edge at a node. Two nodes side by side are one and the same.
func (w *pathWalk) reach(node Slot) {
	switch {
	case w.open != nil:
		w.open.right = node
		w.m.edges = append(w.m.edges, w.open)
		w.path.Steps[len(w.path.Steps)-1].Node = node
		w.open = nil
	case w.last >= 0:
		w.m.pending = append(w.m.pending, &Condition{Kind: Same, Slot: w.last, Other: node, Uses: []Slot{w.last, node}})
	default:
		w.path.Start = node
	}
	w.last = node
}

func (w *pathWalk) rel(r *bind.Rel) error {
	m := w.m
	if _, plain := syntax.TypeNames(r.Syntax.Types); !plain && r.Syntax.Length != nil && !isShortest(w.p) {
		if r.Bound {
			return NotImplemented("this expression on the types of relationships that are bound already", r.Syntax.Span())
		}
		return w.group(groupOf(r))
	}
	return w.step(m.newEdge(r, w.last, w.p), r.Syntax.Length != nil || isShortest(w.p))
}

func (w *pathWalk) step(e *edge, many bool) error {
	w.open = e
	w.path.Steps = append(w.path.Steps, PathStep{Rel: e.slot, Many: many})
	return nil
}

// anonymous makes a node that the text leaves out, beside a repeated group.
func (m *matcher) anonymous() Slot {
	slot := m.b.hidden(Node, "node")
	m.nodes = append(m.nodes, slot)
	return slot
}

func isShortest(p *bind.Path) bool {
	return p.Syntax != nil && p.Syntax.Selector != syntax.AllPaths // any path may as well be a shortest one
}

func (m *matcher) addNode(n *bind.Node) error {
	slot := n.Var.ID
	if !contains(m.nodes, slot) {
		m.nodes = append(m.nodes, slot)
		if m.bound[slot] {
			m.pending = append(m.pending, &Condition{Kind: NotNull, Slot: slot, Uses: []Slot{slot}})
		}
	}
	if n.Syntax == nil {
		return nil
	}
	if n.Syntax.Labels != nil {
		m.pending = append(m.pending, &Condition{Kind: HasLabels, Slot: slot, Labels: n.Syntax.Labels, Uses: append(m.b.labelUses(n.Syntax.Labels), slot)})
	}
	if err := m.addProperties(slot, n.Syntax.Properties, HasValue); err != nil {
		return err
	}
	for _, e := range conjuncts(nil, n.Syntax.Where) {
		m.pending = append(m.pending, &Condition{Kind: IsTrue, Expr: e, Uses: m.b.uses(e)})
	}
	return nil
}

func (b *builder) labelUses(l syntax.LabelExpr) []Slot { return b.uses(l) }

// addProperties makes a condition of each entry of an inline map.
func (m *matcher) addProperties(slot Slot, properties syntax.Expr, kind ConditionKind) error {
	entries, err := mapEntries(properties)
	for _, entry := range entries {
		m.pending = append(m.pending, &Condition{
			Kind: kind, Slot: slot, Key: entry.Key.Name, Expr: entry.Value,
			Uses: sorted(setOf(append(m.b.uses(entry.Value), slot))),
		})
	}
	return err
}

func mapEntries(properties syntax.Expr) ([]*syntax.MapEntry, error) {
	switch p := properties.(type) {
	case nil:
		return nil, nil
	case *syntax.MapLiteral:
		return p.Entries, nil
	}
	return nil, NotImplemented("properties of a pattern as a parameter", properties.Span())
}

func setOf(slots []Slot) map[Slot]bool {
	set := make(map[Slot]bool, len(slots))
	for _, s := range slots {
		set[s] = true
	}
	return set
}

func (m *matcher) newEdge(r *bind.Rel, left Slot, p *bind.Path) *edge {
	e := &edge{rel: r, left: left, slot: r.Var.ID, path: p}
	shortest := isShortest(p)
	many := r.Syntax.Length != nil || shortest
	if many && m.bound[e.slot] {
		e.slot = m.b.hidden(Any, "rels")
		m.pending = append(m.pending, &Condition{Kind: Same, Slot: r.Var.ID, Other: e.slot, Uses: []Slot{r.Var.ID, e.slot}})
	} else if shortest && r.Syntax.Length == nil {
		e.slot = m.b.hidden(Any, "rels")
	}
	if many {
		return e // VarExpand and ShortestPath look at properties on the way
	}
	if _, plain := syntax.TypeNames(r.Syntax.Types); !plain {
		m.pending = append(m.pending, &Condition{Kind: HasLabels, Slot: e.slot, Labels: r.Syntax.Types, Uses: append(m.b.labelUses(r.Syntax.Types), e.slot)})
	}
	_ = m.addProperties(e.slot, r.Syntax.Properties, HasValue)
	for _, c := range conjuncts(nil, r.Syntax.Where) {
		m.pending = append(m.pending, &Condition{Kind: IsTrue, Expr: c, Uses: m.b.uses(c)})
	}
	return e
}

func contains(slots []Slot, s Slot) bool {
	for _, x := range slots {
		if x == s {
			return true
		}
	}
	return false
}

// solve follows edges until nothing is left.
func (m *matcher) solve() (Op, error) {
	m.place()
	for {
		if far := m.seekFarEnd(); far != nil {
			m.begin(far)
		} else if e := m.nextEdge(); e != nil {
			if err := m.follow(e); err != nil {
				return nil, err
			}
		} else if !m.start() {
			break
		}
		m.place()
	}
	m.placeAll()
	return m.op, nil
}

// nextEdge takes the best edge out of the list: one whose relationship or both
// ends are bound before one with a bound end; nil when none is attached.
func (m *matcher) nextEdge() *edge {
	best, rank := -1, 0
	for i, e := range m.edges {
		r := 0
		left, right := m.bound[e.left], m.bound[e.right]
		switch {
		case isShortest(e.path):
			if left && right {
				r = 1
			}
		case m.isBound(e):
			r = 4
		case left && right && m.b.options.ExpandInto:
			r = 3
		case (left || right) && e.many():
			r = 1
		case left || right:
			r = 2
		}
		if r > rank {
			best, rank = i, r
		}
	}
	if best < 0 {
		return nil
	}
	best = m.betterEdge(best)
	e := m.edges[best]
	m.edges = append(m.edges[:best:best], m.edges[best+1:]...)
	return e
}

var directions = map[syntax.Direction]graph.Direction{
	syntax.Both: graph.Both, syntax.Right: graph.Outgoing, syntax.Left: graph.Incoming,
}

// follow adds the operator for one edge.
func (m *matcher) follow(e *edge) error {
	distinct := append([]Slot(nil), m.seen...)
	if m.repeat {
		distinct = nil
	}
	if e.search != nil {
		return m.followSearch(e)
	}
	if isShortest(e.path) {
		return m.followShortest(e)
	}
	if e.group != nil {
		return m.followGroup(e, distinct)
	}
	types, plain := syntax.TypeNames(e.rel.Syntax.Types)
	if !plain {
		types = nil // a condition of its own
	}
	d := directions[e.rel.Syntax.Direction]
	switch {
	case m.isBound(e):
		m.op = &RelEnds{Common: Common{In: m.op}, Rel: e.slot, From: e.left, To: e.right,
			FromBound: m.bound[e.left], ToBound: m.bound[e.right] || e.left == e.right, Direction: d, Types: types, Distinct: distinct}
	default:
		from, to, reversed := e.left, e.right, false
		if !m.bound[from] {
			from, to, reversed = to, from, true
			d = d.Reverse()
		}
		toBound := m.bound[to]
		if length := e.rel.Syntax.Length; length != nil {
			op := &VarExpand{Common: Common{In: m.op}, From: from, Rels: e.slot, To: to, ToBound: toBound,
				Direction: d, Types: types, Distinct: distinct, Reversed: reversed}
			var err error
			op.Min, op.Max = bounds(length)
			if op.Properties, err = properties(e.rel.Syntax.Properties); err != nil {
				return err
			}
			m.op = op
		} else {
			op := &Expand{Common: Common{In: m.op}, From: from, Rel: e.slot, To: to, ToBound: toBound,
				Direction: d, Types: types, Distinct: distinct}
			m.op = op
			if both := m.intersect(op); both != nil {
				m.op = both
			}
		}
	}
	m.bind(e.slot, e.left, e.right)
	m.seen = append(m.seen, e.slot)
	return nil
}

func (m *matcher) bind(slots ...Slot) {
	for _, s := range slots {
		m.bound[s] = true
	}
}

// bounds turns a written length into numbers; a missing upper bound is -1.
func bounds(l *syntax.Length) (from, to int) {
	from, to = 1, -1
	if l.Min != syntax.NoBound {
		from = clamp(l.Min)
	}
	if l.Max != syntax.NoBound {
		to = clamp(l.Max)
	}
	return from, to
}

func clamp(n int64) int { return int(min(n, 1<<30)) }

func properties(e syntax.Expr) ([]Property, error) {
	entries, err := mapEntries(e)
	out := make([]Property, len(entries))
	for i, entry := range entries {
		out[i] = Property{Key: entry.Key.Name, Value: entry.Value}
	}
	return out, err
}

// start binds a node that no bound one leads to; false when all are bound.
func (m *matcher) start() bool {
	var open []Slot
	for _, n := range m.nodes {
		if !m.bound[n] {
			open = append(open, n)
		}
	}
	if len(open) == 0 {
		return false
	}
	m.op = m.cheapestStart(open)
	return true
}

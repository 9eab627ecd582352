package plan

import (
	"github.com/pocketgraph/pocketgraph/cypher/bind"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// PathSearch finds the shortest ways from From to To along a pattern of any
// number of nodes, relationships and repeated groups. Code is the pattern as a
// small program, as a regular expression would be compiled (Thompson, 1968): the
// search goes through pairs of a node and a place in it.
type PathSearch struct {
	Common
	From, To Slot
	Elements []*SearchElement
	Code     []SearchStep
	Final    []*Condition // on whole ways
	Lists    []Slot       // what elements add to, each once
	Made     []Slot       // Lists, and the slots of elements outside of groups
	Longest  int          // relationships of the longest way; < 0: any number
	All      bool         // all ways of the Count smallest lengths, else Count ways
	Count    syntax.Expr  // nil: one
}

// SearchElement is a node or a relationship of the pattern.
type SearchElement struct {
	Node      bool
	Slot      Slot // where conditions find it
	Bound     bool // it is another element again, or known from before: the same must come
	Outside   bool // of Bound: known from before
	All, Rels Slot // lists that it is added to, or -1
	Direction graph.Direction
	Types     []string
	Local     []*Condition // on it alone and what is known from before
	Rest      []*Condition // on what stands to its left too
}

// SearchStep is one place of the program: 'n' looks at the node it is at, 'r' goes
// along a relationship, 's' goes on at X and at Y, 'j' at X, 'm' is the end.
type SearchStep struct {
	Op   byte
	Elem int
	X, Y int
}

// maxSearchSteps bounds the program: what is repeated at most n times is there n
// times.
const maxSearchSteps = 10_000

// searchBuilder makes a PathSearch of a path.
type searchBuilder struct {
	m       *matcher
	op      *PathSearch
	path    *BindPath
	outside map[Slot]bool // known before the search
	known   map[Slot]bool // at the place it has come to
	waiting []*Condition  // of the whole path, for the first place that knows all
}

// isSearch says that a path with a selector is more than one repeated
// relationship between nodes, for which ShortestPath is the operator.
func (m *matcher) isSearch(p *bind.Path, list []bind.Element, where []syntax.Expr) bool {
	var edges []bind.Element
	bound := copySet(m.bound)
	for i, e := range list {
		if n, ok := e.(*bind.Node); !ok {
			edges = append(edges, e)
		} else if i == 0 || i == len(list)-1 {
			bound[n.Var.ID] = true
		}
	}
	if len(edges) != 1 || len(list) > 3 {
		return len(edges) > 0
	}
	for _, c := range where {
		if !covered(m.b.uses(c), bound) {
			return true
		}
	}
	e := &edge{path: p}
	switch x := edges[0].(type) {
	case *bind.Rel:
		e.rel = x
	case *bind.Group:
		e.group = x
	}
	before := m.bound
	m.bound = bound
	r, _, _ := m.shortestEdge(e)
	m.bound = before
	return r == nil
}

// flat takes parentheses that repeat nothing away, and collects what is asked in them.
func flat(list []bind.Element) (out []bind.Element, where []syntax.Expr, named *bind.Var) {
	for _, e := range list {
		g, ok := e.(*bind.Group)
		if !ok || g.Quantifier != nil {
			out = append(out, e)
			continue
		}
		inner, w, v := flat(g.Path.Elements)
		if out, where = append(out, inner...), append(append(where, w...), conjuncts(nil, g.Where)...); v == nil {
			v = g.Path.Var
		}
		if v != nil {
			named = v
		}
	}
	return out, where, named
}

// addSearch collects the ends of a path with a selector; what is between them is
// an edge of its own.
func (m *matcher) addSearch(p *bind.Path, list []bind.Element, where []syntax.Expr) (*BindPath, error) {
	part := p.Syntax
	s := &searchBuilder{m: m, path: &BindPath{}, op: &PathSearch{
		All: part.Selector == syntax.AllShortest || part.Selector == syntax.ShortestGroups, Count: part.Count}}
	var err error
	if s.op.From, list, err = s.end(list, 0); err != nil {
		return nil, err
	}
	if s.op.To, list, err = s.end(list, len(list)-1); err != nil {
		return nil, err
	}
	s.path.Start = s.op.From
	s.outside = copySet(m.bound)
	s.outside[s.op.From], s.outside[s.op.To] = true, true
	s.known = copySet(s.outside)
	for _, e := range where {
		s.waiting = append(s.waiting, &Condition{Kind: IsTrue, Expr: e, Uses: m.b.uses(e)})
	}
	if err := s.elements(list, part); err != nil {
		return nil, err
	}
	for _, slot := range s.op.Made {
		s.known[slot] = true
	}
	for _, c := range s.waiting {
		if !covered(c.Uses, s.known) {
			return nil, &Unsupported{What: "a condition inside a path with a selector on variables of the same MATCH (bind them in a MATCH before)", At: part.Span()}
		}
	}
	s.op.Final = s.waiting
	s.emit(SearchStep{Op: 'm'})
	s.path.Steps[len(s.path.Steps)-1].Node = s.op.To
	m.edges = append(m.edges, &edge{search: s.op, left: s.op.From, right: s.op.To, slot: m.b.hidden(Any, "way"), path: p})
	if p.Var != nil {
		s.path.Path = p.Var.ID
		m.paths = append(m.paths, s.path)
	}
	return s.path, nil
}

// end takes the node at one end of the list, or makes one where a group stands there.
func (s *searchBuilder) end(list []bind.Element, at int) (Slot, []bind.Element, error) {
	n, ok := list[at].(*bind.Node)
	if !ok {
		return s.m.anonymous(), list, nil
	}
	err := s.m.addNode(n)
	if at == 0 {
		return n.Var.ID, list[1:], err
	}
	return n.Var.ID, list[:at], err
}

func (s *searchBuilder) emit(step SearchStep) int {
	s.op.Code = append(s.op.Code, step)
	return len(s.op.Code) - 1
}

func (s *searchBuilder) elements(list []bind.Element, at syntax.Node) error {
	open := false // a step of the path waits for the node behind it
	reach := func(node Slot) {
		if open {
			s.path.Steps[len(s.path.Steps)-1].Node = node
		}
		open = false
	}
	for _, e := range list {
		var step PathStep
		var err error
		switch e := e.(type) {
		case *bind.Node:
			if !s.known[e.Var.ID] {
				s.op.Made = append(s.op.Made, e.Var.ID)
			}
			err = s.node(e, -1)
			reach(e.Var.ID)
			if err != nil {
				return err
			}
			continue
		case *bind.Rel:
			reachHidden(s, open, reach)
			step, err = s.rel(e)
		case *bind.Group:
			reachHidden(s, open, reach)
			step, err = s.group(e)
		}
		if err != nil {
			return err
		}
		s.path.Steps = append(s.path.Steps, step)
		open = true
		if len(s.op.Code) > maxSearchSteps {
			return &Unsupported{What: "a path with a selector whose pattern is as long as this one", At: at.Span()}
		}
	}
	return nil
}

// reachHidden puts a node between two groups that stand side by side.
func reachHidden(s *searchBuilder, open bool, reach func(Slot)) {
	if !open {
		return
	}
	slot := s.m.b.hidden(Node, "node")
	s.element(&SearchElement{Node: true, Slot: slot, All: -1, Rels: -1}, nil)
	s.op.Made = append(s.op.Made, slot)
	reach(slot)
}

// conditions are what a pattern asks of one of its elements.
func (s *searchBuilder) conditions(add func(*matcher) error) ([]*Condition, error) {
	inner := &matcher{b: s.m.b, bound: map[Slot]bool{}}
	err := add(inner)
	return inner.pending, err
}

func (s *searchBuilder) node(n *bind.Node, all Slot) error {
	conditions, err := s.conditions(func(m *matcher) error { return m.addNode(n) })
	s.element(&SearchElement{Node: true, Slot: n.Var.ID, All: all, Rels: -1}, conditions)
	return err
}

// element adds an element and its place.
func (s *searchBuilder) element(e *SearchElement, conditions []*Condition) {
	e.Bound, e.Outside = s.known[e.Slot], s.outside[e.Slot]
	s.known[e.Slot] = true
	waiting := s.waiting
	s.waiting = nil
	for _, c := range append(conditions, waiting...) {
		local := true
		for _, slot := range c.Uses {
			local = local && (slot == e.Slot || s.outside[slot])
		}
		switch {
		case local:
			e.Local = append(e.Local, c)
		case covered(c.Uses, s.known):
			e.Rest = append(e.Rest, c)
		default:
			s.waiting = append(s.waiting, c)
		}
	}
	op := byte('n')
	if !e.Node {
		op = 'r'
	}
	s.emit(SearchStep{Op: op, Elem: len(s.op.Elements)})
	s.op.Elements = append(s.op.Elements, e)
}

// rel adds a relationship, or one of variable length.
func (s *searchBuilder) rel(r *bind.Rel) (PathStep, error) {
	if r.Bound {
		return PathStep{}, NotImplemented("a relationship that is bound already in a path with a selector", r.Syntax.Span())
	}
	slot := r.Var.ID
	if r.Syntax.Length == nil {
		s.op.Made = append(s.op.Made, slot)
		return PathStep{Rel: slot}, s.oneRel(r, slot, -1, -1)
	}
	one := *r.Syntax
	one.Length, one.Variable = nil, nil
	each := s.m.b.hidden(Rel, "rel")
	from, to := bounds(r.Syntax.Length)
	s.list(slot)
	outer := s.waiting
	s.waiting = nil
	defer func() { s.waiting = outer }()
	err := s.times(from, to, func() error { return s.oneRel(&bind.Rel{Syntax: &one}, each, slot, -1) })
	return PathStep{Rel: slot, Many: true}, err
}

func (s *searchBuilder) list(slot Slot) {
	s.op.Lists, s.op.Made = append(s.op.Lists, slot), append(s.op.Made, slot)
}

func (s *searchBuilder) oneRel(r *bind.Rel, slot, all, rels Slot) error {
	types, plain := syntax.TypeNames(r.Syntax.Types)
	if !plain {
		types = nil
	}
	conditions, err := s.conditions(func(m *matcher) error {
		m.newEdge(&bind.Rel{Syntax: r.Syntax, Var: &bind.Var{ID: slot}}, -1, &bind.Path{})
		_, err := properties(r.Syntax.Properties)
		return err
	})
	s.element(&SearchElement{Slot: slot, All: all, Rels: rels, Direction: directions[r.Syntax.Direction], Types: types}, conditions)
	return err
}

// times emits a body that is repeated: as often as it must be, then as often as
// it may be. Elements are made once.
func (s *searchBuilder) times(least, most int, body func() error) error {
	first := len(s.op.Code)
	if err := body(); err != nil {
		return err
	}
	once := append([]SearchStep(nil), s.op.Code[first:]...)
	s.op.Code = s.op.Code[:first]
	again := max(least, most)
	if most < 0 {
		again = least + 1
	}
	if again > maxSearchSteps/(len(once)+1) {
		s.op.Code = append(s.op.Code, make([]SearchStep, maxSearchSteps+1)...) // which the caller refuses
		return nil
	}
	var splits []int
	for i := range again {
		if i >= least {
			splits = append(splits, s.emit(SearchStep{Op: 's', X: len(s.op.Code) + 1}))
		}
		s.op.Code = append(s.op.Code, once...)
	}
	if most < 0 {
		s.emit(SearchStep{Op: 'j', X: splits[0]})
	}
	for _, at := range splits {
		s.op.Code[at].Y = len(s.op.Code)
	}
	return nil
}

// group adds a group that is repeated.
func (s *searchBuilder) group(g *bind.Group) (PathStep, error) {
	list, where, named := flat(g.Path.Elements)
	at := g.Quantifier.Span()
	if g.Path.Var != nil || named != nil {
		return PathStep{}, NotImplemented("a path variable inside a path with a selector", at)
	}
	all := map[Slot]Slot{}
	for _, l := range g.Lists {
		all[l.Each.ID] = l.All.ID
		s.list(l.All.ID)
	}
	rels := s.m.b.hidden(Any, "rels")
	s.list(rels)
	outer, known := s.waiting, copySet(s.known)
	s.waiting = nil
	for _, e := range append(conjuncts(nil, g.Where), where...) {
		s.waiting = append(s.waiting, &Condition{Kind: IsTrue, Expr: e, Uses: s.m.b.uses(e)})
	}
	from, to := bounds(&syntax.Length{Min: g.Quantifier.Min, Max: g.Quantifier.Max})
	err := s.times(from, to, func() error { return s.body(list, all, rels, at) })
	if err == nil && len(s.waiting) > 0 {
		err = &Unsupported{What: "a repeated group that needs variables of the same MATCH (bind them in a MATCH before)", At: at}
	}
	s.waiting, s.known = outer, known
	return PathStep{Rel: rels, Many: true}, err
}

// body adds the elements of one repetition.
func (s *searchBuilder) body(list []bind.Element, all map[Slot]Slot, rels Slot, at syntax.Range) error {
	moves := false
	for _, e := range list {
		var err error
		switch e := e.(type) {
		case *bind.Node:
			err = s.node(e, listOf(all, e.Var))
		case *bind.Rel:
			if e.Bound || e.Syntax.Length != nil {
				return NotImplemented("a relationship of variable length inside a repeated group of a path with a selector", e.Syntax.Span())
			}
			moves = true
			err = s.oneRel(e, e.Var.ID, listOf(all, e.Var), rels)
		default:
			return NotImplemented("a repeated group inside another one in a path with a selector", at)
		}
		if err != nil {
			return err
		}
	}
	if !moves {
		return NotImplemented("a repeated group without relationships", at)
	}
	return nil
}

func listOf(all map[Slot]Slot, v *bind.Var) Slot {
	if slot, ok := all[v.ID]; ok {
		return slot
	}
	return -1
}

// followSearch adds the search.
func (m *matcher) followSearch(e *edge) error {
	op := e.search
	if m.repeat {
		return NotImplemented("REPEATABLE ELEMENTS with a selector along several relationships", e.path.Syntax.Span())
	}
	// No relationship may be used twice in a MATCH. Which ways would be the
	// shortest, if others decide which may be used, is nothing that anybody asks.
	alone := len(m.seen)+len(m.edges) == 0
	for _, s := range op.Made {
		alone = alone && !m.bound[s] // by another path of the clause, also one of a node
	}
	if !alone {
		return NotImplemented("a path with a selector along several relationships, beside others in one MATCH,", e.path.Syntax.Span())
	}
	op.Common, op.Longest = Common{In: m.op}, longest(op.Code)
	m.op = op
	m.bind(op.Made...)
	return nil
}

// longest is how many relationships the longest way has, -1 for any number.
func longest(code []SearchStep) int {
	n := 0
	for _, s := range code {
		switch s.Op {
		case 'r':
			n++
		case 'j':
			return -1
		}
	}
	return n
}

// uses are the slots that the conditions need and nobody inside the search makes.
func (op *PathSearch) uses() []Slot {
	own := setOf(op.Made)
	uses := []Slot{}
	add := func(list []*Condition) {
		for _, c := range list {
			uses = append(uses, c.Uses...)
		}
	}
	add(op.Final)
	for _, e := range op.Elements {
		add(e.Local)
		add(e.Rest)
		if e.Outside {
			uses = append(uses, e.Slot)
		} else {
			own[e.Slot] = true
		}
	}
	return append(without(uses, own), op.From, op.To)
}

package exec

import (
	"github.com/pocketgraph/pocketgraph/cypher/plan"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// search finds the shortest ways along a pattern. From the end it goes back
// breadth first over pairs of a node and a place in the pattern, which tells how
// far the end is from each at least (dist); from the beginning it then tries
// lengths, shorter ones first, depth first, and only where the end is near enough.
// What one pair cannot know is tried on the way: that no relationship is used
// twice, and conditions on several elements.
type search struct {
	run   *Run
	p     *plan.PathSearch
	elems []searchElement
	final []*expr
	prior []int32 // by place: the last of its links, plus one
	links []link
	env   *batch // what conditions see
	f     frame
	from  graph.Node
	to    graph.Node
	count int

	dist  map[searchState]int32
	next  []searchState // one relationship further back than what is in dist
	work  []searchState
	depth int32 // of what is in dist

	way     []wayPoint // elements so far
	rels    []graph.Rel
	hops    []graph.Hop // arena: those of every level
	cut     bool        // a longer way may go on where one of this length could not
	results [][]wayPoint
	kept    held
	at      int
	lists   [][]graph.Value // by list of the plan
}

// searchElement is an element with what it asks, compiled.
type searchElement struct {
	*plan.SearchElement
	types       []int
	ids         []graph.TypeID
	none        bool
	local, rest []*expr
	all, rels   int // numbers of lists, or -1
}

// link is a place that leads to another one, and the next link of that, plus one.
type link struct{ place, next int32 }

type searchState struct {
	node  graph.Node
	place int32
}

// wayPoint is a node or a relationship on a way.
type wayPoint struct {
	elem int32
	id   uint32
}

// maxSearchLength bounds the ways of a search, each relationship of which is a few
// calls deep.
const maxSearchLength = 10_000

func (c *compiler) pathSearch(p *plan.PathSearch, in factory) factory {
	compile := func(list []*plan.Condition) (out []*expr) {
		for _, w := range list {
			out = append(out, c.condition(w))
		}
		return out
	}
	lists := map[plan.Slot]int{-1: -1}
	for i, s := range p.Lists {
		lists[s] = i
	}
	elems := make([]searchElement, len(p.Elements))
	for i, e := range p.Elements {
		elems[i] = searchElement{SearchElement: e, types: c.typeNames(e.Types), local: compile(e.Local), rest: compile(e.Rest),
			all: lists[e.All], rels: lists[e.Rels]}
	}
	final := compile(p.Final)
	var count *expr
	if p.Count != nil {
		count = c.expr(p.Count)
	}
	return func(r *Run) operator {
		s := &search{run: r, p: p, elems: append([]searchElement(nil), elems...), final: final, dist: map[searchState]int32{},
			env: newBatch(len(r.program.Plan.Kinds)), lists: make([][]graph.Value, len(p.Lists))}
		s.link()
		o := newRowOp(r, in, p.Keep, p.Made)
		o.start = func() {
			for i := range s.elems {
				e := &s.elems[i]
				e.ids, e.none = r.typeIDs(e.ids, e.types)
			}
		}
		o.begin = func(f *frame) {
			s.count = 1
			if count != nil {
				s.count = int(min(r.rowCount(count, p.Count.Span()), 1<<30))
			}
			s.begin(f)
		}
		o.more = func(out *batch, at int) bool {
			if s.at >= len(s.results) || r.err != nil {
				return false
			}
			s.put(out, at, s.results[s.at])
			s.at++
			return true
		}
		return o
	}
}

// link finds the places before each.
func (s *search) link() {
	s.prior = make([]int32, len(s.p.Code))
	for i, step := range s.p.Code {
		to := [2]int{step.X, step.Y}
		switch step.Op {
		case 'n', 'r':
			to = [2]int{i + 1, i + 1}
		case 'j':
			to[1] = step.X
		case 'm':
			continue
		}
		for k, place := range to {
			if k == 0 || place != to[0] {
				s.links = append(s.links, link{int32(i), s.prior[place]})
				s.prior[place] = int32(len(s.links))
			}
		}
	}
}

func (s *search) begin(f *frame) {
	s.kept.drop(s.run)
	s.results, s.at = s.results[:0], 0
	s.from, s.to = f.b.cols[s.p.From].node(f.i), f.b.cols[s.p.To].node(f.i)
	if s.from == graph.NoNode || s.to == graph.NoNode || s.count < 1 {
		return
	}
	oneRow(s.env, f.b, f.i)
	kinds := s.run.program.Plan.Kinds
	s.env.grow(kinds, s.p.Made, 1)
	for _, e := range s.p.Elements {
		if !e.Outside {
			s.env.cols[e.Slot].grow(kinds[e.Slot], 1)
		}
	}
	s.f = frame{run: s.run, b: s.env}
	if len(s.dist) > BatchSize {
		s.dist = map[searchState]int32{} // clearing one takes as long as it was ever large
	}
	clear(s.dist)
	s.depth, s.next = -1, append(s.next[:0], searchState{s.to, int32(len(s.p.Code) - 1)})
	s.lengths()
}

// lengths tries one length after the other.
func (s *search) lengths() {
	found := 0 // lengths
	start := searchState{s.from, 0}
	for length := 0; s.p.Longest < 0 || length <= s.p.Longest; length++ {
		if length > maxSearchLength || length > s.run.limits.Path {
			s.run.limit("a path is longer than the limit allows")
			return
		}
		if len(s.next) > 0 {
			s.back()
		}
		if _, ok := s.dist[start]; !ok {
			if len(s.next) == 0 || s.run.err != nil {
				return
			}
			continue
		}
		before := len(s.results)
		s.cut = false
		enough := s.walk(0, s.from, length)
		if len(s.results) > before {
			found++
		}
		if s.run.err != nil || enough || s.p.All && found >= s.count || !s.cut {
			return
		}
	}
}

// back goes one relationship further back from the end.
func (s *search) back() {
	s.depth++
	level := s.next
	s.next = nil
	before := len(s.dist)
	for _, state := range level {
		s.reach(state)
	}
	for len(s.work) > 0 && s.run.err == nil {
		state := s.work[len(s.work)-1]
		s.work = s.work[:len(s.work)-1]
		s.run.tick(1)
		for at := s.prior[state.place]; at > 0; at = s.links[at-1].next {
			place := s.links[at-1].place
			step := &s.p.Code[place]
			if step.Op == 'r' {
				s.backOver(&s.elems[step.Elem], state.node, place)
			} else if step.Op != 'n' || s.fits(&s.elems[step.Elem], graph.NodeValue(state.node)) {
				s.reach(searchState{state.node, place})
			}
		}
	}
	s.kept.add(s.run, len(s.dist)-before)
}

//go:noinline
func (s *search) reach(state searchState) {
	if _, ok := s.dist[state]; !ok {
		s.dist[state] = s.depth
		s.work = append(s.work, state)
	}
}

func (s *search) backOver(e *searchElement, n graph.Node, place int32) {
	if e.none {
		return
	}
	hops := s.run.reader.Hops(&s.hops, n, e.Direction.Reverse(), e.ids)
	s.run.tick(len(hops))
	for _, hop := range hops {
		state := searchState{hop.Node, place}
		if _, ok := s.dist[state]; !ok && s.fits(e, graph.RelValue(hop.Rel)) {
			s.next = append(s.next, state)
		}
	}
}

// fits tries what an element asks of its value alone.
func (s *search) fits(e *searchElement, v graph.Value) bool {
	if len(e.local) == 0 && !e.Outside {
		return true
	}
	before := s.swap(e, v)
	ok := (!e.Outside || graph.Equivalent(before, v)) && s.hold(e.local)
	s.swap(e, before)
	return ok
}

// swap gives conditions another value of an element.
//
//go:noinline
func (s *search) swap(e *searchElement, v graph.Value) (before graph.Value) {
	col := &s.env.cols[e.Slot]
	before = col.value(0)
	col.set(0, v)
	return before
}

func (s *search) hold(conditions []*expr) bool {
	for _, w := range conditions {
		if truth(s.run, w.row(&s.f), syntax.Range{}) != graph.True {
			return false
		}
	}
	return s.run.err == nil
}

// walk goes on from a place at a node, with so many relationships to go, and says
// whether there are ways enough.
func (s *search) walk(place int, n graph.Node, left int) (enough bool) {
	for s.run.err == nil {
		d, ok := s.dist[searchState{n, int32(place)}]
		if !ok || int(d) > left {
			s.cut = s.cut || ok || len(s.next) > 0
			return false
		}
		step := &s.p.Code[place]
		switch step.Op {
		case 'm':
			return left == 0 && s.found()
		case 'j':
			place = step.X
		case 's':
			if s.walk(step.X, n, left) {
				return true
			}
			place = step.Y
		case 'n':
			e := &s.elems[step.Elem]
			if e.Bound && len(e.rest) == 0 && e.Outside && e.all < 0 {
				place++ // dist knows
				continue
			}
			return s.try(step.Elem, graph.NodeValue(n), uint32(n), place+1, n, left)
		default:
			return s.over(step.Elem, place, n, left)
		}
	}
	return false
}

// over goes along the relationships of a node.
func (s *search) over(elem, place int, n graph.Node, left int) bool {
	e := &s.elems[elem]
	start := len(s.hops)
	s.hops = s.run.reader.AppendHops(s.hops, n, e.Direction, e.ids)
	end := len(s.hops)
	s.run.tick(end - start + 1)
	for i := start; i < end && s.run.err == nil; i++ {
		hop := s.hops[i]
		if d, ok := s.dist[searchState{hop.Node, int32(place + 1)}]; !ok || int(d) >= left {
			s.cut = s.cut || ok || len(s.next) > 0
			continue
		}
		v := graph.RelValue(hop.Rel)
		if s.used(hop.Rel) || !s.fits(e, v) {
			continue
		}
		s.rels = append(s.rels, hop.Rel)
		enough := s.try(elem, v, uint32(hop.Rel), place+1, hop.Node, left-1)
		s.rels = s.rels[:len(s.rels)-1]
		if enough {
			s.hops = s.hops[:start]
			return true
		}
	}
	s.hops = s.hops[:start]
	return false
}

func (s *search) used(r graph.Rel) bool {
	s.run.tick(len(s.rels) / itemsPerRow)
	for _, x := range s.rels {
		if x == r {
			return true
		}
	}
	return false
}

// try goes on with a value for an element, if that fits with what stands before it.
func (s *search) try(elem int, v graph.Value, id uint32, place int, n graph.Node, left int) bool {
	e := &s.elems[elem]
	before := s.swap(e, v)
	enough := false
	if (!e.Bound || graph.Equivalent(before, v)) && s.hold(e.rest) {
		s.way = append(s.way, wayPoint{int32(elem), id})
		enough = s.walk(place, n, left)
		s.way = s.way[:len(s.way)-1]
	}
	s.swap(e, before)
	return enough
}

// found keeps the way, if it is as a whole what is asked for.
func (s *search) found() bool {
	if len(s.final) > 0 {
		s.put(s.env, 0, s.way)
		if !s.hold(s.final) {
			return false
		}
	}
	s.results = append(s.results, append([]wayPoint(nil), s.way...))
	rows := 1 + len(s.way)/waysPerRow
	s.kept.add(s.run, rows)
	s.run.tick(1 + len(s.way)/itemsPerRow)
	return !s.p.All && len(s.results) >= s.count
}

// put writes what a way makes into a row.
func (s *search) put(out *batch, at int, way []wayPoint) {
	for i := range s.lists {
		s.lists[i] = nil
	}
	for _, w := range way {
		e := &s.elems[w.elem]
		v := graph.RelValue(graph.Rel(w.id))
		if e.Node {
			v = graph.NodeValue(graph.Node(w.id))
		}
		for _, list := range [2]int{e.all, e.rels} {
			if list >= 0 {
				s.lists[list] = append(s.lists[list], v)
			}
		}
		if e.all < 0 && e.rels < 0 && out.cols[e.Slot].has() {
			out.cols[e.Slot].set(at, v)
		}
	}
	for i, slot := range s.p.Lists {
		out.cols[slot].values[at] = graph.List(s.lists[i])
	}
}

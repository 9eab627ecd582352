package exec

import (
	"slices"

	"github.com/pocketgraph/pocketgraph/cypher/plan"
	"github.com/pocketgraph/pocketgraph/graph"
)

// mergeShare is how many times as many neighbours the larger side may have for
// both to be merged. Beyond that the larger one is asked about each neighbour
// of the smaller, which costs it a binary search.
const mergeShare = 16

// flank is one of the two nodes of an intersection, with its neighbours by
// (Node, Rel).
type flank struct {
	end       plan.Slot
	direction graph.Direction
	types     []int
	ids       []graph.TypeID
	none      bool // no type of the pattern exists
	distinct  []plan.Slot

	node   graph.Node
	hops   []graph.Hop // of node, when loaded
	buf    []graph.Hop // where they are, unless they are the store's own
	loaded bool
	shown  bool // the last that were loaded are the store's own memory
}

// meeting is a node that both sides lead to.
type meeting struct {
	rels [2]graph.Rel
	node graph.Node
}

// intersection merges the neighbours of two nodes.
type intersection struct {
	run   *Run
	in    operator
	p     *plan.Intersect
	sides [2]flank
	keep  bool     // neighbours stay loaded from row to row: nothing is written meanwhile
	marks nodeBits // the neighbours of one side that has stayed
	mark  []graph.Node
	of    int // which side, -1: none
	probe []graph.Hop
	found []meeting
	at    int

	f    frame // the row whose neighbours were found last
	out  *batch
	rows []int32
	size int
}

func (c *compiler) intersect(p *plan.Intersect, in factory) factory {
	types := [2][]int{c.typeNames(p.Types[0]), c.typeNames(p.Types[1])}
	keep := !c.stmt.Writes
	return func(r *Run) operator {
		x := &intersection{run: r, in: in(r), p: p, keep: keep, out: newBatch(len(r.program.Plan.Kinds)), size: firstBatch}
		for i := range x.sides {
			x.sides[i] = flank{end: p.Ends[i], direction: p.Directions[i], types: types[i], distinct: p.Distinct[i]}
		}
		return x
	}
}

func (x *intersection) reset(arg *batch) {
	x.in.reset(arg)
	x.f = frame{run: x.run}
	for i := range x.sides {
		x.sides[i].loaded = false
	}
	x.unmark()
	x.found, x.at = x.found[:0], 0
}

// next is what rowOp does, but most rows find nothing, so that a call or two
// for each would be a good part of the work.
func (x *intersection) next() *batch {
	kinds := x.run.program.Plan.Kinds
	x.out.grow(kinds, x.p.Keep, x.size)
	for _, s := range [...]plan.Slot{x.p.Rels[0], x.p.Rels[1], x.p.To} {
		x.out.cols[s].grow(kinds[s], x.size)
	}
	x.rows = x.rows[:0]
	base := 0
	for len(x.rows) < x.size && x.run.err == nil {
		if x.at < len(x.found) {
			x.give()
			continue
		}
		if x.f.i++; x.f.b == nil || x.f.i >= x.f.b.n {
			if n := len(x.rows); n > base { // the batch below changes: copy its rows now
				x.out.gather(base, x.f.b, x.p.Keep, x.rows[base:])
				base = n
			}
			if x.f.b = x.in.next(); x.f.b == nil {
				break
			}
			if x.f.i = 0; x.f.b.n == 0 {
				continue
			}
			for i := range x.sides {
				s := &x.sides[i]
				s.ids, s.none = x.run.typeIDs(s.ids, s.types)
			}
		}
		x.meetRow(&x.f)
	}
	n := len(x.rows)
	if n == 0 || x.run.err != nil {
		return nil
	}
	if n > base {
		x.out.gather(base, x.f.b, x.p.Keep, x.rows[base:])
	}
	x.out.n = n
	if x.size < BatchSize {
		x.size *= 4
	}
	return x.out
}

// give puts what was found of a row into the batch, as far as there is room.
func (x *intersection) give() {
	first, second, to := &x.out.cols[x.p.Rels[0]], &x.out.cols[x.p.Rels[1]], &x.out.cols[x.p.To]
	for n := len(x.rows); n < x.size && x.at < len(x.found); n++ {
		m := &x.found[x.at]
		x.at++
		first.setRel(n, m.rels[0])
		second.setRel(n, m.rels[1])
		to.setNode(n, m.node)
		x.rows = append(x.rows, int32(x.f.i))
	}
}

// smallMark is up to how many neighbours are marked at once where a node takes
// the place of one that has stayed: it will stay as well, and if not, little is lost.
const smallMark = 64

// meetRow finds what the nodes of one row have in common. Where one node stays
// for a while, as it does behind an expand, and the store shows its own memory,
// rows go a short way.
func (x *intersection) meetRow(f *frame) {
	x.found, x.at = x.found[:0], 0
	if x.of < 0 || !x.keep || !x.sides[0].shown || !x.sides[1].shown {
		x.begin(f)
		return
	}
	stayed, s := &x.sides[x.of], &x.sides[1-x.of]
	n, m := f.b.cols[stayed.end].node(f.i), f.b.cols[s.end].node(f.i)
	if n == graph.NoNode || m == graph.NoNode {
		x.run.tick(1)
		return
	}
	if !stayed.loaded || stayed.node != n {
		x.show(stayed, n)
		if len(stayed.hops) > smallMark {
			x.unmark()
			x.begin(f)
			return
		}
		x.markSide(x.of)
	}
	if len(stayed.hops) == 0 {
		x.run.tick(1)
		return
	}
	x.show(s, m)
	if len(s.hops) <= mergeShare*len(stayed.hops) {
		x.look(f, x.of)
	} else {
		x.merge(f)
	}
	x.run.tick(1 + len(s.hops) + len(x.found))
}

// show loads the neighbours of a node for a side that is single.
func (x *intersection) show(s *flank, n graph.Node) {
	s.node, s.loaded = n, true
	s.hops = x.run.reader.Hops(&s.buf, n, s.direction, s.ids)
}

func (x *intersection) begin(f *frame) {
	x.run.tick(1)
	var degrees [2]int
	stayed := -1
	for i := range x.sides {
		s := &x.sides[i]
		n := f.b.cols[s.end].node(f.i)
		if n == graph.NoNode || s.none {
			return
		}
		if s.loaded && x.keep && s.node == n {
			degrees[i], stayed = len(s.hops), i
			continue
		}
		if x.of == i {
			x.unmark()
		}
		s.node, s.loaded = n, false
		degrees[i] = x.degree(i)
	}
	small := 0
	if degrees[1] < degrees[0] {
		small = 1
	}
	large := 1 - small
	if degrees[small] == 0 {
		return
	}
	if stayed >= 0 && degrees[1-stayed] <= mergeShare*degrees[stayed] {
		x.load(1 - stayed)
		x.look(f, stayed)
		x.run.tick(len(x.found))
		return
	}
	x.load(small)
	if !x.sides[large].loaded && degrees[large] > mergeShare*degrees[small] {
		x.ask(f, small)
	} else {
		x.load(large)
		x.merge(f)
	}
	x.run.tick(len(x.found))
}

// degree counts the neighbours of a side. Where the store shows its own memory
// that loads them: one look-up instead of two.
func (x *intersection) degree(i int) int {
	s := &x.sides[i]
	if s.single() && s.shown {
		x.load(i)
		return len(s.hops)
	}
	return x.run.reader.Degree(s.node, s.direction, s.ids)
}

// single says that the neighbours come from one list, sorted.
func (s *flank) single() bool { return s.direction != graph.Both && len(s.ids) == 1 }

// load gets the neighbours of a side, sorted: several types, or both
// directions, come one after another.
func (x *intersection) load(i int) {
	s := &x.sides[i]
	if s.loaded {
		return
	}
	if s.single() {
		s.hops, s.loaded = x.run.reader.Hops(&s.buf, s.node, s.direction, s.ids), true
		s.shown = len(s.hops) > 0 && (len(s.buf) == 0 || &s.hops[0] != &s.buf[0])
		x.run.tick(len(s.hops))
		return
	}
	s.buf = x.run.reader.AppendHops(s.buf[:0], s.node, s.direction, s.ids)
	s.hops = s.buf
	if !slices.IsSortedFunc(s.hops, compareHops) {
		slices.SortFunc(s.hops, compareHops)
	}
	s.loaded = true
	x.run.tick(len(s.hops))
}

func compareHops(a, b graph.Hop) int {
	if a.Node != b.Node {
		return int(int64(a.Node) - int64(b.Node))
	}
	return int(int64(a.Rel) - int64(b.Rel))
}

// look looks each neighbour of the other side up in a bitmap of those of the
// side that has stayed, which pays from its second row on.
func (x *intersection) look(f *frame, stayed int) {
	s := &x.sides[stayed]
	if x.of != stayed {
		x.markSide(stayed)
	}
	rest, last := s.hops, graph.NoNode
	hops := x.sides[1-stayed].hops
	for i, hop := range hops {
		if hop.Node == last || !x.marks.has(hop.Node) {
			continue
		}
		last = hop.Node
		rest = rest[leap(rest, last):]
		mine, others := rest[:leap(rest, last+1)], hops[i:i+leap(hops[i:], last+1)]
		if stayed == 0 {
			x.meet(f, mine, others)
		} else {
			x.meet(f, others, mine)
		}
	}
}

// markSide marks the neighbours of a side.
func (x *intersection) markSide(i int) {
	x.unmark()
	x.of = i
	for _, hop := range x.sides[i].hops {
		if x.marks.add(hop.Node) {
			x.mark = append(x.mark, hop.Node)
		}
	}
}

func (x *intersection) unmark() {
	x.marks.clear(x.mark)
	x.mark, x.of = x.mark[:0], -1
}

// merge finds what both lists have, leaping over what only one has.
func (x *intersection) merge(f *frame) {
	a, b := x.sides[0].hops, x.sides[1].hops
	for len(a) > 0 && len(b) > 0 {
		switch n, m := a[0].Node, b[0].Node; {
		case n < m:
			a = a[leap(a, m):]
		case m < n:
			b = b[leap(b, n):]
		default:
			i, j := leap(a, n+1), leap(b, n+1)
			x.meet(f, a[:i], b[:j])
			a, b = a[i:], b[j:]
		}
	}
}

// leap is the number of hops that lead to nodes below n: it looks in growing
// steps, then between the last two.
func leap(hops []graph.Hop, n graph.Node) int {
	step := 1
	for step < len(hops) && hops[step].Node < n {
		step *= 2
	}
	low, high := step/2, min(step, len(hops))
	for low < high {
		if mid := (low + high) / 2; hops[mid].Node < n {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

// ask looks up each neighbour of the small side at the other.
func (x *intersection) ask(f *frame, small int) {
	s, large := &x.sides[small], &x.sides[1-small]
	for rest := s.hops; len(rest) > 0; {
		n := rest[0].Node
		i := leap(rest, n+1)
		x.probe = x.run.reader.AppendHopsTo(x.probe[:0], large.node, n, large.direction, large.ids)
		if small == 0 {
			x.meet(f, rest[:i], x.probe)
		} else {
			x.meet(f, x.probe, rest[:i])
		}
		rest = rest[i:]
	}
	x.run.tick(len(s.hops))
}

// meet adds every pair of hops that lead to one node.
func (x *intersection) meet(f *frame, a, b []graph.Hop) {
	for _, h := range a {
		if len(x.sides[0].distinct) > 0 && usesRel(f.b, f.i, x.sides[0].distinct, h.Rel) || x.run.isCondemned(h.Node) {
			continue
		}
		for _, k := range b {
			if x.p.Differ && h.Rel == k.Rel || len(x.sides[1].distinct) > 0 && usesRel(f.b, f.i, x.sides[1].distinct, k.Rel) {
				continue
			}
			x.found = append(x.found, meeting{rels: [2]graph.Rel{h.Rel, k.Rel}, node: h.Node})
		}
	}
}

package exec

import (
	"github.com/pocketgraph/pocketgraph/cypher/plan"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// shortest searches breadth first from both ends, a level at a time on the
// side with the smaller frontier, until the sides meet.
type shortest struct {
	run     *Run
	p       *plan.ShortestPath
	ids     []graph.TypeID
	none    bool
	keys    []int
	wanted  []graph.Value
	sides   [2]side
	hops    []graph.Hop
	results [][]graph.Rel
	at      int
}

// side is what was reached from one end.
type side struct {
	reached  map[graph.Node]visit
	frontier []graph.Node
	depth    int
	dir      graph.Direction
}

// visit is how a node was reached: at which depth and over which hops back.
type visit struct {
	depth int
	back  []graph.Hop
}

func (s *shortest) begin(from, to graph.Node) {
	s.results, s.at = s.results[:0], 0
	if from == graph.NoNode || to == graph.NoNode || s.none {
		return
	}
	if from == to { // a way round is not what anybody asks for
		if s.p.Min == 0 {
			s.results = append(s.results, nil)
		}
		return
	}
	s.sides[0] = side{reached: map[graph.Node]visit{from: {}}, frontier: []graph.Node{from}, dir: s.p.Direction}
	s.sides[1] = side{reached: map[graph.Node]visit{to: {}}, frontier: []graph.Node{to}, dir: s.p.Direction.Reverse()}
	for s.p.Max < 0 || s.sides[0].depth+s.sides[1].depth < s.p.Max {
		i := 0
		if len(s.sides[1].frontier) < len(s.sides[0].frontier) {
			i = 1
		}
		if len(s.sides[i].frontier) == 0 || s.run.err != nil {
			return
		}
		if meet := s.level(i); len(meet) > 0 {
			s.join(meet)
			return
		}
	}
}

// level goes one step further on one side and returns the nodes where it meets
// the other.
func (s *shortest) level(i int) []graph.Node {
	me, other := &s.sides[i], &s.sides[1-i]
	me.depth++
	var next, meet []graph.Node
	for _, n := range me.frontier {
		s.hops = s.run.reader.AppendHops(s.hops[:0], n, me.dir, s.ids)
		s.run.tick(len(s.hops) + 1)
		for _, hop := range s.hops {
			v, seen := me.reached[hop.Node]
			if seen && (v.depth != me.depth || !s.p.All) || !s.run.hasProperties(hop.Rel, s.keys, s.wanted) {
				continue
			}
			if !seen {
				next = append(next, hop.Node)
				if _, both := other.reached[hop.Node]; both {
					meet = append(meet, hop.Node)
				}
			}
			v.depth = me.depth
			v.back = append(v.back, graph.Hop{Rel: hop.Rel, Node: n})
			me.reached[hop.Node] = v
		}
	}
	me.frontier = next
	return meet
}

// join makes the paths through the nodes where the sides met. All meeting
// nodes are equally far from both ends: the search stops at the first level
// that meets, and the other side's frontier is complete.
func (s *shortest) join(meet []graph.Node) {
	for _, m := range meet {
		var left, right [][]graph.Rel
		s.backtrack(0, m, nil, &left)
		s.backtrack(1, m, nil, &right)
		for _, l := range left {
			for _, r := range right {
				path := make([]graph.Rel, 0, len(l)+len(r))
				for i := len(l) - 1; i >= 0; i-- {
					path = append(path, l[i])
				}
				s.results = append(s.results, append(path, r...))
				s.run.buffer(1)
				if !s.p.All || s.run.err != nil {
					return
				}
			}
		}
	}
}

func (s *shortest) backtrack(i int, n graph.Node, path []graph.Rel, out *[][]graph.Rel) {
	v := s.sides[i].reached[n]
	if v.depth == 0 {
		*out = append(*out, append([]graph.Rel(nil), path...))
		return
	}
	for _, hop := range v.back {
		s.backtrack(i, hop.Node, append(path, hop.Rel), out)
		if !s.p.All || s.run.err != nil {
			return
		}
	}
}

func (c *compiler) shortestPath(p *plan.ShortestPath, in factory) factory {
	types := c.typeNames(p.Types)
	keys, values := c.properties(p.Properties)
	if p.Min > 1 {
		c.unsupported("a shortest path of more than one relationship at least", syntax.Range{})
	}
	return func(r *Run) operator {
		o := newRowOp(r, in, p.Keep, []plan.Slot{p.Rels})
		s := &shortest{run: r, p: p, keys: keys, wanted: make([]graph.Value, len(keys))}
		o.start = func() { s.ids, s.none = r.typeIDs(s.ids, types) }
		o.begin = func(f *frame) {
			for i, v := range values {
				s.wanted[i] = v.row(f)
			}
			s.begin(f.b.cols[p.From].node(f.i), f.b.cols[p.To].node(f.i))
		}
		o.more = func(out *batch, at int) bool {
			if s.at >= len(s.results) {
				return false
			}
			out.cols[p.Rels].set(at, relList(s.results[s.at], false))
			s.at++
			return true
		}
		return o
	}
}

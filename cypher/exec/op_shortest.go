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
	where   []*expr // of every relationship, over each
	each    *batch
	count   int // how many paths are wanted, or lengths
	sides   [2]side
	hops    []graph.Hop
	meet    []graph.Node
	results [][]graph.Rel
	kept    held
	at      int
}

// side is what was reached from one end. Nodes are numbered as they are
// reached, so that each level is a range of numbers.
type side struct {
	reached nodeTable
	first   int       // number of the first node of the frontier
	depth   int       // of the frontier
	back    []int32   // by node: the last of its ways back, -1 where the side began
	ways    []wayBack // of all nodes
	dir     graph.Direction
}

// wayBack is a relationship over which a node was reached, the number of the
// node before it, and the next way back of the same node or -1.
type wayBack struct {
	rel      graph.Rel
	from     int32
	previous int32
}

func (s *side) begin(n graph.Node, d graph.Direction) {
	s.reached.clear()
	s.reached.add(n)
	s.first, s.depth, s.dir = 0, 0, d
	s.back, s.ways = append(s.back[:0], -1), s.ways[:0]
}

func (s *side) frontier() int { return len(s.reached.nodes) - s.first }

func (s *side) way(number int, rel graph.Rel, from int32) {
	s.ways = append(s.ways, wayBack{rel, from, s.back[number]})
	s.back[number] = int32(len(s.ways) - 1)
}

func (s *shortest) begin(from, to graph.Node) {
	s.results, s.at = s.results[:0], 0
	s.kept.drop(s.run)
	if from == graph.NoNode || to == graph.NoNode || s.none {
		return
	}
	if s.p.Count != nil || s.p.Min > 1 || from == to && s.p.Loops {
		s.trails(from, to)
		return
	}
	if from == to { // a way round is not what anybody asks for
		if s.p.Min == 0 {
			s.results = append(s.results, nil)
		}
		return
	}
	s.sides[0].begin(from, s.p.Direction)
	s.sides[1].begin(to, s.p.Direction.Reverse())
	s.search()
	s.run.buffer(-len(s.sides[0].ways) - len(s.sides[1].ways))
}

func (s *shortest) search() {
	for s.p.Max < 0 || s.sides[0].depth+s.sides[1].depth < s.p.Max {
		i := 0
		if s.sides[1].frontier() < s.sides[0].frontier() {
			i = 1
		}
		if s.sides[i].frontier() == 0 || s.run.err != nil {
			return
		}
		s.level(i)
		if len(s.meet) > 0 {
			s.join()
			return
		}
	}
}

// level goes one step further on one side and finds the nodes where it meets
// the other: all of them when every path is wanted, else one.
func (s *shortest) level(i int) {
	me, other := &s.sides[i], &s.sides[1-i]
	begin := len(me.reached.nodes)
	s.meet = s.meet[:0]
	for from := me.first; from < begin && s.run.err == nil; from++ {
		hops := s.run.reader.Hops(&s.hops, me.reached.nodes[from], me.dir, s.ids)
		s.run.tick(len(hops) + 1)
		before := len(me.ways)
		for _, hop := range hops {
			if !s.allowed(hop.Rel) {
				continue
			}
			number, fresh := me.reached.add(hop.Node)
			if fresh {
				me.back = append(me.back, -1)
				if other.reached.find(hop.Node) >= 0 {
					s.meet = append(s.meet, hop.Node)
				}
			} else if !s.p.All || number < begin {
				continue
			}
			me.way(number, hop.Rel, int32(from))
			if len(s.meet) > 0 && !s.p.All {
				from = begin
				break
			}
		}
		s.run.buffer(len(me.ways) - before)
	}
	me.first = begin
	me.depth++
}

// allowed says whether a relationship may be used.
func (s *shortest) allowed(r graph.Rel) bool {
	if len(s.keys) > 0 && !s.run.hasProperties(r, s.keys, s.wanted) {
		return false
	}
	if len(s.where) == 0 {
		return true
	}
	s.each.cols[s.p.Each].set(0, graph.RelValue(r))
	f := frame{run: s.run, b: s.each}
	for _, w := range s.where {
		if truth(s.run, w.row(&f), syntax.Range{}) != graph.True {
			return false
		}
	}
	return true
}

// join makes the paths through the nodes where the sides met. All meeting
// nodes are equally far from both ends: the search stops at the first level
// that meets, and the other side's frontier is complete.
func (s *shortest) join() {
	for _, m := range s.meet {
		var left, right [][]graph.Rel
		s.backtrack(0, s.sides[0].reached.find(m), nil, &left)
		s.backtrack(1, s.sides[1].reached.find(m), nil, &right)
		for _, l := range left {
			for _, r := range right {
				path := make([]graph.Rel, 0, len(l)+len(r))
				for i := len(l) - 1; i >= 0; i-- {
					path = append(path, l[i])
				}
				s.results = append(s.results, append(path, r...))
				s.keep(len(path))
				if !s.p.All || s.run.err != nil {
					return
				}
			}
		}
	}
}

// keep counts a way of so many relationships that is kept until the next search:
// there may be more of them than there are atoms in the world.
func (s *shortest) keep(length int) {
	rows := 1 + length/waysPerRow
	s.kept.add(s.run, rows)
	s.run.tick(1 + length)
}

// waysPerRow is how many relationships of a way count as one more row: they
// take four bytes each, and a row some hundred.
const waysPerRow = 16

func (s *shortest) backtrack(i, number int, path []graph.Rel, out *[][]graph.Rel) {
	me := &s.sides[i]
	if number == 0 {
		*out = append(*out, append([]graph.Rel(nil), path...))
		s.keep(len(path))
		return
	}
	for at := me.back[number]; at >= 0; at = me.ways[at].previous {
		s.backtrack(i, int(me.ways[at].from), append(path, me.ways[at].rel), out)
		if !s.p.All || s.run.err != nil {
			return
		}
	}
}

func (c *compiler) shortestPath(p *plan.ShortestPath, in factory) factory {
	types := c.typeNames(p.Types)
	keys, values := c.properties(p.Properties)
	var count *expr
	if p.Count != nil {
		count = c.expr(p.Count)
	}
	where := make([]*expr, len(p.Conditions))
	for i, w := range p.Conditions {
		where[i] = c.condition(w)
	}
	return func(r *Run) operator {
		o := newRowOp(r, in, p.Keep, []plan.Slot{p.Rels})
		s := &shortest{run: r, p: p, keys: keys, wanted: make([]graph.Value, len(keys)), where: where}
		o.start = func() { s.ids, s.none = r.typeIDs(s.ids, types) }
		o.begin = func(f *frame) {
			for i, v := range values {
				s.wanted[i] = v.row(f)
			}
			s.count = 1
			if count != nil {
				s.count = int(r.rowCount(count, p.Count.Span()))
			}
			if len(where) > 0 {
				if s.each == nil {
					s.each = newBatch(len(r.program.Plan.Kinds))
				}
				oneRow(s.each, f.b, f.i)
				s.each.cols[p.Each].grow(plan.Rel, 1)
			}
			s.begin(f.b.cols[p.From].node(f.i), f.b.cols[p.To].node(f.i))
		}
		o.more = func(out *batch, at int) bool {
			if s.at >= len(s.results) {
				return false
			}
			out.cols[p.Rels].set(at, r.relList(s.results[s.at], false))
			s.at++
			return true
		}
		return o
	}
}

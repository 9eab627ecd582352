package exec

import "github.com/pocketgraph/pocketgraph/graph"

// trail is a way from the beginning: one relationship more than another trail.
type trail struct {
	rel    graph.Rel
	node   graph.Node
	before int32 // -1 at the beginning
}

// trails finds the count shortest ways that use no relationship twice, or every
// one of the count smallest lengths. It keeps all ways up to the length it has
// come to, except those from which the end cannot be reached at all.
func (s *shortest) trails(from, to graph.Node) {
	back := &s.sides[1]
	back.begin(to, s.p.Direction.Reverse())
	for back.frontier() > 0 && s.run.err == nil {
		s.widen(back)
	}
	if back.reached.find(from) < 0 {
		return
	}
	list := []trail{{graph.NoRel, from, -1}}
	first, lengths := 0, 0
	for depth := 0; s.run.err == nil; depth++ {
		before := len(s.results)
		for i := first; i < len(list) && depth >= s.p.Min; i++ {
			if list[i].node != to {
				continue
			}
			if !s.p.All && len(s.results) >= s.count {
				break
			}
			s.results = append(s.results, relsOfTrail(list, i, depth))
			s.keep(depth)
		}
		if len(s.results) > before {
			lengths++
		}
		if s.p.Max >= 0 && depth >= s.p.Max || s.p.All && lengths >= s.count || !s.p.All && len(s.results) >= s.count {
			break
		}
		end := len(list)
		for i := first; i < end && s.run.err == nil; i++ {
			n := len(list)
			list = s.longer(list, i)
			s.run.buffer(len(list) - n)
		}
		if first = end; len(list) == end {
			break
		}
	}
	s.run.buffer(-len(list))
}

// widen goes one step further back from the end.
func (s *shortest) widen(back *side) {
	begin := len(back.reached.nodes)
	for at := back.first; at < begin && s.run.err == nil; at++ {
		hops := s.run.reader.Hops(&s.hops, back.reached.nodes[at], back.dir, s.ids)
		s.run.tick(len(hops) + 1)
		for _, hop := range hops {
			if s.allowed(hop.Rel) {
				back.reached.add(hop.Node)
			}
		}
	}
	back.first = begin
}

// longer appends the trails that go on from one.
func (s *shortest) longer(list []trail, i int) []trail {
	hops := s.run.reader.Hops(&s.hops, list[i].node, s.p.Direction, s.ids)
	s.run.tick(len(hops) + 1)
	for _, hop := range hops {
		if s.sides[1].reached.find(hop.Node) >= 0 && !uses(list, i, hop.Rel) && s.allowed(hop.Rel) {
			list = append(list, trail{hop.Rel, hop.Node, int32(i)})
		}
	}
	return list
}

func uses(list []trail, i int, r graph.Rel) bool {
	for ; list[i].before >= 0; i = int(list[i].before) {
		if list[i].rel == r {
			return true
		}
	}
	return false
}

func relsOfTrail(list []trail, i, length int) []graph.Rel {
	out := make([]graph.Rel, length)
	for ; list[i].before >= 0; i = int(list[i].before) {
		length--
		out[length] = list[i].rel
	}
	return out
}

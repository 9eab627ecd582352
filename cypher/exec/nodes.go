package exec

import (
	"github.com/pocketgraph/pocketgraph/cypher/plan"
	"github.com/pocketgraph/pocketgraph/graph"
)

// nodeBits is a set of nodes as a bitmap that grows with the handles it sees.
type nodeBits struct{ words []uint64 }

// add puts a node into the set and reports whether it was not there.
func (s *nodeBits) add(n graph.Node) bool {
	i, bit := int(n>>6), uint64(1)<<(n&63)
	if i >= len(s.words) {
		s.grow(i)
	}
	if s.words[i]&bit != 0 {
		return false
	}
	s.words[i] |= bit
	return true
}

// addEnds adds where hops lead to, but over none of the used relationships, and
// appends those that were not there. It is the inner loop of searches: a node is
// written in any case and counted if it was not there, since whether it was
// cannot be guessed.
func (s *nodeBits) addEnds(dst []graph.Node, hops []graph.Hop, used []graph.Rel) []graph.Node {
	a, b := graph.NoRel, graph.NoRel // two in registers
	if len(used) > 0 {
		a, used = used[0], used[1:]
	}
	if len(used) > 0 {
		b, used = used[0], used[1:]
	}
	n := len(dst)
	if cap(dst)-n < len(hops) {
		dst = append(make([]graph.Node, 0, max(2*cap(dst), n+len(hops))), dst...)
	}
	dst = dst[:n+len(hops)]
	words := s.words
	for _, hop := range hops {
		if hop.Rel == a || hop.Rel == b || len(used) > 0 && containsRel(used, hop.Rel) {
			continue
		}
		i, bit := int(hop.Node>>6), hop.Node&63
		if i >= len(words) {
			s.grow(i)
			words = s.words
		}
		word := words[i]
		words[i] = word | 1<<bit
		dst[n] = hop.Node
		n += int(^word >> bit & 1)
	}
	return dst[:n]
}

// countEnds is addEnds with at most two used relationships, where only the number
// of those that were not there counts.
func (s *nodeBits) countEnds(hops []graph.Hop, used []graph.Rel) (n int) {
	a, b := graph.NoRel, graph.NoRel
	if len(used) > 0 {
		a, b = used[0], used[len(used)-1]
	}
	words := s.words
	for k, hop := range hops {
		if hop.Rel == a || hop.Rel == b {
			continue
		}
		i, bit := int(hop.Node>>6), hop.Node&63
		if i >= len(words) { // begun again, so that the loop always has the same words
			s.grow(i)
			return n + s.countEnds(hops[k:], used)
		}
		word := words[i]
		words[i] = word | 1<<bit
		n += int(^word >> bit & 1)
	}
	return n
}

func containsRel(rels []graph.Rel, r graph.Rel) bool {
	for _, x := range rels {
		if x == r {
			return true
		}
	}
	return false
}

// taken reports whether a way has a relationship already, or what it must differ
// from in the row has.
func taken(way []graph.Rel, row *frame, distinct []plan.Slot, r graph.Rel) bool {
	return containsRel(way, r) || len(distinct) > 0 && usesRel(row.b, row.i, distinct, r)
}

func (s *nodeBits) has(n graph.Node) bool {
	i := int(n >> 6)
	return i < len(s.words) && s.words[i]>>(n&63)&1 != 0
}

func (s *nodeBits) grow(i int) {
	words := make([]uint64, max(i+1, 2*len(s.words), 64))
	copy(words, s.words)
	s.words = words
}

// clear empties the set, given what is in it.
func (s *nodeBits) clear(members []graph.Node) {
	if len(members) > len(s.words)/4 {
		clear(s.words)
		return
	}
	for _, n := range members {
		s.words[n>>6] = 0
	}
}

// nodeTable numbers nodes in order of appearance, by open addressing. Clearing
// it costs as much as filling it did, however large it once was.
type nodeTable struct {
	nodes []graph.Node // by number
	slots []int32      // number + 1
	shift uint8        // 64 less the bits of a slot's index
}

func (t *nodeTable) clear() {
	if len(t.nodes)*8 > len(t.slots) {
		clear(t.slots)
	} else {
		for _, n := range t.nodes {
			t.forget(n)
		}
	}
	t.nodes = t.nodes[:0]
}

// forget empties every slot from the place of n on up to an empty one: all of
// them are about to go.
func (t *nodeTable) forget(n graph.Node) {
	mask := uint32(len(t.slots) - 1)
	for i := t.place(n); t.slots[i&mask] != 0; i++ {
		t.slots[i&mask] = 0
	}
}

func (t *nodeTable) place(n graph.Node) uint32 { return uint32(uint64(n) * golden >> t.shift) }

// find gives the number of a node, or -1.
func (t *nodeTable) find(n graph.Node) int {
	if len(t.slots) == 0 {
		return -1
	}
	mask := uint32(len(t.slots) - 1)
	for i := t.place(n); ; i++ {
		at := t.slots[i&mask]
		if at == 0 || t.nodes[at-1] == n {
			return int(at) - 1
		}
	}
}

// add gives the number of a node, and whether it is new.
func (t *nodeTable) add(n graph.Node) (number int, fresh bool) {
	if len(t.nodes)*2 >= len(t.slots) {
		t.rehash()
	}
	mask := uint32(len(t.slots) - 1)
	for i := t.place(n); ; i++ {
		at := t.slots[i&mask]
		if at == 0 {
			t.nodes = append(t.nodes, n)
			t.slots[i&mask] = int32(len(t.nodes))
			return len(t.nodes) - 1, true
		}
		if t.nodes[at-1] == n {
			return int(at) - 1, false
		}
	}
}

func (t *nodeTable) rehash() {
	size := max(32, 2*len(t.slots))
	t.slots = make([]int32, size)
	for t.shift = 64; size > 1; size >>= 1 {
		t.shift--
	}
	mask := uint32(len(t.slots) - 1)
	for number, n := range t.nodes {
		i := t.place(n)
		for t.slots[i&mask] != 0 {
			i++
		}
		t.slots[i&mask] = int32(number + 1)
	}
}

package adjacency

import (
	"slices"

	"github.com/pocketgraph/pocketgraph/graph"
)

const (
	spanBits = 10 // 1,024 source nodes: a block's row offsets stay within 2 KB
	spanSize = 1 << spanBits
	pageBits = 6 // 64 spans: what a commit copies of the directory is half a kilobyte
	pageSize = 1 << pageBits

	countBits = 6
	countSize = 1 << countBits
)

// Lists holds one direction of all relationships: for outgoing ones the source
// is the start node. The zero value is empty. A copy is an independent version
// as long as whoever writes goes on with another generation. Only one version
// may be written at a time.
type Lists struct {
	pages  []*page
	counts []*countPage // relationships by type
	total  int
	gen    uint64  // the generation that made pages and counts
	queue  []place // blocks whose tails Seal has to look at
}

type page struct {
	gen   uint64
	spans [pageSize]*span
}

// span is 1,024 source nodes and their blocks, one for each type that at
// least one of them has.
type span struct {
	gen    uint64
	types  []graph.TypeID // ascending; never changed, versions share it
	blocks []*block
}

type countPage struct {
	gen uint64
	n   [countSize]int
}

type place struct {
	t    graph.TypeID
	span uint32
}

// Len counts the entries of all types.
func (l *Lists) Len() int { return l.total }

// Count counts the entries of one type: the sum of all nodes' degrees.
func (l *Lists) Count(t graph.TypeID) int {
	if p := int(t >> countBits); p < len(l.counts) && l.counts[p] != nil {
		return l.counts[p].n[t%countSize]
	}
	return 0
}

// Insert enters a relationship of type t under its source node from. It must
// not be there yet. gen is the generation of the transaction.
func (l *Lists) Insert(gen uint64, t graph.TypeID, from, to graph.Node, r graph.Rel) {
	s := l.editSpan(gen, uint32(from>>spanBits))
	b := s.edit(gen, t)
	b.insert(gen, extra{hop: graph.Hop{Rel: r, Node: to}, src: uint16(from % spanSize)})
	if b.ntail > sealedTail && !b.queued {
		b.queued = true
		l.queue = append(l.queue, place{t, uint32(from >> spanBits)})
	}
	l.count(gen, t, 1)
}

// Remove takes a relationship out and reports whether it was there.
func (l *Lists) Remove(gen uint64, t graph.TypeID, from, to graph.Node, r graph.Rel) bool {
	s := l.span(from)
	if s == nil {
		return false
	}
	b := s.block(t)
	e := extra{hop: graph.Hop{Rel: r, Node: to}, src: uint16(from % spanSize)}
	if b == nil || !b.has(e) {
		return false
	}
	s = l.editSpan(gen, uint32(from>>spanBits))
	b = s.edit(gen, t)
	b.remove(gen, e)
	if b.len() == 0 {
		s.drop(t)
	}
	l.count(gen, t, -1)
	return true
}

// Seal ends a transaction's writing: afterwards reading is as fast as it gets
// and no memory is held for insertions to come.
func (l *Lists) Seal(gen uint64) {
	for _, q := range l.queue {
		s := l.span(graph.Node(q.span << spanBits))
		if s == nil {
			continue
		}
		if b := s.block(q.t); b != nil && b.queued {
			l.editSpan(gen, q.span).edit(gen, q.t).seal(gen)
		}
	}
	l.queue = nil
}

func (l *Lists) span(n graph.Node) *span {
	if p := int(n >> (spanBits + pageBits)); p < len(l.pages) && l.pages[p] != nil {
		return l.pages[p].spans[n>>spanBits%pageSize]
	}
	return nil
}

// own makes the directories this generation's.
func (l *Lists) own(gen uint64) {
	if l.gen != gen {
		l.pages = slices.Clone(l.pages)
		l.counts = slices.Clone(l.counts)
		l.gen = gen
	}
}

func (l *Lists) editSpan(gen uint64, number uint32) *span {
	l.own(gen)
	at := int(number >> pageBits)
	for at >= len(l.pages) {
		l.pages = append(l.pages, nil)
	}
	p := l.pages[at]
	switch {
	case p == nil:
		p = &page{gen: gen}
		l.pages[at] = p
	case p.gen != gen:
		c := *p
		c.gen = gen
		p = &c
		l.pages[at] = p
	}
	s := p.spans[number%pageSize]
	switch {
	case s == nil:
		s = &span{gen: gen}
	case s.gen != gen:
		s = &span{gen: gen, types: s.types, blocks: slices.Clone(s.blocks)}
	default:
		return s
	}
	p.spans[number%pageSize] = s
	return s
}

func (l *Lists) count(gen uint64, t graph.TypeID, by int) {
	l.own(gen)
	at := int(t >> countBits)
	for at >= len(l.counts) {
		l.counts = append(l.counts, nil)
	}
	c := l.counts[at]
	switch {
	case c == nil:
		c = &countPage{gen: gen}
		l.counts[at] = c
	case c.gen != gen:
		d := *c
		d.gen = gen
		c = &d
		l.counts[at] = c
	}
	c.n[t%countSize] += by
	l.total += by
}

// fewTypes is up to where looking at each type beats a binary search.
const fewTypes = 8

func (s *span) find(t graph.TypeID) (int, bool) {
	if len(s.types) > fewTypes {
		return slices.BinarySearch(s.types, t)
	}
	for i, x := range s.types {
		if x >= t {
			return i, x == t
		}
	}
	return len(s.types), false
}

func (s *span) block(t graph.TypeID) *block {
	if len(s.types) > 0 && s.types[0] == t {
		return s.blocks[0]
	}
	if i, ok := s.find(t); ok {
		return s.blocks[i]
	}
	return nil
}

// edit returns the block of a type, made if need be, for this generation to change.
func (s *span) edit(gen uint64, t graph.TypeID) *block {
	i, ok := s.find(t)
	if !ok {
		b := &block{gen: gen}
		s.types = slices.Insert(slices.Clip(s.types), i, t)
		s.blocks = slices.Insert(s.blocks, i, b)
		return b
	}
	b := s.blocks[i]
	if b.gen != gen {
		c := *b
		c.gen, c.ownDelta, c.ownGone, c.ownBeside = gen, false, false, false
		b = &c
		s.blocks[i] = b
	}
	return b
}

func (s *span) drop(t graph.TypeID) {
	if i, ok := s.find(t); ok {
		s.types = slices.Delete(slices.Clone(s.types), i, i+1)
		s.blocks = slices.Delete(s.blocks, i, i+1)
	}
}

package adjacency

import (
	"errors"
	"slices"

	"github.com/pocketgraph/pocketgraph/graph"
)

// ErrEdge: an edge names a node or a type outside the bounds.
var ErrEdge = errors.New("adjacency: node or type out of range")

// buildGroup is how many entries Build sorts at a time: 12 bytes each, so
// that loading five million relationships needs 12 MiB beside the result.
// Every group is another pass over the source.
const buildGroup = 1 << 20

// readBatch is how many edges Build asks of its Source at a time.
const readBatch = 512

// keyed is an entry while Build sorts: key is the type above the source.
type keyed struct {
	key uint32
	hop graph.Hop
}

// Build makes the lists of all edges of a source, in any order, which is read
// one and more times: once for each million edges. Nodes must be below nodes,
// types below graph.MaxTypes, else ErrEdge. Sources and neighbours that come
// ascending are built faster.
func Build(gen uint64, nodes int, edges Source) (Lists, error) {
	b := builder{edges: edges, lists: Lists{gen: gen}, nodes: uint64(nodes)}
	if err := b.countSpans(); err != nil {
		return Lists{}, err
	}
	for first := 0; first < len(b.sizes); {
		end, n := first, 0
		for end < len(b.sizes) && (end == first || n+int(b.sizes[end]) <= buildGroup) {
			n += int(b.sizes[end])
			end++
		}
		if n > 0 {
			if err := b.group(first, end, n); err != nil {
				return Lists{}, err
			}
		}
		first = end
	}
	return b.lists, nil
}

type builder struct {
	edges  Source
	lists  Lists
	nodes  uint64
	sizes  []uint32 // entries by span
	places []uint32 // where the next entry of a span of the group goes
	room   []keyed
	keys   []uint64 // that are being sorted
	batch  [readBatch]Edge
}

func (b *builder) countSpans() error {
	b.sizes = make([]uint32, (b.nodes+spanSize-1)/spanSize)
	b.edges.Rewind()
	for n := b.edges.Read(b.batch[:]); n > 0; n = b.edges.Read(b.batch[:]) {
		for i := range b.batch[:n] {
			e := &b.batch[i]
			if uint64(e.From) >= b.nodes || uint64(e.To) >= b.nodes || e.Type >= graph.MaxTypes {
				return ErrEdge
			}
			b.sizes[e.From>>spanBits]++
		}
	}
	return nil
}

// group builds the spans first up to end, which have n entries.
func (b *builder) group(first, end, n int) error {
	b.places = slices.Grow(b.places[:0], end-first+1)[:0]
	at := uint32(0)
	for _, size := range b.sizes[first:end] {
		b.places = append(b.places, at)
		at += size
	}
	b.room = slices.Grow(b.room[:0], n)[:n]
	b.edges.Rewind()
	for k := b.edges.Read(b.batch[:]); k > 0; k = b.edges.Read(b.batch[:]) {
		for i := range b.batch[:k] {
			e := &b.batch[i]
			s := int(e.From>>spanBits) - first
			if s < 0 || s >= end-first {
				continue
			}
			p := b.places[s]
			if int(p) >= n {
				return ErrEdge // the source did not repeat itself
			}
			b.places[s]++
			b.room[p] = keyed{uint32(e.Type)<<spanBits | uint32(e.From%spanSize), graph.Hop{Rel: e.Rel, Node: e.To}}
		}
	}
	at = 0
	for i, size := range b.sizes[first:end] {
		if size > 0 {
			b.span(uint32(first+i), b.room[at:at+size])
		}
		at += size
	}
	return nil
}

// span builds the blocks of one span from its entries.
func (b *builder) span(number uint32, entries []keyed) {
	s := b.lists.editSpan(b.lists.gen, number)
	for i := range entries {
		if (entries[i].key^entries[0].key)>>spanBits != 0 {
			entries = b.byType(entries)
			break
		}
	}
	for len(entries) > 0 {
		t := entries[0].key >> spanBits
		n := 0
		for n < len(entries) && entries[n].key>>spanBits == t {
			n++
		}
		block := &block{gen: b.lists.gen, base: b.base(entries[:n])}
		s.types = append(s.types, graph.TypeID(t))
		s.blocks = append(s.blocks, block)
		b.lists.count(b.lists.gen, graph.TypeID(t), n)
		entries = entries[n:]
	}
}

// byType returns the entries of each type together. What is sorted here are
// numbers: that is faster than comparing entries, and has the code that others have.
func (b *builder) byType(entries []keyed) []keyed {
	b.keys = b.keys[:0]
	for i := range entries {
		b.keys = append(b.keys, uint64(entries[i].key>>spanBits)<<32|uint64(i))
	}
	slices.Sort(b.keys)
	out := make([]keyed, len(entries))
	for i, k := range b.keys {
		out[i] = entries[uint32(k)]
	}
	return out
}

// base sorts the entries of one type by counting their sources.
func (b *builder) base(entries []keyed) *base {
	var lengths, next [spanSize]uint32
	for i := range entries {
		lengths[entries[i].key%spanSize]++
	}
	at := uint32(0)
	for src, n := range lengths {
		next[src] = at
		at += n
	}
	made := &base{gen: b.lists.gen, hops: make([]graph.Hop, len(entries))}
	for i := range entries {
		src := entries[i].key % spanSize
		made.hops[next[src]] = entries[i].hop
		next[src]++
	}
	at = 0
	for _, n := range lengths {
		b.sort(made.hops[at : at+n])
		at += n
	}
	made.setRows(&lengths)
	return made
}

// sort sorts by (Node, Rel); what is sorted already costs one look.
func (b *builder) sort(hops []graph.Hop) {
	last := uint64(0)
	for i, h := range hops {
		k := hopKey(h)
		if k < last {
			if len(hops) > insertionMax {
				b.sortMany(hops)
				return
			}
			j := i
			for ; j > 0 && hopKey(hops[j-1]) > k; j-- {
				hops[j] = hops[j-1]
			}
			hops[j] = h
			continue
		}
		last = k
	}
}

func (b *builder) sortMany(hops []graph.Hop) {
	b.keys = b.keys[:0]
	for _, h := range hops {
		b.keys = append(b.keys, hopKey(h))
	}
	slices.Sort(b.keys)
	for i, k := range b.keys {
		hops[i] = graph.Hop{Node: graph.Node(k >> 32), Rel: graph.Rel(k)}
	}
}

// insertionMax is up to how many hops insertion beats a general sort.
const insertionMax = 24

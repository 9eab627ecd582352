package adjacency

import "github.com/pocketgraph/pocketgraph/graph"

// Edge is one relationship as a Lists sees it: From is the source.
type Edge struct {
	From, To graph.Node
	Rel      graph.Rel
	Type     graph.TypeID
}

// Source delivers edges as often as asked.
type Source interface {
	// Rewind starts over.
	Rewind()
	// Read fills dst and returns how many; 0 is the end.
	Read(dst []Edge) int
}

// EdgeReader is the Source of a Lists' own entries, ordered by span of 1,024
// sources, type, source, neighbour and relationship. It is valid until the
// version is written again.
type EdgeReader struct {
	lists   *Lists
	reverse bool
	span    int // which comes next
	block   int
	src     int
	hops    []graph.Hop // of the source before src, not delivered yet
	row     []graph.Hop
	last    Edge
}

// Edges reads all entries. With reverse From and To are exchanged, which is
// what builds the other direction.
func (l *Lists) Edges(reverse bool) *EdgeReader {
	return &EdgeReader{lists: l, reverse: reverse}
}

// Rewind starts over.
func (r *EdgeReader) Rewind() { *r = EdgeReader{lists: r.lists, reverse: r.reverse, row: r.row} }

// Read fills dst and returns how many; 0 is the end.
func (r *EdgeReader) Read(dst []Edge) int {
	n := 0
	for n < len(dst) {
		if len(r.hops) == 0 && !r.advance() {
			break
		}
		k := min(len(r.hops), len(dst)-n)
		e := r.last
		for i, h := range r.hops[:k] {
			e.Rel = h.Rel
			if r.reverse {
				e.From = h.Node
			} else {
				e.To = h.Node
			}
			dst[n+i] = e
		}
		r.hops = r.hops[k:]
		n += k
	}
	return n
}

// advance finds the next source with hops.
func (r *EdgeReader) advance() bool {
	for ; r.span < len(r.lists.pages)*pageSize; r.span++ {
		s := r.lists.span(graph.Node(r.span << spanBits))
		if s == nil {
			continue
		}
		for ; r.block < len(s.blocks); r.block++ {
			for r.src < spanSize {
				src := r.src
				r.src++
				r.row = s.blocks[r.block].appendHops(r.row[:0], uint16(src))
				if r.hops = r.row; len(r.hops) > 0 {
					n := graph.Node(r.span<<spanBits | src)
					r.last = Edge{From: n, To: n, Type: s.types[r.block]}
					return true
				}
			}
			r.src = 0
		}
		r.block = 0
	}
	return false
}

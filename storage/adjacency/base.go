package adjacency

import (
	"math"
	"math/bits"
	"slices"

	"github.com/pocketgraph/pocketgraph/graph"
)

// base is rows of hops: the hops of row i are hops[offset(i):offset(i+1)].
// With fewer rows than fewRows the rows are those of the sources in srcs,
// otherwise there is one for each of the 1,024 sources. It never changes but
// for the generation that made it.
type base struct {
	gen  uint64
	hops []graph.Hop
	srcs []uint16 // ascending; nil when every source has a row
	near []uint16 // offsets while they fit into 16 bits, else nil
	far  []uint32 // offsets otherwise
}

// fewRows is where the search for a row's source begins to cost more than
// the two kilobytes of a full table of offsets.
const fewRows = 128

// row returns where the hops of a source begin and end.
func (b *base) row(src uint16) (lo, hi int) {
	i := int(src)
	if b.srcs == nil && i+1 < len(b.near) {
		return int(b.near[i]), int(b.near[i+1]) // as most are
	}
	return b.findRow(src)
}

func (b *base) findRow(src uint16) (lo, hi int) {
	i := int(src)
	if b.srcs != nil {
		var ok bool
		if i, ok = findSource(b.srcs, src); !ok {
			return 0, 0
		}
	}
	if b.near != nil {
		return int(b.near[i]), int(b.near[i+1])
	}
	return int(b.far[i]), int(b.far[i+1])
}

func findSource(srcs []uint16, src uint16) (int, bool) {
	lo, hi := 0, len(srcs)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if srcs[mid] < src {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo, lo < len(srcs) && srcs[lo] == src
}

// rows is the number of rows, source the source of one of them.
func (b *base) rows() int {
	if b.srcs != nil {
		return len(b.srcs)
	}
	return spanSize
}

func (b *base) source(row int) uint16 {
	if b.srcs != nil {
		return b.srcs[row]
	}
	return uint16(row)
}

func (b *base) offset(row int) int {
	if b.near != nil {
		return int(b.near[row])
	}
	return int(b.far[row])
}

// setRows writes the offsets from the number of hops of each source, over the
// arrays it has where they fit.
func (b *base) setRows(lengths *[spanSize]uint32) {
	filled, total := 0, 0
	for _, n := range lengths {
		if n != 0 {
			filled++
		}
		total += int(n)
	}
	sparse := filled < fewRows
	rows := spanSize
	if sparse {
		rows = filled
		b.srcs = resize(b.srcs, rows)
	} else {
		b.srcs = nil
	}
	wide := total > math.MaxUint16
	if wide {
		b.near, b.far = nil, resize(b.far, rows+1)
	} else {
		b.near, b.far = resize(b.near, rows+1), nil
	}
	at, row := 0, 0
	for src, n := range lengths {
		if sparse && n == 0 {
			continue
		}
		if sparse {
			b.srcs[row] = uint16(src)
		}
		if wide {
			b.far[row] = uint32(at)
		} else {
			b.near[row] = uint16(at)
		}
		at += int(n)
		row++
	}
	if wide {
		b.far[row] = uint32(at)
	} else {
		b.near[row] = uint16(at)
	}
}

func resize[T any](s []T, n int) []T {
	if s != nil && cap(s) >= n && cap(s) <= 2*n+8 {
		return s[:n]
	}
	return make([]T, n)
}

// search returns the first hop in hops[lo:hi] that is not before h.
func search(hops []graph.Hop, lo, hi int, h graph.Hop) int {
	k := hopKey(h)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if hopKey(hops[mid]) < k {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// hopKey orders hops by (neighbour, relationship).
func hopKey(h graph.Hop) uint64 { return uint64(h.Node)<<32 | uint64(h.Rel) }

// bitmap helpers for the hops of a base that are gone.

func bitmapHas(m []uint64, i int) bool { return m != nil && m[i>>6]>>(i&63)&1 != 0 }

// bitmapCount counts the bits in [lo, hi).
func bitmapCount(m []uint64, lo, hi int) int {
	if m == nil || lo >= hi {
		return 0
	}
	first, last := lo>>6, (hi-1)>>6
	head := ^uint64(0) << (lo & 63)
	foot := ^uint64(0) >> (63 - (hi-1)&63)
	if first == last {
		return bits.OnesCount64(m[first] & head & foot)
	}
	n := bits.OnesCount64(m[first]&head) + bits.OnesCount64(m[last]&foot)
	for _, w := range m[first+1 : last] {
		n += bits.OnesCount64(w)
	}
	return n
}

// appendLive appends hops[lo:hi] without those that are gone.
func appendLive(dst, hops []graph.Hop, gone []uint64, lo, hi int) []graph.Hop {
	if bitmapCount(gone, lo, hi) == 0 {
		return append(dst, hops[lo:hi]...)
	}
	dst = slices.Grow(dst, hi-lo)
	for i := lo; i < hi; i++ {
		if !bitmapHas(gone, i) {
			dst = append(dst, hops[i])
		}
	}
	return dst
}

package adjacency

import (
	"slices"

	"github.com/pocketgraph/pocketgraph/graph"
)

// AppendHops appends the hops from node n over the given types, in their
// order; nil means every type, ascending. Within a type hops come ordered by
// (Node, Rel).
func (l *Lists) AppendHops(dst []graph.Hop, n graph.Node, types []graph.TypeID) []graph.Hop {
	s := l.span(n)
	if s == nil {
		return dst
	}
	src := uint16(n % spanSize)
	if types == nil {
		for _, b := range s.blocks {
			dst = b.appendHops(dst, src)
		}
		return dst
	}
	for _, t := range types {
		if b := s.block(t); b != nil {
			dst = b.appendHops(dst, src)
		}
	}
	return dst
}

// Row gives what AppendHops would append for one type when it lies in one
// piece: the store's own memory, not to be changed. ok is false when it does not.
func (l *Lists) Row(n graph.Node, t graph.TypeID) (hops []graph.Hop, ok bool) {
	s := l.span(n)
	if s == nil {
		return nil, true
	}
	b := s.block(t)
	if b == nil {
		return nil, true
	}
	src := uint16(n % spanSize)
	if (b.beside != nil || b.ntail > 0) && !b.based(src) {
		return nil, false
	}
	if b.base == nil {
		return nil, true
	}
	lo, hi := b.base.row(src)
	return b.base.hops[lo:hi:hi], true
}

// AppendHopsTo appends only those hops from n that lead to the node to.
func (l *Lists) AppendHopsTo(dst []graph.Hop, n, to graph.Node, types []graph.TypeID) []graph.Hop {
	s := l.span(n)
	if s == nil {
		return dst
	}
	src := uint16(n % spanSize)
	if types == nil {
		for _, b := range s.blocks {
			dst = b.appendHopsTo(dst, src, to)
		}
		return dst
	}
	for _, t := range types {
		if b := s.block(t); b != nil {
			dst = b.appendHopsTo(dst, src, to)
		}
	}
	return dst
}

// AppendHopsExcept is AppendHops without the hops that lead to the node
// except. With except == n it leaves out self-loops, which is what Both needs
// of its second direction.
func (l *Lists) AppendHopsExcept(dst []graph.Hop, n, except graph.Node, types []graph.TypeID) []graph.Hop {
	from := len(dst)
	dst = l.AppendHops(dst, n, types)
	for i := from; i < len(dst); i++ {
		if dst[i].Node == except {
			return appendExcept(dst[:i], dst[i:], except)
		}
	}
	return dst
}

func appendExcept(dst, hops []graph.Hop, except graph.Node) []graph.Hop {
	for _, h := range hops {
		if h.Node != except {
			dst = append(dst, h)
		}
	}
	return dst
}

// AppendNeighbours appends the nodes that AppendHops leads to, one for each
// relationship, in no particular order.
func (l *Lists) AppendNeighbours(dst []graph.Node, n graph.Node, types []graph.TypeID) []graph.Node {
	s := l.span(n)
	if s == nil {
		return dst
	}
	src := uint16(n % spanSize)
	if types == nil {
		for _, b := range s.blocks {
			dst = b.appendNeighbours(dst, src)
		}
		return dst
	}
	for _, t := range types {
		if b := s.block(t); b != nil {
			dst = b.appendNeighbours(dst, src)
		}
	}
	return dst
}

// Degree counts what AppendHops would append, from the offsets.
func (l *Lists) Degree(n graph.Node, types []graph.TypeID) int {
	s := l.span(n)
	if s == nil {
		return 0
	}
	src, d := uint16(n%spanSize), 0
	if types == nil {
		for _, b := range s.blocks {
			d += b.degree(src)
		}
		return d
	}
	for _, t := range types {
		if b := s.block(t); b != nil {
			d += b.degree(src)
		}
	}
	return d
}

// Degrees sets out[i] to Degree(nodes[i], types), 0 for NoNode. Nodes of one span
// that come one after the other, as a scan gives them, share a look-up.
func (l *Lists) Degrees(nodes []graph.Node, types []graph.TypeID, out []int64) {
	if len(types) != 1 {
		for i, n := range nodes {
			out[i] = int64(l.Degree(n, types))
		}
		return
	}
	var b *block
	at := graph.NoNode // no span has this number
	for i, n := range nodes {
		if n>>spanBits != at {
			at, b = n>>spanBits, nil
			if s := l.span(n); s != nil {
				b = s.block(types[0])
			}
		}
		if b == nil {
			out[i] = 0
			continue
		}
		out[i] = int64(b.degree(uint16(n % spanSize)))
	}
}

// DegreeTo counts what AppendHopsTo would append. DegreeTo(n, n, types) is the
// number of self-loops.
func (l *Lists) DegreeTo(n, to graph.Node, types []graph.TypeID) int {
	s := l.span(n)
	if s == nil {
		return 0
	}
	src, d := uint16(n%spanSize), 0
	if types == nil {
		for _, b := range s.blocks {
			d += b.degreeTo(src, to)
		}
		return d
	}
	for _, t := range types {
		if b := s.block(t); b != nil {
			d += b.degreeTo(src, to)
		}
	}
	return d
}

// SpanTypes returns the types, ascending, that n or a node near it has: what n
// has is among them. It must not be changed.
func (l *Lists) SpanTypes(n graph.Node) []graph.TypeID {
	if s := l.span(n); s != nil {
		return s.types
	}
	return nil
}

// AppendTypes appends the types of which n has at least one relationship, ascending.
func (l *Lists) AppendTypes(dst []graph.TypeID, n graph.Node) []graph.TypeID {
	s := l.span(n)
	if s == nil {
		return dst
	}
	for i, b := range s.blocks {
		if b.degree(uint16(n%spanSize)) > 0 {
			dst = append(dst, s.types[i])
		}
	}
	return dst
}

func (b *block) row(src uint16) (lo, hi int) {
	if b.base == nil {
		return 0, 0
	}
	return b.base.row(src)
}

// deltaRow returns the delta's entries of a source.
func (b *block) deltaRow(src uint16) []extra {
	lo := firstExtra(b.delta, extra{src: src})
	hi := lo
	for hi < len(b.delta) && b.delta[hi].src == src {
		hi++
	}
	return b.delta[lo:hi]
}

// firstExtra returns the index of the first entry that is not before e.
func firstExtra(d []extra, e extra) int {
	lo, hi := 0, len(d)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if compareExtras(d[mid], e) < 0 {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

func (b *block) appendHops(dst []graph.Hop, src uint16) []graph.Hop {
	lo, hi := b.row(src)
	if b.based(src) {
		return b.appendBase(dst, lo, hi)
	}
	from := len(dst)
	dst = b.merge(dst, lo, hi, b.deltaRow(src))
	for _, e := range b.tailEntries() {
		if e.src == src {
			dst = insertHop(dst, from, e.hop)
		}
	}
	return dst
}

func (b *block) appendHopsTo(dst []graph.Hop, src uint16, to graph.Node) []graph.Hop {
	lo, hi := b.rowTo(src, to)
	if b.based(src) {
		return b.appendBase(dst, lo, hi)
	}
	from := len(dst)
	dst = b.merge(dst, lo, hi, deltaTo(b.deltaRow(src), to))
	for _, e := range b.tailEntries() {
		if e.src == src && e.hop.Node == to {
			dst = insertHop(dst, from, e.hop)
		}
	}
	return dst
}

// appendBase appends hops [lo, hi) of the base, which all are there.
func (b *block) appendBase(dst []graph.Hop, lo, hi int) []graph.Hop {
	if lo == hi {
		return dst // perhaps there is no base
	}
	return append(dst, b.base.hops[lo:hi]...)
}

// rowTo narrows a source's row to the hops that lead to one node.
func (b *block) rowTo(src uint16, to graph.Node) (lo, hi int) {
	lo, hi = b.row(src)
	if lo == hi {
		return lo, lo
	}
	lo = search(b.base.hops, lo, hi, graph.Hop{Node: to})
	end := lo
	for end < hi && b.base.hops[end].Node == to {
		end++
	}
	return lo, end
}

func deltaTo(row []extra, to graph.Node) []extra {
	lo := 0
	for lo < len(row) && row[lo].hop.Node < to {
		lo++
	}
	hi := lo
	for hi < len(row) && row[hi].hop.Node == to {
		hi++
	}
	return row[lo:hi]
}

// merge appends base hops [lo, hi) that are there, merged with add.
func (b *block) merge(dst []graph.Hop, lo, hi int, add []extra) []graph.Hop {
	if len(add) == 0 {
		if hi == lo {
			return dst
		}
		return appendLive(dst, b.base.hops, b.gone, lo, hi)
	}
	// The base's hops go behind a gap as long as add, then both move forward
	// in order; the gap is used up exactly when add is.
	from := len(dst)
	dst = slices.Grow(dst, len(add)+hi-lo)[:from+len(add)]
	if hi > lo {
		dst = appendLive(dst, b.base.hops, b.gone, lo, hi)
	}
	w, r := from, from+len(add)
	for _, e := range add {
		for r < len(dst) && hopKey(dst[r]) < hopKey(e.hop) {
			dst[w] = dst[r]
			w++
			r++
		}
		dst[w] = e.hop
		w++
	}
	return dst
}

// insertHop inserts h into the ascending hops dst[from:].
func insertHop(dst []graph.Hop, from int, h graph.Hop) []graph.Hop {
	return slices.Insert(dst, search(dst, from, len(dst), h), h)
}

func (b *block) appendNeighbours(dst []graph.Node, src uint16) []graph.Node {
	lo, hi := b.row(src)
	dst = slices.Grow(dst, hi-lo)
	based := b.based(src)
	if based || b.ngone == 0 {
		if hi > lo {
			for _, h := range b.base.hops[lo:hi] {
				dst = append(dst, h.Node)
			}
		}
		if based {
			return dst
		}
	} else {
		for i := lo; i < hi; i++ {
			if !bitmapHas(b.gone, i) {
				dst = append(dst, b.base.hops[i].Node)
			}
		}
	}
	if len(b.delta) > 0 {
		for _, e := range b.deltaRow(src) {
			dst = append(dst, e.hop.Node)
		}
	}
	for _, e := range b.tailEntries() {
		if e.src == src {
			dst = append(dst, e.hop.Node)
		}
	}
	return dst
}

func (b *block) degree(src uint16) int {
	lo, hi := b.row(src)
	n := hi - lo
	if b.beside == nil && b.ntail == 0 || b.based(src) {
		return n
	}
	n -= bitmapCount(b.gone, lo, hi)
	if len(b.delta) > 0 {
		n += firstExtra(b.delta, extra{src: src + 1}) - firstExtra(b.delta, extra{src: src})
	}
	for _, e := range b.tailEntries() {
		if e.src == src {
			n++
		}
	}
	return n
}

func (b *block) degreeTo(src uint16, to graph.Node) int {
	lo, hi := b.rowTo(src, to)
	if b.based(src) {
		return hi - lo
	}
	n := hi - lo - bitmapCount(b.gone, lo, hi)
	n += len(deltaTo(b.deltaRow(src), to))
	for _, e := range b.tailEntries() {
		if e.src == src && e.hop.Node == to {
			n++
		}
	}
	return n
}

package adjacency

import (
	"math"
	"slices"

	"github.com/pocketgraph/pocketgraph/graph"
)

const (
	openTail   = 256 // entries in a tail before it is folded within a transaction
	sealedTail = 16  // entries a committed tail may have: a reader looks at them all

	// Within a transaction the delta is folded into the base when it outgrows
	// an eighth of it, but not below the one (small blocks would be rebuilt all
	// the time) and always above the other (one more entry copies the delta now
	// and then). A transaction that is sealed leaves a quarter of that: rows
	// that are in the base alone are read fastest.
	smallestDelta = 256
	largestDelta  = 8192
	sealedShare   = 4
)

// block is the relationships of one type whose sources lie in one span.
type block struct {
	gen   uint64
	base  *base    // nil when there is none
	gone  []uint64 // bitmap over base.hops; nil when all are there
	delta []extra  // ascending
	tail  *tail    // the first ntail entries of it belong to this block
	ngone int32
	ntail int32

	// beside are the sources that delta and gone are about, perhaps more; nil
	// where both are empty. The others' rows are the base's, but for the tail.
	beside *sources

	ownDelta, ownGone, ownBeside bool // this generation made the array
	queued                       bool // Seal will come by
}

// sources is a bitmap of the sources of a span.
type sources [spanSize / 64]uint64

// mark notes that a source is no longer in the base alone.
func (b *block) mark(src uint16) {
	switch {
	case b.beside == nil:
		b.beside, b.ownBeside = new(sources), true
	case !b.ownBeside:
		own := *b.beside
		b.beside, b.ownBeside = &own, true
	}
	b.beside[src>>6] |= 1 << (src & 63)
}

// based says that everything of a source is in the base.
func (b *block) based(src uint16) bool {
	if b.beside != nil && b.beside[src>>6]>>(src&63)&1 != 0 {
		return false
	}
	for i := range b.tailEntries() {
		if b.tail.entries[i].src == src {
			return false
		}
	}
	return true
}

// extra is an entry outside the base.
type extra struct {
	hop graph.Hop
	src uint16
}

func compareExtras(a, b extra) int {
	switch {
	case a.src != b.src:
		return int(a.src) - int(b.src)
	case hopKey(a.hop) < hopKey(b.hop):
		return -1
	case hopKey(a.hop) > hopKey(b.hop):
		return 1
	}
	return 0
}

// tail is an array that versions share: each sees the entries it knows of,
// and whoever knows all of them may append in place.
type tail struct {
	gen     uint64 // the generation that made it and may reorder it
	entries []extra
	used    int // the writer's alone
}

func (b *block) len() int {
	n := len(b.delta) + int(b.ntail)
	if b.base != nil {
		n += len(b.base.hops) - int(b.ngone)
	}
	return n
}

func (b *block) tailEntries() []extra {
	if b.ntail == 0 {
		return nil
	}
	return b.tail.entries[:b.ntail]
}

func (b *block) insert(gen uint64, e extra) {
	if b.ntail >= openTail {
		b.fold(gen, true)
	}
	n := int(b.ntail)
	if b.tail == nil || b.tail.used != n || n == len(b.tail.entries) {
		t := &tail{gen: gen, entries: make([]extra, max(4, min(4*n, openTail)))}
		copy(t.entries, b.tailEntries())
		b.tail = t
	}
	b.tail.entries[n] = e
	b.tail.used = n + 1
	b.ntail++
}

// find looks for an entry: its index in the tail, in the delta or in the base,
// -1 where it is not.
func (b *block) find(e extra) (inTail, inDelta, inBase int) {
	if i := slices.Index(b.tailEntries(), e); i >= 0 {
		return i, -1, -1
	}
	if i, ok := slices.BinarySearchFunc(b.delta, e, compareExtras); ok {
		return -1, i, -1
	}
	if b.base != nil {
		lo, hi := b.base.row(e.src)
		i := search(b.base.hops, lo, hi, e.hop)
		if i < hi && b.base.hops[i] == e.hop && !bitmapHas(b.gone, i) {
			return -1, -1, i
		}
	}
	return -1, -1, -1
}

func (b *block) has(e extra) bool {
	t, d, i := b.find(e)
	return t >= 0 || d >= 0 || i >= 0
}

// remove takes out an entry that is there.
func (b *block) remove(gen uint64, e extra) {
	inTail, inDelta, inBase := b.find(e)
	switch {
	case inTail >= 0:
		b.removeFromTail(gen, inTail)
	case inDelta >= 0:
		if !b.ownDelta {
			b.delta, b.ownDelta = slices.Clone(b.delta), true
		}
		b.delta = slices.Delete(b.delta, inDelta, inDelta+1)
	case inBase >= 0:
		b.removeFromBase(gen, e.src, inBase)
	}
}

func (b *block) removeFromTail(gen uint64, i int) {
	if b.tail.gen != gen {
		t := &tail{gen: gen, entries: make([]extra, max(4, b.ntail))}
		copy(t.entries, b.tailEntries())
		b.tail = t
	}
	b.ntail--
	b.tail.entries[i] = b.tail.entries[b.ntail]
	b.tail.used = int(b.ntail)
}

func (b *block) removeFromBase(gen uint64, src uint16, i int) {
	switch {
	case b.gone == nil:
		b.gone, b.ownGone = make([]uint64, (len(b.base.hops)+63)/64), true
	case !b.ownGone:
		b.gone, b.ownGone = slices.Clone(b.gone), true
	}
	b.gone[i>>6] |= 1 << (i & 63)
	b.ngone++
	b.mark(src)
	if len(b.delta)+int(b.ngone) > b.deltaLimit() {
		b.rebase(gen, false)
	}
}

func (b *block) deltaLimit() int {
	n := 0
	if b.base != nil {
		n = len(b.base.hops)
	}
	return min(max(n/8, smallestDelta), largestDelta)
}

// seal leaves a short tail and no room for what may never come.
func (b *block) seal(gen uint64) {
	b.queued = false
	// Where this transaction has written the base anyway, as a load does, or
	// could write it, everything goes there.
	own := b.base == nil || b.base.gen == gen
	if b.ntail > sealedTail || own && b.ntail > 0 {
		b.fold(gen, false)
	}
	if n := len(b.delta) + int(b.ngone); own && n > 0 || n > b.deltaLimit()/sealedShare {
		b.rebase(gen, false)
	}
	if b.ntail == 0 {
		b.tail = nil
	} else if len(b.tail.entries) > sealedTail {
		b.tail = &tail{gen: gen, entries: slices.Clone(b.tailEntries()), used: int(b.ntail)}
	}
	if len(b.delta) == 0 {
		b.delta, b.ownDelta = nil, false
	} else if b.ownDelta && cap(b.delta) > len(b.delta)+len(b.delta)/4 {
		b.delta = slices.Clone(b.delta)
	}
}

// fold empties the tail into the delta, and that into the base when it has
// grown too large. more says that further entries are likely.
func (b *block) fold(gen uint64, more bool) {
	var room [openTail]extra
	b.mergeDelta(sortExtras(room[:], b.tailEntries()), more)
	b.ntail = 0
	if b.tail.gen == gen && more {
		b.tail.used = 0
	} else {
		b.tail = nil
	}
	if len(b.delta)+int(b.ngone) > b.deltaLimit() {
		b.rebase(gen, more)
	}
}

// sortExtras fills dst with the entries, ascending. They are sorted as numbers,
// of source, neighbour and place, which is several times as fast as comparing
// them; what has both in common then only needs a look at its relationships.
func sortExtras(dst, entries []extra) []extra {
	var keys [openTail]uint64
	for i, e := range entries {
		keys[i] = uint64(e.src)<<40 | uint64(e.hop.Node)<<8 | uint64(i)
	}
	slices.Sort(keys[:len(entries)])
	dst = dst[:len(entries)]
	for i, k := range keys[:len(entries)] {
		e := entries[k&(openTail-1)]
		j := i
		for ; j > 0 && compareExtras(dst[j-1], e) > 0; j-- {
			dst[j] = dst[j-1]
		}
		dst[j] = e
	}
	return dst
}

// mergeDelta merges ascending entries into the delta.
func (b *block) mergeDelta(add []extra, more bool) {
	n := len(b.delta)
	size := n + len(add)
	if !b.ownDelta || cap(b.delta) < size {
		room := size
		if more {
			room = max(size, smallestDelta+openTail)
		}
		d := make([]extra, n, room)
		copy(d, b.delta)
		b.delta, b.ownDelta = d, true
	}
	d := b.delta[:size]
	i, j := n-1, len(add)-1
	for k := size - 1; j >= 0; k-- {
		if i >= 0 && compareExtras(d[i], add[j]) > 0 {
			d[k] = d[i]
			i--
		} else {
			d[k] = add[j]
			j--
		}
	}
	b.delta = d
	for i := range add {
		b.mark(add[i].src)
	}
}

// rebase merges the delta into the base and drops what is gone. A base that
// this generation made is changed in place while it has room.
func (b *block) rebase(gen uint64, more bool) {
	var lengths [spanSize]uint32
	b.countRows(&lengths)
	old := b.base
	if old == nil {
		old = &base{gen: gen}
	}
	live := len(old.hops) - int(b.ngone)
	size := live + len(b.delta)
	if uint64(size) > math.MaxUint32 {
		panic("adjacency: more than 2^32 relationships of one type in one span")
	}
	next := old
	if old.gen != gen || cap(old.hops) < size || (!more && cap(old.hops) > size+size/4) {
		room := size
		if more {
			room += size / 8
		}
		next = &base{gen: gen, hops: make([]graph.Hop, 0, room)}
	}
	if b.ngone > 0 || next != old {
		next.hops = appendLive(next.hops[:0], old.hops, b.gone, 0, len(old.hops))
	}
	next.hops = next.hops[:size]
	mergeBase(next.hops, live, b.delta, &lengths)
	next.setRows(&lengths)
	b.base, b.gone, b.ngone, b.ownGone, b.beside = next, nil, 0, false, nil
	if b.ownDelta && more {
		b.delta = b.delta[:0]
	} else {
		b.delta, b.ownDelta = nil, false
	}
}

// countRows counts the hops that each source will have, the tail's not.
func (b *block) countRows(lengths *[spanSize]uint32) {
	if b.base != nil {
		for row := range b.base.rows() {
			lo, hi := b.base.offset(row), b.base.offset(row+1)
			lengths[b.base.source(row)] = uint32(hi - lo - bitmapCount(b.gone, lo, hi))
		}
	}
	for i := range b.delta {
		lengths[b.delta[i].src]++
	}
}

// mergeBase merges add into hops[:live], from the back, so that hops is full.
// lengths are the rows as they will be.
func mergeBase(hops []graph.Hop, live int, add []extra, lengths *[spanSize]uint32) {
	k := len(hops)
	for src := spanSize - 1; src >= 0 && len(add) > 0; src-- {
		start := k - int(lengths[src])
		first := len(add)
		for first > 0 && int(add[first-1].src) == src {
			first--
		}
		mine := add[first:]
		add = add[:first]
		kept := int(lengths[src]) - len(mine)
		from := live - kept
		i, j := live-1, len(mine)-1
		for at := k - 1; j >= 0; at-- {
			if i >= from && hopKey(hops[i]) > hopKey(mine[j].hop) {
				hops[at] = hops[i]
				i--
			} else {
				hops[at] = mine[j].hop
				j--
			}
		}
		if len(add) > 0 {
			// What is left of this row's old hops moves up by the number of
			// entries that go before the row.
			copy(hops[start:start+i+1-from], hops[from:i+1])
		}
		k, live = start, from
	}
}

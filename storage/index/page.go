package index

import (
	"bytes"
	"slices"
	"unsafe"

	"github.com/pocketgraph/pocketgraph/graph"
)

const (
	pageMax   = 128 // entries: a commit copies 1.5 KB for each page on the way down
	pageMin   = pageMax / 4
	mergedMax = pageMax * 3 / 4 // pages are joined up to this, so that the next insertion does not split them

	// inlineRest is how much of a key beyond its head is kept in the page;
	// what is longer is kept beside it, so that copying a page stays cheap.
	inlineRest = 240
)

// entry is a key with its slot. Keys are cut: the first eight bytes as a
// number (shorter keys padded with zeros), up to inlineRest bytes more, and
// whatever then follows.
type entry struct {
	head uint64
	rest []byte
	long string
	slot uint32
}

func makeEntry(key []byte, slot uint32) entry {
	e := entry{head: headOf(key), slot: slot}
	if len(key) > 8 {
		e.rest = key[8:]
		if len(e.rest) > inlineRest {
			e.long = string(e.rest[inlineRest:])
			e.rest = e.rest[:inlineRest]
		}
	}
	return e
}

// entryOf is the entry of an element with these values. The key of an integer
// that a float64 holds, as most are, is its head.
//
//go:noinline
func entryOf(room []byte, values []graph.Value, slot uint32) entry {
	if len(values) == 1 && values[0].Kind() == graph.KindInt {
		if i := values[0].AsInt(); i > -exactInt && i < exactInt {
			return entry{head: orderedBits(float64(i)), slot: slot}
		}
	}
	return makeEntry(appendKey(room, values), slot)
}

func headOf(key []byte) uint64 {
	var h uint64
	for i := range 8 {
		h <<= 8
		if i < len(key) {
			h |= uint64(key[i])
		}
	}
	return h
}

// page is a leaf or, with kids, an inner page, whose entry i is not above any
// entry below kid i and above all entries below kid i-1. The arrays of rests
// are nil while every rest is empty, which is so for numbers.
type page struct {
	heads []uint64 // what a search looks at comes first: one cache line
	kids  []*page
	slots []uint32
	gen   uint64
	ends  []uint16 // where the rest of an entry ends in arena
	arena []byte
	longs []string // nil while no key is that long
}

func (p *page) len() int { return len(p.heads) }

func (p *page) rest(i int) []byte {
	if p.ends == nil {
		return nil
	}
	from := uint16(0)
	if i > 0 {
		from = p.ends[i-1]
	}
	return p.arena[from:p.ends[i]]
}

func (p *page) long(i int) string {
	if p.longs == nil {
		return ""
	}
	return p.longs[i]
}

func (p *page) entry(i int) entry {
	return entry{head: p.heads[i], rest: p.rest(i), long: p.long(i), slot: p.slots[i]}
}

// compareKey compares the key of entry i with that of e.
func (p *page) compareKey(i int, e *entry) int {
	if h := p.heads[i]; h != e.head {
		if h < e.head {
			return -1
		}
		return 1
	}
	return p.compareRest(i, e)
}

func (p *page) compareRest(i int, e *entry) int {
	if p.ends == nil && len(e.rest) == 0 {
		return 0
	}
	if c := bytes.Compare(p.rest(i), e.rest); c != 0 {
		return c
	}
	return compareText(p.long(i), e.long)
}

// compareText is strings.Compare, from which its arguments escape to the heap
// (Go 1.26), and with them the key of every lookup.
func compareText(a, b string) int {
	switch {
	case a == b:
		return 0
	case a < b:
		return -1
	}
	return 1
}

// lowerHead returns how many heads are below h. Searching without branches was
// tried and is slower once pages are not in the cache: the processor's guesses
// fetch the next probe ahead.
func lowerHead(heads []uint64, h uint64) int {
	lo, n := 0, uint(len(heads))
	for n > 1 {
		half := n >> 1
		n -= half
		if probe := lo + int(half); heads[probe-1] < h {
			lo = probe
		}
	}
	if lo < len(heads) && heads[lo] < h {
		lo++
	}
	return lo
}

// headEnd returns where the run of equal heads that begins at lo ends.
func (p *page) headEnd(lo int) int {
	h := p.heads[lo]
	switch {
	case lo+1 == len(p.heads) || p.heads[lo+1] != h:
		return lo + 1
	case h == 1<<64-1:
		return len(p.heads)
	}
	return lo + lowerHead(p.heads[lo:], h+1)
}

// place returns how many entries of the page are below e, slots included.
func (p *page) place(e *entry) int {
	lo := lowerHead(p.heads, e.head)
	if lo == len(p.heads) || p.heads[lo] != e.head {
		return lo
	}
	hi := p.headEnd(lo)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		c := p.compareRest(mid, e)
		if c < 0 || c == 0 && p.slots[mid] < e.slot {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// holds says whether entry i is e.
func (p *page) holds(i int, e *entry) bool {
	return i < p.len() && p.slots[i] == e.slot && p.compareKey(i, e) == 0
}

// kidFor returns which kid of an inner page e belongs to.
func (p *page) kidFor(e *entry) int {
	i := p.place(e)
	if p.holds(i, e) {
		return i
	}
	return max(i-1, 0)
}

// edit returns the page for this generation to change.
func (p *page) edit(gen uint64) *page {
	if p.gen == gen {
		return p
	}
	return &page{
		gen: gen, heads: cloneRoom(p.heads), slots: cloneRoom(p.slots), ends: cloneRoom(p.ends),
		arena: slices.Clone(p.arena), longs: slices.Clone(p.longs), kids: cloneRoom(p.kids),
	}
}

// roomStep is by how much a page's arrays grow: at most pageMax is what they need.
const roomStep = 16

func cloneRoom[T any](s []T) []T {
	if s == nil {
		return nil
	}
	return append(make([]T, 0, roomFor(len(s)+1)), s...)
}

func roomFor(n int) int {
	if n <= roomStep/2 {
		return roomStep / 2
	}
	return (n + roomStep - 1) &^ (roomStep - 1)
}

// insertAt inserts into an array that never needs more than pageMax.
func insertAt[T any](s []T, i int, x T) []T {
	n := len(s)
	if n == cap(s) {
		grown := make([]T, n+1, min(max(roomFor(n+1), 2*n), pageMax))
		copy(grown, s[:i])
		copy(grown[i+1:], s[i:])
		grown[i] = x
		return grown
	}
	s = s[:n+1]
	copy(s[i+1:], s[i:n])
	s[i] = x
	return s
}

// insert puts e, and its kid in an inner page, at position i of a page that is
// not full.
func (p *page) insert(i int, e *entry, kid *page) {
	p.insertRest(i, e)
	p.heads = insertAt(p.heads, i, e.head)
	p.slots = insertAt(p.slots, i, e.slot)
	if kid != nil {
		p.kids = insertAt(p.kids, i, kid)
	}
}

func (p *page) insertRest(i int, e *entry) {
	if e.long != "" && p.longs == nil {
		p.longs = make([]string, p.len())
	}
	if p.longs != nil {
		p.longs = slices.Insert(p.longs, i, e.long)
	}
	if len(e.rest) > 0 && p.ends == nil {
		p.ends = make([]uint16, p.len(), roomFor(p.len()+1))
	}
	if p.ends == nil {
		return
	}
	at := uint16(0)
	if i > 0 {
		at = p.ends[i-1]
	}
	p.ends = insertAt(p.ends, i, at)
	if len(e.rest) > 0 {
		old := len(p.arena)
		p.arena = slices.Grow(p.arena, len(e.rest))[:old+len(e.rest)]
		copy(p.arena[int(at)+len(e.rest):], p.arena[at:old])
		copy(p.arena[at:], e.rest)
		for j := i; j < len(p.ends); j++ {
			p.ends[j] += uint16(len(e.rest))
		}
	}
}

// remove takes entry i out.
func (p *page) remove(i int) {
	if p.ends != nil {
		n := len(p.rest(i))
		p.arena = slices.Delete(p.arena, int(p.ends[i])-n, int(p.ends[i]))
		p.ends = slices.Delete(p.ends, i, i+1)
		for j := i; j < len(p.ends); j++ {
			p.ends[j] -= uint16(n)
		}
	}
	if p.longs != nil {
		p.longs = slices.Delete(p.longs, i, i+1)
	}
	p.heads = slices.Delete(p.heads, i, i+1)
	p.slots = slices.Delete(p.slots, i, i+1)
	if p.kids != nil {
		p.kids = slices.Delete(p.kids, i, i+1)
	}
}

// cut moves the entries from i on to a new page.
func (p *page) cut(gen uint64, i int) *page {
	q := &page{gen: gen}
	q.take(p, i)
	if p.ends != nil {
		end := 0
		if i > 0 {
			end = int(p.ends[i-1])
		}
		p.arena = slices.Clone(p.arena[:end])
		p.ends = p.ends[:i]
	}
	p.heads, p.slots = p.heads[:i], p.slots[:i]
	if p.longs != nil {
		clear(p.longs[i:])
		p.longs = p.longs[:i]
	}
	if p.kids != nil {
		clear(p.kids[i:])
		p.kids = p.kids[:i]
	}
	return q
}

// take appends the entries of q from i on. Together they are at most pageMax.
func (p *page) take(q *page, i int) {
	for ; i < q.len(); i++ {
		e := q.entry(i)
		var kid *page
		if q.kids != nil {
			kid = q.kids[i]
		}
		p.insert(p.len(), &e, kid)
	}
}

func (p *page) bytes() int {
	n := int(unsafe.Sizeof(*p)) + cap(p.heads)*8 + cap(p.slots)*4 + cap(p.ends)*2 + cap(p.arena) + cap(p.longs)*16 + cap(p.kids)*8
	for _, s := range p.longs {
		n += len(s)
	}
	for _, k := range p.kids {
		n += k.bytes()
	}
	return n
}

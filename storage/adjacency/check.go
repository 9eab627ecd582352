package adjacency

import (
	"strconv"
	"unsafe"

	"github.com/pocketgraph/pocketgraph/graph"
)

// Check walks everything and reports every broken invariant of the structure:
// order, duplicates, offsets, counts. Whether the ends and the relationships
// exist is for whoever knows them; Edges delivers what to look at.
func (l *Lists) Check(report func(problem string)) {
	counts := map[graph.TypeID]int{}
	total := 0
	for p, page := range l.pages {
		if page == nil {
			continue
		}
		for i, s := range page.spans {
			if s == nil {
				continue
			}
			where := "adjacency span " + strconv.Itoa(p*pageSize+i)
			if len(s.types) != len(s.blocks) {
				report(where + ": types and blocks differ in number")
				continue
			}
			for j, b := range s.blocks {
				here := where + " type " + strconv.Itoa(int(s.types[j]))
				if j > 0 && s.types[j-1] >= s.types[j] {
					report(here + ": types out of order")
				}
				b.check(func(problem string) { report(here + ": " + problem) })
				counts[s.types[j]] += b.len()
				total += b.len()
			}
		}
	}
	l.checkCounts(counts, total, report)
}

func (l *Lists) checkCounts(counts map[graph.TypeID]int, total int, report func(string)) {
	if total != l.total {
		report("adjacency: " + strconv.Itoa(total) + " entries, counted " + strconv.Itoa(l.total))
	}
	for at, c := range l.counts {
		if c == nil {
			continue
		}
		for i, n := range c.n {
			t := graph.TypeID(at*countSize + i)
			if n != counts[t] {
				report("adjacency type " + strconv.Itoa(int(t)) + ": " + strconv.Itoa(counts[t]) + " entries, counted " + strconv.Itoa(n))
			}
		}
	}
}

func (b *block) check(report func(string)) {
	if b.len() == 0 {
		report("empty block")
	}
	if b.base != nil && !b.base.check(report) {
		return
	}
	if n := bitmapCount(b.gone, 0, len(b.gone)*64); n != int(b.ngone) {
		report("gone bitmap has " + strconv.Itoa(n) + " bits, counted " + strconv.Itoa(int(b.ngone)))
	}
	for i := 1; i < len(b.delta); i++ {
		if compareExtras(b.delta[i-1], b.delta[i]) >= 0 {
			report("delta out of order at " + strconv.Itoa(i))
		}
	}
	if len(b.delta)+int(b.ngone) > b.deltaLimit() {
		report("delta too large")
	}
	if b.ntail > openTail || b.ntail > 0 && (b.tail == nil || len(b.tail.entries) < int(b.ntail)) {
		report("tail has the wrong length")
		return
	}
	b.checkBeside(report)
	b.checkRows(report)
}

// checkBeside looks for entries outside the base, and gone ones, that the bitmap
// of their sources does not have.
func (b *block) checkBeside(report func(string)) {
	has := func(src uint16) bool { return b.beside != nil && b.beside[int(src>>6)%len(b.beside)]>>(src&63)&1 != 0 }
	for _, e := range b.delta {
		if !has(e.src) {
			report("source " + strconv.Itoa(int(e.src)) + " is in the delta and not marked")
		}
	}
	for row := 0; b.base != nil && row < b.base.rows(); row++ {
		src := b.base.source(row)
		if lo, hi := b.base.offset(row), b.base.offset(row+1); bitmapCount(b.gone, lo, hi) > 0 && !has(src) {
			report("source " + strconv.Itoa(int(src)) + " lost hops and is not marked")
		}
	}
}

// checkRows looks for entries that are there twice and sources out of range.
func (b *block) checkRows(report func(string)) {
	for _, e := range b.delta {
		if e.src >= spanSize {
			report("delta source out of range")
		}
	}
	for _, e := range b.tailEntries() {
		if e.src >= spanSize {
			report("tail source out of range")
		}
	}
	var row []graph.Hop
	n := 0
	for src := range uint16(spanSize) {
		row = b.appendHops(row[:0], src)
		if d := b.degree(src); d != len(row) {
			report("source " + strconv.Itoa(int(src)) + " has " + strconv.Itoa(len(row)) + " hops, degree " + strconv.Itoa(d))
		}
		for i := 1; i < len(row); i++ {
			if hopKey(row[i-1]) >= hopKey(row[i]) {
				report("source " + strconv.Itoa(int(src)) + ": hops out of order or twice")
				break
			}
		}
		n += len(row)
	}
	if n != b.len() {
		report("rows hold " + strconv.Itoa(n) + " hops, counted " + strconv.Itoa(b.len()))
	}
}

func (b *base) check(report func(string)) bool {
	for i := 1; i < len(b.srcs); i++ {
		if b.srcs[i-1] >= b.srcs[i] || b.srcs[i] >= spanSize {
			report("base sources out of order")
			return false
		}
	}
	if n := max(len(b.near), len(b.far)); n != b.rows()+1 {
		report("base has " + strconv.Itoa(n) + " offsets for " + strconv.Itoa(b.rows()) + " rows")
		return false
	}
	for row := range b.rows() {
		if b.offset(row) > b.offset(row+1) {
			report("base offsets descend at row " + strconv.Itoa(row))
			return false
		}
	}
	if b.offset(0) != 0 || b.offset(b.rows()) != len(b.hops) {
		report("base offsets do not cover its hops")
		return false
	}
	return true
}

// Bytes is the memory that the version occupies, what it shares with others included.
func (l *Lists) Bytes() int {
	n := cap(l.pages)*8 + cap(l.counts)*8
	for _, c := range l.counts {
		if c != nil {
			n += int(unsafe.Sizeof(*c))
		}
	}
	for _, p := range l.pages {
		if p == nil {
			continue
		}
		n += int(unsafe.Sizeof(*p))
		for _, s := range p.spans {
			if s != nil {
				n += s.bytes()
			}
		}
	}
	return n
}

func (s *span) bytes() int {
	n := int(unsafe.Sizeof(*s)) + cap(s.types)*4 + cap(s.blocks)*8
	for _, b := range s.blocks {
		n += int(unsafe.Sizeof(*b)) + cap(b.delta)*int(unsafe.Sizeof(extra{})) + cap(b.gone)*8
		if b.beside != nil {
			n += int(unsafe.Sizeof(*b.beside))
		}
		if b.tail != nil {
			n += int(unsafe.Sizeof(*b.tail)) + len(b.tail.entries)*int(unsafe.Sizeof(extra{}))
		}
		if b.base != nil {
			n += int(unsafe.Sizeof(*b.base)) + cap(b.base.hops)*8 + cap(b.base.srcs)*2 + cap(b.base.near)*2 + cap(b.base.far)*4
		}
	}
	return n
}

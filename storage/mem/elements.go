package mem

import (
	"slices"
	"sort"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/storage/column"
)

// elements is what nodes and relationships have in common: which slots are in
// use, and the identities.
type elements struct {
	live   column.Bits
	ids    column.Ints // identity by slot; a slot that is free keeps its last
	slots  idMap
	length uint32   // slots ever used
	next   graph.ID // the next identity
	props  list[column.Column]
}

// find returns the slot of a live element.
func (e *elements) find(id graph.ID) (uint32, bool) {
	if id == 0 || id >= e.next {
		return 0, false
	}
	// What the map says about an identity that is gone is meaningless, so the
	// slot has the last word.
	slot, ok := e.slots.get(id)
	if !ok || slot >= e.length || !e.live.Has(slot) || graph.ID(e.ids.Get(slot)) != id {
		return 0, false
	}
	return slot, true
}

// spanBits: an idMap's directory has an entry for this many identities.
const spanBits = 16

// idMap finds slots by identity. Identities are given in ascending order, so
// that the slots of a run of them mostly are a run, which costs nothing.
type idMap struct {
	gen   uint64
	spans []*idSpan // ascending
}

type idSpan struct {
	gen    uint64
	number uint64 // identity >> spanBits
	live   int
	slots  column.Ints
}

func (m *idMap) span(number uint64) int {
	if len(m.spans) == 0 {
		return -1
	}
	if i := number - m.spans[0].number; i < uint64(len(m.spans)) && m.spans[i].number == number {
		return int(i)
	}
	i := sort.Search(len(m.spans), func(i int) bool { return m.spans[i].number >= number })
	if i < len(m.spans) && m.spans[i].number == number {
		return i
	}
	return -1
}

// get returns the slot that an identity had when it was given.
func (m *idMap) get(id graph.ID) (uint32, bool) {
	i := m.span(uint64(id) >> spanBits)
	if i < 0 {
		return 0, false
	}
	return uint32(m.spans[i].slots.Get(uint32(id % (1 << spanBits)))), true
}

func (m *idMap) own(gen uint64) {
	if m.gen != gen {
		m.spans, m.gen = append(make([]*idSpan, 0, len(m.spans)+1), m.spans...), gen
	}
}

// edit returns span i for this generation, which owns the map, to change.
func (m *idMap) edit(gen uint64, i int) *idSpan {
	if s := m.spans[i]; s.gen != gen {
		changed := *s
		changed.gen = gen
		m.spans[i] = &changed
	}
	return m.spans[i]
}

// set enters an identity that no version knows. w.Fresh is 0 for that reason.
func (m *idMap) set(w *column.Writer, id graph.ID, slot uint32) {
	s := m.spanFor(w.Gen, id)
	s.live++
	s.slots.Set(w, uint32(id%(1<<spanBits)), int64(slot))
}

// setRun enters n identities that follow each other, with slots that do.
func (m *idMap) setRun(w *column.Writer, id graph.ID, slot, n uint32) {
	for n > 0 {
		s, k := m.spanFor(w.Gen, id), uint32(id%(1<<spanBits))
		part := min(n, 1<<spanBits-k)
		s.live += int(part)
		s.slots.SetRun(w, k, part, int64(slot))
		id, slot, n = id+graph.ID(part), slot+part, n-part
	}
}

// spanFor returns the span of an identity for this generation to change.
func (m *idMap) spanFor(gen uint64, id graph.ID) *idSpan {
	m.own(gen)
	number := uint64(id) >> spanBits
	i := m.span(number)
	if i < 0 {
		i = sort.Search(len(m.spans), func(i int) bool { return m.spans[i].number >= number })
		m.spans = slices.Insert(m.spans, i, &idSpan{gen: gen, number: number, slots: column.NewRuns()})
	}
	return m.edit(gen, i)
}

// drop forgets an identity for good.
func (m *idMap) drop(gen uint64, id graph.ID) {
	i := m.span(uint64(id) >> spanBits)
	if i < 0 {
		return
	}
	m.own(gen)
	s := m.edit(gen, i)
	if s.live--; s.live == 0 {
		m.spans = slices.Delete(m.spans, i, i+1)
	}
}

// seal ends a transaction that gave the identities from first up to next.
func (m *idMap) seal(w *column.Writer, first, next graph.ID) {
	if m.gen != w.Gen {
		return
	}
	for i := len(m.spans) - 1; i >= 0; i-- {
		if m.spans[i].number < uint64(first)>>spanBits {
			break
		}
		s := m.edit(w.Gen, i)
		end := uint64(1) << spanBits
		if uint64(next)>>spanBits == s.number {
			end = uint64(next) % (1 << spanBits)
		}
		s.slots.Seal(w, uint32(end))
	}
}

func (m *idMap) bytes() int {
	n := 0
	for i := range m.spans {
		n += 112 + m.spans[i].slots.Bytes()
	}
	return n
}

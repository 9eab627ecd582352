package column

import (
	"math/bits"

	"github.com/pocketgraph/pocketgraph/graph"
)

// What follows fills slots that no element has yet with many values at once: of
// one chunk in each call, and either one slot, or all of them behind every slot
// in use.

// SetRun sets n bits from first on, none of which is set.
func (b *Bits) SetRun(w *Writer, first, n uint32) {
	b.Set(w, first, true) // makes the chunk this generation's
	c := b.dir.get(first / ChunkSlots)
	for k, end := first%ChunkSlots, first%ChunkSlots+n; k < end; {
		some := min(64-k%64, end-k)
		c.words[k/64] |= ^uint64(0) >> (64 - some) << (k % 64)
		k += some
	}
	c.count += n - 1
	b.count += int(n) - 1
}

// SetRows makes values the elements from i on.
func (v *Ints) SetRows(w *Writer, i uint32, values []int64) {
	ci := i / ChunkSlots
	if i%ChunkSlots == 0 && v.dir.get(ci) == nil {
		v.dir.put(w.Gen, ci, &intChunk{gen: w.Gen, dataGen: w.Gen, frame: packed(values)})
		return
	}
	for k, x := range values {
		v.Set(w, i+uint32(k), x)
	}
	if (i+uint32(len(values)))%ChunkSlots == 0 {
		v.narrow(w, ci) // what it gives back is the next one's
	}
}

// kindOf is the kind of each form's values.
var kindOf = [...]kind{
	graph.FormValues: kindOther, graph.FormInt32: kindInt, graph.FormInt64: kindInt, graph.FormFloat: kindFloat, graph.FormText: kindString,
}

// SetRows makes n rows from one on the properties of as many elements, the
// first of which is in slot. g is memory to work in. On an error some have them.
func (c *Column) SetRows(w *Writer, slot uint32, rows *graph.Column, from, n int, strs *Strings, g *Group) error {
	ci, k := slot/ChunkSlots, slot%ChunkSlots
	ch := c.dir.get(ci)
	g.valid, g.n, g.kind = [ChunkSlots / 64]uint64{}, 0, kindOf[rows.Form]
	each := n == 1 || g.kind == kindOther || ch != nil && ch.count > 0 && ch.kind != g.kind
	all := !each && rows.Nulls == nil && g.kind != kindString
	if all {
		rows.Words(from, g.values[:n])
	}
	for i := range n {
		at := k + uint32(i)
		if all {
			g.n++
			g.valid[at/64] |= 1 << (at % 64)
			continue
		}
		if rows.IsNull(from + i) {
			continue
		}
		var x int64
		var err error
		switch {
		case each: // kinds are mixed, or it is not worth more
			v := rows.Value(from + i)
			if err = graph.ErrPropertyType; Storable(v) {
				err = c.Set(w, slot+uint32(i), v, strs)
			}
		case g.kind == kindString:
			var id uint32
			id, err = strs.Intern(rows.Text(from + i))
			x = int64(id)
		default:
			x = rows.Word(from + i)
		}
		if err != nil {
			return &graph.RowError{Row: from + i, Err: err}
		}
		g.values[g.n] = x
		g.n++
		g.valid[at/64] |= 1 << (at % 64)
	}
	switch {
	case each || g.n == 0:
	case ch == nil && k == 0:
		return c.AppendGroup(w, ci, n, g, strs)
	default:
		c.fill(w, ci, g)
		if k+uint32(n) == ChunkSlots {
			c.narrow(w, ci)
		}
	}
	return nil
}

// fill puts the group beside what a chunk has of the same kind.
func (c *Column) fill(w *Writer, ci uint32, g *Group) {
	ch := c.dir.get(ci)
	switch {
	case ch == nil:
		ch = &chunk{gen: w.Gen, dataGen: w.Gen, kind: g.kind, frame: frame{data: w.wide(), width: 8}}
		c.dir.put(w.Gen, ci, ch)
	default:
		ch = c.own(w, ci)
		if ch.count == 0 {
			ch.kind = g.kind
		}
		// What is not plain, or shared with who may read these slots, is copied.
		if ch.width != 8 || ch.packed || ch.dataGen != w.Gen {
			c.widen(w, ch)
		}
	}
	n := 0
	for i, word := range g.valid {
		ch.valid[i] |= word
		for ; word != 0; word &= word - 1 {
			ch.put(uint32(i*64+bits.TrailingZeros64(word)), g.values[n])
			n++
		}
	}
	ch.count += uint16(n)
	c.count += n
}

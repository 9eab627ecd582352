package column

import (
	"encoding/binary"

	"github.com/pocketgraph/pocketgraph/graph"
)

// wordKinds are the kinds of chunks whose payloads are words of graph.Words.
var wordKinds = [...]graph.Kind{
	kindNone: graph.KindNull, kindBool: graph.KindBool, kindInt: graph.KindInt,
	kindFloat: graph.KindFloat, kindString: graph.KindString,
	kindDate: graph.KindNull, kindLocalTime: graph.KindNull, kindOther: graph.KindNull,
}

// Words reads the property of the elements in slots without making Values. It
// reports false when they have it in several kinds, or in one without words.
func Words(c *Column, slots []uint32, w *graph.Words) bool {
	w.Reset(len(slots))
	for i := 0; i < len(slots); {
		ci, j, run := slots[i]/ChunkSlots, i+1, true
		for j < len(slots) && slots[j]/ChunkSlots == ci {
			run = run && slots[j] == slots[j-1]+1
			j++
		}
		ch := c.dir.get(ci)
		if ch == nil || ch.count == 0 {
			for ; i < j; i++ {
				w.SetNull(i)
			}
			continue
		}
		k := wordKinds[ch.kind]
		if k == graph.KindNull || w.Kind != graph.KindNull && w.Kind != k {
			return false
		}
		w.Kind = k
		ch.words(slots, i, j, run, w)
		i = j
	}
	return true
}

// words reads slots[i:j], which are of this chunk; run: one after the other.
func (c *chunk) words(slots []uint32, i, j int, run bool, w *graph.Words) {
	if c.count == ChunkSlots && c.code == codeBits && !c.packed {
		if run {
			c.copy(slots[i]%ChunkSlots, w.Words[i:j])
		} else {
			c.gather(slots[i:j], w.Words[i:j])
		}
		return
	}
	for ; i < j; i++ {
		k := slots[i] % ChunkSlots
		switch {
		case !c.has(k):
			w.SetNull(i)
		case c.packed || c.code != codeBits:
			w.Words[i] = c.raw(k)
		default:
			w.Words[i] = c.at(k)
		}
	}
}

// gather sets out[i] to the element of slots[i], with one loop for each width:
// the switch costs more than the read.
func (f *frame) gather(slots []uint32, out []int64) {
	out = out[:len(slots)]
	data, base := f.data, f.base
	switch f.width {
	case 1:
		data = data[:ChunkSlots]
		for i, s := range slots {
			out[i] = base + int64(data[s%ChunkSlots])
		}
	case 2:
		for i, s := range slots {
			out[i] = base + int64(binary.LittleEndian.Uint16(data[s%ChunkSlots*2:]))
		}
	case 4:
		for i, s := range slots {
			out[i] = base + int64(binary.LittleEndian.Uint32(data[s%ChunkSlots*4:]))
		}
	default:
		for i, s := range slots {
			out[i] = f.at(s % ChunkSlots)
		}
	}
}

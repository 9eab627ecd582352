package column

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// Mask is a bitmap of the slots of a chunk.
type Mask [ChunkSlots / 64]uint64

// CountBetween counts the elements with an Integer from low to high among those
// that within gives, for the chunk that begins at a slot. ok is false, and n means
// nothing, when a chunk has other values.
func (c *Column) CountBetween(low, high int64, within func(first uint32, mask *Mask)) (n int, ok bool) {
	ok = true
	c.dir.each(func(i uint32, ch *chunk) {
		if !ok || ch.count == 0 {
			return
		}
		if ok = ch.kind == kindInt; !ok || low > high {
			return
		}
		var mask Mask
		within(i*ChunkSlots, &mask)
		n += ch.countBetween(low, high, &mask)
	})
	return n, ok
}

func (c *chunk) countBetween(low, high int64, mask *Mask) (n int) {
	for w, valid := range c.valid {
		want := mask[w] & valid
		if want == ^uint64(0) && !c.packed {
			n += c.countWord(uint32(w)*64, low, high)
			continue
		}
		for ; want != 0; want &= want - 1 {
			if x := c.raw(uint32(w*64 + bits.TrailingZeros64(want))); low <= x && x <= high {
				n++
			}
		}
	}
	return n
}

// countWord counts the elements of a frame from i up to i+64 that lie between low
// and high. It has no branches, since what they would do cannot be guessed: the
// distance from the lowest, less one more than the largest, is negative.
func (f *frame) countWord(i uint32, low, high int64) (n int) {
	if f.width == 0 || f.width == 8 {
		for k := i; k < i+64; k++ {
			if x := f.at(k); low <= x && x <= high {
				n++
			}
		}
		return n
	}
	if high < f.base {
		return 0
	}
	from, to := uint64(0), uint64(high)-uint64(f.base)
	if low > f.base {
		from = uint64(low) - uint64(f.base)
	}
	if from > math.MaxUint32 {
		return 0
	}
	to = min(to, math.MaxUint32)
	first, span := uint32(from), to-from+1
	sum := uint64(0)
	switch f.width {
	case 1:
		for _, x := range f.data[i:][:64] {
			sum += (uint64(uint32(x)-first) - span) >> 63
		}
	case 2:
		for d := f.data[i*2:][:128]; len(d) >= 2; d = d[2:] {
			sum += (uint64(uint32(binary.LittleEndian.Uint16(d))-first) - span) >> 63
		}
	case 4:
		for d := f.data[i*4:][:256]; len(d) >= 4; d = d[4:] {
			sum += (uint64(binary.LittleEndian.Uint32(d)-first) - span) >> 63
		}
	}
	return int(sum)
}

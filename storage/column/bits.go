package column

import "math/bits"

// Bits is a bitmap over slots that knows how many bits are set. The zero Bits
// is empty. Copy it to keep a version.
type Bits struct {
	dir   dir[bitChunk]
	count int
}

type bitChunk struct {
	gen   uint64
	count uint32
	words [ChunkSlots / 64]uint64
}

// Len returns how many bits are set.
func (b *Bits) Len() int { return b.count }

// Has reports whether bit i is set.
func (b *Bits) Has(i uint32) bool {
	c := b.dir.get(i / ChunkSlots)
	return c != nil && c.words[i%ChunkSlots/64]>>(i%64)&1 != 0
}

// Set sets bit i or clears it, and reports whether that changed it.
func (b *Bits) Set(w *Writer, i uint32, on bool) bool {
	if b.Has(i) == on {
		return false
	}
	ci, k := i/ChunkSlots, i%ChunkSlots
	c := b.dir.get(ci)
	switch {
	case c == nil:
		c = &bitChunk{gen: w.Gen}
		b.dir.put(w.Gen, ci, c)
	case c.gen != w.Gen:
		cp := *c
		cp.gen = w.Gen
		c = &cp
		b.dir.put(w.Gen, ci, c)
	}
	if on {
		c.words[k/64] |= 1 << (k % 64)
		c.count++
		b.count++
	} else {
		c.words[k/64] &^= 1 << (k % 64)
		c.count--
		b.count--
	}
	return true
}

// Scan fills dst with the set bits not below from and below end, ascending,
// and returns how many.
func (b *Bits) Scan(from, end uint32, dst []uint32) int {
	n := 0
	for from < end && n < len(dst) {
		c := b.dir.get(from / ChunkSlots)
		if c == nil || c.count == 0 {
			next := (from/ChunkSlots + 1) * ChunkSlots
			if next < from {
				break // the last chunk there can be
			}
			from = next
			continue
		}
		n += c.scan(&from, end, dst[n:])
	}
	return n
}

// scan is Scan inside the chunk of *from, which it moves on.
func (c *bitChunk) scan(from *uint32, end uint32, dst []uint32) int {
	base, n := *from/ChunkSlots*ChunkSlots, 0
	for k := *from % ChunkSlots / 64; k < ChunkSlots/64; k++ {
		word := c.words[k]
		if first := base + k*64; first < *from {
			word &= ^uint64(0) << (*from % 64)
		}
		for ; word != 0; word &= word - 1 {
			i := base + k*64 + uint32(bits.TrailingZeros64(word))
			if i >= end || n == len(dst) {
				*from = i
				return n
			}
			dst[n] = i
			n++
		}
	}
	*from = base + ChunkSlots
	if *from == 0 {
		*from = end
	}
	return n
}

// NextClear returns the lowest clear bit not below from and below end.
func (b *Bits) NextClear(from, end uint32) (uint32, bool) {
	for from < end {
		c := b.dir.get(from / ChunkSlots)
		if c == nil {
			return from, true
		}
		if c.count == ChunkSlots {
			from = (from/ChunkSlots + 1) * ChunkSlots
			continue
		}
		word := ^c.words[from%ChunkSlots/64] >> (from % 64)
		if word != 0 {
			from += uint32(bits.TrailingZeros64(word))
			return from, from < end
		}
		from = (from/64 + 1) * 64
	}
	return 0, false
}

// Count counts the bits that are really set, for checking Len and the counts
// of the chunks, whose disagreement it reports.
func (b *Bits) Count(disagree func(chunk uint32)) int {
	total := 0
	b.dir.each(func(i uint32, c *bitChunk) {
		n := 0
		for _, w := range c.words {
			n += bits.OnesCount64(w)
		}
		if n != int(c.count) {
			disagree(i)
		}
		total += n
	})
	return total
}

// Bytes is about what the bitmap occupies.
func (b *Bits) Bytes() int {
	n := b.dir.bytes()
	b.dir.each(func(uint32, *bitChunk) { n += 144 })
	return n
}

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
func Scan[S ~uint32](b *Bits, from, end S, dst []S) int {
	n, chunks := 0, len(b.dir.pages)*pageChunks
	for ci := from / ChunkSlots; int(ci) < chunks && ci*ChunkSlots < end && n < len(dst); ci++ {
		if c := b.dir.get(uint32(ci)); c != nil && c.count > 0 {
			n += scanChunk(c, ci*ChunkSlots, max(from, ci*ChunkSlots), end, dst[n:])
		}
	}
	return n
}

// scanChunk is Scan inside the chunk that begins at base.
func scanChunk[S ~uint32](c *bitChunk, base, from, end S, dst []S) int {
	n := 0
	for w := (from - base) / 64; w < ChunkSlots/64; w++ {
		word, first := c.words[w], base+w*64
		if first < from {
			word &= ^uint64(0) << (from - first)
		}
		for ; word != 0; word &= word - 1 {
			i := first + S(bits.TrailingZeros64(word))
			if i >= end || n == len(dst) {
				return n
			}
			dst[n] = i
			n++
		}
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

// Fill sets the bits 0 up to n of an empty bitmap.
func (b *Bits) Fill(w *Writer, n uint32) {
	for first := uint32(0); first < n; first += ChunkSlots {
		b.SetRun(w, first, min(ChunkSlots, n-first))
		if n-first <= ChunkSlots {
			break // before first overflows
		}
	}
}

// Ranks numbers the set bits of a bitmap.
type Ranks struct {
	bits   *Bits
	before []uint32 // set bits before each chunk
}

// NewRanks counts the bits of b, which must not change as long as they are used.
func NewRanks(b *Bits) *Ranks {
	r := &Ranks{bits: b, before: make([]uint32, len(b.dir.pages)*pageChunks)}
	n := uint32(0)
	for i := range r.before {
		r.before[i] = n
		if c := b.dir.get(uint32(i)); c != nil {
			n += c.count
		}
	}
	return r
}

// Rank returns how many bits are set before i, which is set.
func (r *Ranks) Rank(i uint32) uint32 {
	c, k := r.bits.dir.get(i/ChunkSlots), i%ChunkSlots
	n := r.before[i/ChunkSlots]
	for _, w := range c.words[:k/64] {
		n += uint32(bits.OnesCount64(w))
	}
	return n + uint32(bits.OnesCount64(c.words[k/64]&(1<<(k%64)-1)))
}

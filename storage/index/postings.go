package index

import (
	"math/bits"
	"slices"
	"strconv"
	"unsafe"
)

const (
	chunkBits = 13 // 8,192 slots: a kilobyte as a bitmap, which a commit copies
	chunkSize = 1 << chunkBits
	// listMax is the longest list of a chunk; a bitmap is larger below it.
	listMax = chunkSize / 16 / 2
)

// Postings is a set of slots. The zero value is empty.
type Postings struct {
	chunks []*chunk // by slot >> chunkBits; nil where there is nothing
	count  int
	gen    uint64 // the generation that made chunks
}

// chunk is a sorted list while it is short, then a bitmap.
type chunk struct {
	gen   uint64
	list  []uint16
	words []uint64 // chunkSize bits, or nil
	count int
}

// Len counts the slots.
func (p *Postings) Len() int { return p.count }

// Has reports whether a slot is in the set.
func (p *Postings) Has(slot uint32) bool {
	c := p.chunk(slot)
	return c != nil && c.has(slot%chunkSize)
}

// Pick appends the indexes of those slots that are in the set.
func (p *Postings) Pick(dst []int32, slots []uint32) []int32 {
	dst = slices.Grow(dst, len(slots))
	all := dst[:len(dst)+len(slots)]
	n := len(dst)
	for i, s := range slots {
		c := p.chunk(s)
		if c == nil {
			continue
		}
		if low := s % chunkSize; c.words != nil {
			if c.words[low>>6]>>(low&63)&1 == 0 {
				continue
			}
		} else if !c.has(low) {
			continue
		}
		all[n] = int32(i)
		n++
	}
	return all[:n]
}

// Add puts a slot into the set and reports whether it was not there.
func (p *Postings) Add(gen uint64, slot uint32) bool {
	if p.Has(slot) {
		return false
	}
	p.edit(gen, slot).add(slot % chunkSize)
	p.count++
	return true
}

// AddRun puts n slots from first on, none of which is in the set, into it.
func (p *Postings) AddRun(gen uint64, first, n uint32) {
	p.count += int(n)
	for n > 0 {
		low := first % chunkSize
		some := min(n, chunkSize-low)
		p.edit(gen, first).addRun(low, some)
		first += some
		n -= some
	}
}

func (c *chunk) addRun(low, n uint32) {
	for ; n > 0 && (c.words == nil || low&63 != 0 || n < 64); n-- {
		c.add(low)
		low++
	}
	for ; n >= 64; n -= 64 {
		c.words[low>>6] = ^uint64(0)
		c.count += 64
		low += 64
	}
	for ; n > 0; n-- {
		c.add(low)
		low++
	}
}

// Remove takes a slot out of the set and reports whether it was there.
func (p *Postings) Remove(gen uint64, slot uint32) bool {
	if !p.Has(slot) {
		return false
	}
	c := p.edit(gen, slot)
	c.remove(slot % chunkSize)
	if c.count == 0 {
		p.chunks[slot>>chunkBits] = nil
	}
	p.count--
	return true
}

// Scan fills dst with slots not below from, ascending, and returns how many;
// fewer than len(dst) means the end was reached.
func Scan[T ~uint32](p *Postings, from T, dst []T) int {
	n := 0
	low := uint32(from) % chunkSize
	for i := int(from >> chunkBits); i < len(p.chunks) && n < len(dst); i++ {
		if c := p.chunks[i]; c != nil {
			n += scanChunk(c, uint32(i)<<chunkBits, low, dst[n:])
		}
		low = 0
	}
	return n
}

func scanChunk[T ~uint32](c *chunk, high, low uint32, dst []T) int {
	n := 0
	if c.words == nil {
		i, _ := slices.BinarySearch(c.list, uint16(low))
		for ; i < len(c.list) && n < len(dst); i++ {
			dst[n] = T(high | uint32(c.list[i]))
			n++
		}
		return n
	}
	mask := ^uint64(0) << (low & 63)
	for w := low >> 6; w < chunkSize/64; w++ {
		word := c.words[w] & mask
		if word == ^uint64(0) && len(dst)-n >= 64 { // most of a label that most nodes have
			for i := range dst[n : n+64] {
				dst[n+i] = T(high | w<<6 | uint32(i))
			}
			n += 64
			continue
		}
		for ; word != 0; word &= word - 1 {
			if n == len(dst) {
				return n
			}
			dst[n] = T(high | w<<6 | uint32(bits.TrailingZeros64(word)))
			n++
		}
		mask = ^uint64(0)
	}
	return n
}

func (p *Postings) chunk(slot uint32) *chunk {
	if i := int(slot >> chunkBits); i < len(p.chunks) {
		return p.chunks[i]
	}
	return nil
}

// edit returns the chunk of a slot for this generation to change.
func (p *Postings) edit(gen uint64, slot uint32) *chunk {
	if p.gen != gen {
		p.chunks, p.gen = slices.Clone(p.chunks), gen
	}
	i := int(slot >> chunkBits)
	for i >= len(p.chunks) {
		p.chunks = append(p.chunks, nil)
	}
	c := p.chunks[i]
	switch {
	case c == nil:
		c = &chunk{gen: gen}
	case c.gen != gen:
		c = &chunk{gen: gen, list: slices.Clone(c.list), words: slices.Clone(c.words), count: c.count}
	}
	p.chunks[i] = c
	return c
}

func (c *chunk) has(low uint32) bool {
	if c.words != nil {
		return c.words[low>>6]>>(low&63)&1 != 0
	}
	_, ok := slices.BinarySearch(c.list, uint16(low))
	return ok
}

func (c *chunk) add(low uint32) {
	c.count++
	if c.words == nil && len(c.list) < listMax {
		i, _ := slices.BinarySearch(c.list, uint16(low))
		c.list = slices.Insert(c.list, i, uint16(low))
		return
	}
	if c.words == nil {
		c.words = make([]uint64, chunkSize/64)
		for _, x := range c.list {
			c.words[x>>6] |= 1 << (x & 63)
		}
		c.list = nil
	}
	c.words[low>>6] |= 1 << (low & 63)
}

// remove goes back to a list at half of where the bitmap begins, so that a
// chunk does not change its form at every step.
func (c *chunk) remove(low uint32) {
	c.count--
	if c.words == nil {
		i, _ := slices.BinarySearch(c.list, uint16(low))
		c.list = slices.Delete(c.list, i, i+1)
		return
	}
	c.words[low>>6] &^= 1 << (low & 63)
	if c.count <= listMax/2 {
		c.list = make([]uint16, c.count)
		n := scanList(c.words, c.list)
		c.list, c.words = c.list[:n], nil
	}
}

func scanList(words []uint64, dst []uint16) int {
	n := 0
	for w, word := range words {
		for ; word != 0 && n < len(dst); word &= word - 1 {
			dst[n] = uint16(w<<6 | bits.TrailingZeros64(word))
			n++
		}
	}
	return n
}

// Bytes is the memory that the set occupies, what it shares included.
func (p *Postings) Bytes() int {
	n := cap(p.chunks) * 8
	for _, c := range p.chunks {
		if c != nil {
			n += int(unsafe.Sizeof(*c)) + cap(c.list)*2 + cap(c.words)*8
		}
	}
	return n
}

// Check reports every broken invariant of the set's structure.
func (p *Postings) Check(report func(problem string)) {
	total := 0
	for i, c := range p.chunks {
		if c == nil {
			continue
		}
		where := "postings chunk " + strconv.Itoa(i) + ": "
		n := len(c.list)
		for j := 1; j < n; j++ {
			if c.list[j-1] >= c.list[j] {
				report(where + "list out of order")
				break
			}
		}
		if n > 0 && c.list[n-1] >= chunkSize {
			report(where + "slot out of range")
		}
		for _, w := range c.words {
			n += bits.OnesCount64(w)
		}
		if n != c.count || n == 0 {
			report(where + strconv.Itoa(n) + " slots, counted " + strconv.Itoa(c.count))
		}
		total += n
	}
	if total != p.count {
		report("postings: " + strconv.Itoa(total) + " slots, counted " + strconv.Itoa(p.count))
	}
}

// Mask sets, in words, the bits of the slots of the set from first on, which is a
// multiple of 64; words must not reach beyond a chunk of 16,384.
func (p *Postings) Mask(first uint32, words []uint64) {
	c := p.chunk(first)
	if c == nil {
		return
	}
	at := int(first % chunkSize)
	if c.words != nil {
		copy(words, c.words[at/64:])
		return
	}
	from, _ := slices.BinarySearch(c.list, uint16(at))
	for _, s := range c.list[from:] {
		if i := int(s) - at; i < len(words)*64 {
			words[i>>6] |= 1 << (i & 63)
		} else {
			return
		}
	}
}

package column

import (
	"encoding/binary"
	"math/bits"
	"unsafe"
)

// Packed integers, the unit of a snapshot:
//
//	bits   1 byte: 0 to 64, or 255 for a run
//	base   zigzag LEB128
//	n × bits, the distances from base, lowest bit first, padded to a byte
//
// Of a run, element i is base+i and nothing follows. How many there are is
// written elsewhere.
const packedRun = 255

// AppendInts appends integers, packed.
func AppendInts(dst []byte, values []int64) []byte {
	if len(values) == 0 {
		return dst
	}
	lo, hi, run := values[0], values[0], len(values) > 1
	for i, v := range values {
		lo, hi = min(lo, v), max(hi, v)
		run = run && v == values[0]+int64(i)
	}
	if run {
		return binary.AppendVarint(append(dst, packedRun), values[0])
	}
	width := uint(bits.Len64(uint64(hi) - uint64(lo)))
	dst = binary.AppendVarint(append(dst, byte(width)), lo)
	if width == 0 {
		return dst
	}
	var acc uint64
	var have uint
	for _, v := range values {
		d := uint64(v) - uint64(lo)
		acc |= d << have
		if have+width >= 64 {
			dst = binary.LittleEndian.AppendUint64(dst, acc)
			used := 64 - have
			acc = 0
			if used < 64 {
				acc = d >> used
			}
			have = have + width - 64
			continue
		}
		have += width
	}
	for n := (have + 7) / 8; n > 0; n-- {
		dst = append(dst, byte(acc))
		acc >>= 8
	}
	return dst
}

// ReadInts fills out with packed integers and returns what follows them; ok is
// false when src does not hold so many.
func ReadInts(src []byte, out []int64) (rest []byte, ok bool) {
	if len(out) == 0 {
		return src, true
	}
	if len(src) == 0 {
		return nil, false
	}
	width := uint(src[0])
	base, k := binary.Varint(src[1:])
	if k <= 0 {
		return nil, false
	}
	src = src[1+k:]
	if width == packedRun {
		for i := range out {
			out[i] = base + int64(i)
		}
		return src, true
	}
	size := (uint(len(out))*width + 7) / 8
	if width > 64 || size > uint(len(src)) {
		return nil, false
	}
	unpackInts(src[:size], width, base, out)
	return src[size:], true
}

func unpackInts(src []byte, width uint, base int64, out []int64) {
	mask := ^uint64(0) >> (64 - width) // 0 for width 0: Go shifts by 64 to 0
	for i := range out {
		bit := uint(i) * width
		at, shift := bit/8, bit%8
		var d uint64
		if int(at)+9 <= len(src) {
			d = binary.LittleEndian.Uint64(src[at:])>>shift | uint64(src[at+8])<<(63-shift)<<1
		} else {
			for j := uint(0); at+j < uint(len(src)) && j < 9; j++ {
				if j*8 >= shift {
					d |= uint64(src[at+j]) << (j*8 - shift)
				} else {
					d |= uint64(src[at+j]) >> (shift - j*8)
				}
			}
		}
		out[i] = base + int64(d&mask)
	}
}

// Group is the values of one column for up to ChunkSlots elements, on their
// way into a snapshot or out of one. Its bytes:
//
//	kind    1 byte, plus 128 when every element has the property
//	bitmap  one bit for each element, lowest first, unless every one has it
//	kind other: the values that are there, encoded one by one
//	else: code (1 byte), the payloads that are there, as packed integers
//
// A string's payload is its number in the dictionary of the snapshot.
type Group struct {
	valid  [ChunkSlots / 64]uint64
	values [ChunkSlots]int64
	whole  Packed // instead of values, where it was read so
	n      int    // values there are
	kind   kind
	other  []byte // encoded values, when kind is other
}

const allValid = 128

// Gather collects the property of the elements in slots, ascending and at most
// ChunkSlots; it reports whether there was any.
func (g *Group) Gather(c *Column, slots []uint32, strs *View) bool {
	g.valid, g.n, g.kind, g.other = [ChunkSlots / 64]uint64{}, 0, kindNone, g.other[:0]
	for i, s := range slots {
		ch := c.dir.get(s / ChunkSlots)
		k := s % ChunkSlots
		if ch == nil || !ch.has(k) {
			continue
		}
		if g.kind == kindNone {
			g.kind = ch.kind
		} else if g.kind != ch.kind && g.kind != kindOther {
			g.mix(strs)
		}
		g.valid[i/64] |= 1 << (i % 64)
		x := ch.raw(k)
		switch {
		case g.kind != kindOther:
			g.values[g.n] = x
		case ch.kind == kindOther:
			g.other = append(g.other, strs.Get(uint32(x))...)
		default:
			g.other = AppendValue(g.other, ch.kind.value(x, strs))
		}
		g.n++
	}
	return g.n > 0
}

// mix turns values of one kind into encoded ones.
func (g *Group) mix(strs *View) {
	for _, x := range g.values[:g.n] {
		g.other = AppendValue(g.other, g.kind.value(x, strs))
	}
	g.kind = kindOther
}

// Append appends the group of n elements. number tells a string's place in the
// dictionary from its id.
func (g *Group) Append(dst []byte, n int, number func(id uint32) uint32) []byte {
	if g.n == n {
		dst = append(dst, byte(g.kind)|allValid)
	} else {
		dst = append(dst, byte(g.kind))
		for i := 0; i < n; i += 8 {
			dst = append(dst, byte(g.valid[i/64]>>(i%64)))
		}
	}
	values := g.values[:g.n]
	switch g.kind {
	case kindOther:
		return append(dst, g.other...)
	case kindString:
		for i, x := range values {
			values[i] = int64(number(uint32(x)))
		}
	case kindFloat:
		var buf [ChunkSlots]int64
		if c := shorten(values, buf[:]); c != codeBits {
			return AppendInts(append(dst, byte(c)), buf[:g.n])
		}
	}
	return AppendInts(append(dst, byte(codeBits)), values)
}

// Read decodes the group of n elements, which is all of src. limit is the
// number of strings in the dictionary.
func (g *Group) Read(src []byte, n int, limit uint32) (ok bool) {
	*g = Group{other: g.other[:0]}
	if len(src) == 0 || n < 1 || n > ChunkSlots {
		return false
	}
	g.kind = kind(src[0] &^ allValid)
	rest, ok := g.readValid(src[1:], n, src[0]&allValid != 0)
	if !ok || g.n == 0 || g.kind == kindNone || g.kind > kindOther {
		return false
	}
	if g.kind == kindOther {
		g.other = append(g.other, rest...)
		return g.checkOther()
	}
	if len(rest) == 0 {
		return false
	}
	c := code(rest[0])
	if g.n == ChunkSlots && g.kind != kindFloat {
		rest, ok = g.whole.Read(rest[1:], g.n)
		most, bounded := g.bound(limit)
		return ok && len(rest) == 0 && c == codeBits && (!bounded || g.whole.Within(most))
	}
	values := g.values[:g.n]
	if rest, ok = ReadInts(rest[1:], values); !ok || len(rest) != 0 {
		return false
	}
	return g.checkValues(c, values, limit)
}

func (g *Group) readValid(src []byte, n int, all bool) ([]byte, bool) {
	size := (n + 7) / 8
	if !all && len(src) < size {
		return nil, false
	}
	for i := 0; i < size; i++ {
		b := byte(255)
		if !all {
			b = src[i]
		}
		if left := n - i*8; left < 8 {
			if !all && b>>left != 0 {
				return nil, false
			}
			b &= 1<<left - 1
		}
		g.valid[i/8] |= uint64(b) << (i % 8 * 8)
		g.n += bits.OnesCount8(b)
	}
	if all {
		return src, true
	}
	return src[size:], true
}

func (g *Group) checkValues(c code, values []int64, limit uint32) bool {
	switch {
	case g.kind == kindFloat && (c == codeFloat32 || c >= codeDecimal && c <= codeDecimal+maxScale):
		for i, x := range values {
			values[i] = c.decode(x)
		}
		return true
	case c != codeBits:
		return false
	}
	most, bounded := g.bound(limit)
	for _, x := range values {
		if bounded && uint64(x) >= uint64(most) {
			return false
		}
	}
	return true
}

// bound is what the payloads must be below, and not negative, if anything.
func (g *Group) bound(strings uint32) (most int, bounded bool) {
	switch g.kind {
	case kindBool:
		return 2, true
	case kindString:
		return int(strings), true
	}
	return 0, false
}

// checkOther checks that the encoded values are as many as there should be,
// and nothing but that.
func (g *Group) checkOther() bool {
	rest := unsafe.String(unsafe.SliceData(g.other), len(g.other))
	for i := 0; i < g.n; i++ {
		v, next, ok := DecodeValue(rest)
		if !ok || !Storable(v) {
			return false
		}
		rest = next
	}
	return rest == ""
}

// AppendGroup makes the group chunk ci of a column that has no such chunk yet.
// The strings of the dictionary must have been interned in its order.
func (c *Column) AppendGroup(w *Writer, ci uint32, n int, g *Group, strs *Strings) error {
	if g.kind == kindOther {
		if err := g.internOther(strs); err != nil {
			return err
		}
	}
	c.count += g.n
	if g.n == ChunkSlots { // as most are
		f, code := g.whole.frame, codeBits
		if g.whole.n == 0 {
			f, code = pack(g.values[:], g.kind)
		}
		c.dir.put(w.Gen, ci, &chunk{gen: w.Gen, dataGen: w.Gen, valid: g.valid, frame: f, count: uint16(g.n), kind: g.kind, code: code})
		return nil
	}
	wide := frame{data: w.wide(), width: 8}
	at := 0
	for i, word := range g.valid {
		for ; word != 0; word &= word - 1 {
			wide.put(uint32(i*64+bits.TrailingZeros64(word)), g.values[at])
			at++
		}
	}
	c.dir.put(w.Gen, ci, &chunk{gen: w.Gen, dataGen: w.Gen, valid: g.valid, frame: wide, count: uint16(g.n), kind: g.kind})
	if n == ChunkSlots {
		c.narrow(w, ci)
	}
	return nil
}

func (g *Group) internOther(strs *Strings) error {
	rest := unsafe.String(unsafe.SliceData(g.other), len(g.other))
	for i := 0; i < g.n; i++ {
		_, next, ok := DecodeValue(rest)
		if !ok {
			return errTooLong // Read has checked it
		}
		id, err := strs.Intern(rest[:len(rest)-len(next)])
		if err != nil {
			return err
		}
		g.values[i] = int64(id)
		rest = next
	}
	return nil
}

// MarkInterned sets the bit of everything interned that the column refers to,
// strings and encoded values.
func (c *Column) MarkInterned(used []uint64) {
	c.dir.each(func(_ uint32, ch *chunk) {
		if ch.kind == kindString || ch.kind == kindOther {
			ch.each(func(_ uint32, x int64) { used[x/64] |= 1 << (x % 64) })
		}
	})
}

// MarkStrings sets the bit of every string that the column refers to, but
// not of those that only encoded values are.
func (c *Column) MarkStrings(used []uint64) {
	c.dir.each(func(_ uint32, ch *chunk) {
		if ch.kind == kindString {
			ch.each(func(_ uint32, x int64) { used[x/64] |= 1 << (x % 64) })
		}
	})
}

package column

import (
	"encoding/binary"
	"math"
)

// Packed is a chunk of packed integers on its way from a snapshot into a vector.
type Packed struct {
	frame
	n      int
	lo, hi int64 // no element is outside
}

// ReadPacked reads n packed integers, at most ChunkSlots, in the form that a
// chunk keeps them in. ok is false when src does not hold so many.
func ReadPacked(src []byte, n int) (p Packed, rest []byte, ok bool) {
	if n == ChunkSlots { // as most are
		if p, rest, ok = readWhole(src); ok {
			return p, rest, ok
		}
	}
	var buf [ChunkSlots]int64
	values := buf[:n]
	if rest, ok = ReadInts(src, values); !ok || n == 0 {
		return p, rest, ok
	}
	p.n, p.frame = n, narrow(values)
	p.lo, p.hi = values[0], values[0]
	for _, x := range values {
		p.lo, p.hi = min(p.lo, x), max(p.hi, x)
	}
	if n < ChunkSlots && p.width > 0 {
		// A chunk that will be filled later is left wide, as Seal leaves it.
		p.frame = frame{data: make([]byte, wideBytes), width: 8}
		p.fill(values)
	}
	return p, rest, true
}

// readWhole reads those of a whole chunk that have up to 32 bits, without making
// them wide first. ok is false for all others, also where there is something wrong.
func readWhole(src []byte) (p Packed, rest []byte, ok bool) {
	if len(src) == 0 {
		return p, nil, false
	}
	width := uint(src[0])
	base, k := binary.Varint(src[1:])
	if k <= 0 || base > math.MaxInt64-math.MaxUint32 {
		return p, nil, false
	}
	src = src[1+k:]
	p = Packed{frame: frame{base: base, run: width == packedRun}, n: ChunkSlots, lo: base, hi: base}
	switch {
	case p.run:
		p.hi += ChunkSlots - 1
		return p, src, true
	case width == 0:
		return p, src, true
	case width > 32 || len(src) < ChunkSlots/8*int(width):
		return p, nil, false
	}
	p.width = widthOf(1<<width - 1)
	p.data = make([]byte, ChunkSlots*int(p.width))
	size := ChunkSlots / 8 * int(width)
	rest = src[size:]
	if len(rest) < 8 { // what is read eight bytes at a time must not end here
		var room [ChunkSlots*4 + 8]byte
		copy(room[:], src[:size])
		src = room[:]
	}
	p.hi += int64(unpackBytes(src, width, p.width, p.data))
	return p, rest, true
}

// unpackBytes spreads ChunkSlots numbers of width bits over as many bytes each,
// and returns the largest. src has eight bytes more than they take.
func unpackBytes(src []byte, width uint, bytes uint8, data []byte) (top uint64) {
	mask := uint64(1)<<width - 1
	bit := uint(0)
	switch bytes {
	case 1: // eight numbers are at most 64 bits, and begin with a byte
		for ; len(data) >= 8; data = data[8:] {
			acc := binary.LittleEndian.Uint64(src[bit/8:])
			for k := range data[:8] {
				x := acc & mask
				data[k] = byte(x)
				top = max(top, x)
				acc >>= width
			}
			bit += 8 * width
		}
	case 2:
		for ; len(data) >= 2; data = data[2:] {
			x := binary.LittleEndian.Uint64(src[bit/8:]) >> (bit % 8) & mask
			binary.LittleEndian.PutUint16(data, uint16(x))
			top = max(top, x)
			bit += width
		}
	default:
		for ; len(data) >= 4; data = data[4:] {
			x := binary.LittleEndian.Uint64(src[bit/8:]) >> (bit % 8) & mask
			binary.LittleEndian.PutUint32(data, uint32(x))
			top = max(top, x)
			bit += width
		}
	}
	return top
}

// Len is how many there are.
func (p *Packed) Len() int { return p.n }

// At returns element i.
func (p *Packed) At(i int) int64 { return p.at(uint32(i)) }

// Run says whether each is one above the one before.
func (p *Packed) Run() bool { return p.run || p.n == 1 }

// Same says whether all are known to be equal.
func (p *Packed) Same() bool { return p.width == 0 && !p.run }

// Within says whether all are from 0 up to less than limit.
func (p *Packed) Within(limit int) bool { return p.lo >= 0 && p.hi < int64(limit) }

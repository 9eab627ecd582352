package column

import (
	"encoding/binary"
	"math"
	"slices"
)

// Packed is a chunk of packed integers on its way from a snapshot into a vector.
type Packed struct {
	frame
	n      int
	lo, hi int64 // no element is outside
}

// Read reads n packed integers, at most ChunkSlots, in the form that a chunk keeps
// them in, and returns what follows them. ok is false when src does not hold so many.
func (p *Packed) Read(src []byte, n int) (rest []byte, ok bool) {
	if n == ChunkSlots { // as most are
		if rest, ok = p.readWhole(src); ok {
			return rest, ok
		}
	}
	var buf [ChunkSlots]int64
	values := buf[:n]
	if rest, ok = ReadInts(src, values); !ok || n == 0 {
		return rest, ok
	}
	*p = Packed{packed(values), n, slices.Min(values), slices.Max(values)}
	return rest, true
}

// packed is the frame of a chunk that begins with values.
func packed(values []int64) frame {
	f := narrow(values)
	if n := len(values); n < ChunkSlots && f.width > 0 {
		// A chunk that will be filled later is left wide, as Seal leaves it.
		f = frame{data: make([]byte, wideBytes), width: 8}
		f.fill(values)
	}
	return f
}

// readWhole reads those of a whole chunk that have up to 32 bits, without making
// them wide first. ok is false for all others, also where there is something wrong.
func (p *Packed) readWhole(src []byte) (rest []byte, ok bool) {
	if len(src) == 0 {
		return nil, false
	}
	width := uint(src[0])
	base, k := binary.Varint(src[1:])
	if k <= 0 || base > math.MaxInt64-math.MaxUint32 {
		return nil, false
	}
	src = src[1+k:]
	f, top, size := frame{base: base}, uint64(0), 0
	switch {
	case width == packedRun:
		f.run, top = true, ChunkSlots-1
	case width > 32 || len(src) < ChunkSlots/8*int(width):
		return nil, false
	case width > 0:
		size = ChunkSlots / 8 * int(width)
		f.width = widthOf(1<<width - 1)
		f.data = make([]byte, ChunkSlots*int(f.width))
		packed := src
		if len(src)-size < 8 { // what is read eight bytes at a time must not end here
			packed = make([]byte, size+8)
			copy(packed, src)
		}
		top = unpackBytes(packed, width, f.width, f.data)
	}
	*p = Packed{f, ChunkSlots, base, base + int64(top)}
	return src[size:], true
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

package column

import (
	"encoding/binary"
	"math"
)

// frame holds up to ChunkSlots integers above a base ("frame of reference"),
// width bytes each. Width 0 means that all are base, or, when run is set, that
// element i is base+i.
type frame struct {
	data  []byte
	base  int64
	width uint8
	run   bool
}

func (f *frame) at(i uint32) int64 {
	switch f.width {
	case 0:
		if f.run {
			return f.base + int64(i)
		}
		return f.base
	case 1:
		return f.base + int64(f.data[i])
	case 2:
		return f.base + int64(binary.LittleEndian.Uint16(f.data[i*2:]))
	case 4:
		return f.base + int64(binary.LittleEndian.Uint32(f.data[i*4:]))
	}
	return f.base + int64(binary.LittleEndian.Uint64(f.data[i*8:]))
}

// fits reports whether x can be put without changing the frame's form.
func (f *frame) fits(x int64) bool {
	d := uint64(x - f.base)
	switch f.width {
	case 0:
		return false
	case 1:
		return d <= math.MaxUint8
	case 2:
		return d <= math.MaxUint16
	case 4:
		return d <= math.MaxUint32
	}
	return true
}

// put stores x, which fits, as element i.
func (f *frame) put(i uint32, x int64) {
	d := uint64(x - f.base)
	switch f.width {
	case 1:
		f.data[i] = byte(d)
	case 2:
		binary.LittleEndian.PutUint16(f.data[i*2:], uint16(d))
	case 4:
		binary.LittleEndian.PutUint32(f.data[i*4:], uint32(d))
	case 8:
		binary.LittleEndian.PutUint64(f.data[i*8:], d)
	}
}

// widened returns the same elements as plain 64-bit values in buf.
func (f *frame) widened(buf []byte) frame {
	w := frame{data: buf, width: 8}
	for i := uint32(0); i < ChunkSlots; i++ {
		binary.LittleEndian.PutUint64(buf[i*8:], uint64(f.at(i)))
	}
	return w
}

// widthOf returns the bytes that hold every number up to span.
func widthOf(span uint64) uint8 {
	switch {
	case span == 0:
		return 0
	case span <= math.MaxUint8:
		return 1
	case span <= math.MaxUint16:
		return 2
	case span <= math.MaxUint32:
		return 4
	}
	return 8
}

// narrow returns the smallest frame that holds the values.
func narrow(values []int64) frame {
	if len(values) == 0 {
		return frame{}
	}
	lo, hi, run := values[0], values[0], true
	for i, v := range values {
		lo, hi = min(lo, v), max(hi, v)
		run = run && v == values[0]+int64(i)
	}
	if run && len(values) > 1 {
		return frame{base: values[0], run: true}
	}
	f := frame{base: lo, width: widthOf(uint64(hi) - uint64(lo))}
	if f.width == 8 {
		f.base = 0
	}
	f.data = make([]byte, len(values)*int(f.width))
	f.fill(values)
	return f
}

// fill stores values, which fit, from the first element on, with one loop for
// each width: the switch costs more than the store.
func (f *frame) fill(values []int64) {
	base := f.base
	switch f.width {
	case 1:
		for i, x := range values {
			f.data[i] = byte(x - base)
		}
	case 2:
		for i, x := range values {
			binary.LittleEndian.PutUint16(f.data[i*2:], uint16(x-base))
		}
	case 4:
		for i, x := range values {
			binary.LittleEndian.PutUint32(f.data[i*4:], uint32(x-base))
		}
	case 8:
		for i, x := range values {
			binary.LittleEndian.PutUint64(f.data[i*8:], uint64(x-base))
		}
	}
}

// copy sets out to the elements from one on.
func (f *frame) copy(from uint32, out []int64) {
	data, base := f.data, f.base
	switch f.width {
	case 1:
		for i, x := range data[from:][:len(out)] {
			out[i] = base + int64(x)
		}
	case 2:
		data = data[from*2:][:len(out)*2]
		for i := range out {
			out[i] = base + int64(binary.LittleEndian.Uint16(data[i*2:]))
		}
	case 4:
		data = data[from*4:][:len(out)*4]
		for i := range out {
			out[i] = base + int64(binary.LittleEndian.Uint32(data[i*4:]))
		}
	case 8:
		data = data[from*8:][:len(out)*8]
		for i := range out {
			out[i] = base + int64(binary.LittleEndian.Uint64(data[i*8:]))
		}
	default:
		for i := range out {
			out[i] = f.at(from + uint32(i))
		}
	}
}

package column

import (
	"math"
	"math/bits"
	"unsafe"

	"github.com/pocketgraph/pocketgraph/graph"
)

// kind is what the values of a chunk are. The numbers are part of the
// snapshot format.
type kind uint8

const (
	kindNone kind = iota // no value in the chunk
	kindBool
	kindInt
	kindFloat  // the element is the bits, or as code says
	kindString // the element is an id of Strings
	kindDate
	kindLocalTime
	kindOther // the element is the id of an encoded value: other or mixed kinds
)

// code says how the elements of a sealed chunk of floats stand for them.
type code uint8

const (
	codeBits    code = 0 // as their bits
	codeDecimal code = 1 // codeDecimal+e: an integer over 10^e, e up to maxScale
	codeFloat32 code = 16
)

const maxScale = 4

var powers = [maxScale + 1]float64{1, 10, 100, 1000, 10000}

// Column holds one property of many elements. The zero Column is empty. Copy
// it to keep a version.
type Column struct {
	dir   dir[chunk]
	open  []uint32
	full  uint32
	count int
}

type chunk struct {
	gen     uint64 // who may change the header
	dataGen uint64 // who may change every element
	valid   [ChunkSlots / 64]uint64
	frame   // of all slots, or when packed of the valid ones only
	count   uint16
	kind    kind
	code    code
	packed  bool
}

// Len returns how many elements have the property.
func (c *Column) Len() int { return c.count }

func (c *chunk) has(k uint32) bool { return c.valid[k/64]>>(k%64)&1 != 0 }

// rank returns the number of valid slots before k.
func (c *chunk) rank(k uint32) uint32 {
	n := bits.OnesCount64(c.valid[k/64] & (1<<(k%64) - 1))
	for _, w := range c.valid[:k/64] {
		n += bits.OnesCount64(w)
	}
	return uint32(n)
}

// raw returns the payload of a valid slot: the integer, the bits of the float,
// the id.
func (c *chunk) raw(k uint32) int64 {
	if c.packed {
		k = c.rank(k)
	}
	x := c.at(k)
	if c.code != codeBits {
		x = c.code.decode(x)
	}
	return x
}

func (c code) decode(x int64) int64 {
	if c == codeFloat32 {
		return int64(math.Float64bits(float64(math.Float32frombits(uint32(x)))))
	}
	return int64(math.Float64bits(float64(x) / powers[c-codeDecimal]))
}

// encode returns what stands for the payload x, if anything does.
func (c code) encode(x int64) (int64, bool) {
	if c == codeBits {
		return x, true
	}
	f := math.Float64frombits(uint64(x))
	var y int64
	if c == codeFloat32 {
		y = int64(math.Float32bits(float32(f)))
	} else {
		scaled := math.Round(f * powers[c-codeDecimal])
		if !(math.Abs(scaled) < 1<<52) {
			return 0, false
		}
		y = int64(scaled)
	}
	return y, c.decode(y) == x
}

func (c *chunk) value(k uint32, strs *View) graph.Value {
	if !c.has(k) {
		return graph.Null
	}
	return c.kind.value(c.raw(k), strs)
}

// value makes a Value of a payload.
func (t kind) value(x int64, strs *View) graph.Value {
	switch t {
	case kindBool:
		return graph.Bool(x != 0)
	case kindInt:
		return graph.Int(x)
	case kindFloat:
		return graph.Float(math.Float64frombits(uint64(x)))
	case kindString:
		return graph.String(strs.Get(uint32(x)))
	case kindDate:
		return graph.Date(x)
	case kindLocalTime:
		return graph.LocalTime(x)
	}
	v, _, _ := DecodeValue(strs.Get(uint32(x)))
	return v
}

// payload is the reverse of value; it may intern.
func payload(v graph.Value, strs *Strings) (kind, int64, error) {
	switch v.Kind() {
	case graph.KindBool:
		if v.AsBool() {
			return kindBool, 1, nil
		}
		return kindBool, 0, nil
	case graph.KindInt:
		return kindInt, v.AsInt(), nil
	case graph.KindFloat:
		return kindFloat, int64(math.Float64bits(v.AsFloat())), nil
	case graph.KindString:
		id, err := strs.Intern(v.AsString())
		return kindString, int64(id), err
	case graph.KindDate:
		return kindDate, v.AsDate(), nil
	case graph.KindLocalTime:
		return kindLocalTime, v.AsLocalTime(), nil
	}
	return encoded(v, strs)
}

func encoded(v graph.Value, strs *Strings) (kind, int64, error) {
	var small [64]byte
	b := AppendValue(small[:0], v)
	id, err := strs.Intern(unsafe.String(unsafe.SliceData(b), len(b))) // which copies
	return kindOther, int64(id), err
}

// Get returns the property of the element in a slot.
func (c *Column) Get(slot uint32, strs *View) graph.Value {
	ch := c.dir.get(slot / ChunkSlots)
	if ch == nil {
		return graph.Null
	}
	return ch.value(slot%ChunkSlots, strs)
}

// Has reports whether the element in a slot has the property.
func (c *Column) Has(slot uint32) bool {
	ch := c.dir.get(slot / ChunkSlots)
	return ch != nil && ch.has(slot%ChunkSlots)
}

// noSlot is the handle that never names an element (graph.NoNode, graph.NoRel).
const noSlot = 1<<32 - 1

// Values sets out[i] to the property of slots[i]. It is fastest when slots
// that are near each other come together. The last slot number there can be,
// which names no element, gives Null.
func Values[S ~uint32](c *Column, slots []S, out []graph.Value, strs *View) {
	out = out[:len(slots)]
	var ch *chunk
	at := uint32(noSlot)
	for i, s := range slots {
		if ci := uint32(s) / ChunkSlots; ci != at {
			at, ch = ci, nil
			if s != noSlot {
				ch = c.dir.get(ci)
			}
		}
		if ch == nil {
			out[i] = graph.Null
			continue
		}
		k := uint32(s) % ChunkSlots
		if ch.kind == kindInt && !ch.packed && ch.has(k) {
			out[i] = graph.Int(ch.at(k))
			continue
		}
		out[i] = ch.value(k, strs)
	}
}

// Bytes is about what the column occupies, without its strings.
func (c *Column) Bytes() int {
	n := c.dir.bytes()
	c.dir.each(func(_ uint32, ch *chunk) { n += 192 + len(ch.data) })
	return n
}

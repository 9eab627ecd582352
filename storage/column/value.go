package column

import (
	"encoding/binary"
	"math"
	"unsafe"

	"github.com/pocketgraph/pocketgraph/graph"
)

// Tags of encoded values, in memory and in snapshots. They are frozen; 0 is
// invalid. Numbers after the tag are zigzag LEB128 unless said otherwise.
//
//	1 false  2 true
//	3 integer
//	4 float            8 bytes, IEEE 754, little-endian
//	5 string           length (LEB128), bytes
//	6 bytes            length (LEB128), bytes
//	7 list             count (LEB128), values that are not lists
//	8 vector           count (LEB128), 4 bytes each, IEEE 754, little-endian
//	9 date             days
//	10 local time      nanoseconds
//	11 time            nanoseconds, offset
//	12 local date-time seconds, nanoseconds
//	13 date-time       seconds, nanoseconds, offset, zone (as a string without tag)
//	14 duration        months, days, seconds, nanoseconds
//	15 point           SRID, three floats
//
// The exported ones are for who appends many values to a record of the log.
const (
	tagFalse = iota + 1
	tagTrue
	TagInt
	TagFloat
	TagString
	tagBytes
	tagList
	tagVector
	tagDate
	tagLocalTime
	tagTime
	tagLocalDateTime
	tagDateTime
	tagDuration
	tagPoint
)

// Storable reports whether v can be a property: no element, path or map, and
// no list that holds lists, nulls or mixed kinds.
func Storable(v graph.Value) bool {
	if v.Kind() != graph.KindList {
		return scalar(v.Kind())
	}
	items := v.AsList()
	for _, item := range items {
		if item.Kind() != items[0].Kind() || !scalar(item.Kind()) {
			return false
		}
	}
	return true
}

func scalar(k graph.Kind) bool {
	switch k {
	case graph.KindNull, graph.KindList, graph.KindMap, graph.KindNode, graph.KindRel, graph.KindPath:
		return false
	}
	return k <= graph.KindVector
}

//go:noinline
func appendFloat(dst []byte, f float64) []byte {
	return binary.LittleEndian.AppendUint64(dst, math.Float64bits(f))
}

// What follows is not inlined, since the page's module is small.

//go:noinline
func appendText(dst []byte, tag byte, s string) []byte {
	return append(binary.AppendUvarint(append(dst, tag), uint64(len(s))), s...)
}

//go:noinline
func appendInt(dst []byte, tag byte, x int64) []byte {
	return binary.AppendVarint(append(dst, tag), x)
}

// AppendValue appends a storable value.
func AppendValue(dst []byte, v graph.Value) []byte {
	switch v.Kind() {
	case graph.KindBool:
		if v.AsBool() {
			return append(dst, tagTrue)
		}
		return append(dst, tagFalse)
	case graph.KindInt:
		return appendInt(dst, TagInt, v.AsInt())
	case graph.KindFloat:
		return appendFloat(append(dst, TagFloat), v.AsFloat())
	case graph.KindString:
		return appendText(dst, TagString, v.AsString())
	case graph.KindBytes:
		b := v.AsBytes()
		return append(binary.AppendUvarint(append(dst, tagBytes), uint64(len(b))), b...)
	case graph.KindList:
		dst = binary.AppendUvarint(append(dst, tagList), uint64(len(v.AsList())))
		for _, item := range v.AsList() {
			dst = AppendValue(dst, item)
		}
		return dst
	case graph.KindVector:
		dst = binary.AppendUvarint(append(dst, tagVector), uint64(len(v.AsVector())))
		for _, f := range v.AsVector() {
			dst = binary.LittleEndian.AppendUint32(dst, math.Float32bits(f))
		}
		return dst
	}
	return appendTemporal(dst, v)
}

func appendTemporal(dst []byte, v graph.Value) []byte {
	put := binary.AppendVarint
	switch v.Kind() {
	case graph.KindDate:
		dst = appendInt(dst, tagDate, v.AsDate())
	case graph.KindLocalTime:
		dst = appendInt(dst, tagLocalTime, v.AsLocalTime())
	case graph.KindTime:
		nanos, offset := v.AsTime()
		dst = put(appendInt(dst, tagTime, nanos), int64(offset))
	case graph.KindLocalDateTime:
		seconds, nanos := v.AsLocalDateTime()
		dst = put(appendInt(dst, tagLocalDateTime, seconds), int64(nanos))
	case graph.KindDateTime:
		z := v.AsDateTime()
		dst = put(put(appendInt(dst, tagDateTime, z.Seconds), int64(z.Nanos)), int64(z.Offset))
		dst = append(binary.AppendUvarint(dst, uint64(len(z.Zone))), z.Zone...)
	case graph.KindDuration:
		d := v.AsDuration()
		dst = put(appendInt(dst, tagDuration, d.Months), d.Days)
		dst = put(put(dst, d.Seconds), int64(d.Nanos))
	case graph.KindPoint:
		p := v.AsPoint()
		dst = appendInt(dst, tagPoint, int64(p.SRID))
		dst = appendFloat(appendFloat(appendFloat(dst, p.X), p.Y), p.Z)
	}
	return dst
}

// decoder reads encoded values. After the first fault it stays bad.
type decoder struct {
	rest string
	bad  bool
}

// DecodeValue reads one value and returns what follows it. Strings and bytes
// of the value refer to s. ok is false when s does not begin with a value.
func DecodeValue(s string) (v graph.Value, rest string, ok bool) {
	d := decoder{rest: s}
	v = d.value(true)
	return v, d.rest, !d.bad
}

//go:noinline
func (d *decoder) fail() { d.bad, d.rest = true, "" }

func (d *decoder) uvarint() uint64 {
	var x uint64
	for i := 0; i < len(d.rest) && i < binary.MaxVarintLen64; i++ {
		b := d.rest[i]
		if i == binary.MaxVarintLen64-1 && b > 1 {
			break
		}
		x |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			d.rest = d.rest[i+1:]
			return x
		}
	}
	d.fail()
	return 0
}

func (d *decoder) varint() int64 {
	u := d.uvarint()
	return int64(u>>1) ^ -int64(u&1)
}

func (d *decoder) int32() int32 {
	i := d.varint()
	if int64(int32(i)) != i {
		d.fail()
	}
	return int32(i)
}

func (d *decoder) take(n uint64) string {
	if n > uint64(len(d.rest)) {
		d.fail()
		return ""
	}
	s := d.rest[:n]
	d.rest = d.rest[n:]
	return s
}

func (d *decoder) text() string { return d.take(d.uvarint()) }

func (d *decoder) float() float64 {
	s := d.take(8)
	if d.bad {
		return 0
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(unsafe.Slice(unsafe.StringData(s), 8)))
}

func (d *decoder) value(list bool) graph.Value {
	tag := d.take(1)
	if d.bad {
		return graph.Null
	}
	switch tag[0] {
	case tagFalse, tagTrue:
		return graph.Bool(tag[0] == tagTrue)
	case TagInt:
		return graph.Int(d.varint())
	case TagFloat:
		return graph.Float(d.float())
	case TagString:
		return graph.String(d.text())
	case tagBytes:
		s := d.text()
		return graph.Bytes(unsafe.Slice(unsafe.StringData(s), len(s)))
	case tagList:
		if list {
			return d.list()
		}
		d.fail()
		return graph.Null
	case tagVector:
		return d.vector()
	}
	return d.temporal(tag[0])
}

func (d *decoder) list() graph.Value {
	n := d.uvarint()
	if n > uint64(len(d.rest)) { // an item has at least one byte
		d.fail()
		return graph.Null
	}
	items := make([]graph.Value, 0, min(n, 1024))
	for i := uint64(0); i < n && !d.bad; i++ {
		items = append(items, d.value(false))
	}
	return graph.List(items)
}

func (d *decoder) vector() graph.Value {
	n := d.uvarint()
	if n > uint64(len(d.rest)/4) {
		d.fail()
		return graph.Null
	}
	s := d.take(n * 4)
	numbers := make([]float32, n)
	b := unsafe.Slice(unsafe.StringData(s), len(s))
	for i := range numbers {
		numbers[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[i*4:]))
	}
	return graph.Vector(numbers)
}

func (d *decoder) temporal(tag byte) graph.Value {
	switch tag {
	case tagDate:
		return graph.Date(d.varint())
	case tagLocalTime:
		return graph.LocalTime(d.varint())
	case tagTime:
		nanos := d.varint()
		return graph.Time(nanos, d.int32())
	case tagLocalDateTime:
		seconds := d.varint()
		return graph.LocalDateTime(seconds, d.int32())
	case tagDateTime:
		z := graph.Zoned{Seconds: d.varint(), Nanos: d.int32(), Offset: d.int32()}
		z.Zone = d.text()
		return graph.DateTime(z)
	case tagDuration:
		return graph.Duration(graph.Span{Months: d.varint(), Days: d.varint(), Seconds: d.varint(), Nanos: d.int32()})
	case tagPoint:
		return graph.Point(graph.Coordinates{SRID: d.int32(), X: d.float(), Y: d.float(), Z: d.float()})
	}
	d.fail()
	return graph.Null
}

package index

import (
	"math"

	"github.com/pocketgraph/pocketgraph/graph"
)

// Keys are byte strings whose order is that of graph.Compare and which are
// equal exactly when graph.Equivalent says so of the values. No key is the
// beginning of another one with as many values, so several values are simply
// written one after the other. Nothing of this is ever stored in a file.
//
//	number     float64, ordered; from ±2^53 on 2 bytes more, how far an
//	           integer is from that float; NaN is all ones
//	boolean    0 or 1
//	string     its bytes, 00 as 00 FF, then 00 01; bytes and zones likewise
//	temporal   what Compare looks at, part by part
//	list       for each item its family and its key, then 00
//
// Signed integers are big-endian with the sign bit flipped. A key of several
// values has the family in front of the second and every later value; the
// family of the first one chooses the tree.

// family groups kinds as graph.Compare does, in its order.
type family uint8

const (
	noFamily family = iota
	listFamily
	vectorFamily
	pointFamily
	dateTimeFamily
	localDateTimeFamily
	dateFamily
	timeFamily
	localTimeFamily
	durationFamily
	bytesFamily
	stringFamily
	boolFamily
	numberFamily
	nullFamily // inside lists only
	families   = int(nullFamily)
)

var familyOf = [...]family{
	graph.KindNull: nullFamily, graph.KindBool: boolFamily, graph.KindInt: numberFamily, graph.KindFloat: numberFamily,
	graph.KindString: stringFamily, graph.KindBytes: bytesFamily, graph.KindList: listFamily,
	graph.KindDate: dateFamily, graph.KindLocalTime: localTimeFamily, graph.KindTime: timeFamily,
	graph.KindLocalDateTime: localDateTimeFamily, graph.KindDateTime: dateTimeFamily,
	graph.KindDuration: durationFamily, graph.KindPoint: pointFamily, graph.KindVector: vectorFamily,
}

// comparable says of which families < and > order (graph.Order).
func (f family) comparable() bool {
	switch f {
	case listFamily, dateTimeFamily, localDateTimeFamily, dateFamily, timeFamily, localTimeFamily,
		stringFamily, boolFamily, numberFamily:
		return true
	}
	return false
}

// Indexable reports whether a value can be in an index: property values can,
// Null and what is no property value cannot. NaN is in the index, for the sake
// of its order, but is equal to nothing.
func Indexable(v graph.Value) bool {
	f := familyOf[v.Kind()]
	return f != noFamily && f != nullFamily && nested(v, true)
}

// findable says whether v can equal anything.
func findable(v graph.Value) bool { return Indexable(v) && nested(v, false) }

// nested looks into lists, vectors and points: for kinds that are no property
// values, or else for Null and NaN.
func nested(v graph.Value, kinds bool) bool {
	switch v.Kind() {
	case graph.KindFloat:
		return kinds || v.AsFloat() == v.AsFloat()
	case graph.KindNull:
		return kinds
	case graph.KindList:
		for _, item := range v.AsList() {
			if familyOf[item.Kind()] == noFamily || !nested(item, kinds) {
				return false
			}
		}
	case graph.KindVector:
		for _, x := range v.AsVector() {
			if !kinds && x != x {
				return false
			}
		}
	case graph.KindPoint:
		p := v.AsPoint()
		return kinds || p == p
	}
	return true
}

// appendKey appends the keys of values. The family of the first one is not in it.
func appendKey(dst []byte, values []graph.Value) []byte {
	for i, v := range values {
		if i > 0 {
			dst = append(dst, byte(familyOf[v.Kind()]))
		}
		dst = appendValue(dst, v)
	}
	return dst
}

func appendValue(dst []byte, v graph.Value) []byte {
	switch v.Kind() {
	case graph.KindInt:
		return appendIntKey(dst, v.AsInt())
	case graph.KindFloat:
		return appendFloatKey(dst, v.AsFloat())
	case graph.KindBool:
		if v.AsBool() {
			return append(dst, 1)
		}
		return append(dst, 0)
	case graph.KindString:
		return append(appendText(dst, v.AsString()), 0, 1)
	case graph.KindBytes:
		return append(appendText(dst, string(v.AsBytes())), 0, 1)
	case graph.KindList:
		for _, item := range v.AsList() {
			dst = append(dst, byte(familyOf[item.Kind()]))
			dst = appendValue(dst, item)
		}
		return append(dst, 0)
	case graph.KindVector:
		for _, x := range v.AsVector() {
			dst = appendOrdered(append(dst, 1), float64(x))
		}
		return append(dst, 0)
	case graph.KindPoint:
		p := v.AsPoint()
		dst = appendSigned32(dst, p.SRID)
		return appendOrdered(appendOrdered(appendOrdered(dst, p.X), p.Y), p.Z)
	}
	return appendTemporal(dst, v)
}

func appendTemporal(dst []byte, v graph.Value) []byte {
	switch v.Kind() {
	case graph.KindDate:
		return appendSigned64(dst, v.AsDate())
	case graph.KindLocalTime:
		return appendSigned64(dst, v.AsLocalTime())
	case graph.KindTime:
		nanos, offset := v.AsTime()
		return appendSigned32(appendSigned64(dst, nanos-int64(offset)*1e9), offset)
	case graph.KindLocalDateTime:
		seconds, nanos := v.AsLocalDateTime()
		return appendSigned32(appendSigned64(dst, seconds), nanos)
	case graph.KindDateTime:
		z := v.AsDateTime()
		dst = appendSigned32(appendSigned32(appendSigned64(dst, z.Seconds), z.Nanos), z.Offset)
		return append(appendText(dst, z.Zone), 0, 1)
	case graph.KindDuration:
		s := v.AsDuration()
		dst = appendOrdered(dst, averageSeconds(s))
		dst = appendSigned64(appendSigned64(appendSigned64(dst, s.Months), s.Days), s.Seconds)
		return appendSigned32(dst, s.Nanos)
	}
	return dst
}

// averageSeconds is how long graph.Compare takes a duration to be.
func averageSeconds(s graph.Span) float64 {
	const day, month = 86400.0, 86400 * 30.436875
	return float64(s.Months)*month + float64(s.Days)*day + float64(s.Seconds) + float64(s.Nanos)/1e9
}

// exactInt is up to where every integer is a float64.
const exactInt = 1 << 53

func appendIntKey(dst []byte, i int64) []byte {
	f := float64(i)
	dst = appendOrdered(dst, f)
	if i > -exactInt && i < exactInt {
		return dst
	}
	var beyond int64
	if f >= 1<<63 {
		beyond = i - math.MaxInt64 - 1
	} else {
		beyond = i - int64(f)
	}
	return appendUint16(dst, uint16(beyond)^1<<15)
}

func appendFloatKey(dst []byte, f float64) []byte {
	dst = appendOrdered(dst, f)
	if f >= exactInt || f <= -exactInt {
		return append(dst, 0x80, 0)
	}
	return dst
}

// appendOrdered appends the bits of f so that they ascend with f; NaN is last.
func appendOrdered(dst []byte, f float64) []byte {
	return appendUint64(dst, orderedBits(f))
}

func orderedBits(f float64) uint64 {
	switch {
	case f != f:
		return math.MaxUint64
	case f == 0:
		return 1 << 63 // also for the negative zero
	}
	b := math.Float64bits(f)
	if b>>63 != 0 {
		return ^b
	}
	return b | 1<<63
}

func appendSigned64(dst []byte, i int64) []byte {
	return appendUint64(dst, uint64(i)^1<<63)
}

func appendSigned32(dst []byte, i int32) []byte {
	return appendUint32(dst, uint32(i)^1<<31)
}

// appendText appends text so that it ends nowhere: 00 is never followed by 01.
//
//go:noinline
func appendText(dst []byte, s string) []byte {
	from := 0
	for i := 0; i < len(s); i++ {
		if s[i] == 0 {
			dst = append(append(dst, s[from:i]...), 0, 0xFF)
			from = i + 1
		}
	}
	return append(dst, s[from:]...)
}

func appendUint16(dst []byte, x uint16) []byte { return append(dst, byte(x>>8), byte(x)) }

// These are not inlined, since the page's module is small.

//go:noinline
func appendUint32(dst []byte, x uint32) []byte {
	return append(dst, byte(x>>24), byte(x>>16), byte(x>>8), byte(x))
}

//go:noinline
func appendUint64(dst []byte, x uint64) []byte {
	return append(dst, byte(x>>56), byte(x>>48), byte(x>>40), byte(x>>32), byte(x>>24), byte(x>>16), byte(x>>8), byte(x))
}

// Package wire has the parts of the page's protocol that more than one module
// speaks: its primitives and its values (PROTOCOL.md, sections 1 and 4). It
// knows no requests.
package wire

import (
	"errors"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/pocketgraph/pocketgraph/graph"
)

// Errors of encoding.
var (
	// ErrMalformed: the value is none that can be sent.
	ErrMalformed = errors.New("message is malformed")
	// ErrTooDeep: lists and maps nest too deep.
	ErrTooDeep = errors.New("value nests too deeply")
	// ErrFull: the message outgrew its limit.
	ErrFull = errors.New("frame is full")
)

// Tags of values. PROTOCOL.md, section 4; those of elements are package
// jsbridge's.
const (
	TagNull          = 0
	TagFalse         = 1
	TagTrue          = 2
	TagInt8          = 3
	TagInt32         = 4
	TagInt64         = 5
	TagFloat         = 6
	TagString        = 7
	TagBytes         = 8
	TagList          = 9
	TagMap           = 10
	TagDate          = 16
	TagLocalTime     = 17
	TagTime          = 18
	TagLocalDateTime = 19
	TagDateTime      = 20
	TagDuration      = 21
	TagPoint         = 22
	TagVector        = 23
)

// The Append functions never fail but where they say so: who calls them has
// bounded the input. They are not inlined, because that makes the module a good
// deal larger.

// AppendU16 appends v, little-endian.
//
//go:noinline
func AppendU16(b []byte, v uint16) []byte { return append(b, byte(v), byte(v>>8)) }

// AppendU32 appends v, little-endian.
//
//go:noinline
func AppendU32(b []byte, v uint32) []byte {
	return append(b, byte(v), byte(v>>8), byte(v>>16), byte(v>>24))
}

// AppendU64 appends v, little-endian.
//
//go:noinline
func AppendU64(b []byte, v uint64) []byte {
	return AppendU32(AppendU32(b, uint32(v)), uint32(v>>32))
}

// AppendVaruint appends v in LEB128.
//
//go:noinline
func AppendVaruint(b []byte, v uint32) []byte {
	for v >= 0x80 {
		b = append(b, byte(v)|0x80)
		v >>= 7
	}
	return append(b, byte(v))
}

// AppendString appends the length and the bytes of a text.
//
//go:noinline
func AppendString(b []byte, s string) []byte {
	s = ValidText(s)
	return append(AppendVaruint(b, uint32(len(s))), s...)
}

// ValidText replaces each byte that is not UTF-8 by U+FFFD, because both
// sides must count the same characters.
func ValidText(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var out strings.Builder
	for _, r := range s { // ranging gives U+FFFD for each bad byte
		out.WriteRune(r)
	}
	return out.String()
}

// AppendInt appends an integer in the shortest of its forms.
func AppendInt(b []byte, v int64) []byte {
	switch {
	case v == int64(int8(v)):
		return append(b, TagInt8, byte(v))
	case v == int64(int32(v)):
		return AppendU32(append(b, TagInt32), uint32(v))
	}
	return AppendU64(append(b, TagInt64), uint64(v))
}

// Elements appends a node, a relationship or a path. A nil one refuses them.
type Elements func(b []byte, v graph.Value) ([]byte, error)

// AppendValue appends a value with its tag. It fails with ErrFull as soon as b
// is longer than limit, with ErrTooDeep, and with ErrMalformed for elements that
// e refuses.
func AppendValue(b []byte, v graph.Value, e Elements, limit, depth int) ([]byte, error) {
	if len(b) > limit {
		return b, ErrFull
	}
	switch v.Kind() {
	case graph.KindNull:
		return append(b, TagNull), nil
	case graph.KindBool:
		if v.AsBool() {
			return append(b, TagTrue), nil
		}
		return append(b, TagFalse), nil
	case graph.KindInt:
		return AppendInt(b, v.AsInt()), nil
	case graph.KindFloat:
		return AppendU64(append(b, TagFloat), math.Float64bits(v.AsFloat())), nil
	case graph.KindString:
		return AppendString(append(b, TagString), v.AsString()), nil
	case graph.KindBytes:
		p := v.AsBytes()
		return append(AppendVaruint(append(b, TagBytes), uint32(len(p))), p...), nil
	case graph.KindList, graph.KindMap:
		if depth == 0 {
			return b, ErrTooDeep
		}
		return appendContainer(b, v, e, limit, depth-1)
	case graph.KindNode, graph.KindRel, graph.KindPath:
		if e == nil {
			return b, ErrMalformed
		}
		return e(b, v)
	case graph.KindVector:
		return appendVector(b, v.AsVector()), nil
	}
	return appendTemporal(b, v)
}

func appendContainer(b []byte, v graph.Value, e Elements, limit, depth int) ([]byte, error) {
	var err error
	if v.Kind() == graph.KindList {
		items := v.AsList()
		b = AppendVaruint(append(b, TagList), uint32(len(items)))
		for _, item := range items {
			if b, err = AppendValue(b, item, e, limit, depth); err != nil {
				return b, err
			}
		}
		return b, nil
	}
	m := v.AsMap()
	b = AppendVaruint(append(b, TagMap), uint32(m.Len()))
	for i := range m.Len() {
		key, item := m.At(i)
		b = AppendString(b, key)
		if b, err = AppendValue(b, item, e, limit, depth); err != nil {
			return b, err
		}
	}
	return b, nil
}

func appendVector(b []byte, v []float32) []byte {
	b = AppendVaruint(append(b, TagVector), uint32(len(v)))
	for _, f := range v {
		b = AppendU32(b, math.Float32bits(f))
	}
	return b
}

func appendTemporal(b []byte, v graph.Value) ([]byte, error) {
	switch v.Kind() {
	case graph.KindDate:
		return AppendU64(append(b, TagDate), uint64(v.AsDate())), nil
	case graph.KindLocalTime:
		return AppendU64(append(b, TagLocalTime), uint64(v.AsLocalTime())), nil
	case graph.KindTime:
		nanos, offset := v.AsTime()
		return AppendU32(AppendU64(append(b, TagTime), uint64(nanos)), uint32(offset)), nil
	case graph.KindLocalDateTime:
		seconds, nanos := v.AsLocalDateTime()
		return AppendU32(AppendU64(append(b, TagLocalDateTime), uint64(seconds)), uint32(nanos)), nil
	case graph.KindDateTime:
		z := v.AsDateTime()
		b = AppendU64(append(b, TagDateTime), uint64(z.Seconds))
		b = AppendU32(AppendU32(b, uint32(z.Nanos)), uint32(z.Offset))
		return AppendString(b, z.Zone), nil
	case graph.KindDuration:
		s := v.AsDuration()
		b = AppendU64(AppendU64(append(b, TagDuration), uint64(s.Months)), uint64(s.Days))
		return AppendU32(AppendU64(b, uint64(s.Seconds)), uint32(s.Nanos)), nil
	case graph.KindPoint:
		c := v.AsPoint()
		b = AppendU32(append(b, TagPoint), uint32(c.SRID))
		for _, f := range [3]float64{c.X, c.Y, c.Z} {
			b = AppendU64(b, math.Float64bits(f))
		}
		return b, nil
	}
	return b, ErrMalformed
}

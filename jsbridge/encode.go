package jsbridge

import (
	"math"
	"strings"
	"unicode/utf8"

	"github.com/pocketgraph/pocketgraph/graph"
)

// The append functions lay out the protocol's primitives (PROTOCOL.md,
// sections 1 and 4). They never fail: who calls them has bounded the input.
// They are not inlined, because that makes the module a good deal larger;
// where a call each counts, appendFixed does without them.

//go:noinline
func appendU16(b []byte, v uint16) []byte { return append(b, byte(v), byte(v>>8)) }

//go:noinline
func appendU32(b []byte, v uint32) []byte {
	return append(b, byte(v), byte(v>>8), byte(v>>16), byte(v>>24))
}

//go:noinline
func appendU64(b []byte, v uint64) []byte {
	return appendU32(appendU32(b, uint32(v)), uint32(v>>32))
}

func putU32(b []byte, v uint32) {
	_ = b[3]
	b[0], b[1], b[2], b[3] = byte(v), byte(v>>8), byte(v>>16), byte(v>>24)
}

//go:noinline
func appendVaruint(b []byte, v uint32) []byte {
	for v >= 0x80 {
		b = append(b, byte(v)|0x80)
		v >>= 7
	}
	return append(b, byte(v))
}

//go:noinline
func appendString(b []byte, s string) []byte {
	s = validText(s)
	return append(appendVaruint(b, uint32(len(s))), s...)
}

// validText replaces each byte that is not UTF-8 by U+FFFD, because both
// sides must count the same characters.
func validText(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var out strings.Builder
	for _, r := range s { // ranging gives U+FFFD for each bad byte
		out.WriteRune(r)
	}
	return out.String()
}

// pad appends zeros until the frame that begins at start is a multiple of 8.
func pad(b []byte, start int) []byte {
	for (len(b)-start)&7 != 0 {
		b = append(b, 0)
	}
	return b
}

func appendInt(b []byte, v int64) []byte {
	switch {
	case v == int64(int8(v)):
		return append(b, tagInt8, byte(v))
	case v == int64(int32(v)):
		return appendU32(append(b, tagInt32), uint32(v))
	}
	return appendU64(append(b, tagInt64), uint64(v))
}

// elements gives nodes and relationships the indexes by which values name
// them. A nil elements refuses them: requests hold none.
type elements interface {
	node(graph.Node) uint32
	rel(graph.Rel) uint32
}

// appendValue appends a value with its tag.
func appendValue(b []byte, v graph.Value, e elements) ([]byte, error) {
	return appendNested(b, v, e, MaxFrame, MaxDepth)
}

// appendNested fails with errFull as soon as b is longer than limit.
func appendNested(b []byte, v graph.Value, e elements, limit, depth int) ([]byte, error) {
	if len(b) > limit {
		return b, errFull
	}
	switch v.Kind() {
	case graph.KindNull:
		return append(b, tagNull), nil
	case graph.KindBool:
		if v.AsBool() {
			return append(b, tagTrue), nil
		}
		return append(b, tagFalse), nil
	case graph.KindInt:
		return appendInt(b, v.AsInt()), nil
	case graph.KindFloat:
		return appendU64(append(b, tagFloat), math.Float64bits(v.AsFloat())), nil
	case graph.KindString:
		return appendString(append(b, tagString), v.AsString()), nil
	case graph.KindBytes:
		p := v.AsBytes()
		return append(appendVaruint(append(b, tagBytes), uint32(len(p))), p...), nil
	case graph.KindList, graph.KindMap:
		if depth == 0 {
			return b, ErrTooDeep
		}
		return appendContainer(b, v, e, limit, depth-1)
	case graph.KindNode, graph.KindRel, graph.KindPath:
		if e == nil {
			return b, ErrMalformed
		}
		return appendElement(b, v, e), nil
	case graph.KindVector:
		return appendVector(b, v.AsVector()), nil
	}
	return appendTemporal(b, v)
}

func appendContainer(b []byte, v graph.Value, e elements, limit, depth int) ([]byte, error) {
	var err error
	if v.Kind() == graph.KindList {
		items := v.AsList()
		b = appendVaruint(append(b, tagList), uint32(len(items)))
		for _, item := range items {
			if b, err = appendNested(b, item, e, limit, depth); err != nil {
				return b, err
			}
		}
		return b, nil
	}
	m := v.AsMap()
	b = appendVaruint(append(b, tagMap), uint32(m.Len()))
	for i := range m.Len() {
		key, item := m.At(i)
		b = appendString(b, key)
		if b, err = appendNested(b, item, e, limit, depth); err != nil {
			return b, err
		}
	}
	return b, nil
}

func appendElement(b []byte, v graph.Value, e elements) []byte {
	switch v.Kind() {
	case graph.KindNode:
		return appendVaruint(append(b, tagNode), e.node(v.AsNode()))
	case graph.KindRel:
		return appendVaruint(append(b, tagRelationship), e.rel(v.AsRel()))
	}
	p := v.AsPath()
	b = appendVaruint(append(b, tagPath), uint32(len(p.Rels)))
	for _, n := range p.Nodes {
		b = appendVaruint(b, e.node(n))
	}
	for _, r := range p.Rels {
		b = appendVaruint(b, e.rel(r))
	}
	return b
}

func appendVector(b []byte, v []float32) []byte {
	b = appendVaruint(append(b, tagVector), uint32(len(v)))
	for _, f := range v {
		b = appendU32(b, math.Float32bits(f))
	}
	return b
}

func appendTemporal(b []byte, v graph.Value) ([]byte, error) {
	switch v.Kind() {
	case graph.KindDate:
		return appendU64(append(b, tagDate), uint64(v.AsDate())), nil
	case graph.KindLocalTime:
		return appendU64(append(b, tagLocalTime), uint64(v.AsLocalTime())), nil
	case graph.KindTime:
		nanos, offset := v.AsTime()
		return appendU32(appendU64(append(b, tagTime), uint64(nanos)), uint32(offset)), nil
	case graph.KindLocalDateTime:
		seconds, nanos := v.AsLocalDateTime()
		return appendU32(appendU64(append(b, tagLocalDateTime), uint64(seconds)), uint32(nanos)), nil
	case graph.KindDateTime:
		z := v.AsDateTime()
		b = appendU64(append(b, tagDateTime), uint64(z.Seconds))
		b = appendU32(appendU32(b, uint32(z.Nanos)), uint32(z.Offset))
		return appendString(b, z.Zone), nil
	case graph.KindDuration:
		s := v.AsDuration()
		b = appendU64(appendU64(append(b, tagDuration), uint64(s.Months)), uint64(s.Days))
		return appendU32(appendU64(b, uint64(s.Seconds)), uint32(s.Nanos)), nil
	case graph.KindPoint:
		c := v.AsPoint()
		b = appendU32(append(b, tagPoint), uint32(c.SRID))
		for _, f := range [3]float64{c.X, c.Y, c.Z} {
			b = appendU64(b, math.Float64bits(f))
		}
		return b, nil
	}
	return b, ErrMalformed
}

// appendEntries appends a map without its tag, in the order given.
func appendEntries(b []byte, entries []graph.Entry) ([]byte, error) {
	var err error
	b = appendVaruint(b, uint32(len(entries)))
	for _, e := range entries {
		b = appendString(b, e.Key)
		if b, err = appendNested(b, e.Value, nil, MaxFrame, MaxDepth); err != nil {
			return b, err
		}
	}
	return b, nil
}

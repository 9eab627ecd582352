package storage

import (
	"math"

	"github.com/pocketgraph/pocketgraph/graph"
)

// Tags of stored values. They are frozen, and 0 is invalid. A value is its tag
// and then:
//
//	1 null      nothing
//	2 false     nothing
//	3 true      nothing
//	4 integer   zigzag LEB128
//	5 float     8 bytes, IEEE 754, little-endian
//	6 string    length, bytes
//	7 bytes     length, bytes
//	8 list      count, values (no lists inside)
//	9 vector    count, 4 bytes each, IEEE 754, little-endian
//	10 date             days (zigzag)
//	11 local time       nanoseconds (zigzag)
//	12 time             nanoseconds, offset in seconds (both zigzag)
//	13 local date-time  seconds, nanoseconds (both zigzag)
//	14 date-time        seconds, nanoseconds, offset (zigzag), zone (string)
//	15 duration         months, days, seconds, nanoseconds (zigzag)
//	16 point            SRID (zigzag), three floats
const (
	tagNull          = 1
	tagFalse         = 2
	tagTrue          = 3
	tagInt           = 4
	tagFloat         = 5
	tagString        = 6
	tagBytes         = 7
	tagList          = 8
	tagVector        = 9
	tagDate          = 10
	tagLocalTime     = 11
	tagTime          = 12
	tagLocalDateTime = 13
	tagDateTime      = 14
	tagDuration      = 15
	tagPoint         = 16
)

func appendZigzag(dst []byte, i int64) []byte {
	return appendUvarint(dst, uint64(i)<<1^uint64(i>>63))
}

func appendFloat(dst []byte, f float64) []byte {
	u := math.Float64bits(f)
	return append(dst, byte(u), byte(u>>8), byte(u>>16), byte(u>>24), byte(u>>32), byte(u>>40), byte(u>>48), byte(u>>56))
}

// AppendValue appends a property value. Kinds that are no property values are
// written as null: the writer has refused them before.
func AppendValue(dst []byte, v graph.Value) []byte {
	switch v.Kind() {
	case graph.KindBool:
		if v.AsBool() {
			return append(dst, tagTrue)
		}
		return append(dst, tagFalse)
	case graph.KindInt:
		return appendZigzag(append(dst, tagInt), v.AsInt())
	case graph.KindFloat:
		return appendFloat(append(dst, tagFloat), v.AsFloat())
	case graph.KindString:
		return appendString(append(dst, tagString), v.AsString())
	case graph.KindBytes:
		b := v.AsBytes()
		return append(appendUvarint(append(dst, tagBytes), uint64(len(b))), b...)
	case graph.KindList:
		items := v.AsList()
		dst = appendUvarint(append(dst, tagList), uint64(len(items)))
		for _, item := range items {
			dst = AppendValue(dst, item)
		}
		return dst
	case graph.KindVector:
		return appendVector(append(dst, tagVector), v.AsVector())
	}
	return appendTemporal(dst, v)
}

func appendVector(dst []byte, numbers []float32) []byte {
	dst = appendUvarint(dst, uint64(len(numbers)))
	for _, f := range numbers {
		u := math.Float32bits(f)
		dst = append(dst, byte(u), byte(u>>8), byte(u>>16), byte(u>>24))
	}
	return dst
}

func appendTemporal(dst []byte, v graph.Value) []byte {
	switch v.Kind() {
	case graph.KindDate:
		return appendZigzag(append(dst, tagDate), v.AsDate())
	case graph.KindLocalTime:
		return appendZigzag(append(dst, tagLocalTime), v.AsLocalTime())
	case graph.KindTime:
		nanos, offset := v.AsTime()
		return appendZigzag(appendZigzag(append(dst, tagTime), nanos), int64(offset))
	case graph.KindLocalDateTime:
		seconds, nanos := v.AsLocalDateTime()
		return appendZigzag(appendZigzag(append(dst, tagLocalDateTime), seconds), int64(nanos))
	case graph.KindDateTime:
		z := v.AsDateTime()
		dst = appendZigzag(append(dst, tagDateTime), z.Seconds)
		dst = appendZigzag(appendZigzag(dst, int64(z.Nanos)), int64(z.Offset))
		return appendString(dst, z.Zone)
	case graph.KindDuration:
		d := v.AsDuration()
		dst = appendZigzag(appendZigzag(append(dst, tagDuration), d.Months), d.Days)
		return appendZigzag(appendZigzag(dst, d.Seconds), int64(d.Nanos))
	case graph.KindPoint:
		p := v.AsPoint()
		dst = appendZigzag(append(dst, tagPoint), int64(p.SRID))
		return appendFloat(appendFloat(appendFloat(dst, p.X), p.Y), p.Z)
	}
	return append(dst, tagNull)
}

func (s *source) zigzag() int64 {
	u := s.uvarint()
	return int64(u>>1) ^ -int64(u&1)
}

func (s *source) int32() int32 {
	i := s.zigzag()
	if i < math.MinInt32 || i > math.MaxInt32 {
		s.fail()
		return 0
	}
	return int32(i)
}

func (s *source) float() float64 {
	if len(s.rest) < 8 {
		s.fail()
		return 0
	}
	b := s.rest[:8]
	s.rest = s.rest[8:]
	return math.Float64frombits(uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56)
}

func (s *source) value() graph.Value {
	tag := s.byte()
	if tag == tagList {
		n := s.count()
		// An item may be one byte long here and is 24 in memory: a count is
		// believed in steps.
		items := make([]graph.Value, 0, min(n, 1024))
		for ; n > 0 && !s.fault; n-- {
			items = append(items, s.scalar(s.byte()))
		}
		return graph.List(items)
	}
	return s.scalar(tag)
}

func (s *source) scalar(tag byte) graph.Value {
	switch tag {
	case tagNull:
		return graph.Null
	case tagFalse, tagTrue:
		return graph.Bool(tag == tagTrue)
	case tagInt:
		return graph.Int(s.zigzag())
	case tagFloat:
		return graph.Float(s.float())
	case tagString:
		return graph.String(s.string())
	case tagBytes:
		return graph.Bytes(append([]byte(nil), s.bytes()...))
	case tagVector:
		return s.vector()
	}
	return s.temporal(tag)
}

func (s *source) vector() graph.Value {
	n := s.uvarint()
	if n > uint64(len(s.rest)/4) {
		s.fail()
		return graph.Null
	}
	numbers := make([]float32, n)
	for i := range numbers {
		b := s.rest[:4]
		s.rest = s.rest[4:]
		numbers[i] = math.Float32frombits(uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24)
	}
	return graph.Vector(numbers)
}

func (s *source) temporal(tag byte) graph.Value {
	switch tag {
	case tagDate:
		return graph.Date(s.zigzag())
	case tagLocalTime:
		return graph.LocalTime(s.zigzag())
	case tagTime:
		nanos := s.zigzag()
		return graph.Time(nanos, s.int32())
	case tagLocalDateTime:
		seconds := s.zigzag()
		return graph.LocalDateTime(seconds, s.int32())
	case tagDateTime:
		z := graph.Zoned{Seconds: s.zigzag(), Nanos: s.int32(), Offset: s.int32()}
		z.Zone = s.string()
		return graph.DateTime(z)
	case tagDuration:
		return graph.Duration(graph.Span{Months: s.zigzag(), Days: s.zigzag(), Seconds: s.zigzag(), Nanos: s.int32()})
	case tagPoint:
		return graph.Point(graph.Coordinates{SRID: s.int32(), X: s.float(), Y: s.float(), Z: s.float()})
	}
	s.fail()
	return graph.Null
}

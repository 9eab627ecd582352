package storage

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/storage/column"
)

// The payload of a log record is the list of changes that a transaction made,
// in order, each an operation byte and its operands:
//
//	 1 label name      string              the name gets the next LabelID
//	 2 type name       string              the name gets the next TypeID
//	 3 key name        string              the name gets the next KeyID
//	 4 create node     id, n labels, n properties
//	 5 create rel      id, start id, end id, type, n properties
//	 6 delete node     id
//	 7 delete rel      id
//	 8 set node        id, key, value      Null removes
//	 9 set rel         id, key, value      Null removes
//	10 add label       id, label
//	11 remove label    id, label
//	12 create index    definition
//	13 drop index      name
//	14 create constraint  kind, types if that is a type constraint, definition
//	15 drop constraint name
//
// Numbers are unsigned LEB128 (at most ten bytes). A string is its length in
// bytes and the bytes. A list begins with its count. A property is a key and a
// value; values are laid out by package column, and a zero byte, which is no
// value there, stands for Null. A definition is name, entity, label or type, and the list of keys. Elements are
// named by identity, never by slot, so that a record means the same in any
// store that holds the same elements.
//
// Operation 0 is invalid, so that a hole never reads as a change. Operation
// numbers are frozen; a change of meaning takes a new number and a required
// feature bit.
const (
	opLabelName        = 1
	opTypeName         = 2
	opKeyName          = 3
	opCreateNode       = 4
	opCreateRel        = 5
	opDeleteNode       = 6
	opDeleteRel        = 7
	opSetNode          = 8
	opSetRel           = 9
	opAddLabel         = 10
	opRemoveLabel      = 11
	opCreateIndex      = 12
	opDropIndex        = 13
	opCreateConstraint = 14
	opDropConstraint   = 15
)

// errMalformed: the bytes are not what this package writes. Who meets it adds
// where it was.
var errMalformed = errors.New("malformed change list")

// appendNumbers appends numbers: several in one call, and not inlined, since the
// page's module is small.
//
//go:noinline
func appendNumbers(dst []byte, numbers ...uint64) []byte {
	n := len(dst)
	dst = slices.Grow(dst, binary.MaxVarintLen64*len(numbers))
	dst = dst[:cap(dst)]
	for _, x := range numbers {
		for ; x >= 0x80; x >>= 7 {
			dst[n] = byte(x) | 0x80
			n++
		}
		dst[n] = byte(x)
		n++
	}
	return dst[:n]
}

func appendString(dst []byte, s string) []byte {
	return append(appendNumbers(dst, uint64(len(s))), s...)
}

// nullValue stands where package column has the tag of a value.
const nullValue = 0

func appendValue(dst []byte, v graph.Value) []byte {
	if v.IsNull() {
		return append(dst, nullValue)
	}
	return column.AppendValue(dst, v)
}

func appendProperties(dst []byte, properties []graph.Property) []byte {
	dst = appendNumbers(dst, uint64(len(properties)))
	for _, p := range properties {
		dst = appendNumbers(dst, uint64(p.Key))
		dst = appendValue(dst, p.Value)
	}
	return dst
}

func appendDefinition(dst []byte, d graph.IndexDefinition) []byte {
	dst = appendString(dst, d.Name)
	dst = append(dst, byte(d.Entity))
	if d.Entity == graph.NodeEntity {
		dst = appendNumbers(dst, uint64(d.Label))
	} else {
		dst = appendNumbers(dst, uint64(d.Type))
	}
	dst = appendNumbers(dst, uint64(len(d.Keys)))
	for _, k := range d.Keys {
		dst = appendNumbers(dst, uint64(k))
	}
	return dst
}

// source reads operands from untrusted bytes. After the first fault every
// further read gives zero values, and fault says that there was one. What it
// gives refers to the string, so nothing is copied a second time.
type source struct {
	rest  string
	fault bool
}

//go:noinline
func (s *source) fail() {
	s.fault = true
	s.rest = ""
}

func (s *source) byte() byte {
	if len(s.rest) == 0 {
		s.fail()
		return 0
	}
	b := s.rest[0]
	s.rest = s.rest[1:]
	return b
}

func (s *source) uvarint() uint64 {
	var n uint64
	for shift := uint(0); shift < 64; shift += 7 {
		b := s.byte()
		if shift == 63 && b > 1 {
			break
		}
		n |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return n
		}
	}
	s.fail()
	return 0
}

// count reads a number of items that each take at least one byte, so that it
// is bounded by what is left before anything is allocated for it.
func (s *source) count() int {
	n := s.uvarint()
	if n > uint64(len(s.rest)) {
		s.fail()
		return 0
	}
	return int(n)
}

func (s *source) uint32() uint32 {
	n := s.uvarint()
	if n > math.MaxUint32 {
		s.fail()
		return 0
	}
	return uint32(n)
}

func (s *source) string() string {
	n := s.count()
	text := s.rest[:n]
	s.rest = s.rest[n:]
	return text
}

func (s *source) value() graph.Value {
	if len(s.rest) > 0 && s.rest[0] == nullValue {
		s.rest = s.rest[1:]
		return graph.Null
	}
	v, rest, ok := column.DecodeValue(s.rest)
	if !ok {
		s.fail()
		return graph.Null
	}
	s.rest = rest
	return v
}

func (s *source) properties(dst []graph.Property) []graph.Property {
	for n := s.count(); n > 0 && !s.fault; n-- {
		dst = append(dst, graph.Property{Key: graph.KeyID(s.uint32()), Value: s.value()})
	}
	return dst
}

func (s *source) definition() graph.IndexDefinition {
	d := graph.IndexDefinition{Name: s.string(), Entity: graph.Entity(s.byte())}
	switch d.Entity {
	case graph.NodeEntity:
		d.Label = graph.LabelID(s.uint32())
	case graph.RelEntity:
		d.Type = graph.TypeID(s.uint32())
	default:
		s.fail()
	}
	for n := s.count(); n > 0 && !s.fault; n-- {
		d.Keys = append(d.Keys, graph.KeyID(s.uint32()))
	}
	return d
}

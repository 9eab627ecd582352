package graph

import (
	"math"
	"unsafe"
)

// Kind is the type of a Value.
type Kind uint8

// The kinds. The zero Value is Null. The numbers are not stored anywhere: the
// log, the snapshot and the wire have tags of their own.
const (
	KindNull Kind = iota
	KindBool
	KindInt
	KindFloat
	KindString
	KindBytes
	KindList
	KindMap
	KindNode
	KindRel
	KindPath
	KindDate
	KindLocalTime
	KindTime
	KindLocalDateTime
	KindDateTime
	KindDuration
	KindPoint
	KindVector
)

var kindNames = [...]string{
	KindNull: "Null", KindBool: "Boolean", KindInt: "Integer", KindFloat: "Float",
	KindString: "String", KindBytes: "Bytes", KindList: "List", KindMap: "Map",
	KindNode: "Node", KindRel: "Relationship", KindPath: "Path",
	KindDate: "Date", KindLocalTime: "LocalTime", KindTime: "Time",
	KindLocalDateTime: "LocalDateTime", KindDateTime: "DateTime", KindDuration: "Duration",
	KindPoint: "Point", KindVector: "Vector",
}

// String names the kind as openCypher does.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "Kind(?)"
}

// Value is one value of the query language in 24 bytes. Scalars live inside
// it; strings, lists and the rest are referred to. A Value is immutable: what
// it refers to must not be changed after the Value was made. Values are
// compared with Equal, Equivalent and Compare, never with ==.
type Value struct {
	ptr  unsafe.Pointer // data of strings, bytes, lists and vectors; *Map, *Path, *DateTime, *Duration, *Point
	bits uint64         // scalar, or the length of what ptr points to
	aux  int32          // offset of a Time, nanoseconds of a LocalDateTime
	kind Kind
}

// Null is the absent value.
var Null Value

// Kind returns what the value is.
func (v Value) Kind() Kind { return v.kind }

// IsNull reports whether the value is Null.
func (v Value) IsNull() bool { return v.kind == KindNull }

// Bool makes a Boolean.
func Bool(b bool) Value {
	if b {
		return Value{kind: KindBool, bits: 1}
	}
	return Value{kind: KindBool}
}

// Int makes an Integer.
func Int(i int64) Value { return Value{kind: KindInt, bits: uint64(i)} }

// Float makes a Float.
func Float(f float64) Value { return Value{kind: KindFloat, bits: math.Float64bits(f)} }

// String makes a String. It is UTF-8; no length limit is kept here.
func String(s string) Value {
	return Value{kind: KindString, bits: uint64(len(s)), ptr: unsafe.Pointer(unsafe.StringData(s))}
}

// Bytes makes a Bytes value that keeps b.
func Bytes(b []byte) Value {
	return Value{kind: KindBytes, bits: uint64(len(b)), ptr: unsafe.Pointer(unsafe.SliceData(b))}
}

// List makes a List that keeps items.
func List(items []Value) Value {
	return Value{kind: KindList, bits: uint64(len(items)), ptr: unsafe.Pointer(unsafe.SliceData(items))}
}

// Vector makes a Vector of float32 that keeps v.
func Vector(v []float32) Value {
	return Value{kind: KindVector, bits: uint64(len(v)), ptr: unsafe.Pointer(unsafe.SliceData(v))}
}

// MapValue makes a Map value. A nil map is the empty map.
func MapValue(m *Map) Value {
	if m == nil {
		m = &Map{}
	}
	return Value{kind: KindMap, ptr: unsafe.Pointer(m)}
}

// NodeValue makes a value of a node handle.
func NodeValue(n Node) Value { return Value{kind: KindNode, bits: uint64(n)} }

// RelValue makes a value of a relationship handle.
func RelValue(r Rel) Value { return Value{kind: KindRel, bits: uint64(r)} }

// PathValue makes a value of a path.
func PathValue(p *Path) Value { return Value{kind: KindPath, ptr: unsafe.Pointer(p)} }

// AsBool returns the Boolean; it is false for any other kind.
func (v Value) AsBool() bool { return v.kind == KindBool && v.bits != 0 }

// AsInt returns the Integer; it is meaningless for any other kind.
func (v Value) AsInt() int64 { return int64(v.bits) }

// AsFloat returns the Float; it is meaningless for any other kind.
func (v Value) AsFloat() float64 { return math.Float64frombits(v.bits) }

// Number returns an Integer or a Float as float64, and whether it was one.
func (v Value) Number() (float64, bool) {
	switch v.kind {
	case KindInt:
		return float64(int64(v.bits)), true
	case KindFloat:
		return math.Float64frombits(v.bits), true
	}
	return 0, false
}

// AsString returns the String; it is empty for any other kind.
func (v Value) AsString() string {
	if v.kind != KindString {
		return ""
	}
	return unsafe.String((*byte)(v.ptr), int(v.bits))
}

// AsBytes returns the Bytes, not a copy; nil for any other kind.
func (v Value) AsBytes() []byte {
	if v.kind != KindBytes {
		return nil
	}
	return unsafe.Slice((*byte)(v.ptr), int(v.bits))
}

// AsList returns the items, not a copy; nil for any other kind.
func (v Value) AsList() []Value {
	if v.kind != KindList {
		return nil
	}
	return unsafe.Slice((*Value)(v.ptr), int(v.bits))
}

// AsVector returns the numbers, not a copy; nil for any other kind.
func (v Value) AsVector() []float32 {
	if v.kind != KindVector {
		return nil
	}
	return unsafe.Slice((*float32)(v.ptr), int(v.bits))
}

// AsMap returns the Map; nil for any other kind.
func (v Value) AsMap() *Map {
	if v.kind != KindMap {
		return nil
	}
	return (*Map)(v.ptr)
}

// AsNode returns the handle of a node; NoNode for any other kind.
func (v Value) AsNode() Node {
	if v.kind != KindNode {
		return NoNode
	}
	return Node(v.bits)
}

// AsRel returns the handle of a relationship; NoRel for any other kind.
func (v Value) AsRel() Rel {
	if v.kind != KindRel {
		return NoRel
	}
	return Rel(v.bits)
}

// AsPath returns the path; nil for any other kind.
func (v Value) AsPath() *Path {
	if v.kind != KindPath {
		return nil
	}
	return (*Path)(v.ptr)
}

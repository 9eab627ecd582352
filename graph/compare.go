package graph

import (
	"bytes"
	"math"
	"strings"
)

// Three relations on values, as openCypher (CIP2016-06-14) defines them:
//
//	Equal       the operator =: three-valued, Null and NaN equal nothing
//	Equivalent  what DISTINCT and grouping use: Null is Null, NaN is NaN
//	Compare     what ORDER BY uses: a total order over values of every kind
//
// Compare(a, b) == 0 exactly when Equivalent(a, b). The operators < and >
// order only within a family of kinds: see Order.

// Ternary is a truth value of three-valued logic.
type Ternary uint8

// The truth values.
const (
	False Ternary = iota
	True
	Unknown
)

// Truth makes a Ternary of a bool.
func Truth(b bool) Ternary {
	if b {
		return True
	}
	return False
}

// Not negates; Unknown stays Unknown.
func (t Ternary) Not() Ternary {
	switch t {
	case True:
		return False
	case False:
		return True
	}
	return Unknown
}

// Value makes a Boolean or Null.
func (t Ternary) Value() Value {
	if t == Unknown {
		return Null
	}
	return Bool(t == True)
}

// Equal says whether a = b in Cypher. It is Unknown when a Null decides, also
// one inside a list or map. Values of different kinds are unequal, but
// for Integer and Float, which are compared exactly.
func Equal(a, b Value) Ternary {
	if a.kind == KindNull || b.kind == KindNull {
		return Unknown
	}
	if a.kind != b.kind {
		return Truth(numeric(a.kind) && numeric(b.kind) && equalNumbers(a, b))
	}
	switch a.kind {
	case KindList, KindMap:
		return (*Work)(nil).Equal(a, b)
	case KindFloat:
		return Truth(a.AsFloat() == b.AsFloat())
	case KindVector:
		return Truth(equalVectors(a.AsVector(), b.AsVector(), false))
	case KindPoint:
		return Truth(a.AsPoint() == b.AsPoint())
	}
	return Truth(Equivalent(a, b))
}

func equalVectors(a, b []float32, nan bool) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] && !(nan && a[i] != a[i] && b[i] != b[i]) {
			return false
		}
	}
	return true
}

func numeric(k Kind) bool { return k == KindInt || k == KindFloat }

func equalNumbers(a, b Value) bool {
	c, nan := compareNumbers(a, b)
	return c == 0 && !nan
}

// Equivalent says whether two values are the same for DISTINCT and grouping:
// as Equal, but Null is equivalent to Null and NaN to NaN, also inside lists.
func Equivalent(a, b Value) bool {
	if a.kind != b.kind {
		if numeric(a.kind) && numeric(b.kind) {
			return equalNumbers(a, b)
		}
		return false
	}
	switch a.kind {
	case KindNull:
		return true
	case KindBool, KindInt, KindNode, KindRel, KindDate, KindLocalTime:
		return a.bits == b.bits
	case KindFloat:
		x, y := a.AsFloat(), b.AsFloat()
		return x == y || (x != x && y != y)
	case KindString:
		return a.AsString() == b.AsString()
	case KindTime, KindLocalDateTime:
		return a.bits == b.bits && a.aux == b.aux
	case KindList:
		return (*Work)(nil).Equivalent(a, b)
	}
	return Compare(a, b) == 0
}

// rank orders the kinds among each other, ascending. Bytes, Point and Vector
// are not in the CIP; they stand beside what they are most like.
var rank = [...]uint8{
	KindMap: 1, KindNode: 2, KindRel: 3, KindList: 4, KindVector: 5, KindPath: 6, KindPoint: 7,
	KindDateTime: 8, KindLocalDateTime: 9, KindDate: 10, KindTime: 11, KindLocalTime: 12,
	KindDuration: 13, KindBytes: 14, KindString: 15, KindBool: 16, KindInt: 17, KindFloat: 17,
	KindNull: 18,
}

// Compare orders any two values: -1, 0 or 1. Ascending: maps, nodes,
// relationships, lists, paths, temporal values, strings, booleans, numbers,
// NaN, Null.
func Compare(a, b Value) int {
	if ra, rb := rank[a.kind], rank[b.kind]; ra != rb {
		return sign(ra < rb)
	}
	switch a.kind {
	case KindInt, KindFloat:
		return compareNumbersTotal(a, b)
	case KindString:
		return strings.Compare(a.AsString(), b.AsString())
	case KindBool, KindNode, KindRel:
		return compareUint(a.bits, b.bits)
	case KindBytes:
		return bytes.Compare(a.AsBytes(), b.AsBytes())
	case KindList, KindMap:
		return (*Work)(nil).Compare(a, b)
	case KindPath:
		return comparePaths(a.AsPath(), b.AsPath())
	case KindVector:
		return compareVectors(a.AsVector(), b.AsVector())
	case KindPoint:
		return comparePoints(a.AsPoint(), b.AsPoint())
	case KindNull:
		return 0
	}
	return compareTemporals(a, b)
}

func sign(less bool) int {
	if less {
		return -1
	}
	return 1
}

func compareUint(a, b uint64) int {
	if a == b {
		return 0
	}
	return sign(a < b)
}

func compareInt(a, b int64) int {
	if a == b {
		return 0
	}
	return sign(a < b)
}

// compareNumbers compares exactly, also beyond 2^53. nan says that one of them
// is NaN and the comparison means nothing.
func compareNumbers(a, b Value) (c int, nan bool) {
	if a.kind == KindInt {
		if b.kind == KindInt {
			return compareInt(a.AsInt(), b.AsInt()), false
		}
		return compareIntFloat(a.AsInt(), b.AsFloat())
	}
	if b.kind == KindInt {
		c, nan = compareIntFloat(b.AsInt(), a.AsFloat())
		return -c, nan
	}
	return compareFloats(a.AsFloat(), b.AsFloat())
}

func compareFloats(x, y float64) (c int, nan bool) {
	switch {
	case x < y:
		return -1, false
	case x > y:
		return 1, false
	case x == y:
		return 0, false
	}
	return 0, true
}

func compareIntFloat(i int64, f float64) (c int, nan bool) {
	const exact = 1 << 53 // integers up to here are floats
	if i > -exact && i < exact {
		return compareFloats(float64(i), f)
	}
	switch {
	case f != f:
		return 0, true
	case f >= 1<<63:
		return -1, false
	case f < -1<<63:
		return 1, false
	}
	whole := math.Trunc(f)
	if c := compareInt(i, int64(whole)); c != 0 {
		return c, false
	}
	return compareFloats(whole, f)
}

func compareNumbersTotal(a, b Value) int {
	c, nan := compareNumbers(a, b)
	if !nan {
		return c
	}
	an, bn := isNaN(a), isNaN(b)
	if an == bn {
		return 0
	}
	return sign(bn)
}

func isNaN(v Value) bool { return v.kind == KindFloat && v.AsFloat() != v.AsFloat() }

// comparePaths orders element by element along the walk; a path that ends first comes first.
func comparePaths(a, b *Path) int {
	for i := 0; i < len(a.Nodes) && i < len(b.Nodes); i++ {
		if c := compareInt(int64(a.Nodes[i]), int64(b.Nodes[i])); c != 0 {
			return c
		}
		if i >= len(a.Rels) || i >= len(b.Rels) {
			break
		}
		if c := compareInt(int64(a.Rels[i]), int64(b.Rels[i])); c != 0 {
			return c
		}
	}
	return compareInt(int64(len(a.Nodes)), int64(len(b.Nodes)))
}

func compareVectors(a, b []float32) int {
	for i := 0; i < len(a) && i < len(b); i++ {
		if c := compareNumbersTotal(Float(float64(a[i])), Float(float64(b[i]))); c != 0 {
			return c
		}
	}
	return compareInt(int64(len(a)), int64(len(b)))
}

func comparePoints(a, b Coordinates) int {
	if a.SRID != b.SRID {
		return sign(a.SRID < b.SRID)
	}
	x := [3]float64{a.X, a.Y, a.Z}
	y := [3]float64{b.X, b.Y, b.Z}
	for i := range x {
		if c := compareNumbersTotal(Float(x[i]), Float(y[i])); c != 0 {
			return c
		}
	}
	return 0
}

func compareTemporals(a, b Value) int {
	switch a.kind {
	case KindDate, KindLocalTime:
		return compareInt(int64(a.bits), int64(b.bits))
	case KindLocalDateTime:
		if c := compareInt(int64(a.bits), int64(b.bits)); c != 0 {
			return c
		}
		return compareInt(int64(a.aux), int64(b.aux))
	case KindTime:
		if c := compareInt(utcNanos(a), utcNanos(b)); c != 0 {
			return c
		}
		return compareInt(int64(a.aux), int64(b.aux))
	case KindDateTime:
		return compareZoned(a.AsDateTime(), b.AsDateTime())
	}
	return compareSpans(a.AsDuration(), b.AsDuration())
}

// utcNanos is the nanoseconds since UTC midnight of a Time; it may leave the day.
func utcNanos(v Value) int64 {
	nanos, offset := v.AsTime()
	return nanos - int64(offset)*1e9
}

func compareZoned(a, b Zoned) int {
	if c := compareInt(a.Seconds, b.Seconds); c != 0 {
		return c
	}
	if c := compareInt(int64(a.Nanos), int64(b.Nanos)); c != 0 {
		return c
	}
	if c := compareInt(int64(a.Offset), int64(b.Offset)); c != 0 {
		return c
	}
	return strings.Compare(a.Zone, b.Zone)
}

// compareSpans orders durations by their average length (a month is
// 30.436875 days), then part by part.
func compareSpans(a, b Span) int {
	if c, nan := compareFloats(averageSeconds(a), averageSeconds(b)); c != 0 && !nan {
		return c
	}
	x := [...]int64{a.Months, a.Days, a.Seconds, int64(a.Nanos)}
	y := [...]int64{b.Months, b.Days, b.Seconds, int64(b.Nanos)}
	for i := range x {
		if c := compareInt(x[i], y[i]); c != 0 {
			return c
		}
	}
	return 0
}

func averageSeconds(s Span) float64 {
	const day, month = 86400.0, 86400 * 30.436875
	return float64(s.Months)*month + float64(s.Days)*day + float64(s.Seconds) + float64(s.Nanos)/1e9
}

// Ordering is the answer of Order.
type Ordering uint8

// What Order may answer. Unordered is for NaN: every comparison is false.
const (
	Incomparable Ordering = iota // the comparison is Null
	Less
	Same
	Greater
	Unordered
)

// Order compares for the operators < <= > >=: numbers with numbers, and
// strings, booleans, lists and temporal values with their own kind. All else,
// durations and Null included, is Incomparable.
func Order(a, b Value) Ordering {
	if a.kind == KindList && b.kind == KindList {
		return (*Work)(nil).Order(a, b)
	}
	if numeric(a.kind) && numeric(b.kind) {
		c, nan := compareNumbers(a, b)
		if nan {
			return Unordered
		}
		return ordering(c)
	}
	if a.kind != b.kind {
		return Incomparable
	}
	switch a.kind {
	case KindString, KindBool, KindDate, KindLocalTime, KindTime, KindLocalDateTime, KindDateTime:
		return ordering(Compare(a, b))
	}
	return Incomparable
}

func ordering(c int) Ordering { return Same + Ordering(c) }

package graph

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// ascending has one or more values of every kind in the order of Compare.
func ascending() []Value {
	return []Value{
		MapValue(nil), MapValue(NewMap([]Entry{{"a", Int(1)}})), MapValue(NewMap([]Entry{{"a", Int(2)}})),
		NodeValue(1), NodeValue(2), RelValue(0), RelValue(7),
		List(nil), List([]Value{Int(1)}), List([]Value{Int(1), Null}), List([]Value{Int(2)}), List([]Value{Null}),
		Vector([]float32{1}), PathValue(&Path{Nodes: []Node{1}}), PathValue(&Path{Nodes: []Node{1, 2}, Rels: []Rel{0}}),
		Point(Coordinates{SRID: 7203, X: 1}), DateTime(Zoned{Seconds: 1}), DateTime(Zoned{Seconds: 1, Offset: 60}),
		LocalDateTime(1, 0), LocalDateTime(1, 5), Date(-3), Date(4), Time(1, 3600), Time(1, 0), LocalTime(9),
		Duration(Span{Days: 30}), Duration(Span{Months: 1}), Duration(Span{Days: 31}),
		Bytes([]byte{1}), String(""), String("a"), String("b"), Bool(false), Bool(true),
		Float(math.Inf(-1)), Int(math.MinInt64), Int(-1), Float(-0.5), Int(0), Float(0.5), Int(1), Float(1.5),
		Int(1<<53 + 1), Float(1<<53 + 2), Int(math.MaxInt64), Float(1 << 63), Float(math.Inf(1)), Float(math.NaN()), Null,
	}
}

func TestCompareIsTotal(t *testing.T) {
	values := ascending()
	for i, a := range values {
		for j, b := range values {
			want := 0
			if i < j {
				want = -1
			} else if i > j {
				want = 1
			}
			require.Equal(t, want, Compare(a, b), "%d (%v) against %d (%v)", i, a.Kind(), j, b.Kind())
			require.Equal(t, want == 0, Equivalent(a, b), "%d %d", i, j)
		}
	}
}

func TestEquivalentValuesHashAlike(t *testing.T) {
	pairs := [][2]Value{
		{Int(1), Float(1)}, {Float(0), Float(math.Copysign(0, -1))}, {Int(math.MinInt64), Float(-1 << 63)},
		{Float(math.NaN()), Float(-math.NaN())}, {List([]Value{Int(2), Null}), List([]Value{Float(2), Null})},
		{String("abcdefghij"), String("abcdefghij")},
	}
	for _, p := range pairs {
		require.True(t, Equivalent(p[0], p[1]))
		require.Equal(t, Hash(p[0]), Hash(p[1]))
	}
	seen := map[uint64]int{}
	for i, v := range ascending() {
		before, dup := seen[Hash(v)]
		require.False(t, dup, "%d and %d collide", i, before)
		seen[Hash(v)] = i
	}
}

func TestEqualIsThreeValued(t *testing.T) {
	one := func(v ...Value) Value { return List(v) }
	m := func(e ...Entry) Value { return MapValue(NewMap(e)) }
	nan := Float(math.NaN())
	cases := []struct {
		a, b Value
		want Ternary
	}{
		{Null, Null, Unknown}, {Null, Int(1), Unknown}, {Int(1), Float(1), True}, {nan, nan, False},
		{Int(1<<62 + 1), Float(1 << 62), False}, {String("1"), Int(1), False},
		{one(Null), one(Int(1)), Unknown}, {one(Null, Int(1)), one(Int(1), Int(2)), False}, {one(Int(1)), one(), False},
		{m(Entry{"k", Null}), m(Entry{"k", Null}), Unknown}, {m(Entry{"k", Null}), m(), False}, {m(), m(), True},
		{one(nan), one(nan), False},
	}
	for i, c := range cases {
		require.Equal(t, c.want, Equal(c.a, c.b), "case %d", i)
		require.Equal(t, c.want, Equal(c.b, c.a), "case %d reversed", i)
	}
}

func TestOrder(t *testing.T) {
	list := func(v ...Value) Value { return List(v) }
	cases := []struct {
		a, b Value
		want Ordering
	}{
		{Int(1), Float(3.14), Less}, {Float(math.NaN()), Int(1), Unordered}, {Float(math.NaN()), String("a"), Incomparable},
		{Int(1), String("1"), Incomparable}, {Null, Null, Incomparable}, {NodeValue(1), NodeValue(2), Incomparable},
		{list(Int(1), Int(0)), list(Int(1)), Greater}, {list(Int(1), Int(2)), list(Int(1), Null), Incomparable},
		{list(Int(1), Int(2)), list(Int(3), Null), Less}, {Bool(false), Bool(true), Less},
		{Duration(Span{Days: 1}), Duration(Span{Days: 2}), Incomparable}, {Date(1), Date(1), Same},
	}
	for i, c := range cases {
		require.Equal(t, c.want, Order(c.a, c.b), "case %d", i)
	}
}

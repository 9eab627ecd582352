package graph

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPropertyTypes(t *testing.T) {
	list := func(items ...Value) Value { return List(items) }
	ints := IntegerType.Lists()
	for _, c := range []struct {
		types PropertyTypes
		value Value
		want  bool
	}{
		{IntegerType, Int(1), true}, {IntegerType, Float(1), false}, {IntegerType | FloatType, Float(1), true},
		{StringType, Null, true}, {StringType, list(), false}, {ints, list(), true}, {ints, Int(1), false},
		{ints, list(Int(1), Int(2)), true}, {ints, list(Int(1), Float(2)), false}, {IntegerType, list(Int(1)), false},
		{ints | FloatType.Lists(), list(Int(1), Float(2)), true}, {BooleanType, Bool(false), true},
		{StringType, MapValue(nil), false}, {allTypes, NodeValue(0), false}, {ints, list(Null), false}, {ints, list(NodeValue(1)), false},
		{BytesType, Bytes(nil), true}, {VectorType, Vector(nil), true},
	} {
		require.Equal(t, c.want, c.types.Holds(c.value), "%s holds %v", c.types, c.value.Kind())
	}
	require.Equal(t, "STRING | INTEGER | LIST<INTEGER NOT NULL>", (IntegerType | StringType | ints).String())
	for _, name := range typeNames {
		one, ok := TypeNamed(name)
		require.True(t, ok && one.Valid())
		require.Equal(t, name, one.String())
	}
	_, ok := TypeNamed("MAP")
	require.False(t, ok)
	for _, bad := range []PropertyTypes{0, allTypes + 1, 1 << 63} {
		require.False(t, bad.Valid())
	}
}

func TestConstraintsThatMakeSense(t *testing.T) {
	for _, c := range []struct {
		d    ConstraintDefinition
		want bool
	}{
		{ConstraintDefinition{Kind: UniqueConstraint, Keys: []KeyID{1, 2}}, true},
		{ConstraintDefinition{Kind: UniqueConstraint, Keys: []KeyID{1}, Types: StringType}, false},
		{ConstraintDefinition{Kind: TypeConstraint, Keys: []KeyID{1}, Types: StringType}, true},
		{ConstraintDefinition{Kind: TypeConstraint, Keys: []KeyID{1, 2}, Types: StringType}, false},
		{ConstraintDefinition{Kind: TypeConstraint, Keys: []KeyID{1}}, false},
		{ConstraintDefinition{Kind: TypeConstraint + 1, Keys: []KeyID{1}}, false},
		{ConstraintDefinition{Keys: []KeyID{1}}, false},
	} {
		require.Equal(t, c.want, c.d.Sound(), "%+v", c.d)
	}
}

package graph

import "strings"

// PropertyTypes is a set of types that a property may have. The low half has a
// bit for each type, the high half one for lists of it. The numbers are stored
// in logs and snapshots and never change.
type PropertyTypes uint64

// The types.
const (
	BooleanType PropertyTypes = 1 << iota
	StringType
	IntegerType
	FloatType
	DateType
	LocalTimeType
	ZonedTimeType
	LocalDateTimeType
	ZonedDateTimeType
	DurationType
	PointType
	BytesType
	VectorType

	allTypes = VectorType<<1 - 1
)

// listTypes is how far the bits of lists lie above those of their items.
const listTypes = 32

var typeOfKind = [...]PropertyTypes{
	KindBool: BooleanType, KindString: StringType, KindInt: IntegerType, KindFloat: FloatType, KindDate: DateType,
	KindLocalTime: LocalTimeType, KindTime: ZonedTimeType, KindLocalDateTime: LocalDateTimeType, KindDateTime: ZonedDateTimeType,
	KindDuration: DurationType, KindPoint: PointType, KindBytes: BytesType, KindVector: VectorType,
}

// typeNames are in the order of the bits, as Cypher writes them.
var typeNames = [...]string{"BOOLEAN", "STRING", "INTEGER", "FLOAT", "DATE", "LOCAL TIME", "ZONED TIME", "LOCAL DATETIME",
	"ZONED DATETIME", "DURATION", "POINT", "BYTES", "VECTOR"}

// TypeOf is the type of values of a kind, 0 for what no property can hold and
// for lists.
func TypeOf(k Kind) PropertyTypes {
	if int(k) < len(typeOfKind) {
		return typeOfKind[k]
	}
	return 0
}

// TypeNamed returns the type that Cypher writes so, in capitals.
func TypeNamed(name string) (t PropertyTypes, ok bool) {
	for i, n := range typeNames {
		if n == name {
			return 1 << i, true
		}
	}
	return 0, false
}

// Lists returns the types of lists whose items have one of these types.
func (t PropertyTypes) Lists() PropertyTypes { return t & allTypes << listTypes }

// Valid reports whether the set holds something, and nothing unknown.
func (t PropertyTypes) Valid() bool { return t != 0 && t&^(allTypes|allTypes<<listTypes) == 0 }

// Holds reports whether a property value has one of the types. Null has every
// type; an empty list is a list of every type.
func (t PropertyTypes) Holds(v Value) bool {
	if v.Kind() != KindList {
		return v.IsNull() || int(v.Kind()) < len(typeOfKind) && t&typeOfKind[v.Kind()] != 0
	}
	lists := t >> listTypes
	for _, item := range v.AsList() {
		if int(item.Kind()) >= len(typeOfKind) || lists&typeOfKind[item.Kind()] == 0 {
			return false
		}
	}
	return lists != 0
}

// String writes the set as Cypher does.
func (t PropertyTypes) String() string {
	var parts []string
	for i, name := range typeNames {
		if t&(1<<i) != 0 {
			parts = append(parts, name)
		}
	}
	for i, name := range typeNames {
		if t&(1<<(i+listTypes)) != 0 {
			parts = append(parts, "LIST<"+name+" NOT NULL>")
		}
	}
	return strings.Join(parts, " | ")
}

package bind

// Base is what a value is, as far as that is known before it exists.
type Base uint8

// The bases. Any is "not known"; Number is Integer or Float.
const (
	Any Base = iota
	Boolean
	Integer
	Float
	Number
	String
	Bytes
	MapBase
	NodeBase
	RelBase
	PathBase
	Temporal // any date, time or duration
	Point
	Vector
	NullBase // the literal null
	bases
)

var baseNames = [bases]string{
	Any: "Any", Boolean: "Boolean", Integer: "Integer", Float: "Float", Number: "Number",
	String: "String", Bytes: "Bytes", MapBase: "Map", NodeBase: "Node", RelBase: "Relationship",
	PathBase: "Path", Temporal: "Temporal", Point: "Point", Vector: "Vector", NullBase: "Null",
}

// Type is a static type: a base, inside so many lists. The zero Type is Any.
type Type struct {
	Base  Base
	Lists uint8
}

// Of is the type of plain values of a base.
func Of(b Base) Type { return Type{Base: b} }

// ListOf is the type of lists of t. More than 255 levels are lists of Any.
func ListOf(t Type) Type {
	if t.Lists == 255 {
		return Type{Base: Any, Lists: 1}
	}
	t.Lists++
	return t
}

// Elem is the type of the items of t: Any when t may be something else than a
// list.
func (t Type) Elem() Type {
	if t.Lists == 0 {
		return Type{}
	}
	t.Lists--
	return t
}

// IsList reports whether t is surely a list.
func (t Type) IsList() bool { return t.Lists > 0 }

// Known reports whether anything is known of t: null is as good as unknown,
// since every type has it.
func (t Type) Known() bool { return t.Lists > 0 || (t.Base != Any && t.Base != NullBase) }

// String names the type, as List<Integer>.
func (t Type) String() string {
	if t.Lists > 0 {
		return "List<" + t.Elem().String() + ">"
	}
	return baseNames[t.Base]
}

// Accepts is a set of types an argument may have.
type Accepts uint32

// What is no Base: Lists of whatever, and Anything at all.
const (
	aList    Accepts = 1 << bases
	Anything Accepts = 1<<(bases+1) - 1
	Lists    Accepts = aList
)

// Takes is the set of plain values of some bases. Number includes Integer and
// Float.
func Takes(list ...Base) Accepts {
	var a Accepts
	for _, b := range list {
		a |= 1 << b
		if b == Number {
			a |= 1<<Integer | 1<<Float
		}
	}
	return a
}

// Holds reports whether a value of type t can be in the set. What is not known
// can be.
func (a Accepts) Holds(t Type) bool {
	switch {
	case !t.Known():
		return true
	case t.IsList():
		return a&aList != 0
	case t.Base == Number:
		return a&(1<<Number|1<<Integer|1<<Float) != 0
	}
	return a&(1<<t.Base) != 0
}

// String lists the set, as "Node or Relationship".
func (a Accepts) String() string {
	names := make([]string, 0, 4)
	for b := Any + 1; b < bases; b++ {
		isPart := b == Integer || b == Float
		if a&(1<<b) != 0 && !(isPart && a&(1<<Number) != 0) {
			names = append(names, baseNames[b])
		}
	}
	if a&aList != 0 {
		names = append(names, "List")
	}
	return orList(names)
}

// orList joins words: "a", "a or b", "a, b or c".
func orList(words []string) string {
	text := ""
	for i, word := range words {
		switch {
		case i == 0:
		case i == len(words)-1:
			text += " or "
		default:
			text += ", "
		}
		text += word
	}
	return text
}

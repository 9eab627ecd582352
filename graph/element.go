package graph

// ID identifies a node, or a relationship, within a store for ever. Nodes and
// relationships count separately, both from 1; 0 is no element. An ID is never
// given to a second element, not even after the first was deleted.
type ID uint64

// Node is a handle of a node inside one transaction. See the package comment.
type Node uint32

// Rel is a handle of a relationship inside one transaction.
type Rel uint32

// NoNode and NoRel are handles that never name an element.
const (
	NoNode Node = 1<<32 - 1
	NoRel  Rel  = 1<<32 - 1
)

// LabelID, TypeID and KeyID are interned names of labels, relationship types
// and property keys. Each kind is numbered densely from 0, in the order in
// which the names first appeared. Names are never forgotten.
type (
	LabelID uint32
	TypeID  uint32
	KeyID   uint32
)

// MaxTypes bounds the number of relationship types, so that a relationship's
// type fits into 16 bits of its record.
const MaxTypes = 1 << 16

// Direction says which relationships of a node are meant.
type Direction uint8

const (
	// Outgoing relationships start at the node.
	Outgoing Direction = iota + 1
	// Incoming relationships end at the node.
	Incoming
	// Both means either end. A relationship from a node to itself counts once.
	Both
)

// Reverse returns the direction as seen from the other end.
func (d Direction) Reverse() Direction {
	switch d {
	case Outgoing:
		return Incoming
	case Incoming:
		return Outgoing
	}
	return d
}

// Hop is one step over a relationship, as seen from a node that is known.
type Hop struct {
	Rel  Rel
	Node Node // the node at the other end
}

// Property is a key with its value. A Null value is no property.
type Property struct {
	Key   KeyID
	Value Value
}

// Path is a walk through the graph: len(Nodes) == len(Rels)+1, and Rels[i]
// joins Nodes[i] and Nodes[i+1] in either direction.
type Path struct {
	Nodes []Node
	Rels  []Rel
}

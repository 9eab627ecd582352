package graph

// Entity says whether an index or constraint is about nodes or relationships.
type Entity uint8

const (
	NodeEntity Entity = iota + 1
	RelEntity
)

// IndexID names an index inside one state of the graph.
type IndexID uint32

// Index describes an index as a planner needs it.
type Index struct {
	IndexDefinition
	ID       IndexID
	Unique   bool   // backs the uniqueness constraint named Constraint
	Owner    string // the constraint that owns it, or empty
	Entries  int    // how many elements it holds
	Distinct int    // how many distinct values, estimated
}

// IndexDefinition describes an ordered index over one or more properties of
// the nodes with a label, or of the relationships with a type. An element is
// in the index when it has all of the properties.
type IndexDefinition struct {
	Name   string // unique among indexes and constraints
	Entity Entity
	Label  LabelID // when Entity is NodeEntity
	Type   TypeID  // when Entity is RelEntity
	Keys   []KeyID
}

// ConstraintKind says what a constraint demands.
type ConstraintKind uint8

const (
	// UniqueConstraint: no two elements agree on all keys; elements that
	// lack one of them are not looked at. It owns an index of its name.
	UniqueConstraint ConstraintKind = iota + 1
	// ExistsConstraint: every element has all keys.
	ExistsConstraint
	// KeyConstraint is both (Neo4j's NODE KEY).
	KeyConstraint
	// TypeConstraint: the one key has one of Types on every element that has
	// it. It owns no index.
	TypeConstraint
)

// ConstraintDefinition describes a constraint.
type ConstraintDefinition struct {
	Name   string
	Kind   ConstraintKind
	Entity Entity
	Label  LabelID
	Type   TypeID
	Keys   []KeyID
	Types  PropertyTypes // of a TypeConstraint; else 0
}

// OwnsIndex reports whether the constraint has an index of its name.
func (d *ConstraintDefinition) OwnsIndex() bool {
	return d.Kind == UniqueConstraint || d.Kind == KeyConstraint
}

// Sound reports whether kind, keys and types fit together.
func (d *ConstraintDefinition) Sound() bool {
	if d.Kind == TypeConstraint {
		return len(d.Keys) == 1 && d.Types.Valid()
	}
	return d.Kind >= UniqueConstraint && d.Kind <= KeyConstraint && d.Types == 0
}

// Constraint describes a constraint in force.
type Constraint struct {
	ConstraintDefinition
}

package storage

import (
	"iter"

	"github.com/pocketgraph/pocketgraph/graph"
)

// ChangeKind says what a change did.
type ChangeKind string

// The kinds of changes.
const (
	NodeCreated             ChangeKind = "createNode"
	NodeDeleted             ChangeKind = "deleteNode"
	NodePropertySet         ChangeKind = "setNodeProperty" // or removed
	LabelAdded              ChangeKind = "addLabel"
	LabelRemoved            ChangeKind = "removeLabel"
	RelationshipCreated     ChangeKind = "createRelationship"
	RelationshipDeleted     ChangeKind = "deleteRelationship"
	RelationshipPropertySet ChangeKind = "setRelationshipProperty" // or removed
	IndexCreated            ChangeKind = "createIndex"
	IndexDropped            ChangeKind = "dropIndex"
	ConstraintCreated       ChangeKind = "createConstraint"
	ConstraintDropped       ChangeKind = "dropConstraint"
)

// Change is one change of a transaction. Which fields count depends on Kind.
type Change struct {
	Kind ChangeKind
	ID   graph.ID // of the element

	Labels     []string        // of a node created or deleted; the one added or removed
	Type       string          // of a relationship created or deleted
	Start, End graph.ID        // of such a relationship: its nodes
	Properties []NamedProperty // of an element created or deleted

	Key           string      // of a property set
	Before, After graph.Value // and its values, Null for none

	Schema *SchemaChange

	// Imaged reports that what was before is known: what was deleted or
	// dropped, and Before. It is not where no history was kept at the time.
	Imaged bool
}

// NamedProperty is a property with its key's name.
type NamedProperty struct {
	Key   string
	Value graph.Value
}

// SchemaChange is an index or constraint that was created or dropped.
type SchemaChange struct {
	Name  string
	Kind  graph.ConstraintKind // 0: an index
	Nodes bool                 // about nodes, else about relationships
	Of    string               // their label or type
	Keys  []string
	Types graph.PropertyTypes // of a type constraint
}

// Changes are those of the transaction, in the order in which it made them.
// An error, wal.ErrCorrupt, ends them.
func (c *Committed) Changes() iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		err := c.Raw(func(values []graph.Value) bool { return yield(changeOf(values), nil) })
		if err != nil {
			yield(Change{}, err)
		}
	}
}

var changeKinds = [...]ChangeKind{
	opCreateNode: NodeCreated, opCreateRel: RelationshipCreated, opDeleteNode: NodeDeleted, opDeleteRel: RelationshipDeleted,
	opSetNode: NodePropertySet, opSetRel: RelationshipPropertySet, opAddLabel: LabelAdded, opRemoveLabel: LabelRemoved,
	opCreateIndex: IndexCreated, opDropIndex: IndexDropped, opCreateConstraint: ConstraintCreated, opDropConstraint: ConstraintDropped,
}

// changeOf makes a Change of what Raw gives.
func changeOf(values []graph.Value) Change {
	op := values[0].AsInt()
	c, v := Change{Kind: changeKinds[op], Imaged: true}, values[1:]
	if op < opCreateIndex {
		c.ID = graph.ID(v[0].AsInt())
	}
	switch op {
	case opCreateNode:
		c.node(v[1:])
	case opCreateRel:
		c.rel(v[1:])
	case opDeleteNode:
		if c.Imaged = len(v) > 1; c.Imaged {
			c.node(v[1:])
		}
	case opDeleteRel:
		if c.Imaged = len(v) > 1; c.Imaged {
			c.rel(v[1:])
		}
	case opSetNode, opSetRel:
		c.Key, c.After = v[1].AsString(), v[2]
		if c.Imaged = len(v) > 3; c.Imaged {
			c.Before = v[3]
		}
	case opAddLabel, opRemoveLabel:
		c.Labels = []string{v[1].AsString()}
	case opCreateIndex:
		c.Schema = schemaOf(v)
	case opCreateConstraint:
		c.Schema = constraintOf(v)
	default:
		c.Schema = &SchemaChange{Name: v[0].AsString()}
		if c.Imaged = len(v) > 1; c.Imaged && op == opDropIndex {
			c.Schema = schemaOf(v[1:])
		} else if c.Imaged {
			c.Schema = constraintOf(v[1:])
		}
	}
	return c
}

func (c *Change) node(v []graph.Value) {
	c.Labels = names(v[0])
	c.properties(v[1])
}

func (c *Change) rel(v []graph.Value) {
	c.Start, c.End, c.Type = graph.ID(v[0].AsInt()), graph.ID(v[1].AsInt()), v[2].AsString()
	c.properties(v[3])
}

func (c *Change) properties(v graph.Value) {
	m := v.AsMap()
	for i := range m.Len() {
		key, value := m.At(i)
		c.Properties = append(c.Properties, NamedProperty{key, value})
	}
}

func schemaOf(v []graph.Value) *SchemaChange {
	return &SchemaChange{Name: v[0].AsString(), Nodes: v[1].AsBool(), Of: v[2].AsString(), Keys: names(v[3])}
}

func constraintOf(v []graph.Value) *SchemaChange {
	s := schemaOf(v[2:])
	s.Kind, s.Types = graph.ConstraintKind(v[0].AsInt()), graph.PropertyTypes(v[1].AsInt())
	return s
}

func names(v graph.Value) []string {
	var out []string
	for _, s := range v.AsList() {
		out = append(out, s.AsString())
	}
	return out
}

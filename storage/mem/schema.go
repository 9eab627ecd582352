package mem

import (
	"slices"
	"sort"
	"strconv"
	"sync/atomic"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/storage/index"
)

const (
	// maxIndexKeys bounds the properties of one index or constraint: more
	// than anybody indexes, and its keys stay short.
	maxIndexKeys = 16
	// maxIndexes bounds indexes and constraints, which are looked through by
	// name and kept in lists that a change copies.
	maxIndexes = 1 << 12
)

// schema is the definitions, which are replaced as a whole when one changes,
// and the indexes.
type schema struct {
	*definitions
	roots list[index.Ordered] // by IndexID
}

// definitions never change once they are part of a schema.
type definitions struct {
	version     uint64
	next        graph.IndexID
	indexes     []*definition // by name
	constraints []*definition // by name
	// The same by label and by type.
	indexesOf     [2]map[uint32][]*definition
	constraintsOf [2]map[uint32][]*definition
}

// definition is an index or a constraint.
type definition struct {
	graph.ConstraintDefinition // Kind is 0 for an index
	id                         graph.IndexID
	backed                     bool   // a constraint that owns the index id
	owner                      string // of an index: the constraint that owns it
}

func (d *definition) of() uint32 {
	if d.Entity == graph.NodeEntity {
		return uint32(d.Label)
	}
	return uint32(d.Type)
}

func (d *definition) demands() bool {
	return d.Kind == graph.ExistsConstraint || d.Kind == graph.KeyConstraint
}

var noDefinitions = &definitions{}

// schemaVersions numbers every definitions that was ever made, so that a
// change which was rolled back shares its number with no other.
var schemaVersions atomic.Uint64

// SchemaVersion implements graph.Reader.
func (v *version) SchemaVersion() uint64 { return v.schema.defs().version }

func (s *schema) defs() *definitions {
	if s.definitions == nil {
		return noDefinitions
	}
	return s.definitions
}

func place(e graph.Entity) int { return int(e - graph.NodeEntity) }

// changed returns new definitions made of the given ones.
func changed(next graph.IndexID, indexes, constraints []*definition) *definitions {
	d := &definitions{version: schemaVersions.Add(1), next: next, indexes: indexes, constraints: constraints}
	for i := range d.indexesOf {
		d.indexesOf[i], d.constraintsOf[i] = map[uint32][]*definition{}, map[uint32][]*definition{}
	}
	for _, x := range indexes {
		m := d.indexesOf[place(x.Entity)]
		m[x.of()] = append(m[x.of()], x)
	}
	for _, x := range constraints {
		m := d.constraintsOf[place(x.Entity)]
		m[x.of()] = append(m[x.of()], x)
	}
	return d
}

// with returns the list with one more definition, by name.
func with(list []*definition, d *definition) []*definition {
	i := sort.Search(len(list), func(i int) bool { return list[i].Name >= d.Name })
	return slices.Insert(slices.Clone(list), i, d)
}

func without(list []*definition, d *definition) []*definition {
	return slices.DeleteFunc(slices.Clone(list), func(x *definition) bool { return x == d })
}

func named(list []*definition, name string) *definition {
	i := sort.Search(len(list), func(i int) bool { return list[i].Name >= name })
	if i < len(list) && list[i].Name == name {
		return list[i]
	}
	return nil
}

// Indexes lists the indexes by name.
func (v *version) Indexes() []graph.Index {
	d := v.schema.defs()
	out := make([]graph.Index, 0, len(d.indexes))
	for _, x := range d.indexes {
		root := v.schema.roots.at(int(x.id))
		out = append(out, graph.Index{
			IndexDefinition: x.index(), ID: x.id, Unique: x.owner != "", Owner: x.owner,
			Entries: root.Len(), Distinct: root.Distinct(),
		})
	}
	return out
}

func (d *definition) index() graph.IndexDefinition {
	return graph.IndexDefinition{Name: d.Name, Entity: d.Entity, Label: d.Label, Type: d.Type, Keys: d.Keys}
}

// Constraints lists the constraints by name.
func (v *version) Constraints() []graph.Constraint {
	d := v.schema.defs()
	out := make([]graph.Constraint, 0, len(d.constraints))
	for _, x := range d.constraints {
		out = append(out, graph.Constraint{ConstraintDefinition: x.ConstraintDefinition})
	}
	return out
}

// Seek appends the handles of the elements whose indexed values equal values.
func (v *version) Seek(dst []uint32, ix graph.IndexID, values []graph.Value) []uint32 {
	root := v.schema.roots.at(int(ix))
	if root == nil {
		return dst
	}
	return root.Seek(dst, values)
}

// SeekRange walks an index.
func (v *version) SeekRange(ix graph.IndexID, r graph.Range) graph.Cursor {
	root := v.schema.roots.at(int(ix))
	if root == nil {
		return nothing{}
	}
	return root.Range(r)
}

type nothing struct{}

func (nothing) Next([]uint32) int { return 0 }

// SchemaMessage describes which elements and keys a definition is about.
func (v *version) describe(d *definition) string {
	text := "(:" + quoted(v.labels.list, uint32(d.Label)) + " {"
	if d.Entity == graph.RelEntity {
		text = "-[:" + quoted(v.types.list, uint32(d.Type)) + " {"
	}
	for i, k := range d.Keys {
		if i > 0 {
			text += ", "
		}
		text += quoted(v.keys.list, uint32(k))
	}
	if d.Entity == graph.RelEntity {
		return text + "}]-"
	}
	return text + "})"
}

func quoted(list []string, i uint32) string { return "`" + list[i] + "`" }

// shown is a value in a message; long ones are cut.
func shown(x graph.Value) string {
	const most = 60
	switch x.Kind() {
	case graph.KindInt:
		return strconv.FormatInt(x.AsInt(), 10)
	case graph.KindFloat:
		return strconv.FormatFloat(x.AsFloat(), 'g', -1, 64)
	case graph.KindBool:
		return strconv.FormatBool(x.AsBool())
	case graph.KindString:
		s := x.AsString()
		if len(s) > most {
			s = s[:most] + "…"
		}
		return strconv.Quote(s)
	}
	return "a " + x.Kind().String()
}

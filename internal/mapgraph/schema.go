package mapgraph

import (
	"sort"
	"strings"
	"sync/atomic"

	"github.com/pocketgraph/pocketgraph/graph"
)

// schemaVersions numbers every schema that any graph ever had.
var schemaVersions atomic.Uint64

// SchemaVersion implements graph.Reader.
func (g *Graph) SchemaVersion() uint64 { return g.schema }

// Indexes implements graph.Reader.
func (g *Graph) Indexes() []graph.Index {
	out := append([]graph.Index(nil), g.indexes...)
	for i := range out {
		out[i].Entries = len(g.entries(&out[i]))
		out[i].Distinct = out[i].Entries
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out
}

// Constraints implements graph.Reader.
func (g *Graph) Constraints() []graph.Constraint {
	out := append([]graph.Constraint(nil), g.constraints...)
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out
}

type entry struct {
	handle uint32
	values []graph.Value
}

// entries lists what an index holds, in no useful order.
func (g *Graph) entries(ix *graph.Index) []entry {
	var out []entry
	if ix.Entity == graph.NodeEntity {
		for i := range g.nodes {
			if n := graph.Node(i); g.HasLabel(n, ix.Label) {
				out = appendEntry(out, uint32(i), ix.Keys, g.nodes[i].props)
			}
		}
		return out
	}
	for i := range g.rels {
		if g.HasRel(graph.Rel(i)) && g.rels[i].typ == ix.Type {
			out = appendEntry(out, uint32(i), ix.Keys, g.rels[i].props)
		}
	}
	return out
}

func appendEntry(out []entry, handle uint32, keys []graph.KeyID, props map[graph.KeyID]graph.Value) []entry {
	e := entry{handle: handle}
	for _, k := range keys {
		v, ok := props[k]
		if !ok {
			return out
		}
		e.values = append(e.values, v)
	}
	return append(out, e)
}

func (g *Graph) index(id graph.IndexID) *graph.Index {
	for i := range g.indexes {
		if g.indexes[i].ID == id {
			return &g.indexes[i]
		}
	}
	return nil
}

func prefixEqual(values, prefix []graph.Value) bool {
	for i := range prefix {
		if graph.Equal(values[i], prefix[i]) != graph.True {
			return false
		}
	}
	return true
}

// Seek implements graph.Reader.
func (g *Graph) Seek(dst []uint32, id graph.IndexID, values []graph.Value) []uint32 {
	for _, e := range g.entries(g.index(id)) {
		if prefixEqual(e.values, values) {
			dst = append(dst, e.handle)
		}
	}
	return dst
}

// SeekRange implements graph.Reader.
func (g *Graph) SeekRange(id graph.IndexID, r graph.Range) graph.Cursor {
	var hits []entry
	for _, e := range g.entries(g.index(id)) {
		if prefixEqual(e.values, r.Prefix) && inRange(e.values[len(e.values)-1], r) {
			hits = append(hits, e)
		}
	}
	sort.SliceStable(hits, func(i, j int) bool {
		a, b := hits[i].values[len(hits[i].values)-1], hits[j].values[len(hits[j].values)-1]
		if r.Descending {
			a, b = b, a
		}
		return graph.Compare(a, b) < 0
	})
	return &cursor{hits: hits}
}

func inRange(v graph.Value, r graph.Range) bool {
	if r.HasStartsWith {
		return v.Kind() == graph.KindString && strings.HasPrefix(v.AsString(), r.StartsWith)
	}
	if !r.Low.IsNull() {
		o := graph.Order(v, r.Low)
		if o != graph.Greater && !(o == graph.Same && r.IncludeLow) {
			return false
		}
	}
	if !r.High.IsNull() {
		o := graph.Order(v, r.High)
		if o != graph.Less && !(o == graph.Same && r.IncludeHigh) {
			return false
		}
	}
	return true
}

type cursor struct{ hits []entry }

func (c *cursor) Next(dst []uint32) int {
	n := 0
	for n < len(dst) && n < len(c.hits) {
		dst[n] = c.hits[n].handle
		n++
	}
	c.hits = c.hits[n:]
	return n
}

func (g *Graph) nameTaken(name string) bool {
	for i := range g.indexes {
		if g.indexes[i].Name == name {
			return true
		}
	}
	for i := range g.constraints {
		if g.constraints[i].Name == name {
			return true
		}
	}
	return false
}

func sameKeys(a, b []graph.KeyID) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// CreateIndex implements graph.Writer.
func (g *Graph) CreateIndex(d graph.IndexDefinition) error {
	g.schema = schemaVersions.Add(1)
	if g.nameTaken(d.Name) {
		return graph.ErrExists
	}
	for i := range g.indexes {
		ix := &g.indexes[i]
		if ix.Entity == d.Entity && ix.Label == d.Label && ix.Type == d.Type && sameKeys(ix.Keys, d.Keys) {
			return graph.ErrExists
		}
	}
	g.addIndex(d, "")
	return nil
}

func (g *Graph) addIndex(d graph.IndexDefinition, owner string) {
	id := graph.IndexID(0)
	for i := range g.indexes {
		if g.indexes[i].ID >= id {
			id = g.indexes[i].ID + 1
		}
	}
	g.indexes = append(g.indexes, graph.Index{IndexDefinition: d, ID: id, Unique: owner != "", Owner: owner})
}

// DropIndex implements graph.Writer.
func (g *Graph) DropIndex(name string) error {
	g.schema = schemaVersions.Add(1)
	for i := range g.indexes {
		if g.indexes[i].Name == name && g.indexes[i].Owner == "" {
			g.indexes = append(g.indexes[:i:i], g.indexes[i+1:]...)
			return nil
		}
	}
	return graph.ErrNotFound
}

// CreateConstraint implements graph.Writer.
func (g *Graph) CreateConstraint(d graph.ConstraintDefinition) error {
	g.schema = schemaVersions.Add(1)
	if g.nameTaken(d.Name) {
		return graph.ErrExists
	}
	for i := range g.constraints {
		c := &g.constraints[i]
		if c.Kind == d.Kind && c.Entity == d.Entity && c.Label == d.Label && c.Type == d.Type && sameKeys(c.Keys, d.Keys) {
			return graph.ErrExists
		}
	}
	c := graph.Constraint{ConstraintDefinition: d}
	g.constraints = append(g.constraints, c)
	for i := range g.nodes {
		if err := g.checkOne(&c, graph.Node(i)); err != nil {
			g.constraints = g.constraints[:len(g.constraints)-1]
			return err
		}
	}
	if d.OwnsIndex() {
		g.addIndex(graph.IndexDefinition{Name: d.Name, Entity: d.Entity, Label: d.Label, Type: d.Type, Keys: d.Keys}, d.Name)
	}
	return nil
}

// DropConstraint implements graph.Writer.
func (g *Graph) DropConstraint(name string) error {
	g.schema = schemaVersions.Add(1)
	for i := range g.constraints {
		if g.constraints[i].Name != name {
			continue
		}
		g.constraints = append(g.constraints[:i:i], g.constraints[i+1:]...)
		for j := range g.indexes {
			if g.indexes[j].Owner == name {
				g.indexes = append(g.indexes[:j:j], g.indexes[j+1:]...)
				break
			}
		}
		return nil
	}
	return graph.ErrNotFound
}

func (g *Graph) checkNode(n graph.Node) error {
	for i := range g.constraints {
		if err := g.checkOne(&g.constraints[i], n); err != nil {
			return err
		}
	}
	return nil
}

// checkOne checks a constraint on nodes; relationships are not checked here.
func (g *Graph) checkOne(c *graph.Constraint, n graph.Node) error {
	if c.Entity != graph.NodeEntity || !g.HasLabel(n, c.Label) {
		return nil
	}
	mine := appendEntry(nil, uint32(n), c.Keys, g.nodes[n].props)
	if len(mine) == 0 {
		if c.Kind == graph.UniqueConstraint || c.Kind == graph.TypeConstraint {
			return nil
		}
		return &graph.ConstraintError{Constraint: c.Name, Message: "a node with label " + g.LabelName(c.Label) + " lacks property " + g.KeyName(c.Keys[0])}
	}
	switch c.Kind {
	case graph.ExistsConstraint:
		return nil
	case graph.TypeConstraint:
		if c.Types.Holds(mine[0].values[0]) {
			return nil
		}
		return &graph.ConstraintError{Constraint: c.Name, Message: "property " + g.KeyName(c.Keys[0]) + " of a node with label " + g.LabelName(c.Label) + " is no " + c.Types.String()}
	}
	ix := graph.Index{IndexDefinition: graph.IndexDefinition{Entity: c.Entity, Label: c.Label, Keys: c.Keys}}
	for _, e := range g.entries(&ix) {
		if e.handle != uint32(n) && prefixEqual(e.values, mine[0].values) {
			return &graph.ConstraintError{Constraint: c.Name, Message: "another node with label " + g.LabelName(c.Label) + " has the same " + g.KeyName(c.Keys[0])}
		}
	}
	return nil
}

// Package mapgraph is a small graph.Writer made of maps and slices, for tests
// of the query engine. It is what the interfaces mean, written as plainly as
// possible: scans walk everything, indexes look at every element. It keeps no
// versions; Begin and Rollback copy the whole graph.
package mapgraph

import (
	"sort"

	"github.com/pocketgraph/pocketgraph/graph"
)

// Graph implements graph.Writer. Use New. It is for one goroutine.
type Graph struct {
	names       [3]names
	nodes       []node
	rels        []rel
	nodeCount   int
	relCount    int
	indexes     []graph.Index
	constraints []graph.Constraint
	schema      uint64 // its version
	texts       *names // numbers of strings, which clones share
}

type names struct {
	list []string
	ids  map[string]uint32
}

type node struct {
	dead   bool
	labels map[graph.LabelID]bool
	props  map[graph.KeyID]graph.Value
	hops   map[graph.Rel]bool // relationships that start or end here
}

type rel struct {
	dead       bool
	start, end graph.Node
	typ        graph.TypeID
	props      map[graph.KeyID]graph.Value
}

// New makes an empty graph.
func New() *Graph {
	g := &Graph{texts: &names{ids: map[string]uint32{}}}
	for i := range g.names {
		g.names[i].ids = map[string]uint32{}
	}
	return g
}

// Clone copies the graph. Values, being immutable, are shared.
func (g *Graph) Clone() *Graph {
	c := *g
	for i := range g.names {
		c.names[i] = names{list: append([]string(nil), g.names[i].list...), ids: copyMap(g.names[i].ids)}
	}
	c.nodes = append([]node(nil), g.nodes...)
	for i := range c.nodes {
		n := &c.nodes[i]
		n.labels, n.props, n.hops = copyMap(n.labels), copyMap(n.props), copyMap(n.hops)
	}
	c.rels = append([]rel(nil), g.rels...)
	for i := range c.rels {
		c.rels[i].props = copyMap(c.rels[i].props)
	}
	c.schema = g.schema
	c.indexes = append([]graph.Index(nil), g.indexes...)
	c.constraints = append([]graph.Constraint(nil), g.constraints...)
	return &c
}

func copyMap[K comparable, V any](m map[K]V) map[K]V {
	c := make(map[K]V, len(m))
	for k, v := range m {
		c[k] = v
	}
	return c
}

const (
	labelNames = iota
	typeNames
	keyNames
)

func (n *names) look(name string) (uint32, bool) { id, ok := n.ids[name]; return id, ok }

func (n *names) intern(name string) uint32 {
	id, ok := n.ids[name]
	if !ok {
		id = uint32(len(n.list))
		n.ids[name] = id
		n.list = append(n.list, name)
	}
	return id
}

// LookLabel implements graph.Names.
func (g *Graph) LookLabel(name string) (graph.LabelID, bool) {
	id, ok := g.names[labelNames].look(name)
	return graph.LabelID(id), ok
}

// LookType implements graph.Names.
func (g *Graph) LookType(name string) (graph.TypeID, bool) {
	id, ok := g.names[typeNames].look(name)
	return graph.TypeID(id), ok
}

// LookKey implements graph.Names.
func (g *Graph) LookKey(name string) (graph.KeyID, bool) {
	id, ok := g.names[keyNames].look(name)
	return graph.KeyID(id), ok
}

// LabelName implements graph.Names.
func (g *Graph) LabelName(id graph.LabelID) string { return g.names[labelNames].list[id] }

// TypeName implements graph.Names.
func (g *Graph) TypeName(id graph.TypeID) string { return g.names[typeNames].list[id] }

// KeyName implements graph.Names.
func (g *Graph) KeyName(id graph.KeyID) string { return g.names[keyNames].list[id] }

// LabelsLen implements graph.Names.
func (g *Graph) LabelsLen() int { return len(g.names[labelNames].list) }

// TypesLen implements graph.Names.
func (g *Graph) TypesLen() int { return len(g.names[typeNames].list) }

// KeysLen implements graph.Names.
func (g *Graph) KeysLen() int { return len(g.names[keyNames].list) }

// Label implements graph.Writer.
func (g *Graph) Label(name string) (graph.LabelID, error) {
	return graph.LabelID(g.names[labelNames].intern(name)), nil
}

// Type implements graph.Writer.
func (g *Graph) Type(name string) (graph.TypeID, error) {
	return graph.TypeID(g.names[typeNames].intern(name)), nil
}

// Key implements graph.Writer.
func (g *Graph) Key(name string) (graph.KeyID, error) {
	return graph.KeyID(g.names[keyNames].intern(name)), nil
}

// ElementPrefix implements graph.Reader.
func (g *Graph) ElementPrefix() string { return "map" }

// NodeCount implements graph.Reader.
func (g *Graph) NodeCount() int { return g.nodeCount }

// RelCount implements graph.Reader.
func (g *Graph) RelCount() int { return g.relCount }

// NodeCountByLabel implements graph.Reader.
func (g *Graph) NodeCountByLabel(l graph.LabelID) int {
	count := 0
	for i := range g.nodes {
		if !g.nodes[i].dead && g.nodes[i].labels[l] {
			count++
		}
	}
	return count
}

// RelCountByType implements graph.Reader.
func (g *Graph) RelCountByType(t graph.TypeID) int {
	count := 0
	for i := range g.rels {
		if !g.rels[i].dead && g.rels[i].typ == t {
			count++
		}
	}
	return count
}

// NodeByID implements graph.Reader. Handles are identities less one.
func (g *Graph) NodeByID(id graph.ID) (graph.Node, bool) {
	n := graph.Node(id - 1)
	return n, id != 0 && id <= graph.ID(len(g.nodes)) && g.HasNode(n)
}

// RelByID implements graph.Reader.
func (g *Graph) RelByID(id graph.ID) (graph.Rel, bool) {
	r := graph.Rel(id - 1)
	return r, id != 0 && id <= graph.ID(len(g.rels)) && g.HasRel(r)
}

// NodeID implements graph.Reader.
func (g *Graph) NodeID(n graph.Node) graph.ID { return graph.ID(n) + 1 }

// RelID implements graph.Reader.
func (g *Graph) RelID(r graph.Rel) graph.ID { return graph.ID(r) + 1 }

// HasNode implements graph.Reader.
func (g *Graph) HasNode(n graph.Node) bool { return int(n) < len(g.nodes) && !g.nodes[n].dead }

// HasRel implements graph.Reader.
func (g *Graph) HasRel(r graph.Rel) bool { return int(r) < len(g.rels) && !g.rels[r].dead }

// scan fills dst with the handles from from on, below end, that ok allows.
func scan[H ~uint32](from H, end int, dst []H, ok func(H) bool) int {
	n := 0
	for h := from; int(h) < end && n < len(dst); h++ {
		if ok(h) {
			dst[n] = h
			n++
		}
	}
	return n
}

// ScanNodes implements graph.Reader.
func (g *Graph) ScanNodes(from graph.Node, dst []graph.Node) int {
	return scan(from, len(g.nodes), dst, g.HasNode)
}

// ScanLabel implements graph.Reader.
func (g *Graph) ScanLabel(l graph.LabelID, from graph.Node, dst []graph.Node) int {
	return scan(from, len(g.nodes), dst, func(n graph.Node) bool { return g.HasLabel(n, l) })
}

// ScanRels implements graph.Reader.
func (g *Graph) ScanRels(from graph.Rel, dst []graph.Rel) int {
	return scan(from, len(g.rels), dst, g.HasRel)
}

// ScanType implements graph.Reader.
func (g *Graph) ScanType(t graph.TypeID, from graph.Rel, dst []graph.Rel) int {
	return scan(from, len(g.rels), dst, func(r graph.Rel) bool { return g.HasRel(r) && g.rels[r].typ == t })
}

// HasLabel implements graph.Reader.
func (g *Graph) HasLabel(n graph.Node, l graph.LabelID) bool {
	return g.HasNode(n) && g.nodes[n].labels[l]
}

// PickLabel implements graph.Reader.
func (g *Graph) PickLabel(dst []int32, l graph.LabelID, nodes []graph.Node) []int32 {
	for i, n := range nodes {
		if g.HasLabel(n, l) {
			dst = append(dst, int32(i))
		}
	}
	return dst
}

// AppendLabels implements graph.Reader.
func (g *Graph) AppendLabels(dst []graph.LabelID, n graph.Node) []graph.LabelID {
	from := len(dst)
	if g.HasNode(n) {
		for l := range g.nodes[n].labels {
			dst = append(dst, l)
		}
	}
	added := dst[from:]
	sort.Slice(added, func(i, j int) bool { return added[i] < added[j] })
	return dst
}

// RelType implements graph.Reader.
func (g *Graph) RelType(r graph.Rel) graph.TypeID { return g.rels[r].typ }

// RelEnds implements graph.Reader.
func (g *Graph) RelEnds(r graph.Rel) (start, end graph.Node) { return g.rels[r].start, g.rels[r].end }

// NodeProperty implements graph.Reader.
func (g *Graph) NodeProperty(n graph.Node, k graph.KeyID) graph.Value {
	if !g.HasNode(n) {
		return graph.Null
	}
	return g.nodes[n].props[k]
}

// RelProperty implements graph.Reader.
func (g *Graph) RelProperty(r graph.Rel, k graph.KeyID) graph.Value {
	if !g.HasRel(r) {
		return graph.Null
	}
	return g.rels[r].props[k]
}

// NodeProperties implements graph.Reader.
func (g *Graph) NodeProperties(k graph.KeyID, elements []graph.Node, out []graph.Value) {
	for i, n := range elements {
		out[i] = g.NodeProperty(n, k)
	}
}

// RelProperties implements graph.Reader.
func (g *Graph) RelProperties(k graph.KeyID, elements []graph.Rel, out []graph.Value) {
	for i, r := range elements {
		out[i] = g.RelProperty(r, k)
	}
}

func appendProperties(dst []graph.Property, props map[graph.KeyID]graph.Value) []graph.Property {
	from := len(dst)
	for k, v := range props {
		dst = append(dst, graph.Property{Key: k, Value: v})
	}
	added := dst[from:]
	sort.Slice(added, func(i, j int) bool { return added[i].Key < added[j].Key })
	return dst
}

// AppendNodeProperties implements graph.Reader.
func (g *Graph) AppendNodeProperties(dst []graph.Property, n graph.Node) []graph.Property {
	if !g.HasNode(n) {
		return dst
	}
	return appendProperties(dst, g.nodes[n].props)
}

// AppendRelProperties implements graph.Reader.
func (g *Graph) AppendRelProperties(dst []graph.Property, r graph.Rel) []graph.Property {
	if !g.HasRel(r) {
		return dst
	}
	return appendProperties(dst, g.rels[r].props)
}

// AppendHops implements graph.Reader.
func (g *Graph) AppendHops(dst []graph.Hop, n graph.Node, d graph.Direction, types []graph.TypeID) []graph.Hop {
	if !g.HasNode(n) {
		return dst
	}
	if types == nil {
		for t := 0; t < g.TypesLen(); t++ {
			types = append(types, graph.TypeID(t))
		}
	}
	for _, t := range types {
		if d != graph.Incoming {
			dst = g.appendOneWay(dst, n, t, graph.Outgoing, false)
		}
		if d != graph.Outgoing {
			dst = g.appendOneWay(dst, n, t, graph.Incoming, d == graph.Both)
		}
	}
	return dst
}

func (g *Graph) appendOneWay(dst []graph.Hop, n graph.Node, t graph.TypeID, d graph.Direction, skipLoops bool) []graph.Hop {
	from := len(dst)
	for r := range g.nodes[n].hops {
		x := &g.rels[r]
		if x.typ != t || (skipLoops && x.start == x.end) {
			continue
		}
		if d == graph.Outgoing && x.start == n {
			dst = append(dst, graph.Hop{Rel: r, Node: x.end})
		} else if d == graph.Incoming && x.end == n {
			dst = append(dst, graph.Hop{Rel: r, Node: x.start})
		}
	}
	added := dst[from:]
	sort.Slice(added, func(i, j int) bool {
		if added[i].Node != added[j].Node {
			return added[i].Node < added[j].Node
		}
		return added[i].Rel < added[j].Rel
	})
	return dst
}

// Hops implements graph.Reader.
func (g *Graph) Hops(buf *[]graph.Hop, n graph.Node, d graph.Direction, types []graph.TypeID) []graph.Hop {
	*buf = g.AppendHops((*buf)[:0], n, d, types)
	return *buf
}

// AppendHopsTo implements graph.Reader.
func (g *Graph) AppendHopsTo(dst []graph.Hop, n, to graph.Node, d graph.Direction, types []graph.TypeID) []graph.Hop {
	for _, hop := range g.AppendHops(nil, n, d, types) {
		if hop.Node == to {
			dst = append(dst, hop)
		}
	}
	return dst
}

// Degrees implements graph.Reader.
func (g *Graph) Degrees(nodes []graph.Node, d graph.Direction, types []graph.TypeID, out []int64) {
	for i, n := range nodes {
		if out[i] = 0; n != graph.NoNode {
			out[i] = int64(g.Degree(n, d, types))
		}
	}
}

// Degree implements graph.Reader.
func (g *Graph) Degree(n graph.Node, d graph.Direction, types []graph.TypeID) int {
	return len(g.AppendHops(nil, n, d, types))
}

// CreateNode implements graph.Writer.
func (g *Graph) CreateNode(labels []graph.LabelID, properties []graph.Property) (graph.Node, error) {
	props, err := storable(properties)
	if err != nil {
		return graph.NoNode, err
	}
	set := map[graph.LabelID]bool{}
	for _, l := range labels {
		set[l] = true
	}
	g.nodes = append(g.nodes, node{labels: set, props: props, hops: map[graph.Rel]bool{}})
	g.nodeCount++
	n := graph.Node(len(g.nodes) - 1)
	if err := g.checkNode(n); err != nil {
		g.nodes = g.nodes[:n]
		g.nodeCount--
		return graph.NoNode, err
	}
	return n, nil
}

func storable(properties []graph.Property) (map[graph.KeyID]graph.Value, error) {
	props := map[graph.KeyID]graph.Value{}
	for _, p := range properties {
		if err := checkStorable(p.Value); err != nil {
			return nil, err
		}
		delete(props, p.Key)
		if !p.Value.IsNull() {
			props[p.Key] = p.Value
		}
	}
	return props, nil
}

func checkStorable(v graph.Value) error {
	switch v.Kind() {
	case graph.KindNode, graph.KindRel, graph.KindPath, graph.KindMap:
		return graph.ErrPropertyType
	case graph.KindList:
		items := v.AsList()
		for _, item := range items {
			k := item.Kind()
			if k == graph.KindNull || k == graph.KindList || k != items[0].Kind() && !bothNumbers(k, items[0].Kind()) || checkStorable(item) != nil {
				return graph.ErrPropertyType
			}
		}
	}
	return nil
}

func bothNumbers(a, b graph.Kind) bool {
	number := func(k graph.Kind) bool { return k == graph.KindInt || k == graph.KindFloat }
	return number(a) && number(b)
}

// CreateRel implements graph.Writer.
func (g *Graph) CreateRel(start, end graph.Node, t graph.TypeID, properties []graph.Property) (graph.Rel, error) {
	props, err := storable(properties)
	if err != nil {
		return graph.NoRel, err
	}
	if !g.HasNode(start) || !g.HasNode(end) {
		return graph.NoRel, graph.ErrNotFound
	}
	r := graph.Rel(len(g.rels))
	g.rels = append(g.rels, rel{start: start, end: end, typ: t, props: props})
	g.relCount++
	g.nodes[start].hops[r] = true
	g.nodes[end].hops[r] = true
	return r, nil
}

// DeleteNode implements graph.Writer.
func (g *Graph) DeleteNode(n graph.Node) error {
	if !g.HasNode(n) {
		return nil
	}
	if len(g.nodes[n].hops) > 0 {
		return graph.ErrHasRelationships
	}
	g.nodes[n] = node{dead: true}
	g.nodeCount--
	return nil
}

// DeleteRel implements graph.Writer.
func (g *Graph) DeleteRel(r graph.Rel) error {
	if !g.HasRel(r) {
		return nil
	}
	x := &g.rels[r]
	delete(g.nodes[x.start].hops, r)
	delete(g.nodes[x.end].hops, r)
	x.dead, x.props = true, nil
	g.relCount--
	return nil
}

// SetNodeProperty implements graph.Writer.
func (g *Graph) SetNodeProperty(n graph.Node, k graph.KeyID, v graph.Value) error {
	if !g.HasNode(n) {
		return graph.ErrNotFound
	}
	before := g.nodes[n].props[k]
	if err := setProperty(g.nodes[n].props, k, v); err != nil {
		return err
	}
	if err := g.checkNode(n); err != nil {
		_ = setProperty(g.nodes[n].props, k, before)
		return err
	}
	return nil
}

func setProperty(props map[graph.KeyID]graph.Value, k graph.KeyID, v graph.Value) error {
	if err := checkStorable(v); err != nil {
		return err
	}
	if v.IsNull() {
		delete(props, k)
	} else {
		props[k] = v
	}
	return nil
}

// SetRelProperty implements graph.Writer.
func (g *Graph) SetRelProperty(r graph.Rel, k graph.KeyID, v graph.Value) error {
	if !g.HasRel(r) {
		return graph.ErrNotFound
	}
	return setProperty(g.rels[r].props, k, v)
}

// AddLabel implements graph.Writer.
func (g *Graph) AddLabel(n graph.Node, l graph.LabelID) error {
	if !g.HasNode(n) {
		return graph.ErrNotFound
	}
	if g.nodes[n].labels[l] {
		return nil
	}
	g.nodes[n].labels[l] = true
	if err := g.checkNode(n); err != nil {
		delete(g.nodes[n].labels, l)
		return err
	}
	return nil
}

// RemoveLabel implements graph.Writer.
func (g *Graph) RemoveLabel(n graph.Node, l graph.LabelID) error {
	if !g.HasNode(n) {
		return graph.ErrNotFound
	}
	delete(g.nodes[n].labels, l)
	return nil
}

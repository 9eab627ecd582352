package mem

import (
	"slices"
	"sync/atomic"
	"unsafe"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/storage/adjacency"
	"github.com/pocketgraph/pocketgraph/storage/column"
	"github.com/pocketgraph/pocketgraph/storage/index"
)

// version is the roots of one version of the graph: a State's, which never
// change, or those that a Tx is changing.
type version struct {
	shared *shared
	labels names
	types  names
	keys   names
	sets   [][]graph.LabelID // the label sets this version knows
	strs   column.View

	node    elements
	nodeSet column.Ints // label set by slot
	byLabel list[index.Postings]

	rel               elements
	start, stop, kind column.Ints
	byType            list[index.Postings]
	out, in           adjacency.Lists // kept in step with start, stop and kind
	late              *late           // or nil; has out and in, which are empty then

	schema schema
}

// shared is what all versions of a graph have in common.
type shared struct {
	prefix   string
	followed atomic.Bool // somebody has asked for the adjacency
}

// State is one committed version, immutable.
type State struct{ version }

var _ graph.Reader = (*State)(nil)

// Counters are the identities that the next node and relationship will get.
type Counters struct{ Node, Rel graph.ID }

// Counters returns the identities that come next.
func (v *version) Counters() Counters { return Counters{v.node.next, v.rel.next} }

func (v *version) ElementPrefix() string { return v.shared.prefix }

func (v *version) LookLabel(name string) (graph.LabelID, bool) {
	id, ok := v.labels.look(name)
	return graph.LabelID(id), ok
}

func (v *version) LookType(name string) (graph.TypeID, bool) {
	id, ok := v.types.look(name)
	return graph.TypeID(id), ok
}

func (v *version) LookKey(name string) (graph.KeyID, bool) {
	id, ok := v.keys.look(name)
	return graph.KeyID(id), ok
}

func (v *version) LabelName(l graph.LabelID) string { return v.labels.list[l] }
func (v *version) TypeName(t graph.TypeID) string   { return v.types.list[t] }
func (v *version) KeyName(k graph.KeyID) string     { return v.keys.list[k] }
func (v *version) LabelsLen() int                   { return len(v.labels.list) }
func (v *version) TypesLen() int                    { return len(v.types.list) }
func (v *version) KeysLen() int                     { return len(v.keys.list) }

func (v *version) NodeCount() int { return v.node.live.Len() }
func (v *version) RelCount() int  { return v.rel.live.Len() }

func (v *version) NodeCountByLabel(l graph.LabelID) int {
	if p := v.byLabel.at(int(l)); p != nil {
		return p.Len()
	}
	return 0
}

func (v *version) RelCountByType(t graph.TypeID) int {
	if p := v.byType.at(int(t)); p != nil {
		return p.Len()
	}
	return 0
}

func (v *version) NodeByID(id graph.ID) (graph.Node, bool) {
	slot, ok := v.node.find(id)
	return graph.Node(slot), ok
}

func (v *version) RelByID(id graph.ID) (graph.Rel, bool) {
	slot, ok := v.rel.find(id)
	return graph.Rel(slot), ok
}

func (v *version) NodeID(n graph.Node) graph.ID { return graph.ID(v.node.ids.Get(uint32(n))) }
func (v *version) RelID(r graph.Rel) graph.ID   { return graph.ID(v.rel.ids.Get(uint32(r))) }
func (v *version) HasNode(n graph.Node) bool    { return v.node.live.Has(uint32(n)) }
func (v *version) HasRel(r graph.Rel) bool      { return v.rel.live.Has(uint32(r)) }

func (v *version) ScanNodes(from graph.Node, dst []graph.Node) int {
	return column.Scan(&v.node.live, from, graph.Node(v.node.length), dst)
}

func (v *version) ScanRels(from graph.Rel, dst []graph.Rel) int {
	return column.Scan(&v.rel.live, from, graph.Rel(v.rel.length), dst)
}

func (v *version) ScanLabel(l graph.LabelID, from graph.Node, dst []graph.Node) int {
	p := v.byLabel.at(int(l))
	if p == nil {
		return 0
	}
	return index.Scan(p, from, dst)
}

func (v *version) ScanType(t graph.TypeID, from graph.Rel, dst []graph.Rel) int {
	p := v.byType.at(int(t))
	if p == nil {
		return 0
	}
	return index.Scan(p, from, dst)
}

// labelsOf returns the labels of a node, ascending; not to be changed.
func (v *version) labelsOf(n graph.Node) []graph.LabelID {
	return v.sets[v.nodeSet.Get(uint32(n))]
}

func (v *version) HasLabel(n graph.Node, l graph.LabelID) bool {
	return slices.Contains(v.labelsOf(n), l)
}

func (v *version) PickLabel(dst []int32, l graph.LabelID, nodes []graph.Node) []int32 {
	p := v.byLabel.at(int(l))
	if p == nil {
		return dst
	}
	return p.Pick(dst, slotsOf(nodes))
}

// slotsOf are the slots that handles name: the same numbers.
func slotsOf(nodes []graph.Node) []uint32 {
	return unsafe.Slice((*uint32)(unsafe.SliceData(nodes)), len(nodes))
}

func (v *version) AppendLabels(dst []graph.LabelID, n graph.Node) []graph.LabelID {
	return append(dst, v.labelsOf(n)...)
}

func (v *version) RelType(r graph.Rel) graph.TypeID {
	return graph.TypeID(v.kind.Get(uint32(r)))
}

func (v *version) RelEnds(r graph.Rel) (start, end graph.Node) {
	return graph.Node(v.start.Get(uint32(r))), graph.Node(v.stop.Get(uint32(r)))
}

func (v *version) NodeProperty(n graph.Node, k graph.KeyID) graph.Value {
	return v.node.property(uint32(n), k, &v.strs)
}

func (v *version) RelProperty(r graph.Rel, k graph.KeyID) graph.Value {
	return v.rel.property(uint32(r), k, &v.strs)
}

func (e *elements) property(slot uint32, k graph.KeyID, strs *column.View) graph.Value {
	c := e.props.at(int(k))
	if c == nil {
		return graph.Null
	}
	return c.Get(slot, strs)
}

func (v *version) NodeProperties(k graph.KeyID, elements []graph.Node, out []graph.Value) {
	properties(&v.node, k, elements, out, &v.strs)
}

func (v *version) RelProperties(k graph.KeyID, elements []graph.Rel, out []graph.Value) {
	properties(&v.rel, k, elements, out, &v.strs)
}

func properties[S ~uint32](e *elements, k graph.KeyID, slots []S, out []graph.Value, strs *column.View) {
	if c := e.props.at(int(k)); c != nil {
		column.Values(c, slots, out, strs)
		return
	}
	clear(out[:len(slots)])
}

func (v *version) AppendNodeProperties(dst []graph.Property, n graph.Node) []graph.Property {
	return v.node.appendAll(dst, uint32(n), &v.strs)
}

func (v *version) AppendRelProperties(dst []graph.Property, r graph.Rel) []graph.Property {
	return v.rel.appendAll(dst, uint32(r), &v.strs)
}

func (e *elements) appendAll(dst []graph.Property, slot uint32, strs *column.View) []graph.Property {
	for k, it := range e.props.items {
		if it == nil {
			continue
		}
		if x := it.v.Get(slot, strs); !x.IsNull() {
			dst = append(dst, graph.Property{Key: graph.KeyID(k), Value: x})
		}
	}
	return dst
}

// NodeWords reads a property of many nodes without making Values.
func (v *version) NodeWords(k graph.KeyID, elements []graph.Node, w *graph.Words) bool {
	return v.node.words(k, slotsOf(elements), w)
}

// RelWords reads a property of many relationships without making Values.
func (v *version) RelWords(k graph.KeyID, elements []graph.Rel, w *graph.Words) bool {
	return v.rel.words(k, unsafe.Slice((*uint32)(unsafe.SliceData(elements)), len(elements)), w)
}

// CountNodesBetween counts nodes by an Integer that they have.
func (v *version) CountNodesBetween(l graph.LabelID, k graph.KeyID, low, high int64) (n int, ok bool) {
	c, label := v.node.props.at(int(k)), v.byLabel.at(int(l))
	if c == nil || label == nil {
		return 0, true
	}
	return c.CountBetween(low, high, func(first uint32, mask *column.Mask) { label.Mask(first, mask[:]) })
}

func (e *elements) words(k graph.KeyID, slots []uint32, w *graph.Words) bool {
	c := e.props.at(int(k))
	if c == nil {
		c = &column.Column{}
	}
	return column.Words(c, slots, w)
}

// Text returns the String that a word stands for.
func (v *version) Text(word int64) string { return v.strs.Get(uint32(word)) }

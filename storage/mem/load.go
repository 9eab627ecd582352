package mem

import (
	"encoding/binary"
	"errors"
	"runtime"
	"strconv"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/storage/adjacency"
	"github.com/pocketgraph/pocketgraph/storage/column"
)

// maxMessage bounds a message that comes in several pieces.
const maxMessage = 1 << 31

// Loader builds a graph from the pieces of a snapshot, in their order. It
// trusts none of them. It belongs to one goroutine. After an error it is of no
// more use.
type Loader struct {
	g        *Graph
	v        *version
	w        column.Writer
	kind     uint32 // of the newest piece
	partial  []byte // the beginning of a message that goes on
	more     bool
	nodes    uint32 // how many there shall be
	rels     uint32
	ended    bool
	messages uint64
	strings  uint32 // in the dictionary
	group    column.Group
	text     []byte
	lastKey  uint64 // key and number of the newest group of properties, plus one
	lastNum  uint64
	highest  int64 // identity of the nodes, or of the relationships
	schema   []graph.ConstraintDefinition
}

// SectionError says in which section of a snapshot something is wrong.
type SectionError struct {
	Kind   uint32
	Reason string
}

func (e *SectionError) Error() string {
	return "snapshot section " + strconv.FormatUint(uint64(e.Kind), 10) + ": " + e.Reason
}

// Errors inside sections, wrapped as SectionErrors.
var (
	errMessage = errors.New("malformed message")
	errOrder   = errors.New("out of order")
	errVersion = errors.New("written by a newer version of this program")
)

// NewLoader starts with nothing.
func NewLoader(prefix string) *Loader {
	g := New(prefix)
	g.gen = 1
	return &Loader{g: g, v: &g.state.version, w: column.Writer{Gen: 1}}
}

// Section takes one piece. data may be changed after the call.
func (l *Loader) Section(kind uint32, data []byte) error {
	if err := l.section(kind&^sectionMore, data, kind&sectionMore != 0); err != nil {
		return &SectionError{kind &^ sectionMore, err.Error()}
	}
	return nil
}

func (l *Loader) section(kind uint32, data []byte, more bool) error {
	if kind < max(l.kind, 1) || kind > sectionEnd || l.kind == 0 && kind != sectionHeader || l.more && kind != l.kind {
		return errOrder
	}
	if kind != l.kind {
		l.lastKey, l.lastNum, l.highest = 0, 0, 0
		if l.kind <= sectionStrings && kind > sectionStrings && !l.g.strs.Index() {
			return errMessage // one a second time
		}
	}
	l.kind = kind
	if l.more {
		if len(l.partial)+len(data) > maxMessage {
			return errMessage
		}
		l.partial = append(l.partial, data...)
		data = l.partial
	}
	for len(data) > 0 {
		n, k := binary.Uvarint(data)
		if k <= 0 || n > maxMessage {
			return errMessage
		}
		if n > uint64(len(data)-k) {
			if !more {
				return errMessage
			}
			break
		}
		if err := l.message(kind, data[k:k+int(n)]); err != nil {
			return err
		}
		data = data[k+int(n):]
	}
	if more == (len(data) == 0) {
		return errMessage
	}
	if l.more = more; more {
		l.partial = append(l.partial[:0], data...)
	} else {
		l.partial = nil
	}
	return nil
}

func (l *Loader) message(kind uint32, m []byte) error {
	l.messages++
	switch kind {
	case sectionHeader:
		return l.header(m)
	case sectionLabels:
		return l.name(&l.v.labels, m)
	case sectionTypes:
		return l.name(&l.v.types, m)
	case sectionKeys:
		return l.name(&l.v.keys, m)
	case sectionSets:
		return l.labelSet(m)
	case sectionStrings:
		return l.dictionary(m)
	case sectionNodes:
		return l.nodeChunk(m)
	case sectionRels:
		return l.relChunk(m)
	case sectionNodeProps:
		return l.props(&l.v.node, l.nodes, m)
	case sectionRelProps:
		return l.props(&l.v.rel, l.rels, m)
	case sectionSchema:
		return l.definition(m)
	}
	return l.end(m)
}

func (l *Loader) end(m []byte) error {
	var n uint64
	m, err := numbers(m, 1<<64-1, &n)
	if err != nil || len(m) > 0 || n+1 != l.messages {
		return errMessage
	}
	l.ended = true
	return nil
}

// numbers reads numbers up to most, and returns what follows them.
func numbers(m []byte, most uint64, out ...*uint64) ([]byte, error) {
	for _, x := range out {
		n, k := binary.Uvarint(m)
		if k <= 0 || n > most {
			return nil, errMessage
		}
		*x = n
		m = m[k:]
	}
	return m, nil
}

func (l *Loader) header(m []byte) error {
	var version, nextNode, nextRel, nodes, rels uint64
	m, err := numbers(m, 1<<64-1, &version)
	if err != nil {
		return err
	}
	if version != formatVersion {
		return errVersion
	}
	if m, err = numbers(m, lastID+1, &nextNode, &nextRel); err != nil {
		return err
	}
	if m, err = numbers(m, 1<<32-1, &nodes, &rels); err != nil {
		return err
	}
	v := l.v
	if len(m) > 0 || v.node.next > 1 || v.rel.next > 1 || nextNode == 0 || nextRel == 0 || nodes >= nextNode || rels >= nextRel {
		return errMessage
	}
	v.node.next, v.rel.next = graph.ID(nextNode), graph.ID(nextRel)
	l.nodes, l.rels = uint32(nodes), uint32(rels)
	return nil
}

func (l *Loader) name(n *names, m []byte) error {
	before := len(n.list)
	if _, err := n.intern(1, string(m)); err != nil {
		return err
	}
	if len(n.list) == before {
		return errMessage // a second time
	}
	return nil
}

func (l *Loader) labelSet(m []byte) error {
	var set []graph.LabelID
	last := uint64(0)
	for len(m) > 0 {
		var d uint64
		var err error
		if m, err = numbers(m, maxNames, &d); err != nil {
			return err
		}
		if last += d; last >= uint64(len(l.v.labels.list)) || d == 0 && len(set) > 0 {
			return errMessage
		}
		set = append(set, graph.LabelID(last))
	}
	if before := len(l.g.sets.sets); len(set) == 0 || int(l.g.sets.intern(set)) != before {
		return errMessage
	}
	return nil
}

func (l *Loader) dictionary(m []byte) error {
	l.text = l.text[:0]
	for len(m) > 0 {
		var shared, more uint64
		var err error
		if len(m) > 1 && m[0]|m[1] < 0x80 { // as most are
			shared, more, m = uint64(m[0]), uint64(m[1]), m[2:]
		} else if m, err = numbers(m, column.MaxStringBytes, &shared, &more); err != nil {
			return err
		}
		if shared > uint64(len(l.text)) || more > uint64(len(m)) {
			return errMessage
		}
		l.text = append(l.text[:shared], m[:more]...)
		m = m[more:]
		if err := l.g.strs.Append(l.text); err != nil {
			return err
		}
		l.strings++
	}
	return nil
}

// chunk reads columns of packed integers for the next nodes or relationships,
// of which there shall be total: first their identities.
func (l *Loader) chunk(e *elements, total uint32, m []byte, columns []column.Packed) error {
	n := min(column.ChunkSlots, total-e.length)
	if n == 0 {
		return errMessage
	}
	ok := true
	for i := range columns {
		if m, ok = columns[i].Read(m, int(n)); !ok {
			return errMessage
		}
	}
	if len(m) > 0 {
		return errMessage
	}
	if err := l.identities(e, &columns[0]); err != nil {
		return err
	}
	e.ids.AppendChunk(&l.w, e.length/column.ChunkSlots, &columns[0])
	e.length += n
	return nil
}

// identities enters those of the next elements.
func (l *Loader) identities(e *elements, ids *column.Packed) error {
	first, n := e.length, ids.Len()
	if l.ascend(e, ids) {
		l.highest = ids.At(n - 1)
		e.slots.setRun(&l.w, graph.ID(ids.At(0)), first, uint32(n))
		return nil
	}
	for i := range n {
		id := ids.At(i)
		if id <= 0 || graph.ID(id) >= e.next {
			return errMessage
		}
		// Nothing is live yet, so find would deny all.
		if slot, ok := e.slots.get(graph.ID(id)); ok && slot < first+uint32(i) && l.idAt(e, slot, first, ids) == id {
			return errMessage // a second time
		}
		e.slots.set(&l.w, graph.ID(id), first+uint32(i))
		l.highest = max(l.highest, id)
	}
	return nil
}

// ascend says that the identities are a run above all before: so most are, and
// then none is there a second time.
func (l *Loader) ascend(e *elements, ids *column.Packed) bool {
	first := ids.At(0)
	return ids.Run() && first > l.highest && graph.ID(first)+graph.ID(ids.Len()) <= e.next
}

func (l *Loader) idAt(e *elements, slot, first uint32, current *column.Packed) int64 {
	if slot >= first {
		return current.At(int(slot - first))
	}
	return e.ids.Get(slot)
}

func (l *Loader) nodeChunk(m []byte) error {
	var columns [2]column.Packed
	v, first := l.v, l.v.node.length
	if err := l.chunk(&v.node, l.nodes, m, columns[:]); err != nil {
		return err
	}
	sets := &columns[1]
	if !sets.Within(len(l.g.sets.sets)) {
		return errMessage
	}
	v.nodeSet.AppendChunk(&l.w, first/column.ChunkSlots, sets)
	if sets.Same() {
		for _, label := range l.g.sets.sets[sets.At(0)] {
			v.byLabel.own(1, int(label)).AddRun(1, first, uint32(sets.Len()))
		}
		return nil
	}
	for i := range sets.Len() {
		for _, label := range l.g.sets.sets[sets.At(i)] {
			v.byLabel.own(1, int(label)).Add(1, first+uint32(i))
		}
	}
	return nil
}

func (l *Loader) relChunk(m []byte) error {
	var columns [4]column.Packed
	v, first := l.v, l.v.rel.length
	if err := l.chunk(&v.rel, l.rels, m, columns[:]); err != nil {
		return err
	}
	types, starts, ends := &columns[1], &columns[2], &columns[3]
	nodes := int(v.node.length)
	if !types.Within(len(v.types.list)) || !starts.Within(nodes) || !ends.Within(nodes) {
		return errMessage
	}
	ci := first / column.ChunkSlots
	v.kind.AppendChunk(&l.w, ci, types)
	v.start.AppendChunk(&l.w, ci, starts)
	v.stop.AppendChunk(&l.w, ci, ends)
	if types.Same() {
		v.byType.own(1, int(types.At(0))).AddRun(1, first, uint32(types.Len()))
		return nil
	}
	for i := range types.Len() {
		v.byType.own(1, int(types.At(i))).Add(1, first+uint32(i))
	}
	return nil
}

func (l *Loader) props(e *elements, total uint32, m []byte) error {
	var key, number uint64
	m, err := numbers(m, 1<<32-1, &key, &number)
	if err != nil {
		return err
	}
	first := number * column.ChunkSlots
	if key >= uint64(len(l.v.keys.list)) || first >= uint64(total) || e.length != total {
		return errMessage
	}
	if key+1 < l.lastKey || key+1 == l.lastKey && number < l.lastNum {
		return errOrder
	}
	l.lastKey, l.lastNum = key+1, number+1
	n := int(min(column.ChunkSlots, uint64(total)-first))
	if !l.group.Read(m, n, l.strings) {
		return errMessage
	}
	return e.props.own(1, int(key)).AppendGroup(&l.w, uint32(number), n, &l.group, l.g.strs)
}

func (l *Loader) definition(m []byte) error {
	if len(m) < 2 {
		return errMessage
	}
	d := graph.ConstraintDefinition{Kind: graph.ConstraintKind(m[0]), Entity: graph.Entity(m[1])}
	var of, keys, types uint64
	m, err := m[2:], error(nil)
	if d.Kind == graph.TypeConstraint {
		if m, err = numbers(m, 1<<64-1, &types); err != nil {
			return err
		}
		d.Types = graph.PropertyTypes(types)
	}
	if m, err = numbers(m, maxNames, &of, &keys); err != nil {
		return err
	}
	if keys > maxIndexKeys || len(l.schema) >= maxIndexes {
		return errMessage
	}
	d.Label, d.Type = graph.LabelID(of), graph.TypeID(of)
	if d.Entity == graph.NodeEntity {
		d.Type = 0
	} else {
		d.Label = 0
	}
	for ; keys > 0; keys-- {
		var k uint64
		if m, err = numbers(m, maxNames, &k); err != nil {
			return err
		}
		d.Keys = append(d.Keys, graph.KeyID(k))
	}
	d.Name = string(m)
	l.schema = append(l.schema, d)
	return nil
}

// Finish checks what can only be checked at the end, builds indexes, and
// adjacency if it is large, and returns the graph.
func (l *Loader) Finish() (*Graph, error) {
	v := l.v
	if !l.ended || l.more || v.node.length != l.nodes || v.rel.length != l.rels {
		return nil, &SectionError{l.kind, "the snapshot ends early"}
	}
	v.node.live.Fill(&l.w, l.nodes)
	v.rel.live.Fill(&l.w, l.rels)
	if err := l.adjacency(); err != nil {
		return nil, err
	}
	v.sets, v.strs = l.g.sets.sets, l.g.strs.View()
	g := l.g
	g.nodes, g.rels, g.next = l.nodes, l.rels, Counters{v.node.next, v.rel.next}
	tx := g.Begin()
	for _, d := range l.schema {
		err := l.define(tx, d)
		if err != nil {
			return nil, &SectionError{sectionSchema, err.Error()}
		}
	}
	if _, err := tx.Commit(); err != nil {
		return nil, err
	}
	return g, nil
}

func (l *Loader) define(tx *Tx, d graph.ConstraintDefinition) error {
	if d.Kind != 0 {
		return tx.CreateConstraint(d)
	}
	return tx.CreateIndex(graph.IndexDefinition{Name: d.Name, Entity: d.Entity, Label: d.Label, Type: d.Type, Keys: d.Keys})
}

func (l *Loader) adjacency() (err error) {
	v := l.v
	if l.rels <= lateRels {
		return nil // late, as in every new graph
	}
	v.late = nil
	v.out, v.in, err = buildLists(v, func(s adjacency.Source) adjacency.Source { return &politely{Source: s} })
	return err
}

// politely gives the collector a turn now and then: nothing preempts in wasm.
type politely struct {
	adjacency.Source
	n int
}

const politeEdges = 1 << 16 // half a megabyte of hops

func (p *politely) Read(dst []adjacency.Edge) int {
	n := p.Source.Read(dst)
	if p.n += n; p.n >= politeEdges {
		p.n = 0
		runtime.Gosched()
	}
	return n
}

// ends reads the relationships of a version that has no gaps, for
// adjacency.Build.
type ends struct {
	v                 *version
	at                uint32
	kind, start, stop [column.ChunkSlots]int64
}

func (e *ends) Rewind() { e.at = 0 }

func (e *ends) Read(dst []adjacency.Edge) int {
	if e.at >= e.v.rel.length {
		return 0
	}
	k := e.at % column.ChunkSlots
	n := min(column.ChunkSlots, e.v.rel.length-(e.at-k))
	if k == 0 {
		ci := e.at / column.ChunkSlots
		e.v.kind.Chunk(ci, e.kind[:n])
		e.v.start.Chunk(ci, e.start[:n])
		e.v.stop.Chunk(ci, e.stop[:n])
	}
	count := min(int(n-k), len(dst))
	for i := range dst[:count] {
		j := int(k) + i
		dst[i] = adjacency.Edge{From: graph.Node(e.start[j]), To: graph.Node(e.stop[j]), Rel: graph.Rel(int(e.at) + i), Type: graph.TypeID(e.kind[j])}
	}
	e.at += uint32(count)
	return count
}

// Progress says how far the snapshot is loaded. The unit is half an element:
// each counts once when it is made, and once when its properties are read.
// Properties come by key, and not every key has some of every element, so done
// may jump; it never goes back or above total. Finish, which builds adjacency
// and indexes, comes after that.
func (l *Loader) Progress() (done, total uint64) {
	nodes, rels := uint64(l.nodes), uint64(l.rels)
	total = 2 * (nodes + rels)
	done = uint64(l.v.node.length) + uint64(l.v.rel.length)
	switch {
	case l.kind == sectionNodeProps:
		done += l.propsDone(nodes)
	case l.kind == sectionRelProps:
		done += nodes + l.propsDone(rels)
	case l.kind > sectionRelProps:
		done = total
	}
	return done, total
}

// propsDone is the share of elements that the newest key and number stand for.
func (l *Loader) propsDone(elements uint64) uint64 {
	keys := uint64(len(l.v.keys.list))
	if l.lastKey == 0 || keys == 0 {
		return 0
	}
	within := min(elements, l.lastNum*column.ChunkSlots)
	return ((l.lastKey-1)*elements + within) / keys
}

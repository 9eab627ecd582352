package mem

import (
	"encoding/binary"
	"math/bits"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/storage/column"
)

// Sections emits the whole state in pieces of at most MaxSection bytes, the
// same bytes for the same state. data is valid during the call only. It holds
// about a piece in memory, and one bit and a half for each string. pause, which
// may be nil, is called after every few thousand elements of work, where
// nothing preempts: in a page whoever commits meanwhile waits for no longer.
func (s *State) Sections(pause func(), emit func(kind uint32, data []byte) error) error {
	if pause == nil {
		pause = func() {}
	}
	w := &snapshot{v: &s.version, out: pieces{emit: emit, pause: pause}}
	steps := []func(){w.header, w.names, w.labelSets, w.strings, w.nodes, w.rels, w.nodeProps, w.relProps, w.schema, w.end}
	for _, step := range steps {
		if step(); w.out.err != nil {
			return w.out.err
		}
	}
	w.out.flush()
	return w.out.err
}

// pieces cuts a stream of messages into pieces.
type pieces struct {
	emit  func(kind uint32, data []byte) error
	pause func()
	kind  uint32
	buf   []byte
	err   error

	messages uint64
}

// pauseMessages is how many messages, mostly of a chunk of elements each, are
// made between two calls of pause: a fraction of a millisecond.
const pauseMessages = 4

func (p *pieces) flush() {
	if len(p.buf) > 0 && p.err == nil {
		p.err = p.emit(p.kind, p.buf)
	}
	p.buf = p.buf[:0]
}

func (p *pieces) add(kind uint32, message []byte) {
	size := len(message) + binary.MaxVarintLen64
	if kind != p.kind || len(p.buf)+size > MaxSection {
		p.flush()
	}
	p.kind = kind
	p.messages++
	if p.messages%pauseMessages == 0 {
		p.pause()
	}
	p.buf = binary.AppendUvarint(p.buf, uint64(len(message)))
	for len(p.buf)+len(message) > MaxSection {
		n := MaxSection - len(p.buf)
		p.buf = append(p.buf, message[:n]...)
		message = message[n:]
		p.kind = kind | sectionMore
		p.flush()
		p.kind = kind
	}
	p.buf = append(p.buf, message...)
}

type snapshot struct {
	v      *version
	out    pieces
	msg    []byte
	sets   []uint32 // new number of each label set
	used   []uint64 // strings in use, a bit each
	before []uint32 // strings in use before each word of used
	group  column.Group
}

func (w *snapshot) header() {
	v := w.v
	w.msg = w.msg[:0]
	for _, x := range [...]uint64{formatVersion, uint64(v.node.next), uint64(v.rel.next), uint64(v.NodeCount()), uint64(v.RelCount())} {
		w.msg = binary.AppendUvarint(w.msg, x)
	}
	w.out.add(sectionHeader, w.msg)
}

func (w *snapshot) names() {
	for i, n := range [...]*names{&w.v.labels, &w.v.types, &w.v.keys} {
		for _, name := range n.list {
			w.msg = append(w.msg[:0], name...)
			w.out.add(sectionLabels+uint32(i), w.msg)
		}
	}
}

// chunks calls f with the live slots, up to ChunkSlots at a time.
func (e *elements) chunks(f func(number int, slots []uint32)) {
	var slots [column.ChunkSlots]uint32
	from := uint32(0)
	for number := 0; ; number++ {
		n := column.Scan(&e.live, from, e.length, slots[:])
		if n == 0 {
			return
		}
		f(number, slots[:n])
		if from = slots[n-1] + 1; from == 0 {
			return
		}
	}
}

func (w *snapshot) labelSets() {
	v := w.v
	w.sets = make([]uint32, len(v.sets))
	var out [column.ChunkSlots]int64
	v.node.chunks(func(number int, slots []uint32) {
		v.nodeSet.Gather(slots, out[:len(slots)])
		for _, set := range out[:len(slots)] {
			w.sets[set] = 1
		}
		if number%(4*pauseMessages) == 0 { // it is quick
			w.out.pause()
		}
	})
	next := uint32(1)
	for i, used := range w.sets {
		if i == 0 || used == 0 {
			continue
		}
		w.sets[i] = next
		next++
		w.msg = w.msg[:0]
		last := graph.LabelID(0)
		for _, l := range v.sets[i] {
			w.msg = binary.AppendUvarint(w.msg, uint64(l-last))
			last = l
		}
		w.out.add(sectionSets, w.msg)
	}
	w.sets[0] = 0
}

func (w *snapshot) strings() {
	v := w.v
	w.used = make([]uint64, (v.strs.Len()+63)/64)
	for _, e := range [...]*elements{&v.node, &v.rel} {
		for _, it := range e.props.items {
			if it != nil {
				it.v.MarkStrings(w.used)
				w.out.pause()
			}
		}
	}
	w.before = make([]uint32, len(w.used))
	n, inBatch := uint32(0), 0
	last := ""
	w.msg = w.msg[:0]
	for i, word := range w.used {
		w.before[i] = n
		n += uint32(bits.OnesCount64(word))
		for ; word != 0; word &= word - 1 {
			text := v.strs.Get(uint32(i*64 + bits.TrailingZeros64(word)))
			shared := sharedPrefix(last, text)
			w.msg = binary.AppendUvarint(w.msg, uint64(shared))
			w.msg = binary.AppendUvarint(w.msg, uint64(len(text)-shared))
			w.msg = append(w.msg, text[shared:]...)
			last = text
			if inBatch++; inBatch == stringBatch || len(w.msg) >= batchBytes {
				w.out.add(sectionStrings, w.msg)
				w.msg, last, inBatch = w.msg[:0], "", 0
			}
		}
	}
	if inBatch > 0 {
		w.out.add(sectionStrings, w.msg)
	}
}

func sharedPrefix(a, b string) int {
	n := min(len(a), len(b))
	for i := 0; i < n; i++ {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// number returns the place of a string in use among those in use.
func (w *snapshot) number(id uint32) uint32 {
	return w.before[id/64] + uint32(bits.OnesCount64(w.used[id/64]&(1<<(id%64)-1)))
}

func (w *snapshot) nodes() {
	v := w.v
	var out [column.ChunkSlots]int64
	v.node.chunks(func(_ int, slots []uint32) {
		values := out[:len(slots)]
		v.node.ids.Gather(slots, values)
		w.msg = column.AppendInts(w.msg[:0], values)
		v.nodeSet.Gather(slots, values)
		for i, set := range values {
			values[i] = int64(w.sets[set])
		}
		w.msg = column.AppendInts(w.msg, values)
		w.out.add(sectionNodes, w.msg)
	})
}

func (w *snapshot) rels() {
	v := w.v
	var out [column.ChunkSlots]int64
	dense := v.NodeCount() == int(v.node.length)
	ranks := column.NewRanks(&v.node.live)
	v.rel.chunks(func(_ int, slots []uint32) {
		values := out[:len(slots)]
		v.rel.ids.Gather(slots, values)
		w.msg = column.AppendInts(w.msg[:0], values)
		v.kind.Gather(slots, values)
		w.msg = column.AppendInts(w.msg, values)
		for _, ends := range [...]*column.Ints{&v.start, &v.stop} {
			ends.Gather(slots, values)
			if !dense {
				for i, n := range values {
					values[i] = int64(ranks.Rank(uint32(n)))
				}
			}
			w.msg = column.AppendInts(w.msg, values)
		}
		w.out.add(sectionRels, w.msg)
	})
}

func (w *snapshot) nodeProps() { w.props(sectionNodeProps, &w.v.node) }
func (w *snapshot) relProps()  { w.props(sectionRelProps, &w.v.rel) }

func (w *snapshot) props(kind uint32, e *elements) {
	for k, it := range e.props.items {
		if it == nil || it.v.Len() == 0 {
			continue
		}
		e.chunks(func(number int, slots []uint32) {
			if w.out.err != nil || !w.group.Gather(&it.v, slots, &w.v.strs) {
				return
			}
			w.msg = binary.AppendUvarint(binary.AppendUvarint(w.msg[:0], uint64(k)), uint64(number))
			w.msg = w.group.Append(w.msg, len(slots), w.number)
			w.out.add(kind, w.msg)
		})
	}
}

func (w *snapshot) schema() {
	d := w.v.schema.defs()
	for _, x := range d.indexes {
		if x.owner == "" {
			w.definition(x)
		}
	}
	for _, x := range d.constraints {
		w.definition(x)
	}
}

func (w *snapshot) definition(d *definition) {
	w.msg = append(w.msg[:0], byte(d.Kind), byte(d.Entity))
	if d.Kind == graph.TypeConstraint {
		w.msg = binary.AppendUvarint(w.msg, uint64(d.Types))
	}
	w.msg = binary.AppendUvarint(w.msg, uint64(d.of()))
	w.msg = binary.AppendUvarint(w.msg, uint64(len(d.Keys)))
	for _, k := range d.Keys {
		w.msg = binary.AppendUvarint(w.msg, uint64(k))
	}
	w.msg = append(w.msg, d.Name...)
	w.out.add(sectionSchema, w.msg)
}

func (w *snapshot) end() { w.out.add(sectionEnd, binary.AppendUvarint(nil, w.out.messages)) }

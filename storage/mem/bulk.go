package mem

import (
	"unsafe"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/storage/column"
)

// bulk is what making many elements at once works with.
type bulk struct {
	*Tx
	*graph.Rows
	entity graph.Entity
	kinds  []int64         // of each of Kinds: the number of the set of labels, or the type
	checks [][]*definition // of each of Kinds: the constraints and then the indexes it meets
	group  column.Group
	words  [column.ChunkSlots]int64
	slots  [column.ChunkSlots]uint32
}

// CreateRows creates an element for each row, as graph.BulkWriter says.
func (tx *Tx) CreateRows(r *graph.Rows, from, to int, made *[]uint32) error {
	if tx.ended() {
		return errEnded
	}
	b := &bulk{Tx: tx, Rows: r, entity: graph.NodeEntity}
	e, w, free, base := &tx.node, &tx.nodeW, &tx.freeNodes, &tx.base.node
	if r.Rels {
		b.entity, e, w, free, base = graph.RelEntity, &tx.rel, &tx.relW, &tx.freeRels, &tx.base.rel
	}
	if err := b.prepare(e, to-from); err != nil {
		return err
	}
	for from < to {
		slot, err := free.take(base, e)
		if err != nil {
			return err
		}
		n := uint32(1) // into a place that others have left
		if slot == e.length {
			n = min(uint32(to-from), column.ChunkSlots-slot%column.ChunkSlots, 1<<32-1-slot)
		}
		if err := b.run(e, w, slot, from, int(n)); err != nil {
			return err
		}
		free.took(slot, e)
		e.length = max(e.length, slot+n)
		for end := from + int(n); from < end; from++ {
			if made != nil {
				*made = append(*made, slot)
			}
			slot++
		}
	}
	return nil
}

// prepare checks what holds for all rows, and collects what they meet.
func (b *bulk) prepare(e *elements, n int) error {
	seen := make([]bool, b.KeysLen())
	for i := range b.Columns {
		k := b.Columns[i].Key
		switch {
		case int(k) >= len(seen):
			return errBadName
		case seen[k]:
			return errTwice
		}
		seen[k] = true
	}
	for _, kind := range b.Kinds {
		var number uint32
		var err error
		if !b.Rels {
			number, err = b.labelSet(labelsOf(kind))
		} else if number = kind[0]; int(number) >= b.TypesLen() {
			err = errBadName
		}
		if err != nil {
			return err
		}
		b.kinds = append(b.kinds, int64(number))
		var checks []*definition
		defs := b.schema.defs()
		for _, m := range [...]*[2]map[uint32][]*definition{&defs.constraintsOf, &defs.indexesOf} {
			_ = about(m, b.entity, labelsOf(b.namesOf(int64(number))), graph.TypeID(number), func(d *definition) error {
				checks = append(checks, d)
				return nil
			})
		}
		b.checks = append(b.checks, checks)
	}
	return checkID(e.next+graph.ID(n), e.next)
}

// labelsOf are labels as what they are numbered by.
func labelsOf(numbers []uint32) []graph.LabelID {
	return unsafe.Slice((*graph.LabelID)(unsafe.SliceData(numbers)), len(numbers))
}

// namesOf are the labels of a set, or the type.
func (b *bulk) namesOf(kind int64) []uint32 {
	if b.Rels {
		return []uint32{uint32(kind)}
	}
	set := b.sets[kind]
	return unsafe.Slice((*uint32)(unsafe.SliceData(set)), len(set))
}

// run creates the elements of n rows in as many slots of one chunk: one slot, or
// all behind the others.
func (b *bulk) run(e *elements, w *column.Writer, slot uint32, from, n int) error {
	words, list, kinds := b.words[:n], &b.byLabel, &b.nodeSet
	linking := b.Rels && b.linking()
	if b.Rels {
		list, kinds = &b.byType, &b.kind
		for end, to := range [...]*column.Ints{&b.start, &b.stop} {
			for i, node := range b.Ends[end][from : from+n] {
				if !b.node.live.Has(node) {
					return &graph.RowError{Row: from + i, Err: errNoNode}
				}
				words[i] = int64(node)
			}
			to.SetRows(w, slot, words)
		}
	}
	for i := range words {
		words[i] = b.kinds[b.Kind(from+i)]
	}
	kinds.SetRows(w, slot, words)
	e.live.SetRun(w, slot, uint32(n))
	e.ids.SetRun(w, slot, uint32(n), int64(e.next))
	e.slots.setRun(&b.idW, e.next, slot, uint32(n))
	e.next += graph.ID(n)
	for i, next := 0, 0; i < n; i = next {
		for next = i; next < n && words[next] == words[i]; next++ {
		}
		for _, name := range b.namesOf(words[i]) {
			list.own(w.Gen, int(name)).AddRun(w.Gen, slot+uint32(i), uint32(next-i))
		}
	}
	for i := 0; linking && i < n; i++ {
		t, start, end, rel := graph.TypeID(words[i]), graph.Node(b.Ends[0][from+i]), graph.Node(b.Ends[1][from+i]), graph.Rel(slot+uint32(i))
		b.out.Insert(w.Gen, t, start, end, rel)
		b.in.Insert(w.Gen, t, end, start, rel)
	}
	for i := range b.Columns {
		c := &b.Columns[i]
		if err := e.props.own(w.Gen, int(c.Key)).SetRows(w, slot, c, from, n, b.g.strs, &b.group); err != nil {
			return err
		}
	}
	b.strs = b.g.strs.View()
	return b.check(slot, from, n)
}

// check holds elements in a row of slots against the constraints and enters them
// into the indexes: one by one where rows may contradict each other.
func (b *bulk) check(slot uint32, from, n int) error {
	slots := b.slots[:n]
	for i := range slots {
		slots[i] = slot + uint32(i)
	}
	if checks := b.checks[0]; len(b.checks) == 1 && (len(checks) == 0 || checks[0].Kind == 0) {
		var words graph.Words
		for _, d := range checks {
			_ = b.enterAll(d, slots, &words) // without a constraint it cannot fail
		}
		return nil
	}
	for i, slot := range slots {
		for _, d := range b.checks[b.Kind(from+i)] {
			s := subject{b.entity, slot}
			if d.Kind == 0 {
				b.insert(d, s)
			} else if !b.valuesOf(d, s) {
				b.note(d, s)
			} else if err := b.checkFree(d, s); err != nil {
				return &graph.RowError{Row: from + i, Err: err}
			}
		}
	}
	return nil
}

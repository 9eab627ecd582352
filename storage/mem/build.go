package mem

import (
	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/storage/index"
)

// build fills a new index. On an error it is as if nothing had been.
func (tx *Tx) build(d *definition) error {
	d.id = tx.schema.defs().next
	root := tx.schema.roots.own(tx.nodeW.Gen, int(d.id))
	*root = index.Ordered{}
	var words graph.Words
	err := tx.batches(d, func(slots []uint32) error { return tx.enterAll(d, slots, &words) })
	if err != nil {
		*root = index.Ordered{}
		tx.schema.roots.items[d.id] = nil
	}
	return err
}

// enterAll puts elements, in ascending order, into the index. words is memory to
// work in.
func (tx *Tx) enterAll(d *definition, slots []uint32, words *graph.Words) error {
	gen := tx.nodeW.Gen
	root := tx.schema.roots.own(gen, int(d.id))
	ints := tx.integers(d, slots, words)
	for len(slots) > 0 {
		n := 1
		if k := root.AppendInts(gen, ints, slots); k > 0 {
			n = k
		} else if err := tx.enter(d, root, slots[0]); err != nil {
			return err
		}
		ints, slots = ints[min(n, len(ints)):], slots[n:]
	}
	return nil
}

// enter puts one element into the index if it has all values of it.
func (tx *Tx) enter(d *definition, root *index.Ordered, slot uint32) error {
	s := subject{d.Entity, slot}
	if !tx.valuesOf(d, s) {
		return nil
	}
	if d.backed {
		if err := tx.checkFree(d, s); err != nil {
			return err
		}
	}
	root.Insert(tx.nodeW.Gen, tx.values, slot)
	return nil
}

// integers are the values of the elements where each has one alone and that is
// an Integer, else nothing.
func (tx *Tx) integers(d *definition, slots []uint32, w *graph.Words) []int64 {
	e := &tx.node
	if d.Entity == graph.RelEntity {
		e = &tx.rel
	}
	if len(d.Keys) > 1 || !e.words(d.Keys[0], slots, w) || w.Kind != graph.KindInt || w.Nulls > 0 {
		return nil
	}
	return w.Words
}

package mem

import (
	"slices"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/storage/column"
	"github.com/pocketgraph/pocketgraph/storage/index"
)

var (
	errSameName  = &mistake{"an index or a constraint of that name", graph.ErrExists}
	errSameIndex = &mistake{"an index or a constraint over the same properties", graph.ErrExists}
	errNoIndex   = &mistake{"index", graph.ErrNotFound}
	errNoRule    = &mistake{"constraint", graph.ErrNotFound}
	errOwned     = &mistake{"the index belongs to a constraint: drop that", graph.ErrConstraint}
	errKeys      = &mistake{"an index or a constraint has 1 to 16 different keys", graph.ErrLimit}
	errIndexes   = &mistake{"4,096 indexes or constraints", graph.ErrLimit}
)

// CreateIndex makes an index and fills it with what is there.
func (tx *Tx) CreateIndex(def graph.IndexDefinition) error {
	d := &definition{ConstraintDefinition: graph.ConstraintDefinition{
		Name: def.Name, Entity: def.Entity, Label: def.Label, Type: def.Type, Keys: slices.Clone(def.Keys)}}
	if err := tx.definable(d); err != nil {
		return err
	}
	if err := tx.build(d); err != nil {
		return err
	}
	defs := tx.schema.defs()
	tx.schema.definitions = changed(defs.next+1, with(defs.indexes, d), defs.constraints)
	return nil
}

// CreateConstraint makes a constraint, with its index if it has one, unless
// what is there breaks it.
func (tx *Tx) CreateConstraint(def graph.ConstraintDefinition) error {
	d := &definition{ConstraintDefinition: def}
	d.Keys = slices.Clone(def.Keys)
	if err := tx.definable(d); err != nil {
		return err
	}
	if !def.Sound() {
		return &mistake{"constraint: no such kind, or not with these properties and types", graph.ErrNotFound}
	}
	if d.demands() || d.Types != 0 {
		if err := tx.checkAll(d); err != nil {
			return err
		}
	}
	defs := tx.schema.defs()
	next, indexes := defs.next, defs.indexes
	if def.OwnsIndex() {
		d.backed = true
		if err := tx.build(d); err != nil {
			return err
		}
		ix := &definition{ConstraintDefinition: d.ConstraintDefinition, id: d.id, owner: d.Name}
		ix.Kind = 0
		next, indexes = next+1, with(indexes, ix)
	}
	tx.schema.definitions = changed(next, indexes, with(defs.constraints, d))
	return nil
}

// definable checks a definition on its own and against the others.
func (tx *Tx) definable(d *definition) error {
	if tx.ended() {
		return errEnded
	}
	defs := tx.schema.defs()
	switch {
	case d.Entity == graph.NodeEntity && int(d.Label) >= tx.LabelsLen(),
		d.Entity == graph.RelEntity && int(d.Type) >= tx.TypesLen(),
		d.Entity != graph.NodeEntity && d.Entity != graph.RelEntity:
		return errBadName
	case len(d.Keys) == 0 || len(d.Keys) > maxIndexKeys:
		return errKeys
	case len(defs.indexes)+len(defs.constraints) >= maxIndexes || int(defs.next) >= maxDefined:
		return errIndexes
	case named(defs.indexes, d.Name) != nil || named(defs.constraints, d.Name) != nil:
		return errSameName
	}
	for i, k := range d.Keys {
		if int(k) >= tx.KeysLen() {
			return errBadName
		}
		if slices.Contains(d.Keys[:i], k) {
			return errKeys
		}
	}
	others := defs.indexesOf[place(d.Entity)][d.of()]
	if d.Kind != 0 {
		// What owns no index is fine beside one; the rest would double it.
		if !d.OwnsIndex() {
			others = nil
		}
		others = append(slices.Clone(others), defs.constraintsOf[place(d.Entity)][d.of()]...)
	}
	for _, o := range others {
		if slices.Equal(o.Keys, d.Keys) && (o.Kind == 0 || o.Kind == d.Kind) {
			return errSameIndex
		}
	}
	return nil
}

// maxDefined bounds the indexes that a store ever had in one life: a dropped
// one leaves a word behind until the next opening.
const maxDefined = 1 << 20

// each calls f for every element that a definition is about, until it fails.
//
//go:noinline
func (v *version) each(d *definition, f func(s subject) error) error {
	return v.batches(d, func(slots []uint32) error {
		for _, slot := range slots {
			if err := f(subject{d.Entity, slot}); err != nil {
				return err
			}
		}
		return nil
	})
}

// batches is each for up to a chunk of them at a time, ascending.
func (v *version) batches(d *definition, f func(slots []uint32) error) error {
	p := v.byLabel.at(int(d.of()))
	if d.Entity == graph.RelEntity {
		p = v.byType.at(int(d.of()))
	}
	if p == nil {
		return nil
	}
	batch := make([]uint32, column.ChunkSlots)
	for from := uint32(0); ; {
		n := index.Scan(p, from, batch)
		if n > 0 {
			from = batch[n-1] + 1
		}
		if err := f(batch[:n]); err != nil || n < len(batch) {
			return err
		}
	}
}

func (tx *Tx) checkAll(d *definition) error {
	return tx.each(d, func(s subject) error {
		if tx.valuesOf(d, s) {
			return tx.checkTypes(d, s)
		}
		if d.demands() {
			return tx.lacks(d, s)
		}
		return nil
	})
}

// DropIndex drops an index that no constraint owns.
func (tx *Tx) DropIndex(name string) error {
	if tx.ended() {
		return errEnded
	}
	defs := tx.schema.defs()
	d := named(defs.indexes, name)
	switch {
	case d == nil:
		return errNoIndex
	case d.owner != "":
		return errOwned
	}
	tx.schema.definitions = changed(defs.next, without(defs.indexes, d), defs.constraints)
	tx.dropRoot(d.id)
	return nil
}

// DropConstraint drops a constraint and its index.
func (tx *Tx) DropConstraint(name string) error {
	if tx.ended() {
		return errEnded
	}
	defs := tx.schema.defs()
	d := named(defs.constraints, name)
	if d == nil {
		return errNoRule
	}
	indexes := defs.indexes
	if d.backed {
		indexes = without(indexes, named(indexes, name))
		tx.dropRoot(d.id)
	}
	tx.schema.definitions = changed(defs.next, indexes, without(defs.constraints, d))
	return nil
}

func (tx *Tx) dropRoot(id graph.IndexID) {
	tx.schema.roots.own(tx.nodeW.Gen, int(id))
	tx.schema.roots.items[id] = nil
}

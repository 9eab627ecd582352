package storage

import "github.com/pocketgraph/pocketgraph/graph"

// Before images lie in the record beside the changes, when the store keeps a
// history: what a change took away, in the order of the changes that take
// something away, laid out as in format.go:
//
//	delete node        n labels, n properties
//	delete rel         start id, end id, type, n properties
//	set node, set rel  the value there was, Null for none
//	drop index         definition
//	drop constraint    kind, types if that is a type constraint, definition
//
// They are for those who follow the changes, for undo and audit. Nothing reads
// them to recover.

// The image methods note what a change is about to take away, where that is
// kept. A change that is refused calls forget with what they returned.

func (tx *Tx) imageOfNode(n graph.Node) (mark int) {
	mark = len(tx.images)
	if !tx.store.options.History.On() {
		return mark
	}
	labels := tx.AppendLabels(nil, n)
	tx.images = appendNumbers(tx.images, uint64(len(labels)))
	for _, l := range labels {
		tx.images = appendNumbers(tx.images, uint64(l))
	}
	tx.images = appendProperties(tx.images, tx.AppendNodeProperties(nil, n))
	return mark
}

func (tx *Tx) imageOfRel(r graph.Rel) (mark int) {
	mark = len(tx.images)
	if !tx.store.options.History.On() {
		return mark
	}
	start, end := tx.RelEnds(r)
	tx.images = appendNumbers(tx.images, uint64(tx.NodeID(start)), uint64(tx.NodeID(end)), uint64(tx.RelType(r)))
	tx.images = appendProperties(tx.images, tx.AppendRelProperties(nil, r))
	return mark
}

func (tx *Tx) imageOfNodeProperty(n graph.Node, k graph.KeyID) (mark int) {
	mark = len(tx.images)
	if tx.store.options.History.On() {
		tx.images = appendValue(tx.images, tx.NodeProperty(n, k))
	}
	return mark
}

func (tx *Tx) imageOfRelProperty(r graph.Rel, k graph.KeyID) (mark int) {
	mark = len(tx.images)
	if tx.store.options.History.On() {
		tx.images = appendValue(tx.images, tx.RelProperty(r, k))
	}
	return mark
}

func (tx *Tx) imageOfIndex(name string) (mark int) {
	mark = len(tx.images)
	if tx.store.options.History.On() {
		for _, d := range tx.Indexes() {
			if d.Name == name {
				tx.images = appendDefinition(tx.images, d.IndexDefinition)
			}
		}
	}
	return mark
}

func (tx *Tx) imageOfConstraint(name string) (mark int) {
	mark = len(tx.images)
	if tx.store.options.History.On() {
		for _, d := range tx.Constraints() {
			if d.Name == name {
				tx.images = appendConstraint(tx.images, d.ConstraintDefinition)
			}
		}
	}
	return mark
}

// forget drops the image of a change that was refused.
func (tx *Tx) forget(mark int, err error) error {
	tx.images = tx.images[:mark]
	return err
}

func appendConstraint(dst []byte, d graph.ConstraintDefinition) []byte {
	dst = append(dst, byte(d.Kind))
	if d.Kind == graph.TypeConstraint {
		dst = appendNumbers(dst, uint64(d.Types))
	}
	return appendDefinition(dst, graph.IndexDefinition{
		Name: d.Name, Entity: d.Entity, Label: d.Label, Type: d.Type, Keys: d.Keys})
}

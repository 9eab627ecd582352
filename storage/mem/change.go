package mem

import (
	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/storage/column"
)

// DeleteNode deletes a node that has no relationships.
func (tx *Tx) DeleteNode(n graph.Node) error {
	if tx.ended() {
		return errEnded
	}
	if !tx.HasNode(n) {
		return nil
	}
	if tx.Degree(n, graph.Outgoing, nil) > 0 || tx.Degree(n, graph.Incoming, nil) > 0 {
		return graph.ErrHasRelationships
	}
	s, gen := subject{graph.NodeEntity, uint32(n)}, tx.nodeW.Gen
	labels := tx.labelsOf(n)
	tx.unindex(s, labels, 0)
	for _, l := range labels {
		tx.byLabel.own(gen, int(l)).Remove(gen, s.slot)
	}
	tx.nodeSet.Set(&tx.nodeW, s.slot, 0)
	tx.node.strip(&tx.nodeW, s.slot)
	tx.node.died(&tx.nodeW, s.slot)
	return nil
}

// DeleteRel deletes a relationship.
func (tx *Tx) DeleteRel(r graph.Rel) error {
	if tx.ended() {
		return errEnded
	}
	if !tx.HasRel(r) {
		return nil
	}
	s, gen, t := subject{graph.RelEntity, uint32(r)}, tx.relW.Gen, tx.RelType(r)
	start, end := tx.RelEnds(r)
	tx.unindex(s, nil, t)
	out, in := tx.link()
	out.Remove(gen, t, start, end, r)
	in.Remove(gen, t, end, start, r)
	tx.byType.own(gen, int(t)).Remove(gen, s.slot)
	tx.rel.strip(&tx.relW, s.slot)
	tx.rel.died(&tx.relW, s.slot)
	return nil
}

// strip removes all properties of an element.
func (e *elements) strip(w *column.Writer, slot uint32) {
	for k, it := range e.props.items {
		if it != nil && it.v.Has(slot) {
			_ = e.props.own(w.Gen, k).Set(w, slot, graph.Null, nil) // removing cannot fail
		}
	}
}

// SetNodeProperty sets one property of a node, or removes it (Null).
func (tx *Tx) SetNodeProperty(n graph.Node, k graph.KeyID, x graph.Value) error {
	if tx.ended() {
		return errEnded
	}
	if !tx.HasNode(n) {
		return errNoNode
	}
	s := subject{graph.NodeEntity, uint32(n)}
	return tx.setProperty(s, tx.labelsOf(n), 0, k, x, &tx.node, &tx.nodeW)
}

// SetRelProperty sets one property of a relationship, or removes it (Null).
func (tx *Tx) SetRelProperty(r graph.Rel, k graph.KeyID, x graph.Value) error {
	if tx.ended() {
		return errEnded
	}
	if !tx.HasRel(r) {
		return errNoRel
	}
	s := subject{graph.RelEntity, uint32(r)}
	return tx.setProperty(s, nil, tx.RelType(r), k, x, &tx.rel, &tx.relW)
}

func (tx *Tx) setProperty(s subject, labels []graph.LabelID, t graph.TypeID, k graph.KeyID, x graph.Value, e *elements, w *column.Writer) error {
	if err := tx.storable(k, x); err != nil {
		return err
	}
	if x.IsNull() && !e.has(s.slot, k) {
		return nil
	}
	if err := tx.checkSet(s, labels, t, k, x); err != nil {
		return err
	}
	touched := tx.indexesWith(s.entity, labels, t, k)
	for _, ix := range touched {
		tx.remove(ix, s)
	}
	err := e.props.own(w.Gen, int(k)).Set(w, s.slot, x, tx.g.strs)
	tx.strs = tx.g.strs.View()
	for _, ix := range touched { // also after an error, with the old value
		tx.insert(ix, s)
	}
	return err
}

func (e *elements) has(slot uint32, k graph.KeyID) bool {
	c := e.props.at(int(k))
	return c != nil && c.Has(slot)
}

// AddLabel adds a label to a node.
func (tx *Tx) AddLabel(n graph.Node, l graph.LabelID) error {
	if err := tx.labelable(n, l); err != nil || tx.HasLabel(n, l) {
		return err
	}
	s, gen := subject{graph.NodeEntity, uint32(n)}, tx.nodeW.Gen
	if err := tx.checkLabel(s, l); err != nil {
		return err
	}
	set := tx.g.sets.with(uint32(tx.nodeSet.Get(s.slot)), l)
	tx.sets = tx.g.sets.sets
	tx.nodeSet.Set(&tx.nodeW, s.slot, int64(set))
	tx.byLabel.own(gen, int(l)).Add(gen, s.slot)
	for _, ix := range tx.indexesOf(graph.NodeEntity, []graph.LabelID{l}, 0) {
		tx.insert(ix, s)
	}
	return nil
}

// RemoveLabel removes a label from a node.
func (tx *Tx) RemoveLabel(n graph.Node, l graph.LabelID) error {
	if err := tx.labelable(n, l); err != nil || !tx.HasLabel(n, l) {
		return err
	}
	s, gen := subject{graph.NodeEntity, uint32(n)}, tx.nodeW.Gen
	for _, ix := range tx.indexesOf(graph.NodeEntity, []graph.LabelID{l}, 0) {
		tx.remove(ix, s)
	}
	set := tx.g.sets.without(uint32(tx.nodeSet.Get(s.slot)), l)
	tx.sets = tx.g.sets.sets
	tx.nodeSet.Set(&tx.nodeW, s.slot, int64(set))
	tx.byLabel.own(gen, int(l)).Remove(gen, s.slot)
	return nil
}

func (tx *Tx) labelable(n graph.Node, l graph.LabelID) error {
	switch {
	case tx.ended():
		return errEnded
	case !tx.HasNode(n):
		return errNoNode
	case int(l) >= tx.LabelsLen():
		return errBadName
	}
	return nil
}

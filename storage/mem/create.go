package mem

import (
	"slices"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/storage/column"
)

// CreateNode creates a node with the next identity.
func (tx *Tx) CreateNode(labels []graph.LabelID, properties []graph.Property) (graph.Node, error) {
	return tx.CreateNodeWithID(tx.node.next, labels, properties)
}

// CreateRel creates a relationship with the next identity.
func (tx *Tx) CreateRel(start, end graph.Node, t graph.TypeID, properties []graph.Property) (graph.Rel, error) {
	return tx.CreateRelWithID(tx.rel.next, start, end, t, properties)
}

// lastID bounds identities; the one behind it must still be a number.
const lastID = 1<<63 - 1

func checkID(id, next graph.ID) error {
	switch {
	case id < next:
		return errCounter
	case id > lastID:
		return errIdentity
	}
	return nil
}

// CreateNodeWithID creates a node with a given identity, which must not be
// below the counter; the counter moves behind it.
func (tx *Tx) CreateNodeWithID(id graph.ID, labels []graph.LabelID, properties []graph.Property) (graph.Node, error) {
	if tx.ended() {
		return graph.NoNode, errEnded
	}
	if err := checkID(id, tx.node.next); err != nil {
		return graph.NoNode, err
	}
	set, err := tx.labelSet(labels)
	if err != nil {
		return graph.NoNode, err
	}
	props, err := tx.properties(properties)
	if err != nil {
		return graph.NoNode, err
	}
	slot, err := tx.freeNodes.take(&tx.base.node, &tx.node)
	if err != nil {
		return graph.NoNode, err
	}
	sorted := tx.sets[set]
	s := subject{graph.NodeEntity, slot}
	if err := tx.checkNew(s, sorted, 0, props); err != nil {
		return graph.NoNode, err
	}
	if err := tx.node.setAll(&tx.nodeW, slot, props, tx.g.strs); err != nil {
		return graph.NoNode, err
	}
	tx.strs = tx.g.strs.View()
	tx.freeNodes.took(slot, &tx.node)
	tx.node.born(&tx.nodeW, &tx.idW, slot, id)
	tx.nodeSet.Set(&tx.nodeW, slot, int64(set))
	for _, l := range sorted {
		tx.byLabel.own(tx.nodeW.Gen, int(l)).Add(tx.nodeW.Gen, slot)
	}
	tx.indexNew(s, sorted, 0, props)
	return graph.Node(slot), nil
}

// CreateRelWithID creates a relationship with a given identity, which must not
// be below the counter; the counter moves behind it.
func (tx *Tx) CreateRelWithID(id graph.ID, start, end graph.Node, t graph.TypeID, properties []graph.Property) (graph.Rel, error) {
	if tx.ended() {
		return graph.NoRel, errEnded
	}
	if err := checkID(id, tx.rel.next); err != nil {
		return graph.NoRel, err
	}
	if !tx.HasNode(start) || !tx.HasNode(end) {
		return graph.NoRel, errNoNode
	}
	if int(t) >= tx.TypesLen() {
		return graph.NoRel, errBadName
	}
	props, err := tx.properties(properties)
	if err != nil {
		return graph.NoRel, err
	}
	slot, err := tx.freeRels.take(&tx.base.rel, &tx.rel)
	if err != nil {
		return graph.NoRel, err
	}
	s := subject{graph.RelEntity, slot}
	if err := tx.checkNew(s, nil, t, props); err != nil {
		return graph.NoRel, err
	}
	if err := tx.rel.setAll(&tx.relW, slot, props, tx.g.strs); err != nil {
		return graph.NoRel, err
	}
	tx.strs = tx.g.strs.View()
	linking := tx.linking()
	tx.freeRels.took(slot, &tx.rel)
	tx.rel.born(&tx.relW, &tx.idW, slot, id)
	gen := tx.relW.Gen
	tx.start.Set(&tx.relW, slot, int64(start))
	tx.stop.Set(&tx.relW, slot, int64(end))
	tx.kind.Set(&tx.relW, slot, int64(t))
	tx.byType.own(gen, int(t)).Add(gen, slot)
	if linking {
		tx.out.Insert(gen, t, start, end, graph.Rel(slot))
		tx.in.Insert(gen, t, end, start, graph.Rel(slot))
	}
	tx.indexNew(s, nil, t, props)
	return graph.Rel(slot), nil
}

// labelSet returns the number of the set of the labels, in any order.
func (tx *Tx) labelSet(labels []graph.LabelID) (uint32, error) {
	for _, l := range labels {
		if int(l) >= tx.LabelsLen() {
			return 0, errBadName
		}
	}
	if len(labels) > 1 {
		tx.labelBuf = append(tx.labelBuf[:0], labels...)
		slices.Sort(tx.labelBuf)
		labels = slices.Compact(tx.labelBuf)
	}
	set := tx.g.sets.intern(labels)
	tx.sets = tx.g.sets.sets
	return set, nil
}

// properties checks properties and returns those that remain, by key.
func (tx *Tx) properties(properties []graph.Property) ([]graph.Property, error) {
	sorted := true
	for i, p := range properties {
		if err := tx.storable(p.Key, p.Value); err != nil {
			return nil, err
		}
		sorted = sorted && !p.Value.IsNull() && (i == 0 || properties[i-1].Key < p.Key)
	}
	if sorted {
		return properties, nil
	}
	// Numbers, of key and place, are sorted by code that others need too.
	order := make([]uint64, len(properties))
	for i, p := range properties {
		order[i] = uint64(p.Key)<<32 | uint64(i)
	}
	slices.Sort(order)
	out := tx.props[:0]
	for i, o := range order {
		p := properties[uint32(o)]
		if i+1 < len(order) && uint64(p.Key) == order[i+1]>>32 || p.Value.IsNull() {
			continue
		}
		out = append(out, p)
	}
	tx.props = out
	return out, nil
}

func (tx *Tx) storable(k graph.KeyID, x graph.Value) error {
	if int(k) >= tx.KeysLen() {
		return errBadName
	}
	if !x.IsNull() && !column.Storable(x) {
		return errBadProp
	}
	return nil
}

// setAll gives an element that is not there yet its properties. On an error
// it has none.
func (e *elements) setAll(w *column.Writer, slot uint32, props []graph.Property, strs *column.Strings) error {
	for i, p := range props {
		err := e.props.own(w.Gen, int(p.Key)).Set(w, slot, p.Value, strs)
		if err == nil {
			continue
		}
		for _, done := range props[:i] {
			_ = e.props.own(w.Gen, int(done.Key)).Set(w, slot, graph.Null, strs) // removing cannot fail
		}
		return err
	}
	return nil
}

// born puts an element into a slot.
func (e *elements) born(w, idW *column.Writer, slot uint32, id graph.ID) {
	e.live.Set(w, slot, true)
	e.ids.Set(w, slot, int64(id))
	e.slots.set(idW, id, slot)
	e.next = id + 1
}

// died takes it out again; the slot keeps the identity.
func (e *elements) died(w *column.Writer, slot uint32) {
	e.live.Set(w, slot, false)
	e.slots.drop(w.Gen, graph.ID(e.ids.Get(slot)))
}

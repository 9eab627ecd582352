package mem

import (
	"slices"
	"strconv"

	"github.com/pocketgraph/pocketgraph/graph"
)

// subject is the element that a check is about.
type subject struct {
	entity graph.Entity
	slot   uint32
}

// missing notes that an element lacked a demanded property at some time.
type missing struct {
	constraint string
	subject
}

func (v *version) valueOf(s subject, k graph.KeyID) graph.Value {
	if s.entity == graph.NodeEntity {
		return v.node.property(s.slot, k, &v.strs)
	}
	return v.rel.property(s.slot, k, &v.strs)
}

// appendValues appends the values of an element for the keys; ok is false when
// it lacks one.
func (v *version) appendValues(dst []graph.Value, d *definition, s subject) (values []graph.Value, ok bool) {
	for _, k := range d.Keys {
		x := v.valueOf(s, k)
		if x.IsNull() {
			return dst, false
		}
		dst = append(dst, x)
	}
	return dst, true
}

// valuesOf fills tx.values so.
func (tx *Tx) valuesOf(d *definition, s subject) (ok bool) {
	tx.values, ok = tx.appendValues(tx.values[:0], d, s)
	return ok
}

// about calls f for the definitions that concern an element with the labels,
// or of the type.
func about(m *[2]map[uint32][]*definition, e graph.Entity, labels []graph.LabelID, t graph.TypeID, f func(d *definition) error) error {
	of := m[place(e)]
	if len(of) == 0 {
		return nil
	}
	if e == graph.RelEntity {
		return all(of[uint32(t)], f)
	}
	for _, l := range labels {
		if err := all(of[uint32(l)], f); err != nil {
			return err
		}
	}
	return nil
}

func all(list []*definition, f func(d *definition) error) error {
	for _, d := range list {
		if err := f(d); err != nil {
			return err
		}
	}
	return nil
}

func propertyOf(props []graph.Property, k graph.KeyID) graph.Value {
	for _, p := range props {
		if p.Key == k {
			return p.Value
		}
	}
	return graph.Null
}

// fill makes tx.values what props say; ok is false when one is missing.
func (tx *Tx) fill(d *definition, props []graph.Property) (ok bool) {
	tx.values = tx.values[:0]
	for _, k := range d.Keys {
		x := propertyOf(props, k)
		if x.IsNull() {
			return false
		}
		tx.values = append(tx.values, x)
	}
	return true
}

// checkNew checks an element that is going to be created in the slot.
func (tx *Tx) checkNew(s subject, labels []graph.LabelID, t graph.TypeID, props []graph.Property) error {
	if len(tx.schema.defs().constraints) == 0 {
		return nil
	}
	from := len(tx.missing)
	err := about(&tx.schema.constraintsOf, s.entity, labels, t, func(d *definition) error {
		if !tx.fill(d, props) {
			tx.note(d, s)
			return nil
		}
		return tx.checkFree(d, s)
	})
	if err != nil {
		tx.missing = tx.missing[:from]
	}
	return err
}

// checkSet checks that a property may become x.
func (tx *Tx) checkSet(s subject, labels []graph.LabelID, t graph.TypeID, k graph.KeyID, x graph.Value) error {
	if len(tx.schema.defs().constraints) == 0 {
		return nil
	}
	return about(&tx.schema.constraintsOf, s.entity, labels, t, func(d *definition) error {
		i := slices.Index(d.Keys, k)
		if i < 0 {
			return nil
		}
		if x.IsNull() {
			tx.note(d, s)
			return nil
		}
		tx.values = tx.values[:0]
		for _, key := range d.Keys {
			y := x
			if key != k {
				y = tx.valueOf(s, key)
			}
			if y.IsNull() {
				return nil
			}
			tx.values = append(tx.values, y)
		}
		return tx.checkFree(d, s)
	})
}

// checkLabel checks that a node may get a label.
func (tx *Tx) checkLabel(s subject, l graph.LabelID) error {
	if len(tx.schema.defs().constraints) == 0 {
		return nil
	}
	return about(&tx.schema.constraintsOf, s.entity, []graph.LabelID{l}, 0, func(d *definition) error {
		if !tx.valuesOf(d, s) {
			tx.note(d, s)
			return nil
		}
		return tx.checkFree(d, s)
	})
}

// checkTypes checks the types of tx.values, if the constraint is about them.
func (tx *Tx) checkTypes(d *definition, s subject) error {
	if d.Types == 0 || d.Types.Holds(tx.values[0]) {
		return nil
	}
	text := tx.named(s) + " has a value of another type than " + d.Types.String() + ": " + tx.describe(d) + " = " + shown(tx.values[0])
	return &graph.ConstraintError{Constraint: d.Name, Message: text}
}

// checkFree checks tx.values: their types, and that no other element has them,
// if the constraint wants that.
func (tx *Tx) checkFree(d *definition, s subject) error {
	if !d.backed {
		return tx.checkTypes(d, s)
	}
	tx.slotBuf = tx.schema.roots.at(int(d.id)).Seek(tx.slotBuf[:0], tx.values)
	for _, slot := range tx.slotBuf {
		if slot != s.slot {
			return tx.taken(d, subject{s.entity, slot})
		}
	}
	return nil
}

func (v *version) named(s subject) string {
	if s.entity == graph.NodeEntity {
		return "node " + strconv.FormatUint(uint64(v.NodeID(graph.Node(s.slot))), 10)
	}
	return "relationship " + strconv.FormatUint(uint64(v.RelID(graph.Rel(s.slot))), 10)
}

func (tx *Tx) taken(d *definition, other subject) error {
	text := tx.named(other) + " has the same values: " + tx.describe(d) + " ="
	for i, x := range tx.values {
		if i > 0 {
			text += ","
		}
		text += " " + shown(x)
	}
	return &graph.ConstraintError{Constraint: d.Name, Message: text}
}

func (tx *Tx) lacks(d *definition, s subject) error {
	text := tx.named(s) + " lacks a property that it must have: " + tx.describe(d)
	return &graph.ConstraintError{Constraint: d.Name, Message: text}
}

// note remembers that an element lacks what a constraint may demand: a
// statement may still set it, so Validate has another look.
func (tx *Tx) note(d *definition, s subject) {
	if d.demands() {
		tx.missing = append(tx.missing, missing{d.Name, s})
	}
}

// Validate checks what is demanded of the transaction as a whole: that the
// elements it touched have what existence and key constraints ask for. Commit
// calls it too.
func (tx *Tx) Validate() error {
	for _, m := range tx.missing {
		d := named(tx.schema.defs().constraints, m.constraint)
		if d == nil || !tx.concerns(d, m.subject) {
			continue
		}
		if !tx.valuesOf(d, m.subject) {
			return tx.lacks(d, m.subject)
		}
	}
	return nil
}

// concerns reports whether an element is there and has the label or the type.
func (v *version) concerns(d *definition, s subject) bool {
	if s.entity == graph.NodeEntity {
		return v.HasNode(graph.Node(s.slot)) && d.Entity == s.entity && v.HasLabel(graph.Node(s.slot), d.Label)
	}
	return v.HasRel(graph.Rel(s.slot)) && d.Entity == s.entity && v.RelType(graph.Rel(s.slot)) == d.Type
}

// indexesOf returns the indexes that concern an element with the labels or of
// the type, until the next call.
func (tx *Tx) indexesOf(e graph.Entity, labels []graph.LabelID, t graph.TypeID) []*definition {
	tx.touched = tx.touched[:0]
	if len(tx.schema.defs().indexes) == 0 {
		return nil
	}
	_ = about(&tx.schema.indexesOf, e, labels, t, func(d *definition) error {
		tx.touched = append(tx.touched, d)
		return nil
	})
	return tx.touched
}

// indexesWith returns those that have a key, until the next call.
func (tx *Tx) indexesWith(e graph.Entity, labels []graph.LabelID, t graph.TypeID, k graph.KeyID) []*definition {
	list := tx.indexesOf(e, labels, t)
	n := 0
	for _, d := range list {
		if slices.Contains(d.Keys, k) {
			list[n] = d
			n++
		}
	}
	return list[:n]
}

// indexNew enters a new element.
func (tx *Tx) indexNew(s subject, labels []graph.LabelID, t graph.TypeID, props []graph.Property) {
	for _, d := range tx.indexesOf(s.entity, labels, t) {
		if tx.fill(d, props) {
			tx.schema.roots.own(tx.nodeW.Gen, int(d.id)).Insert(tx.nodeW.Gen, tx.values, s.slot)
		}
	}
}

// unindex takes an element out of all indexes.
func (tx *Tx) unindex(s subject, labels []graph.LabelID, t graph.TypeID) {
	for _, d := range tx.indexesOf(s.entity, labels, t) {
		tx.remove(d, s)
	}
}

// insert and remove enter an element with the values it has, and take it out.
func (tx *Tx) insert(d *definition, s subject) {
	if tx.valuesOf(d, s) {
		tx.schema.roots.own(tx.nodeW.Gen, int(d.id)).Insert(tx.nodeW.Gen, tx.values, s.slot)
	}
}

func (tx *Tx) remove(d *definition, s subject) {
	if tx.valuesOf(d, s) {
		tx.schema.roots.own(tx.nodeW.Gen, int(d.id)).Remove(tx.nodeW.Gen, tx.values, s.slot)
	}
}

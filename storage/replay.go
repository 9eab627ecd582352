package storage

import (
	"errors"
	"strconv"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/storage/mem"
)

// applyChanges repeats the changes of a committed transaction. The bytes have
// passed the log's checksum, yet they are not trusted: what they name must
// exist, and what they create must not. An error leaves tx half changed; the
// caller drops it.
func applyChanges(tx *mem.Tx, changes []byte) error {
	s := &source{rest: string(changes)}
	r := &replay{tx: tx, source: s}
	for len(s.rest) > 0 {
		offset := len(changes) - len(s.rest)
		err := r.step(s.byte())
		if err == nil && s.fault {
			err = errMalformed
		}
		if err != nil {
			return &changeError{offset: offset, err: err}
		}
	}
	return nil
}

// changeError says at which byte of a record's payload the bad change begins.
type changeError struct {
	offset int
	err    error
}

func (e *changeError) Error() string {
	return "change at byte " + strconv.Itoa(e.offset) + " of the record's payload: " + e.err.Error()
}

func (e *changeError) Unwrap() error { return e.err }

var errUnknownElement = errors.New("names an element that does not exist")

// replay repeats one record. Its slices are used again for every change.
type replay struct {
	tx *mem.Tx
	*source
	labels     []graph.LabelID
	properties []graph.Property
}

func (r *replay) step(op byte) error {
	switch op {
	case opLabelName, opTypeName, opKeyName:
		return r.name(op)
	case opCreateNode:
		return r.createNode()
	case opCreateRel:
		return r.createRel()
	case opDeleteNode, opSetNode, opAddLabel, opRemoveLabel:
		n, ok := r.tx.NodeByID(graph.ID(r.uvarint()))
		if !ok {
			return errUnknownElement
		}
		return r.changeNode(op, n)
	case opDeleteRel, opSetRel:
		rel, ok := r.tx.RelByID(graph.ID(r.uvarint()))
		if !ok {
			return errUnknownElement
		}
		return r.changeRel(op, rel)
	}
	return r.schema(op)
}

// name interns a name. The record says nothing about the number it got: names
// are numbered in the order of their first use, which the log repeats. A name
// that is there already would shift all later numbers.
func (r *replay) name(op byte) error {
	name := r.string()
	if r.fault {
		return errMalformed
	}
	var before, after int
	var err error
	switch op {
	case opLabelName:
		before = r.tx.LabelsLen()
		_, err = r.tx.Label(name)
		after = r.tx.LabelsLen()
	case opTypeName:
		before = r.tx.TypesLen()
		_, err = r.tx.Type(name)
		after = r.tx.TypesLen()
	default:
		before = r.tx.KeysLen()
		_, err = r.tx.Key(name)
		after = r.tx.KeysLen()
	}
	if err == nil && after != before+1 {
		return errors.New("names " + name + " a second time")
	}
	return err
}

func (r *replay) knownProperties() error {
	r.properties = r.source.properties(r.properties[:0])
	for _, p := range r.properties {
		if int(p.Key) >= r.tx.KeysLen() {
			return errUnknownName
		}
	}
	if r.fault {
		return errMalformed
	}
	return nil
}

var errUnknownName = errors.New("uses a name that was never given")

func (r *replay) createNode() error {
	id := graph.ID(r.uvarint())
	r.labels = r.labels[:0]
	for n := r.count(); n > 0 && !r.fault; n-- {
		l := graph.LabelID(r.uint32())
		if int(l) >= r.tx.LabelsLen() {
			return errUnknownName
		}
		r.labels = append(r.labels, l)
	}
	if err := r.knownProperties(); err != nil {
		return err
	}
	_, err := r.tx.CreateNodeWithID(id, r.labels, r.properties)
	return err
}

func (r *replay) createRel() error {
	id := graph.ID(r.uvarint())
	start, ok := r.tx.NodeByID(graph.ID(r.uvarint()))
	end, ok2 := r.tx.NodeByID(graph.ID(r.uvarint()))
	t := graph.TypeID(r.uint32())
	switch {
	case !ok || !ok2:
		return errUnknownElement
	case int(t) >= r.tx.TypesLen():
		return errUnknownName
	}
	if err := r.knownProperties(); err != nil {
		return err
	}
	_, err := r.tx.CreateRelWithID(id, start, end, t, r.properties)
	return err
}

func (r *replay) changeNode(op byte, n graph.Node) error {
	switch op {
	case opDeleteNode:
		return r.tx.DeleteNode(n)
	case opSetNode:
		k := graph.KeyID(r.uint32())
		if int(k) >= r.tx.KeysLen() {
			return errUnknownName
		}
		return r.tx.SetNodeProperty(n, k, r.value())
	}
	l := graph.LabelID(r.uint32())
	switch {
	case int(l) >= r.tx.LabelsLen():
		return errUnknownName
	case op == opAddLabel:
		return r.tx.AddLabel(n, l)
	}
	return r.tx.RemoveLabel(n, l)
}

func (r *replay) changeRel(op byte, rel graph.Rel) error {
	if op == opDeleteRel {
		return r.tx.DeleteRel(rel)
	}
	k := graph.KeyID(r.uint32())
	if int(k) >= r.tx.KeysLen() {
		return errUnknownName
	}
	return r.tx.SetRelProperty(rel, k, r.value())
}

func (r *replay) schema(op byte) error {
	switch op {
	case opDropIndex:
		return r.tx.DropIndex(r.string())
	case opDropConstraint:
		return r.tx.DropConstraint(r.string())
	case opCreateIndex, opCreateConstraint:
	default:
		return errors.New("unknown operation " + strconv.Itoa(int(op)))
	}
	var kind graph.ConstraintKind
	var types graph.PropertyTypes
	if op == opCreateConstraint {
		kind = graph.ConstraintKind(r.byte())
	}
	if kind == graph.TypeConstraint {
		types = graph.PropertyTypes(r.uvarint())
	}
	d := r.definition()
	if err := r.knownDefinition(d); err != nil {
		return err
	}
	if op == opCreateIndex {
		return r.tx.CreateIndex(d)
	}
	c := graph.ConstraintDefinition{
		Name: d.Name, Kind: kind, Entity: d.Entity, Label: d.Label, Type: d.Type, Keys: d.Keys, Types: types}
	if !c.Sound() {
		return errors.New("unknown kind of constraint " + strconv.Itoa(int(kind)))
	}
	return r.tx.CreateConstraint(c)
}

func (r *replay) knownDefinition(d graph.IndexDefinition) error {
	if r.fault {
		return errMalformed
	}
	if d.Entity == graph.NodeEntity && int(d.Label) >= r.tx.LabelsLen() ||
		d.Entity == graph.RelEntity && int(d.Type) >= r.tx.TypesLen() {
		return errUnknownName
	}
	for _, k := range d.Keys {
		if int(k) >= r.tx.KeysLen() {
			return errUnknownName
		}
	}
	return nil
}

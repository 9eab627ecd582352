package storage

import (
	"errors"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/storage/mem"
	"github.com/pocketgraph/pocketgraph/wal"
)

// Tx is the writing transaction: a graph.Writer that also notes every change
// as bytes of the log record it will become. It belongs to one goroutine. It
// ends with Commit or Rollback; every later call of its writing methods gives
// ErrTxDone.
type Tx struct {
	*mem.Tx // reads; each writing method is shadowed below
	store   *Store
	lost    int // how often records had been lost when it began
	changes []byte
	done    bool
	half    error    // why it can only be dropped: a call that makes many elements has failed
	found   [2]found // see found.go

	metadata []byte   // of the log record; see SetMetadata
	images   []byte   // of the log record; see images.go
	touched  *Touched // nil: it takes no notes

	origin  Origin // who asked, if that may be asked again
	part    uint32 // transactions that the request has committed before
	outcome []byte // of the log record; see Answers
}

var _ graph.Writer = (*Tx)(nil)

// ErrTxDone: the transaction was committed or rolled back before.
var ErrTxDone = errors.New("transaction has ended")

// ErrTxTooLarge: the changes of the transaction do not fit into one log record.
var ErrTxTooLarge error = tooLarge{}

type tooLarge struct{}

func (tooLarge) Error() string { return "transaction is too large" }
func (tooLarge) Unwrap() error { return graph.ErrLimit }

// maxChanges bounds the changes of one transaction, in bytes: what the log
// takes in one record, less room for the record's own fields.
const maxChanges = wal.MaxRecord - 4096 - MaxMetadata - 2*MaxOutcome

// Changed reports whether the transaction has written anything yet.
func (tx *Tx) Changed() bool { return len(tx.changes) > 0 }

// check says whether the transaction may write more.
func (tx *Tx) check() error {
	if tx.done {
		return ErrTxDone
	}
	return tx.whole()
}

// whole says why the transaction cannot be committed, if so.
func (tx *Tx) whole() error {
	if len(tx.changes)+len(tx.images) > maxChanges {
		return ErrTxTooLarge
	}
	return tx.half
}

func (tx *Tx) Label(name string) (graph.LabelID, error) {
	if id, ok := tx.LookLabel(name); ok {
		return id, nil
	}
	if err := tx.check(); err != nil {
		return 0, err
	}
	id, err := tx.Tx.Label(name)
	if err == nil {
		tx.changes = appendString(append(tx.changes, opLabelName), name)
		tx.touchName()
	}
	return id, err
}

func (tx *Tx) Type(name string) (graph.TypeID, error) {
	if id, ok := tx.LookType(name); ok {
		return id, nil
	}
	if err := tx.check(); err != nil {
		return 0, err
	}
	id, err := tx.Tx.Type(name)
	if err == nil {
		tx.changes = appendString(append(tx.changes, opTypeName), name)
		tx.touchName()
	}
	return id, err
}

func (tx *Tx) Key(name string) (graph.KeyID, error) {
	if id, ok := tx.LookKey(name); ok {
		return id, nil
	}
	if err := tx.check(); err != nil {
		return 0, err
	}
	id, err := tx.Tx.Key(name)
	if err == nil {
		tx.changes = appendString(append(tx.changes, opKeyName), name)
		tx.touchName()
	}
	return id, err
}

func (tx *Tx) CreateNode(labels []graph.LabelID, properties []graph.Property) (graph.Node, error) {
	if err := tx.check(); err != nil {
		return graph.NoNode, err
	}
	n, err := tx.Tx.CreateNode(labels, properties)
	if err != nil {
		return n, err
	}
	tx.changes = appendNumbers(append(tx.changes, opCreateNode), uint64(tx.NodeID(n)), uint64(len(labels)))
	for _, l := range labels {
		tx.changes = appendNumbers(tx.changes, uint64(l))
	}
	tx.changes = appendProperties(tx.changes, properties)
	tx.touchNode(n)
	return n, nil
}

func (tx *Tx) CreateRel(start, end graph.Node, t graph.TypeID, properties []graph.Property) (graph.Rel, error) {
	if err := tx.check(); err != nil {
		return graph.NoRel, err
	}
	r, err := tx.Tx.CreateRel(start, end, t, properties)
	if err != nil {
		return r, err
	}
	tx.changes = appendNumbers(append(tx.changes, opCreateRel), uint64(tx.RelID(r)), uint64(tx.NodeID(start)), uint64(tx.NodeID(end)), uint64(t))
	tx.changes = appendProperties(tx.changes, properties)
	tx.touchType(t)
	return r, nil
}

func (tx *Tx) DeleteNode(n graph.Node) error {
	if err := tx.check(); err != nil || !tx.HasNode(n) {
		return err
	}
	mark := tx.imageOfNode(n)
	tx.touchNode(n)
	if err := tx.Tx.DeleteNode(n); err != nil {
		return tx.forget(mark, err)
	}
	tx.changes = appendNumbers(append(tx.changes, opDeleteNode), uint64(tx.NodeID(n)))
	return nil
}

func (tx *Tx) DeleteRel(r graph.Rel) error {
	if err := tx.check(); err != nil || !tx.HasRel(r) {
		return err
	}
	mark := tx.imageOfRel(r)
	tx.touchType(tx.RelType(r))
	if err := tx.Tx.DeleteRel(r); err != nil {
		return tx.forget(mark, err)
	}
	tx.changes = appendNumbers(append(tx.changes, opDeleteRel), uint64(tx.RelID(r)))
	return nil
}

func (tx *Tx) SetNodeProperty(n graph.Node, k graph.KeyID, v graph.Value) error {
	if err := tx.check(); err != nil {
		return err
	}
	mark := tx.imageOfNodeProperty(n, k)
	if err := tx.Tx.SetNodeProperty(n, k, v); err != nil {
		return tx.forget(mark, err)
	}
	tx.touchKey(k)
	tx.changes = tx.appendSet(opSetNode, uint64(tx.NodeID(n)), k, v)
	return nil
}

func (tx *Tx) SetRelProperty(r graph.Rel, k graph.KeyID, v graph.Value) error {
	if err := tx.check(); err != nil {
		return err
	}
	mark := tx.imageOfRelProperty(r, k)
	if err := tx.Tx.SetRelProperty(r, k, v); err != nil {
		return tx.forget(mark, err)
	}
	tx.touchKey(k)
	tx.changes = tx.appendSet(opSetRel, uint64(tx.RelID(r)), k, v)
	return nil
}

func (tx *Tx) appendSet(op byte, id uint64, k graph.KeyID, v graph.Value) []byte {
	return appendValue(appendNumbers(append(tx.changes, op), id, uint64(k)), v)
}

func (tx *Tx) AddLabel(n graph.Node, l graph.LabelID) error {
	if err := tx.check(); err != nil || tx.HasLabel(n, l) {
		return err
	}
	if err := tx.Tx.AddLabel(n, l); err != nil {
		return err
	}
	tx.changes = appendNumbers(append(tx.changes, opAddLabel), uint64(tx.NodeID(n)), uint64(l))
	tx.touchLabel(l)
	return nil
}

func (tx *Tx) RemoveLabel(n graph.Node, l graph.LabelID) error {
	if err := tx.check(); err != nil || !tx.HasLabel(n, l) {
		return err
	}
	if err := tx.Tx.RemoveLabel(n, l); err != nil {
		return err
	}
	tx.changes = appendNumbers(append(tx.changes, opRemoveLabel), uint64(tx.NodeID(n)), uint64(l))
	tx.touchLabel(l)
	return nil
}

func (tx *Tx) CreateIndex(d graph.IndexDefinition) error {
	if err := tx.check(); err != nil {
		return err
	}
	if err := tx.Tx.CreateIndex(d); err != nil {
		return err
	}
	tx.changes = appendDefinition(append(tx.changes, opCreateIndex), d)
	return nil
}

func (tx *Tx) DropIndex(name string) error {
	if err := tx.check(); err != nil {
		return err
	}
	mark := tx.imageOfIndex(name)
	if err := tx.Tx.DropIndex(name); err != nil {
		return tx.forget(mark, err)
	}
	tx.changes = appendString(append(tx.changes, opDropIndex), name)
	return nil
}

func (tx *Tx) CreateConstraint(d graph.ConstraintDefinition) error {
	if err := tx.check(); err != nil {
		return err
	}
	if err := tx.Tx.CreateConstraint(d); err != nil {
		return err
	}
	tx.changes = appendConstraint(append(tx.changes, opCreateConstraint), d)
	return nil
}

func (tx *Tx) DropConstraint(name string) error {
	if err := tx.check(); err != nil {
		return err
	}
	mark := tx.imageOfConstraint(name)
	if err := tx.Tx.DropConstraint(name); err != nil {
		return tx.forget(mark, err)
	}
	tx.changes = appendString(append(tx.changes, opDropConstraint), name)
	return nil
}

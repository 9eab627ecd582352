package pocketgraph

import (
	"context"
	"maps"
	"slices"

	"github.com/pocketgraph/pocketgraph/graph"
)

// Batch gathers changes and makes them in one transaction. Nothing is looked at
// and nothing takes a sequence number before Commit. A Batch belongs to one
// goroutine at a time; unlike a writing transaction it keeps nobody waiting.
type Batch struct {
	db      *DB
	changes []func(*batchRun) error
	nodes   int
}

// BatchNode stands for a node that a Batch will create.
type BatchNode int

// batchRun is one attempt to commit.
type batchRun struct {
	tx    *Tx
	nodes []graph.Node
}

// NewBatch returns an empty batch.
func (db *DB) NewBatch() *Batch { return &Batch{db: db} }

// Len is the number of changes gathered.
func (b *Batch) Len() int { return len(b.changes) }

// Rollback drops them.
func (b *Batch) Rollback() { b.changes, b.nodes = nil, 0 }

// CreateNode adds a node and returns what stands for it until the batch ends.
func (b *Batch) CreateNode(labels []string, properties Params) BatchNode {
	b.changes = append(b.changes, func(run *batchRun) error {
		w := run.tx.Writer()
		ids := make([]graph.LabelID, 0, len(labels))
		for _, name := range labels {
			id, err := w.Label(name)
			if err != nil {
				return err
			}
			ids = append(ids, id)
		}
		values, err := storedProperties(w, properties)
		if err != nil {
			return err
		}
		n, err := w.CreateNode(ids, values)
		run.nodes = append(run.nodes, n)
		return err
	})
	b.nodes++
	return BatchNode(b.nodes - 1)
}

// CreateRelationship adds a relationship between two nodes of the batch.
func (b *Batch) CreateRelationship(start BatchNode, relationshipType string, end BatchNode, properties Params) {
	b.changes = append(b.changes, func(run *batchRun) error {
		if !run.has(start) || !run.has(end) {
			return errNotInBatch
		}
		w := run.tx.Writer()
		id, err := w.Type(relationshipType)
		if err != nil {
			return err
		}
		values, err := storedProperties(w, properties)
		if err != nil {
			return err
		}
		_, err = w.CreateRel(run.nodes[start], run.nodes[end], id, values)
		return err
	})
}

var errNotInBatch = newError(CodeInvalidArgument, "the node belongs to another batch")

func (run *batchRun) has(n BatchNode) bool { return n >= 0 && int(n) < len(run.nodes) }

// DeleteNode deletes a node by its identity, with its relationships. Commit
// fails with NOT_FOUND when it is not there.
func (b *Batch) DeleteNode(id uint64) {
	b.changes = append(b.changes, func(run *batchRun) error {
		w := run.tx.Writer()
		n, ok := w.NodeByID(graph.ID(id))
		if !ok {
			return errNoNode
		}
		for _, hop := range w.AppendHops(nil, n, graph.Both, nil) {
			if err := w.DeleteRel(hop.Rel); err != nil {
				return err
			}
		}
		return w.DeleteNode(n)
	})
}

// DeleteRelationship deletes a relationship by its identity; see DeleteNode.
func (b *Batch) DeleteRelationship(id uint64) {
	b.changes = append(b.changes, func(run *batchRun) error {
		r, ok := run.tx.Writer().RelByID(graph.ID(id))
		if !ok {
			return errNoRelationship
		}
		return run.tx.Writer().DeleteRel(r)
	})
}

var (
	errNoNode         = newError(CodeNotFound, "a node that the batch deletes is not there")
	errNoRelationship = newError(CodeNotFound, "a relationship that the batch deletes is not there")
)

// Run adds a statement; its rows are dropped.
func (b *Batch) Run(text string, params Params) {
	b.changes = append(b.changes, func(run *batchRun) error {
		_, err := run.tx.Run(text, params)
		return err
	})
}

// Commit makes all changes in their order, or none, and returns the sequence
// number of the transaction. An empty batch takes none. Afterwards the batch is
// empty; after an error it is as it was and may be tried again, unless the
// error is OUTCOME_UNKNOWN.
func (b *Batch) Commit(ctx context.Context) (sequence uint64, err error) {
	if len(b.changes) == 0 {
		return 0, nil
	}
	run := &batchRun{nodes: make([]graph.Node, 0, b.nodes)}
	err = b.db.Update(ctx, func(tx *Tx) error {
		run.tx = tx
		for _, change := range b.changes {
			if err := change(run); err != nil {
				return wrap("applying a batch", err)
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	b.Rollback()
	return run.tx.Sequence(), nil
}

// storedProperties converts properties of Go.
func storedProperties(w graph.Writer, properties Params) ([]graph.Property, error) {
	values, err := properties.Values()
	if err != nil {
		return nil, err
	}
	out := make([]graph.Property, 0, len(values))
	for _, name := range slices.Sorted(maps.Keys(values)) {
		id, err := w.Key(name)
		if err != nil {
			return nil, err
		}
		out = append(out, graph.Property{Key: id, Value: values[name]})
	}
	return out, nil
}

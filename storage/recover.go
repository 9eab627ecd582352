package storage

import (
	"github.com/pocketgraph/pocketgraph/storage/mem"
	"github.com/pocketgraph/pocketgraph/wal"
)

// recoverer turns what the log delivers into a graph: sections of a snapshot,
// then the records after it.
type recoverer struct {
	yield   func()
	loader  *mem.Loader
	graph   *mem.Graph
	tx      *mem.Tx
	pending int // bytes of changes since tx began
}

var _ wal.Replayer = (*recoverer)(nil)

// replayBatch is how many bytes of changes are applied as one version. Nobody
// reads while recovery runs, so the records need no versions of their own, and
// every version copies the chunks that it touches.
const replayBatch = 4 << 20

// Reset forgets everything: recovery starts again from another snapshot.
func (r *recoverer) Reset() error {
	*r = recoverer{yield: r.yield}
	return nil
}

// Section delivers a piece of the snapshot.
func (r *recoverer) Section(kind uint32, data []byte) error {
	if r.loader == nil {
		r.loader = mem.NewLoader("")
	}
	return r.loader.Section(kind, data)
}

// Record repeats one transaction.
func (r *recoverer) Record(rec *wal.Record) error {
	if err := r.loaded(); err != nil {
		return err
	}
	if r.tx == nil {
		r.tx = r.graph.Begin()
	}
	if err := applyChanges(r.tx, rec.Payload); err != nil {
		return err
	}
	r.pending += len(rec.Payload)
	if r.pending >= replayBatch {
		if r.yield != nil {
			r.yield()
		}
		return r.seal()
	}
	return nil
}

func (r *recoverer) seal() error {
	tx := r.tx
	r.tx, r.pending = nil, 0
	if tx == nil {
		return nil
	}
	_, err := tx.Commit()
	return err
}

// loaded ends the snapshot, if there was one.
func (r *recoverer) loaded() error {
	if r.graph != nil {
		return nil
	}
	if r.loader == nil {
		r.graph = mem.New("")
		return nil
	}
	g, err := r.loader.Finish()
	r.graph, r.loader = g, nil
	return err
}

// finish returns the recovered graph; its element ids begin with prefix.
func (r *recoverer) finish(prefix string) (*mem.Graph, error) {
	if err := r.loaded(); err != nil {
		return nil, err
	}
	if err := r.seal(); err != nil {
		return nil, err
	}
	r.graph.SetPrefix(prefix)
	return r.graph, nil
}

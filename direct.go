package pocketgraph

import (
	"context"

	"github.com/pocketgraph/pocketgraph/cypher"
	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/storage"
)

// Direct runs plain statements (cypher.Statement.Plain) for somebody who must
// never wait, one after the other: an exported function of the page's engine.
// What one execution needs is kept for the next. A statement that takes long is
// ended through its context, and then nothing has happened.
type Direct struct {
	db      *DB
	runtime cypher.Runtime
	rows    cypher.Rows
}

// Direct returns a place to run statements at. The context and yield are those
// of every statement that is run there: see cypher.Runtime.
func (db *DB) Direct(ctx context.Context, yield func()) *Direct {
	return &Direct{db: db, runtime: cypher.Runtime{Context: ctx, Yield: yield, Limits: db.options.Limits, Now: db.options.Now, Host: db}}
}

// Read starts a statement that reads. The rows are to be closed before the next
// statement; params are as in cypher.Engine.Start.
func (d *Direct) Read(s *cypher.Statement, params []graph.Value) (rows *cypher.Rows, r graph.Reader, err error) {
	state := d.db.store.State()
	d.runtime.Reader, d.runtime.Writer = state, nil
	return &d.rows, state, d.db.engine.Start(&d.rows, &d.runtime, s, params)
}

// Write runs a statement that writes in a transaction of its own, and commits
// it. It returns false when nothing has happened, because somebody else writes,
// the statement failed, or a request of this name is known: run again in the
// usual way it gives its error. Else done is called once, as QueryAsync says;
// Hold and Settle are to be called around it.
func (d *Direct) Write(s *cypher.Statement, params []graph.Value, once Once, done func(*Result, error)) bool {
	tx := d.db.store.TryBegin(once.Origin)
	if tx == nil {
		return false
	}
	result, err := d.run(tx, s, params)
	if err != nil {
		tx.Rollback()
		return false
	}
	if once.Named() {
		summary, rows := once.Keep(result)
		tx.Answers(once.Origin, summary, rows)
	}
	tx.CommitAsync(func(sequence uint64, err error) {
		if err != nil {
			done(nil, wrap("committing", err))
			return
		}
		result.summary.Sequence = sequence
		done(result, nil)
	})
	return true
}

func (d *Direct) run(tx *storage.Tx, s *cypher.Statement, params []graph.Value) (*Result, error) {
	d.runtime.Reader, d.runtime.Writer = nil, tx
	defer func() { d.runtime.Writer = nil }()
	if err := d.db.engine.Start(&d.rows, &d.runtime, s, params); err != nil {
		return nil, err
	}
	defer d.rows.Close()
	result := &Result{columns: s.Columns(), reader: tx}
	if err := result.collect(&d.rows); err != nil {
		return nil, err
	}
	result.summary.Counters = d.rows.Counters()
	return result, nil
}

// Watched says that somebody wants to be told of slow statements: those run here
// are not measured, so they are to be run the usual way meanwhile.
func (d *Direct) Watched() bool { return d.db.listening.slow.Load() != 0 }

// Hold and Settle go around calls of Write: see storage.Store.
func (d *Direct) Hold() { d.db.store.Hold() }

// Settle makes what was written since Hold durable; see storage.Store.
func (d *Direct) Settle() (later bool) { return d.db.store.Settle() }

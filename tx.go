package pocketgraph

import (
	"context"
	"time"

	"github.com/pocketgraph/pocketgraph/cypher"
	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/storage"
	"github.com/pocketgraph/pocketgraph/storage/mem"
)

// Tx is a transaction: either one that reads one committed state, or the one
// that writes. It belongs to one goroutine at a time. A statement that fails
// ends a writing transaction: what it had done by then cannot stay, and half a
// transaction is nobody's wish.
type Tx struct {
	db    *DB
	ctx   context.Context
	state *mem.State  // reading
	write *storage.Tx // writing
	ended bool
	work  work
	began time.Time // what datetime.transaction() shows

	sequence uint64
	metadata map[string]string
	parts    parts // of CALL IN TRANSACTIONS

	// Importer opens what LOAD CSV names; that of the database if nobody sets
	// another one.
	Importer cypher.Importer
}

// Begin starts a transaction. A writing one waits until no other writes; it
// holds all other writers up until it ends, so end it soon. The context also
// bounds the statements of the transaction.
func (db *DB) Begin(ctx context.Context, writable bool) (*Tx, error) {
	tx := &Tx{db: db, ctx: ctx, began: db.options.Now(), Importer: db.importer}
	if !writable {
		tx.state = db.store.State()
		db.running.begin(&tx.work, "", false)
		return tx, nil
	}
	w, err := db.store.Begin(ctx)
	if err != nil {
		return nil, wrap("beginning a transaction", err)
	}
	tx.write = w
	if err := tx.begun(); err != nil {
		return nil, err
	}
	return tx, nil
}

// Reader is what the transaction sees: its own writes included.
func (tx *Tx) Reader() graph.Reader {
	if tx.write != nil {
		return tx.write
	}
	return tx.state
}

// Writer changes the graph without a query; nil in a reading transaction.
func (tx *Tx) Writer() graph.Writer {
	if tx.write == nil {
		return nil
	}
	return tx.write
}

// Query runs one statement in the transaction. The result of a statement that
// writes is complete when Query returns.
func (tx *Tx) Query(text string, params map[string]graph.Value) (*Result, error) {
	if tx.ended {
		return nil, wrap("running a query", storage.ErrTxDone)
	}
	if err := tx.work.err(); err != nil {
		tx.Rollback()
		return nil, wrap("running a query", err)
	}
	statement, err := tx.db.engine.Prepare(text)
	if err != nil {
		return nil, wrap("preparing the query", err)
	}
	if !statement.Writes() {
		return tx.db.read(tx.runtime(), statement, params, tx)
	}
	if tx.write == nil {
		return nil, newError(CodeReadOnly, "the transaction only reads, and the statement writes")
	}
	clock := tx.db.clock(text)
	tx.work.statement(text)
	result, err := tx.run(statement, params, nil)
	tx.work.statement("")
	clock.pause()
	clock.stop()
	if err != nil {
		tx.Rollback()
	}
	return result, err
}

// next ends the transaction and goes on with another one, for CALL IN
// TRANSACTIONS.
func (tx *Tx) next(commit bool) (graph.Writer, error) {
	done := tx.parts.done
	if commit {
		tx.parts.begin()
	} else {
		done = nil
	}
	w, err := tx.write.Next(done)
	if err == nil {
		tx.write = w
		err = tx.parts.failed()
	} else {
		tx.end()
	}
	if err != nil {
		return nil, wrap("committing a part of the statement", err)
	}
	return w, nil
}

// runtime is what a statement that reads runs on.
func (tx *Tx) runtime() *cypher.Runtime {
	rt := tx.db.runtime(tx.ctx, tx.began, tx.Reader(), nil)
	rt.Importer, rt.Ended = tx.Importer, tx.work.err
	return rt
}

// run executes a writing statement to its end. next is for one that stands
// alone, and may end the transaction in between.
func (tx *Tx) run(s *cypher.Statement, params map[string]graph.Value, next func(commit bool) (graph.Writer, error)) (*Result, error) {
	rt := tx.runtime()
	rt.Writer, rt.Next = tx.write, next
	rows, err := tx.db.engine.Run(rt, s, params)
	if err != nil {
		return nil, wrap("running the query", err)
	}
	defer rows.Close()
	result := &Result{columns: rows.Columns(), reader: tx.write}
	err = result.collect(rows)
	if err == nil {
		err = tx.work.err() // a short statement never looks
	}
	if err != nil {
		return nil, wrap("running the query", err)
	}
	result.summary = Summary{Counters: rows.Counters(), Plan: rows.Plan()}
	return result, nil
}

// Commit makes the transaction durable. When it returns nil the changes
// survive; with OUTCOME_UNKNOWN they may, with every other code they do not.
func (tx *Tx) Commit() error {
	_, err := tx.commit()
	return err
}

func (tx *Tx) commit() (uint64, error) {
	if tx.ended {
		return 0, wrap("committing", storage.ErrTxDone)
	}
	if err := tx.work.err(); err != nil {
		tx.Rollback()
		return 0, wrap("committing", err)
	}
	tx.end()
	if tx.write == nil {
		return 0, nil
	}
	var err error
	tx.sequence, err = tx.write.Commit()
	return tx.sequence, wrap("committing", err)
}

// Sequence is the number that Commit gave the transaction in the log; 0 before
// it, and when nothing was changed.
func (tx *Tx) Sequence() uint64 { return tx.sequence }

// Rollback drops what the transaction wrote. After the end of the transaction
// it does nothing.
func (tx *Tx) Rollback() {
	if tx.ended {
		return
	}
	tx.end()
	if tx.write != nil {
		tx.write.Rollback()
	}
}

// end notes that the transaction is over.
func (tx *Tx) end() {
	tx.ended = true
	tx.work.end()
}

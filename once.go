package pocketgraph

import (
	"context"

	"github.com/pocketgraph/pocketgraph/storage"
)

// Origin names a request that may have to be asked again, because the owner of
// the store died before it answered; see storage.Origin.
type Origin = storage.Origin

// Repeated is the error for a request that was applied before. It has the
// first answer.
type Repeated = storage.Repeated

// MaxOutcome bounds the rows of an answer that is kept, in bytes.
const MaxOutcome = storage.MaxOutcome

// Once is a request that is applied once, however often it is asked.
type Once struct {
	Origin
	// Keep encodes the answer that a repeated request will get, before the
	// transaction is committed. It may take the rows out of the result.
	Keep func(*Result) (summary, rows []byte)
}

// BeginOnce is Begin for the writing transaction of a named request. One that
// was applied before gives *Repeated, or OUTCOME_UNKNOWN where that is not known
// any more.
func (db *DB) BeginOnce(ctx context.Context, o Origin) (*Tx, error) {
	w, err := db.store.BeginOnce(ctx, o)
	if err != nil {
		return nil, wrap("beginning a transaction", err)
	}
	tx := &Tx{db: db, ctx: ctx, began: db.options.Now(), write: w, Importer: db.importer}
	if err := tx.begun(); err != nil {
		return nil, err
	}
	return tx, nil
}

// Answers names the request that a writing transaction answers when it commits,
// and what that is to be answered when it is asked again.
func (tx *Tx) Answers(o Origin, summary, rows []byte) {
	if tx.write != nil {
		tx.write.Answers(o, summary, rows)
	}
}

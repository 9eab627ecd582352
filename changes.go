package pocketgraph

import (
	"context"
	"errors"
	"iter"
	"strconv"
	"strings"

	"github.com/pocketgraph/pocketgraph/storage"
	"github.com/pocketgraph/pocketgraph/wal"
)

// A Change is one change of a committed transaction, a Committed such a
// transaction.
type (
	Change       = storage.Change
	ChangeKind   = storage.ChangeKind
	SchemaChange = storage.SchemaChange
)

// Committed is a transaction of the change feed. It is valid until the next
// one is taken.
type Committed struct {
	*storage.Committed        // Sequence, Time, Metadata, Changes
	Cursor             Cursor // behind it
}

// Cursor is a place between two transactions of a store: what a feed goes on
// from. The zero Cursor is where the history that is kept begins.
type Cursor struct {
	Store       string // identity of the store, 32 hexadecimal digits
	Incarnation uint64 // grows where what somebody may have seen was lost
	Sequence    uint64 // of the transaction before it; 0: before the first
}

// String prints the cursor for ParseCursor: store, incarnation and sequence
// with colons between them; the zero Cursor is empty.
func (c Cursor) String() string {
	if c == (Cursor{}) {
		return ""
	}
	return c.Store + ":" + strconv.FormatUint(c.Incarnation, 10) + ":" + strconv.FormatUint(c.Sequence, 10)
}

// ParseCursor reads what String printed. INVALID_ARGUMENT for anything else.
func ParseCursor(text string) (Cursor, error) {
	if text == "" {
		return Cursor{}, nil
	}
	parts := strings.Split(text, ":")
	if len(parts) == 3 {
		incarnation, err := strconv.ParseUint(parts[1], 10, 64)
		sequence, err2 := strconv.ParseUint(parts[2], 10, 64)
		if err == nil && err2 == nil {
			return Cursor{parts[0], incarnation, sequence}, nil
		}
	}
	return Cursor{}, newError(CodeInvalidArgument, "this is no cursor of a change feed: "+strconv.Quote(text))
}

// Cursor is the place behind the newest transaction that readers see: a feed
// from there shows only what comes later.
func (db *DB) Cursor() Cursor { return db.CursorAt(db.store.Shown()) }

// CursorAt is the place behind the transaction of that sequence.
func (db *DB) CursorAt(sequence uint64) Cursor {
	return Cursor{db.store.State().ElementPrefix(), db.store.Incarnation(), sequence}
}

// Feed gives the committed transactions in order. It shows what is durable, so
// no crash takes back what it has shown; in relaxed mode that is later than
// readers see it. It holds one transaction at a time in memory and belongs to
// one goroutine at a time; nothing has to be closed.
type Feed struct {
	db   *DB
	feed *storage.Feed
}

// Feed begins behind a cursor. Errors: HISTORY_CHANGED when the cursor is of
// another store, or of one that has lost what lies before the cursor (a salvage,
// a power cut in relaxed mode); CLOSED. That what follows the cursor is kept no
// longer shows in Next.
func (db *DB) Feed(ctx context.Context, since Cursor) (*Feed, error) {
	here := db.CursorAt(since.Sequence)
	switch {
	case since == Cursor{}:
		oldest, err := db.store.Oldest(ctx)
		if err != nil {
			return nil, feedError(err)
		}
		here.Sequence = oldest - 1
	case since.Store != here.Store:
		return nil, newError(CodeHistoryChanged, "the cursor belongs to the store "+since.Store+", this is "+here.Store)
	default:
		here = since
	}
	feed, err := db.store.Feed(ctx, here.Incarnation, here.Sequence)
	if err != nil {
		return nil, feedError(err)
	}
	return &Feed{db, feed}, nil
}

// Next returns the next transaction, or nil when there is none yet. Errors:
// HISTORY_DROPPED, with the oldest transaction that is kept in Oldest; CLOSED.
func (f *Feed) Next() (*Committed, error) { return f.wrap(f.feed.Next()) }

// Ready is closed when there may be a transaction that was not there when it was
// called: for who waits for other things too.
func (f *Feed) Ready() <-chan struct{} { return f.feed.Ready() }

// Wait is Next, and waits where there is none yet. It gives CANCELLED or
// TIMEOUT when the context ends, and CLOSED when the database is closed.
func (f *Feed) Wait(ctx context.Context) (*Committed, error) { return f.wrap(f.feed.Wait(ctx)) }

func (f *Feed) wrap(c *storage.Committed, err error) (*Committed, error) {
	if c == nil || err != nil {
		return nil, feedError(err)
	}
	return &Committed{c, f.db.CursorAt(c.Sequence)}, nil
}

func feedError(err error) error {
	err = wrap("following the changes", err)
	var dropped *wal.DroppedError
	if e, ok := err.(*Error); ok && errors.As(err, &dropped) {
		e.Oldest = dropped.Oldest
	}
	return err
}

// Changes gives the transactions behind a cursor that are there now, in order;
// see Feed. An error is the last thing it gives.
//
//	for tx, err := range db.Changes(ctx, cursor) {
//		if err != nil {
//			return err
//		}
//		for change, err := range tx.Changes() { … }
//		cursor = tx.Cursor
//	}
func (db *DB) Changes(ctx context.Context, since Cursor) iter.Seq2[*Committed, error] {
	return db.changes(ctx, since, func(f *Feed) (*Committed, error) { return f.Next() })
}

// Follow is Changes, and goes on with the transactions to come until the
// context ends, which is no error, or the database is closed.
func (db *DB) Follow(ctx context.Context, since Cursor) iter.Seq2[*Committed, error] {
	return db.changes(ctx, since, func(f *Feed) (*Committed, error) {
		c, err := f.Wait(ctx)
		if err != nil && ctx.Err() != nil {
			return nil, nil
		}
		return c, err
	})
}

func (db *DB) changes(ctx context.Context, since Cursor, next func(*Feed) (*Committed, error)) iter.Seq2[*Committed, error] {
	return func(yield func(*Committed, error) bool) {
		feed, err := db.Feed(ctx, since)
		for err == nil {
			var c *Committed
			if c, err = next(feed); c == nil || !yield(c, nil) {
				break
			}
		}
		if err != nil {
			yield(nil, err)
		}
	}
}

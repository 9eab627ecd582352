package pocketgraph

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/hack-pad/hackpadfs"

	"github.com/pocketgraph/pocketgraph/cypher"
	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/storage"
	"github.com/pocketgraph/pocketgraph/wal"
)

// DB is an open database. Its methods may be called from any number of
// goroutines.
type DB struct {
	store   *storage.Store
	engine  *cypher.Engine
	options *Options // nobody changes them
	// importer is that of the options, or another one.
	importer cypher.Importer

	listening *listeners
	running   *running
}

// Open creates or recovers the store whose files are at the root of fsys, as
// Options.Create says. fsys must have the capabilities that package wal asks
// for. The context bounds waiting for another owner and the recovery.
func Open(ctx context.Context, fsys hackpadfs.FS, o Options) (*DB, error) {
	store, err := storage.Open(ctx, fsys, o.storage(newStoreID()))
	if err != nil {
		return nil, openError(err)
	}
	return newDB(store, o), nil
}

// OpenMemory makes an empty database that keeps nothing.
func OpenMemory(o Options) (*DB, error) {
	return newDB(storage.OpenMemory(o.storage(newStoreID())), o), nil
}

func newDB(store *storage.Store, o Options) *DB {
	if o.Now == nil {
		o.Now = time.Now
	}
	db := &DB{store: store, engine: cypher.NewEngine(cypher.Config{}), options: &o, importer: o.Importer, listening: &listeners{}, running: &running{}}
	if o.OnEvent != nil {
		db.Listen(o.OnEvent, o.SlowerThan)
	}
	return db
}

// newStoreID draws 16 bytes that no other store has. The generator of the
// runtime is seeded by the operating system or the browser; crypto/rand would
// add a third to the size of the page's module, for an identifier that is no
// secret.
func newStoreID() (id [16]byte) {
	for i := 0; i < len(id); i += 8 {
		for j, u := 0, rand.Uint64(); j < 8; j, u = j+1, u>>8 {
			id[i+j] = byte(u)
		}
	}
	return id
}

// Engine is the query engine of this database: functions and procedures are
// registered there.
func (db *DB) Engine() *cypher.Engine { return db.engine }

// Reader returns the newest acknowledged state. It never changes.
func (db *DB) Reader() graph.Reader { return db.store.State() }

// Query runs one statement in a transaction of its own. A statement that
// writes has run completely and is durable when Query returns; the rows of one
// that only reads are computed while they are taken. Close the result.
func (db *DB) Query(ctx context.Context, text string, params map[string]graph.Value) (*Result, error) {
	type outcome struct {
		result *Result
		err    error
	}
	wait := make(chan outcome, 1)
	result, err := db.QueryAsync(ctx, text, params, func(r *Result, err error) { wait <- outcome{r, err} })
	if result != nil || err != nil {
		return result, err
	}
	o := <-wait
	return o.result, o.err
}

// QueryAsync is Query for who must not wait for a flush. A statement that only
// reads gives its result, and one that fails before it commits its error, as
// Query does. Otherwise both are nil and the outcome goes to done, once, perhaps
// before QueryAsync returns and perhaps later on another goroutine; done must
// not block.
func (db *DB) QueryAsync(ctx context.Context, text string, params map[string]graph.Value, done func(*Result, error)) (*Result, error) {
	return db.QueryOnce(ctx, Once{}, text, params, done)
}

// QueryOnce is QueryAsync for a named request; errors as of BeginOnce. A
// statement that only reads runs as often as it is asked.
func (db *DB) QueryOnce(ctx context.Context, once Once, text string, params map[string]graph.Value, done func(*Result, error)) (*Result, error) {
	statement, err := db.engine.Prepare(text)
	if err != nil {
		return nil, wrap("preparing the query", err)
	}
	if !statement.Writes() {
		return db.read(db.runtime(ctx, time.Time{}, db.store.State(), nil), statement, params, nil)
	}
	clock := db.clock(text)
	tx, err := db.BeginOnce(ctx, once.Origin)
	if err != nil {
		return nil, err
	}
	tx.work.statement(text)
	result, err := tx.run(statement, params, tx.next)
	if err != nil {
		clock.pause()
		clock.stop()
		tx.Rollback()
		if !tx.parts.any() {
			return nil, err
		}
		tx.parts.wait(func() { done(nil, err) })
		return nil, nil
	}
	tx.end()
	if once.Keep != nil {
		summary, rows := once.Keep(result)
		tx.write.Answers(once.Origin, summary, rows)
	}
	tx.write.CommitAsync(func(sequence uint64, err error) {
		tx.parts.wait(func() {
			if err == nil {
				err = tx.parts.failed()
			}
			if err != nil {
				done(nil, wrap("committing", err))
				return
			}
			clock.pause()
			clock.stop()
			result.summary.Sequence = max(sequence, tx.parts.sequence)
			done(result, nil)
		})
	})
	return nil, nil
}

// read starts a statement that only reads, in the transaction tx or in one of its own.
func (db *DB) read(rt *cypher.Runtime, s *cypher.Statement, params map[string]graph.Value, tx *Tx) (*Result, error) {
	clock := db.clock(s.Text())
	result := &Result{reader: rt.Reader, clock: clock, tx: tx}
	if tx != nil {
		tx.work.statement(s.Text())
	} else {
		db.running.begin(&result.work, s.Text(), false)
		rt.Ended = result.work.err
	}
	rows, err := db.engine.Run(rt, s, params)
	if err != nil {
		result.ended()
		return nil, wrap("running the query", err)
	}
	clock.pause()
	result.columns, result.rows = rows.Columns(), rows
	return result, nil
}

func (db *DB) runtime(ctx context.Context, began time.Time, r graph.Reader, w graph.Writer) *cypher.Runtime {
	return &cypher.Runtime{Reader: r, Writer: w, Context: ctx, Yield: db.options.Yield,
		Limits: db.options.Limits, Now: db.options.Now, Began: began, Importer: db.importer, Host: db}
}

// View runs fn in a transaction that only reads.
func (db *DB) View(ctx context.Context, fn func(*Tx) error) error {
	tx, err := db.Begin(ctx, false)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	return fn(tx)
}

// Update runs fn in the writing transaction and commits when fn returns nil;
// otherwise, and when fn panics, it rolls back. When Update returns nil the
// changes are durable (in relaxed mode: written).
func (db *DB) Update(ctx context.Context, fn func(*Tx) error) error {
	tx, err := db.Begin(ctx, true)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := fn(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// Snapshot writes the whole graph to the snapshot file that is not in use, so
// that the next open has less log to read. Readers and writers go on.
func (db *DB) Snapshot(ctx context.Context) (SnapshotInfo, error) {
	begin := db.options.Now()
	info, err := db.store.Snapshot(ctx)
	if err != nil {
		return SnapshotInfo{}, wrap("writing a snapshot", err)
	}
	return SnapshotInfo{Sequence: info.Sequence, Bytes: info.Bytes, Duration: db.options.Now().Sub(begin)}, nil
}

// SnapshotInfo tells about a snapshot that was written.
type SnapshotInfo struct {
	Sequence uint64 // of the last transaction in it
	Bytes    int64
	Duration time.Duration
}

// Check walks the whole graph and returns every broken invariant; none is the
// only good answer.
func (db *DB) Check(ctx context.Context) ([]string, error) {
	var problems []string
	db.store.State().Check(func(problem string) { problems = append(problems, problem) })
	return problems, wrap("checking", context.Cause(ctx))
}

// Close flushes, marks the store as cleanly closed and lets go of it. A second
// Close does nothing.
func (db *DB) Close() error { return wrap("closing the store", db.store.Close()) }

// Sequence is the number of the newest transaction in the log.
func (db *DB) Sequence() uint64 { return db.store.Sequence() }

// Report says what recovery found when the store was opened.
func (db *DB) Report() *wal.Report { return db.store.Report() }

// HoldFlush keeps the next flush waiting until release is called, so that the
// writes which are begun meanwhile share one for certain. Whoever holds must
// not wait for a write.
func (db *DB) HoldFlush() (release func()) { return db.store.HoldFlush() }

package jsbridge

import (
	"context"
	"io"

	"github.com/pocketgraph/pocketgraph"
	"github.com/pocketgraph/pocketgraph/cypher"
	"github.com/pocketgraph/pocketgraph/graph"
)

// Host opens databases for the dispatcher. Its methods run on goroutines of
// their own and may park; errors are *Failure, or are made one by Failure.
type Host interface {
	// Open creates or recovers a database. progress may be called at any rate.
	Open(ctx context.Context, o OpenRequest, progress func(stage string, done, total int64)) (Database, error)
	Destroy(ctx context.Context, name string, s Storage) error
	List(ctx context.Context, s Storage) ([]Listed, error)
	// Failure gives an error of this host, or of its databases, its code.
	Failure(err error) *Failure
}

// Listed is a database that exists and may be open or not.
type Listed struct {
	Name    string
	Storage string // "opfs" or "memory"
}

// Database is an open database, used from many goroutines.
type Database interface {
	// Query runs a statement in a transaction of its own. For one that writes
	// both are nil unless it fails at once, and its outcome goes to done when it
	// is durable: once, perhaps before Query returns and perhaps later on
	// another goroutine. done does not block. A named request that was applied
	// before gives *pocketgraph.Repeated; keep is asked for the answer to keep.
	// LOAD CSV reads from files, which may be nil.
	Query(ctx context.Context, o *pocketgraph.Origin, keep func(Result) (summary, rows []byte), text string, params map[string]graph.Value, files cypher.Importer, done func(Result, error)) (Result, error)
	// Begin waits until it may write, if it is to. The context bounds the
	// transaction's whole life. o is that of a write that is one request, or nil.
	Begin(ctx context.Context, write bool, o *pocketgraph.Origin) (Transaction, error)
	// Writes tells whether a statement writes; false if it is no statement.
	Writes(text string) bool
	Subscriptions
	// HoldFlush keeps the store from flushing until release is called, so
	// that writes which arrive together share one flush. It never parks.
	HoldFlush() (release func())
	// Fork is the same database for one client: what is registered there is
	// nobody else's.
	Fork() Database
	// Register makes a function or procedure, or replaces one; Unregister takes
	// one away, if it is there.
	Register(r pocketgraph.Registration) error
	Unregister(name string, procedure bool) bool
	Snapshot(ctx context.Context) (*graph.Map, error)
	// Export writes a backup of one committed state.
	Export(ctx context.Context, w io.Writer) (*graph.Map, error)
	Check(ctx context.Context) ([]string, error)
	Info() []graph.Entry
	Stats() []graph.Entry
	Diagnostics() []graph.Entry
	Close() error
}

// Transaction is an interactive transaction, used by one goroutine at a time.
type Transaction interface {
	Query(text string, params map[string]graph.Value, files cypher.Importer) (Result, error)
	Reader() graph.Reader
	Writer() graph.Writer // nil in one that only reads
	SetMetadata(map[string]string) error
	// Commit keeps summary and rows for a request that is repeated, if it has a name.
	Commit(o *pocketgraph.Origin, summary, rows []byte) (*graph.Map, error)
	Rollback()
}

// Result is the rows of a statement, in batches.
type Result interface {
	Columns() []string
	// Next returns the next rows; 0 is the end. Valid until the next call.
	Next() (rows int, columns [][]graph.Value, err error)
	Reader() graph.Reader
	Summary() *graph.Map // complete after the end
	Close()
}

package pocketgraph

import (
	"context"

	"github.com/pocketgraph/pocketgraph/cypher"
	"github.com/pocketgraph/pocketgraph/graph"
)

// Function computes a function that was registered. args has a value for each
// argument of the signature; r resolves the nodes and relationships among them.
// It may wait, and should give up when the context ends, which is that of the
// statement. An error ends the statement with FUNCTION. It is called from any
// number of goroutines, must not keep args, and must not write to the database:
// a statement that writes would wait for itself.
type Function func(ctx context.Context, r graph.Reader, args []graph.Value) (graph.Value, error)

// Procedure computes the rows of a procedure that was registered, each with a
// value for every column of the signature. What is said of Function holds for it.
type Procedure func(ctx context.Context, r graph.Reader, args []graph.Value) ([][]graph.Value, error)

// RegisterFunction makes a function of Go one of the query language, until the DB
// is closed:
//
//	db.RegisterFunction("text.slug(title :: STRING) :: STRING", slug)
//
// Types are those of IS ::, and NUMBER. A question mark behind one allows null;
// an argument or a result that is not of its type ends the statement. Where a
// FLOAT is wanted an Integer becomes one. One that was registered under the name
// is replaced; what the language has itself is EXISTS. Names of functions may be
// called in upper and lower case; a namespace keeps them apart from what the
// language may get one day.
func (db *DB) RegisterFunction(signature string, f Function) error {
	return db.Register(Registration{Signature: signature, Call: func(ctx context.Context, r graph.Reader, args [][]graph.Value, out []graph.Value) (err error) {
		for i := 0; i < len(out) && err == nil; i++ {
			if err = ctx.Err(); err == nil {
				out[i], err = f(ctx, r, rowOf(args, i))
			}
		}
		return err
	}})
}

func rowOf(columns [][]graph.Value, i int) []graph.Value {
	row := make([]graph.Value, len(columns))
	for k := range columns {
		row[k] = columns[k][i]
	}
	return row
}

// RegisterProcedure makes a function of Go a procedure of the query language; see
// RegisterFunction.
//
//	db.RegisterProcedure("net.resolve(host :: STRING) :: (address :: STRING, ttl :: INTEGER?)", resolve)
func (db *DB) RegisterProcedure(signature string, p Procedure) error {
	return db.Register(Registration{Signature: signature, Procedure: true, Call: func(ctx context.Context, r graph.Reader, args [][]graph.Value, out []graph.Value) error {
		for i := range out {
			rows, err := p(ctx, r, rowOf(args, i))
			if err != nil {
				return err
			}
			list := make([]graph.Value, len(rows))
			for n, values := range rows {
				list[n] = graph.List(values)
			}
			out[i] = graph.List(list)
		}
		return nil
	}})
}

// RegisterTable makes a procedure that answers from a table, or replaces the one
// of that name:
//
//	db.RegisterTable("my.names(id :: INTEGER?) :: (name :: STRING?)", rows)
//
// A row has a value for each argument, then for each result; a call yields the
// results of the rows whose arguments equal those given. The table lives as long
// as the DB is open.
func (db *DB) RegisterTable(signature string, rows [][]graph.Value) error {
	return db.Register(Registration{Signature: signature, Procedure: true, Rows: rows})
}

// Registration is a function or procedure that is to be registered; see package
// cypher. Its Call computes many rows at once.
type Registration = cypher.Registration

// Register is what RegisterFunction, RegisterProcedure and RegisterTable do.
func (db *DB) Register(r Registration) error { return wrap("registering", db.engine.Register(r)) }

// UnregisterFunction takes a function away that was registered: NOT_FOUND when
// there is none. Statements that run go on with it.
func (db *DB) UnregisterFunction(name string) error { return db.unregister(name, false) }

// UnregisterProcedure takes a procedure away that was registered.
func (db *DB) UnregisterProcedure(name string) error { return db.unregister(name, true) }

func (db *DB) unregister(name string, procedure bool) error {
	if !db.engine.Unregister(name, procedure) {
		return newError(CodeNotFound, "nothing was registered as "+name)
	}
	return nil
}

// Fork is a second DB on the same store. It begins with the functions and
// procedures that db has; what is registered later at one of the two is not
// known to the other. The store is closed by either's Close.
func (db *DB) Fork() *DB {
	fork := *db
	fork.engine = db.engine.Fork()
	return &fork
}

// WithImporter is db with another importer for LOAD CSV. Everything else is
// shared.
func (db *DB) WithImporter(i cypher.Importer) *DB {
	with := *db
	with.importer = i
	return &with
}

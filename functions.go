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
	return db.register(signature, false, func(ctx context.Context, r graph.Reader, args [][]graph.Value, out []graph.Value) (err error) {
		row := make([]graph.Value, len(args))
		for i := 0; i < len(out) && err == nil; i++ {
			for k := range args {
				row[k] = args[k][i]
			}
			if err = ctx.Err(); err == nil {
				out[i], err = f(ctx, r, row)
			}
		}
		return err
	})
}

// RegisterProcedure makes a function of Go a procedure of the query language; see
// RegisterFunction.
//
//	db.RegisterProcedure("net.resolve(host :: STRING) :: (address :: STRING, ttl :: INTEGER?)", resolve)
func (db *DB) RegisterProcedure(signature string, p Procedure) error {
	return db.register(signature, true, func(ctx context.Context, r graph.Reader, args [][]graph.Value, out []graph.Value) error {
		row := make([]graph.Value, len(args))
		for i := range out {
			for k := range args {
				row[k] = args[k][i]
			}
			rows, err := p(ctx, r, row)
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
	})
}

func (db *DB) register(signature string, procedure bool, call cypher.External) error {
	s, err := cypher.ParseSignature(signature)
	if err != nil {
		return wrap("registering", err)
	}
	if procedure != (s.Result == nil) {
		if procedure {
			return newError(CodeInvalidArgument, "the signature of a procedure has columns in parentheses: "+s.Text)
		}
		return newError(CodeInvalidArgument, "the signature of a function has a type as its result, not columns: "+s.Text)
	}
	_, err = db.engine.Register(s, call)
	return wrap("registering", err)
}

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

// WithImporter is db with another importer. Everything else is shared.
func (db *DB) WithImporter(i cypher.Importer) *DB {
	with := *db
	with.options.Importer = i
	return &with
}

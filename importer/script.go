package importer

import (
	"context"
	"errors"
	"strconv"

	pocketgraph "github.com/pocketgraph/pocketgraph"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
)

// ScriptError says which statement of a script went wrong. Statements before
// it have been committed, each by itself.
type ScriptError struct {
	File      string
	Line      int // on which the statement begins, from 1
	Statement int64
	Err       error
}

func (e *ScriptError) Error() string {
	return e.File + ", statement that begins in line " + strconv.Itoa(e.Line) + ": " + e.Err.Error()
}

// Unwrap returns what went wrong.
func (e *ScriptError) Unwrap() error { return e.Err }

// Script runs a Cypher script: statements separated by semicolons, each in a
// transaction of its own, in order. It stops at the first error.
func Script(ctx context.Context, db *pocketgraph.DB, source Source, progress func(Progress)) (report Report, err error) {
	if progress == nil {
		progress = func(Progress) {}
	}
	in, err := source.Open()
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	p := Progress{Phase: "write", File: source.Name, Total: source.Size}
	for piece, err := range syntax.SplitReader(&counting{in, &p.Done}) {
		var c created
		if err == nil {
			c, err = runStatement(ctx, db, piece.Text)
		}
		if err != nil {
			return report, &ScriptError{File: source.Name, Line: piece.Line, Statement: report.Statements + 1, Err: err}
		}
		report.Statements++
		report.Nodes += c.nodes
		report.Relationships += c.rels
		p.Elements = report.Statements
		progress(p)
	}
	progress(p)
	return report, nil
}

type created struct{ nodes, rels int64 }

func runStatement(ctx context.Context, db *pocketgraph.DB, text string) (created, error) {
	result, err := db.Query(ctx, text, nil)
	if err != nil {
		return created{}, err
	}
	defer result.Close()
	for {
		batch, err := result.Next()
		if err != nil || batch == nil {
			c := result.Summary().Counters
			return created{int64(c.NodesCreated), int64(c.RelationshipsCreated)}, err
		}
	}
}

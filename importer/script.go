package importer

import (
	"context"
	"errors"
	"strconv"
	"strings"

	pocketgraph "github.com/pocketgraph/pocketgraph"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/internal/csv"
)

// ScriptError says which statement of a script went wrong, and where if that is
// known. Statements before it have been committed, each by itself.
type ScriptError struct {
	File      string
	Line      int   // of the mistake, or else on which the statement begins; from 1
	Statement int64 // from 1
	Err       error // its line and excerpt count from the statement's beginning
}

// newScriptError places an error of a statement that begins in a line.
func newScriptError(file string, begins int, statement int64, err error) *ScriptError {
	e := &ScriptError{File: file, Line: begins, Statement: statement, Err: err}
	var query *pocketgraph.Error
	if errors.As(err, &query) && query.Line > 0 {
		e.Line += query.Line - 1
	}
	return e
}

func (e *ScriptError) Error() string {
	where := e.File + ", line " + strconv.Itoa(e.Line) + ", statement " + strconv.FormatInt(e.Statement, 10) + ": "
	var query *pocketgraph.Error
	if !errors.As(e.Err, &query) || query.Excerpt == "" {
		return where + e.Err.Error()
	}
	return where + query.Message + "\n" + renumber(query.Excerpt, e.Line)
}

// renumber gives an excerpt ("2 | text", and the caret in a line below) the
// line number of the file.
func renumber(excerpt string, line int) string {
	source, caret, ok := strings.Cut(excerpt, "\n")
	_, source, ok2 := strings.Cut(source, " | ")
	_, caret, ok3 := strings.Cut(caret, " | ")
	if !ok || !ok2 || !ok3 {
		return excerpt
	}
	number := strconv.Itoa(line)
	return number + " | " + source + "\n" + strings.Repeat(" ", len(number)) + " | " + caret
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
	defer in.Close() // read only: nothing can be lost
	last := 0        // line on which the statement before ended
	p := Progress{Phase: "write", File: source.Name, Total: source.Size}
	for piece, err := range syntax.SplitReader(&counting{in, &p.Done}) {
		if err != nil { // of reading; a statement that is too long has no line yet
			return report, &csv.PlaceError{File: source.Name, Line: last + 1, Err: err}
		}
		c, err := runStatement(ctx, db, piece.Text)
		if err != nil {
			return report, newScriptError(source.Name, piece.Line, report.Statements+1, err)
		}
		last = piece.Line + strings.Count(piece.Text, "\n")
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
	if ctx.Err() != nil { // a short statement may end before it looks
		return created{}, context.Cause(ctx)
	}
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

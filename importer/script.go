package importer

import (
	"context"
	"errors"
	"strconv"
	"strings"

	pocketgraph "github.com/pocketgraph/pocketgraph"
	"github.com/pocketgraph/pocketgraph/formats"
)

// ScriptError says which statement of a script went wrong, and where if that is
// known.
type ScriptError struct {
	File      string
	Line      int   // of the mistake, or else on which the statement begins; from 1
	Statement int64 // from 1
	Err       error // its line and excerpt count from the statement's beginning
}

// newScriptError places an error of a statement that begins in a line.
func newScriptError(s formats.Statement, statement int64, err error) *ScriptError {
	e := &ScriptError{File: s.File, Line: s.Line, Statement: statement, Err: err}
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

// runScripts runs the statements of scripts until the first error.
func runScripts(ctx context.Context, sources []formats.Source, o Options, query func(string) (*pocketgraph.Result, error), into *formats.Report) error {
	if len(sources) == 0 {
		return nil
	}
	var c created
	n := int64(0)
	report, err := formats.Statements(ctx, sources, o.Options, func(s formats.Statement) error {
		n++
		err := c.run(s.Text, query)
		if err != nil && ctx.Err() == nil {
			return newScriptError(s, n, err)
		}
		return err
	})
	report.Nodes, report.Relationships, report.Properties = c.nodes, c.rels, c.properties
	into.Add(report)
	return err
}

type created struct{ nodes, rels, properties int64 }

func (c *created) run(text string, query func(string) (*pocketgraph.Result, error)) error {
	result, err := query(text)
	if err != nil {
		return err
	}
	defer result.Close()
	for {
		batch, err := result.Next()
		if err != nil || batch == nil {
			counters := result.Summary().Counters
			c.nodes += int64(counters.NodesCreated) - int64(counters.NodesDeleted)
			c.rels += int64(counters.RelationshipsCreated) - int64(counters.RelationshipsDeleted)
			c.properties += int64(counters.PropertiesSet)
			return err
		}
	}
}

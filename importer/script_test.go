package importer

import (
	"context"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	pocketgraph "github.com/pocketgraph/pocketgraph"
	"github.com/pocketgraph/pocketgraph/formats"
)

// script runs a script: each statement by itself when batch is not 0.
func script(ctx context.Context, db *pocketgraph.DB, source formats.Source, batch int, progress func(formats.Progress)) (formats.Report, error) {
	return Import(ctx, db, []formats.Source{source}, Options{BatchSize: batch, Options: formats.Options{Format: formats.Cypher, Progress: progress}})
}

func TestScript(t *testing.T) {
	db := memory(t)
	text := "// a comment; with a semicolon\nCREATE (:A {s: 'x;y'});\n/* ; */ ;\nMATCH (a:A) CREATE (a)-[:T]->(:B);\nMATCH (n) RETURN n"
	var last formats.Progress
	report, err := script(context.Background(), db, file("s", text), 1, func(p formats.Progress) { last = p })
	require.NoError(t, err)
	require.Equal(t, []int64{2, 1, 3}, made(report))
	require.Equal(t, formats.Progress{Phase: "read", File: "s", Done: int64(len(text)), Total: int64(len(text)), Elements: 3}, last)
	require.EqualValues(t, 2, db.Stats().Sequence, "each statement is a transaction")
}

func TestScriptStopsAtTheFirstError(t *testing.T) {
	db := memory(t)
	report, err := script(context.Background(), db, file("s", "CREATE (:A);\n\nMATCH (a:A)\nRETURN b;\nCREATE (:C);"), 1, nil)
	require.EqualError(t, err, "s, line 4, statement 2: the variable b is not defined\n4 | RETURN b\n  |        ^")
	var where *ScriptError
	require.ErrorAs(t, err, &where)
	require.Equal(t, 4, where.Line)
	require.EqualValues(t, 2, where.Statement)
	require.EqualValues(t, "SyntaxError", pocketgraph.CodeOf(err))
	require.Equal(t, []int64{1, 0, 1}, made(report))
	require.Equal(t, []any{"A"}, ask(t, db, "MATCH (n) RETURN head(labels(n))"))
}

func TestScriptErrorsAtRunTimeNameTheirLine(t *testing.T) {
	db := memory(t)
	_, err := script(context.Background(), db, file("s", "CREATE (:A);\n\nUNWIND [1, 0] AS d\nCREATE (:B {n: 1 / d});"), 1, nil)
	require.EqualError(t, err, "s, line 4, statement 2: division by zero\n4 | CREATE (:B {n: 1 / d})\n  |                ^^^^^")
	require.Equal(t, []any{int64(1)}, ask(t, db, "MATCH (n) RETURN count(n)"), "half a statement stayed")
}

func TestScriptsThatCannotBeRead(t *testing.T) {
	db := memory(t)
	broken := formats.Source{Name: "s", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(io.MultiReader(strings.NewReader("CREATE (:A);\nCREATE (:B);\n  CREA"), iotest.ErrReader(io.ErrUnexpectedEOF))), nil
	}}
	report, err := script(context.Background(), db, broken, 1, nil)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.EqualError(t, err, "s, line 3: unexpected EOF")
	require.EqualValues(t, 2, report.Statements)

	long := "CREATE (:A);\nRETURN '" + strings.Repeat("x", 17<<20)
	_, err = script(context.Background(), db, file("s", long), 1, nil)
	require.EqualError(t, err, "s, line 2: a statement of the script is longer than 16 MiB")
}

func TestScriptCancelled(t *testing.T) {
	db := memory(t)
	ctx, cancel := context.WithCancel(context.Background())
	report, err := script(ctx, db, file("s", "CREATE (:A);\nCREATE (:B);\n"), 1, func(formats.Progress) { cancel() })
	require.ErrorIs(t, err, context.Canceled)
	require.EqualValues(t, 1, report.Statements)
}

// Without a batch size a script is one transaction.
func TestScriptIsAllOrNothing(t *testing.T) {
	db := memory(t)
	text := ":begin\nCREATE (:A);\nCREATE CONSTRAINT c FOR (a:A) REQUIRE a.n IS UNIQUE;\n:commit\nRETURN b;"
	report, err := script(context.Background(), db, file("s", text), 0, nil)
	require.EqualError(t, err, "s, line 5, statement 3: the variable b is not defined\n5 | RETURN b\n  |        ^")
	require.Equal(t, []int64{0, 0, 0}, made(report))
	require.Empty(t, ask(t, db, "MATCH (n) RETURN n"))
	require.Empty(t, db.Reader().Constraints())

	report, err = script(context.Background(), db, file("s", strings.Replace(text, "RETURN b", "RETURN 1", 1)), 0, nil)
	require.NoError(t, err)
	require.Equal(t, []int64{1, 0, 3}, made(report))
	require.Equal(t, []formats.Note{{Kind: formats.NoteDirectives, Count: 2, Detail: ":begin"}}, report.Notes)
	require.Len(t, db.Reader().Constraints(), 1)
	require.EqualValues(t, 1, db.Stats().Sequence)
}

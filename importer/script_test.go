package importer

import (
	"context"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	pocketgraph "github.com/pocketgraph/pocketgraph"
)

func TestScript(t *testing.T) {
	db := memory(t)
	text := "// a comment; with a semicolon\nCREATE (:A {s: 'x;y'});\n/* ; */ ;\nMATCH (a:A) CREATE (a)-[:T]->(:B);\nMATCH (n) RETURN n"
	var last Progress
	report, err := Script(context.Background(), db, file("s", text), func(p Progress) { last = p })
	require.NoError(t, err)
	require.Equal(t, Report{Nodes: 2, Relationships: 1, Statements: 3}, report)
	require.Equal(t, Progress{Phase: "write", File: "s", Done: int64(len(text)), Total: int64(len(text)), Elements: 3}, last)
	require.EqualValues(t, 2, db.Stats().Sequence, "each statement is a transaction")
}

func TestScriptStopsAtTheFirstError(t *testing.T) {
	db := memory(t)
	report, err := Script(context.Background(), db, file("s", "CREATE (:A);\n\nMATCH (a:A)\nRETURN b;\nCREATE (:C);"), nil)
	require.EqualError(t, err, "s, line 4, statement 2: the variable b is not defined\n4 | RETURN b\n  |        ^")
	var where *ScriptError
	require.ErrorAs(t, err, &where)
	require.Equal(t, 4, where.Line)
	require.EqualValues(t, 2, where.Statement)
	require.EqualValues(t, "SyntaxError", pocketgraph.CodeOf(err))
	require.Equal(t, Report{Nodes: 1, Statements: 1}, report)
	require.Equal(t, []any{"A"}, ask(t, db, "MATCH (n) RETURN head(labels(n))"))
}

func TestScriptErrorsAtRunTimeNameTheirLine(t *testing.T) {
	db := memory(t)
	_, err := Script(context.Background(), db, file("s", "CREATE (:A);\n\nUNWIND [1, 0] AS d\nCREATE (:B {n: 1 / d});"), nil)
	require.EqualError(t, err, "s, line 4, statement 2: division by zero\n4 | CREATE (:B {n: 1 / d})\n  |                ^^^^^")
	require.Equal(t, []any{int64(1)}, ask(t, db, "MATCH (n) RETURN count(n)"), "half a statement stayed")
}

func TestScriptsThatCannotBeRead(t *testing.T) {
	db := memory(t)
	broken := Source{Name: "s", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(io.MultiReader(strings.NewReader("CREATE (:A);\nCREATE (:B);\n  CREA"), iotest.ErrReader(io.ErrUnexpectedEOF))), nil
	}}
	report, err := Script(context.Background(), db, broken, nil)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.EqualError(t, err, "s, line 3: unexpected EOF")
	require.EqualValues(t, 2, report.Statements)

	long := "CREATE (:A);\nRETURN '" + strings.Repeat("x", 17<<20)
	_, err = Script(context.Background(), db, file("s", long), nil)
	require.EqualError(t, err, "s, line 2: a statement of the script is longer than 16 MiB")
}

func TestScriptCancelled(t *testing.T) {
	db := memory(t)
	ctx, cancel := context.WithCancel(context.Background())
	report, err := Script(ctx, db, file("s", "CREATE (:A);\nCREATE (:B);\n"), func(Progress) { cancel() })
	require.ErrorIs(t, err, context.Canceled)
	require.EqualValues(t, 1, report.Statements)
}

//go:build !js

package pocketgraph

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/crashfs"
)

// functions is a store with some functions and procedures of Go.
func functions(t *testing.T) *DB {
	t.Helper()
	db := open(t, crashfs.New(), Options{})
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	register := func(signature string, f func(args []graph.Value) (graph.Value, error)) {
		require.NoError(t, db.RegisterFunction(signature, func(_ context.Context, _ graph.Reader, args []graph.Value) (graph.Value, error) { return f(args) }))
	}
	register("my.slug(title :: STRING) :: STRING", func(args []graph.Value) (graph.Value, error) {
		return graph.String(strings.ReplaceAll(strings.ToLower(args[0].AsString()), " ", "-")), nil
	})
	register("my.half(n :: NUMBER?) :: FLOAT?", func(args []graph.Value) (graph.Value, error) {
		if args[0].Kind() == graph.KindInt {
			return graph.Int(args[0].AsInt() / 2), nil // an Integer, which becomes the Float
		}
		return args[0], nil
	})
	register("my.same(v :: ANY?) :: INTEGER", func(args []graph.Value) (graph.Value, error) { return args[0], nil })
	register("my.bad() :: ANY?", func([]graph.Value) (graph.Value, error) { return graph.Null, errors.New("no luck") })
	require.NoError(t, db.RegisterFunction("my.label(n :: NODE) :: STRING?", func(_ context.Context, r graph.Reader, args []graph.Value) (graph.Value, error) {
		for _, l := range r.AppendLabels(nil, args[0].AsNode()) {
			return graph.String(r.LabelName(l)), nil
		}
		return graph.Null, nil
	}))
	require.NoError(t, db.RegisterProcedure("my.letters(word :: STRING) :: (letter :: STRING, at :: INTEGER?)",
		func(_ context.Context, _ graph.Reader, args []graph.Value) ([][]graph.Value, error) {
			var rows [][]graph.Value
			for i, letter := range args[0].AsString() {
				rows = append(rows, []graph.Value{graph.String(string(letter)), graph.Int(int64(i))})
			}
			return rows, nil
		}))
	return db
}

func TestRegisteredFunctions(t *testing.T) {
	db := functions(t)
	require.Equal(t, []string{"'a-b'"}, answer(t, db, "RETURN my.slug('A b')"))
	require.Equal(t, []string{"'a-b'"}, answer(t, db, "RETURN MY.Slug('A b')"), "in any case, as the language's own")
	require.Equal(t, []string{"3.0 | 1.5 | null"}, answer(t, db, "RETURN my.half(7), my.half(1.5), my.half(null)"))
	require.Equal(t, []string{"2000 | 2000"}, answer(t, db, "UNWIND range(1, 2000) AS i WITH my.slug('N ' + i) AS s RETURN count(s), count(DISTINCT s)"))
	require.Equal(t, []string{"['x-1', 'x-2']"}, answer(t, db, "RETURN [i IN [1, 2] | my.slug('X ' + i)]"))
	answer(t, db, "CREATE (:Person), ()")
	require.Equal(t, []string{"'Person'", "null"}, answer(t, db, "MATCH (n) RETURN my.label(n)"))
	require.Equal(t, []string{"'b' | 1"}, answer(t, db, "CALL my.letters('abc') YIELD letter, at WHERE at = 1 RETURN letter, at"))
	require.Equal(t, []string{"3"}, answer(t, db, "UNWIND ['ab', 'c', ''] AS w CALL my.letters(w) YIELD letter RETURN count(*)"))

	require.Equal(t, []string{"'my.slug' | 'User' | 'my.slug(title :: STRING) :: STRING' | false"},
		answer(t, db, "SHOW USER DEFINED FUNCTIONS YIELD name, category, signature, isBuiltIn WHERE name CONTAINS 'slug'"))
	require.Equal(t, []string{"'my.letters(word :: STRING) :: (letter :: STRING, at :: INTEGER?)'"},
		answer(t, db, "SHOW PROCEDURES YIELD name, signature WHERE name STARTS WITH 'my.' RETURN signature"))
	require.Empty(t, answer(t, db, "SHOW BUILT IN FUNCTIONS YIELD name WHERE name STARTS WITH 'my.'"))
}

func TestRegisteredFunctionsInWritingStatements(t *testing.T) {
	db := functions(t)
	answer(t, db, "UNWIND ['A b', 'C'] AS title CREATE (:Page {slug: my.slug(title)})")
	require.Equal(t, []string{"'a-b'", "'c'"}, answer(t, db, "MATCH (p:Page) RETURN p.slug ORDER BY p.slug"))
	refused(t, db, "CREATE (:Page) WITH 1 AS x RETURN my.bad()")
	require.Equal(t, []string{"2"}, answer(t, db, "MATCH (p:Page) RETURN count(*)"), "a statement whose function fails changes nothing")
}

func TestErrorsOfRegisteredFunctions(t *testing.T) {
	db := functions(t)
	for text, want := range map[string]struct {
		code    Code
		detail  string
		message string
	}{
		"RETURN my.bad()":                  {CodeFunction, "Failed", "my.bad() failed: no luck"},
		"RETURN my.same('x')":              {CodeFunction, "InvalidResult", "my.same() gave a String, which its signature does not allow: my.same(v :: ANY?) :: INTEGER"},
		"RETURN my.same(null)":             {CodeFunction, "InvalidResult", "my.same() gave null, which its signature does not allow: my.same(v :: ANY?) :: INTEGER"},
		"WITH {} AS m RETURN my.slug(m.x)": {"TypeError", "InvalidArgumentValue", "my.slug() cannot take null as title"},
		"RETURN my.slug(1)":                {"SyntaxError", "InvalidArgumentType", "expected String for my.slug(), found Integer"},
		"RETURN my.slug()":                 {"SyntaxError", "InvalidNumberOfArguments", "the function my.slug() takes 1 argument, here are 0"},
		"RETURN my.slog('')":               {"SyntaxError", "UnknownFunction", "there is no function my.slog()"},
	} {
		e := refused(t, db, text)
		require.Equal(t, want.code, e.Code, text)
		require.Equal(t, want.detail, e.Detail, text)
		require.Equal(t, want.message, e.Message, text)
	}
	require.Equal(t, "my.bad() failed: no luck\n1 | RETURN 1 + my.bad()\n  |            ^^^^^^^^", refused(t, db, "RETURN 1 + my.bad()").Error())

	require.NoError(t, db.RegisterProcedure("my.odd() :: (a :: STRING)", func(context.Context, graph.Reader, []graph.Value) ([][]graph.Value, error) {
		return [][]graph.Value{{graph.Int(1)}}, nil
	}))
	require.Equal(t, "my.odd() gave an Integer as a, which its signature does not allow: my.odd() :: (a :: STRING)", refused(t, db, "CALL my.odd()").Message)
	require.NoError(t, db.RegisterProcedure("my.odd() :: (a :: STRING)", func(context.Context, graph.Reader, []graph.Value) ([][]graph.Value, error) {
		return [][]graph.Value{nil}, nil
	}))
	require.Equal(t, "my.odd() gave a row that has not as many values as its signature has columns: my.odd() :: (a :: STRING)", refused(t, db, "CALL my.odd()").Message)
}

func TestSignaturesThatAreRefused(t *testing.T) {
	db := functions(t)
	function := func(context.Context, graph.Reader, []graph.Value) (graph.Value, error) { return graph.Null, nil }
	for signature, want := range map[string]string{
		"toUpper(s :: STRING) :: STRING":   "EXISTS the language has toUpper() already",
		"TOUPPER(s :: STRING) :: STRING":   "EXISTS the language has TOUPPER() already",
		"count() :: INTEGER":               "EXISTS the language has count() already",
		"date.truncate() :: DATE":          "EXISTS the language has date.truncate() already",
		"case() :: INTEGER":                "ProcedureError nothing can be called case\n1 | case() :: INTEGER\n  | ^^^^",
		"reduce(a :: ANY) :: ANY":          "EXISTS the language has reduce() already",
		"my.f(a) :: INTEGER":               "ProcedureError expected '::', found ')'\n1 | my.f(a) :: INTEGER\n  |       ^",
		"my.f(a :: NUMERIC?) :: INTEGER":   "ProcedureError expected a type (INTEGER, STRING, LIST<…>, …), found 'NUMERIC'\n1 | my.f(a :: NUMERIC?) :: INTEGER\n  |           ^^^^^^^",
		"my.f() :: INTEGER RETURN 1":       "ProcedureError expected the end of the signature, found 'RETURN'\n1 | my.f() :: INTEGER RETURN 1\n  |                   ^^^^^^",
		"":                                 "ProcedureError expected a name, found the end of the statement",
		"my.f(a :: INTEGER) :: (b :: ANY)": "ProcedureError expected a type (INTEGER, STRING, LIST<…>, …), found '('\n1 | my.f(a :: INTEGER) :: (b :: ANY)\n  |                       ^",
	} {
		err := db.RegisterFunction(signature, function)
		require.Error(t, err, signature)
		require.Equal(t, want, string(CodeOf(err))+" "+err.Error(), signature)
	}
	err := db.RegisterProcedure("db.labels() :: (label :: STRING)", nil)
	require.Equal(t, CodeExists, CodeOf(err))
	require.Equal(t, CodeExists, CodeOf(db.RegisterTable("db.labels() :: (label :: STRING)", nil)))
	require.Equal(t, Code("ProcedureError"), CodeOf(db.RegisterProcedure("my.p() :: INTEGER", nil)))
}

func TestUnregister(t *testing.T) {
	db := functions(t)
	require.NoError(t, db.UnregisterFunction("MY.slug"))
	require.Equal(t, "UnknownFunction", refused(t, db, "RETURN my.slug('')").Detail)
	require.NoError(t, db.UnregisterProcedure("my.letters"))
	require.Equal(t, "ProcedureNotFound", refused(t, db, "CALL my.letters('')").Detail)
	for _, name := range []string{"my.slug", "toUpper", "nothing"} {
		require.Equal(t, CodeNotFound, CodeOf(db.UnregisterFunction(name)), name)
	}
	require.Equal(t, CodeNotFound, CodeOf(db.UnregisterProcedure("db.labels")))
}

func TestForksKeepTheirFunctions(t *testing.T) {
	db := functions(t)
	fork := db.Fork()
	one := func(n int64) Function {
		return func(context.Context, graph.Reader, []graph.Value) (graph.Value, error) { return graph.Int(n), nil }
	}
	require.NoError(t, fork.RegisterFunction("my.own() :: INTEGER", one(1)))
	require.Equal(t, []string{"1 | 'x'"}, answer(t, fork, "RETURN my.own(), my.slug('X')"))
	require.Equal(t, "UnknownFunction", refused(t, db, "RETURN my.own()").Detail)
	require.NoError(t, db.RegisterFunction("my.own() :: INTEGER", one(2)))
	require.Equal(t, []string{"1"}, answer(t, fork, "RETURN my.own()"))
	require.Equal(t, []string{"2"}, answer(t, db, "RETURN my.own()"))
	answer(t, fork, "CREATE (:Shared)")
	require.Equal(t, []string{"1"}, answer(t, db, "MATCH (n:Shared) RETURN count(*)"))
}

// A function that waits ends with its statement, and leaves the store usable.
func TestRegisteredFunctionsEndWithTheirStatement(t *testing.T) {
	db := functions(t)
	begun := make(chan struct{}, 1)
	require.NoError(t, db.RegisterFunction("my.wait() :: ANY?", func(ctx context.Context, _ graph.Reader, _ []graph.Value) (graph.Value, error) {
		begun <- struct{}{}
		<-ctx.Done()
		return graph.Null, ctx.Err()
	}))
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	_, err := db.Query(ctx, "CREATE (n {x: my.wait()})", nil)
	require.Equal(t, CodeTimeout, CodeOf(err))
	<-begun
	ctx, cancel = context.WithCancel(context.Background())
	go func() { <-begun; cancel() }()
	_, err = db.Query(ctx, "CREATE (n {x: my.wait()})", nil)
	require.Equal(t, CodeCancelled, CodeOf(err))
	require.Equal(t, []string{"0"}, answer(t, db, "MATCH (n) RETURN count(*)"))
}

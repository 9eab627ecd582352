package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestShellReadsScripts(t *testing.T) {
	dir := people(t)
	r := call(strings.Join([]string{
		"MATCH (p:Person)", "RETURN count(p) AS people;", "", "  ", ";",
		"CREATE (:A); CREATE (:A {s: 'x;y'}); // and a comment; with a semicolon",
		"/* a comment", "; over lines */", "MATCH (a:A) RETURN a.s // no end", " ORDER BY a.s;",
		"RETURN 'not the end;", "' AS text;\r", "RETURN 'last'",
	}, "\n"), "shell", dir)
	require.Equal(t, ran{0, strings.TrimLeft(`
┌────────┐
│ people │
├────────┤
│      2 │
└────────┘
1 row
1 node created, 1 label added
1 node created, 1 property set, 1 label added
┌───────┐
│ a.s   │
├───────┤
│ 'x;y' │
│ null  │
└───────┘
2 rows
┌──────────────────┐
│ text             │
├──────────────────┤
│ 'not the end;\n' │
└──────────────────┘
1 row
┌────────┐
│ 'last' │
├────────┤
│ 'last' │
└────────┘
1 row
`, "\n"), ""}, r)
}

func TestShellCommands(t *testing.T) {
	dir := people(t)
	good(t, "query", dir, "CREATE CONSTRAINT person_name FOR (p:Person) REQUIRE p.name IS UNIQUE")
	good(t, "query", dir, "CREATE INDEX born FOR (p:Person) ON (p.born)")
	r := call(":help\n :schema \n:stats;\n:snapshot\n:check\n:quit\nCREATE (:Never);\n", "shell", dir)
	require.Equal(t, exitOK, r.code)
	require.Empty(t, r.err)
	require.Contains(t, r.out, shellHelp)
	require.Contains(t, r.out, "labels:\n  Person 2\nrelationship types:\n  KNOWS 1\n")
	require.Contains(t, r.out, "'person_name'")
	require.Contains(t, r.out, "'born'")
	require.Contains(t, r.out, "2 nodes and 1 relationship in ")
	require.Contains(t, r.out, "sequence 3: no snapshot and ")
	require.Contains(t, r.out, "snapshot of sequence 3: ")
	require.Contains(t, r.out, "no invariant is broken\n")
	require.NotContains(t, r.out, "created")

	empty := call(":schema\n:stats\n", "shell", filepath.Join(t.TempDir(), "new"))
	require.Contains(t, empty.out, "no labels\nno relationship types\nno indexes\nno constraints\n0 nodes and 0 relationships in ")
}

func TestShellGoesOnAfterErrors(t *testing.T) {
	dir := people(t)
	r := call("RETURN x;\n:dance\nRETURN\n:quit", "shell", dir)
	require.Equal(t, exitFailed, r.code, "a script that went wrong says so")
	require.Contains(t, r.err, "pocketgraph: SyntaxError/UndefinedVariable: the variable x is not defined\n1 | RETURN x\n  |        ^\n")
	require.Contains(t, r.err, "unknown command :dance; :help lists them")
	require.Contains(t, r.err, "found ':'", "a colon inside a statement is no command")

	r = call("RETURN x; CREATE (:A);", "shell", dir)
	require.Equal(t, ran{exitFailed, "1 node created, 1 label added\n", r.err}, r)
}

func TestShellStatementsAreBounded(t *testing.T) {
	r := call("RETURN '"+strings.Repeat("x\n", 9<<20), "shell", filepath.Join(t.TempDir(), "db"))
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.err, "longer than 16 MiB")
}

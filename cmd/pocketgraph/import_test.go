package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// folder makes a folder with files, whose names may have folders in them.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	return dir
}

func TestImportFolder(t *testing.T) {
	files := folder(t, map[string]string{
		"rels/knows.csv":   ":START_ID,:END_ID,:TYPE\n1,2,KNOWS\n",
		"nodes/person.csv": "id:ID,name,:LABEL\n1,Ada,Person\n2,Bob,Person\n",
		"README.md":        "not a table",
	})
	dir := filepath.Join(t.TempDir(), "deep", "db")
	require.Equal(t, "2 files: 2 nodes and 1 relationship created\n", good(t, "import", dir, files, "--id-type", "integer"))
	require.Equal(t, `{"a.id":1,"b.name":"Bob"}`+"\n", good(t, "query", dir, "MATCH (a)-[:KNOWS]->(b) RETURN a.id, b.name", "--format", "json"))
	other := filepath.Join(t.TempDir(), "db")
	good(t, "import", other, filepath.Join(files, "nodes"))
	require.Equal(t, `{"n.id":"1"}`+"\n", good(t, "query", other, "MATCH (n {name: 'Ada'}) RETURN n.id", "--format", "json"))
}

func TestImportScriptsAndTables(t *testing.T) {
	files := folder(t, map[string]string{
		"a.cypher": "CREATE (:A); CREATE (:B)", "b.CQL": "MATCH (a:A), (b:B) CREATE (a)-[:T]->(b)", "c.tsv": ":ID\tnames:STRING[]\n1\tx|y\n",
	})
	dir := filepath.Join(t.TempDir(), "db")
	require.Equal(t, "3 files: 3 statements, 3 nodes and 1 relationship created\n",
		good(t, "import", dir, filepath.Join(files, "c.tsv"), filepath.Join(files, "a.cypher"), filepath.Join(files, "b.CQL"), "--array-delimiter", "|"))
	require.Equal(t, `{"n.names":["x","y"]}`+"\n", good(t, "query", dir, "MATCH (n) WHERE n.names IS NOT NULL RETURN n.names", "--format", "json"))
}

func TestImportErrors(t *testing.T) {
	files := folder(t, map[string]string{
		"bad.csv": ":ID,n:INT\n1,x\n", "x.txt": "x", "bad.cypher": "CREATE (:A);\n\nCREATE (:B)\nRETURN c;\nCREATE (:D)", "none/x.txt": "x",
	})
	dir := filepath.Join(t.TempDir(), "db")
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"none"}, "none holds no .csv file"},
		{[]string{"missing.csv"}, "missing.csv: no such file or directory"},
		{[]string{"bad.csv", "--delimiter", "ab"}, `the delimiter must be one byte, not "ab"`},
	} {
		c.args[0] = filepath.Join(files, c.args[0])
		r := call("", append([]string{"import", dir}, c.args...)...)
		require.Equal(t, exitFailed, r.code)
		require.Empty(t, r.out)
		require.Contains(t, r.err, c.want)
		require.NoDirExists(t, dir, "a store was made for nothing")
	}
	r := call("", "import", dir, filepath.Join(files, "x.txt"))
	require.Equal(t, ran{exitFailed, "1 file: 0 nodes and 0 relationships created\n", "pocketgraph: IMPORT: " + filepath.Join(files, "x.txt") +
		", line 1: what the file holds cannot be told from its name and its beginning; say the format\n"}, r)
	r = call("", "import", dir, filepath.Join(files, "bad.csv"))
	require.Equal(t, ran{exitFailed, "1 file: 0 nodes and 0 relationships created\n",
		"pocketgraph: IMPORT: " + filepath.Join(files, "bad.csv") + `, line 2, column 2: expected an integer of 64 bits, found "x"` + "\n"}, r)

	r = call("", "import", dir, filepath.Join(files, "bad.cypher"))
	require.Equal(t, exitFailed, r.code)
	require.Equal(t, "1 file: 0 nodes and 0 relationships created\n", r.out)
	require.Equal(t, "pocketgraph: SyntaxError/UndefinedVariable: "+filepath.Join(files, "bad.cypher")+
		", line 4, statement 2: the variable c is not defined\n4 | RETURN c;\n  |        ^\n", strings.ReplaceAll(r.err, "RETURN c\n", "RETURN c;\n"))
	require.Equal(t, `{"n":0}`+"\n", good(t, "query", dir, "MATCH (n) RETURN count(n) AS n", "--format", "json"))
}

// onScreen is what a screen shows of one line after it was written over.
func onScreen(text string) string {
	var line []rune
	for piece := range strings.SplitSeq(text, "\r") {
		over := []rune(piece)
		line = append(over, line[min(len(over), len(line)):]...)
	}
	return string(line)
}

func TestProgressIsDrawnOnScreensOnly(t *testing.T) {
	files := folder(t, map[string]string{"a.cypher": "CREATE (:A)", "a.csv": ":ID\n1\n"})
	script, table := filepath.Join(files, "a.cypher"), filepath.Join(files, "a.csv")
	for _, c := range []struct {
		bars  bool
		flags []string
		drawn bool
	}{{true, nil, true}, {true, []string{"-q"}, false}, {false, nil, false}} {
		dir := filepath.Join(t.TempDir(), "db")
		r := callOn(terminal{bars: c.bars}, "", append([]string{"import", dir, script, table}, c.flags...)...)
		require.Equal(t, exitOK, r.code)
		require.Equal(t, "2 files: 1 statement, 2 nodes and 0 relationships created\n", r.out)
		if !c.drawn {
			require.Empty(t, r.err)
			continue
		}
		require.Contains(t, r.err, "reading")
		require.NotContains(t, r.err, "\n", "a bar leaves nothing behind")
		require.Empty(t, strings.TrimSpace(onScreen(r.err)), "the last bar was wiped")
	}
}

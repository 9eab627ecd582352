package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	pocketgraph "github.com/pocketgraph/pocketgraph"
)

// asCommand makes the test binary behave as the command.
const asCommand = "POCKETGRAPH_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		os.Exit(run(os.Args[1:], ownTerminal()))
	}
	os.Exit(m.Run())
}

// command is the command as a process of its own.
func command(args ...string) *exec.Cmd {
	c := exec.Command(os.Args[0], args...)
	c.Env = append(os.Environ(), asCommand+"=1")
	return c
}

// ran is how a command ended.
type ran struct {
	code     int
	out, err string
}

// call runs the command in this process.
func call(in string, args ...string) ran {
	return callOn(terminal{}, in, args...)
}

// callOn runs it on a terminal with these properties.
func callOn(t terminal, in string, args ...string) ran {
	var out, err bytes.Buffer
	t.in, t.out, t.err = strings.NewReader(in), &out, &err
	code := run(args, t)
	return ran{code, out.String(), err.String()}
}

// good runs the command, which must succeed, and returns what it printed.
func good(t *testing.T, args ...string) string {
	t.Helper()
	r := call("", args...)
	require.Equal(t, ran{0, r.out, ""}, r)
	return r.out
}

func path(t *testing.T, name, text string) string {
	t.Helper()
	p := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(p, []byte(text), 0o600))
	return p
}

// people makes a store with two people.
func people(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "people.db")
	script := path(t, "people.cypher", `CREATE (a:Person {name: 'Ada', born: 1815})-[:KNOWS {since: 1833}]->(b:Person {name: 'Bob'});`)
	require.Contains(t, good(t, "import", dir, script), "1 statement, 2 nodes and 1 relationship created\n")
	return dir
}

func TestHelp(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"query", "--help"}, {"shell", "-h"}, {"import", "--help"}, {"check", "--help"}, {"log", "--help"}, {"stdio", "--help"}} {
		r := call("", args...)
		require.Equal(t, exitOK, r.code)
		require.Empty(t, r.err)
		require.Contains(t, r.out, "Usage: pocketgraph")
	}
	for _, name := range []string{"shell", "query", "import", "check", "log", "stdio"} {
		require.Contains(t, good(t, "--help"), "\n  "+name+" ")
	}
}

func TestCommandLinesThatMakeNoSense(t *testing.T) {
	for _, args := range [][]string{{}, {"dance"}, {"query"}, {"query", "dir"}, {"query", "dir", "RETURN 1", "--format", "xml"}, {"import", "dir"}, {"check"}} {
		r := call("", args...)
		require.Equal(t, exitUsage, r.code, "%q", args)
		require.Contains(t, r.err, "pocketgraph: ")
		require.Empty(t, r.out)
	}
}

func TestStoresThatAreNone(t *testing.T) {
	empty := t.TempDir()
	foreign := filepath.Dir(path(t, "meta", "something else"))
	file := path(t, "file", "x")
	for _, name := range []string{"query", "check", "log"} {
		text := []string{"RETURN 1"}
		if name != "query" {
			text = nil
		}
		for dir, want := range map[string]string{
			filepath.Join(empty, "missing"): "NOT_FOUND",
			empty:                           "NOT_FOUND",
			foreign:                         "NOT_A_STORE",
			file:                            "not a directory",
		} {
			r := call("", append([]string{name, dir}, text...)...)
			if name == "log" && dir == foreign {
				continue // says what it sees of it
			}
			require.Equal(t, exitFailed, r.code, "%s %s: %s", name, dir, r.out+r.err)
			require.Empty(t, r.out)
			if name != "log" { // which reads files, and no store
				require.Contains(t, r.err, want, "%s", name)
			}
			require.Contains(t, r.err, filepath.Base(dir), "the message names the directory")
		}
	}
	entries, err := os.ReadDir(empty)
	require.NoError(t, err)
	require.Empty(t, entries, "looking at nothing made something")
}

func TestAStoreThatAnotherProcessHolds(t *testing.T) {
	dir := people(t)
	owner := command("stdio", dir)
	in, err := owner.StdinPipe()
	require.NoError(t, err)
	out, err := owner.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, owner.Start())
	defer func() {
		require.NoError(t, in.Close())
		require.NoError(t, owner.Wait())
		good(t, "check", dir)
	}()
	_, err = in.Write([]byte(`{"id":1,"op":"query","text":"RETURN 1"}` + "\n"))
	require.NoError(t, err)
	_, err = out.Read(make([]byte, 1)) // it answers, so it owns the store
	require.NoError(t, err)

	r := call("", "query", dir, "RETURN 1")
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.err, "pocketgraph: LOCKED: "+dir)
	require.Contains(t, r.err, fmt.Sprintf("held by process %d (", owner.Process.Pid))
	require.Regexp(t, ` since 20\d\d-\d\d-\d\dT`, r.err)
	require.Contains(t, r.err, "hint: Close the other")
	require.Contains(t, good(t, "log", dir), "record 1", "log needs no lock")
}

func TestExitCodes(t *testing.T) {
	for _, c := range []struct {
		err  error
		code int
		text string
	}{
		{nil, 0, ""},
		{errBroken, 3, ""},
		{errTold, 1, ""},
		{errors.New("no"), 1, "pocketgraph: no\n"},
		{&pocketgraph.Error{Code: "SyntaxError", Detail: "X", Message: "m", Excerpt: "1 | a\n  | ^", Hint: "h"}, 1, "pocketgraph: SyntaxError/X: m\n1 | a\n  | ^\nhint: h\n"},
	} {
		var text bytes.Buffer
		require.Equal(t, c.code, exitCode(c.err, terminal{err: &text}))
		require.Equal(t, c.text, text.String())
	}
	var out bytes.Buffer
	require.True(t, printProblems(&out, []string{"node 7 has a label that is not\x1b[2J"}))
	require.Equal(t, "broken: node 7 has a label that is not\\u001B[2J\n", out.String())
}

func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	c := checkCommand{store{Dir: people(t)}}
	err := c.Run(ctx, terminal{out: &bytes.Buffer{}})
	require.Equal(t, pocketgraph.CodeCancelled, pocketgraph.CodeOf(err), "%v", err)
}

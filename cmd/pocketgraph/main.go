// Command pocketgraph works on PocketGraph stores from a terminal and from
// scripts: a shell, single queries, imports, checks, a readable log, and JSON
// lines on stdin and stdout for programs in other languages.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/alecthomas/kong"
	"golang.org/x/term"

	pocketgraph "github.com/pocketgraph/pocketgraph"
)

// commands is the command line. Each command has a Run method in the file of
// its name.
type commands struct {
	Shell  shellCommand  `cmd:"" help:"Type queries and see their results."`
	Query  queryCommand  `cmd:"" help:"Run one query and print its rows."`
	Import importCommand `cmd:"" help:"Bring Cypher scripts or CSV files into a store."`
	Nornic nornicCommand `cmd:"" help:"Bring a NornicDB log and snapshot into a new store."`
	Check  checkCommand  `cmd:"" help:"Walk the whole store and report every broken invariant."`
	Export exportCommand `cmd:"" help:"Write a backup of a store to one file."`
	Doctor doctorCommand `cmd:"" help:"Tell everything about a store that a bug report needs, and no data."`
	Log    logCommand    `cmd:"" help:"Print the log and the snapshots for a person."`
	Stdio  stdioCommand  `cmd:"" help:"Answer requests, one JSON object a line, on stdin and stdout."`
}

// terminal is where a command reads and writes; tests give it buffers.
type terminal struct {
	in       io.Reader
	out, err io.Writer
	person   bool // in and out are a person's terminal
	width    int  // of out in columns, 0 when it is no screen
	bars     bool // err is a screen, on which progress may be drawn
}

func main() {
	os.Exit(run(os.Args[1:], ownTerminal()))
}

// ownTerminal is that of this process.
func ownTerminal() terminal {
	t := terminal{in: os.Stdin, out: os.Stdout, err: os.Stderr, bars: term.IsTerminal(int(os.Stderr.Fd()))}
	if term.IsTerminal(int(os.Stdout.Fd())) {
		t.person = term.IsTerminal(int(os.Stdin.Fd()))
		if width, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil {
			t.width = width
		}
	}
	return t
}

// Exit codes. They are stable: scripts test for them.
const (
	exitOK     = 0
	exitFailed = 1 // the command could not do what was asked
	exitUsage  = 2 // the command line makes no sense
	exitBroken = 3 // check found something broken
)

// errBroken: check has already told what is broken.
var errBroken = errors.New("the store is broken")

// errTold: what went wrong has already been printed.
var errTold = errors.New("something went wrong")

func run(args []string, t terminal) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends what does not listen
	var cli commands
	exited := -1
	parser, err := kong.New(&cli, kong.Name("pocketgraph"),
		kong.Description("A property-graph database: openCypher over a durable store in a directory."),
		kong.Writers(t.out, t.err), kong.Exit(func(code int) { exited = code }),
		kong.UsageOnError(), kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(t))
	if err != nil {
		fmt.Fprintln(t.err, "pocketgraph:", err)
		return exitUsage
	}
	parsed, err := parser.Parse(args)
	if exited >= 0 { // --help was asked for and printed
		return exited
	}
	if err != nil {
		fmt.Fprintln(t.err, "pocketgraph:", err)
		return exitUsage
	}
	return exitCode(parsed.Run(), t)
}

// exitCode prints an error that has not been printed.
func exitCode(err error, t terminal) int {
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errBroken):
		return exitBroken
	case !errors.Is(err, errTold):
		printError(t.err, err)
	}
	return exitFailed
}

// printError prints an error with what the database knows about it: its code
// first, and a hint in a line of its own.
func printError(w io.Writer, err error) {
	var e *pocketgraph.Error
	if !errors.As(err, &e) {
		fmt.Fprintln(w, "pocketgraph:", err)
		return
	}
	code := string(e.Code)
	if e.Detail != "" {
		code += "/" + e.Detail
	}
	fmt.Fprintf(w, "pocketgraph: %s: %s\n", code, err)
	hint := e.Hint
	if e.Code == pocketgraph.CodeCorrupt {
		hint = "--salvage takes everything whole and keeps the damaged files aside"
	}
	if hint != "" {
		fmt.Fprintln(w, "hint:", hint)
	}
}

// store is the argument and the flags that all commands on a store share.
type store struct {
	Dir     string `arg:"" help:"Directory of the store."`
	Salvage bool   `help:"Take what is whole from a damaged store and keep the damaged files aside."`
	Imports string `name:"import-root" type:"existingdir" placeholder:"DIR" help:"Let LOAD CSV read the files below this directory."`
}

// open opens the store; create says whether a missing one is made.
func (s *store) open(ctx context.Context, create bool) (*pocketgraph.DB, error) {
	o := pocketgraph.Options{Create: pocketgraph.MustExist}
	if create {
		o.Create = pocketgraph.CreateIfMissing
	}
	if s.Imports != "" {
		o.Importer = pocketgraph.ImportDir(s.Imports)
	}
	if s.Salvage {
		o.Recovery = pocketgraph.RecoverSalvage
	}
	return pocketgraph.OpenDir(ctx, s.Dir, o)
}

// with opens the store, runs fn and closes it again.
func (s *store) with(ctx context.Context, create bool, fn func(*pocketgraph.DB) error) (err error) {
	db, err := s.open(ctx, create)
	if err != nil {
		err = fmt.Errorf("%s: %w", s.Dir, err)
		if !create && pocketgraph.CodeOf(err) == pocketgraph.CodeNotFound {
			err = fmt.Errorf("%w\nhint: import, shell and query --create make a store where there is none", err)
		}
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return fn(db)
}

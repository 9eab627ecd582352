package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"time"

	"github.com/ergochat/readline"

	pocketgraph "github.com/pocketgraph/pocketgraph"
)

// progressInterval is how often a progress bar is drawn.
const progressInterval = 100 * time.Millisecond

type shellCommand struct{ store }

const shellHelp = `Type a query and end it with a semicolon. Also:
  :help      this text
  :schema    labels, relationship types, indexes and constraints
  :stats     how much is in the store
  :snapshot  write a snapshot now
  :check     walk the whole store and report every broken invariant
  :quit      leave (or Ctrl-D)
Ctrl-C cancels the query that runs, or drops what was typed.`

// Run reads statements until the input ends. The store is created when it is
// missing. When nobody types, there are no prompts, and the exit code tells
// whether a statement went wrong.
func (c *shellCommand) Run(ctx context.Context, t terminal) error {
	return c.with(ctx, true, func(db *pocketgraph.DB) error {
		s := &shell{db: db, t: t}
		if !t.person {
			return s.script(ctx)
		}
		printReport(t.out, db.Report())
		fmt.Fprintln(t.out, "Type :help for help.")
		// Ctrl-C ends what runs, and the next command needs a context again.
		return s.talk(context.WithoutCancel(ctx))
	})
}

// newLines reads lines from the terminal, with history where there is a home.
func newLines(t terminal) (*readline.Instance, error) {
	config := &readline.Config{Stdin: t.in, Stdout: t.out, Stderr: t.err, HistorySearchFold: true}
	if dir, err := os.UserCacheDir(); err == nil && t.in == os.Stdin {
		dir = filepath.Join(dir, "pocketgraph")
		if os.MkdirAll(dir, 0o700) == nil {
			config.HistoryFile = filepath.Join(dir, "history")
		}
	}
	return readline.NewFromConfig(config)
}

// shell is one conversation.
type shell struct {
	db     *pocketgraph.DB
	t      terminal
	typed  typed
	failed bool // something went wrong that was asked for
}

// talk reads from a person.
func (s *shell) talk(ctx context.Context) error {
	lines, err := newLines(s.t)
	if err != nil {
		return err
	}
	defer lines.Close()
	for {
		lines.SetPrompt("pocketgraph> ")
		if !s.typed.blank() {
			lines.SetPrompt("          ... ")
		}
		line, err := lines.ReadLine()
		switch {
		case errors.Is(err, readline.ErrInterrupt):
			s.typed = typed{}
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case s.line(ctx, line):
			return nil
		}
	}
}

// script reads from a file or a program.
func (s *shell) script(ctx context.Context) error {
	lines := bufio.NewReader(s.t.in)
	for ctx.Err() == nil {
		line, err := lines.ReadString('\n')
		if err != nil && err != io.EOF {
			return err
		}
		if s.line(ctx, strings.TrimRight(line, "\r\n")) {
			break
		}
		if err == io.EOF {
			s.typed.end(func(text string) { s.run(ctx, text) })
			break
		}
	}
	if s.failed {
		return errTold
	}
	return context.Cause(ctx)
}

// line takes one line and reports whether to leave.
func (s *shell) line(ctx context.Context, line string) (leave bool) {
	if command := strings.TrimSpace(line); strings.HasPrefix(command, ":") && s.typed.blank() {
		return s.command(ctx, strings.TrimRight(command, "; "))
	}
	s.fail(s.typed.line(line, func(text string) { s.run(ctx, text) }))
	return false
}

// fail tells an error, if it is one.
func (s *shell) fail(err error) {
	if err != nil {
		s.failed = true
		printError(s.t.err, err)
	}
}

// run runs one statement; Ctrl-C cancels it and not the shell.
func (s *shell) run(ctx context.Context, text string) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	err := runQuery(ctx, s.db, text, nil, "table", s.t)
	s.fail(err)
	if err == nil && s.t.person {
		fmt.Fprintln(s.t.out)
	}
}

// command runs a line that begins with a colon and reports whether to leave.
func (s *shell) command(ctx context.Context, line string) (leave bool) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	switch line {
	case ":quit", ":exit", ":q":
		return true
	case ":help":
		fmt.Fprintln(s.t.out, shellHelp)
	case ":schema":
		s.schema(ctx)
	case ":stats":
		s.stats()
	case ":snapshot":
		s.snapshot(ctx)
	case ":check":
		s.check(ctx)
	default:
		s.fail(fmt.Errorf("unknown command %s; :help lists them", visible(line)))
	}
	return false
}

// schema prints the names and the rules of the graph.
func (s *shell) schema(ctx context.Context) {
	stats := s.db.Stats()
	printCounts(s.t.out, "label", stats.Labels)
	printCounts(s.t.out, "relationship type", stats.Types)
	for _, rules := range []struct{ query, none string }{{"SHOW INDEXES YIELD name, entityType, labelsOrTypes, properties, owningConstraint", "no indexes"},
		{"SHOW CONSTRAINTS YIELD name, type, entityType, labelsOrTypes, properties, propertyType", "no constraints"}} {
		result, err := s.db.Query(ctx, rules.query, nil)
		if err == nil {
			err = s.rules(result, rules.none)
		}
		s.fail(err)
	}
}

func (s *shell) rules(result *pocketgraph.Result, none string) error {
	defer result.Close()
	t := s.t
	var table bytes.Buffer
	t.out = &table
	if rows, err := printTables(result, t); err != nil {
		return err
	} else if rows == 0 {
		fmt.Fprintln(s.t.out, none)
		return nil
	}
	_, err := table.WriteTo(s.t.out)
	return err
}

func (s *shell) stats() {
	stats := s.db.Stats()
	fmt.Fprintf(s.t.out, "%s and %s in %s of memory\n", plural(stats.Nodes, "node"),
		plural(stats.Relationships, "relationship"), bytesText(int64(stats.Memory.Total)))
	snapshot := "no snapshot"
	if stats.Log.SnapshotBytes > 0 {
		snapshot = fmt.Sprintf("a snapshot of sequence %d (%s)", stats.Log.SnapshotSequence, bytesText(stats.Log.SnapshotBytes))
	}
	fmt.Fprintf(s.t.out, "sequence %d: %s and %s of log\n", stats.Sequence, snapshot, bytesText(stats.Log.LogBytes))
}

func (s *shell) snapshot(ctx context.Context) {
	info, err := s.db.Snapshot(ctx)
	if err != nil {
		s.fail(err)
		return
	}
	fmt.Fprintf(s.t.out, "snapshot of sequence %d: %s in %s\n", info.Sequence, bytesText(info.Bytes), durationText(info.Duration))
}

func (s *shell) check(ctx context.Context) {
	problems, err := s.db.Check(ctx)
	if err == nil && printProblems(s.t.out, problems) {
		s.failed = true
	}
	s.fail(err)
}

// printCounts prints names and how often they occur, ordered by name.
func printCounts(w io.Writer, what string, counts map[string]int) {
	if len(counts) == 0 {
		fmt.Fprintf(w, "no %ss\n", what)
		return
	}
	fmt.Fprintf(w, "%ss:\n", what)
	for _, name := range sortedKeys(counts) {
		fmt.Fprintf(w, "  %s %d\n", nameText(name), counts[name])
	}
}

// bytesText is a number of bytes for a person.
func bytesText(n int64) string {
	switch {
	case n >= 10<<20:
		return fmt.Sprintf("%d MiB", n>>20)
	case n >= 10<<10:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return plural(int(n), "byte")
}

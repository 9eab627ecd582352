package main

import (
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
// missing.
func (c *shellCommand) Run(ctx context.Context, t terminal) error {
	return c.with(ctx, true, func(db *pocketgraph.DB) error {
		printReport(t.out, db.Report())
		lines, err := newLines(t)
		if err != nil {
			return err
		}
		defer lines.Close()
		fmt.Fprintln(t.out, "Type :help for help.")
		s := &shell{db: db, t: t, lines: lines}
		return s.loop(ctx)
	})
}

// newLines reads lines from the terminal, with history where there is a home.
func newLines(t terminal) (*readline.Instance, error) {
	config := &readline.Config{Prompt: "pocketgraph> ", Stdin: t.in, Stdout: t.out, Stderr: t.err}
	if dir, err := os.UserCacheDir(); err == nil && t.in == os.Stdin {
		dir = filepath.Join(dir, "pocketgraph")
		if os.MkdirAll(dir, 0o700) == nil {
			config.HistoryFile = filepath.Join(dir, "history")
		}
	}
	return readline.NewFromConfig(config)
}

// shell is one conversation with a person.
type shell struct {
	db    *pocketgraph.DB
	t     terminal
	lines *readline.Instance
	typed strings.Builder // a statement that has no semicolon yet
}

func (s *shell) loop(ctx context.Context) error {
	for {
		prompt := "pocketgraph> "
		if s.typed.Len() > 0 {
			prompt = "          ... "
		}
		s.lines.SetPrompt(prompt)
		line, err := s.lines.ReadLine()
		switch {
		case errors.Is(err, readline.ErrInterrupt):
			s.typed.Reset()
			continue
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		if s.typed.Len() == 0 && strings.HasPrefix(strings.TrimSpace(line), ":") {
			if s.command(ctx, strings.TrimSpace(line)) {
				return nil
			}
			continue
		}
		s.typed.WriteString(line + "\n")
		if text := strings.TrimSpace(s.typed.String()); strings.HasSuffix(text, ";") {
			s.typed.Reset()
			s.run(strings.TrimSuffix(text, ";"))
		} else if text == "" {
			s.typed.Reset()
		}
	}
}

// run runs one statement; Ctrl-C cancels it and not the shell.
func (s *shell) run(text string) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	begin := time.Now()
	if err := runQuery(ctx, s.db, text, nil, "table", s.t); err != nil {
		printError(s.t.err, err)
		return
	}
	fmt.Fprintf(s.t.out, "%s\n\n", time.Since(begin).Round(10*time.Microsecond))
}

// command runs a line that begins with a colon and reports whether to leave.
func (s *shell) command(ctx context.Context, line string) (leave bool) {
	switch line {
	case ":quit", ":exit", ":q":
		return true
	case ":help":
		fmt.Fprintln(s.t.out, shellHelp)
	case ":schema":
		s.run("SHOW INDEXES")
		s.run("SHOW CONSTRAINTS")
	case ":stats":
		s.stats()
	case ":snapshot":
		s.snapshot(ctx)
	case ":check":
		s.check(ctx)
	default:
		fmt.Fprintf(s.t.err, "unknown command %s; :help lists them\n", line)
	}
	return false
}

func (s *shell) stats() {
	stats := s.db.Stats()
	fmt.Fprintf(s.t.out, "%s, %s, sequence %d, %d bytes of graph in memory\n", plural(stats.Nodes, "node"),
		plural(stats.Relationships, "relationship"), stats.Sequence, stats.Memory.Total)
	printCounts(s.t.out, "label", stats.Labels)
	printCounts(s.t.out, "type", stats.Types)
}

func (s *shell) snapshot(ctx context.Context) {
	info, err := s.db.Snapshot(ctx)
	if err != nil {
		printError(s.t.err, err)
		return
	}
	fmt.Fprintf(s.t.out, "snapshot of sequence %d: %d bytes in %s\n", info.Sequence, info.Bytes, info.Duration.Round(time.Millisecond))
}

func (s *shell) check(ctx context.Context) {
	problems, err := s.db.Check(ctx)
	if err != nil {
		printError(s.t.err, err)
		return
	}
	for _, problem := range problems {
		fmt.Fprintln(s.t.out, "broken:", problem)
	}
	fmt.Fprintln(s.t.out, plural(len(problems), "broken invariant"))
}

// printCounts prints a map of names and counts, ordered by name.
func printCounts(w io.Writer, what string, counts map[string]int) {
	for _, name := range sortedKeys(counts) {
		fmt.Fprintf(w, "  %s %s: %d\n", what, name, counts[name])
	}
}

package formats

import (
	"context"
	"errors"
	"strings"

	"github.com/pocketgraph/pocketgraph/cypher/syntax"
)

// Statement is one of a script.
type Statement struct {
	Text string
	File string
	Line int // on which it begins, from 1
}

// Statements cuts scripts into statements, in order, and gives each to run.
// Lines for Neo4j's shell (":begin" and the like) are left out and noted.
func Statements(ctx context.Context, sources []Source, o Options, run func(Statement) error) (Report, error) {
	report := Report{Format: Cypher, Notes: []Note{}}
	if err := o.defaults(); err != nil {
		return report, err
	}
	m := &meter{ctx: ctx, tell: o.Progress, progress: Progress{Phase: "read", Total: totalSize(sources)},
		elements: func() int64 { return report.Statements }}
	for _, s := range sources {
		if err := statements(s, m, &report, run); err != nil {
			return report, err
		}
	}
	m.now()
	return report, context.Cause(ctx)
}

func statements(s Source, m *meter, report *Report, run func(Statement) error) error {
	in, err := s.Open()
	if err != nil {
		return err
	}
	last := 0 // line on which the statement before ended
	for piece, err := range syntax.SplitReader(skipMark(m.reader(in, s.Name))) {
		if err == nil {
			err = context.Cause(m.ctx)
		}
		if err != nil { // of reading; a statement that is too long has no line yet
			return errors.Join(&PlaceError{File: s.Name, Line: last + 1, Err: err}, in.Close())
		}
		last = piece.Line + strings.Count(piece.Text, "\n")
		text, line := withoutDirectives(piece.Text, piece.Line, report)
		if text == "" {
			continue
		}
		if err := run(Statement{text, s.Name, line}); err != nil {
			return errors.Join(err, in.Close())
		}
		report.Statements++
		m.now()
	}
	return in.Close()
}

// withoutDirectives takes lines for a shell away from the beginning of a statement.
func withoutDirectives(text string, line int, report *Report) (string, int) {
	for {
		rest := strings.TrimLeft(text, " \t\r\n")
		line += strings.Count(text[:len(text)-len(rest)], "\n")
		if text = rest; !strings.HasPrefix(text, ":") {
			return text, line
		}
		directive, after, _ := strings.Cut(text, "\n")
		report.note(NoteDirectives, strings.TrimSpace(directive))
		text = after
		line++
	}
}

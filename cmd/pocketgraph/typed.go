package main

import (
	"strings"

	"github.com/pocketgraph/pocketgraph/cypher/syntax"
)

// typed gathers lines to statements. The zero typed is ready.
type typed struct {
	splitter syntax.Splitter
	pending  strings.Builder // what was typed since the last semicolon
}

// line takes a line and calls run for each statement that it completes.
func (t *typed) line(line string, run func(text string)) error {
	for _, b := range []byte(line + "\n") {
		t.pending.WriteByte(b)
		err := t.splitter.Write([]byte{b}, func(p syntax.Piece) error {
			t.pending.Reset()
			run(p.Text)
			return nil
		})
		if err != nil {
			*t = typed{}
			return err
		}
	}
	if t.blank() {
		*t = typed{}
	}
	return nil
}

// end runs what is left at the end of the input.
func (t *typed) end(run func(text string)) {
	_ = t.splitter.Close(func(p syntax.Piece) error { // the only error would be ours
		run(p.Text)
		return nil
	})
}

// blank reports whether no statement and no comment has begun that goes on in
// the next line.
func (t *typed) blank() bool {
	text := strings.TrimLeft(t.pending.String(), "; \t\n")
	switch {
	case text == "":
		return true
	case !strings.HasPrefix(text, "/"):
		return false
	}
	return pieces(text) == 0 && pieces(text+"\nx") == 1
}

func pieces(text string) (n int) {
	for range syntax.SplitScript(text) {
		n++
	}
	return n
}

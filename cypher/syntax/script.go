package syntax

import (
	"errors"
	"io"
	"iter"
)

// ErrStatementTooLong is what a Splitter answers for a statement longer than
// MaxText.
var ErrStatementTooLong = errors.New("a statement of the script is longer than 16 MiB")

// Piece is one statement of a script, without its semicolon and the white
// space around it. Comments stay.
type Piece struct {
	Text   string
	Offset int64 // of its first byte in the script
	Line   int   // of its first byte, from 1
}

// SplitScript cuts a script into statements at the semicolons that are not
// inside strings, backquotes or comments. Pieces of white space and comments
// alone are left out. Nothing is parsed.
func SplitScript(text string) iter.Seq[Piece] {
	return func(yield func(Piece) bool) {
		var s Splitter
		s.limit = len(text) + 1
		stop := errors.New("the caller wants no more")
		emit := func(p Piece) error {
			if !yield(p) {
				return stop
			}
			return nil
		}
		if s.Write([]byte(text), emit) == nil {
			_ = s.Close(emit)
		}
	}
}

// SplitReader cuts a script that is read piece by piece: it holds one
// statement and one buffer of it at a time. It ends with the first error.
func SplitReader(r io.Reader) iter.Seq2[Piece, error] {
	return func(yield func(Piece, error) bool) {
		var s Splitter
		stop := errors.New("the caller wants no more")
		emit := func(p Piece) error {
			if !yield(p, nil) {
				return stop
			}
			return nil
		}
		err := s.readFrom(r, emit)
		if err != nil && err != stop {
			yield(Piece{}, err)
		}
	}
}

// splitBuffer is how much SplitReader reads at once.
const splitBuffer = 64 << 10

func (s *Splitter) readFrom(r io.Reader, emit func(Piece) error) error {
	buffer := make([]byte, splitBuffer)
	for {
		n, err := r.Read(buffer)
		if writeErr := s.Write(buffer[:n], emit); writeErr != nil {
			return writeErr
		}
		switch {
		case err == io.EOF:
			return s.Close(emit)
		case err != nil:
			return err
		}
	}
}

// Splitter cuts a script that arrives in chunks of any size. The zero Splitter
// is ready.
type Splitter struct {
	held    []byte // of the statement that is not yet complete, from its first byte
	content bool   // held has more than comments
	state   splitState
	last    byte // the byte before, where two bytes mean something
	offset  int64
	line    int
	at      int64 // offset of the next byte
	lines   int   // line ends so far
	limit   int   // of held; 0 means MaxText
}

// splitState is what the next byte of a script is inside of.
type splitState uint8

const (
	inStatement splitState = iota
	inSingleQuotes
	inDoubleQuotes
	inBackquotes
	inLineComment
	inBlockComment
)

// Write takes the next chunk and calls emit for each statement it completes.
// An error of emit ends it.
func (s *Splitter) Write(chunk []byte, emit func(Piece) error) error {
	limit := s.limit
	if limit == 0 {
		limit = MaxText
	}
	for _, c := range chunk {
		complete := s.step(c)
		s.at++
		if c == '\n' {
			s.lines++
		}
		if complete {
			if err := s.flush(emit); err != nil {
				return err
			}
		} else if len(s.held) > limit {
			return ErrStatementTooLong
		}
	}
	return nil
}

// Close emits the last statement, which needs no semicolon.
func (s *Splitter) Close(emit func(Piece) error) error { return s.flush(emit) }

// step takes one byte. It is true for a semicolon that ends a statement.
func (s *Splitter) step(c byte) (complete bool) {
	if s.state == inStatement && c == ';' {
		s.last = 0
		return true
	}
	if len(s.held) == 0 {
		if isSpace(c) {
			return false
		}
		s.offset, s.line = s.at, s.lines+1
	}
	s.held = append(s.held, c)
	s.advance(c)
	return false
}

func isSpace(c byte) bool { return c == ' ' || c-'\t' < 5 }

// advance moves the state over one byte of a statement.
func (s *Splitter) advance(c byte) {
	last := s.last
	s.last = c
	switch s.state {
	case inStatement:
		s.open(last, c)
	case inLineComment:
		if c == '\n' {
			s.state = inStatement
		}
	case inBlockComment:
		if last == '*' && c == '/' {
			s.state, s.last = inStatement, 0
		}
	case inBackquotes:
		if c == '`' {
			s.state = inStatement // a doubled one opens again at once
		}
	default:
		s.inString(last, c)
	}
}

// open looks for what begins in a statement.
func (s *Splitter) open(last, c byte) {
	switch {
	case last == '/' && c == '/':
		s.state = inLineComment
		return
	case last == '/' && c == '*':
		s.state, s.last = inBlockComment, 0
		return
	case c == '\'':
		s.state, s.last = inSingleQuotes, 0
	case c == '"':
		s.state, s.last = inDoubleQuotes, 0
	case c == '`':
		s.state = inBackquotes
	}
	// A slash is content only when the next byte makes it no comment.
	s.content = s.content || last == '/' || c != '/' && !isSpace(c)
}

// inString looks for the closing quote. last is a backslash only when it is
// one that escapes.
func (s *Splitter) inString(last, c byte) {
	quote := byte('\'')
	if s.state == inDoubleQuotes {
		quote = '"'
	}
	switch {
	case last == '\\':
		s.last = 0
	case c == quote:
		s.state, s.last = inStatement, 0
	}
}

// flush emits what is held, if it is a statement, and begins the next.
func (s *Splitter) flush(emit func(Piece) error) error {
	end := len(s.held)
	for end > 0 && isSpace(s.held[end-1]) {
		end--
	}
	p := Piece{Text: string(s.held[:end]), Offset: s.offset, Line: s.line}
	emits := s.content || s.last == '/' && s.state == inStatement
	s.held, s.content, s.state, s.last = s.held[:0], false, inStatement, 0
	if !emits {
		return nil
	}
	return emit(p)
}

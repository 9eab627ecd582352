package cypher

import (
	"context"
	"errors"

	"github.com/pocketgraph/pocketgraph/cypher/exec"
	"github.com/pocketgraph/pocketgraph/cypher/plan"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
)

// The phases of an Error.
const (
	CompilePhase = "compile"
	RuntimePhase = "runtime"
)

// Error is anything wrong with a statement, in the words of the openCypher
// conformance suite.
type Error struct {
	Code    string // SyntaxError, TypeError, ArgumentError, EntityNotFound, NotImplemented, …
	Phase   string // CompilePhase or RuntimePhase
	Detail  string // UndefinedVariable, InvalidArgumentType, …
	Message string
	Hint    string // what might help, or empty
	Offset  int    // in bytes, where it is known; else Line is 0
	Line    int    // from 1
	Column  int    // from 1, in characters
	cause   error
	span    syntax.Range
	text    string
}

// Error is one line.
func (e *Error) Error() string {
	at := ""
	if e.Line > 0 {
		at = "line " + itoa(e.Line) + ", column " + itoa(e.Column) + ": "
	}
	return at + e.Message + " (" + e.Code + ": " + e.Detail + ")"
}

// Unwrap gives the cause, such as an error of the store.
func (e *Error) Unwrap() error { return e.cause }

// Excerpt is the line of the query and carets below the place; empty when the
// place is not known.
func (e *Error) Excerpt() string {
	if e.Line == 0 {
		return ""
	}
	s := syntax.Error{Range: e.span, Text: e.text}
	return s.Excerpt()
}

// Render shows the error with its line and a caret below the place.
func (e *Error) Render() string {
	if e.Line == 0 {
		text := e.Code + " (" + e.Detail + "): " + e.Message
		if e.Hint != "" {
			text += "\nhint: " + e.Hint
		}
		return text
	}
	s := syntax.Error{Code: e.Code, Detail: e.Detail, Message: e.Message, Hint: e.Hint, Range: e.span, Text: e.text}
	return s.Render()
}

func itoa(i int) string {
	if i < 10 {
		return string(rune('0' + i))
	}
	return itoa(i/10) + string(rune('0'+i%10))
}

// wrap turns what goes wrong before a statement runs into an *Error.
func wrap(err error, text string) error {
	var s *syntax.Error
	var u *plan.Unsupported
	switch {
	case errors.As(err, &s):
		return place(&Error{Code: s.Code, Phase: CompilePhase, Detail: s.Detail, Message: s.Message, Hint: s.Hint}, s.Range, text)
	case errors.As(err, &u):
		return place(&Error{Code: "NotImplemented", Phase: CompilePhase, Detail: "NotImplemented", Message: u.Error()}, u.At, text)
	}
	return err
}

// wrapRuntime does the same for what goes wrong while it runs.
func wrapRuntime(err error, text string) error {
	var x *exec.Error
	var u *plan.Unsupported
	switch {
	case errors.As(err, &x):
		return place(&Error{Code: x.Code, Phase: RuntimePhase, Detail: x.Detail, Message: x.Message, Hint: x.Hint, cause: x.Cause}, x.At, text)
	case errors.As(err, &u):
		return place(&Error{Code: "NotImplemented", Phase: RuntimePhase, Detail: "NotImplemented", Message: u.Error()}, u.At, text)
	case errors.Is(err, context.DeadlineExceeded):
		return &Error{Code: "Timeout", Phase: RuntimePhase, Detail: "Timeout", Message: "the statement took longer than it was allowed", cause: err}
	case errors.Is(err, context.Canceled):
		return &Error{Code: "Cancelled", Phase: RuntimePhase, Detail: "Cancelled", Message: "the statement was cancelled", cause: err}
	}
	return err
}

func place(e *Error, at syntax.Range, text string) *Error {
	if at.End > at.Pos {
		p := syntax.PositionOf(text, at.Pos)
		e.Offset, e.Line, e.Column = at.Pos, p.Line, p.Column
		e.span, e.text = at, text
	}
	return e
}

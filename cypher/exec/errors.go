package exec

import (
	"errors"

	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// Error is what goes wrong while a statement runs, in the words of the
// conformance suite.
type Error struct {
	Code    string // TypeError, ArgumentError, …
	Detail  string
	Message string
	Hint    string
	At      syntax.Range // zero when the place is not known
	Cause   error
}

func (e *Error) Error() string { return e.Message + " (" + e.Code + ": " + e.Detail + ")" }

// Unwrap gives the cause, if there is one.
func (e *Error) Unwrap() error { return e.Cause }

// fail ends the run with an error, unless it ended already, and returns Null.
//
//go:noinline
func (r *Run) fail(code, detail, message string, at syntax.Range) graph.Value {
	if r.err == nil {
		r.err = &Error{Code: code, Detail: detail, Message: message, At: at}
	}
	return graph.Null
}

//go:noinline
func (r *Run) typeError(message string, at syntax.Range) graph.Value {
	return r.fail("TypeError", "InvalidArgumentValue", message, at)
}

// failWith ends the run with an error of the store.
func (r *Run) failWith(err error, at syntax.Range) {
	if err == nil || r.err != nil {
		return
	}
	var c *graph.ConstraintError
	switch {
	case errors.As(err, &c):
		r.err = &Error{Code: "ConstraintValidationFailed", Detail: "ConstraintViolated", Message: c.Message, At: at, Cause: err}
	case errors.Is(err, graph.ErrHasRelationships):
		r.err = &Error{Code: "ConstraintVerificationFailed", Detail: "DeleteConnectedNode",
			Message: "a node that still has relationships cannot be deleted", Hint: "delete the relationships first, or use DETACH DELETE", At: at, Cause: err}
	case errors.Is(err, graph.ErrPropertyType):
		r.err = &Error{Code: "TypeError", Detail: "InvalidPropertyType", Message: "this value cannot be stored as a property", At: at, Cause: err}
	case errors.Is(err, graph.ErrNotFound):
		r.err = &Error{Code: "EntityNotFound", Detail: "DeletedEntityAccess", Message: "the element was deleted in this statement", At: at, Cause: err}
	case errors.Is(err, graph.ErrLimit):
		r.err = &Error{Code: "LimitError", Detail: "LimitExceeded", Message: err.Error(), At: at, Cause: err}
	default:
		r.err = err
	}
}

// limit ends the run because a documented limit was reached.
//
//go:noinline
func (r *Run) limit(message string) {
	r.fail("LimitError", "LimitExceeded", message, syntax.Range{})
}

// article names the kind of a value as a message has it: null, an Integer.
//
//go:noinline
func article(v graph.Value) string {
	switch v.Kind() {
	case graph.KindNull:
		return "null"
	case graph.KindInt:
		return "an Integer"
	}
	return "a " + v.Kind().String()
}

package temporal

import "github.com/pocketgraph/pocketgraph/graph"

// Reason says what kind of mistake an Error is.
type Reason uint8

// The reasons.
const (
	Invalid      Reason = iota // an argument does not mean a date, time or duration
	Mistyped                   // an argument has a type that does not fit
	Overflow                   // the result is outside of what can be represented
	DivideByZero               // a duration was divided by zero
)

// Error is what was wrong with the arguments.
type Error struct {
	Reason  Reason
	Message string
}

func (e *Error) Error() string { return e.Message }

func invalid(message string) error { return &Error{Invalid, message} }

func mistyped(message string) error { return &Error{Mistyped, message} }

func overflow(k graph.Kind) error {
	return &Error{Overflow, "the result is outside of the range of a " + k.String()}
}

func notIn(text string, k graph.Kind) error {
	const most = 60
	if len(text) > most {
		text = text[:most] + "…"
	}
	return invalid("'" + text + "' is no " + k.String() + " in ISO 8601")
}

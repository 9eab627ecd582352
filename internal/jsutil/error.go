//go:build js && wasm

package jsutil

import "syscall/js"

// Error is a JavaScript exception, or the reason of a rejected promise.
type Error struct {
	// Name is the exception's name, such as "TypeError" or "NotFoundError".
	// It is empty if what was thrown is not an error object.
	Name string
	// Message is the browser's own text; it differs between browsers.
	Message string
}

func (e *Error) Error() string {
	if e.Name == "" {
		return e.Message
	}
	return e.Name + ": " + e.Message
}

// NameOf returns the JavaScript name of err if err itself is an *Error, else "".
func NameOf(err error) string {
	if e, ok := err.(*Error); ok {
		return e.Name
	}
	return ""
}

// FromValue turns whatever was thrown into an error. Anything can be thrown,
// so nothing is believed: a missing or odd name or message is left out.
func FromValue(thrown js.Value) *Error {
	if t := thrown.Type(); t != js.TypeObject && t != js.TypeFunction {
		return &Error{Message: text(thrown)}
	}
	e := &Error{Name: text(thrown.Get("name")), Message: text(thrown.Get("message"))}
	if e.Name == "" && e.Message == "" {
		e.Message = "an object that is no error was thrown"
	}
	return e
}

func text(v js.Value) string {
	switch v.Type() {
	case js.TypeString:
		return v.String()
	case js.TypeUndefined, js.TypeNull:
		return ""
	}
	return v.String() // "<number: 3>", "<object>": enough to see what it was
}

// Recover is to be deferred around calls into JavaScript. It stores a
// JavaScript exception, or the misuse of a JavaScript value, in *err and lets
// any other panic go on.
func Recover(err *error) {
	switch p := recover().(type) {
	case nil:
	case js.Error:
		*err = FromValue(p.Value)
	case *js.Error:
		*err = FromValue(p.Value)
	case *js.ValueError:
		*err = &Error{Name: "TypeError", Message: p.Error()}
	default:
		panic(p)
	}
}

//go:build js && wasm

package jsutil

import "syscall/js"

// Call calls a method of v. A method that is not there is a TypeError, like in
// JavaScript, and no panic.
func Call(v js.Value, method string, args ...any) (result js.Value, err error) {
	defer Recover(&err)
	if v.Get(method).Type() != js.TypeFunction {
		return js.Undefined(), &Error{Name: "TypeError", Message: method + " is not a function"}
	}
	return v.Call(method, args...), nil
}

// New constructs an object of the global class.
func New(class string, args ...any) (result js.Value, err error) {
	defer Recover(&err)
	c := js.Global().Get(class)
	if c.Type() != js.TypeFunction {
		return js.Undefined(), &Error{Name: "TypeError", Message: class + " is not a constructor"}
	}
	return c.New(args...), nil
}

// Invoke calls the function f.
func Invoke(f js.Value, args ...any) (result js.Value, err error) {
	defer Recover(&err)
	return f.Invoke(args...), nil
}

// Get reads a property along a path of names; it is undefined as soon as one
// of them leads nowhere. A getter that throws is an error.
func Get(v js.Value, names ...string) (result js.Value, err error) {
	defer Recover(&err)
	for _, name := range names {
		if t := v.Type(); t != js.TypeObject && t != js.TypeFunction {
			return js.Undefined(), nil
		}
		v = v.Get(name)
	}
	return v, nil
}

// Bind returns f bound to this and to leading arguments, as
// Function.prototype.bind does.
func Bind(f, this js.Value, args ...any) (js.Value, error) {
	all := make([]any, 0, 1+len(args))
	all = append(all, this)
	return Call(f, "bind", append(all, args...)...)
}

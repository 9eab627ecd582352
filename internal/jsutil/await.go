//go:build js && wasm

package jsutil

import "syscall/js"

// Await parks the calling goroutine until the promise settles and returns its
// value, or its reason as an *Error. What is not a promise is returned as is,
// like JavaScript's await does.
//
// It must not be called where the event loop waits for the goroutine: inside a
// js.FuncOf callback or inside an exported function. The promise could never
// settle there.
func Await(promise js.Value) (js.Value, error) {
	if promise.Type() != js.TypeObject || promise.Get("then").Type() != js.TypeFunction {
		return promise, nil
	}
	type settled struct {
		value js.Value
		err   error
	}
	done := make(chan settled, 1) // a callback never waits
	fulfilled := js.FuncOf(func(_ js.Value, args []js.Value) any {
		done <- settled{value: first(args)}
		return nil
	})
	defer fulfilled.Release()
	rejected := js.FuncOf(func(_ js.Value, args []js.Value) any {
		done <- settled{err: FromValue(first(args))}
		return nil
	})
	defer rejected.Release()
	if _, err := Call(promise, "then", fulfilled, rejected); err != nil {
		return js.Undefined(), err
	}
	s := <-done
	return s.value, s.err
}

// AwaitCall calls a method that returns a promise and awaits it.
func AwaitCall(v js.Value, method string, args ...any) (js.Value, error) {
	promise, err := Call(v, method, args...)
	if err != nil {
		return js.Undefined(), err
	}
	return Await(promise)
}

func first(args []js.Value) js.Value {
	if len(args) == 0 {
		return js.Undefined()
	}
	return args[0]
}

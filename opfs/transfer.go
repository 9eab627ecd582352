//go:build js && wasm

package opfs

import (
	"math"
	"syscall/js"

	"github.com/pocketgraph/pocketgraph/internal/jsutil"
)

const (
	// bufferSize is how many bytes cross at once. Larger calls go in pieces. In
	// Firefox each call has a price of its own (about 0.15 ms), so it is large.
	bufferSize = 1 << 20
	// together is up to how many bytes cross with their registers: copied once
	// more, in one call into JavaScript less.
	together = 4 << 10
	// registerBytes are in front of the buffer: the two cells.
	registerBytes = 16
)

// transfer is the one buffer that all files of a worker read and write
// through, and the arguments that all calls share. One is enough, since no call
// parks between filling and using it.
//
// A call needs a view of exactly the bytes meant, and an offset. Passed in the
// usual way, each would be a new object known to Go, with a finalizer, and a
// number boxed on Go's heap: garbage for every call. Instead the arguments are
// made once, of parts that JavaScript evaluates anew for each call:
//
//	registers  Float64Array cells in front of the buffer, set by copying 16 bytes
//	arguments  { length: 2, get 0() { return bytes.subarray(0, cell 0) }, 1: { at: cell 1 } }
//
// An array of one element is, where JavaScript wants a number, that number.
// The getter is Uint8Array.prototype.subarray, bound; a call is
// Reflect.apply, bound to the method, the handle and these arguments. So no
// JavaScript source is needed and no content security policy minds.
type transfer struct {
	bytes     js.Value // Uint8Array of bufferSize
	registers js.Value // Uint8Array over both cells, and the buffer behind them
	offset    js.Value // Float64Array of one: cell 1
	arguments js.Value // array-like: (view, options)
	apply     js.Value // Reflect.apply
	scratch   [registerBytes + together]byte
}

// shared is made by the first open in this worker.
var shared *transfer

func sharedTransfer() (*transfer, error) {
	if shared != nil {
		return shared, nil
	}
	t, err := newTransfer()
	if err == nil {
		shared = t
	}
	return t, err
}

func newTransfer() (t *transfer, err error) {
	defer jsutil.Recover(&err)
	global := js.Global()
	buffer := global.Get("ArrayBuffer").New(registerBytes + bufferSize)
	bytes := global.Get("Uint8Array")
	t = &transfer{bytes: bytes.New(buffer, registerBytes), registers: bytes.New(buffer), apply: global.Get("Reflect").Get("apply")}
	length := global.Get("Float64Array").New(buffer, 0, 1)
	t.offset = global.Get("Float64Array").New(buffer, 8, 1)

	view := t.bytes.Get("subarray").Call("bind", t.bytes, 0, length)
	t.arguments = js.ValueOf(map[string]any{"length": 2, "1": map[string]any{"at": t.offset}})
	global.Get("Object").Call("defineProperty", t.arguments, "0", map[string]any{"get": view})
	return t, nil
}

// bind returns a function without arguments that calls a method of handle with
// the shared arguments.
func (t *transfer) bind(handle js.Value, method string) js.Value {
	return t.apply.Call("bind", js.Undefined(), handle.Get(method), handle, t.arguments)
}

// set puts the number of bytes and the offset of the next call in place.
func (t *transfer) set(length int, offset int64) {
	js.CopyBytesToJS(t.registers, t.cells(length, offset))
}

// cells is both as they lie in the registers. What follows it in scratch may
// go with them.
func (t *transfer) cells(length int, offset int64) []byte {
	putFloat(t.scratch[0:8], float64(length))
	putFloat(t.scratch[8:16], float64(offset))
	return t.scratch[:registerBytes]
}

// put puts bytes, at most bufferSize, and the offset of the next call in place.
func (t *transfer) put(p []byte, offset int64) {
	if len(p) <= together {
		js.CopyBytesToJS(t.registers, append(t.cells(len(p), offset), p...))
		return
	}
	js.CopyBytesToJS(t.bytes, p)
	t.set(len(p), offset)
}

// putFloat writes f as the browser's typed arrays read it: little-endian on
// every machine that a browser runs on, like WebAssembly itself.
func putFloat(b []byte, f float64) {
	bits := math.Float64bits(f)
	for i := range b[:8] {
		b[i] = byte(bits >> (8 * i))
	}
}

// number calls f and returns its result; 0 if it is not a number.
func number(f js.Value) (n int64, err error) {
	_, n, err = call(f)
	return n, err
}

// call calls f and returns its result, that of its promise if it gives one (see
// Over), and also as a number, 0 if it is none.
func call(f js.Value) (v js.Value, n int64, err error) {
	defer jsutil.Recover(&err)
	if v = f.Invoke(); v.Type() == js.TypeObject {
		if v, err = jsutil.Await(v); err != nil {
			return v, 0, err
		}
	}
	if v.Type() == js.TypeNumber {
		n = int64(v.Float())
	}
	return v, n, nil
}

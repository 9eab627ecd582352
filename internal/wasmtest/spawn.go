//go:build js && wasm

package wasmtest

import (
	_ "embed"
	"fmt"
	"syscall/js"
)

//go:embed spawn.js
var spawnSource string

// StartWorker starts one more dedicated worker with that JavaScript source, for
// a test that runs in Main's worker. The result has a Worker's postMessage,
// onmessage and terminate.
//
// The page makes it, not the test's worker: Firefox 153 hangs for ever in
// new Worker, called in a worker that just terminated one of its own (about
// one time in ten).
func StartWorker(source string) js.Value {
	return js.Global().Call("wasmtestStartWorker", source)
}

// IndexedDB returns a promise of the root that web/src/indexeddb.ts makes, for
// opfs.Over. The runner of stock browsers serves it; under wasmbrowsertest there
// is none.
func IndexedDB() js.Value { return js.Global().Call("wasmtestIndexedDB") }

// spawner makes and ends workers on the page for the tests.
type spawner map[int]js.Value

// take handles the messages that are for it.
func (s spawner) take(event js.Value) bool {
	data := event.Get("data")
	value := data.Get("value")
	switch data.Get("kind").String() {
	case "spawn":
		worker := newWorker(spawnSource + value.Get("source").String())
		worker.Set("onerror", js.FuncOf(func(_ js.Value, args []js.Value) any {
			fmt.Println("wasmtest: a test's worker:", args[0].Get("message").String())
			return nil
		}))
		worker.Call("postMessage", js.Null(), []any{event.Get("ports").Index(0)})
		s[value.Get("id").Int()] = worker
		return true
	case "kill":
		id := value.Int()
		if worker, alive := s[id]; alive { // terminating twice is allowed
			worker.Call("terminate")
			delete(s, id)
		}
		return true
	}
	return false
}

func newWorker(source string) js.Value {
	blob := js.Global().Get("Blob").New([]any{source}, map[string]any{"type": "text/javascript"})
	return js.Global().Get("Worker").New(js.Global().Get("URL").Call("createObjectURL", blob))
}

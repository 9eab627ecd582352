//go:build js && wasm

// Command formats reads and writes graphs in files, for the page: package
// formats, NornicDB's reader and the reader of PocketGraph files, in a module
// that is loaded when it is needed and ends with its job. It brings a graph
// together in memory of its own and gives it to the engine in pieces, through
// the page; it never sees the store.
//
// The worker that runs it (web/src/formats-worker.ts) calls
// globalThis.pocketgraphFormats(job, io), which returns a promise of the
// result as JSON, or of {error} as JSON. The job is JSON, see job.go; io is the
// worker's object, see io.go.
package main

import (
	"encoding/json"
	"syscall/js"

	_ "github.com/pocketgraph/pocketgraph/internal/jszones"
)

func main() {
	run := js.FuncOf(func(_ js.Value, args []js.Value) any {
		return promise(func() string { return serve(args[0].String(), args[1]) })
	})
	js.Global().Set("pocketgraphFormats", run)
	select {}
}

// promise runs fn on a goroutine of its own.
func promise(fn func() string) js.Value {
	var executor js.Func
	executor = js.FuncOf(func(_ js.Value, args []js.Value) any {
		resolve := args[0]
		go func() {
			defer executor.Release()
			resolve.Invoke(fn())
		}()
		return nil
	})
	return js.Global().Get("Promise").New(executor)
}

// serve does a job and says how it ended.
func serve(text string, host js.Value) string {
	var j job
	var result any
	err := json.Unmarshal([]byte(text), &j)
	if err == nil {
		result, err = j.run(&io_{host})
	}
	if err != nil {
		result = map[string]any{"error": failureOf(err)}
	}
	out, err := json.Marshal(result)
	if err != nil {
		return `{"error":{"code":"INTERNAL","message":"the result cannot be written as JSON"}}`
	}
	return string(out)
}

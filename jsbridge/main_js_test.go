//go:build js && wasm

package jsbridge

import (
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"os"
	"syscall/js"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/internal/wasmtest"
	"github.com/pocketgraph/pocketgraph/opfs"
)

func TestMain(m *testing.M) {
	switch os.Getenv("POCKETGRAPH_DRIVEN") {
	case "real":
		Serve(func(hooks Hooks) Host {
			return NewHost(HostOptions{Storage: "opfs", Persisted: Persisted, Hooks: hooks,
				Root: func() (Root, error) { return opfs.New() }})
		})
	case "fake":
		Serve(func(hooks Hooks) Host {
			h := &fakeHost{}
			h.yield = hooks.Yield
			return h
		})
	}
	wasmtest.Main(m, wasmtest.Options{})
}

//go:embed testdata/driver.js
var driverPrelude string

// drive runs a driver in a worker of its own with an engine of its own, and
// decodes what its function drive returned into out.
func drive(t *testing.T, driver string, out any) { driveEngine(t, "fake", driver, out) }

// driveEngine does it with the fake or the real engine.
func driveEngine(t *testing.T, engine, driver string, out any) {
	module := js.Global().Get("wasmtestModule")
	if module.IsUndefined() {
		t.Skip("needs a browser's worker")
	}
	worker := wasmtest.StartWorker(`const engine = "` + engine + `";` + driverPrelude + driver)
	defer worker.Call("terminate")
	answer := make(chan string, 1)
	onMessage := js.FuncOf(func(_ js.Value, args []js.Value) any {
		answer <- args[0].Get("data").String()
		return nil
	})
	defer onMessage.Release()
	worker.Set("onmessage", onMessage)
	worker.Call("postMessage", map[string]any{"origin": js.Global().Get("wasmtestOrigin"), "module": module})
	var said struct {
		Result json.RawMessage
		Error  string
		Said   []string
	}
	select {
	case a := <-answer:
		require.NoError(t, json.Unmarshal([]byte(a), &said), a)
	case <-time.After(80 * time.Second):
		require.FailNow(t, "the driver does not answer")
	}
	require.Empty(t, said.Error, said.Said)
	require.NoError(t, json.Unmarshal(said.Result, out), string(said.Result))
}

func must(b []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return b
}

// frames is requests as a JavaScript expression.
func frames(t *testing.T, requests ...Request) string {
	var b []byte
	var err error
	for i := range requests {
		b, err = AppendRequest(b, &requests[i])
		require.NoError(t, err)
	}
	return `unhex("` + hex.EncodeToString(b) + `")`
}

// openFrames says HELLO and opens database 1.
func openFrames(t *testing.T) string {
	return frames(t, Request{Op: OpHello, ID: 1, Version: ProtocolVersion}, Request{Op: OpOpen, ID: 2, Open: OpenRequest{Name: "a"}})
}

// answersOf decodes answers into a loop's list, so that its helpers work.
func answersOf(t *testing.T, text string) *fakeLoop {
	b, err := hex.DecodeString(text)
	require.NoError(t, err)
	l := &fakeLoop{t: t, came: make(chan struct{}, 1)}
	l.Deliver(b)
	return l
}

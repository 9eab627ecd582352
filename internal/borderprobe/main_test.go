//go:build js && wasm

package borderprobe

import (
	_ "embed"
	"encoding/json"
	"os"
	"syscall/js"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/internal/wasmtest"
)

func TestMain(m *testing.M) {
	if os.Getenv("POCKETGRAPH_PROBE") != "" {
		select {} // an instance that the drivers call
	}
	wasmtest.Main(m, wasmtest.Options{})
}

//go:embed probe.js
var prelude string

// drive runs a driver in a worker of its own, with an instance of its own, and
// decodes what its function drive returned into out.
func drive(t *testing.T, driver string, out any) {
	module := js.Global().Get("wasmtestModule")
	if module.IsUndefined() {
		t.Skip("no browser's worker")
	}
	worker := wasmtest.StartWorker(prelude + driver)
	defer worker.Call("terminate")
	answer := make(chan string, 1)
	onMessage := js.FuncOf(func(_ js.Value, args []js.Value) any {
		answer <- args[0].Get("data").String()
		return nil
	})
	defer onMessage.Release()
	worker.Set("onmessage", onMessage)
	worker.Call("postMessage", map[string]any{"origin": js.Global().Get("wasmtestOrigin"), "module": module})
	select {
	case a := <-answer:
		decode(t, a, out)
	case <-time.After(80 * time.Second):
		require.FailNow(t, "the driver does not answer")
	}
}

func decode(t *testing.T, answer string, out any) {
	var said struct {
		Result json.RawMessage
		Error  string
		Said   []string
	}
	require.NoError(t, json.Unmarshal([]byte(answer), &said), answer)
	require.Empty(t, said.Error, said.Said)
	require.NoError(t, json.Unmarshal(said.Result, out), answer)
	t.Logf("%s", said.Result)
}

// outcome is what probe.js's attempt returns.
type outcome struct {
	Returned *float64
	Threw    string
	Exited   bool
}

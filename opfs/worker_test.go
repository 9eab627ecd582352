//go:build js && wasm

package opfs

import (
	"path"
	"syscall/js"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/internal/wasmtest"
)

// otherWorker is a second dedicated worker that opens files by itself, as
// another tab would.
const otherWorker = `
let held;
onmessage = async ({ data: { open, close } }) => {
  try {
    if (close) { held.close(); return postMessage("closed"); }
    let dir = await navigator.storage.getDirectory();
    const parts = open.split("/");
    for (const part of parts.slice(0, -1)) dir = await dir.getDirectoryHandle(part);
    const file = await dir.getFileHandle(parts.at(-1), { create: true });
    held = await file.createSyncAccessHandle();
    postMessage("open");
  } catch (error) { postMessage(error.name); }
};`

type other struct {
	t      *testing.T
	worker js.Value
	answer chan string
}

func startOther(t *testing.T) *other {
	o := &other{t: t, answer: make(chan string, 1)}
	o.worker = wasmtest.StartWorker(otherWorker)
	onMessage := js.FuncOf(func(_ js.Value, args []js.Value) any {
		o.answer <- args[0].Get("data").String()
		return nil
	})
	o.worker.Set("onmessage", onMessage)
	t.Cleanup(func() { o.terminate(); onMessage.Release() })
	return o
}

func (o *other) ask(message map[string]any) string {
	o.worker.Call("postMessage", message)
	select {
	case a := <-o.answer:
		return a
	case <-time.After(20 * time.Second):
		require.FailNow(o.t, "the other worker does not answer")
		return ""
	}
}

func (o *other) open(f *FS, name string) string {
	return o.ask(map[string]any{"open": path.Join(f.prefix, name)})
}

func (o *other) close() { require.Equal(o.t, "closed", o.ask(map[string]any{"close": true})) }

func (o *other) terminate() { o.worker.Call("terminate") }

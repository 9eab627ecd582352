//go:build js && wasm

package wasmtest

import (
	"flag"
	"os"
	"syscall/js"
	"testing"
	"time"
)

// Options of Main.
type Options struct {
	// NeedsHandle fails a full run (one without -run) in which no test opened
	// a sync access handle.
	NeedsHandle bool
	// Silence is how long the worker may print nothing; default
	// DefaultSilence. The test binary's own -test.timeout counts as well.
	Silence time.Duration
}

// DefaultSilence is longer than the slowest step of our browser tests on a
// busy machine, and short enough to wait for.
const DefaultSilence = 4 * time.Minute

// Main runs the tests of m and exits. See the package comment.
func Main(m *testing.M, o Options) {
	flag.Parse()
	if InWorker() || !onPage() {
		os.Exit(m.Run())
	}
	if o.Silence == 0 {
		o.Silence = DefaultSilence
	}
	os.Exit(runInWorker(o))
}

// InWorker says whether this is a dedicated worker.
func InWorker() bool {
	scope := js.Global().Get("DedicatedWorkerGlobalScope")
	return scope.Type() == js.TypeFunction && js.Global().InstanceOf(scope)
}

func onPage() bool {
	return js.Global().Get("document").Type() == js.TypeObject
}

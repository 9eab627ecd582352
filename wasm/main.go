//go:build js && wasm

// Command wasm is the engine as a page runs it: the origin private file system
// where there is one, memory where not, and package jsbridge as its border.
package main

import (
	"github.com/pocketgraph/pocketgraph/jsbridge"
	"github.com/pocketgraph/pocketgraph/opfs"
)

// The collector: wasm memory never shrinks, so garbage is collected when it
// is a quarter of what is alive (measured in internal/borderprobe), and with
// all effort near the 4 GiB that a module can have.
const (
	gcPercent   = 25
	memoryLimit = 3500 << 20
)

func main() {
	jsbridge.TuneCollector(gcPercent, memoryLimit)
	jsbridge.Serve(func(yield func()) jsbridge.Host {
		return jsbridge.NewHost(jsbridge.HostOptions{Root: root, Storage: "opfs", Persisted: jsbridge.Persisted, Yield: yield})
	})
}

func root() (jsbridge.Root, error) { return opfs.New() }

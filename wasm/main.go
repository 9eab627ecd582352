//go:build js && wasm

// Command wasm is the engine as a page runs it: the origin private file system
// where there is one, memory where not, and package jsbridge as its border.
package main

import (
	"github.com/pocketgraph/pocketgraph/jsbridge"
	"github.com/pocketgraph/pocketgraph/opfs"
)

// The collector: wasm memory never shrinks, so garbage is collected when it
// is a quarter of what is alive (measured in internal/borderprobe), but not
// before there are 16 MiB of it, and with all effort near the 4 GiB that a
// module can have.
var collector = jsbridge.Tuning{Percent: 25, Headroom: 16 << 20, Limit: 3500 << 20}

func main() {
	jsbridge.TuneCollector(collector)
	jsbridge.Serve(func(hooks jsbridge.Hooks) jsbridge.Host {
		return jsbridge.NewHost(jsbridge.HostOptions{Root: root, Storage: "opfs", IndexedDB: indexedDB, Persisted: jsbridge.Persisted, Memory: jsbridge.Memory, Hooks: hooks})
	})
}

func root() (jsbridge.Root, error) { return opfs.New() }

func indexedDB(relaxed bool, only string) (jsbridge.Root, error) {
	root, err := jsbridge.IndexedDB(relaxed, only)
	if err != nil || root.IsNull() {
		return nil, err
	}
	return opfs.Over(root, "indexeddb:"), nil
}

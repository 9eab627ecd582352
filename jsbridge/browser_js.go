//go:build js && wasm

package jsbridge

import (
	"syscall/js"

	"github.com/pocketgraph/pocketgraph/internal/jsutil"
)

// Persisted tells whether the browser has promised not to evict the origin's
// files. It asks whether, never for it: the answer to that may need a person.
func Persisted() bool {
	storage, err := jsutil.Get(js.Global(), "navigator", "storage")
	if err != nil || storage.Type() != js.TypeObject {
		return false
	}
	v, err := jsutil.AwaitCall(storage, "persisted")
	return err == nil && v.Type() == js.TypeBoolean && v.Bool()
}

// IndexedDB asks the host for a directory handle whose files are in IndexedDB,
// for opfs.Over; undefined, and null where no path begins with only.
func IndexedDB(relaxed bool, only string) (js.Value, error) {
	host, err := jsutil.Get(js.Global(), "pocketgraphHost")
	if err != nil || host.Type() != js.TypeObject || host.Get("indexedDB").Type() != js.TypeFunction {
		return js.Undefined(), errNoIndexedDB
	}
	root, err := jsutil.AwaitCall(host, "indexedDB", relaxed, only)
	switch {
	case err != nil:
		return root, &Failure{Code: "WORKER_FAILED", Message: err.Error()}
	case root.IsUndefined():
		return root, lacking("this browser has no IndexedDB")
	}
	return root, nil
}

// Memory asks the host for the size of the module's memory, in bytes: Go knows
// what it uses, and not what the module has. 0: the host does not tell.
func Memory() int64 {
	host, err := jsutil.Get(js.Global(), "pocketgraphHost")
	if err != nil || host.Type() != js.TypeObject {
		return 0
	}
	v, err := jsutil.Call(host, "memory")
	if err != nil || v.Type() != js.TypeNumber {
		return 0
	}
	return int64(v.Float())
}

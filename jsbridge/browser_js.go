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

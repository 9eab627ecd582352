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

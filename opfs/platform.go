//go:build js && wasm

package opfs

import (
	"errors"
	"syscall/js"

	"github.com/pocketgraph/pocketgraph/internal/jsutil"
)

// needed are the methods that this package cannot do without. Platforms came
// by them one after another, and embedded browsers switch off some of them.
// (move is not among them: Rename copies where it is missing.)
var needed = [...]struct {
	class   string
	methods []string
}{
	{"StorageManager", []string{"getDirectory"}},
	{"FileSystemDirectoryHandle", []string{"getDirectoryHandle", "getFileHandle", "removeEntry", "values"}},
	{"FileSystemFileHandle", []string{"getFile", "createSyncAccessHandle"}},
	{"FileSystemSyncAccessHandle", []string{"read", "write", "truncate", "flush", "getSize", "close"}},
}

// checkPlatform is errors.ErrUnsupported where a class or method is missing,
// and says which.
func checkPlatform() error {
	for _, n := range needed {
		for _, method := range n.methods {
			v, err := jsutil.Get(js.Global(), n.class, "prototype", method)
			if err != nil || v.Type() != js.TypeFunction {
				return unsupported(n.class + "." + method + " is missing; it exists in dedicated workers of secure pages only")
			}
		}
	}
	return nil
}

func unsupported(text string) error {
	return &exception{kind: errors.ErrUnsupported, text: text}
}

// synchronous refuses the handles of older browsers, whose getSize, truncate,
// flush and close return promises: nothing would be known to have happened.
func (h *handle) synchronous() error {
	size, err := jsutil.Invoke(h.getSize)
	if err == nil && size.Type() != js.TypeNumber {
		err = unsupported("getSize of a sync access handle gives no number here")
	}
	return err
}

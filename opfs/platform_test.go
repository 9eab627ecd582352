//go:build js && wasm

package opfs

import (
	"errors"
	"syscall/js"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestPartialPlatform: whichever part is missing, New says that the platform
// does not carry it, and names the part.
func TestPartialPlatform(t *testing.T) {
	for _, n := range needed {
		for _, method := range n.methods {
			t.Run(n.class+"."+method, func(t *testing.T) {
				prototype := js.Global().Get(n.class).Get("prototype")
				original := js.Global().Get("Object").Call("getOwnPropertyDescriptor", prototype, method)
				prototype.Delete(method)
				defer js.Global().Get("Object").Call("defineProperty", prototype, method, original)
				_, err := New()
				require.ErrorIs(t, err, errors.ErrUnsupported)
				require.ErrorContains(t, err, n.class+"."+method)
			})
		}
	}
	_, err := New()
	require.NoError(t, err)
}

// TestHandlesOfOlderBrowsers: methods that return promises are no use.
func TestHandlesOfOlderBrowsers(t *testing.T) {
	f := newFS(t)
	prototype := js.Global().Get("FileSystemSyncAccessHandle").Get("prototype")
	original := prototype.Get("getSize")
	later := js.Global().Get("Promise").Get("resolve").Call("bind", js.Global().Get("Promise"), 0)
	prototype.Set("getSize", later)
	_, err := f.OpenFile("data", readWrite, 0)
	prototype.Set("getSize", original)
	require.ErrorIs(t, err, errors.ErrUnsupported)
	file := create(t, f, "data") // the refused handle was given back
	require.NoError(t, file.Close())
}

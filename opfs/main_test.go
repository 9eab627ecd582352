//go:build js && wasm

package opfs

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/internal/wasmtest"
)

func TestMain(m *testing.M) { wasmtest.Main(m, wasmtest.Options{NeedsHandle: true}) }

var directories int

// newFS returns an empty directory of its own, removed after the test.
func newFS(t testing.TB) *FS {
	root, err := New()
	require.NoError(t, err)
	directories++
	name := "test-" + strconv.Itoa(directories)
	require.NoError(t, root.RemoveAll(name))
	require.NoError(t, root.Mkdir(name, 0o777))
	t.Cleanup(func() { require.NoError(t, root.RemoveAll(name)) })
	sub, err := root.Sub(name)
	require.NoError(t, err)
	return sub.(*FS)
}

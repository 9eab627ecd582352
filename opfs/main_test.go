//go:build js && wasm

package opfs

import (
	"flag"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/internal/jsutil"
	"github.com/pocketgraph/pocketgraph/internal/wasmtest"
)

func TestMain(m *testing.M) { wasmtest.Main(m, wasmtest.Options{NeedsHandle: true}) }

// onIndexedDB runs the tests on files that are kept in IndexedDB; it needs the
// runner of stock browsers:
//
//	scripts/wasm-test.sh firefox ./opfs -- -run Files -args -indexeddb
var onIndexedDB = flag.Bool("indexeddb", false, "files are in IndexedDB")

// where is the root of the file system under test.
func where() (*FS, error) {
	if !*onIndexedDB {
		return New()
	}
	root, err := jsutil.Await(wasmtest.IndexedDB())
	if err != nil {
		return nil, err
	}
	f := Over(root, "indexeddb:")
	if err := f.MkdirAll("pocketgraph/opfs-test", 0o777); err != nil {
		return nil, err
	}
	sub, err := f.Sub("pocketgraph/opfs-test")
	if err != nil {
		return nil, err
	}
	return sub.(*FS), nil
}

var directories int

// newFS returns an empty directory of its own, removed after the test.
func newFS(t testing.TB) *FS {
	root, err := where()
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

//go:build js && wasm

package wal

import (
	"context"
	"flag"
	"strconv"
	"strings"
	"syscall/js"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/internal/jsutil"
	"github.com/pocketgraph/pocketgraph/internal/wasmtest"
	"github.com/pocketgraph/pocketgraph/opfs"
)

func TestMain(m *testing.M) { wasmtest.Main(m, wasmtest.Options{NeedsHandle: true}) }

// onIndexedDB keeps the files in IndexedDB, with the runner of stock browsers.
var onIndexedDB = flag.Bool("indexeddb", false, "files are in IndexedDB")

func opfsDir(t testing.TB, name string) *opfs.FS {
	root, err := opfs.New()
	if *onIndexedDB {
		var handle js.Value
		handle, err = jsutil.Await(wasmtest.IndexedDB())
		root, name = opfs.Over(handle, "indexeddb:"), "pocketgraph/"+name
	}
	require.NoError(t, err)
	require.NoError(t, root.RemoveAll(name))
	require.NoError(t, root.MkdirAll(name, 0o777))
	t.Cleanup(func() { require.NoError(t, root.RemoveAll(name)) })
	sub, err := root.Sub(name)
	require.NoError(t, err)
	return sub.(*opfs.FS)
}

// TestInTheBrowser: create, append, flush, snapshot, close, reopen on real
// handles, with reservation and a switch of logs on the way.
func TestInTheBrowser(t *testing.T) {
	o := Options{FS: opfsDir(t, "wal"), StoreID: testID, Tuning: Tuning{ReserveAfter: 16 << 10, ReserveLeast: 16 << 10}}
	var want []string
	for round := range 4 {
		mem := &memory{}
		s, report, err := Open(context.Background(), o, mem)
		require.NoError(t, err)
		require.Equal(t, round == 0, report.Created)
		require.Equal(t, want, mem.list)
		for i := range 60 {
			p := strconv.Itoa(round) + "/" + strconv.Itoa(i) + strings.Repeat("x", i*20)
			require.NoError(t, s.Append(&Record{Payload: []byte(p)}))
			want = append(want, p)
			require.NoError(t, s.Flush())
			if i == 30 {
				snap, err := s.Cut()
				require.NoError(t, err)
				require.NoError(t, sections(want, uint64(len(want)), 4000, snap.Section))
				_, err = snap.Commit()
				require.NoError(t, err)
			}
		}
		if round == 0 {
			require.NotZero(t, s.Stats().Reservations)
		}
		require.NotZero(t, s.Stats().Switches)
		require.NoError(t, s.Close())
	}
}

// TestOpenInTheBrowser says what opening costs: 20,000 records of 200 bytes.
func TestOpenInTheBrowser(t *testing.T) {
	o := Options{FS: opfsDir(t, "wal-open"), StoreID: testID}
	s, _, err := Open(context.Background(), o, &memory{})
	require.NoError(t, err)
	payload := make([]byte, 200)
	start := time.Now()
	for range 200 {
		for range 100 {
			require.NoError(t, s.Buffer(&Record{Payload: payload}))
		}
		require.NoError(t, s.Write())
		require.NoError(t, s.Flush())
	}
	written := time.Since(start)
	start = time.Now()
	for range 500 {
		require.NoError(t, s.Append(&Record{Payload: payload}))
	}
	appended := time.Since(start)
	require.NoError(t, s.Flush())
	start = time.Now()
	for range 200 {
		require.NoError(t, s.Append(&Record{Payload: payload}))
		require.NoError(t, s.Flush())
	}
	strict := time.Since(start)
	bytes := s.Stats().LogBytes
	require.NoError(t, s.Close())
	start = time.Now()
	s, report, err := Open(context.Background(), o, nowhere{})
	require.NoError(t, err)
	opened := time.Since(start)
	require.Equal(t, uint64(20_700), report.Records)
	t.Logf("groups of 100: %d records/s; Append alone %v; Append and Flush %v; open of %d KB in %v: %.0f MB/s",
		int(20_000/written.Seconds()), appended/500, strict/200, bytes>>10, opened, float64(bytes)/1e6/opened.Seconds())
	require.NoError(t, s.Close())
}

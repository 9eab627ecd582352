package storage_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/crashfs"
	"github.com/pocketgraph/pocketgraph/storage"
	"github.com/pocketgraph/pocketgraph/wal"
)

// TestFirstTextIsLong: the first text of a store may be one that takes space
// of its own; nothing that is written behind it touches it.
func TestFirstTextIsLong(t *testing.T) {
	fs := crashfs.New()
	long := graph.String(strings.Repeat("long ", 50_000))
	s := must[*storage.Store](t)(storage.Open(context.Background(), fs, options()))
	require.NoError(t, transact(s, change{run: create("A", "text", long)}))
	require.NoError(t, transact(s, change{run: create("A", "text", graph.String("short"))}))
	for range 3 {
		require.Contains(t, fingerprint(s.State()), text(long))
		requireSound(t, s.State())
		must[wal.SnapshotInfo](t)(s.Snapshot(context.Background()))
		require.NoError(t, s.Close())
		s = must[*storage.Store](t)(storage.Open(context.Background(), fs, options()))
		require.NoError(t, transact(s, change{run: set(2, "text", graph.String(strings.Repeat("s", int(s.Sequence()))))}))
	}
	require.Contains(t, fingerprint(s.State()), text(long))
	require.NoError(t, s.Close())
}

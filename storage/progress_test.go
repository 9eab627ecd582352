package storage_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/crashfs"
	"github.com/pocketgraph/pocketgraph/storage"
)

type told struct {
	stage       string
	done, total int64
}

// TestProgress: the snapshot's share grows from little to all of it, the log's
// bytes grow, and a store that has neither says nothing of them.
func TestProgress(t *testing.T) {
	fs := crashfs.New()
	reopen := func() (s *storage.Store, heard []told) {
		o := options()
		o.Progress = func(stage string, done, total int64) { heard = append(heard, told{stage, done, total}) }
		return must[*storage.Store](t)(storage.Open(context.Background(), fs, o)), heard
	}
	s, heard := reopen()
	require.Empty(t, heard, "nothing takes long in an empty store")
	long := graph.String(string(make([]byte, 100)))
	for range 10 {
		require.NoError(t, transact(s, change{run: bulk(2000)}))
		require.NoError(t, transact(s, change{run: func(w graph.Writer) error {
			for range 2000 {
				if err := create("Long", "text", long)(w); err != nil {
					return err
				}
			}
			return join(1, 2, "TO")(w)
		}}))
	}
	require.NoError(t, s.Close())

	s, heard = reopen()
	require.Greater(t, len(heard), 2, "several words about the log")
	for i, h := range heard {
		require.Equal(t, storage.StageReplay, h.stage)
		if last := i == len(heard)-1; last {
			require.Equal(t, h.done, h.total)
		} else {
			require.Zero(t, h.total, "nobody knows it yet")
			require.Less(t, h.done, heard[i+1].done+1)
		}
	}
	require.Greater(t, heard[len(heard)-1].done, int64(10*2000*100))
	_, err := s.Snapshot(context.Background())
	require.NoError(t, err)
	require.NoError(t, transact(s, change{run: bulk(1)}))
	require.NoError(t, s.Close())

	s, heard = reopen()
	var stages []string
	for i, h := range heard {
		if i == 0 || heard[i-1].stage != h.stage {
			stages = append(stages, h.stage)
		} else {
			require.GreaterOrEqual(t, h.done, heard[i-1].done)
			require.Equal(t, h.total, heard[i-1].total)
		}
		require.LessOrEqual(t, h.done, h.total, "%v", h)
	}
	require.Equal(t, []string{storage.StageSnapshot, storage.StageIndexes, storage.StageReplay}, stages)
	var snapshot []told
	for _, h := range heard {
		if h.stage == storage.StageSnapshot {
			snapshot = append(snapshot, h)
		}
	}
	require.Equal(t, told{storage.StageSnapshot, 2 * (40_000 + 10), 2 * (40_000 + 10)}, snapshot[len(snapshot)-1])
	require.Zero(t, snapshot[0].done)
	between := 0
	for _, h := range snapshot {
		if h.done > 0 && h.done < h.total {
			between++
		}
	}
	require.Positive(t, between, "%v", snapshot)
	require.NoError(t, s.Close())
}

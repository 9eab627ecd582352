package storage_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/crashfs"
	"github.com/pocketgraph/pocketgraph/storage"
	"github.com/pocketgraph/pocketgraph/wal"
)

// TestFaultEverywhere gives an error instead of a crash at the k-th operation.
// The caller gets an error with a known meaning, reading goes on, and reopening
// finds every acknowledged transaction.
func TestFaultEverywhere(t *testing.T) {
	changes := workload()
	clean := runWorkload(crashfs.New(), changes)
	points := 0
	for _, fault := range crashfs.Faults {
		for k := int64(0); ; k++ {
			fs := crashfs.New()
			fs.Plan(k, fault)
			got := runWorkload(fs, changes)
			if fs.Ops() <= k {
				break
			}
			points++
			about := fmt.Sprintf("%v at operation %d", fault, k)
			if got.err != nil {
				require.True(t, known(got.err), "%s: %v", about, got.err)
			}
			checkRecovered(t, fs.Killed(), clean, got, about)
		}
	}
	t.Logf("%d faults", points)
	require.Greater(t, points, 200)
}

func known(err error) bool {
	for _, k := range []error{wal.ErrDiskFull, wal.ErrIO, storage.ErrOutcomeUnknown, storage.ErrStopped, wal.ErrFlush} {
		if errors.Is(err, k) {
			return true
		}
	}
	return false
}

// TestFailedWriteLeavesTheStoreUsable: the transaction whose record could not
// be written fails alone.
func TestFailedWriteLeavesTheStoreUsable(t *testing.T) {
	fs := crashfs.New()
	s := must[*storage.Store](t)(storage.Open(context.Background(), fs, options()))
	require.NoError(t, transact(s, change{name: "one", run: create("A", "n", graph.Int(1))}))
	before := fingerprint(s.State())
	fs.Plan(fs.Ops(), crashfs.NoSpace)
	err := transact(s, change{name: "two", run: create("A", "n", graph.Int(2))})
	require.ErrorIs(t, err, wal.ErrDiskFull)
	require.Equal(t, before, fingerprint(s.State()))
	require.NoError(t, transact(s, change{name: "three", run: create("A", "n", graph.Int(3))}))
	require.Equal(t, 2, s.State().NodeCount())
	require.EqualValues(t, 2, s.Sequence(), "the failed transaction took a sequence number")
	requireSound(t, s.State())
	require.NoError(t, s.Close())
}

// TestFailedWriteOfAGroup: everybody whose record was in it hears that nothing
// happened, and so does the transaction that was built on them and is under way.
func TestFailedWriteOfAGroup(t *testing.T) {
	for _, durability := range []storage.Durability{storage.Strict, storage.Relaxed} {
		fs, o := crashfs.New(), options()
		o.Durability, o.FlushInterval = durability, time.Millisecond
		s := must[*storage.Store](t)(storage.Open(context.Background(), fs, o))
		require.NoError(t, transact(s, change{name: "one", run: create("A", "n", graph.Int(1))}))
		before := fingerprint(s.State())
		// The flusher must be idle: it may have been told of the first, and not have looked yet.
		require.Eventually(t, func() bool { return s.LogStats().DurableSequence == 1 }, time.Minute, time.Millisecond)
		release := s.HoldFlush()
		const group = 3
		done := make(chan error, group)
		for range group {
			tx := must[*storage.Tx](t)(s.Begin(context.Background()))
			require.NoError(t, create("A", "n", graph.Int(2))(tx))
			tx.CommitAsync(func(_ uint64, err error) { done <- err })
		}
		after := must[*storage.Tx](t)(s.Begin(context.Background()))
		require.Equal(t, 1+group, after.NodeCount())
		require.NoError(t, create("A", "n", graph.Int(3))(after))
		fs.Plan(fs.Ops(), crashfs.NoSpace)
		release()
		for range group {
			require.ErrorIs(t, <-done, wal.ErrDiskFull)
		}
		_, err := after.Commit()
		require.ErrorIs(t, err, wal.ErrDiskFull, "it was built on transactions that did not happen")
		require.Equal(t, before, fingerprint(s.State()))
		require.NoError(t, transact(s, change{name: "next", run: create("A", "n", graph.Int(4))}))
		require.EqualValues(t, 2, s.Sequence(), "a failed transaction took a sequence number")
		require.Equal(t, 2, s.State().NodeCount())
		requireSound(t, s.State())
		want := fingerprint(s.State())
		require.NoError(t, s.Close())
		s = must[*storage.Store](t)(storage.Open(context.Background(), fs, options()))
		require.Equal(t, want, fingerprint(s.State()))
		require.NoError(t, s.Close())
	}
}

// TestFailedFlushEndsWriting: who waited hears that the outcome is unknown, the
// last acknowledged state stays readable, nothing more is written.
func TestFailedFlushEndsWriting(t *testing.T) {
	fs := crashfs.New()
	s := must[*storage.Store](t)(storage.Open(context.Background(), fs, options()))
	require.NoError(t, transact(s, change{name: "one", run: create("A", "n", graph.Int(1))}))
	before := fingerprint(s.State())
	fs.Plan(fs.Ops()+1, crashfs.EIO) // the write, then the flush
	err := transact(s, change{name: "two", run: create("A", "n", graph.Int(2))})
	require.ErrorIs(t, err, storage.ErrOutcomeUnknown)
	require.Equal(t, before, fingerprint(s.State()), "an unacknowledged transaction became visible")
	require.True(t, s.Stopped())
	_, err = s.Begin(context.Background())
	require.ErrorIs(t, err, storage.ErrStopped)
	_, err = s.Snapshot(context.Background())
	require.Error(t, err)
	_ = s.Close()
	s = must[*storage.Store](t)(storage.Open(context.Background(), fs, options()))
	require.GreaterOrEqual(t, s.State().NodeCount(), 1)
	requireSound(t, s.State())
	require.NoError(t, s.Close())
}

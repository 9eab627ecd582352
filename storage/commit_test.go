package storage_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/crashfs"
	"github.com/pocketgraph/pocketgraph/storage"
	"github.com/pocketgraph/pocketgraph/wal"
)

// TestGroupCommit: transactions that wait together share flushes, and each
// sees those before it in the group.
func TestGroupCommit(t *testing.T) {
	s := must[*storage.Store](t)(storage.Open(context.Background(), crashfs.New(), options()))
	require.NoError(t, transact(s, change{name: "counter", run: create("Counter", "n", graph.Int(0))}))
	before := s.LogStats().Flushes
	const writers = 200
	var wait sync.WaitGroup
	hold := must[*storage.Tx](t)(s.Begin(context.Background())) // all others queue up behind
	for range writers {
		wait.Add(1)
		go func() {
			defer wait.Done()
			tx, err := s.Begin(context.Background())
			if err != nil {
				t.Error(err)
				return
			}
			k, _ := tx.LookKey("n")
			n := element(tx, 1)
			if err := tx.SetNodeProperty(n, k, graph.Int(tx.NodeProperty(n, k).AsInt()+1)); err != nil {
				t.Error(err)
			}
			if _, err := tx.Commit(); err != nil {
				t.Error(err)
			}
		}()
	}
	hold.Rollback()
	wait.Wait()
	k, _ := s.State().LookKey("n")
	n, _ := s.State().NodeByID(1)
	require.EqualValues(t, writers, s.State().NodeProperty(n, k).AsInt(), "an increment was lost")
	flushes := s.LogStats().Flushes - before
	require.Less(t, flushes, uint64(writers), "nothing was grouped")
	require.NoError(t, s.Close())
}

// TestHeldFlush: transactions that begin while the flush is held share one.
func TestHeldFlush(t *testing.T) {
	s := must[*storage.Store](t)(storage.Open(context.Background(), crashfs.New(), options()))
	require.NoError(t, transact(s, change{name: "first", run: bulk(1)}))
	before := s.LogStats()
	release := s.HoldFlush()
	const writers = 100
	done := make(chan error, writers)
	for range writers {
		tx := must[*storage.Tx](t)(s.Begin(context.Background()))
		require.NoError(t, bulk(1)(tx))
		tx.CommitAsync(func(_ uint64, err error) { done <- err })
	}
	require.Empty(t, done, "a transaction was acknowledged before its flush")
	require.Equal(t, 1, s.State().NodeCount(), "a transaction was visible before its flush")
	release()
	for range writers {
		require.NoError(t, <-done)
	}
	require.EqualValues(t, 1, s.LogStats().Flushes-before.Flushes)
	require.EqualValues(t, 1, s.LogStats().Writes-before.Writes)
	require.Equal(t, 1+writers, s.State().NodeCount())
	require.NoError(t, s.Close())
}

// TestHeldRelaxedCommits are told when their one write is done, and seen then.
func TestHeldRelaxedCommits(t *testing.T) {
	fs, o := crashfs.New(), options()
	o.Durability = storage.Relaxed
	o.FlushInterval = time.Hour // it has begun with the first, and they do not wait for its end
	s := must[*storage.Store](t)(storage.Open(context.Background(), fs, o))
	require.NoError(t, transact(s, change{name: "first", run: bulk(1)}))
	time.Sleep(10 * time.Millisecond)
	before := s.LogStats().Writes
	release := s.HoldFlush()
	const writers = 100
	done := make(chan error, writers)
	for range writers {
		tx := must[*storage.Tx](t)(s.Begin(context.Background()))
		require.NoError(t, bulk(1)(tx))
		tx.CommitAsync(func(_ uint64, err error) { done <- err })
	}
	require.Empty(t, done, "a transaction was acknowledged before its record was written")
	release()
	for range writers {
		require.NoError(t, <-done)
	}
	require.EqualValues(t, 1, s.LogStats().Writes-before)
	require.Equal(t, 1+writers, s.State().NodeCount())
	killed := must[*storage.Store](t)(storage.Open(context.Background(), fs.Killed(), options()))
	require.Equal(t, 1+writers, killed.State().NodeCount())
	require.NoError(t, killed.Close())
	require.NoError(t, s.Close())
}

// TestReadersKeepTheirState while writers go on, and see nothing unflushed.
func TestReadersKeepTheirState(t *testing.T) {
	s := must[*storage.Store](t)(storage.Open(context.Background(), crashfs.New(), options()))
	require.NoError(t, transact(s, change{name: "one", run: bulk(10)}))
	state := s.State()
	before := fingerprint(state)
	tx := must[*storage.Tx](t)(s.Begin(context.Background()))
	require.NoError(t, bulk(5)(tx))
	require.Equal(t, 15, tx.NodeCount(), "a transaction does not read its own writes")
	require.Equal(t, 10, s.State().NodeCount(), "an uncommitted write is visible")
	_, err := tx.Commit()
	require.NoError(t, err)
	require.Equal(t, 15, s.State().NodeCount())
	require.Equal(t, before, fingerprint(state), "a state changed under its reader")
	require.NoError(t, s.Close())
}

// TestSnapshotDoesNotStopWriters: transactions commit between the cut and the
// end of the snapshot, and are there after reopening.
func TestSnapshotDoesNotStopWriters(t *testing.T) {
	fs := crashfs.New()
	s := must[*storage.Store](t)(storage.Open(context.Background(), fs, options()))
	require.NoError(t, transact(s, change{name: "base", run: bulk(5000)}))
	var wait sync.WaitGroup
	wait.Add(1)
	go func() {
		defer wait.Done()
		for i := range 50 {
			if err := transact(s, change{name: "more", run: create("More", "n", graph.Int(int64(i)))}); err != nil {
				t.Error(err)
			}
		}
	}()
	for range 3 {
		info, err := s.Snapshot(context.Background())
		require.NoError(t, err)
		require.Positive(t, info.Bytes)
	}
	wait.Wait()
	want := fingerprint(s.State())
	require.NoError(t, s.Close())
	s = must[*storage.Store](t)(storage.Open(context.Background(), fs, options()))
	require.Equal(t, want, fingerprint(s.State()))
	require.True(t, s.Report().Clean)
	requireSound(t, s.State())
	require.NoError(t, s.Close())
}

func TestRelaxedIsVisibleAtOnceAndSurvivesClose(t *testing.T) {
	fs := crashfs.New()
	o := options()
	o.Durability = storage.Relaxed
	s := must[*storage.Store](t)(storage.Open(context.Background(), fs, o))
	flushes := s.LogStats().Flushes
	for i := range 100 {
		require.NoError(t, transact(s, change{name: "r", run: create("R", "n", graph.Int(int64(i)))}))
	}
	require.Equal(t, 100, s.State().NodeCount())
	require.Less(t, s.LogStats().Flushes-flushes, uint64(50), "relaxed commits were flushed one by one")
	// A killed process loses nothing: the records are in the file.
	killed := must[*storage.Store](t)(storage.Open(context.Background(), fs.Killed(), options()))
	require.Equal(t, 100, killed.State().NodeCount())
	require.NoError(t, killed.Close())
	require.NoError(t, s.Close())
}

func TestClosedStore(t *testing.T) {
	s := must[*storage.Store](t)(storage.Open(context.Background(), crashfs.New(), options()))
	require.NoError(t, s.Close())
	require.NoError(t, s.Close(), "a second Close")
	_, err := s.Begin(context.Background())
	require.ErrorIs(t, err, wal.ErrClosed)
}

func TestTransactionEndsOnce(t *testing.T) {
	s := must[*storage.Store](t)(storage.Open(context.Background(), crashfs.New(), options()))
	tx := must[*storage.Tx](t)(s.Begin(context.Background()))
	require.NoError(t, bulk(1)(tx))
	tx.Rollback()
	tx.Rollback()
	_, err := tx.Commit()
	require.ErrorIs(t, err, storage.ErrTxDone)
	_, err = tx.CreateNode(nil, nil)
	require.ErrorIs(t, err, storage.ErrTxDone)
	require.Zero(t, s.State().NodeCount())
	require.NoError(t, s.Close())
}

package storage_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/crashfs"
	"github.com/pocketgraph/pocketgraph/storage"
	"github.com/pocketgraph/pocketgraph/wal"
)

func client(n byte, request uint64) storage.Origin {
	return storage.Origin{Client: [16]byte{1, n}, Request: request}
}

func again(o storage.Origin, since uint64) storage.Origin {
	o.Repeated, o.Since = true, since
	return o
}

// apply commits one node for a request and returns the sequence.
func apply(t *testing.T, s *storage.Store, o storage.Origin, rows []byte) uint64 {
	t.Helper()
	tx := must[*storage.Tx](t)(s.BeginOnce(context.Background(), o))
	require.NoError(t, create("N", "n", graph.Int(int64(o.Request)))(tx))
	tx.Answers(o, []byte("summary"), rows)
	sequence, err := tx.Commit()
	require.NoError(t, err)
	return sequence
}

func first(t *testing.T, s *storage.Store, o storage.Origin) *storage.Repeated {
	t.Helper()
	var r *storage.Repeated
	require.ErrorAs(t, s.Applied(context.Background(), o), &r)
	return r
}

// reopened closes and opens the store again.
func reopened(t *testing.T, s *storage.Store, fs *crashfs.FS) *storage.Store {
	t.Helper()
	require.NoError(t, s.Close())
	return must[*storage.Store](t)(storage.Open(context.Background(), fs, options()))
}

func TestRepeatedRequestGetsItsFirstAnswer(t *testing.T) {
	ctx := context.Background()
	fs := crashfs.New()
	s := must[*storage.Store](t)(storage.Open(ctx, fs, options()))
	sequence := apply(t, s, client(1, 7), []byte("rows"))
	large := apply(t, s, client(1, 8), make([]byte, storage.MaxOutcome+1))
	for range 2 { // from memory and log, then from a snapshot
		_, err := s.BeginOnce(ctx, client(1, 7))
		require.Error(t, err)
		require.Equal(t, &storage.Repeated{Sequence: sequence, Whole: true, Summary: []byte("summary"), Rows: []byte("rows")}, first(t, s, client(1, 7)))
		require.Equal(t, &storage.Repeated{Sequence: large, Whole: true, Summary: []byte("summary")}, first(t, s, client(1, 8)))
		require.NoError(t, s.Applied(ctx, client(2, 7)), "of another client")
		require.NoError(t, s.Applied(ctx, again(client(1, 9), large)))
		s = reopened(t, s, fs)
		require.EqualValues(t, 2, s.State().NodeCount())
		_, err = s.Snapshot(ctx)
		require.NoError(t, err)
		s = reopened(t, s, fs)
	}
	o := client(1, 9)
	o.Acknowledged = 7
	require.NoError(t, s.Applied(ctx, o))
	require.ErrorIs(t, s.Applied(ctx, client(1, 7)), storage.ErrOutcomeForgotten)
	require.Equal(t, large, first(t, s, client(1, 8)).Sequence)
	require.NoError(t, s.Close())
}

// TestConcurrentRepeats: requests of one name that run at the same time are
// applied once, and all learn the same.
func TestConcurrentRepeats(t *testing.T) {
	ctx := context.Background()
	s := must[*storage.Store](t)(storage.Open(ctx, crashfs.New(), options()))
	hold := must[*storage.Tx](t)(s.Begin(ctx))
	const askers = 50
	got := make(chan uint64, askers)
	for range askers {
		go func() {
			tx, err := s.BeginOnce(ctx, again(client(1, 1), 0))
			var r *storage.Repeated
			if errors.As(err, &r) {
				got <- r.Sequence
				return
			}
			_ = create("N", "n", graph.Int(1))(tx)
			sequence, _ := tx.Commit()
			got <- sequence
		}()
	}
	time.Sleep(10 * time.Millisecond) // let most of them wait for the writer
	hold.Rollback()
	for range askers {
		require.EqualValues(t, 1, <-got)
	}
	require.EqualValues(t, 1, s.State().NodeCount())
	require.NoError(t, s.Close())
}

// TestOutcomesAreBounded: what is pushed out is answered as unknown, and only
// where that is the truth.
func TestOutcomesAreBounded(t *testing.T) {
	ctx := context.Background()
	s := storage.OpenMemory(options())
	rows := make([]byte, storage.MaxOutcome)
	const n = 100 // of 64 KB: more than the 4 MiB that are kept
	for i := range uint64(n) {
		apply(t, s, client(1, i+1), rows)
	}
	require.Nil(t, first(t, s, client(1, 1)).Rows, "the oldest rows make room")
	require.Len(t, first(t, s, client(1, n)).Rows, len(rows))
	for i := range uint64(2 * 16384) {
		apply(t, s, client(1, n+i+1), nil)
	}
	require.ErrorIs(t, s.Applied(ctx, again(client(1, 1), 0)), storage.ErrOutcomeForgotten)
	require.NoError(t, s.Applied(ctx, again(client(1, 1), s.Sequence())), "sent when all that was forgotten had been answered")
	require.NoError(t, s.Applied(ctx, again(client(2, 1), 0)), "another client has lost nothing")
	at := s.Sequence()
	for i := range 256 {
		apply(t, s, storage.Origin{Client: [16]byte{2, byte(i)}, Request: 1}, nil)
	}
	require.ErrorIs(t, s.Applied(ctx, again(client(1, n), 0)), storage.ErrOutcomeForgotten, "its client was")
	require.NoError(t, s.Applied(ctx, again(client(3, 1), at)))
	require.NoError(t, s.Close())
}

// TestPartsOfARequest: a statement of several transactions is known by how many
// of them there are, and whether it came to its end.
func TestPartsOfARequest(t *testing.T) {
	ctx := context.Background()
	fs := crashfs.New()
	s := must[*storage.Store](t)(storage.Open(ctx, fs, options()))
	parts := func(o storage.Origin, n int) *storage.Tx {
		tx := must[*storage.Tx](t)(s.BeginOnce(ctx, o))
		for i := range n {
			require.NoError(t, create("P", "n", graph.Int(int64(i)))(tx))
			tx = must[*storage.Tx](t)(tx.Next(func(uint64, error) {}))
		}
		return tx
	}
	tx := parts(client(1, 1), 2)
	tx.Answers(client(1, 1), []byte("all"), nil)
	_ = must[uint64](t)(tx.Commit()) // without a change of its own
	parts(client(1, 2), 3).Rollback()
	parts(client(1, 3), 0).Rollback()
	for range 2 {
		require.Equal(t, &storage.Repeated{Sequence: 3, Parts: 2, Whole: true, Summary: []byte("all")}, first(t, s, client(1, 1)))
		require.Equal(t, &storage.Repeated{Sequence: 6, Parts: 3}, first(t, s, client(1, 2)))
		require.NoError(t, s.Applied(ctx, again(client(1, 3), 0)))
		must[wal.SnapshotInfo](t)(s.Snapshot(ctx)) // it has the answers
		s = reopened(t, s, fs)
	}
	require.NoError(t, s.Close())
}

// TestOutcomeOfAFailedCommit: what was not written was not applied; what was
// not flushed is not known.
func TestOutcomeOfAFailedCommit(t *testing.T) {
	ctx := context.Background()
	fs := crashfs.New()
	s := must[*storage.Store](t)(storage.Open(ctx, fs, options()))
	try := func(fault crashfs.Fault, after int64) error {
		tx := must[*storage.Tx](t)(s.BeginOnce(ctx, client(1, 1)))
		require.NoError(t, create("N", "n", graph.Int(1))(tx))
		fs.Plan(fs.Ops()+after, fault)
		_, err := tx.Commit()
		return err
	}
	require.Error(t, try(crashfs.NoSpace, 0))
	require.NoError(t, s.Applied(ctx, again(client(1, 1), 0)))
	require.ErrorIs(t, try(crashfs.EIO, 1), storage.ErrOutcomeUnknown)
	require.ErrorIs(t, s.Applied(ctx, again(client(1, 1), 0)), storage.ErrOutcomeUnknown)
	_ = s.Close()
}

// BenchmarkOnce compares commits with and without a name, in memory and so
// without the flush that costs most.
func BenchmarkOnce(b *testing.B) {
	for _, named := range []bool{false, true} {
		b.Run(fmt.Sprintf("named=%v", named), func(b *testing.B) {
			s := storage.OpenMemory(options())
			rows, summary := make([]byte, 200), make([]byte, 60)
			request := uint64(0)
			for b.Loop() {
				var o storage.Origin
				if request++; named {
					o = client(1, request)
					o.Acknowledged = request - 1
				}
				tx, _ := s.BeginOnce(context.Background(), o)
				_ = create("N", "n", graph.Int(1))(tx)
				if named {
					tx.Answers(o, summary, rows)
				}
				if _, err := tx.Commit(); err != nil {
					b.Fatal(err)
				}
			}
			_ = s.Close()
		})
	}
}

// A statement of several transactions of which one cannot be written is known
// to have broken off at once, and not only when the store is opened again.
func TestPartThatCannotBeWritten(t *testing.T) {
	t.Run("the last", func(t *testing.T) {
		partThatCannotBeWritten(t, func(tx *storage.Tx) error {
			tx.Answers(client(1, 1), []byte("all"), nil)
			_, err := tx.Commit()
			return err
		})
	})
	t.Run("one before", func(t *testing.T) {
		partThatCannotBeWritten(t, func(tx *storage.Tx) error {
			next, err := tx.Next(func(uint64, error) {})
			require.Nil(t, next)
			return err
		})
	})
}

func partThatCannotBeWritten(t *testing.T, end func(tx *storage.Tx) error) {
	ctx := context.Background()
	fs := crashfs.New()
	s := must[*storage.Store](t)(storage.Open(ctx, fs, options()))
	tx := must[*storage.Tx](t)(s.BeginOnce(ctx, client(1, 1)))
	require.NoError(t, create("P", "n", graph.Int(1))(tx))
	first := make(chan error, 1)
	tx = must[*storage.Tx](t)(tx.Next(func(_ uint64, err error) { first <- err }))
	require.NoError(t, <-first)
	require.NoError(t, create("P", "n", graph.String(strings.Repeat("x", 300<<10)))(tx)) // a record that is written by itself
	fs.Limit(fs.Used())
	require.ErrorIs(t, end(tx), wal.ErrDiskFull)
	fs.Limit(0)
	require.NoError(t, transact(s, change{run: create("P", "n", graph.Int(2))})) // under the number that was not used
	for range 2 {
		short, cancel := context.WithTimeout(ctx, 10*time.Second)
		var said *storage.Repeated
		require.ErrorAs(t, s.Applied(short, again(client(1, 1), 0)), &said)
		cancel()
		require.Equal(t, &storage.Repeated{Sequence: 1, Parts: 1}, said)
		require.NoError(t, s.Close())
		s = must[*storage.Store](t)(storage.Open(ctx, fs, options()))
	}
	require.NoError(t, s.Close())
}

// TestFirstPartThatCannotBeWritten: nothing of the request is there, and who
// asks again does not wait for what never comes.
func TestFirstPartThatCannotBeWritten(t *testing.T) {
	ctx := context.Background()
	fs := crashfs.New()
	o := options()
	o.Durability = storage.Relaxed // a record is written before Next returns
	s := must[*storage.Store](t)(storage.Open(ctx, fs, o))
	require.NoError(t, transact(s, change{run: create("P", "n", graph.Int(0))}))
	tx := must[*storage.Tx](t)(s.BeginOnce(ctx, client(1, 1)))
	require.NoError(t, create("P", "n", graph.Int(1))(tx))
	fs.Limit(fs.Used())
	next, err := tx.Next(func(uint64, error) {})
	require.Nil(t, next)
	require.ErrorIs(t, err, wal.ErrDiskFull)
	fs.Limit(0)
	short, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	require.NoError(t, s.Applied(short, again(client(1, 1), 0)))
	require.NoError(t, s.Close())
}

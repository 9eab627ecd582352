package storage_test

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/crashfs"
	"github.com/pocketgraph/pocketgraph/storage"
	"github.com/pocketgraph/pocketgraph/wal"
)

// exported runs the workload and returns the backup of what it leaves, its
// fingerprint, and its sequence number.
func exported(t *testing.T) ([]byte, string, uint64) {
	fs := crashfs.New()
	require.NoError(t, runWorkload(fs, workload()).err)
	s := must[*storage.Store](t)(storage.Open(context.Background(), fs, options()))
	var out bytes.Buffer
	info, err := s.Export(context.Background(), &out)
	require.NoError(t, err)
	require.EqualValues(t, out.Len(), info.Bytes)
	require.Equal(t, s.Sequence(), info.Sequence)
	require.Equal(t, s.StoreID(), info.StoreID)
	want := fingerprint(s.State())
	require.NoError(t, s.Close())
	return out.Bytes(), want, info.Sequence
}

func restoreOptions() storage.Options {
	o := options()
	o.StoreID = [16]byte{9, 9, 9}
	return o
}

func restore(fs *crashfs.FS, backup []byte) (wal.BackupInfo, error) {
	return storage.Restore(context.Background(), fs, restoreOptions(), bytes.NewReader(backup), int64(len(backup)))
}

func TestBackupIsRestored(t *testing.T) {
	backup, want, sequence := exported(t)
	info, problems, err := storage.CheckBackup(context.Background(), bytes.NewReader(backup), int64(len(backup)), nil)
	require.NoError(t, err)
	require.Empty(t, problems)
	require.Equal(t, sequence, info.Sequence)

	fs := crashfs.New()
	_, err = restore(fs, backup)
	require.NoError(t, err)
	_, err = restore(fs, backup)
	require.ErrorIs(t, err, wal.ErrExists)
	for round := range 3 {
		s := must[*storage.Store](t)(storage.Open(context.Background(), fs, options()))
		require.Equal(t, [16]byte{9, 9, 9}, s.StoreID(), "it is a store of its own")
		require.Equal(t, sequence+uint64(round), s.Sequence(), "sequence numbers go on")
		if round == 0 {
			require.Equal(t, want, fingerprint(s.State()))
		}
		requireSound(t, s.State())
		require.NoError(t, transact(s, change{name: "probe", run: bulk(1)}))
		if round == 1 {
			_, err := s.Snapshot(context.Background())
			require.NoError(t, err)
		}
		require.NoError(t, s.Close())
	}
}

// TestDamagedRestoredStore: what a restored store is salvaged to is never a
// state that was not once there.
func TestDamagedRestoredStore(t *testing.T) {
	backup, want, _ := exported(t)
	fs := crashfs.New()
	_, err := restore(fs, backup)
	require.NoError(t, err)
	s := must[*storage.Store](t)(storage.Open(context.Background(), fs, options()))
	require.NoError(t, transact(s, change{name: "probe", run: bulk(1)}))
	after := fingerprint(s.State())
	require.NoError(t, s.Close())
	snap := fs.Bytes("snap.0")
	for at := 0; at < len(snap); at += 701 {
		broken := fs.Clone()
		b := bytes.Clone(snap)
		b[at] ^= 0x20
		broken.Put("snap.0", b)
		o := options()
		_, err := storage.Open(context.Background(), broken, o)
		require.ErrorIs(t, err, wal.ErrCorrupt, "byte %d", at)
		o.Recovery = wal.RecoverSalvage
		s, err := storage.Open(context.Background(), broken, o)
		if err != nil {
			require.ErrorIs(t, err, wal.ErrCorrupt)
			continue
		}
		require.Contains(t, []string{want, after, fingerprint(storage.OpenMemory(options()).State())}, fingerprint(s.State()), "byte %d", at)
		require.NoError(t, s.Close())
	}
}

func TestDamagedBackupsAreRefused(t *testing.T) {
	backup, _, _ := exported(t)
	refused := func(b []byte, about ...any) {
		_, _, err := storage.CheckBackup(context.Background(), bytes.NewReader(b), int64(len(b)), nil)
		require.Error(t, err, about...)
		fs := crashfs.New()
		_, err = restore(fs, b)
		require.Error(t, err, about...)
		s, err := storage.Open(context.Background(), fs, options())
		require.NoError(t, err, about...)
		require.Zero(t, s.State().NodeCount(), about...)
		require.NoError(t, s.Close())
	}
	for at := range backup {
		b := bytes.Clone(backup)
		b[at] ^= 1 << (at % 8)
		if at%37 == 0 || at > len(backup)-200 || at < 128 {
			refused(b, "byte %d", at)
		} else {
			_, _, err := storage.CheckBackup(context.Background(), bytes.NewReader(b), int64(len(b)), nil)
			require.Error(t, err, "byte %d", at)
		}
	}
	for n := 0; n < len(backup); n += 61 {
		refused(backup[:n], "cut at %d", n)
	}
	refused(append(bytes.Clone(backup), 0), "something behind it")
	_, _, err := storage.CheckBackup(context.Background(), bytes.NewReader([]byte("hello, this is no backup")), 24, nil)
	require.ErrorIs(t, err, wal.ErrNotStore)
}

// TestCrashDuringRestore: what is left is the whole backup or an empty store.
func TestCrashDuringRestore(t *testing.T) {
	backup, want, _ := exported(t)
	empty := fingerprint(storage.OpenMemory(options()).State())
	points, whole := 0, 0
	for k := int64(0); ; k++ {
		fs := crashfs.New()
		fs.Plan(k, crashfs.Crash)
		_, err := restore(fs, backup)
		if !fs.HasCrashed() {
			require.NoError(t, err)
			break
		}
		for i, policy := range crashfs.Policies {
			after := fs.Crashed(policy, uint64(k)*31+uint64(i))
			s, err := storage.Open(context.Background(), after, options())
			require.NoError(t, err, "crash before operation %d, %s", k, policy.Name)
			got := fingerprint(s.State())
			require.Contains(t, []string{empty, want}, got)
			if got == want {
				whole++
			}
			requireSound(t, s.State())
			require.NoError(t, transact(s, change{name: "probe", run: bulk(1)}))
			require.NoError(t, s.Close())
			points++
		}
	}
	require.Greater(t, points, 50)
	t.Logf("%d crash points, %d of them with the whole backup", points, whole)
}

// TestExportIsOneCutWhileWritesGoOn: every backup taken beside a writer holds
// whole transactions only, as many as its sequence number says.
func TestExportIsOneCutWhileWritesGoOn(t *testing.T) {
	const transactions, size = 200, 20
	s := must[*storage.Store](t)(storage.Open(context.Background(), crashfs.New(), options()))
	defer s.Close()
	var writer sync.WaitGroup
	writer.Go(func() {
		for range transactions {
			if err := transact(s, change{name: "bulk", run: func(w graph.Writer) error {
				for range size {
					if _, err := w.CreateNode(nil, nil); err != nil {
						return err
					}
				}
				return nil
			}}); err != nil {
				panic(err)
			}
		}
	})
	for last := uint64(0); last < transactions; {
		var out bytes.Buffer
		info, err := s.Export(context.Background(), &out)
		require.NoError(t, err)
		fs := crashfs.New()
		_, err = restore(fs, out.Bytes())
		require.NoError(t, err)
		copied := must[*storage.Store](t)(storage.Open(context.Background(), fs, options()))
		require.EqualValues(t, info.Sequence*size, copied.State().NodeCount())
		require.NoError(t, copied.Close())
		require.GreaterOrEqual(t, info.Sequence, last)
		last = info.Sequence
	}
	writer.Wait()
}

func TestExportAfterAFailedFlush(t *testing.T) {
	fs := crashfs.New()
	s := must[*storage.Store](t)(storage.Open(context.Background(), fs, options()))
	defer s.Close()
	require.NoError(t, transact(s, change{name: "one", run: bulk(1)}))
	want := fingerprint(s.State())
	fs.Plan(fs.Ops()+1, crashfs.EIO) // the flush behind the write of the record
	require.ErrorIs(t, transact(s, change{name: "two", run: bulk(1)}), storage.ErrOutcomeUnknown)
	var out bytes.Buffer
	info, err := s.Export(context.Background(), &out)
	require.NoError(t, err)
	require.EqualValues(t, 1, info.Sequence)
	other := crashfs.New()
	_, err = restore(other, out.Bytes())
	require.NoError(t, err)
	copied := must[*storage.Store](t)(storage.Open(context.Background(), other, options()))
	require.Equal(t, want, fingerprint(copied.State()))
	require.NoError(t, copied.Close())
}

type failing struct{ left int }

var errFull = errors.New("the other disk is full")

func (f *failing) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestExportToAFullDisk(t *testing.T) {
	backup, _, _ := exported(t)
	fs := crashfs.New()
	require.NoError(t, runWorkload(fs, workload()).err)
	s := must[*storage.Store](t)(storage.Open(context.Background(), fs, options()))
	defer s.Close()
	for n := 0; n < len(backup); n += len(backup)/5 + 1 {
		_, err := s.Export(context.Background(), &failing{n})
		require.ErrorIs(t, err, errFull)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := s.Export(ctx, &failing{1 << 30})
	require.ErrorIs(t, err, context.Canceled)
	require.NoError(t, transact(s, change{name: "probe", run: bulk(1)}), "the store itself is unharmed")
}

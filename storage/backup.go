package storage

import (
	"context"
	"io"

	"github.com/hack-pad/hackpadfs"

	"github.com/pocketgraph/pocketgraph/storage/mem"
	"github.com/pocketgraph/pocketgraph/wal"
)

// Export writes the whole graph, as it is after one transaction, as a backup;
// see wal.NewBackup. Readers and writers go on beside it: the writer's lock is
// held for no longer than a commit. It takes nothing from the store's own files
// and works where those cannot be written any more.
func (s *Store) Export(ctx context.Context, w io.Writer) (wal.BackupInfo, error) {
	state, sequence, err := s.consistent(ctx)
	if err != nil {
		return wal.BackupInfo{}, err
	}
	b := wal.NewBackup(w, s.log.StoreID(), sequence, s.options.Now(), s.options.Yield)
	err = state.Sections(s.options.Yield, func(kind uint32, data []byte) error {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		return b.Section(kind, data)
	})
	if err != nil {
		return wal.BackupInfo{}, err
	}
	return b.Finish()
}

// consistent is the newest state with the number of the transaction after
// which it is, all of it durable. Where a flush has failed that is the last one
// that was acknowledged.
func (s *Store) consistent(ctx context.Context) (*mem.State, uint64, error) {
	if err := s.lockWriter(ctx); err != nil {
		return nil, 0, err
	}
	defer s.unlockWriter()
	s.flushing.Lock()
	defer s.flushing.Unlock()
	if err := s.flushGroup(); err != nil || s.stopped.Load() {
		stats := s.log.Stats()
		sequence := stats.DurableSequence
		if s.options.Durability == Relaxed {
			sequence = stats.Sequence
		}
		return s.published.Load(), sequence, nil
	}
	s.restoreHead()
	return s.graph.State(), s.log.Sequence(), nil
}

// CheckBackup reads a whole backup, rebuilds the graph from it and looks at
// every invariant. The problems are those of mem.State.Check.
func CheckBackup(ctx context.Context, in io.ReaderAt, size int64, yield func()) (info wal.BackupInfo, problems []string, err error) {
	loader := mem.NewLoader("")
	if info, err = wal.ReadBackup(ctx, in, size, yield, loader.Section); err != nil {
		return info, nil, err
	}
	g, err := loader.Finish()
	if err != nil {
		return info, nil, err
	}
	g.State().Check(func(problem string) { problems = append(problems, problem) })
	return info, problems, nil
}

// Restore makes a store from a backup; see wal.CreateFrom.
func Restore(ctx context.Context, fs hackpadfs.FS, o Options, in io.ReaderAt, size int64) (wal.BackupInfo, error) {
	return wal.CreateFrom(ctx, wal.Options{
		FS: fs, Create: wal.MustCreate, StoreID: o.StoreID, Now: o.Now, Yield: o.Yield, LockWait: o.LockWait, Tuning: o.Tuning,
	}, in, size)
}

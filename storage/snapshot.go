package storage

import (
	"context"
	"sync"
	"time"

	"github.com/pocketgraph/pocketgraph/storage/column"
	"github.com/pocketgraph/pocketgraph/storage/mem"
	"github.com/pocketgraph/pocketgraph/wal"
)

// snapshotState is what automatic snapshots are decided by.
type snapshotState struct {
	one sync.Mutex // held while a snapshot is written

	sync.Mutex
	closed   bool // no new one may begin
	running  bool
	last     time.Time // of the last snapshot, or of opening
	sequence uint64    // that the last one covered
	retryAt  time.Time // after a failure: not before
	lastErr  error
}

func (st *snapshotState) init(now time.Time) { st.last = now }

// snapshotRetry keeps a failing automatic snapshot (a full disk, say) from
// being tried again with every commit.
const snapshotRetry = time.Minute

// Snapshot writes the whole graph as it is now to the snapshot file that is
// not in use, and makes it the one recovery starts from. Readers go on;
// writers are held up for about as long as a commit takes. wal.ErrDiskFull and
// the like leave the older snapshot in force.
func (s *Store) Snapshot(ctx context.Context) (wal.SnapshotInfo, error) {
	begun := s.options.Now()
	info, err := s.writeSnapshot(ctx)
	s.snapshotEnded(begun, info, err)
	return info, err
}

func (s *Store) writeSnapshot(ctx context.Context) (wal.SnapshotInfo, error) {
	s.snapshots.one.Lock()
	defer s.snapshots.one.Unlock()
	archived := s.log.Archive(ctx)
	cut, state, texts, answered, err := s.cut(ctx)
	if err != nil {
		return wal.SnapshotInfo{}, err
	}
	if archived != nil {
		s.happened(Event{Kind: EventHistoryError, Err: archived}, nil) // the history has a gap
	}
	if err = writeAnswers(cut, answered); err != nil {
		cut.Abort()
		return wal.SnapshotInfo{}, err
	}
	err = state.Sections(s.options.Yield, func(kind uint32, data []byte) error {
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		return cut.Section(kind, data)
	})
	if err != nil {
		cut.Abort()
		return wal.SnapshotInfo{}, err
	}
	info, err := cut.Commit()
	s.ended(err)
	if err == nil {
		s.snapshots.succeeded(s.options.Now(), info.Sequence)
		s.reclaim(ctx, state, texts)
	}
	return info, err
}

// reclaim gives back what texts no state since the cut refers to, if that is
// much. It is no part of the snapshot: what stands in its way is left for the
// next one.
func (s *Store) reclaim(ctx context.Context, state *mem.State, texts *column.Watch) {
	if !texts.Worth() {
		return
	}
	copied, err := texts.Compact(state.UsedTexts(), s.options.Yield)
	for try := 0; copied != nil && err == nil && try < reclaimTries; try++ {
		if s.lockWriter(ctx) != nil {
			return
		}
		done, err := s.graph.AdoptTexts(copied)
		all := s.graph.Texts()
		s.unlockWriter()
		if done || err != nil {
			return
		}
		if copied.Extend(all, s.options.Yield) != nil {
			return
		}
	}
}

// reclaimTries is how often the copy of the texts runs after a writer that is
// faster.
const reclaimTries = 8

// snapshotWriter receives the sections of a snapshot; see wal.Snapshot.
type snapshotWriter interface {
	Require(features uint64)
	Section(kind uint32, data []byte) error
	Commit() (wal.SnapshotInfo, error)
	Abort()
}

// cut fixes the state that the snapshot will hold: everything that was
// appended is flushed and published, and no transaction is under way.
func (s *Store) cut(ctx context.Context) (_ snapshotWriter, _ *mem.State, _ *column.Watch, answered []byte, err error) {
	if err := s.lockWriter(ctx); err != nil {
		return nil, nil, nil, nil, err
	}
	defer s.unlockWriter()
	s.flushing.Lock()
	defer s.flushing.Unlock()
	if err := s.flushGroup(); err != nil {
		return nil, nil, nil, nil, err
	}
	s.restoreHead()
	if s.stopped.Load() {
		return nil, nil, nil, nil, ErrStopped
	}
	cut, err := s.log.cut()
	if err != nil {
		s.ended(err)
		return nil, nil, nil, nil, err
	}
	return cut, s.graph.State(), s.graph.WatchTexts(), s.answers.Encode(), nil
}

// snapshotIfDue starts an automatic snapshot in the background, and says whether
// it did. now may be the time of the last commit: asking the clock costs a page
// as much as a small part of one.
func (s *Store) snapshotIfDue(now time.Time) bool {
	if s.options.SnapshotInterval < 0 || s.stopped.Load() {
		return false
	}
	sequence := s.log.Sequence()
	if !s.snapshots.start(now, sequence, s.options.SnapshotInterval, s.log.SnapshotDue(), &s.background) {
		return false
	}
	go func() {
		defer s.background.Done()
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		go func() { // closing does not wait for a snapshot to be finished
			select {
			case <-s.stop:
				cancel()
			case <-ctx.Done():
			}
		}()
		_, err := s.Snapshot(ctx)
		s.snapshots.finished(s.options.Now(), err)
	}()
	return true
}

// start reports whether an automatic snapshot should begin, and notes that it
// does. It counts the snapshot in while it holds the lock that close takes, so
// that nothing is added after closing began to wait.
func (st *snapshotState) start(now time.Time, sequence uint64, interval time.Duration, due bool, count *sync.WaitGroup) bool {
	st.Lock()
	defer st.Unlock()
	byTime := sequence > st.sequence && now.Sub(st.last) >= interval
	if st.closed || st.running || now.Before(st.retryAt) || !due && !byTime {
		return false
	}
	st.running = true
	count.Add(1)
	return true
}

func (st *snapshotState) close() {
	st.Lock()
	defer st.Unlock()
	st.closed = true
}

func (st *snapshotState) finished(now time.Time, err error) {
	st.Lock()
	defer st.Unlock()
	st.running = false
	st.lastErr = err
	if err != nil {
		st.retryAt = now.Add(snapshotRetry)
	}
}

func (st *snapshotState) succeeded(now time.Time, sequence uint64) {
	st.Lock()
	defer st.Unlock()
	st.last, st.sequence, st.lastErr, st.retryAt = now, sequence, nil, time.Time{}
}

// LastSnapshotError returns why the last automatic snapshot was not written,
// or nil.
func (s *Store) LastSnapshotError() error {
	s.snapshots.Lock()
	defer s.snapshots.Unlock()
	return s.snapshots.lastErr
}

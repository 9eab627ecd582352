package storage

import "time"

// Sync makes everything durable that was acknowledged so far. In strict mode
// that is so already. A flush that fails ends writing, as it does in a commit.
func (s *Store) Sync() error {
	s.flushing.Lock()
	defer s.flushing.Unlock()
	return s.flushGroup()
}

// SnapshotStats tells about the snapshots since the store was opened.
type SnapshotStats struct {
	Written  uint64
	Sequence uint64    // that the last one covers
	Last     time.Time // when it was written; when the store was opened, if none was
	Running  bool      // an automatic one is being written
	Err      error     // why the last automatic one was not written, or nil
	RetryAt  time.Time // after such an error: not before
}

// SnapshotStats returns them.
func (s *Store) SnapshotStats() SnapshotStats {
	written := s.log.Stats().Snapshots
	st := &s.snapshots
	st.Lock()
	defer st.Unlock()
	return SnapshotStats{Written: written, Sequence: st.sequence, Last: st.last, Running: st.running, Err: st.lastErr, RetryAt: st.retryAt}
}

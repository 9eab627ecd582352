package storage

import "time"

// What follows is for who must not wait, and may lose a turn if everybody did:
// an exported function of the page's engine, which nothing can wake. It runs
// whole transactions, and flushes them itself.

// TryBegin is BeginOnce for who must not wait: nil when somebody else writes,
// when anything is known of the request, or when Begin would fail.
func (s *Store) TryBegin(o Origin) *Tx {
	if s.closed.Load() || s.stopped.Load() {
		return nil
	}
	select {
	case <-s.writer:
	default:
		return nil
	}
	tx, err := s.begin()
	if err != nil {
		return nil
	}
	if o.Named() {
		// Nobody can commit now: what is not there stays away.
		if wait, err := s.answers.Find(&o); wait != nil || err != nil {
			tx.Rollback()
			return nil
		}
		tx.origin = o
	}
	return tx
}

// Hold keeps what is committed from now on in memory until Settle: one write
// and one flush then are for all of it. Whoever holds must not wait for a commit.
func (s *Store) Hold() { s.group.held.Add(1) }

// Settle ends Hold. In strict mode it writes, flushes and tells who waits; in
// relaxed mode it writes and tells, and leaves the flush to the flusher. later
// says that somebody, the flusher or an automatic snapshot, needs a turn.
func (s *Store) Settle() (later bool) {
	g := &s.group
	held := g.held.Add(-1) > 0
	g.Lock()
	work, last := len(g.buffered.commits) > 0 || g.unsynced, g.last
	g.Unlock()
	if held || !work {
		return false // the last one who holds settles
	}
	s.flushing.Lock()
	if s.options.Durability == Relaxed {
		s.writeGroup()
		later = g.wakeUp()
	} else {
		_ = s.flushGroup() // who waited was told
		later = s.snapshotIfDue(time.UnixMicro(last))
	}
	s.flushing.Unlock()
	return later
}

package storage

import (
	"errors"
	"runtime"
	"time"
)

// flushLoop flushes group after group until the store closes.
func (s *Store) flushLoop() {
	defer s.background.Done()
	interval := time.NewTimer(s.nextTick())
	defer interval.Stop()
	for {
		select {
		case <-s.stop:
			return
		case <-interval.C:
			s.snapshotIfDue(s.options.Now())
			interval.Reset(s.nextTick())
		case <-s.group.wake:
			if s.group.isHeld() {
				continue // release wakes again
			}
			if s.options.Durability == Relaxed {
				s.writeInTurn()
			}
			if !s.gather() {
				return
			}
			s.flushing.Lock()
			// Who waited was told; nobody waits for a relaxed flush, and the
			// store has stopped if it failed.
			_ = s.flushGroup()
			s.flushing.Unlock()
			s.snapshotIfDue(s.options.Now())
		}
	}
}

// writeInTurn writes the group while nobody flushes or cuts the log: a snapshot
// must not take the answer of a write that fails for one that was applied.
func (s *Store) writeInTurn() {
	s.flushing.Lock()
	s.writeGroup()
	s.flushing.Unlock()
}

// nextTick is how often the loop looks at the snapshot interval.
func (s *Store) nextTick() time.Duration {
	if s.options.SnapshotInterval < 0 {
		return time.Hour
	}
	return s.options.SnapshotInterval
}

// gather lets the group grow. In relaxed mode it waits out the interval. In
// strict mode it lets everything run that is ready to: while the writers that
// were waiting for the lock get through their transactions, each turn of the
// scheduler adds to the group, and they share the flush. The first turn that
// adds nothing ends it, so a lone writer waits for nobody. It returns false
// when the store closes.
func (s *Store) gather() bool {
	if s.options.Durability == Relaxed {
		wait := time.NewTimer(s.options.FlushInterval)
		if s.options.OnTimer != nil {
			s.options.OnTimer()
		}
		defer wait.Stop()
		for {
			select {
			case <-s.stop:
				return false
			case <-wait.C:
				return true
			case <-s.group.released: // who was held waits for a write only, and not for the interval
				if !s.group.isHeld() {
					s.writeInTurn()
				}
			}
		}
	}
	for seen, turns := s.group.progress(), 0; turns < maxGatherTurns; turns++ {
		runtime.Gosched()
		now := s.group.progress()
		if now == seen {
			break
		}
		seen = now
	}
	return true
}

// maxGatherTurns bounds how many transactions may join a group after its
// first, so that the first is not kept waiting for ever.
const maxGatherTurns = 4096

// writeGroup writes what is buffered and tells whom that decides: those whose
// record could not be written, and in relaxed mode everybody.
func (s *Store) writeGroup() {
	g := &s.group
	g.Lock()
	told, err := s.writeBuffered()
	if err == nil && s.options.Durability == Relaxed {
		told = s.showWritten()
	}
	g.Unlock()
	s.settle(told.commits, err)
	told.tell(err)
}

// flushGroup makes everything appended durable, publishes it and tells who
// waits. The error is the flush's: a write that failed is told to those whose
// it was. The caller holds flushing.
func (s *Store) flushGroup() error {
	s.writeGroup()
	g := &s.group
	g.Lock()
	waiting, newest, unsynced := g.written, g.newest, g.unsynced
	g.written, g.unsynced = pending{}, false
	g.Unlock()
	if !unsynced {
		return nil
	}
	var err error
	if s.stopped.Load() {
		err = ErrOutcomeUnknown
	} else if err = s.log.Flush(); err != nil {
		if !s.stopped.Swap(true) {
			s.flushFailed(err)
		}
		err = errors.Join(ErrOutcomeUnknown, err)
	} else if s.options.Durability == Strict { // relaxed has shown it, and perhaps newer ones
		s.show(newest, waiting)
		if n := len(waiting.commits); n > 0 {
			s.acknowledged(n, waiting.commits[0].micros)
		}
	} else {
		s.watching.tell(nil) // a feed shows what is flushed
	}
	s.settle(waiting.commits, err)
	waiting.tell(err)
	return err
}

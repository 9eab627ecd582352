package storage

import (
	"errors"
	"runtime"
	"sync"
	"time"

	"github.com/pocketgraph/pocketgraph/storage/mem"
	"github.com/pocketgraph/pocketgraph/wal"
)

// commitGroup is what waits for the next flush. Its own lock is the innermost.
type commitGroup struct {
	sync.Mutex
	waiting  []pendingCommit
	newest   *mem.State // the state to publish after the flush
	unsynced bool       // relaxed records are in the file, unflushed
	held     int        // how many ask that the flush waits for more
	appended uint64     // counts appends, so that the flusher sees progress
	wake     chan struct{}
}

// pendingCommit is told its outcome by the flush that covers it.
type pendingCommit struct {
	sequence uint64
	done     func(sequence uint64, err error)
}

// Rollback drops the transaction's changes. After Commit it does nothing.
func (tx *Tx) Rollback() {
	if tx.done {
		return
	}
	tx.done = true
	tx.Tx.Rollback()
	tx.store.unlockWriter()
}

// CommitAsync ends the transaction and calls done exactly once, perhaps before
// it returns and perhaps on another goroutine, with the sequence number of the
// transaction (0 when it changed nothing) or with the reason why it was not
// committed. Errors: wal.ErrDiskFull, wal.ErrIO and wal.ErrTooLarge mean that
// nothing happened and the store goes on; ErrOutcomeUnknown that the flush
// failed; ErrStopped that an earlier one did. done must not block.
func (tx *Tx) CommitAsync(done func(sequence uint64, err error)) {
	if tx.done {
		done(0, ErrTxDone)
		return
	}
	if !tx.Changed() {
		tx.Rollback()
		done(0, nil)
		return
	}
	s := tx.store
	sequence, err := tx.append()
	if err != nil {
		s.unlockWriter()
		done(0, err)
		return
	}
	if s.options.Durability == Relaxed {
		s.published.Store(s.graph.State())
		s.group.add(nil, nil)
		s.unlockWriter()
		s.snapshotIfDue()
		done(sequence, nil)
		return
	}
	s.group.add(s.graph.State(), &pendingCommit{sequence: sequence, done: done})
	s.unlockWriter()
}

// append seals the version and writes its record; on error the head is what it
// was before the transaction.
func (tx *Tx) append() (uint64, error) {
	tx.done = true
	s := tx.store
	if s.stopped.Load() {
		tx.Tx.Rollback()
		return 0, ErrStopped
	}
	if len(tx.changes) > maxChanges {
		tx.Tx.Rollback()
		return 0, ErrTxTooLarge
	}
	if _, err := tx.Tx.Commit(); err != nil {
		tx.Tx.Rollback()
		return 0, err
	}
	record := wal.Record{UnixMicros: s.options.Now().UnixMicro(), Payload: tx.changes}
	if err := s.log.Append(&record); err != nil {
		return 0, errors.Join(err, s.graph.Restore(tx.base))
	}
	return record.Sequence, nil
}

// Commit ends the transaction and waits for its outcome; see CommitAsync.
func (tx *Tx) Commit() (sequence uint64, err error) {
	type outcome struct {
		sequence uint64
		err      error
	}
	wait := make(chan outcome, 1)
	tx.CommitAsync(func(sequence uint64, err error) { wait <- outcome{sequence, err} })
	o := <-wait
	return o.sequence, o.err
}

// add notes a record that awaits the next flush.
func (g *commitGroup) add(state *mem.State, p *pendingCommit) {
	g.Lock()
	g.appended++
	if p == nil {
		g.unsynced = true
	} else {
		g.newest = state
		g.waiting = append(g.waiting, *p)
	}
	held := g.held > 0
	g.Unlock()
	if !held {
		g.wakeUp()
	}
}

func (g *commitGroup) wakeUp() {
	select {
	case g.wake <- struct{}{}:
	default: // the flusher has been woken already
	}
}

// HoldFlush keeps the next flush waiting until release is called: who begins
// many transactions at once, and knows it, lets them share one flush for
// certain. Whoever holds must not wait for a commit.
func (s *Store) HoldFlush() (release func()) {
	g := &s.group
	g.Lock()
	g.held++
	g.Unlock()
	return func() {
		g.Lock()
		g.held--
		free := g.held == 0 && (g.newest != nil || g.unsynced)
		g.Unlock()
		if free {
			g.wakeUp()
		}
	}
}

func (g *commitGroup) progress() uint64 {
	g.Lock()
	defer g.Unlock()
	return g.appended
}

func (g *commitGroup) isHeld() bool {
	g.Lock()
	defer g.Unlock()
	return g.held > 0
}

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
			s.snapshotIfDue()
			interval.Reset(s.nextTick())
		case <-s.group.wake:
			if s.group.isHeld() {
				continue // release wakes again
			}
			if !s.gather() {
				return
			}
			s.flushing.Lock()
			// Who waited was told; nobody waits for a relaxed flush, and the
			// store has stopped if it failed.
			_ = s.flushGroup()
			s.flushing.Unlock()
			s.snapshotIfDue()
		}
	}
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
		defer wait.Stop()
		select {
		case <-s.stop:
			return false
		case <-wait.C:
			return true
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

// flushGroup makes everything appended durable, publishes it and tells who
// waits. The caller holds flushing.
func (s *Store) flushGroup() error {
	g := &s.group
	g.Lock()
	waiting, newest, unsynced := g.waiting, g.newest, g.unsynced
	g.waiting, g.newest, g.unsynced = nil, nil, false
	g.Unlock()
	if len(waiting) == 0 && !unsynced {
		return nil
	}
	var err error
	if s.stopped.Load() {
		err = ErrOutcomeUnknown
	} else if err = s.log.Flush(); err != nil {
		s.stopped.Store(true)
		err = errors.Join(ErrOutcomeUnknown, err)
	} else if newest != nil {
		s.published.Store(newest)
	}
	for _, p := range waiting {
		p.done(p.sequence, err)
	}
	return err
}

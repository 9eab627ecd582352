package storage

import (
	"errors"
	"sync"
	"sync/atomic"

	"github.com/pocketgraph/pocketgraph/storage/mem"
	"github.com/pocketgraph/pocketgraph/storage/once"
	"github.com/pocketgraph/pocketgraph/wal"
)

// commitGroup is the transactions that share the next write and the next
// flush. Its own lock is the innermost but for the log's: it makes "the record
// is in the log's buffer" and "the transaction is in the group" one step, and
// so is held while the buffer is written.
type commitGroup struct {
	sync.Mutex
	written  pending    // records in the file, not flushed
	buffered pending    // records in the log's buffer: not even written
	bytes    int        // of changes in it
	newest   *mem.State // with everything that is written
	unsynced bool       // something was written since the last flush
	lost     lost
	held     atomic.Int32 // how many ask that the flush waits for more; changed without the lock, so that holding never waits
	appended uint64       // counts appends, so that the flusher sees progress
	last     int64        // when the last record was made, in microseconds since 1970
	wake     chan struct{}
	released chan struct{} // what was held may be written
}

// lost tells that buffered records could not be written: their transactions
// did not happen, and neither may what was built on them.
type lost struct {
	times int
	why   error // the last time
}

// base is the error for a transaction that was built on what is lost.
func (l *lost) base() error { return errors.Join(errLostBase, l.why) }

// pending is transactions that wait to be told their outcome, and the newest
// state with them.
type pending struct {
	commits []pendingCommit
	state   *mem.State
}

type pendingCommit struct {
	sequence uint64
	touched  *Touched // nil: it took no notes
	micros   int64    // when it was given to the log
	done     func(sequence uint64, err error)
	answer   *once.Answer // of a named request, or nil
	part     uint32       // of it; 0 is the last
}

// recorded notes what the log made of the transaction.
func (s *Store) recorded(c *pendingCommit, r *wal.Record) {
	c.sequence, c.micros = r.Sequence, r.UnixMicros
	if r.Client != [16]byte{} {
		c.answer, c.part = s.answers.Note(r, true), r.Part
	}
}

// alone is one transaction that is to be told its outcome.
func alone(c pendingCommit) pending { return pending{commits: []pendingCommit{c}} }

// tell tells all of them; no lock may be held.
func (p pending) tell(err error) {
	for _, c := range p.commits {
		if err != nil {
			c.done(0, err)
		} else {
			c.done(c.sequence, nil)
		}
	}
}

// maxBuffered is how many bytes of changes wait in memory for the group's one
// write; more in one transaction is written from where it is.
const maxBuffered = 256 << 10

// appendGroup takes a sealed transaction into the group. What it returns is to
// be told that outcome when the writer's lock is free. The caller holds that.
func (s *Store) appendGroup(tx *Tx, part uint32, done func(uint64, error)) (pending, error) {
	g := &s.group
	g.Lock()
	defer g.Unlock()
	own := pendingCommit{touched: tx.touched, done: done}
	record := tx.record(part)
	g.last = record.UnixMicros
	var told pending
	var err error
	switch {
	case tx.lost != g.lost.times:
		told, err = alone(own), g.lost.base()
	case len(tx.changes)+len(tx.images) >= maxBuffered:
		told, err = s.appendLarge(&record, own)
	default:
		told, err = s.buffer(&record, own)
	}
	if err != nil {
		s.headLost = true
		return told, err
	}
	g.appended++
	if s.options.Durability == Relaxed && len(g.buffered.commits) == 0 {
		told = s.showWritten()
	}
	if !g.isHeld() {
		g.wakeUp()
	}
	return told, nil
}

// buffer encodes the record into the log's memory. It is written with the
// group; at once in relaxed mode, which has nothing else to wait for, and when
// the buffer is full. The group is locked.
func (s *Store) buffer(record *wal.Record, own pendingCommit) (told pending, err error) {
	g := &s.group
	if err := s.log.Buffer(record); err != nil {
		return alone(own), err
	}
	s.recorded(&own, record)
	g.buffered = pending{append(g.buffered.commits, own), s.graph.State()}
	g.bytes += len(record.Payload) + len(record.Before) + len(record.Outcome)
	if g.bytes < maxBuffered && (g.isHeld() || s.options.Durability == Strict) {
		return pending{}, nil
	}
	return s.writeBuffered()
}

// appendLarge writes the record without copying it, behind what is buffered.
// The group is locked.
func (s *Store) appendLarge(record *wal.Record, own pendingCommit) (told pending, err error) {
	g := &s.group
	if failed, err := s.writeBuffered(); err != nil {
		failed.commits = append(failed.commits, own) // built on what is lost now
		return failed, err
	}
	if err := s.log.Append(record); err != nil {
		return alone(own), s.unwritten(err)
	}
	s.recorded(&own, record)
	g.written.commits = append(g.written.commits, own)
	g.newest, g.unsynced = s.graph.State(), true
	return pending{}, nil
}

// writeBuffered writes what the log has buffered, all or nothing. On an error
// it returns who is to be told; the graph's head is lost then. The group is
// locked.
func (s *Store) writeBuffered() (failed pending, err error) {
	g := &s.group
	p := g.buffered
	g.buffered, g.bytes = pending{}, 0
	if len(p.commits) == 0 {
		return pending{}, nil
	}
	if err := s.log.Write(); err != nil {
		err = s.unwritten(err)
		g.lost = lost{g.lost.times + 1, err}
		return p, err
	}
	if len(g.written.commits) == 0 {
		g.written.commits = p.commits
	} else {
		g.written.commits = append(g.written.commits, p.commits...)
	}
	g.newest, g.unsynced = p.state, true
	return pending{}, nil
}

// unwritten is the error for those whose record could not be written. Mostly
// nothing happened, and the next record takes the place. But a flush may have
// been part of it, and failed: then writing has ended, and what reached the
// disk is not known.
func (s *Store) unwritten(err error) error {
	if s.ended(err); errors.Is(err, wal.ErrFlush) {
		return errors.Join(ErrOutcomeUnknown, err)
	}
	return err
}

// ended stops the store where the log has: after a flush that failed.
func (s *Store) ended(err error) {
	if errors.Is(err, wal.ErrFlush) || errors.Is(err, wal.ErrPoisoned) {
		if !s.stopped.Swap(true) {
			s.flushFailed(err)
		}
	}
}

// showWritten publishes what is written, in relaxed mode, and returns who is
// to be told that. The group is locked.
func (s *Store) showWritten() pending {
	p := s.group.written
	s.group.written = pending{}
	s.show(s.group.newest, p)
	return p
}

// show publishes a state with those commits to readers.
func (s *Store) show(state *mem.State, p pending) {
	s.published.Store(state)
	if n := len(p.commits); n > 0 {
		s.shown.Store(p.commits[n-1].sequence)
		s.watching.tell(p.commits)
	}
}

// restoreHead takes the graph's head back to the newest written state when
// what was built on that is lost. The caller holds the writer's lock and no
// transaction is under way.
func (s *Store) restoreHead() {
	g := &s.group
	g.Lock()
	defer g.Unlock()
	if !s.headLost && s.headSeen == g.lost.times {
		return
	}
	s.headLost, s.headSeen = false, g.lost.times
	state := g.newest
	if g.buffered.state != nil {
		state = g.buffered.state
	}
	if err := s.graph.Restore(state); err != nil {
		panic("storage: " + err.Error()) // the state is one of this graph
	}
}

func (g *commitGroup) wakeUp() (first bool) { return signal(g.wake) }

func signal(c chan struct{}) (first bool) {
	select {
	case c <- struct{}{}:
		return true
	default: // the flusher has been told already
		return false
	}
}

// HoldFlush keeps the next flush waiting until release is called: who begins
// many transactions at once, and knows it, lets them share one write and one
// flush for certain. Whoever holds must not wait for a commit.
func (s *Store) HoldFlush() (release func()) {
	g := &s.group
	s.Hold()
	return func() {
		if g.held.Add(-1) == 0 && g.mayHaveWork() {
			signal(g.released)
			g.wakeUp()
		}
	}
}

// baseLost is lost.base for who does not hold the group.
func (g *commitGroup) baseLost() error {
	g.Lock()
	defer g.Unlock()
	return g.lost.base()
}

// mayHaveWork tells whether something waits to be flushed. It never waits: who
// has the lock is about to add to the group or flushes it, which in a page may
// need a turn of the event loop.
func (g *commitGroup) mayHaveWork() bool {
	if !g.TryLock() {
		return true
	}
	defer g.Unlock()
	return len(g.buffered.commits) > 0 || g.unsynced
}

func (g *commitGroup) progress() uint64 {
	g.Lock()
	defer g.Unlock()
	return g.appended
}

func (g *commitGroup) isHeld() bool { return g.held.Load() > 0 }

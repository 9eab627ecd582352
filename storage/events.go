package storage

import (
	"sync"
	"time"

	"github.com/pocketgraph/pocketgraph/wal"
)

// Event is something that happened in the store, for whoever keeps watch over
// it.
type Event struct {
	Kind string // one of the kinds below
	Time time.Time

	Duration time.Duration // of a stall, a snapshot, a slow statement
	Sequence uint64        // of a snapshot: the last transaction in it
	Bytes    int64         // of a snapshot
	Text     string        // of a slow statement
	Err      error         // of what failed
}

// The kinds of events.
const (
	EventStall         = "stall"          // a commit was acknowledged late: see StallAfter
	EventFlushError    = "flush-error"    // writing has ended until the store is opened again
	EventSnapshot      = "snapshot"       // one was written
	EventSnapshotError = "snapshot-error" // an automatic one, or one on demand, was not
	EventHistoryError  = "history-error"  // the history has a gap
	EventSlowStatement = "slow-statement" // package pocketgraph tells of these
)

// StallAfter is from when on a commit that waits for its flush counts as a stall.
const StallAfter = 250 * time.Millisecond

// Counters are since the store was opened.
type Counters struct {
	Commits        uint64 // acknowledged, with strict durability
	Stalls         uint64
	LongestCommit  time.Duration // from the record to its acknowledgement
	FlushErrors    uint64
	SnapshotErrors uint64
}

// watchfulness counts, and tells events.
type watchfulness struct {
	mu       sync.Mutex
	counters Counters
	tell     func(Event)
}

// OnEvent makes tell hear of every event, in place of whoever heard before; nil
// ends that. It may be called on any goroutine, and must neither wait nor call
// the store.
func (s *Store) OnEvent(tell func(Event)) {
	s.watchful.mu.Lock()
	s.watchful.tell = tell
	s.watchful.mu.Unlock()
}

// Counters returns what was counted.
func (s *Store) Counters() Counters {
	s.watchful.mu.Lock()
	defer s.watchful.mu.Unlock()
	return s.watchful.counters
}

// happened tells an event after count has counted it.
func (s *Store) happened(e Event, count func(*Counters)) {
	w := &s.watchful
	w.mu.Lock()
	if count != nil {
		count(&w.counters)
	}
	tell := w.tell
	w.mu.Unlock()
	if tell != nil {
		e.Time = s.options.Now()
		tell(e)
	}
}

// acknowledged counts commits that a flush has decided, the oldest of them
// written at micros.
func (s *Store) acknowledged(commits int, micros int64) {
	took := s.options.Now().Sub(time.UnixMicro(micros))
	w := &s.watchful
	w.mu.Lock()
	w.counters.Commits += uint64(commits)
	w.counters.LongestCommit = max(w.counters.LongestCommit, took)
	w.mu.Unlock()
	if took >= StallAfter {
		s.happened(Event{Kind: EventStall, Duration: took}, func(c *Counters) { c.Stalls++ })
	}
}

// flushFailed tells that writing has ended.
func (s *Store) flushFailed(err error) {
	s.happened(Event{Kind: EventFlushError, Err: err}, func(c *Counters) { c.FlushErrors++ })
}

// snapshotEnded tells how a snapshot ended that began then.
func (s *Store) snapshotEnded(begun time.Time, info wal.SnapshotInfo, err error) {
	if err != nil {
		s.happened(Event{Kind: EventSnapshotError, Err: err}, func(c *Counters) { c.SnapshotErrors++ })
		return
	}
	s.happened(Event{Kind: EventSnapshot, Sequence: info.Sequence, Bytes: info.Bytes, Duration: s.options.Now().Sub(begun)}, nil)
}

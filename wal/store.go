package wal

import (
	"sync"
	"time"
)

// MaxRecord bounds the bytes of one record with its header: it bounds what
// recovery allocates for one record. A larger load is several transactions.
const MaxRecord = 256 << 20

// MaxSection bounds one chunk given to Snapshot.Section: a reader holds one
// chunk in memory.
const MaxSection = 8 << 20

// Store is an open log with its snapshots. See the package comment for who may
// call what.
type Store struct {
	d     *disk
	now   func() time.Time
	yield func()
	tune  Tuning
	id    [16]byte

	relaxed   bool   // records are shown before they are flushed
	recovered uint64 // sequence of the last record that was there when it was opened

	flushing sync.Mutex // held by Flush, Cut, Close and Commit of a snapshot; taken before mu
	mu       sync.Mutex // guards what follows

	m         meta // as the newest slot has it, or should
	slot      int  // where it is
	metaDoubt bool // a write of the other slot failed: it may be valid all the same
	metaStale bool // m has something the slot lacks
	slotLost  bool // a slot could not be read, and the one that could has an older incarnation

	log     *file
	head    logHeader // of the file the log is in
	end     position  // of what is written
	durable position  // of what is flushed
	prior   int64     // bytes of the log before this file, behind the newest snapshot
	entries uint64    // records behind the newest snapshot

	buf     []byte   // records encoded and not written
	bufEnd  position // end, once they are
	bufRecs uint64

	counter  uint64 // the highest number given to a session or a log, or tried
	session  uint64 // the number in this session's records
	begun    bool   // it is durable
	serial   uint64 // the last one given to a snapshot
	snapshot *Snapshot
	salvaged bool // takes no record before a snapshot
	poison   error
	closed   bool
	stats    Stats

	// reading is held by whoever reads records, and taken, after mu, by who
	// overwrites or closes what is read. It guards what follows.
	reading sync.RWMutex
	logs    [2]extent // the log that is written, and the one before it, if it is whole
	history *history  // nil: none is kept
	gone    bool      // closed
}

func newStore(d *disk, o *Options, rc *recovery, w way, end tail) *Store {
	s := &Store{
		d: d, now: o.Now, yield: o.Yield, tune: o.Tuning, id: rc.m.store, relaxed: o.Relaxed,
		m: rc.m, slot: rc.slot,
		log: d.log[end.file], head: end.header, end: end.position, durable: end.position,
		prior: end.prior, entries: end.entries,
		counter: max(rc.m.session, end.session), serial: rc.m.epoch, recovered: end.sequence,
	}
	if w != rc.m.current { // the newest snapshot is bad: its slot is the one to overwrite
		s.m.current, s.m.older, s.metaStale = w, way{}, true
	}
	if end.dropped > 0 || s.m.flags&flagRelaxed != 0 && !rc.report.Clean {
		s.m.beginIncarnation(end.sequence)
		s.metaStale = true
	}
	if rc.report.MetaDamaged {
		s.m.pastLost(end.sequence)
		s.metaStale, s.slotLost = true, true
	}
	for i, h := range rc.heads {
		if rc.sound[i] {
			s.counter = max(s.counter, h.generation)
		}
	}
	s.counter++
	s.session = s.counter
	s.bufEnd = s.end
	s.logs = extents(rc, s.head)
	return s
}

// usable is the error that ends every write, or nil.
func (s *Store) usable(doing string) error {
	if s.closed {
		return wrap(doing, ErrClosed, nil)
	}
	if s.poison != nil {
		return wrap(doing, ErrPoisoned, s.poison)
	}
	return nil
}

// poisoned remembers that a flush failed and returns the error for it.
func (s *Store) poisoned(err error) error {
	if s.poison == nil {
		s.poison = err
	}
	return err
}

// inDoubt reports that the other meta slot may be valid, whatever m says.
func (s *Store) inDoubt() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.poison != nil || s.metaDoubt
}

// SnapshotDue reports that the log since the last snapshot is long.
func (s *Store) SnapshotDue() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.salvaged || s.entries >= s.tune.SnapshotEntries || s.logBytes() >= max(s.tune.SnapshotBytes, s.m.current.length/2)
}

// logBytes is the log behind the newest snapshot.
func (s *Store) logBytes() int64 {
	from := int64(blockSize)
	if s.m.current.log.generation == s.end.generation {
		from = s.m.current.log.offset
	}
	return s.prior + s.end.offset - from
}

// Sequence of the last record appended or buffered.
func (s *Store) Sequence() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bufEnd.sequence
}

// StoreID as it was given when the store was created.
func (s *Store) StoreID() [16]byte { return s.id }

// Incarnation grows when recovery dropped remains of records that a relaxed
// reader may have seen, and at a salvage.
func (s *Store) Incarnation() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.m.incarnation
}

// Stats of now.
func (s *Store) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.stats
	st.Sequence, st.DurableSequence = s.end.sequence, s.durable.sequence
	st.SnapshotSequence, st.SnapshotBytes = s.m.current.log.sequence, s.m.current.length
	st.LogBytes, st.LogEntries = s.logBytes(), s.entries
	st.Incarnation, st.Poisoned = s.m.incarnation, s.poison != nil
	s.historyStats(&st)
	if s.closed {
		return st
	}
	st.LogReserved = max(0, s.log.size-s.end.offset)
	s.d.each(func(_ string, f **file) { st.FileBytes += (*f).seen.Load() })
	return st
}

// Close flushes, marks the end of the log in meta, closes the files and gives
// up ownership. After a failed flush it only closes, and returns ErrPoisoned.
// A second Close does nothing.
func (s *Store) Close() error {
	s.flushing.Lock()
	defer s.flushing.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	err := s.usable("closing")
	if err == nil {
		err = s.write()
	}
	if err == nil && !s.salvaged {
		err = s.flushLocked()
	}
	if err == nil && !s.salvaged && (s.m.flags&flagClean == 0 || s.m.attested != s.durable || s.metaStale) {
		m := s.m
		m.flags |= flagClean
		err = s.writeMeta(m)
	}
	s.closed = true
	s.buf = nil
	s.reading.Lock()
	defer s.reading.Unlock()
	s.gone = true
	if cerr := s.d.close(); err == nil && cerr != nil {
		err = wrap("closing the files", ErrIO, cerr)
	}
	return err
}

// writeMeta writes the next slot and makes it the newest. A failed write
// leaves the present slot the newest; a failed flush ends writing.
func (s *Store) writeMeta(m meta) error {
	m.version = FormatVersion
	m.epoch = s.m.epoch + 1
	if s.metaDoubt {
		m.epoch++ // above what the slot may hold from the attempt that failed
	}
	m.written = s.now().UnixMicro()
	m.attested = s.durable
	m.session = s.counter
	if m.flags &^= flagRelaxed; s.relaxed {
		m.flags |= flagRelaxed
	}
	var b [blockSize]byte
	encodeMeta(b[:], &m)
	slot := 1 - s.slot
	if _, err := s.d.meta.writeAt(b[:], int64(slot)*blockSize); err != nil {
		s.metaDoubt = true
		return err
	}
	if err := s.d.meta.sync(); err != nil {
		return s.poisoned(err)
	}
	s.m, s.slot, s.metaDoubt, s.metaStale, s.begun = m, slot, false, false, true
	return nil
}

package wal

// Cut flushes, marks the state after the last record as the one to save, and
// lets the log go on in the other file if that is free. It must not run
// beside an Append; afterwards appends go on while the snapshot is written.
// ErrSnapshotRunning while the one before was neither committed nor aborted.
func (s *Store) Cut() (*Snapshot, error) {
	s.flushing.Lock()
	defer s.flushing.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.usable("cutting"); err != nil {
		return nil, err
	}
	if s.snapshot != nil {
		return nil, wrap("cutting", ErrSnapshotRunning, nil)
	}
	if err := s.write(); err != nil {
		return nil, err
	}
	if err := s.flushLocked(); err != nil {
		return nil, err
	}
	if s.metaDoubt {
		// The other slot may name the snapshot file that is about to be overwritten.
		if err := s.writeMeta(s.m); err != nil {
			return nil, err
		}
	}
	if !s.salvaged && (s.metaStale || s.relaxed && s.m.flags&flagRelaxed == 0) {
		// A log begun here gives the session its number without a word in meta.
		if err := s.beginSession(); err != nil {
			return nil, err
		}
	}
	s.stats.Cuts++
	snap := s.newSnapshot()
	if s.salvaged {
		snap.beginLog()
	} else if s.otherFree() {
		if err := s.switchLog(); err != nil {
			return nil, err
		}
	}
	if snap.newLog == nil {
		snap.header.log = s.end
	}
	snap.header.sequence = snap.header.log.sequence
	snap.begin()
	s.snapshot = snap
	return snap, nil
}

func (s *Store) newSnapshot() *Snapshot {
	slot := uint32(0)
	if s.m.current.kind == waySnapshot {
		slot = 1 - s.m.current.snap
	}
	s.serial = max(s.serial, s.m.epoch) + 1
	f := s.d.snap[slot]
	return &Snapshot{
		s: s, slot: slot, f: f, before: f.size, entries: s.entries,
		header: snapshotHeader{version: FormatVersion, store: s.id, serial: s.serial, written: s.now().UnixMicro()},
	}
}

// otherFree reports that the log may move: this file holds something, and the
// newest durable snapshot goes on in it. Then every record in the other file
// lies before that snapshot. (That alone is not enough: a snapshot that goes
// on at the very end of the other file needs none of its records, but meta
// names the place.)
func (s *Store) otherFree() bool {
	return s.end.offset > blockSize && s.m.current.log.generation == s.end.generation
}

// switchLog begins the other file behind the end of this one. If its header
// cannot be written or flushed the log stays where it is: a header that begins
// before the end of this file counts for nothing (row switch-failed).
func (s *Store) switchLog() error {
	s.counter++
	other := 1 - s.end.file
	f := s.d.log[other]
	now := s.now().UnixMicro()
	h := logHeader{
		version: FormatVersion, store: s.id, generation: s.counter, salt: saltOf(s.id, s.counter, now),
		firstSequence: s.end.sequence + 1, previous: s.end, written: now,
	}
	var b [blockSize]byte
	encodeLogHeader(b[:], &h)
	s.reading.Lock()
	defer s.reading.Unlock()
	s.logs[1] = extent{} // whoever reads there finds the rest in the history
	if _, err := f.writeAt(b[:], 0); err != nil {
		return nil
	}
	if err := f.sync(); err != nil {
		return nil
	}
	s.logs[1] = s.logs[0].ending(s.end)
	s.prior = s.logBytes()
	retired, end := s.log, s.end.offset
	s.startAt(other, h)
	s.stats.Switches++
	most := max(end, blockSize+s.tune.ReserveLeast)
	shrink(retired, most)
	shrink(f, most)
	return nil
}

// startAt makes a fresh log file the one that is written.
func (s *Store) startAt(i uint32, h logHeader) {
	s.log, s.head = s.d.log[i], h
	s.logs[0] = extent{f: s.log, head: h}
	s.end = h.begin(i)
	s.durable, s.bufEnd = s.end, s.end
	s.session, s.begun = h.generation, true
}

// shrink gives back what a log file has beyond most, at a switch. The log that
// retires keeps its records and not what was reserved behind them. The one that
// is begun keeps as much as the one before it took: that need not be reserved
// anew, while what one import wrote is not kept for good. Each keeps one step of
// reservation: so much is there for deleting on a full disk. Housekeeping: an
// error changes nothing.
func shrink(f *file, most int64) {
	if f.size > most {
		_ = f.truncate(most)
	}
}

// beginLog plans the log of a salvaged store: a new one, in the file that the
// salvaged state needs less. Its header is written when the snapshot is whole.
func (snap *Snapshot) beginLog() {
	s := snap.s
	s.counter++
	i := 1 - s.end.file
	now := s.now().UnixMicro()
	h := &logHeader{
		version: FormatVersion, store: s.id, generation: s.counter, salt: saltOf(s.id, s.counter, now),
		firstSequence: s.end.sequence + 1, written: now,
	}
	var b [blockSize]byte
	encodeLogHeader(b[:], h)
	snap.newLog = h
	snap.header.log = h.begin(i)
}

// adopt makes a snapshot that is flushed the newest.
func (s *Store) adopt(snap *Snapshot, w way) error {
	s.flushing.Lock()
	defer s.flushing.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.usable("committing a snapshot"); err != nil {
		return err
	}
	m := s.m
	m.current, m.older = w, s.m.current
	m.flags &^= flagClean
	if snap.newLog != nil {
		if err := s.beginAnew(snap, &m); err != nil {
			return err
		}
	}
	if err := s.writeMeta(m); err != nil {
		if snap.newLog != nil {
			// The old log is gone and meta still names it: the next salvage
			// finds the snapshot, which nothing may overwrite until then.
			return s.poisoned(wrap("committing a salvaged store", ErrFlush, err))
		}
		return err
	}
	s.salvaged = false
	s.entries -= snap.entries
	s.prior = 0
	s.stats.Snapshots++
	if f := snap.f; f.size > 2*w.length+s.tune.SnapshotBytes {
		_ = f.truncate(w.length + w.length/4) // housekeeping after the graph has shrunk
	}
	return nil
}

// beginAnew writes the header of a salvaged store's log. Should the machine
// stop between this and meta, the snapshot is whole, and the next salvage
// finds it.
func (s *Store) beginAnew(snap *Snapshot, m *meta) error {
	var b [blockSize]byte
	encodeLogHeader(b[:], snap.newLog)
	s.reading.Lock()
	defer s.reading.Unlock()
	s.logs[1] = extent{} // what was before the damage is no history of what comes
	s.history.forget()
	if err := writeBlock(s.d.log[snap.header.log.file], b[:], 0); err != nil {
		return s.poisoned(wrap("committing a salvaged store", ErrFlush, err))
	}
	s.startAt(snap.header.log.file, *snap.newLog)
	m.older = way{}
	m.beginIncarnation(0)
	return nil
}

// ended forgets the snapshot that was being written.
func (s *Store) ended(snap *Snapshot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.snapshot == snap {
		s.snapshot = nil
	}
}

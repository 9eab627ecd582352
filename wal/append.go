package wal

import "errors"

const (
	// keepBuffer is the encoding buffer kept between writes; a larger one, made
	// for a large transaction, goes back to the collector.
	keepBuffer = 1 << 20

	// directPayload is the size from which a payload is written from where it
	// is instead of being copied.
	directPayload = 64 << 10
)

// Append writes one record and assigns its Sequence. It is durable after the
// next Flush. On an error nothing changed: the next record takes the same
// place and sequence (ErrDiskFull, ErrIO, ErrTooLarge), unless the error is
// ErrFlush: then writing has ended and the outcome of this record is unknown.
func (s *Store) Append(r *Record) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.buf) == 0 && len(r.Payload) >= directPayload {
		return s.appendLarge(r)
	}
	if err := s.buffer(r); err != nil {
		return err
	}
	return s.write()
}

// Buffer encodes one record into memory and assigns its Sequence. Write puts
// all buffered records into the file with one call (Append is Buffer and
// Write). A group under strict durability: Buffer each, Write, Flush.
func (s *Store) Buffer(r *Record) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buffer(r)
}

// Write writes what was buffered. On an error (as of Append) none of the
// buffered records happened: all are forgotten, their sequences are given
// again.
func (s *Store) Write() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.write()
}

// prepare checks that a record may be written and gives it sequence and time.
func (s *Store) prepare(r *Record) error {
	if err := s.usable("appending"); err != nil {
		return err
	}
	if s.salvaged {
		return wrap("appending", ErrSalvaged, nil)
	}
	if recordLength(r) > MaxRecord {
		return wrap("appending", ErrTooLarge, nil)
	}
	r.Sequence = s.bufEnd.sequence + 1
	if r.UnixMicros == 0 {
		r.UnixMicros = s.now().UnixMicro()
	}
	return nil
}

func (s *Store) buffer(r *Record) error {
	if err := s.prepare(r); err != nil {
		return err
	}
	s.buf = appendRecord(s.buf, r, s.id, s.session, &s.bufEnd, s.durable.offset)
	s.bufRecs++
	return nil
}

// write puts the buffer into the file, all or nothing.
func (s *Store) write() error {
	if len(s.buf) == 0 {
		return nil
	}
	buf, end, records := s.buf, s.bufEnd, s.bufRecs
	s.forget()
	if err := s.usable("appending"); err != nil {
		return err
	}
	return s.put(end, records, buf)
}

// forget drops what is buffered and keeps the memory if it is not large.
func (s *Store) forget() {
	if cap(s.buf) > keepBuffer {
		s.buf = nil
	}
	s.buf, s.bufEnd, s.bufRecs = s.buf[:0], s.end, 0
}

// appendLarge writes a record in pieces, the payload from where it is.
func (s *Store) appendLarge(r *Record) error {
	if err := s.prepare(r); err != nil {
		return err
	}
	length := recordLength(r)
	front := make([]byte, recordHeader, recordHeader+len(r.Outcome)+len(r.Metadata)+len(r.Before))
	sum := encodeRecordHeader(front, r, s.id, s.session, s.end.chain, s.end.offset, s.durable.offset, bodyChecksum(r))
	front = append(append(append(front, r.Outcome...), r.Metadata...), r.Before...)
	end := s.end
	end.pass(length, r.Sequence, sum)
	err := s.put(end, 1, front, r.Payload, zeros[:length-int64(len(front)+len(r.Payload))])
	s.forget()
	return err
}

// put writes the pieces of records behind the end of the log, up to end.
func (s *Store) put(end position, records uint64, pieces ...[]byte) error {
	if err := s.beginSession(); err != nil {
		return err
	}
	if err := s.reserve(end.offset); err != nil {
		return err
	}
	for len(pieces) > 0 && len(pieces[len(pieces)-1]) == 0 {
		pieces = pieces[:len(pieces)-1]
	}
	size, at, written := s.log.size, s.end.offset, s.end.offset
	for i, p := range pieces {
		if len(p) == 0 {
			continue
		}
		if i < len(pieces)-1 {
			if staged, err := s.log.stageAt(p, at); err != nil {
				return err
			} else if staged {
				at += int64(len(p))
				continue
			}
		}
		n, err := s.log.writeAt(p, at)
		s.stats.Writes++
		if err != nil {
			if e, ok := err.(*ioError); ok {
				e.need = int(end.offset - written - int64(n)) // of all that was to come, what was staged included
			}
			return s.undo(err, end.offset, size, written == s.end.offset && n == 0 && errors.Is(err, ErrDiskFull))
		}
		at += int64(n)
		written = at
	}
	s.stats.Appends += records
	s.stats.AppendedBytes += uint64(end.offset - s.end.offset)
	s.entries += records
	s.end, s.bufEnd = end, end
	return nil
}

// undo makes sure that a write that failed leaves no record behind, although
// the file system may have written all of it: its caller is told that the
// transaction did not happen. The bytes are taken away and that is flushed. If
// it cannot be done, nobody knows what the next Open finds, and writing ends.
func (s *Store) undo(cause error, to, size int64, untouched bool) error {
	if untouched {
		return cause
	}
	var err error
	if to > size {
		err = s.log.truncate(size)
	}
	if err == nil {
		err = s.log.writeZeros(s.end.offset, min(to, size))
	}
	if err == nil {
		err = s.log.sync()
		s.stats.Flushes++
	}
	if err != nil {
		return s.poisoned(wrap("taking back a write that failed", ErrFlush, errors.Join(cause, err)))
	}
	s.durable = s.end
	return cause
}

// beginSession makes the number of this session durable before its first
// record: whatever an earlier one left behind the end of the log, whole or in
// pieces, then never lines up with what is written now.
func (s *Store) beginSession() error {
	if !s.begun {
		m := s.m
		m.flags &^= flagClean
		if err := s.writeMeta(m); err != nil {
			return err
		}
	}
	if !s.slotLost {
		return nil
	}
	// The slot just written is the one that was lost. The other has the old
	// incarnation, from which the next would be counted were this one lost again.
	if err := s.writeMeta(s.m); err != nil {
		return err
	}
	s.slotLost = false
	return nil
}

// reserve writes zeros ahead so that a record up to end finds its space taken
// already. Truncating would make a hole and reserve nothing. Failing to
// reserve is no error: the record may still fit.
func (s *Store) reserve(end int64) error {
	step := min(max(s.end.offset/4&^(blockSize-1), s.tune.ReserveLeast), s.tune.ReserveMost)
	if end <= s.log.size || end < s.tune.ReserveAfter || end-s.end.offset > step {
		return nil
	}
	if err := s.log.writeZeros(s.log.size, end+step); err != nil {
		return nil
	}
	s.stats.Reservations++
	s.stats.Flushes++
	if err := s.log.sync(); err != nil {
		return s.poisoned(err)
	}
	s.durable = s.end
	return nil
}

// Flush makes everything appended before the call durable. A failure ends
// writing: ErrFlush now, ErrPoisoned from then on.
func (s *Store) Flush() error {
	s.flushing.Lock()
	defer s.flushing.Unlock()
	s.mu.Lock()
	if err := s.usable("flushing"); err != nil {
		s.mu.Unlock()
		return err
	}
	target, f := s.end, s.log
	if target == s.durable {
		s.mu.Unlock()
		return nil
	}
	s.stats.Flushes++
	s.mu.Unlock()
	err := f.sync() // appends go on meanwhile
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		return s.poisoned(err)
	}
	if s.durable.offset < target.offset {
		s.durable = target
	}
	return nil
}

// flushLocked is Flush for callers that hold both locks.
func (s *Store) flushLocked() error {
	if s.durable == s.end {
		return nil
	}
	s.stats.Flushes++
	if err := s.log.sync(); err != nil {
		return s.poisoned(err)
	}
	s.durable = s.end
	return nil
}

package wal

import (
	"context"
	"errors"
	"strconv"
	"sync"
)

// The history is what the logs held before they were overwritten. It is for
// those who follow the changes; recovery never looks at it, and what is wrong
// with it is never a reason not to open.
//
// It lies in eight files that take turns: each holds a segment, a header like
// that of a log (with another magic and the incarnation) and records as they
// are in a log, with the checksums of their new place. Segments are numbered by
// generation; previous in the header names the segment before and where that
// one ends, so that a chain leads from the newest segment to the oldest. The
// file of the oldest is used again.
//
// Records are copied from the log that is retired, before the cut that
// overwrites it (Archive). All of them had been flushed, and the newest meta
// slot names a place behind them. So no power cut takes them back, in relaxed
// mode either, and whatever incarnations come later go on behind them in the
// same file; only a salvage may, and what was copied before one is dropped
// (meta.sameLine). So also a record never changes between two copies of it:
// what a crash leaves of a copy is either the record or nothing, and the next
// Archive goes on behind the last whole one. Where it has to leave a gap, the
// history begins anew behind the gap.
//
// The files are created when the store is first opened with a history. In a
// browser their names may be lost with the power until the system has written
// its tables; the history is then shorter, and a feed is told so.
const (
	historyFiles = 8

	// historyBuffer is how many bytes of records are written at a time.
	historyBuffer = 256 << 10
)

type history struct {
	keep  Retention
	files [historyFiles]*file
	err   error // why the last Archive did not get to its end

	one    sync.Mutex // held by Archive and load
	loaded bool
	last   uint64    // highest generation seen; belongs to who holds one
	segs   []segment // oldest first; guarded by Store.reading
}

// segment is one file of the history.
type segment struct {
	extent
	newest int64 // time of its last record, microseconds since 1970
}

// extent is a row of records in one file.
type extent struct {
	f    *file
	head logHeader
	end  position // where it ends; zero: the log that is written
}

func (e extent) ending(p position) extent {
	e.end = p
	return e
}

// begin is the place of its first record.
func (e extent) begin() position {
	return e.head.begin(0)
}

// holds reports that the record is in it, or will be.
func (e extent) holds(sequence uint64) bool {
	return e.f != nil && sequence >= e.head.firstSequence && (e.end.offset == 0 || sequence <= e.end.sequence)
}

// extents are the logs of a store that was recovered: the one it ends in, and
// the other where its records lead there.
func extents(rc *recovery, head logHeader) (logs [2]extent) {
	for i, f := range rc.d.log {
		switch h := rc.heads[i]; {
		case !rc.sound[i] || h.generation == 0:
		case h.generation == head.generation:
			logs[0] = extent{f: f, head: h}
		case head.previous.file == uint32(i) && head.previous.generation == h.generation:
			logs[1] = extent{f: f, head: h, end: head.previous}
		}
	}
	return logs
}

// openHistory takes the files, and makes those that are missing.
func (s *Store) openHistory(keep Retention) {
	h := &history{keep: keep}
	made := false
	for i := range h.files {
		name := "hist." + strconv.Itoa(i)
		f, err := openFile(s.d.dir, name, openFlags)
		if f == nil && err == nil {
			made = true
			f, err = openFile(s.d.dir, name, openFlags|createFlag)
		}
		if err != nil {
			h.err = err
			break
		}
		h.files[i] = f
		s.d.hist = append(s.d.hist, f)
	}
	if made && h.err == nil {
		if err := s.d.dir.SyncDir(); err != nil {
			h.err = wrap("flushing the directory", ErrFlush, err)
		}
	}
	s.history = h
}

// forget drops everything. The caller holds reading.
func (h *history) forget() {
	if h != nil {
		h.segs = nil
	}
}

// usable reports that there are files.
func (h *history) usable() bool { return h != nil && h.files[historyFiles-1] != nil }

// loadHistory reads the headers and looks for the end of the newest segment.
// Whoever calls it holds history.one and not reading.
func (s *Store) loadHistory(ctx context.Context) error {
	h := s.history
	if h.loaded {
		return nil
	}
	var heads [historyFiles]logHeader
	newest := -1
	for i, f := range h.files {
		var b [blockSize]byte
		n, err := f.readAt(b[:], 0)
		if err != nil {
			return err
		}
		head, ok := decodeHeader(b[:n], historyMagic)
		if !ok || head.newer() || head.store != s.id {
			continue
		}
		heads[i] = head
		if head.generation > h.last {
			h.last, newest = head.generation, i
		}
	}
	var segs []segment
	if newest >= 0 {
		seg, err := s.segmentAt(ctx, h.files[newest], heads[newest])
		if err != nil {
			return err
		}
		seg.end.file = uint32(newest)
		for at := seg; ; {
			segs = append([]segment{at}, segs...)
			p := at.head.previous
			// The number of the segment says which file it is: older programs wrote
			// file 0 where an earlier session had begun it.
			i := 0
			for i < historyFiles && heads[i].generation != p.generation {
				i++
			}
			if p.generation == 0 || i == historyFiles || len(segs) == historyFiles {
				break
			}
			at = segment{extent{f: h.files[i], head: heads[i], end: p}, at.head.written}
		}
		s.mu.Lock()
		if !s.m.sameLine(seg.head.incarnation) || seg.end.sequence > s.recovered {
			segs = nil
		}
		s.mu.Unlock()
	}
	s.reading.Lock()
	h.segs, h.loaded = segs, true
	s.reading.Unlock()
	return nil
}

// segmentAt walks over the newest segment to its end.
func (s *Store) segmentAt(ctx context.Context, f *file, head logHeader) (segment, error) {
	seg := segment{extent{f: f, head: head}, head.written}
	win := &window{f: f, work: &work{ctx: ctx, yield: s.yield}}
	p := seg.begin()
	for {
		h, body, err := nextRecord(win, s.id, &p)
		if err != nil {
			return seg, err
		}
		if body == nil {
			seg.end = p
			return seg, nil
		}
		seg.newest = h.micros
	}
}

// Archive copies the log that is retired into the history and lets go of what
// is beyond its bounds. It does nothing where no history is kept. It is to be
// called before each Cut, by the goroutine that cuts; appends and readers go
// on. After an error the cut may be made all the same: the history then has a
// gap, and begins behind it.
func (s *Store) Archive(ctx context.Context) error {
	if !s.history.usable() {
		return nil
	}
	h := s.history
	h.one.Lock()
	defer h.one.Unlock()
	err := s.archive(ctx)
	s.mu.Lock()
	h.err = err
	s.mu.Unlock()
	return err
}

func (s *Store) archive(ctx context.Context) error {
	if err := s.loadHistory(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	err := s.usable("keeping history")
	salvaged, incarnation := s.salvaged, s.m.incarnation
	due := s.m.current.log.generation == s.end.generation // Cut may leave this file
	s.mu.Unlock()
	if err != nil || salvaged {
		return err
	}
	s.reading.Lock()
	from := s.logs[1]
	if n := len(s.history.segs); n > 0 && from.f != nil && s.history.segs[n-1].end.sequence+1 < from.head.firstSequence {
		s.history.segs = nil // a gap
	}
	s.reading.Unlock()
	if from.f != nil && due {
		a := &archiver{s: s, h: s.history, incarnation: incarnation}
		if err := a.copy(ctx, from); err != nil {
			return err
		}
	}
	s.dropAged()
	return nil
}

// archiver is one run of Archive. What it writes lies behind the end of the
// newest segment, where nobody reads, until it moves that end.
type archiver struct {
	s           *Store
	h           *history
	incarnation uint64  // of the files that are begun
	seg         segment // the one that is written, with what is not flushed yet
	open        bool
	buf         []byte
	at          int64 // where buf goes
}

// copy appends the records of an extent that the history lacks.
func (a *archiver) copy(ctx context.Context, from extent) error {
	next := from.head.firstSequence
	if n := len(a.h.segs); n > 0 {
		a.seg, a.open = a.h.segs[n-1], true
		a.at = a.seg.end.offset
		next = a.seg.end.sequence + 1
	}
	if !from.holds(next) {
		return a.flush() // a process that died may have left copies that are not
	}
	win := &window{f: &file{name: from.f.name, h: from.f.h, size: from.end.offset}, work: &work{ctx: ctx, yield: a.s.yield}}
	p := from.begin()
	var rec Record
	for p.sequence < from.end.sequence {
		h, body, err := nextRecord(win, a.s.id, &p)
		if err != nil {
			return err
		}
		if body == nil {
			return &CorruptError{File: from.f.name, Offset: p.offset, Sequence: p.sequence + 1, Reason: "a record that had been flushed cannot be read"}
		}
		if h.sequence < next {
			continue
		}
		h.record(body, &rec)
		if err := a.add(&rec); err != nil {
			return err
		}
	}
	return a.flush()
}

// add puts one record into the newest segment, or into a new one.
func (a *archiver) add(r *Record) error {
	length := recordLength(r)
	if keep := a.h.keep.Bytes; keep > 0 && length > keep {
		return a.begin(r.Sequence+1, r.UnixMicros, false) // it alone is more than may be kept
	}
	if !a.open || a.full(length, r.UnixMicros) {
		if err := a.begin(r.Sequence, r.UnixMicros, a.open); err != nil {
			return err
		}
	}
	end := &a.seg.end
	a.buf = appendRecord(a.buf, r, a.s.id, end.generation, end, blockSize)
	a.seg.newest = r.UnixMicros
	if len(a.buf) >= historyBuffer {
		return a.write()
	}
	return nil
}

// full reports that the next record belongs into another file: an eighth of
// the bytes, or a seventh of the time between its first record and that one, so
// that the seven files behind the one that is given up hold that time. (A clock
// that was put back is as good a reason as one that went on.)
func (a *archiver) full(length, micros int64) bool {
	used, passed := a.seg.end.offset-blockSize, micros-a.seg.head.written
	if used == 0 {
		return false
	}
	keep := a.h.keep
	return keep.Bytes > 0 && used+length > keep.Bytes/historyFiles ||
		keep.Age > 0 && max(passed, -passed) > keep.Age.Microseconds()/(historyFiles-1)
}

// write hands over what was gathered.
func (a *archiver) write() error {
	if len(a.buf) == 0 {
		return nil
	}
	_, err := a.seg.f.writeAt(a.buf, a.at)
	a.at += int64(len(a.buf))
	if a.buf = a.buf[:0]; cap(a.buf) > 4*historyBuffer {
		a.buf = nil
	}
	return err
}

// flush makes what was written durable and shows it to readers.
func (a *archiver) flush() error {
	if !a.open {
		return nil
	}
	if err := a.write(); err != nil {
		return err
	}
	if err := a.seg.f.sync(); err != nil {
		return err
	}
	a.s.reading.Lock()
	defer a.s.reading.Unlock()
	if n := len(a.h.segs); n > 0 && a.h.segs[n-1].head.generation == a.seg.head.generation {
		a.h.segs[n-1] = a.seg
	}
	return nil
}

// begin ends the segment and starts one with that record, of that time: in a
// file that is free, or in that of the oldest segment. Its header is durable
// before a record overwrites what was there. follows: it goes on where the last
// one ended; otherwise the history begins with it.
func (a *archiver) begin(sequence uint64, micros int64, follows bool) error {
	if err := a.flush(); err != nil {
		return err
	}
	s, h := a.s, a.h
	s.reading.Lock()
	defer s.reading.Unlock()
	if !follows {
		h.segs = nil
	}
	if len(h.segs) == historyFiles {
		h.segs = h.segs[1:]
	}
	at := h.free()
	h.last++
	head := logHeader{version: FormatVersion, store: s.id, generation: h.last, salt: saltOf(s.id, h.last, s.now().UnixMicro()),
		firstSequence: sequence, written: micros, incarnation: a.incarnation}
	if follows {
		head.previous = h.segs[len(h.segs)-1].end
	}
	f := h.files[at]
	if err := f.truncate(0); err != nil {
		return err
	}
	var b [blockSize]byte
	encodeHeader(b[:], &head, historyMagic)
	if err := writeBlock(f, b[:], 0); err != nil {
		return err
	}
	seg := segment{extent{f: f, head: head}, micros}
	seg.end = head.begin(uint32(at))
	h.segs = append(h.segs, seg)
	a.seg, a.open, a.at = seg, true, blockSize
	return nil
}

// free is a file without a segment that counts.
func (h *history) free() int {
	for i, f := range h.files {
		used := false
		for _, seg := range h.segs {
			used = used || seg.f == f
		}
		if !used {
			return i
		}
	}
	return 0 // cannot be: there are fewer segments than files
}

// dropAged lets go of segments whose records are all too old. The space is
// given back where that works; a crash that brings them back does no harm.
func (s *Store) dropAged() {
	h := s.history
	if h.keep.Age <= 0 {
		return
	}
	before := s.now().Add(-h.keep.Age).UnixMicro()
	s.reading.Lock()
	defer s.reading.Unlock()
	for len(h.segs) > 0 && h.segs[0].newest < before {
		_ = h.segs[0].f.truncate(0)
		h.segs = h.segs[1:]
	}
}

// oldest is the first record from which on all are there. The caller holds reading.
func (s *Store) oldest() uint64 {
	first := s.logs[0].head.firstSequence
	if s.logs[1].f != nil {
		first = s.logs[1].head.firstSequence
	}
	if s.history == nil {
		return first
	}
	if segs := s.history.segs; len(segs) > 0 && segs[len(segs)-1].end.sequence+1 >= first {
		first = min(first, segs[0].head.firstSequence)
	}
	return first
}

// historyStats fills in what Stats tells of the history; mu is held.
func (s *Store) historyStats(st *Stats) {
	s.reading.RLock()
	defer s.reading.RUnlock()
	st.HistoryFirst = s.oldest()
	if s.history == nil {
		return
	}
	for _, seg := range s.history.segs {
		st.HistoryBytes += seg.end.offset - blockSize
	}
	if err := s.history.err; err != nil {
		st.HistoryError = err.Error()
	}
}

// damaged gives up what cannot be read, and what lies before it: the retired
// log or a segment. Recovery does not need it.
func (s *Store) damaged(e extent) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reading.Lock()
	defer s.reading.Unlock()
	if s.logs[1].f == e.f {
		s.logs[1] = extent{}
		return
	}
	for i, seg := range s.history.segs {
		if seg.f == e.f && seg.head.generation == e.head.generation {
			s.history.segs = append([]segment(nil), s.history.segs[i+1:]...)
			s.history.err = wrap("reading the history in "+seg.f.name, ErrCorrupt, errors.New("a record cannot be read"))
			return
		}
	}
}

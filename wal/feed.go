package wal

import "context"

// Feed reads committed records in order, from the logs and from the history.
// It shows durable records only: none that a crash could take back. It holds
// one record, and a window of the file that it is in. It belongs to one
// goroutine at a time; appends, flushes and cuts go on beside it.
type Feed struct {
	s    *Store
	next uint64   // sequence of the record to come
	at   extent   // where it is looked for; f nil: to be found
	p    position // in it, before a record that is not behind the one to come
	view file     // it, as far as it may be read
	win  window
	turn work // others get theirs between two steps: nothing is locked there
	rec  Record
}

// Feed begins behind the record of that sequence, which was seen in that
// incarnation. ErrHistoryChanged: the records up to there are not what was seen
// then. Whether the next one is kept any more shows in Next.
func (s *Store) Feed(ctx context.Context, incarnation, after uint64) (*Feed, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, wrap("following the changes", ErrClosed, nil)
	}
	if !s.m.upholds(incarnation, after) || after > s.bufEnd.sequence {
		return nil, wrap("following the changes", ErrHistoryChanged, nil)
	}
	f := &Feed{s: s, next: after + 1, win: window{work: &work{ctx: ctx}}, turn: work{ctx: ctx, yield: s.yield}}
	if after >= s.durable.sequence { // nothing before it is to be looked at
		s.reading.RLock()
		f.at, f.p = s.logs[0], s.durable
		s.reading.RUnlock()
	}
	return f, nil
}

// Oldest is the sequence of the oldest record that a feed can begin with; that
// of the next one to come if there is none.
func (s *Store) Oldest(ctx context.Context) (uint64, error) {
	if err := s.needHistory(ctx); err != nil {
		return 0, err
	}
	s.reading.RLock()
	defer s.reading.RUnlock()
	return s.oldest(), nil
}

// needHistory loads the history, where there is one.
func (s *Store) needHistory(ctx context.Context) error {
	if !s.history.usable() {
		return nil
	}
	s.history.one.Lock()
	defer s.history.one.Unlock()
	return s.loadHistory(ctx)
}

// Next returns the next record, or nil when there is none yet, or none up to
// limit. It is valid until the call after. Errors: a *DroppedError, ErrClosed,
// ErrSalvaged, ErrIO.
func (f *Feed) Next(limit uint64) (*Record, error) {
	s := f.s
	s.mu.Lock()
	durable, closed, salvaged := s.durable, s.closed, s.salvaged
	s.mu.Unlock()
	switch {
	case closed:
		return nil, wrap("following the changes", ErrClosed, nil)
	case salvaged:
		return nil, wrap("following the changes", ErrSalvaged, nil)
	case f.next > min(limit, durable.sequence):
		return nil, nil
	}
	for loaded := false; ; {
		found, err := f.step(&durable)
		switch {
		case found:
			f.next++
			return &f.rec, nil
		case err == nil: // a part of the way is done
			if err := f.turn.did(yieldBytes); err != nil {
				return nil, err
			}
		case err != errElsewhere:
			return nil, err
		case !loaded:
			loaded = true
			if err := s.needHistory(f.turn.ctx); err != nil {
				return nil, err
			}
		default:
			s.reading.RLock()
			oldest := s.oldest()
			s.reading.RUnlock()
			return nil, &DroppedError{Wanted: f.next, Oldest: oldest}
		}
	}
}

// errElsewhere: the record is in no extent that is known.
var errElsewhere = wrap("following the changes", ErrHistoryDropped, nil)

// step reads the record, or comes nearer to it by as many bytes as may be worked
// on before others get their turn.
func (f *Feed) step(durable *position) (found bool, err error) {
	s := f.s
	s.reading.RLock()
	var broken extent
	defer func() {
		s.reading.RUnlock()
		if broken.f != nil {
			s.damaged(broken)
		}
	}()
	if s.gone {
		return false, wrap("following the changes", ErrClosed, nil)
	}
	if err := f.find(durable); err != nil {
		return false, err
	}
	for begun := f.p.offset; f.p.offset-begun < yieldBytes; {
		h, body, err := nextRecord(&f.win, s.id, &f.p)
		if err != nil {
			return false, err
		}
		if body == nil {
			at := f.at
			f.at = extent{}
			if at.f != s.logs[0].f {
				broken = at
				return false, nil
			}
			return false, &CorruptError{File: at.f.name, Offset: f.p.offset, Sequence: f.p.sequence + 1, Reason: "a record that had been flushed cannot be read"}
		}
		if h.sequence == f.next {
			h.record(body, &f.rec)
			return true, nil
		}
	}
	return false, nil
}

// find makes sure that at and p lead to the next record; the caller holds reading.
func (f *Feed) find(durable *position) error {
	now, ok := f.s.extentOf(f.next)
	if !ok {
		f.at = extent{}
		return errElsewhere
	}
	size := now.end.offset
	if size == 0 {
		size = durable.offset // nothing behind it is read, so what is buffered stays true
	}
	if f.at.f != now.f || f.at.head.generation != now.head.generation || f.p.sequence >= f.next {
		f.p = now.begin()
		f.win.buf = nil
	}
	f.at = now
	f.view.name, f.view.h, f.view.size = now.f.name, now.f.h, size
	f.win.f = &f.view
	return nil
}

// extentOf finds the row that a record is in: a log rather than its copy.
func (s *Store) extentOf(sequence uint64) (extent, bool) {
	for _, e := range s.logs {
		if e.holds(sequence) {
			return e, true
		}
	}
	if s.history != nil && sequence >= s.oldest() {
		for _, seg := range s.history.segs {
			if seg.holds(sequence) {
				return seg.extent, true
			}
		}
	}
	return extent{}, false
}

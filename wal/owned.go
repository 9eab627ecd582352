package wal

import "strconv"

// Files is what the owner knows of its files, a line for each meta slot, log
// and snapshot: for a person, and small, because the page has it. Describe has
// more, and reads more.
func (s *Store) Files() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	var w words
	slots, err := readMeta(s.d.meta)
	for i := range slots.meta {
		w.number("meta slot ", uint64(i))
		if err != nil || !slots.valid[i] {
			w.text(": not valid")
		} else {
			w.slot(&slots.meta[i], i == slots.newest)
		}
		w.line()
	}
	s.reading.RLock()
	defer s.reading.RUnlock()
	for _, f := range s.d.log {
		w.text(f.name)
		w.number(": bytes ", uint64(f.size))
		for i := range s.logs {
			if e := &s.logs[i]; e.f == f {
				w.extent(e, s.end)
			}
		}
		w.line()
	}
	for i, f := range s.d.snap {
		w.text(f.name)
		w.number(": bytes ", uint64(f.seen.Load()))
		for _, way := range [...]*way{&s.m.current, &s.m.older} {
			if way.kind == waySnapshot && way.snap == uint32(i) {
				w.number(", sequence ", way.log.sequence)
			}
		}
		w.line()
	}
	return w.lines
}

// words makes lines. Its methods are not inlined: many short calls are what is
// small.
type words struct {
	lines []string
	b     []byte
}

//go:noinline
func (w *words) text(s string) { w.b = append(w.b, s...) }

//go:noinline
func (w *words) number(before string, n uint64) {
	w.text(before)
	w.b = strconv.AppendUint(w.b, n, 10)
}

//go:noinline
func (w *words) line() { w.lines, w.b = append(w.lines, string(w.b)), w.b[:0] }

func (w *words) slot(m *meta, newest bool) {
	w.number(": version ", uint64(m.version))
	w.number(", epoch ", m.epoch)
	w.number(", incarnation ", m.incarnation)
	w.number(", session ", m.session)
	if m.flags&flagClean != 0 {
		w.text(", closed")
	}
	if newest {
		w.text(", counts")
	}
	w.text("; newest state: ")
	w.text(m.current.text())
	w.text("; second way: ")
	w.text(m.older.text())
	w.text("; flushed: ")
	w.text(m.attested.text())
}

// extent is what of a log is in use; end is where the one that is written ends.
func (w *words) extent(e *extent, end position) {
	if e.end.offset > 0 {
		end = e.end
	}
	w.number(", generation ", e.head.generation)
	w.number(", sequence ", e.head.firstSequence)
	w.number(" to ", end.sequence)
	w.number(", up to byte ", uint64(end.offset))
}

package wal

import "time"

// A report of a recovery that had something to tell is kept in meta until
// somebody has read it: a page may be gone before it was looked at.
//
//	512  4 length of what follows, 0: none
//	516    microseconds since 1970, the numbers of a Report in its order (flags in one), its texts
//
// A text is its length in four bytes and its bytes, cut where it is long.
const (
	keptAt   = 512
	keptMost = blockSize - 4 - keptAt - 4
	keptText = 600 // of one text
	keptList = 5   // names of files
)

// KeptReport is what a recovery found, and when.
type KeptReport struct {
	At time.Time
	Report
}

// notable reports that somebody should know.
func (r *Report) notable() bool {
	return r.DroppedRecords > 0 || r.Fallback || r.MetaDamaged || r.Salvage != nil
}

// encodeKept is the report as bytes, keptMost at the most.
func encodeKept(r *Report, micros int64) []byte {
	var b []byte
	number := func(n uint64) {
		for range 8 {
			b = append(b, byte(n))
			n >>= 8
		}
	}
	text := func(s string) {
		s = s[:min(len(s), keptText)]
		number(uint64(len(s)))
		b = append(b, s...)
	}
	flags := uint64(0)
	for i, on := range []bool{r.Created, r.Clean, r.Fallback, r.MetaDamaged, r.Salvage != nil} {
		if on {
			flags |= 1 << i
		}
	}
	for _, n := range []uint64{uint64(micros), flags, r.Sequence, r.SnapshotSequence, uint64(r.SnapshotBytes), r.Records, uint64(r.LogBytes), uint64(r.DroppedBytes), r.DroppedRecords} {
		number(n)
	}
	text(r.Row)
	text(r.FallbackReason)
	if s := r.Salvage; s != nil {
		number(s.LastSequence)
		number(s.LostFrom)
		number(s.LostTo)
		text(s.Reason)
		names := s.Kept[:min(len(s.Kept), keptList)]
		number(uint64(len(names)))
		for _, name := range names {
			text(name[:min(len(name), 100)])
		}
	}
	return b
}

// decodeKept reads it; nil where it is none.
func decodeKept(b []byte) *KeptReport {
	bad := len(b) == 0
	number := func() (n uint64) {
		if len(b) < 8 {
			bad = true
			return 0
		}
		n, b = getU64(b, 0), b[8:]
		return n
	}
	text := func() string {
		n := number()
		if n > uint64(len(b)) {
			bad = true
			return ""
		}
		s := string(b[:n])
		b = b[n:]
		return s
	}
	k := &KeptReport{At: time.UnixMicro(int64(number()))}
	flags := number()
	k.Created, k.Clean, k.Fallback, k.MetaDamaged = flags&1 != 0, flags&2 != 0, flags&4 != 0, flags&8 != 0
	k.Sequence, k.SnapshotSequence, k.SnapshotBytes = number(), number(), int64(number())
	k.Records, k.LogBytes, k.DroppedBytes, k.DroppedRecords = number(), int64(number()), int64(number()), number()
	k.Row, k.FallbackReason = text(), text()
	if flags&16 != 0 {
		s := &SalvageReport{LastSequence: number(), LostFrom: number(), LostTo: number(), Reason: text()}
		for n := min(number(), keptList); n > 0 && !bad; n-- {
			s.Kept = append(s.Kept, text())
		}
		k.Salvage = s
	}
	if bad {
		return nil
	}
	return k
}

// keep puts what this recovery found into meta, when meta is written next.
func (s *Store) keep(r *Report) {
	if r.notable() {
		s.m.kept = encodeKept(r, s.now().UnixMicro())
		s.metaStale = true
	}
}

// KeptReport is the last recovery that had something to tell and was not read
// yet, or nil. With read it counts as read from then on: it is gone from meta
// when that is written next, at the latest by Close.
func (s *Store) KeptReport(read bool) *KeptReport {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := decodeKept(s.m.kept)
	if read && s.m.kept != nil {
		s.m.kept, s.metaStale = nil, true
	}
	return k
}

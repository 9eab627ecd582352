package nornic

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/pocketgraph/pocketgraph/graph"
)

// record is a good record and where it is.
type record struct {
	*entry
	at   int64 // of the payload
	n    int64 // its bytes
	from int64 // of the record
	to   int64
	form form
}

// scanner walks a log from record to record. What is no record it skips and
// reports.
type scanner struct {
	win    window
	report *Report
	off    int64
	last   uint64  // sequence of the last good record
	good   int64   // where it ends
	work   int64   // bytes looked at while searching for the next good record
	holes  []int64 // where something could not be read, ascending
}

func newScanner(in io.ReaderAt, size int64, report *Report) *scanner {
	return &scanner{win: window{in: in, size: size}, report: report}
}

var (
	errEnd        = errors.New("the file ends inside the record")
	errMagic      = errors.New("no record begins here")
	errVersion    = errors.New("the version of the record is not known")
	errChecksum   = errors.New("the checksum of the payload does not hold")
	errTrailerCut = errors.New("the record has no whole trailer")
	errObject     = errors.New("the JSON object does not end")

	// ErrTooLarge: a sound record is longer than MaxRecord.
	ErrTooLarge = fmt.Errorf("a record of the log is longer than is read: %w", graph.ErrLimit)
	// ErrHopeless: the file holds so many beginnings of records that lead
	// nowhere that searching it further would take for ever.
	ErrHopeless = errors.New("the log is damaged in so many places that it cannot be searched")
)

// unreadable is what keeps a place from being a record. skip is where the
// record ends when it may be passed over without a search (rule 3).
type unreadable struct {
	reason error
	skip   int64
	entry  *entry
}

func (u *unreadable) Error() string { return u.reason.Error() }

func bad(reason error) error { return &unreadable{reason: reason} }

// next returns the next good record, io.EOF at the end. Other errors are those
// of reading the file, ErrTooLarge and ErrHopeless.
func (s *scanner) next() (*record, error) {
	for {
		if err := s.space(); err != nil {
			return nil, err
		}
		if s.off >= s.win.size {
			return nil, io.EOF
		}
		r, err := s.read(s.off)
		if err == nil {
			return s.accept(r), nil
		}
		u, ok := err.(*unreadable)
		if !ok {
			return nil, err
		}
		if u.skip > 0 {
			s.holes = append(s.holes, s.off)
			s.report.add(SkippedEmbedding, u.entry.Sequence, s.off, "update_embedding of sequence %d skipped: %s", u.entry.Sequence, u.reason)
			s.off = u.skip
			continue
		}
		return s.search(u.reason)
	}
}

func (s *scanner) accept(r *record) *record {
	s.off, s.good, s.last = r.to, r.to, r.Sequence
	return r
}

// space passes over white space between records. NornicDB's reader of lines
// allows any.
func (s *scanner) space() error {
	for {
		b, err := s.win.at(s.off, 1)
		if err != nil || len(b) == 0 || !isSpace(b[0]) {
			return err
		}
		s.off++
	}
}

func isSpace(b byte) bool { return b == ' ' || b == '\n' || b == '\t' || b == '\r' }

// search looks for the next good record behind an unreadable place.
func (s *scanner) search(reason error) (*record, error) {
	from, last := s.off, s.last
	s.holes = append(s.holes, from)
	for at := from + 1; ; at++ {
		var err error
		if at, err = s.candidate(at); err != nil {
			return nil, err
		}
		if at < 0 {
			s.report.add(TornTail, last, from, "torn tail after sequence %d: the last %d bytes cannot be read (%s)", last, s.win.size-from, reason)
			s.off = s.win.size
			return nil, io.EOF
		}
		r, err := s.found(at)
		if err == nil {
			s.off = at
			s.accept(r)
			missing := last
			if r.Sequence > last+1 {
				missing = last + 1
			}
			s.report.add(DamagedRegion, missing, from, "bytes %d to %d cannot be read (%s), between sequence %d and %d", from, at, reason, last, r.Sequence)
			return r, nil
		}
		if _, ok := err.(*unreadable); !ok {
			return nil, err
		}
		if s.work > 64*s.win.size+64<<20 {
			return nil, ErrHopeless
		}
	}
}

// candidate finds the next place not before at where a record may begin, -1 if
// there is none.
func (s *scanner) candidate(at int64) (int64, error) {
	const overlap = int64(len(`{"seq"`)) - 1
	for {
		b, err := s.win.at(at, windowStep)
		if err != nil || len(b) == 0 {
			return -1, err
		}
		s.work += int64(len(b)) / 64
		i, j := bytes.Index(b, []byte(magic)), bytes.Index(b, []byte(`{"seq"`))
		if i < 0 || j >= 0 && j < i {
			i = j
		}
		switch {
		case i >= 0:
			return at + int64(i), nil
		case at+int64(len(b)) >= s.win.size:
			return -1, nil
		}
		at += int64(len(b)) - overlap
	}
}

// found reads a candidate. A JSON object counts only where a line begins, or
// where it is a whole line but for what is before it. The payload of a record
// that is torn or whose header is damaged is neither: its length is before it,
// or its checksum behind.
func (s *scanner) found(at int64) (*record, error) {
	r, err := s.read(at)
	s.work += recordHeader
	if r != nil {
		s.work += r.n
	}
	if err != nil || r.form != legacy {
		return r, err
	}
	from := max(at-recordHeader, 0)
	b, err := s.win.at(from, at-from+r.n+recordChecksum)
	if err != nil {
		return nil, err
	}
	before, line, behind := b[:at-from], b[at-from:][:r.n], b[at-from+r.n:]
	n := len(before)
	switch {
	case len(behind) == recordChecksum && u32(behind) == checksum(line):
		return nil, bad(errMagic)
	case len(behind) > 1 && behind[0] == '\n' && (behind[1] == '{' || behind[1] == magic[0] || isSpace(behind[1])):
		return r, nil
	case n == recordHeader && int64(u32(before[5:])) == r.n:
		return nil, bad(errMagic)
	case before[n-1] == '\n', len(behind) == 0, string(behind) == "\n": // a candidate is never at 0
		return r, nil
	}
	return nil, bad(errMagic)
}

// read reads the record at an offset, whatever its form.
func (s *scanner) read(at int64) (*record, error) {
	b, err := s.win.at(at, recordHeader)
	if err != nil {
		return nil, err
	}
	switch {
	case b[0] == '{':
		return s.readLine(at)
	case len(b) < recordHeader:
		return nil, bad(errEnd)
	case string(b[:4]) != magic:
		return nil, bad(errMagic)
	case b[4] != 1 && b[4] != 2:
		return nil, bad(errVersion)
	}
	return s.readFramed(at, form(b[4]), int64(u32(b[5:])))
}

func (s *scanner) readFramed(at int64, f form, n int64) (*record, error) {
	r := &record{from: at, at: at + recordHeader, n: n, form: f, to: at + recordHeader + n + recordChecksum}
	if r.to > s.win.size {
		return nil, bad(errEnd)
	}
	if n > MaxRecord {
		return nil, s.tooLarge(r)
	}
	b, err := s.win.at(r.at, n+recordChecksum)
	if err != nil {
		return nil, err
	}
	payload, sum := b[:n], u32(b[n:])
	if checksum(payload) != sum {
		s.work += n
		return nil, s.embedding(payload, r, errChecksum)
	}
	if err := s.parse(payload, r); err != nil {
		return nil, err
	}
	if f == version2 {
		return r, s.trailer(r)
	}
	return r, nil
}

// tooLarge tells a record that is too large from a damaged length.
func (s *scanner) tooLarge(r *record) error {
	h := crc32.New(castagnoli)
	s.work += r.n
	if _, err := io.Copy(h, io.NewSectionReader(s.win.in, r.at, r.n)); err != nil {
		return err
	}
	b, err := s.win.at(r.at+r.n, recordChecksum)
	switch {
	case err != nil:
		return err
	case len(b) == recordChecksum && u32(b) == h.Sum32():
		return fmt.Errorf("%w: the payload at byte %d has %d bytes, the most is %d", ErrTooLarge, r.at, r.n, MaxRecord)
	}
	return bad(errChecksum)
}

// parse reads a payload whose own checksum holds, or that has none.
func (s *scanner) parse(payload []byte, r *record) error {
	e, err := parseEntry(payload)
	if err != nil {
		return bad(err)
	}
	if err := e.sound(); err != nil {
		return s.skippable(e, r, err)
	}
	if _, err := e.time(); err != nil {
		return bad(err)
	}
	r.entry = e
	return nil
}

// embedding looks whether a damaged payload may be passed over.
func (s *scanner) embedding(payload []byte, r *record, reason error) error {
	e, err := parseEntry(payload)
	if err != nil {
		return bad(reason)
	}
	return s.skippable(e, r, reason)
}

func (s *scanner) skippable(e *entry, r *record, reason error) error {
	u := &unreadable{reason: reason}
	if e.Operation != opUpdateEmbedding {
		return u
	}
	u.entry, u.skip = e, r.to
	if r.form == version2 {
		to, err := s.ending(r)
		if err != nil {
			return err
		}
		u.skip = max(to, r.to)
	}
	return u
}

// ending is where a version 2 record ends whose trailer is what it should be, 0
// if it is not. Where the padding was cut another record begins in its place.
func (s *scanner) ending(r *record) (int64, error) {
	b, err := s.win.at(r.to, r.from+padded(r.n)-r.to)
	if err != nil || len(b) < len(trailer) || string(b[:len(trailer)]) != trailer {
		return 0, err
	}
	padding := b[len(trailer):]
	zeros := len(padding) - len(bytes.TrimLeft(padding, "\x00"))
	return r.to + int64(len(trailer)+zeros), nil
}

// trailer checks what ends a version 2 record. One whose trailer is cut, or has
// another record begin in it, was not finished and does not count. One whose
// trailer is there and wrong is kept, because its checksum holds, and reported.
func (s *scanner) trailer(r *record) error {
	to, err := s.ending(r)
	if err != nil || to > 0 {
		r.to = to
		return err
	}
	end := r.from + padded(r.n)
	b, err := s.win.at(r.to, end-r.to+int64(len(magic))-1)
	switch {
	case err != nil:
		return err
	case len(b) < len(trailer), bytes.Contains(b, []byte(magic)), bytes.Contains(b, []byte(`{"seq"`)):
		return bad(errTrailerCut)
	}
	s.report.add(BadTrailer, r.Sequence, r.from, "the record of sequence %d is sound, but its trailer is not", r.Sequence)
	r.to = min(end, s.win.size)
	return nil
}

// readLine reads a legacy record: one JSON object.
func (s *scanner) readLine(at int64) (*record, error) {
	n, err := s.object(at)
	if err != nil {
		return nil, err
	}
	b, err := s.win.at(at, n)
	if err != nil {
		return nil, err
	}
	r := &record{from: at, at: at, n: n, to: at + n}
	if err := s.parse(b, r); err != nil {
		return nil, err
	}
	return r, nil
}

// object returns the length of the JSON object at an offset. An entry holds no
// objects, and a control character inside a text is none of JSON's, so that the
// search ends early where a line was cut.
func (s *scanner) object(at int64) (int64, error) {
	inText, escaped := false, false
	for n, step := int64(0), int64(4<<10); ; {
		b, err := s.win.at(at+n, step)
		if err != nil {
			return 0, err
		}
		for i, c := range b {
			switch {
			case inText && c < ' ':
				return 0, bad(errObject)
			case escaped:
				escaped = false
			case inText && c == '\\':
				escaped = true
			case c == '"':
				inText = !inText
			case !inText && c == '}':
				return n + int64(i) + 1, nil
			case !inText && (c == '[' || c == '{' && n+int64(i) > 0):
				return 0, bad(errObject)
			}
		}
		s.work += int64(len(b))
		n += int64(len(b))
		switch {
		case int64(len(b)) < step:
			return 0, bad(errEnd)
		case n > MaxRecord:
			return 0, fmt.Errorf("%w: the line at byte %d has more than %d bytes", ErrTooLarge, at, MaxRecord)
		}
		step = windowStep
	}
}

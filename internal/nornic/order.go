package nornic

import (
	"cmp"
	"context"
	"io"
	"slices"
)

// place is a record of the log as replay needs it. All of them are kept, so
// they are small.
type place struct {
	sequence uint64
	at       int64  // of the record
	n        uint32 // bytes of its payload
	framed   bool   // not legacy
	inside   bool   // the snapshot holds what was committed by then
}

// order is the whole log in the order in which it is replayed.
type order struct {
	places []place
	named  bool // some entry names a database
	bare   bool // some entry that changes something names none
	framed bool // some record is of version 2
}

// ordering sorts places while the file is scanned.
type ordering struct {
	order
	report    *Report
	snapshot  *snapshotHead
	seen      sequenceSet // of the generation at hand
	from      int         // where it begins in places
	high      uint64      // its highest sequence
	sorted    bool
	restarted bool // it holds numbers of the snapshot, and is younger
}

// readOrder scans the log and finds the order of its records: ascending within
// a generation, generations as they are in the file. A generation ends where a
// number comes again, or where one comes that the snapshot should hold and that
// is younger than the snapshot.
func readOrder(ctx context.Context, s *scanner, head *snapshotHead, yield func(int64)) (*order, error) {
	o := &ordering{report: s.report, snapshot: head, seen: sequenceSet{}, sorted: true}
	for {
		if err := context.Cause(ctx); err != nil {
			return nil, err
		}
		r, err := s.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		if err := o.add(r); err != nil {
			return nil, err
		}
		yield(r.to)
	}
	o.endGeneration()
	o.missing(s.holes)
	s.report.Records, s.report.ValidBytes = len(o.places), s.good
	return &o.order, nil
}

func (o *ordering) add(r *record) error {
	stamp, err := r.time()
	if err != nil {
		return err // the scanner has parsed it
	}
	younger := o.snapshot.covers(r.Sequence) && stamp.After(o.snapshot.Time)
	again := o.seen.has(r.Sequence)
	if again || younger && !o.restarted && r.Sequence < o.high {
		o.beginGeneration(r, again)
	}
	if younger && !o.restarted {
		o.restarted = true
		o.report.add(RestartedNumbering, r.Sequence, r.from,
			"sequence %d should be inside the snapshot of sequence %d, and was written after it: numbering began anew, and what follows is applied", r.Sequence, o.snapshot.Sequence)
	}
	o.places = append(o.places, place{sequence: r.Sequence, at: r.from, n: uint32(r.n),
		framed: r.form != legacy, inside: o.snapshot.covers(r.Sequence) && !younger})
	o.seen.add(r.Sequence)
	o.sorted = o.sorted && r.Sequence > o.high
	o.high = max(o.high, r.Sequence)
	o.report.LastSequence = max(o.report.LastSequence, r.Sequence)
	o.named = o.named || r.Database != ""
	o.bare = o.bare || r.Database == "" && !isMarker(r.Operation)
	o.framed = o.framed || r.form == version2
	return nil
}

func (o *ordering) beginGeneration(r *record, again bool) {
	back := r.Sequence < o.high
	o.endGeneration()
	if again {
		if back {
			o.report.add(RestartedNumbering, r.Sequence, r.from, "sequence %d comes again behind higher ones: numbering began anew", r.Sequence)
		}
		o.report.add(DuplicateSequence, r.Sequence, r.from, "sequence %d comes again; both records count, in the order of the file", r.Sequence)
	}
}

// endGeneration sorts what was gathered.
func (o *ordering) endGeneration() {
	if !o.sorted {
		slices.SortStableFunc(o.places[o.from:], func(a, b place) int { return cmp.Compare(a.sequence, b.sequence) })
	}
	o.from, o.high, o.sorted, o.restarted = len(o.places), 0, true, false
	o.seen = sequenceSet{}
}

// missing reports gaps in the numbers that no unreadable place explains. The
// writer may have left them: a number is lost with a batch that failed.
func (o *ordering) missing(holes []int64) {
	before := place{sequence: o.snapshot.sequence()}
	for _, p := range o.places {
		first, last := max(before.sequence, o.snapshot.sequence())+1, p.sequence-1
		if p.sequence > before.sequence && first <= last && !between(holes, before.at, p.at) {
			o.report.add(MissingSequence, first, p.at, "no record has a sequence from %d to %d", first, last)
		}
		before = p
	}
}

// between says whether any of the ascending offsets lies between two places.
func between(holes []int64, a, b int64) bool {
	i, _ := slices.BinarySearch(holes, min(a, b))
	return i < len(holes) && holes[i] < max(a, b)
}

// sequenceSet is a set of sequence numbers, most of them neighbours.
type sequenceSet map[uint64]*[8]uint64

func (s sequenceSet) has(n uint64) bool {
	page := s[n/512]
	return page != nil && page[n%512/64]&(1<<(n%64)) != 0
}

func (s sequenceSet) add(n uint64) {
	page := s[n/512]
	if page == nil {
		page = new([8]uint64)
		s[n/512] = page
	}
	page[n%512/64] |= 1 << (n % 64)
}

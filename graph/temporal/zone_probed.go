package temporal

import "sync"

// NewProbedZone makes a zone of nothing but the offset at an instant, which is
// all that a browser tells. The changes of a year are found when the year is
// first asked for: it is looked at every fifth day, and where two looks differ
// the second of the change is found by bisection. That misses what is undone
// sooner; the shortest summer time there was took a week (Boa Vista, in 2000). Before 1800 the offset is
// that of 1800, when no zone had changed yet; from 2500 on the rules of 400
// years ago hold, which is when the calendar began again.
func NewProbedZone(offset func(utc int64) int32) Zone {
	return &probed{offset: offset, years: map[int64][]span{}}
}

const (
	firstYear = 1800
	cycleYear = 2500
	cycle     = 400
	cycleDays = 146097
	looks     = 73
	yearsKept = 1024 // of a zone; a query over more probes again
)

// span is a stretch of one offset, up to an end in the seconds of UTC.
type span struct {
	end    int64
	offset int32
}

type probed struct {
	offset func(utc int64) int32
	mu     sync.Mutex
	years  map[int64][]span
}

func (p *probed) Offset(utc int64) (offset int32, until int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	y, _, _ := civil(floorDiv(utc, secondsOfDay))
	if y < firstYear {
		first := daysOf(firstYear, 1, 1) * secondsOfDay
		return p.offset(first), first
	}
	shift := int64(0)
	if y >= cycleYear {
		n := (y-cycleYear)/cycle + 1
		y, shift = y-n*cycle, n*cycleDays*secondsOfDay
	}
	for _, s := range p.year(y) {
		if utc-shift < s.end {
			return s.offset, s.end + shift
		}
	}
	panic("temporal: a year ends before its last second")
}

func (p *probed) year(y int64) []span {
	if spans, ok := p.years[y]; ok {
		return spans
	}
	if len(p.years) >= yearsKept {
		clear(p.years)
	}
	at, end := daysOf(y, 1, 1)*secondsOfDay, daysOf(y+1, 1, 1)*secondsOfDay
	step := (end - at) / looks
	spans := make([]span, 1, 3) // most years have two changes
	spans[0] = span{offset: p.offset(at)}
	for at < end-1 {
		next := min(at+step, end-1)
		for p.offset(next) != spans[len(spans)-1].offset {
			at = p.change(at, next, spans[len(spans)-1].offset)
			spans[len(spans)-1].end = at
			spans = append(spans, span{offset: p.offset(at)})
		}
		at = next
	}
	spans[len(spans)-1].end = end
	p.years[y] = spans
	return spans
}

// change finds the first second after from that has another offset; the one of
// to differs.
func (p *probed) change(from, to int64, offset int32) int64 {
	for to-from > 1 {
		middle := from + (to-from)/2
		if p.offset(middle) == offset {
			from = middle
		} else {
			to = middle
		}
	}
	return to
}

package temporal

import "sync"

// NewProbedZone makes a zone of nothing but the offset at an instant, which is
// all that a browser tells. Time is cut into chunks, and the changes in a chunk
// are found when it is first asked for: every fifth day is looked at, and where
// two looks differ the second of the change is found by bisection. That misses
// what is undone sooner; the shortest summer time there was took a week (Boa
// Vista, in 2000). Before 1800 the offset is that of 1800, when no zone had
// changed yet; from 2500 on the rules of 400 years earlier hold, after which
// the calendar repeats itself.
func NewProbedZone(offset func(utc int64) int32) Zone {
	return &probed{offset: offset, chunks: map[int64][]span{}}
}

const (
	firstProbed = -5_364_662_400 // 1800-01-01T00:00:00Z
	lastProbed  = 16_725_225_600 // 2500-01-01T00:00:00Z
	cycle       = 146_097 * secondsOfDay
	look        = 5 * secondsOfDay
	chunk       = 9 * look
	chunksKept  = 8192 // of a zone; a query over more probes again
)

// span is a stretch of one offset, up to an end in the seconds of UTC.
type span struct {
	end    int64
	offset int32
}

type probed struct {
	offset func(utc int64) int32
	mu     sync.Mutex
	chunks map[int64][]span
}

func (p *probed) Offset(utc int64) (offset int32, until int64) {
	if utc < firstProbed {
		return p.offset(firstProbed), firstProbed
	}
	shift := int64(0)
	if utc >= lastProbed {
		shift = ((utc-lastProbed)/cycle + 1) * cycle
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	spans := p.spans(floorDiv(utc-shift, chunk))
	i := 0
	for utc-shift >= spans[i].end { // the last one ends with the chunk
		i++
	}
	return spans[i].offset, spans[i].end + shift
}

func (p *probed) spans(n int64) []span {
	if spans, ok := p.chunks[n]; ok {
		return spans
	}
	if len(p.chunks) >= chunksKept {
		clear(p.chunks)
	}
	at, end := n*chunk, (n+1)*chunk
	last := span{end: end, offset: p.offset(at)}
	var spans []span
	for at < end-1 {
		next := min(at+look, end-1)
		for p.offset(next) != last.offset {
			at = p.change(at, next, last.offset)
			spans = append(spans, span{end: at, offset: last.offset})
			last.offset = p.offset(at)
		}
		at = next
	}
	spans = append(spans, last)
	p.chunks[n] = spans
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

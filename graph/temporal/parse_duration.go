package temporal

import "github.com/pocketgraph/pocketgraph/graph"

// parseDuration reads P1Y2M3W4DT5H6M7.5S, each part with a sign and decimals
// if it likes, and the form P2012-02-02T14:37:21.545. A sign before the P
// counts for all of it.
func parseDuration(text string) (graph.Value, error) {
	s := &scanner{s: text}
	minus := s.accept('-')
	if !minus {
		s.accept('+')
	}
	var l length
	ok := s.accept('P')
	if ok && s.isDate() {
		ok = s.dateLength(&l)
	} else if ok {
		ok = s.unitLength(&l)
	}
	if !ok || !s.end() {
		return graph.Null, notIn(text, graph.KindDuration)
	}
	v, err := l.span()
	if err == nil && minus {
		return Negate(v)
	}
	return v, err
}

// isDate says whether a duration goes on as a date does.
func (s *scanner) isDate() bool {
	n := s.digits()
	next := scanner{s: s.s, i: s.i + n}
	return n == 4 && next.peek() == '-' || n == 8 && (next.end() || next.peek() == 'T')
}

// unitLength reads numbers with their units, in order, each at most once.
func (s *scanner) unitLength(l *length) bool {
	next, timed := 0, false
	for !s.end() {
		if !timed && s.accept('T') {
			next, timed = firstOfTime, true
		}
		n, ok := s.amount()
		for ok && next < len(units) && (units[next].sign == 0 || !s.accept(units[next].sign)) {
			next++
		}
		if !ok || next == len(units) || !timed && next >= firstOfTime || !l.add(&units[next], n) {
			return false
		}
		next++
	}
	return next > 0 && !(timed && next == firstOfTime)
}

// dateLength reads years, months and days like a date, and hours, minutes and
// seconds like a time. None may be more than the next larger unit has.
func (s *scanner) dateLength(l *length) bool {
	year, _ := s.exactly(4)
	dashes := s.accept('-')
	month, ok := s.exactly(2)
	if !ok || month > 12 || dashes != s.accept('-') {
		return false
	}
	day, ok := s.exactly(2)
	if !ok || day > 31 {
		return false
	}
	if s.accept('T') {
		h, m, sec, fine := s.sexagesimal()
		if !fine || h > 24 {
			return false
		}
		l.seconds.whole = h*3600 + m*60 + max(sec, 0)
		if sec >= 0 {
			var nanos int64
			nanos, ok = s.fraction()
			l.seconds.fraction = nanos * 1e9
		}
	}
	l.months.whole, l.days.whole = year*12+month, day
	return ok
}

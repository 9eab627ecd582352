package temporal

import "github.com/pocketgraph/pocketgraph/graph"

// Parse reads a date, time or duration in one of the forms of ISO 8601:
//
//	date      2015-07-21 20150721  2015-07 201507  2015-202 2015202  2015
//	          2015-W30-2 2015W302  2015-W30 2015W30  2015-Q3-21 2015Q321
//	          +12015-07-21 -0044-03-15: more than four digits, or a sign, with dashes only
//	time      21:40:32.142 214032.142  21:40 2140  21, with . or , and up to nine decimals
//	offset    Z +01:00 +0100 +01 +01:00:30, up to 18 hours
//	zone      [Europe/Stockholm], with the offset or instead of it
//	duration  P1Y2M3W4DT5H6M7.5S, PT-1.5S, P2012-02-02T14:37:21.545
//
// Date and time are joined by T. A date-time without a time is midnight, one
// without a zone is in UTC. An offset has to be one that the zone has then.
func Parse(k graph.Kind, text string) (graph.Value, error) {
	if k == graph.KindDuration {
		return parseDuration(text)
	}
	s := &scanner{s: text}
	m, ok := moment{has: partsOf(k)}, true
	if m.has&hasDate != 0 {
		m.day, ok = s.date()
	}
	if ok && m.has&hasClock != 0 && (s.accept('T') || m.has&hasDate == 0) {
		m.clock, ok = s.clock()
	}
	given := false
	if ok && m.has&hasZone != 0 && !s.end() && s.peek() != '[' {
		given = true
		m.zone.offset, ok = s.offset()
	}
	if ok && k == graph.KindDateTime && s.accept('[') {
		m.zone.name, ok = s.zoneName()
	}
	if !ok || !s.end() {
		return graph.Null, notIn(text, k)
	}
	if m.zone.name == "" {
		return m.value(k)
	}
	return m.named(given)
}

// named makes a date-time in a named zone, and checks an offset that was given.
func (m *moment) named(given bool) (graph.Value, error) {
	offset, local := m.zone.offset, m.local()
	if !given {
		m.zone.offset = noOffset
	}
	if err := m.settle(); err != nil {
		return graph.Null, err
	}
	if given && (m.zone.offset != offset || m.local() != local) {
		return graph.Null, invalid("the time zone " + m.zone.name + " does not have the offset " + string(appendOffset(nil, offset)) + " then")
	}
	return m.value(graph.KindDateTime)
}

// date reads a date up to the end or a T.
func (s *scanner) date() (day int64, ok bool) {
	year, signed, ok := s.year()
	if !ok {
		return 0, false
	}
	if s.end() || s.peek() == 'T' {
		return daysOf(year, 1, 1), true
	}
	dashes := s.accept('-')
	if signed && !dashes {
		return 0, false
	}
	switch {
	case s.accept('W'):
		return s.weekDate(year, dashes)
	case s.accept('Q'):
		return s.quarterDate(year, dashes)
	case s.digits() == 3:
		n := s.number(3)
		return daysOf(year, 1, n), n >= 1 && n <= yearLength(year)
	}
	return s.calendarDate(year, dashes)
}

// year reads four digits, or a sign and up to nine.
func (s *scanner) year() (year int64, signed, ok bool) {
	minus := s.accept('-')
	if !minus && !s.accept('+') {
		year, ok = s.exactly(4)
		return year, false, ok
	}
	year, ok = s.upTo(9)
	if minus {
		year = -year
	}
	return year, true, ok
}

// part reads a number that has a fixed width in the forms without dashes.
func (s *scanner) part(dashes bool, width int) (n int64, ok bool) {
	if dashes {
		return s.upTo(width)
	}
	return s.exactly(width)
}

// more says whether another part of the date follows, and passes its dash.
func (s *scanner) more(dashes bool) bool {
	if dashes {
		return s.accept('-')
	}
	return s.digits() > 0
}

func (s *scanner) calendarDate(year int64, dashes bool) (day int64, ok bool) {
	month, ok := s.part(dashes, 2)
	if !ok || month < 1 || month > 12 {
		return 0, false
	}
	d := int64(1)
	if s.more(dashes) {
		d, ok = s.part(dashes, 2)
	}
	return daysOf(year, month, d), ok && d >= 1 && d <= monthLength(year, month)
}

func (s *scanner) weekDate(year int64, dashes bool) (day int64, ok bool) {
	week, ok := s.part(dashes, 2)
	if !ok || week < 1 || week > weeksOf(year) {
		return 0, false
	}
	d := int64(1)
	if s.more(dashes) {
		d, ok = s.part(dashes, 1)
	}
	return weekStart(year) + week*7 - 7 + d - 1, ok && d >= 1 && d <= 7
}

func (s *scanner) quarterDate(year int64, dashes bool) (day int64, ok bool) {
	quarter, ok := s.part(dashes, 1)
	if !ok || quarter < 1 || quarter > 4 {
		return 0, false
	}
	d := int64(1)
	if s.more(dashes) {
		d, ok = s.part(dashes, 2)
	}
	return quarterStart(year, quarter) + d - 1, ok && d >= 1 && d <= quarterLength(year, quarter)
}

// clock reads a time of day as nanoseconds. There is no 24:00.
func (s *scanner) clock() (nanos int64, ok bool) {
	s.accept('T')
	hour, minute, second, ok := s.sexagesimal()
	if !ok || hour > 23 {
		return 0, false
	}
	if second >= 0 {
		nanos, ok = s.fraction()
	}
	return (hour*3600+minute*60+max(second, 0))*nanosOfSecond + nanos, ok
}

// sexagesimal reads hours, minutes and seconds of two digits each, with colons
// between them or without; second is -1 when it is left out.
func (s *scanner) sexagesimal() (hour, minute, second int64, ok bool) {
	second = -1
	if hour, ok = s.exactly(2); !ok {
		return
	}
	colons := s.accept(':')
	if !colons && s.digits() == 0 {
		return
	}
	if minute, ok = s.exactly(2); !ok || minute > 59 {
		return 0, 0, 0, false
	}
	if colons && !s.accept(':') || !colons && s.digits() == 0 {
		return
	}
	second, ok = s.exactly(2)
	return hour, minute, second, ok && second <= 59
}

// offset reads an offset from UTC in seconds.
func (s *scanner) offset() (seconds int32, ok bool) {
	if s.accept('Z') {
		return 0, true
	}
	minus := s.accept('-')
	if !minus && !s.accept('+') {
		return 0, false
	}
	h, m, sec, ok := s.sexagesimal()
	seconds = int32(h*3600 + m*60 + max(sec, 0))
	if minus {
		seconds = -seconds
	}
	return seconds, ok && seconds >= -maxOffset && seconds <= maxOffset
}

// zoneName reads a name and the bracket behind it. Spaces stand for the
// underscores of the database's names.
func (s *scanner) zoneName() (name string, ok bool) {
	start := s.i
	for !s.end() && s.s[s.i] != ']' {
		s.i++
	}
	name = s.s[start:s.i]
	return underscored(name), s.accept(']') && name != ""
}

func underscored(name string) string {
	b := []byte(name)
	for i := range b {
		if b[i] == ' ' {
			b[i] = '_'
		}
	}
	return string(b)
}

// parseZone reads the zone of a map: an offset or a name.
func parseZone(text string) (zone, error) {
	s := &scanner{s: text}
	if offset, ok := s.offset(); ok && s.end() {
		return zone{offset: offset}, nil
	}
	z := zone{name: underscored(text), offset: noOffset}
	_, err := findZone(z.name)
	return z, err
}

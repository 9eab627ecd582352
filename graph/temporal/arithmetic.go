package temporal

import "github.com/pocketgraph/pocketgraph/graph"

// Add moves a date or time by a duration: first by its months, to the last day
// of a month that is too short, then by its days, then by its seconds. Months
// and days move the calendar and leave the clock alone, seconds are time that
// passes; they differ when the clocks of the zone are changed in between. A
// date takes as many whole days as the seconds are, a time goes round.
func Add(v, duration graph.Value) (graph.Value, error) {
	m, ok := split(v)
	k, by := v.Kind(), duration.AsDuration()
	if !ok {
		return graph.Null, mistyped("a " + k.String() + " cannot be moved by a duration")
	}
	if m.has&hasDate == 0 {
		m.clock = floorMod(m.clock+floorMod(by.Seconds, secondsOfDay)*nanosOfSecond+int64(by.Nanos), nanosOfDay)
		return m.value(k)
	}
	if m.day, ok = addMonths(m.day, by.Months); ok {
		m.day, ok = addDays(m.day, by.Days)
	}
	if ok && m.has&hasClock == 0 {
		whole := by.Seconds
		if whole < 0 && by.Nanos > 0 {
			whole++
		}
		m.day, ok = addDays(m.day, whole/secondsOfDay)
	} else if ok {
		if err := m.settle(); err != nil {
			return graph.Null, err
		}
		ok = m.pass(by.Seconds, by.Nanos)
	}
	if !ok {
		return graph.Null, overflow(k)
	}
	if m.zone.name != "" {
		if err := m.inZone(m.zone); err != nil {
			return graph.Null, err
		}
	}
	return m.value(k)
}

func addDays(day, n int64) (moved int64, ok bool) {
	moved, ok = add(day, n)
	return moved, ok && moved >= minDay && moved <= maxDay
}

// pass lets time pass; the offset stays what it is.
func (m *moment) pass(s int64, nanos int32) (ok bool) {
	n := m.nanos() + nanos // each below 10^9
	s, ok = add(s, int64(n/nanosOfSecond))
	if ok {
		s, ok = add(m.local(), s)
	}
	m.setLocal(s, n%nanosOfSecond)
	return ok && m.day >= minDay && m.day <= maxDay
}

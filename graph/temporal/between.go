package temporal

import "github.com/pocketgraph/pocketgraph/graph"

// Measure says in which parts Between gives its answer.
type Measure uint8

// The measures: as many months as there are, then days, then the rest; or only
// whole months, whole days, or only time.
const (
	Parts Measure = iota
	Months
	Days
	Seconds
)

// Between is the duration from one date or time to another. What one of them
// lacks it has from the other: the date, the zone; a date alone is midnight.
// When neither has a date there are no months or days between them.
func Between(measure Measure, from, to graph.Value) (graph.Value, error) {
	a, okA := split(from)
	b, okB := split(to)
	if !okA || !okB {
		return graph.Null, mistyped("there is no duration between a " + from.Kind().String() + " and a " + to.Kind().String())
	}
	dated := a.has&b.has&hasDate != 0
	if err := firstError(a.complete(&b), b.complete(&a)); err != nil {
		return graph.Null, err
	}
	if a.zone.name != b.zone.name || a.zone.offset != b.zone.offset {
		if err := b.inZone(a.zone); err != nil {
			return graph.Null, err
		}
	}
	var s graph.Span
	if dated && (measure == Parts || measure == Months) {
		s.Months = a.monthsUntil(&b)
		a.day, _ = addMonths(a.day, s.Months)
	}
	if dated && (measure == Parts || measure == Days) {
		s.Days = a.daysUntil(&b)
		a.day += s.Days
	}
	if measure == Parts || measure == Seconds {
		if err := a.settle(); err != nil {
			return graph.Null, err
		}
		s.Seconds, s.Nanos = b.utc()-a.utc(), b.nanos()-a.nanos()
		if s.Nanos < 0 {
			s.Seconds, s.Nanos = s.Seconds-1, s.Nanos+nanosOfSecond
		}
	}
	return graph.Duration(s), nil
}

// complete takes from other what the moment lacks.
func (m *moment) complete(other *moment) error {
	if m.has&hasDate == 0 {
		m.day = other.day
	}
	if m.has&hasZone == 0 && other.has&hasZone != 0 {
		m.zone = other.zone
		if m.zone.name != "" {
			m.zone.offset = noOffset
		}
	}
	if m.has&(hasDate|hasZone) != hasDate|hasZone {
		return m.settle()
	}
	return nil
}

// dayToward is the day of the other moment, or one day less far away when the
// last day on the way to it is not a whole one.
func (m *moment) dayToward(to *moment) int64 {
	switch {
	case to.day > m.day && to.clock < m.clock:
		return to.day - 1
	case to.day < m.day && to.clock > m.clock:
		return to.day + 1
	}
	return to.day
}

func (m *moment) daysUntil(to *moment) int64 { return m.dayToward(to) - m.day }

// monthsUntil counts whole months, toward zero.
func (m *moment) monthsUntil(to *moment) int64 {
	y1, m1, d1 := civil(m.day)
	y2, m2, d2 := civil(m.dayToward(to))
	return ((y2*12+m2)*32 + d2 - (y1*12+m1)*32 - d1) / 32
}

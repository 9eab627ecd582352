package temporal

import "github.com/pocketgraph/pocketgraph/graph"

// The parts of a moment.
type parts uint8

const (
	hasDate parts = 1 << iota
	hasClock
	hasZone
)

// partsOf are the parts that values of a kind have.
func partsOf(k graph.Kind) parts {
	switch k {
	case graph.KindDate:
		return hasDate
	case graph.KindLocalTime:
		return hasClock
	case graph.KindTime:
		return hasClock | hasZone
	case graph.KindLocalDateTime:
		return hasDate | hasClock
	case graph.KindDateTime:
		return hasDate | hasClock | hasZone
	}
	return 0
}

// moment is a date, time or both, taken apart: what the calendar and the clock
// on the wall show, and where that wall is.
type moment struct {
	day   int64 // since 1970-01-01, local
	clock int64 // nanoseconds since local midnight
	zone  zone
	has   parts
}

// split takes a value apart; ok is false for durations and what is no temporal
// value at all.
func split(v graph.Value) (m moment, ok bool) {
	m.has = partsOf(v.Kind())
	switch v.Kind() {
	case graph.KindDate:
		m.day = v.AsDate()
	case graph.KindLocalTime:
		m.clock = v.AsLocalTime()
	case graph.KindTime:
		m.clock, m.zone.offset = v.AsTime()
	case graph.KindLocalDateTime:
		seconds, nanos := v.AsLocalDateTime()
		m.setLocal(seconds, nanos)
	case graph.KindDateTime:
		z := v.AsDateTime()
		m.zone = zone{name: z.Zone, offset: z.Offset}
		m.setLocal(z.Seconds+int64(z.Offset), z.Nanos)
	}
	return m, m.has != 0
}

func (m *moment) setLocal(seconds int64, nanos int32) {
	m.day = floorDiv(seconds, secondsOfDay)
	m.clock = (seconds-m.day*secondsOfDay)*nanosOfSecond + int64(nanos)
}

// local is the seconds since 1970-01-01T00:00 on the same clock.
func (m *moment) local() int64 { return m.day*secondsOfDay + m.clock/nanosOfSecond }

// utc is the seconds since 1970-01-01T00:00:00Z.
func (m *moment) utc() int64 { return m.local() - int64(m.zone.offset) }

func (m *moment) nanos() int32 { return int32(m.clock % nanosOfSecond) }

// settle finds the offset of a named zone at the local time, keeping the one
// there is when it holds. A time that the clocks leave out moves on.
func (m *moment) settle() error {
	if m.zone.name == "" {
		return nil
	}
	z, err := findZone(m.zone.name)
	if err != nil {
		return err
	}
	local := m.local()
	utc := local - int64(resolve(z, local, m.zone.offset))
	offset, _ := z.Offset(utc)
	m.zone.offset = offset
	m.setLocal(utc+int64(offset), m.nanos())
	return nil
}

// inZone is the same instant as another zone's clocks show it.
func (m *moment) inZone(to zone) error {
	utc := m.utc()
	offset, err := to.offsetAt(utc)
	if err != nil {
		return err
	}
	to.offset = offset
	m.setLocal(utc+int64(offset), m.nanos())
	m.zone = to
	return nil
}

// value joins the parts that values of the kind have.
func (m *moment) value(k graph.Kind) (graph.Value, error) {
	if k != graph.KindTime && k != graph.KindLocalTime && (m.day < minDay || m.day > maxDay) {
		return graph.Null, overflow(k)
	}
	switch k {
	case graph.KindDate:
		return graph.Date(m.day), nil
	case graph.KindLocalTime:
		return graph.LocalTime(m.clock), nil
	case graph.KindTime:
		return graph.Time(m.clock, m.zone.offset), nil
	case graph.KindLocalDateTime:
		return graph.LocalDateTime(m.local(), m.nanos()), nil
	}
	return graph.DateTime(graph.Zoned{Seconds: m.utc(), Nanos: m.nanos(), Offset: m.zone.offset, Zone: m.zone.name}), nil
}

// convert gives the value of another kind that has only parts the moment has;
// a zone that is missing is UTC.
func (m *moment) convert(k graph.Kind, what string) (graph.Value, error) {
	if lacks := partsOf(k) &^ hasZone &^ m.has; lacks != 0 {
		return graph.Null, mistyped("a " + what + " has no " + lacks.String() + " to make a " + k.String() + " of")
	}
	return m.value(k)
}

func (p parts) String() string {
	if p&hasDate != 0 {
		return "date"
	}
	return "time"
}

// Valid says whether a value lies within the calendar and the clock, and has a
// zone that looks like one. Values of this package do; those from a wire may not.
func Valid(v graph.Value) bool {
	m, ok := split(v)
	if !ok {
		return v.Kind() == graph.KindDuration
	}
	return m.day >= minDay && m.day <= maxDay && m.clock >= 0 && m.clock < nanosOfDay &&
		m.zone.offset >= -maxOffset && m.zone.offset <= maxOffset && (m.zone.name == "" || checkName(m.zone.name))
}

package temporal

import "github.com/pocketgraph/pocketgraph/graph"

// Instant is a point in time: seconds since 1970-01-01T00:00:00Z, and
// nanoseconds from 0 to 999,999,999.
type Instant struct {
	Seconds int64
	Nanos   int32
}

// Now is what clocks show at an instant, in a zone: a name or an offset, or
// UTC when it is empty.
func Now(k graph.Kind, at Instant, zoneName string) (graph.Value, error) {
	var z zone
	if zoneName != "" {
		var err error
		if z, err = parseZone(zoneName); err != nil {
			return graph.Null, err
		}
	}
	return now(k, at, z)
}

func now(k graph.Kind, at Instant, z zone) (graph.Value, error) {
	m := moment{has: hasDate | hasClock | hasZone}
	m.setLocal(at.Seconds, at.Nanos)
	if err := m.inZone(z); err != nil {
		return graph.Null, err
	}
	return m.value(k)
}

// Make makes a value of a kind: of a text (see Parse), of a map of components,
// or of another value that has what is needed. In a map, date, time and
// datetime are values whose components count unless the map gives others; a
// timezone beside a value that has one means the same instant there. Null, and
// a component that is Null, make Null. at is the instant that now is, for maps
// with nothing but a timezone.
func Make(k graph.Kind, v graph.Value, at Instant) (graph.Value, error) {
	switch v.Kind() {
	case graph.KindNull:
		return v, nil
	case graph.KindString:
		return Parse(k, v.AsString())
	case graph.KindMap:
		if k == graph.KindDuration {
			return makeDuration(v.AsMap())
		}
		return makeOf(k, v.AsMap(), at)
	case graph.KindDuration:
		if k == v.Kind() {
			return v, nil
		}
	}
	m, ok := split(v)
	if !ok || k == graph.KindDuration {
		return graph.Null, mistyped("a " + k.String() + " cannot be made of a " + v.Kind().String())
	}
	return m.convert(k, v.Kind().String())
}

// makeOf makes a value of a map.
func makeOf(k graph.Kind, components *graph.Map, at Instant) (graph.Value, error) {
	f, null, err := readFields(components)
	if err != nil || null {
		return graph.Null, err
	}
	if f.set == setOf(timezone) {
		return now(k, at, f.zone)
	}
	if err := f.only(k); err != nil {
		return graph.Null, err
	}
	if f.set&epochFields != 0 {
		return f.ofEpoch()
	}
	m, based, err := f.base(k)
	if err != nil {
		return graph.Null, err
	}
	if m.has&hasDate != 0 {
		if m.day, err = f.date(m.day, based&hasDate != 0); err != nil {
			return graph.Null, err
		}
	}
	if m.has&hasClock != 0 {
		if m.clock, err = f.clock(m.clock, based&hasClock != 0); err != nil {
			return graph.Null, err
		}
	}
	if err := f.setZone(&m, based, at); err != nil {
		return graph.Null, err
	}
	return m.value(k)
}

// base is the moment that the date, time or datetime of the components give,
// and which parts of it they do.
func (f *fields) base(k graph.Kind) (m moment, based parts, err error) {
	m.has = partsOf(k)
	if f.has(fromDateTime) && (f.has(fromDate) || f.has(fromTime)) {
		return m, 0, invalid("a datetime cannot stand beside a date or a time")
	}
	for i, takes := range [...]parts{hasDate, hasClock | hasZone, hasDate | hasClock | hasZone} {
		x := fromDate + field(i)
		if !f.has(x) {
			continue
		}
		from := f.source[i]
		if lacks := takes & m.has &^ hasZone &^ from.has; lacks != 0 {
			return m, 0, mistyped("the component " + fieldTable[x].name + " has no " + lacks.String())
		}
		takes &= from.has
		based |= takes
		if takes&hasDate != 0 {
			m.day = from.day
		}
		if takes&hasClock != 0 {
			m.clock = from.clock
		}
		if takes&hasZone != 0 {
			m.zone = from.zone
		}
	}
	return m, based, nil
}

// setZone puts a moment that has its components into the zone they name: the
// same instant if it is in a zone already, else the same time on the clock.
func (f *fields) setZone(m *moment, based parts, at Instant) error {
	if m.has&hasZone == 0 {
		return nil
	}
	if m.has&hasDate == 0 {
		return f.setOffset(m, based, at)
	}
	if based&hasZone != 0 {
		if err := m.settle(); err != nil {
			return err
		}
		if f.has(timezone) {
			return m.inZone(f.zone)
		}
		return nil
	}
	m.zone = f.zone
	return m.settle()
}

// setOffset does the same for a time without a date, for which a named zone is
// the offset that it has now.
func (f *fields) setOffset(m *moment, based parts, at Instant) error {
	m.zone.name = ""
	if !f.has(timezone) {
		return nil
	}
	offset, err := f.zone.offsetAt(at.Seconds)
	if err != nil {
		return err
	}
	if based&hasZone != 0 {
		m.clock = floorMod(m.clock+int64(offset-m.zone.offset)*nanosOfSecond, nanosOfDay)
	}
	m.zone.offset = offset
	return nil
}

// ofEpoch makes a date-time of an instant; only parts of its second and a zone
// may stand beside that.
func (f *fields) ofEpoch() (graph.Value, error) {
	if f.set&epochFields == epochFields || f.set&^(epochFields|secondFields|setOf(timezone)) != 0 {
		return graph.Null, invalid("epochSeconds or epochMillis is given alone, or with parts of a second and a timezone")
	}
	at := Instant{Seconds: f.number[epochSeconds]}
	if f.has(epochMillis) {
		ms := f.number[epochMillis]
		at.Seconds = floorDiv(ms, 1000)
		at.Nanos = int32(floorMod(ms, 1000) * 1e6)
		f.keep(millisecond, int64(at.Nanos)/1e6)
	}
	n, err := f.nanos(int64(at.Nanos))
	if err != nil {
		return graph.Null, err
	}
	at.Nanos = int32(n)
	return now(graph.KindDateTime, at, f.zone)
}

// FromEpoch makes a date-time in UTC of seconds since 1970-01-01T00:00:00Z and
// nanoseconds, which may be of any sign and size.
func FromEpoch(s, nanos int64) (graph.Value, error) {
	s, ok := add(s, floorDiv(nanos, nanosOfSecond))
	if !ok || s < fieldTable[epochSeconds].least || s > fieldTable[epochSeconds].most {
		return graph.Null, overflow(graph.KindDateTime)
	}
	return graph.DateTime(graph.Zoned{Seconds: s, Nanos: int32(floorMod(nanos, nanosOfSecond))}), nil
}

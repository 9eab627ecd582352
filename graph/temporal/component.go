package temporal

import "github.com/pocketgraph/pocketgraph/graph"

// Component is one component of a value: year, quarter, month, week, weekYear,
// day, ordinalDay, weekDay (or dayOfWeek), dayOfQuarter of dates; hour, minute,
// second and millisecond, microsecond, nanosecond of the second; timezone,
// offset, offsetMinutes, offsetSeconds; epochSeconds and epochMillis of
// date-times; and those of durations. A value of another kind, or without the
// component, is an error.
func Component(v graph.Value, name string) (graph.Value, error) {
	if v.Kind() == graph.KindDuration {
		return durationComponent(v.AsDuration(), name)
	}
	m, ok := split(v)
	if ok && m.has&hasDate != 0 {
		if n, ok := dateComponent(m.day, name); ok {
			return graph.Int(n), nil
		}
	}
	if ok && m.has&hasClock != 0 {
		if n, ok := clockComponent(m.clock, name); ok {
			return graph.Int(n), nil
		}
	}
	if ok && m.has&hasZone != 0 {
		return m.zoneComponent(v.Kind(), name)
	}
	return noComponent(v.Kind(), name)
}

func noComponent(k graph.Kind, name string) (graph.Value, error) {
	return graph.Null, invalid("a " + k.String() + " has no component '" + name + "'")
}

func dateComponent(days int64, name string) (n int64, ok bool) {
	y, m, d := civil(days)
	q := (m + 2) / 3
	switch name {
	case "year":
		return y, true
	case "quarter":
		return q, true
	case "month":
		return m, true
	case "week":
		_, n = weekOf(days)
		return n, true
	case "weekYear":
		n, _ = weekOf(days)
		return n, true
	case "day":
		return d, true
	case "ordinalDay":
		return days - daysOf(y, 1, 1) + 1, true
	case "weekDay", "dayOfWeek":
		return weekday(days), true
	case "dayOfQuarter":
		return days - quarterStart(y, q) + 1, true
	}
	return 0, false
}

func clockComponent(clock int64, name string) (n int64, ok bool) {
	switch name {
	case "hour":
		return clock / (3600 * nanosOfSecond), true
	case "minute":
		return clock / (60 * nanosOfSecond) % 60, true
	case "second":
		return clock / nanosOfSecond % 60, true
	case "millisecond":
		return clock / 1e6 % 1e3, true
	case "microsecond":
		return clock / 1e3 % 1e6, true
	case "nanosecond":
		return clock % nanosOfSecond, true
	}
	return 0, false
}

func (m *moment) zoneComponent(k graph.Kind, name string) (graph.Value, error) {
	offset := int64(m.zone.offset)
	switch {
	case name == "timezone" && m.zone.name != "":
		return graph.String(m.zone.name), nil
	case name == "timezone", name == "offset":
		return graph.String(string(appendOffset(nil, m.zone.offset))), nil
	case name == "offsetMinutes":
		return graph.Int(offset / 60), nil
	case name == "offsetSeconds":
		return graph.Int(offset), nil
	case name == "epochSeconds" && m.has&hasDate != 0:
		return graph.Int(m.utc()), nil
	case name == "epochMillis" && m.has&hasDate != 0:
		ms, ok := mulAdd(m.utc(), 1000, int64(m.nanos())/1e6)
		if !ok {
			return graph.Null, overflow(graph.KindInt)
		}
		return graph.Int(ms), nil
	}
	return noComponent(k, name)
}

// durationTable has the components of durations: a part divided by a unit, and
// what that leaves in the next larger one if there is a limit. For seconds a
// negative unit is that many of them in a second.
var durationTable = [...]struct {
	name        string
	part        uint8
	unit, limit int64
}{
	{"years", months, 12, 0}, {"quarters", months, 3, 0}, {"months", months, 1, 0},
	{"quartersOfYear", months, 3, 4}, {"monthsOfQuarter", months, 1, 3}, {"monthsOfYear", months, 1, 12},
	{"weeks", days, 7, 0}, {"days", days, 1, 0}, {"daysOfWeek", days, 1, 7},
	{"hours", seconds, 3600, 0}, {"minutes", seconds, 60, 0}, {"seconds", seconds, 1, 0},
	{"minutesOfHour", seconds, 60, 60}, {"secondsOfMinute", seconds, 1, 60},
	{"milliseconds", seconds, -1e3, 0}, {"microseconds", seconds, -1e6, 0}, {"nanoseconds", seconds, -1e9, 0},
	{"millisecondsOfSecond", nanos, 1e6, 0}, {"microsecondsOfSecond", nanos, 1e3, 0}, {"nanosecondsOfSecond", nanos, 1, 0},
}

// nanos is the fourth part of a Span, after months, days and seconds.
const nanos = seconds + 1

// durationComponent gives whole numbers of one unit, or what is left of them
// in the next larger one. Seconds count from below, as the parts of a Span do:
// -0.5 seconds are -1 second and 500,000,000 nanosecondsOfSecond.
func durationComponent(s graph.Span, name string) (graph.Value, error) {
	parts := [...]int64{s.Months, s.Days, s.Seconds, int64(s.Nanos)}
	for _, c := range &durationTable {
		if c.name != name {
			continue
		}
		n, ok := parts[c.part], true
		if c.unit < 0 {
			n, ok = mulAdd(n, -c.unit, parts[nanos]/(nanosOfSecond/-c.unit))
		} else if n /= c.unit; c.limit > 0 {
			n %= c.limit
		}
		if !ok {
			return graph.Null, overflow(graph.KindInt)
		}
		return graph.Int(n), nil
	}
	return noComponent(graph.KindDuration, name)
}

// mulAdd is a*b + c.
func mulAdd(a, b, c int64) (n int64, ok bool) {
	n, ok = mul(a, b)
	n, fits := add(n, c)
	return n, ok && fits
}

package temporal

import (
	"strings"

	"github.com/pocketgraph/pocketgraph/graph"
)

// truncations are the units that values are cut to: years, other parts of the
// calendar, or so many nanoseconds.
var truncations = [...]struct {
	name  string
	years int64
	nanos int64
}{
	{name: "millennium", years: 1000}, {name: "century", years: 100}, {name: "decade", years: 10}, {name: "year", years: 1},
	{name: "weekYear"}, {name: "quarter"}, {name: "month"}, {name: "week"}, {name: "day"},
	{name: "hour", nanos: 3600 * nanosOfSecond}, {name: "minute", nanos: 60 * nanosOfSecond}, {name: "second", nanos: nanosOfSecond},
	{name: "millisecond", nanos: 1e6}, {name: "microsecond", nanos: 1e3},
}

// Truncate gives the value of a kind in which everything smaller than a unit
// is as small as it can be, and then sets components (nil: none). A timezone
// among them replaces the zone and leaves the clock as it is.
func Truncate(k graph.Kind, unitName string, v graph.Value, components *graph.Map, at Instant) (graph.Value, error) {
	f, null, err := readFields(components)
	if err != nil || null {
		return graph.Null, err
	}
	if err := f.only(k); err != nil {
		return graph.Null, err
	}
	m, ok := split(v)
	given := m.has
	m.has = partsOf(k)
	switch lacks := m.has &^ hasZone &^ given; {
	case !ok:
		return graph.Null, mistyped("a " + v.Kind().String() + " cannot be truncated to a " + k.String())
	case lacks != 0 && !(lacks == hasClock && k != graph.KindTime && k != graph.KindLocalTime):
		return graph.Null, mistyped("a " + v.Kind().String() + " has no " + lacks.String() + " to truncate")
	}
	if f.set&(epochFields|setOf(fromDate, fromTime, fromDateTime)) != 0 {
		return graph.Null, invalid("a truncated value takes single components, no other value")
	}
	if err := m.truncate(k, unitName, &f); err != nil {
		return graph.Null, err
	}
	if m.has&hasDate != 0 {
		if m.day, err = f.date(m.day, true); err != nil {
			return graph.Null, err
		}
	}
	if m.clock, err = f.clock(m.clock, true); err != nil {
		return graph.Null, err
	}
	based := given & hasZone
	if f.has(timezone) {
		based = 0
	}
	if err := f.setZone(&m, based, at); err != nil {
		return graph.Null, err
	}
	return m.value(k)
}

func (m *moment) truncate(k graph.Kind, unitName string, f *fields) error {
	i := 0
	for i < len(truncations) && !strings.EqualFold(truncations[i].name, unitName) {
		i++
	}
	if i == len(truncations) {
		return invalid("there is no unit '" + unitName + "' to truncate to")
	}
	u := truncations[i]
	switch {
	case u.nanos != 0 && m.has&hasClock == 0, u.nanos == 0 && u.name != "day" && m.has&hasDate == 0:
		return invalid("a " + k.String() + " cannot be truncated to '" + u.name + "'")
	case u.nanos != 0:
		m.clock -= m.clock % u.nanos
		if u.nanos == 1e6 {
			f.keep(millisecond, m.clock/1e6%1000)
		} else if u.nanos == 1e3 {
			f.keep(microsecond, m.clock/1e3%1e6)
		}
		return nil
	}
	m.clock = 0
	y, mo, _ := civil(m.day)
	switch u.name {
	case "weekYear":
		y, _ = weekOf(m.day)
		m.day = weekStart(y)
	case "quarter":
		m.day = quarterStart(y, (mo+2)/3)
	case "month":
		m.day = daysOf(y, mo, 1)
	case "week":
		m.day -= weekday(m.day) - 1
	case "day":
	default:
		m.day = daysOf(floorDiv(y, u.years)*u.years, 1, 1)
	}
	return nil
}

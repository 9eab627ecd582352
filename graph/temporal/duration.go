package temporal

import "github.com/pocketgraph/pocketgraph/graph"

// averageMonth is the length of a month in seconds where a fraction of one is
// to be days and seconds: a 4,800th of the 400 years of the calendar.
const averageMonth = 2_629_746

// length is a duration whose parts may have fractions.
type length struct{ months, days, seconds amount }

// unit is a unit that durations are given in: so many of a part, or that part
// of one.
type unit struct {
	name  string
	sign  byte // in the texts of ISO 8601; 0: not there
	part  uint8
	times int64
	over  int64
}

const (
	months = iota
	days
	seconds
)

// units are in the order in which texts have them.
var units = [...]unit{
	{name: "years", sign: 'Y', part: months, times: 12},
	{name: "quarters", part: months, times: 3},
	{name: "months", sign: 'M', part: months, times: 1},
	{name: "weeks", sign: 'W', part: days, times: 7},
	{name: "days", sign: 'D', part: days, times: 1},
	{name: "hours", sign: 'H', part: seconds, times: 3600},
	{name: "minutes", sign: 'M', part: seconds, times: 60},
	{name: "seconds", sign: 'S', part: seconds, times: 1},
	{name: "milliseconds", part: seconds, over: 1e3},
	{name: "microseconds", part: seconds, over: 1e6},
	{name: "nanoseconds", part: seconds, over: 1e9},
}

// firstOfTime is the first of units that stands behind the T.
const firstOfTime = 5

func (l *length) part(i uint8) *amount {
	switch i {
	case months:
		return &l.months
	case days:
		return &l.days
	}
	return &l.seconds
}

// add adds so many of a unit.
func (l *length) add(u *unit, n amount) (ok bool) {
	if u.over != 0 {
		n, ok = n.over(u.over)
	} else {
		n, ok = n.times(u.times)
	}
	if !ok {
		return false
	}
	p := l.part(u.part)
	*p, ok = p.plus(n)
	return ok
}

// span carries fractions down: those of months become days of an average
// month, those of days become seconds of days of 24 hours. Whole parts stay
// what they are.
func (l length) span() (graph.Value, error) {
	extra := l.months.nanos(averageMonth * nanosOfSecond)
	d, ok := l.days.plus(wholeAmount(extra / nanosOfDay))
	rest := d.nanos(nanosOfDay) + extra%nanosOfDay
	// What is left has the sign of the days, and is less than one.
	d.whole, rest, ok = carry(d.whole, rest, nanosOfDay, ok)
	s, nanos, ok := carry(l.seconds.whole, l.seconds.nanos(nanosOfSecond)+rest, nanosOfSecond, ok)
	if !ok {
		return graph.Null, overflow(graph.KindDuration)
	}
	if nanos < 0 {
		if s, ok = add(s, -1); !ok {
			return graph.Null, overflow(graph.KindDuration)
		}
		nanos += nanosOfSecond
	}
	return graph.Duration(graph.Span{Months: l.months.whole, Days: d.whole, Seconds: s, Nanos: int32(nanos)}), nil
}

// carry moves whole units of size out of rest, and gives both the same sign.
func carry(whole, rest, size int64, ok bool) (int64, int64, bool) {
	w, fits := add(whole, rest/size)
	rest %= size
	switch {
	case w > 0 && rest < 0:
		w, rest = w-1, rest+size
	case w < 0 && rest > 0:
		w, rest = w+1, rest-size
	}
	return w, rest, ok && fits
}

// lengthOf is the duration itself, with the nanoseconds as a fraction.
func lengthOf(s graph.Span) length {
	l := length{months: wholeAmount(s.Months), days: wholeAmount(s.Days)}
	l.seconds, _ = wholeAmount(s.Seconds).plus(amount{fraction: int64(s.Nanos) * 1e9})
	return l
}

// makeDuration reads a map of units.
func makeDuration(m *graph.Map) (graph.Value, error) {
	if m.Len() == 0 {
		return graph.Null, invalid("a duration needs at least one unit")
	}
	var l length
	for i := 0; i < m.Len(); i++ {
		name, v := m.At(i)
		if v.IsNull() {
			return graph.Null, nil
		}
		u := unitNamed(name)
		if u == nil {
			return graph.Null, invalid("a duration has no '" + name + "'")
		}
		n, ok := amountOf(v)
		if !ok && v.Kind() != graph.KindFloat {
			return graph.Null, mistyped("the " + name + " of a duration are a number, not a " + v.Kind().String())
		}
		if !ok || !l.add(u, n) {
			return graph.Null, overflow(graph.KindDuration)
		}
	}
	return l.span()
}

func unitNamed(name string) *unit {
	for i := range units {
		if units[i].name == name {
			return &units[i]
		}
	}
	return nil
}

// Negate turns a duration round.
func Negate(v graph.Value) (graph.Value, error) { return Scale(v, graph.Int(-1)) }

// Scale multiplies a duration by a number.
func Scale(v, by graph.Value) (graph.Value, error) {
	s := v.AsDuration()
	f, ok := amountOf(by)
	var l length
	for i, n := range [...]int64{s.Months, s.Days, s.Seconds, int64(s.Nanos)} {
		part, fits := f.times(n)
		u := unit{part: uint8(min(i, seconds)), times: 1}
		if i > seconds {
			u.over = nanosOfSecond
		}
		ok = ok && fits && l.add(&u, part)
	}
	if !ok {
		return graph.Null, overflow(graph.KindDuration)
	}
	return l.span()
}

// Divide divides a duration by a number.
func Divide(v, by graph.Value) (graph.Value, error) {
	if n, _ := by.Number(); n == 0 {
		return graph.Null, &Error{DivideByZero, "division by zero"}
	}
	l := lengthOf(v.AsDuration())
	for i := uint8(months); i <= seconds; i++ {
		p := l.part(i)
		var ok bool
		if by.Kind() == graph.KindInt {
			*p, ok = p.over(by.AsInt())
		} else {
			*p, ok = amountOf(graph.Float((float64(p.whole) + float64(p.fraction)/attos) / by.AsFloat()))
		}
		if !ok {
			return graph.Null, overflow(graph.KindDuration)
		}
	}
	return l.span()
}

// AddDurations adds two durations part by part.
func AddDurations(a, b graph.Value) (graph.Value, error) {
	l, r := lengthOf(a.AsDuration()), lengthOf(b.AsDuration())
	for i := uint8(months); i <= seconds; i++ {
		p, ok := l.part(i), false
		if *p, ok = p.plus(*r.part(i)); !ok {
			return graph.Null, overflow(graph.KindDuration)
		}
	}
	return l.span()
}

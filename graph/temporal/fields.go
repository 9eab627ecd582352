package temporal

import (
	"math"
	"strconv"

	"github.com/pocketgraph/pocketgraph/graph"
)

// field is a component that a map can give.
type field uint8

const (
	year field = iota
	quarter
	month
	week
	ordinalDay
	dayOfQuarter
	dayOfWeek
	day
	hour
	minute
	second
	millisecond
	microsecond
	nanosecond
	epochSeconds
	epochMillis
	timezone
	fromDate
	fromTime
	fromDateTime
	fieldCount
)

// fieldTable has the names of the fields and, of numbers, their ranges.
var fieldTable = [fieldCount]struct {
	name        string
	least, most int64
}{
	year:         {"year", MinYear, MaxYear},
	quarter:      {"quarter", 1, 4},
	month:        {"month", 1, 12},
	week:         {"week", 1, 53},
	ordinalDay:   {"ordinalDay", 1, 366},
	dayOfQuarter: {"dayOfQuarter", 1, 92},
	dayOfWeek:    {"dayOfWeek", 1, 7},
	day:          {"day", 1, 31},
	hour:         {"hour", 0, 23},
	minute:       {"minute", 0, 59},
	second:       {"second", 0, 59},
	millisecond:  {"millisecond", 0, 999},
	microsecond:  {"microsecond", 0, 999_999},
	nanosecond:   {"nanosecond", 0, 999_999_999},
	epochSeconds: {"epochSeconds", minDay * secondsOfDay, maxDay*secondsOfDay + secondsOfDay - 1},
	epochMillis:  {"epochMillis", math.MinInt64, math.MaxInt64},
	timezone:     {name: "timezone"},
	fromDate:     {name: "date"},
	fromTime:     {name: "time"},
	fromDateTime: {name: "datetime"},
}

type fieldSet uint32

func setOf(list ...field) (s fieldSet) {
	for _, f := range list {
		s |= 1 << f
	}
	return s
}

var (
	calendarFields = setOf(month, day)
	weekFields     = setOf(week, dayOfWeek)
	quarterFields  = setOf(quarter, dayOfQuarter)
	ordinalFields  = setOf(ordinalDay)
	secondFields   = setOf(millisecond, microsecond, nanosecond)
	epochFields    = setOf(epochSeconds, epochMillis)
	dateFields     = calendarFields | weekFields | quarterFields | ordinalFields | setOf(year)
	clockFields    = secondFields | setOf(hour, minute, second)
)

// fields is a map of components as it was read.
type fields struct {
	set    fieldSet
	number [timezone]int64
	zone   zone
	source [fieldCount - fromDate]moment
}

func (f *fields) has(x field) bool { return f.set&(1<<x) != 0 }

// readFields reads a map. null says that a component is Null, and so is what
// is made of it.
func readFields(m *graph.Map) (f fields, null bool, err error) {
	for i := 0; m != nil && i < m.Len(); i++ {
		name, v := m.At(i)
		x := field(0)
		for x < fieldCount && fieldTable[x].name != name {
			x++
		}
		if x == fieldCount {
			return f, false, invalid("there is no component '" + name + "'")
		}
		if v.IsNull() {
			null = true
			continue
		}
		f.set |= 1 << x
		if err := f.read(x, v); err != nil {
			return f, false, err
		}
	}
	return f, null, nil
}

func (f *fields) read(x field, v graph.Value) (err error) {
	name := fieldTable[x].name
	switch {
	case x > timezone:
		m, ok := split(v)
		if !ok {
			return mistyped("the component " + name + " is a date or a time, not a " + v.Kind().String())
		}
		f.source[x-fromDate] = m
	case x == timezone:
		if v.Kind() != graph.KindString {
			return mistyped("the component timezone is a String, not a " + v.Kind().String())
		}
		f.zone, err = parseZone(v.AsString())
	case v.Kind() != graph.KindInt:
		return mistyped("the component " + name + " is an Integer, not a " + v.Kind().String())
	case v.AsInt() < fieldTable[x].least || v.AsInt() > fieldTable[x].most:
		return outside(x, v.AsInt(), fieldTable[x].least, fieldTable[x].most)
	default:
		f.number[x] = v.AsInt()
	}
	return err
}

func outside(x field, n, least, most int64) error {
	return invalid("the " + fieldTable[x].name + " is " + strconv.FormatInt(n, 10) +
		", and not from " + strconv.FormatInt(least, 10) + " to " + strconv.FormatInt(most, 10))
}

// get is a component, or what stands for it when it is not given.
func (f *fields) get(x field, otherwise int64) int64 {
	if f.has(x) {
		return f.number[x]
	}
	return otherwise
}

// need refuses components without the larger one that they are parts of.
func (f *fields) need(x field, parts ...field) error {
	for _, p := range parts {
		if f.has(p) && !f.has(x) {
			return invalid("a " + fieldTable[p].name + " needs a " + fieldTable[x].name)
		}
	}
	return nil
}

// only refuses components that values of a kind are not made of.
func (f *fields) only(k graph.Kind) error {
	has, allowed := partsOf(k), setOf(fromDateTime)
	if has&hasDate != 0 {
		allowed |= dateFields | setOf(fromDate)
	}
	if has&hasClock != 0 {
		allowed |= clockFields | setOf(fromTime)
	}
	if has&hasZone != 0 {
		allowed |= setOf(timezone)
	}
	if k == graph.KindDateTime {
		allowed |= epochFields
	}
	for x := year; x < fieldCount; x++ {
		if f.has(x) && allowed&(1<<x) == 0 {
			return invalid("a " + k.String() + " has no component '" + fieldTable[x].name + "'")
		}
	}
	return nil
}

// date is the day that the components say, on top of a base if there is one.
// A year, quarter or month alone keeps the day of the base or the last day
// that there is.
func (f *fields) date(base int64, based bool) (int64, error) {
	kinds := 0
	for _, s := range [...]fieldSet{calendarFields, weekFields, quarterFields, ordinalFields} {
		if f.set&s != 0 {
			kinds++
		}
	}
	if kinds > 1 {
		return 0, invalid("a date is given by month and day, by week, by quarter or by ordinalDay, not by several of them")
	}
	if !based {
		if !f.has(year) {
			return 0, invalid("a date needs a year")
		}
		if err := firstError(f.need(month, day), f.need(week, dayOfWeek), f.need(quarter, dayOfQuarter)); err != nil {
			return 0, err
		}
		base = daysOf(f.number[year], 1, 1)
	}
	y, m, d := civil(base)
	y = f.get(year, y)
	switch {
	case f.set&weekFields != 0:
		return f.weekDate(base, based)
	case f.set&quarterFields != 0:
		return f.quarterDate(y, m, d)
	case f.has(ordinalDay):
		if n := f.number[ordinalDay]; n > yearLength(y) {
			return 0, outside(ordinalDay, n, 1, yearLength(y))
		}
		return daysOf(y, 1, f.number[ordinalDay]), nil
	}
	m = f.get(month, m)
	if n := f.get(day, 1); n > monthLength(y, m) {
		return 0, outside(day, n, 1, monthLength(y, m))
	}
	return clampDay(y, m, f.get(day, d)), nil
}

func (f *fields) weekDate(base int64, based bool) (int64, error) {
	y, w := weekOf(base)
	wd := weekday(base)
	if !based {
		y, wd = f.number[year], 1
	}
	y, w = f.get(year, y), f.get(week, w)
	if w > weeksOf(y) {
		return 0, outside(week, w, 1, weeksOf(y))
	}
	return weekStart(y) + w*7 - 7 + f.get(dayOfWeek, wd) - 1, nil
}

func (f *fields) quarterDate(y, m, d int64) (int64, error) {
	q := f.get(quarter, (m+2)/3)
	if !f.has(dayOfQuarter) {
		return clampDay(y, q*3-2+(m-1)%3, d), nil
	}
	n := f.number[dayOfQuarter]
	if n > quarterLength(y, q) {
		return 0, outside(dayOfQuarter, n, 1, quarterLength(y, q))
	}
	return quarterStart(y, q) + n - 1, nil
}

// clock is the time of day that the components say, on top of a base.
func (f *fields) clock(base int64, based bool) (int64, error) {
	if !based {
		if err := firstError(f.need(hour, minute, second), f.need(minute, second),
			f.need(second, millisecond, microsecond, nanosecond)); err != nil {
			return 0, err
		}
	}
	s := base / nanosOfSecond
	n, err := f.nanos(base % nanosOfSecond)
	return (f.get(hour, s/3600)*3600+f.get(minute, s/60%60)*60+f.get(second, s%60))*nanosOfSecond + n, err
}

// nanos is the part of a second. Beside a larger unit a smaller one counts on
// from it, and is less than one of it; any of them replaces all of the base.
func (f *fields) nanos(base int64) (int64, error) {
	if f.set&secondFields == 0 {
		return base, nil
	}
	mostMicro, mostNano := fieldTable[microsecond].most, fieldTable[nanosecond].most
	switch {
	case f.has(microsecond):
		mostNano = 999
	case f.has(millisecond):
		mostNano = 999_999
	}
	if f.has(millisecond) {
		mostMicro = 999
	}
	if n := f.number[microsecond]; n > mostMicro {
		return 0, outside(microsecond, n, 0, mostMicro)
	}
	if n := f.number[nanosecond]; n > mostNano {
		return 0, outside(nanosecond, n, 0, mostNano)
	}
	return f.number[millisecond]*1e6 + f.number[microsecond]*1e3 + f.number[nanosecond], nil
}

// keep makes the smaller parts of a second count on from a larger one that is
// there already, instead of replacing it.
func (f *fields) keep(x field, n int64) {
	if f.set&secondFields>>(x+1) != 0 && f.set&(secondFields&(1<<(x+1)-1)) == 0 {
		f.set |= 1 << x
		f.number[x] = n
	}
}

func firstError(list ...error) error {
	for _, err := range list {
		if err != nil {
			return err
		}
	}
	return nil
}

package temporal

// The range of dates, in years and in days since 1970-01-01.
const (
	MinYear = -999_999_999
	MaxYear = 999_999_999
	minDay  = -365_243_219_162
	maxDay  = 365_241_780_471
)

const (
	secondsOfDay  = 86_400
	nanosOfSecond = 1_000_000_000
	nanosOfDay    = secondsOfDay * nanosOfSecond
)

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func floorMod(a, b int64) int64 { return a - floorDiv(a, b)*b }

// daysOf counts the days from 1970-01-01 to a day of the proleptic Gregorian
// calendar. It counts eras of 400 years that begin on 1 March of year 0
// (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms",
// days_from_civil). A day beyond its month carries on.
func daysOf(year, month, day int64) int64 {
	if month <= 2 {
		year, month = year-1, month+12
	}
	era := floorDiv(year, 400)
	yearOfEra := year - era*400
	dayOfYear := (153*(month-3)+2)/5 + day - 1
	return era*146097 + yearOfEra*365 + yearOfEra/4 - yearOfEra/100 + dayOfYear - 719468
}

// civil is the reverse of daysOf (civil_from_days of the same source).
func civil(days int64) (year, month, day int64) {
	z := days + 719468
	era := floorDiv(z, 146097)
	dayOfEra := z - era*146097
	yearOfEra := (dayOfEra - dayOfEra/1460 + dayOfEra/36524 - dayOfEra/146096) / 365
	dayOfYear := dayOfEra - (365*yearOfEra + yearOfEra/4 - yearOfEra/100)
	shifted := (5*dayOfYear + 2) / 153
	year, month, day = yearOfEra+era*400, shifted+3, dayOfYear-(153*shifted+2)/5+1
	if month > 12 {
		year, month = year+1, month-12
	}
	return year, month, day
}

// monthLength is the number of days of a month.
func monthLength(year, month int64) int64 {
	if month == 12 {
		return 31
	}
	return daysOf(year, month+1, 1) - daysOf(year, month, 1)
}

func yearLength(year int64) int64 { return daysOf(year+1, 1, 1) - daysOf(year, 1, 1) }

// clampDay is the day of a month, or the last one of a month that is shorter.
func clampDay(year, month, day int64) int64 {
	return daysOf(year, month, min(day, monthLength(year, month)))
}

// weekday is 1 on Mondays and 7 on Sundays.
func weekday(days int64) int64 { return floorMod(days+3, 7) + 1 }

// weekStart is the Monday of the first week of a year: the week that has the
// fourth of January (ISO 8601).
func weekStart(year int64) int64 {
	d := daysOf(year, 1, 4)
	return d - weekday(d) + 1
}

// weekOf is the year and number of the week of a day; the year is the one its
// Thursday lies in.
func weekOf(days int64) (year, week int64) {
	year, _, _ = civil(days - weekday(days) + 4)
	return year, (days-weekStart(year))/7 + 1
}

func weeksOf(year int64) int64 { return (weekStart(year+1) - weekStart(year)) / 7 }

// quarterStart is the first day of a quarter.
func quarterStart(year, quarter int64) int64 { return daysOf(year, quarter*3-2, 1) }

// quarterLength is the number of days of a quarter.
func quarterLength(year, quarter int64) int64 {
	return daysOf(year, quarter*3, monthLength(year, quarter*3)) - quarterStart(year, quarter) + 1
}

// addMonths moves a day by months, to the last day of a month that is too
// short for it. ok is false outside of the calendar.
func addMonths(days, months int64) (moved int64, ok bool) {
	const most = (MaxYear - MinYear + 1) * 12
	if months < -most || months > most {
		return 0, false
	}
	y, m, d := civil(days)
	m += y*12 - 1 + months
	if y = floorDiv(m, 12); y < MinYear || y > MaxYear {
		return 0, false
	}
	return clampDay(y, floorMod(m, 12)+1, d), true
}

// LocalSeconds counts the seconds from 1970-01-01T00:00:00 to a time on the same
// clock.
func LocalSeconds(year, month, day, hour, minute, second int64) int64 {
	return daysOf(year, month, day)*secondsOfDay + hour*3600 + minute*60 + second
}

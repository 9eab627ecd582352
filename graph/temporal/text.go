package temporal

import (
	"strconv"

	"github.com/pocketgraph/pocketgraph/graph"
)

// Text is the ISO 8601 text of a date, time or duration as toString()
// prints it in openCypher. Any other kind gives the empty string.
func Text(v graph.Value) string {
	switch v.Kind() {
	case graph.KindDate:
		return string(appendDate(nil, v.AsDate()))
	case graph.KindLocalTime:
		return string(appendNanosOfDay(nil, v.AsLocalTime()))
	case graph.KindTime:
		nanos, offset := v.AsTime()
		return string(appendOffset(appendNanosOfDay(nil, nanos), offset))
	case graph.KindLocalDateTime:
		seconds, nanos := v.AsLocalDateTime()
		return string(appendSeconds(nil, seconds, nanos))
	case graph.KindDateTime:
		z := v.AsDateTime()
		b := appendOffset(appendSeconds(nil, z.Seconds+int64(z.Offset), z.Nanos), z.Offset)
		if z.Zone != "" {
			b = append(append(append(b, '['), z.Zone...), ']')
		}
		return string(b)
	case graph.KindDuration:
		return string(appendDuration(nil, v.AsDuration()))
	}
	return ""
}

// appendDate writes a day as 2015-07-21; a year of other than four digits has a sign.
func appendDate(b []byte, days int64) []byte {
	year, month, day := civil(days)
	switch {
	case year < 0:
		b, year = append(b, '-'), -year
	case year > 9999:
		b = append(b, '+')
	}
	return appendPadded(append(appendPadded(append(appendPadded(b, year, 4), '-'), month, 2), '-'), day, 2)
}

func appendPadded(b []byte, n int64, width int) []byte {
	for limit := int64(10); width > 1; width, limit = width-1, limit*10 {
		if n < limit {
			b = append(b, '0')
		}
	}
	return strconv.AppendInt(b, n, 10)
}

// appendClock leaves out what is zero from the end on, as openCypher does.
func appendClock(b []byte, seconds int64, nanos int32) []byte {
	b = appendPadded(append(appendPadded(b, seconds/3600, 2), ':'), seconds/60%60, 2)
	if seconds%60 == 0 && nanos == 0 {
		return b
	}
	return appendFraction(appendPadded(append(b, ':'), seconds%60, 2), nanos)
}

func appendFraction(b []byte, nanos int32) []byte {
	if nanos == 0 {
		return b
	}
	b = appendPadded(append(b, '.'), int64(nanos), 9)
	for b[len(b)-1] == '0' {
		b = b[:len(b)-1]
	}
	return b
}

func appendNanosOfDay(b []byte, nanos int64) []byte {
	return appendClock(b, nanos/1e9, int32(nanos%1e9))
}

func appendSeconds(b []byte, seconds int64, nanos int32) []byte {
	days := floorDiv(seconds, secondsOfDay)
	return appendClock(append(appendDate(b, days), 'T'), seconds-days*secondsOfDay, nanos)
}

func appendOffset(b []byte, offset int32) []byte {
	if offset == 0 {
		return append(b, 'Z')
	}
	sign := byte('+')
	if offset < 0 {
		sign, offset = '-', -offset
	}
	b = appendPadded(append(b, sign), int64(offset/3600), 2)
	b = appendPadded(append(b, ':'), int64(offset/60%60), 2)
	if offset%60 != 0 {
		b = appendPadded(append(b, ':'), int64(offset%60), 2)
	}
	return b
}

func appendDuration(b []byte, s graph.Span) []byte {
	part := func(n int64, unit byte) {
		if n != 0 {
			b = append(strconv.AppendInt(b, n, 10), unit)
		}
	}
	b = append(b, 'P')
	part(s.Months/12, 'Y')
	part(s.Months%12, 'M')
	part(s.Days, 'D')
	// The nanoseconds count up from the seconds; printed, both have one sign.
	whole, nanos, negative := s.Seconds, s.Nanos, s.Seconds < 0 && s.Nanos > 0
	if negative {
		whole, nanos = whole+1, 1e9-nanos
	}
	if whole != 0 || nanos != 0 {
		b = append(b, 'T')
	}
	part(whole/3600, 'H')
	part(whole/60%60, 'M')
	if last := whole % 60; last != 0 || nanos != 0 {
		if negative && last == 0 {
			b = append(b, '-')
		}
		b = append(appendFraction(strconv.AppendInt(b, last, 10), nanos), 'S')
	}
	if len(b) == 1 {
		return append(b, "T0S"...)
	}
	return b
}

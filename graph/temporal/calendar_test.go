package temporal

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
)

// TestCalendarAgreesWithPackageTime walks over 30 centuries, day by day where
// years begin.
func TestCalendarAgreesWithPackageTime(t *testing.T) {
	for days := int64(-800_000); days < 300_000; days += 1 + floorMod(days, 11)*7 {
		at := time.Unix(days*secondsOfDay, 0).UTC()
		y, m, d := civil(days)
		require.Equal(t, [3]int64{int64(at.Year()), int64(at.Month()), int64(at.Day())}, [3]int64{y, m, d})
		require.Equal(t, days, daysOf(y, m, d))
		require.Equal(t, int64(at.YearDay()), days-daysOf(y, 1, 1)+1)
		require.Equal(t, int64(at.Weekday()+6)%7+1, weekday(days))
		wantYear, wantWeek := at.ISOWeek()
		year, week := weekOf(days)
		require.Equal(t, [2]int64{int64(wantYear), int64(wantWeek)}, [2]int64{year, week}, at)
		require.Equal(t, days, weekStart(year)+week*7-7+weekday(days)-1)
	}
}

func TestEndsOfTheCalendar(t *testing.T) {
	require.Equal(t, int64(minDay), daysOf(MinYear, 1, 1))
	require.Equal(t, int64(maxDay), daysOf(MaxYear, 12, 31))
	for _, days := range []int64{minDay, maxDay} {
		y, m, d := civil(days)
		require.Equal(t, days, daysOf(y, m, d))
	}
	for _, months := range []int64{1, math.MaxInt64, -24 * MaxYear, math.MinInt64} {
		_, ok := addMonths(maxDay, months)
		require.False(t, ok && months > 0)
		_, ok = addMonths(minDay, -1)
		require.False(t, ok)
	}
	back, ok := addMonths(maxDay, -(MaxYear-MinYear+1)*12+1)
	require.True(t, ok)
	require.Equal(t, daysOf(MinYear, 1, 31), back)
}

// TestOverflowIsAnError gives every operation the largest and smallest
// arguments; none may panic or wrap round.
func TestOverflowIsAnError(t *testing.T) {
	var values, spans []graph.Value
	for _, text := range []string{"-999999999-01-01", "+999999999-12-31", "1970-01-01"} {
		for _, k := range []graph.Kind{graph.KindDate, graph.KindLocalDateTime, graph.KindDateTime} {
			v, err := Parse(k, text)
			require.NoError(t, err)
			values = append(values, v)
		}
		v, err := Parse(graph.KindDateTime, text+"T12:00[Europe/Stockholm]")
		require.NoError(t, err)
		values = append(values, v)
	}
	values = append(values, graph.LocalTime(0), graph.Time(nanosOfDay-1, maxOffset), graph.Time(0, -maxOffset))
	for _, n := range []int64{math.MinInt64, math.MaxInt64, -1, 0, 1} {
		for _, nanos := range []int32{0, 999_999_999} {
			spans = append(spans, graph.Duration(graph.Span{Months: n, Nanos: nanos}), graph.Duration(graph.Span{Days: n, Nanos: nanos}),
				graph.Duration(graph.Span{Seconds: n, Nanos: nanos}), graph.Duration(graph.Span{Months: n, Days: n, Seconds: n, Nanos: nanos}))
		}
	}
	check := func(v graph.Value, err error) {
		if err == nil {
			require.True(t, Valid(v), Text(v))
			again, err := Parse(v.Kind(), Text(v))
			require.NoError(t, err, Text(v))
			require.Equal(t, graph.True, graph.Equal(v, again), Text(v))
		}
	}
	numbers := []graph.Value{graph.Int(math.MinInt64), graph.Int(math.MaxInt64), graph.Int(-1), graph.Int(3), graph.Float(math.NaN()),
		graph.Float(math.Inf(1)), graph.Float(1e300), graph.Float(1e-300), graph.Float(-0.5)}
	for _, s := range spans {
		check(Negate(s))
		for _, by := range numbers {
			check(Scale(s, by))
			check(Divide(s, by))
		}
		for _, other := range spans {
			check(AddDurations(s, other))
		}
		for _, v := range values {
			check(Add(v, s))
		}
		for _, c := range durationTable {
			_, _ = Component(s, c.name)
		}
	}
	for _, a := range values {
		for _, b := range values {
			for how := Parts; how <= Seconds; how++ {
				check(Between(how, a, b))
			}
		}
		for _, name := range []string{"year", "epochMillis", "epochSeconds", "weekYear", "nanosecond"} {
			_, _ = Component(a, name)
		}
		for _, u := range truncations {
			for _, k := range []graph.Kind{graph.KindDate, graph.KindLocalTime, graph.KindTime, graph.KindLocalDateTime, graph.KindDateTime} {
				check(Truncate(k, u.name, a, nil, Instant{}))
			}
		}
	}
}

// TestBetweenLeadsThere: from a to b it is as far as Between says, where no
// day is cut off at the end of a month on the way.
func TestBetweenLeadsThere(t *testing.T) {
	at := func(i int64) graph.Value {
		v, err := Now(graph.KindDateTime, Instant{Seconds: i * 7_654_321, Nanos: int32(i*97) % 1000}, "Europe/Stockholm")
		require.NoError(t, err)
		return v
	}
	for i := int64(-200); i < 200; i++ {
		a, b := at(i), at(i*i%311)
		span, err := Between(Parts, a, b)
		require.NoError(t, err)
		there, err := Add(a, span)
		require.NoError(t, err)
		require.Equal(t, Text(b), Text(there), "%s + %s", Text(a), Text(span))
		exact, err := Between(Seconds, a, b)
		require.NoError(t, err)
		there, err = Add(a, exact)
		require.NoError(t, err)
		require.Equal(t, Text(b), Text(there))
	}
}

func TestFractionsAreExact(t *testing.T) {
	for by, want := range map[float64]string{0.1: "P3DT1H2M54.6S", 0.3: "P9DT3H8M43.8S", 0.7: "P21DT7H20M22.2S", 1e-15: "PT0.000000002S", 2.675: "P2M20DT13H4M38.55S"} {
		v, err := Scale(graph.Duration(graph.Span{Months: 1}), graph.Float(by))
		require.NoError(t, err)
		require.Equal(t, want, Text(v), by)
	}
	for n := int64(1); n < 500; n++ {
		third, err := Divide(graph.Duration(graph.Span{Months: n}), graph.Int(n))
		require.NoError(t, err)
		require.Equal(t, "P1M", Text(third))
		part, err := Divide(graph.Duration(graph.Span{Days: 1}), graph.Int(n))
		require.NoError(t, err)
		s := part.AsDuration()
		require.Equal(t, int64(nanosOfDay)/n, s.Days*nanosOfDay+s.Seconds*nanosOfSecond+int64(s.Nanos), n)
	}
}

// FuzzParse: whatever is read is valid, and its text is read as the same.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"2015-07-21T21:40:32.142+02:00[Europe/Stockholm]", "20150721", "2015-W30-2", "2015Q260", "-0044-03-15",
		"214032.142-0130", "P1Y2M3W4DT5H6M7.5S", "-P0.5M", "P2012-02-02T14:37:21.545", "PT-0.000000001S", "T2140Z"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for k := graph.KindDate; k <= graph.KindDuration; k++ {
			v, err := Parse(k, text)
			if err != nil {
				continue
			}
			require.True(t, Valid(v), "%s %q", k, text)
			again, err := Parse(k, Text(v))
			require.NoError(t, err, "%s %q", k, text)
			require.Equal(t, graph.True, graph.Equal(v, again), "%s %q: %s", k, text, Text(v))
		}
	})
}

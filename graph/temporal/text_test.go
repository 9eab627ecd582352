package temporal_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/graph/temporal"
)

func TestDatesAgreeWithPackageTime(t *testing.T) {
	for day := int64(-800_000); day < 2_900_000; day += 373 {
		want := time.Unix(day*86400, 0).UTC()
		if want.Year() < 0 {
			continue // package time prints the year differently
		}
		require.Equal(t, want.Format("2006-01-02"), temporal.Text(graph.Date(day)))
	}
	require.Equal(t, "-0001-12-31", temporal.Text(graph.Date(-719529)))
	require.Equal(t, "+10000-01-01", temporal.Text(graph.Date(2932897)))
}

func TestTemporalText(t *testing.T) {
	for text, v := range map[string]graph.Value{
		"12:34:56.000000001":               graph.LocalTime(45_296_000_000_001),
		"12:34":                            graph.LocalTime(45_240_000_000_000),
		"00:00Z":                           graph.Time(0, 0),
		"00:00-05:30":                      graph.Time(0, -19800),
		"1969-12-31T23:59:59.5":            graph.LocalDateTime(-1, 500_000_000),
		"1970-01-01T01:00+01:00[Europe/X]": graph.DateTime(graph.Zoned{Offset: 3600, Zone: "Europe/X"}),
		"P1Y2M3DT1H2M3.5S":                 graph.Duration(graph.Span{Months: 14, Days: 3, Seconds: 3723, Nanos: 500_000_000}),
		"PT-0.5S":                          graph.Duration(graph.Span{Seconds: -1, Nanos: 500_000_000}),
		"PT-1M-1.25S":                      graph.Duration(graph.Span{Seconds: -62, Nanos: 750_000_000}),
		"PT0S":                             graph.Duration(graph.Span{}),
		"P-1M":                             graph.Duration(graph.Span{Months: -1}),
	} {
		require.Equal(t, text, temporal.Text(v))
	}
}

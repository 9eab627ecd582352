package pocketgraph

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/graph/temporal"
	"github.com/pocketgraph/pocketgraph/internal/crashfs"
)

// TestClocks: a transaction, a statement and the moment have a clock each.
func TestClocks(t *testing.T) {
	now := time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC)
	db := open(t, crashfs.New(), Options{Now: func() time.Time {
		now = now.Add(time.Second)
		return now
	}})
	defer db.Close()
	const clocks = "RETURN datetime.transaction(), datetime.statement(), datetime(), datetime.realtime(), datetime.realtime() AS again"
	read := func(tx *Tx) (seconds []int64) {
		records, err := tx.Run(clocks, nil)
		require.NoError(t, err)
		for _, v := range records[0].Values {
			seconds = append(seconds, v.(graph.Value).AsDateTime().Seconds)
		}
		require.Equal(t, seconds[1], seconds[2])
		require.Less(t, seconds[3], seconds[4])
		return seconds
	}
	for _, run := range []func(context.Context, func(*Tx) error) error{db.View, db.Update} {
		require.NoError(t, run(context.Background(), func(tx *Tx) error {
			first, second := read(tx), read(tx)
			require.Equal(t, first[0], second[0], "the transaction's")
			require.Less(t, first[1], second[1], "the statement's")
			return nil
		}))
	}
}

func TestGoTimesAreDateTimes(t *testing.T) {
	db := open(t, crashfs.New(), Options{})
	defer db.Close()
	at := time.Date(2024, 2, 29, 12, 31, 14, 645_876_123, time.FixedZone("", -3600))
	records, err := db.Run(context.Background(), "RETURN $at AS at, $at.epochMillis AS ms", Params{"at": at})
	require.NoError(t, err)
	require.Equal(t, "2024-02-29T12:31:14.645876123-01:00", temporal.Text(records[0].Get("at").(graph.Value)))
	require.Equal(t, at.UnixMilli(), records[0].Get("ms"))
	for _, bad := range []time.Time{time.Unix(1<<60, 0), at.In(time.FixedZone("", 20*3600))} {
		_, err = db.Run(context.Background(), "RETURN $at", Params{"at": bad})
		require.ErrorContains(t, err, "DateTime")
	}
}

func TestTimesOfResults(t *testing.T) {
	db := open(t, crashfs.New(), Options{})
	defer db.Close()
	for text, want := range map[string]time.Time{
		"datetime('2024-02-29T12:31:14.645876123-01:00')": time.Date(2024, 2, 29, 12, 31, 14, 645_876_123, time.FixedZone("", -3600)),
		"datetime('-0044-03-15T00:00:00Z')":               time.Date(-44, 3, 15, 0, 0, 0, 0, time.UTC),
		"localdatetime('2024-02-29T12:31:14.5')":          time.Date(2024, 2, 29, 12, 31, 14, 500_000_000, time.UTC),
		"date('1969-12-31')":                              time.Date(1969, 12, 31, 0, 0, 0, 0, time.UTC),
	} {
		records, err := db.Run(context.Background(), "RETURN "+text+" AS at", nil)
		require.NoError(t, err, text)
		got, ok := Time(records[0].Get("at"))
		require.True(t, ok, text)
		require.True(t, want.Equal(got), "%s: %v", text, got)
		require.Equal(t, want.Format(time.RFC3339Nano), got.Format(time.RFC3339Nano), text)
	}
	for _, other := range []any{nil, int64(1), graph.LocalTime(1), graph.Null} {
		_, ok := Time(other)
		require.False(t, ok)
	}
}

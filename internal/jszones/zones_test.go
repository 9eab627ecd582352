//go:build js && wasm

package jszones

import (
	"syscall/js"
	"testing"
	"time"
	_ "time/tzdata" // of this test alone; it would be a third of the module

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/graph/temporal"
)

// TestBrowserZonesAgreeWithTheDatabase compares the browser's zones with the
// toolchain's copy of the database since 1970, change by change. The versions
// of the two may differ, so a few zones may, and are listed; before 1970 the
// toolchain has other sources for some zones (see internal/zoneinfo).
func TestBrowserZonesAgreeWithTheDatabase(t *testing.T) {
	names := js.Global().Get("Intl").Call("supportedValuesOf", "timeZone")
	source := &browserZones{known: map[string]temporal.Zone{}}
	from, to := temporal.LocalSeconds(1970, 1, 1, 0, 0, 0), temporal.LocalSeconds(2038, 1, 1, 0, 0, 0)
	compared, changes := 0, 0
	var differ []string
	for i := 0; i < names.Length(); i += 12 { // every twelfth zone: a formatter answers in microseconds, but there are many
		name := names.Index(i).String()
		l, err := time.LoadLocation(name)
		z, ok := source.Zone(name)
		require.True(t, ok, name)
		if err != nil {
			continue
		}
		compared++
		for at := from; at < to; changes++ {
			offset, until := z.Offset(at)
			_, want := time.Unix(at, 0).In(l).Zone()
			_, last := time.Unix(until-1, 0).In(l).Zone()
			if int(offset) != want || int(offset) != last {
				differ = append(differ, name+" at "+time.Unix(at, 0).UTC().String())
				break
			}
			at = until
		}
	}
	t.Logf("%d zones with %d spans compared; different: %q", compared, changes, differ)
	require.Greater(t, compared, 25)
	require.Greater(t, changes, 10_000)
	require.LessOrEqual(t, len(differ), 5)
}

// TestGapsAndOverlapsInTheBrowser asks for what package temporal is tested for
// natively: the same texts.
func TestGapsAndOverlapsInTheBrowser(t *testing.T) {
	for text, want := range map[string]string{
		"1818-07-21T21:40:32.142[Europe/Stockholm]": "1818-07-21T21:40:32.142+00:53:28[Europe/Stockholm]",
		"2017-03-26T02:30[Europe/Stockholm]":        "2017-03-26T03:30+02:00[Europe/Stockholm]",
		"2017-10-29T02:30[Europe/Stockholm]":        "2017-10-29T02:30+02:00[Europe/Stockholm]",
		"2017-10-29T02:30+01:00[Europe/Stockholm]":  "2017-10-29T02:30+01:00[Europe/Stockholm]",
		"2011-12-30T12:00[Pacific/Apia]":            "2011-12-31T12:00+14:00[Pacific/Apia]",
		"2024-01-01T00:00[Asia/Kolkata]":            "2024-01-01T00:00+05:30[Asia/Kolkata]",
		"-0044-03-15T12:00[Europe/Rome]":            "-0044-03-15T12:00+00:49:56[Europe/Rome]",
		"+999999999-07-01T12:00[Europe/Berlin]":     "+999999999-07-01T12:00+02:00[Europe/Berlin]",
		"2024-01-01T00:00[UTC]":                     "2024-01-01T00:00Z[UTC]",
	} {
		v, err := temporal.Parse(graph.KindDateTime, text)
		require.NoError(t, err, text)
		require.Equal(t, want, temporal.Text(v))
	}
	for _, text := range []string{"2024-01-01T00:00[Europe/Atlantis]", "2024-01-01T00:00[europe/berlin]", "2024-01-01T00:00[EUROPE/BERLIN]",
		"2024-01-01T00:00+03:00[Europe/Berlin]", "2024-01-01T00:00[+01:00]"} {
		_, err := temporal.Parse(graph.KindDateTime, text)
		require.Error(t, err, text)
	}
}

//go:build !js

package temporal

import (
	"archive/zip"
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// zoneNames are the zones of the database that is compiled in, one for each
// history.
func zoneNames(t *testing.T) (names []string) {
	archive, err := zip.NewReader(bytes.NewReader(zoneinfo), int64(len(zoneinfo)))
	require.NoError(t, err)
	seen := map[uint32]bool{}
	for _, f := range archive.File {
		if !seen[f.CRC32] {
			names = append(names, f.Name)
		}
		seen[f.CRC32] = true
	}
	require.Greater(t, len(archive.File), 500)
	require.Greater(t, len(names), 250)
	return names
}

// TestProbedZonesAgreeWithTheDatabase: what bisection finds of the offsets
// alone is what the database says, for every change of every zone.
func TestProbedZonesAgreeWithTheDatabase(t *testing.T) {
	from, to := LocalSeconds(1799, 1, 1, 0, 0, 0), LocalSeconds(2040, 1, 1, 0, 0, 0)
	if testing.Short() {
		from = LocalSeconds(1990, 1, 1, 0, 0, 0)
	}
	changes := 0
	for _, name := range zoneNames(t) {
		z, ok := zones.Zone(name)
		require.True(t, ok, name)
		p := NewProbedZone(func(utc int64) int32 { o, _ := z.Offset(utc); return o })
		for at := from; at < to; changes++ {
			offset, end := z.Offset(at)
			for u := at; u < min(end, to); { // the spans of a probed zone end with a chunk
				got, until := p.Offset(u)
				require.Equalf(t, offset, got, "%s at %s", name, time.Unix(u, 0).UTC())
				last, _ := z.Offset(until - 1)
				require.Truef(t, until > u && last == got, "%s from %s to %s", name, time.Unix(u, 0).UTC(), time.Unix(until, 0).UTC())
				u = until
			}
			at = end
		}
	}
	require.Greater(t, changes, 10_000)
}

func TestProbedZonesRepeatAfter400Years(t *testing.T) {
	require.Equal(t, int64(firstProbed), LocalSeconds(1800, 1, 1, 0, 0, 0))
	require.Equal(t, int64(lastProbed), LocalSeconds(2500, 1, 1, 0, 0, 0))
	z, _ := zones.Zone("Europe/Berlin")
	p := NewProbedZone(func(utc int64) int32 {
		require.Less(t, utc, LocalSeconds(2501, 1, 1, 0, 0, 0), "no browser is asked about that")
		o, _ := z.Offset(utc)
		return o
	})
	for _, y := range []int64{2499, 2500, 2899, 2900, 9999, 123_456_789, MaxYear} {
		for _, m := range []int64{1, 7, 12} {
			want, _ := z.Offset(LocalSeconds(2000+floorMod(y, 400), m, 15, 0, 0, 0))
			at := LocalSeconds(y, m, 15, 0, 0, 0)
			got, until := p.Offset(at)
			require.Equal(t, want, got, "%d-%d", y, m)
			require.Less(t, at, until)
		}
	}
	got, _ := p.Offset(LocalSeconds(MinYear, 1, 1, 0, 0, 0))
	require.Equal(t, int32(53*60+28), got)
}

// TestResolveAgreesWithPackageTime: gaps and overlaps of every zone, an hour
// around each change, against package time, which has the same choice: the
// offset before the change.
func TestResolveAgreesWithPackageTime(t *testing.T) {
	gaps, overlaps := 0, 0
	for _, name := range zoneNames(t) {
		z, _ := zones.Zone(name)
		l := z.(location).Location
		for at, to := LocalSeconds(1880, 1, 1, 0, 0, 0), LocalSeconds(2040, 1, 1, 0, 0, 0); ; {
			before, end := z.Offset(at)
			if end >= to {
				break
			}
			after, _ := z.Offset(end)
			for _, d := range []int64{-1, 0, 1} {
				for _, around := range []int64{int64(before), int64(after), int64(before+after) / 2} {
					local := end + around + d
					y, m, day := civil(floorDiv(local, secondsOfDay))
					s := floorMod(local, secondsOfDay)
					want := time.Date(int(y), time.Month(m), int(day), 0, 0, int(s), 0, l).Unix()
					got := local - int64(resolve(z, local, noOffset))
					var valid []int64
					for _, o := range []int32{before, after} {
						u := local - int64(o)
						if o2, _ := z.Offset(u); o2 == o {
							valid = append(valid, u)
						}
					}
					switch {
					case len(valid) == 2 && before != after:
						overlaps++
						require.Equal(t, min(valid[0], valid[1]), got, "%s %d: the earlier of two", name, local)
						require.Equal(t, max(valid[0], valid[1]), local-int64(resolve(z, local, after)), "%s %d: the preferred one", name, local)
					case len(valid) == 0:
						gaps++
						require.Equal(t, local-int64(before), got, "%s %d: the offset before", name, local)
					default:
						require.Equal(t, want, got, "%s %d", name, local)
					}
				}
			}
			at = end
		}
	}
	require.Greater(t, gaps, 5_000)
	require.Greater(t, overlaps, 5_000)
}

func TestZoneNames(t *testing.T) {
	for _, name := range []string{"UTC", "Europe/Stockholm", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "EST5EDT"} {
		_, err := findZone(name)
		require.NoError(t, err, name)
	}
	for _, name := range []string{"", "Local", "europe/stockholm", "Europe", "Europe/", "/Europe/Berlin", "../etc/passwd",
		"Europe/../Europe/Berlin", "Europe/Berlin\x00", "Europe/Atlantis", "Zürich", string(make([]byte, 1000))} {
		_, err := findZone(name)
		require.Error(t, err, name)
	}
}

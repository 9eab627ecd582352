package temporal

// Zone is a named time zone.
type Zone interface {
	// Offset gives the offset, in seconds east of UTC, that holds at an
	// instant, in seconds since 1970-01-01T00:00:00Z, and an instant until
	// which it goes on to hold; that need not be the next change.
	// math.MaxInt64 stands for no end.
	Offset(utc int64) (offset int32, until int64)
}

// ZoneSource finds time zones by their IANA names. It is called by many
// goroutines, with names that checkName has let through.
type ZoneSource interface {
	Zone(name string) (Zone, bool)
}

// zones is where this process has its time zones from.
var zones ZoneSource

// UseZones sets where time zones come from, before anything asks for one.
func UseZones(s ZoneSource) { zones = s }

// maxOffset is the largest offset from UTC, in seconds.
const maxOffset = 18 * 3600

// noOffset stands for an offset that is yet to be found: none is preferred.
const noOffset = maxOffset + 1

// maxZoneName bounds the length of a name; the longest one in use has 32.
const maxZoneName = 64

// checkName says whether a text looks like an IANA name: parts of ASCII
// letters, digits and _ + - with slashes between, beginning with a letter.
// Nothing else gets as far as a file name or a browser's interface.
func checkName(name string) bool {
	start := true
	for _, c := range []byte(name) {
		letter := c-'A' < 26 || c-'a' < 26
		switch {
		case start && !letter, !letter && c-'0' > 9 && c != '_' && c != '+' && c != '-' && c != '/':
			return false
		}
		start = c == '/'
	}
	return !start && len(name) <= maxZoneName
}

func findZone(name string) (Zone, error) {
	if zones != nil && checkName(name) {
		if z, ok := zones.Zone(name); ok {
			return z, nil
		}
	}
	if len(name) > maxZoneName {
		name = name[:maxZoneName] + "…"
	}
	return nil, invalid("there is no time zone '" + name + "' here")
}

// resolve finds what offset a zone has when its clocks show a local time, in
// seconds since 1970-01-01T00:00 on that clock. Where clocks were set back and
// show a time twice it is the preferred offset if that is one of the two, else
// the earlier instant; where they were set forward it is the offset before
// that, so that the time moves on by what was left out.
func resolve(z Zone, local int64, preferred int32) int32 {
	var first, before int32
	found, skipped := false, false
	for at := local - maxOffset; at <= local+maxOffset; {
		offset, until := z.Offset(at)
		utc := local - int64(offset)
		switch {
		case utc < at:
		case utc >= until:
			before, skipped = offset, true
		case offset == preferred:
			return offset
		case !found:
			first, found = offset, true
		}
		at = until
	}
	if !found && skipped {
		return before
	}
	return first
}

// zone is the time zone of a moment: a name, or only an offset.
type zone struct {
	name   string
	offset int32
}

// offsetAt is the offset of the zone at an instant.
func (z zone) offsetAt(utc int64) (int32, error) {
	if z.name == "" {
		return z.offset, nil
	}
	known, err := findZone(z.name)
	if err != nil {
		return 0, err
	}
	offset, _ := known.Offset(utc)
	return offset, nil
}

//go:build !js

package temporal

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"io"
	"math"
	"sync"
	"time"
)

// The IANA time zone database as the Go toolchain has it. It is compiled in,
// rather than read from the machine, because machines differ in what they say
// about the years before 1970, and the same query shall have the same answer
// everywhere. Package time/tzdata would be asked after the machine's files.
//
//go:generate go run ../../internal/zoneinfo zoneinfo.zip
//go:embed zoneinfo.zip
var zoneinfo []byte

func init() { UseZones(&database{}) }

// database reads zones of zoneinfo when they are first asked for.
type database struct {
	mu    sync.Mutex
	files map[string]*zip.File
	known map[string]location
}

func (d *database) Zone(name string) (Zone, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if l, ok := d.known[name]; ok {
		return l, true
	}
	if d.files == nil {
		d.open()
	}
	f := d.files[name]
	if f == nil {
		return nil, false
	}
	r, err := f.Open()
	if err != nil {
		return nil, false
	}
	defer func() { _ = r.Close() }()
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, false
	}
	l, err := time.LoadLocationFromTZData(name, data)
	if err != nil {
		return nil, false
	}
	d.known[name] = location{l}
	return location{l}, true
}

func (d *database) open() {
	d.files, d.known = map[string]*zip.File{}, map[string]location{}
	archive, err := zip.NewReader(bytes.NewReader(zoneinfo), int64(len(zoneinfo)))
	if err != nil {
		return
	}
	for _, f := range archive.File {
		d.files[f.Name] = f
	}
}

type location struct{ *time.Location }

func (l location) Offset(utc int64) (offset int32, until int64) {
	t := time.Unix(utc, 0).In(l.Location)
	_, o := t.Zone()
	_, end := t.ZoneBounds()
	switch {
	case end.IsZero():
		until = math.MaxInt64
	case end.After(t):
		until = end.Unix()
	default:
		// Where only a rule is left, package time takes a year for 365 days
		// long, and on the last day of a leap year says that it is over.
		until = utc - floorMod(utc, secondsOfDay) + secondsOfDay
	}
	return int32(o), until
}

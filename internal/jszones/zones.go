//go:build js && wasm

// Package jszones gives the calendar of the query language the time zones of
// the browser. Importing it is enough.
package jszones

import (
	"strings"
	"sync"
	"syscall/js"

	"github.com/pocketgraph/pocketgraph/graph/temporal"
	"github.com/pocketgraph/pocketgraph/internal/jsutil"
)

func init() { temporal.UseZones(&browserZones{known: map[string]temporal.Zone{}}) }

// browserZones are the time zones of the browser's Intl.DateTimeFormat, so that
// the page need not load a database of its own. A formatter tells what the
// clocks of a zone show at an instant, in years from 1 to 9999 at least.
type browserZones struct {
	mu    sync.Mutex
	known map[string]temporal.Zone
}

func (b *browserZones) Zone(name string) (temporal.Zone, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if z, ok := b.known[name]; ok {
		return z, true
	}
	format, ok := formatter(name)
	if !ok {
		return nil, false
	}
	z := temporal.NewProbedZone(func(utc int64) int32 { return shownAt(format, utc) })
	b.known[name] = z
	return z, true
}

// formatter gives the bound format function of a zone. Browsers take names in
// any case; ours are those of the database, as everywhere else.
func formatter(name string) (format js.Value, ok bool) {
	numeric := map[string]any{"timeZone": name, "hourCycle": "h23"}
	for _, part := range []string{"year", "month", "day", "hour", "minute", "second"} {
		numeric[part] = "numeric"
	}
	intl, err := jsutil.Get(js.Global(), "Intl", "DateTimeFormat")
	if err != nil || intl.Type() != js.TypeFunction {
		return js.Undefined(), false
	}
	defer func() {
		if thrown := recover(); thrown != nil { // a RangeError: there is no such zone
			ok = false
		}
	}()
	f := intl.New("en-US", numeric)
	canonical := f.Call("resolvedOptions").Get("timeZone").String()
	if name == strings.ToLower(name) || canonical != name && strings.EqualFold(canonical, name) {
		return js.Undefined(), false
	}
	return f.Get("format"), true
}

// shownAt reads "7/21/2015, 21:40:32" and takes the instant away.
func shownAt(format js.Value, utc int64) int32 {
	text := format.Invoke(float64(utc) * 1000).String()
	var n [6]int64
	part, digits := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i] - '0'; {
		case c < 10 && part < len(n):
			n[part], digits = n[part]*10+int64(c), true
		case digits:
			part, digits = part+1, false
		}
	}
	return int32(temporal.LocalSeconds(n[2], n[0], n[1], n[3], n[4], n[5]) - utc)
}

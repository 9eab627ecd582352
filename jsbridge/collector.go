package jsbridge

import (
	"runtime"
	_ "unsafe" // for go:linkname
)

// Package runtime/debug has these two, and brings fmt, os and reflect with it:
// a fifth of a megabyte of brotli for two calls. The runtime defines them
// under these names for that package, which is what lets them be linked here.

//go:linkname setGCPercent runtime/debug.setGCPercent
func setGCPercent(percent int32) (old int32)

//go:linkname setMemoryLimit runtime/debug.setMemoryLimit
func setMemoryLimit(bytes int64) (old int64)

// Tuning says when garbage is collected.
type Tuning struct {
	// Percent is how much garbage there may be, in percent of what is alive.
	Percent int
	// Headroom is how much there may be at least, in bytes: collecting costs
	// about as much as walking what is alive, and so would be most of the work
	// of a small graph that is written to.
	Headroom int64
	// Limit is the memory near which the collector does all it can.
	Limit int64
}

// TuneCollector sets the collector and keeps it tuned: the percentage follows
// what is alive.
func TuneCollector(t Tuning) {
	setMemoryLimit(t.Limit)
	collector = tuned{Tuning: t, percent: 100}
	collector.follow()
}

// tuned is the collector's settings now.
type tuned struct {
	Tuning
	percent int
}

var collector = tuned{Tuning: Tuning{Percent: 100, Limit: 1<<63 - 1}, percent: 100}

// maxPercent keeps an empty engine from counting on memory it has not got.
const maxPercent = 1000

// follow sets the percentage for what is alive, and again after the next
// collection, which frees the sentinel.
func (c *tuned) follow() {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	percent := c.percentFor(int64(m.HeapAlloc))
	if percent != c.percent {
		c.percent = percent
		setGCPercent(int32(percent))
	}
	sentinel := &struct{ _ [16]byte }{}
	runtime.SetFinalizer(sentinel, func(*struct{ _ [16]byte }) { c.follow() })
}

func (t *Tuning) percentFor(alive int64) int {
	return min(max(t.Percent, int(100*t.Headroom/max(alive, 1))), maxPercent)
}

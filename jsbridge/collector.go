package jsbridge

import _ "unsafe" // for go:linkname

// Package runtime/debug has these two, and brings fmt, os and reflect with it:
// a fifth of a megabyte of brotli for two calls. The runtime defines them
// under these names for that package, which is what lets them be linked here.

//go:linkname setGCPercent runtime/debug.setGCPercent
func setGCPercent(percent int32) (old int32)

//go:linkname setMemoryLimit runtime/debug.setMemoryLimit
func setMemoryLimit(bytes int64) (old int64)

// TuneCollector sets how much garbage there may be, in percent of what is
// alive, and the memory at which the collector does all it can.
func TuneCollector(percent int, limit int64) {
	setGCPercent(int32(percent))
	setMemoryLimit(limit)
	collector.percent, collector.limit = percent, limit
}

// collector remembers the settings, for stats.
var collector = struct {
	percent int
	limit   int64
}{100, 1<<63 - 1}

//go:build !unix

package pocketgraph_test

import "time"

// cpuTime is not known here: ratios of it are not reported.
func cpuTime() time.Duration { return 0 }

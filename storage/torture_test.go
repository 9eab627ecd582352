// A simulation; see torture_model_test.go.

//go:build !js

package storage_test

import (
	"flag"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/internal/crashfs"
)

var (
	tortureSeed   = flag.Uint64("seed", 1, "first seed of the crash simulation")
	torturePoints = flag.Int64("points", 4000, "crash points at least")
	tortureWithin = flag.Duration("within", 0, "end earlier after so long, and say how far it got; 0: never")
)

// tortureSteps of one workload: enough for a few turns of logs and snapshots.
const tortureSteps = 30

// TestTorture runs random workloads, one seed after another, until there were
// enough crash points. Before each write-side operation, for each policy of
// what a power cut does to what was not flushed, and for a death of the process
// alone: the store opens; every acknowledged transaction is there; those that
// were not are there whole or not at all, none without those before it, and
// nothing else is; Check is silent; it goes on under the next number. A second
// crash comes before each operation of that.
func TestTorture(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(800)) // nearly all garbage, and little of it at a time
	if testing.Short() {
		*torturePoints = 1 // one workload for each processor is enough for the race detector
	}
	var points tally
	var next atomic.Uint64
	next.Store(*tortureSeed)
	begin := time.Now()
	late := func() bool { return *tortureWithin > 0 && time.Since(begin) > *tortureWithin }
	summary := func() {
		t.Logf("seeds %d to %d: %v; %.0f points per second", *tortureSeed, next.Load()-1, &points, float64(points.points())/time.Since(begin).Seconds())
	}
	told := points.said(100_000, summary)
	var group sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for points.points() < *torturePoints && !points.failed.Load() && !late() {
				w := newTorture(next.Add(1)-1, &points, func(problem string) { t.Error(problem) }).judged()
				if err := w.run(crashfs.New(), tortureSteps); err != nil {
					w.report(err.Error())
				}
				told()
			}
		})
	}
	group.Wait()
	summary()
	if !t.Failed() && !late() {
		require.GreaterOrEqual(t, points.points(), *torturePoints)
	}
}

// said calls fn once for each multiple of step that the points have passed
// since it was last asked.
func (t *tally) said(step int64, fn func()) func() {
	var passed atomic.Int64
	return func() {
		now := t.points() / step
		if before := passed.Swap(now); before < now {
			fn()
		}
	}
}

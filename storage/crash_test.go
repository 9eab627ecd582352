package storage_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/internal/crashfs"
	"github.com/pocketgraph/pocketgraph/storage"
)

// TestCrashEverywhere runs the workload with a power cut before the k-th
// write-side operation, for every k until a run gets through, and for every
// policy of what the cut does to unsynced bytes and names. After each: every
// acknowledged transaction is there, the one in flight is there whole or not at
// all, and nothing else.
func TestCrashEverywhere(t *testing.T) {
	changes := workload()
	clean := runWorkload(crashfs.New(), changes)
	require.NoError(t, clean.err)
	points := 0
	for k := int64(0); ; k++ {
		fs := crashfs.New()
		fs.Plan(k, crashfs.Crash)
		got := runWorkload(fs, changes)
		if !fs.HasCrashed() {
			require.NoError(t, got.err)
			break
		}
		for i, policy := range crashfs.Policies {
			about := fmt.Sprintf("crash before operation %d, %s", k, policy.Name)
			checkRecovered(t, fs.Crashed(policy, uint64(k)*31+uint64(i)), clean, got, about)
			points++
		}
	}
	t.Logf("%d crash points", points)
	require.Greater(t, points, 300)
}

// checkRecovered opens what a crash left and compares it with the run.
func checkRecovered(t *testing.T, fs *crashfs.FS, clean, got outcome, about string) {
	s, err := storage.Open(context.Background(), fs, options())
	require.NoError(t, err, about)
	state := fingerprint(s.State())
	requireSound(t, s.State(), about)
	require.Contains(t, clean.states[got.acknowledged:got.acknowledged+got.inFlight+1], state, about)
	// The store goes on from there.
	require.NoError(t, transact(s, change{name: "probe", run: bulk(1)}), about)
	require.NoError(t, s.Close(), about)
}

// TestCrashDuringRecovery crashes a second time, at every step of the recovery.
func TestCrashDuringRecovery(t *testing.T) {
	changes := workload()
	clean := runWorkload(crashfs.New(), changes)
	points := 0
	for k := int64(3); ; k += 7 {
		fs := crashfs.New()
		fs.Plan(k, crashfs.Crash)
		got := runWorkload(fs, changes)
		if !fs.HasCrashed() {
			break
		}
		policy := crashfs.Policies[int(k)%len(crashfs.Policies)]
		for j := int64(0); ; j++ {
			again := fs.Crashed(policy, uint64(k))
			again.Plan(j, crashfs.Crash)
			s, err := storage.Open(context.Background(), again, options())
			if err == nil {
				_ = s.Close()
			}
			if !again.HasCrashed() {
				break
			}
			about := fmt.Sprintf("crash before operation %d, %s, and before operation %d of recovery", k, policy.Name, j)
			checkRecovered(t, again.Crashed(policy, uint64(j)), clean, got, about)
			points++
		}
	}
	t.Logf("%d second crash points", points)
	require.Greater(t, points, 50)
}

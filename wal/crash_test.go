package wal

import (
	"errors"
	"flag"
	"fmt"
	"testing"

	"github.com/pocketgraph/pocketgraph/internal/crashfs"
	"github.com/stretchr/testify/require"
)

var (
	crashSeed  = flag.Uint64("seed", 1, "first seed of the crash and fault sweeps")
	crashSeeds = flag.Uint64("seeds", 2, "how many seeds to sweep")
	crashSteps = flag.Int("steps", 30, "steps of each workload")
)

// crashedAt runs the workload with the machine going off before the k-th
// write-side operation. It reports false when the workload ended before that.
func crashedAt(t *testing.T, seed uint64, k int64) (*driver, bool) {
	fsys := crashfs.New()
	fsys.Plan(k, crashfs.Crash)
	d := newDriver(fsys, seed)
	d.strict = true
	err := d.work(*crashSteps)
	if !fsys.HasCrashed() {
		require.NoError(t, err, "seed %d, k %d", seed, k)
		return d, false
	}
	require.False(t, errors.Is(err, errModel), "seed %d, k %d: %v", seed, k, err)
	return d, true
}

// goOn opens, writes a little and closes: what a recovered store must be able to do.
func (d *driver) goOn() error {
	d.strict = true
	if err := d.open(); err != nil {
		return err
	}
	for _, step := range []func() error{d.appendOne, d.flush, func() error { return d.group(2) }, func() error { return d.snapshot(false) }, d.appendOne, d.reopen} {
		if err := step(); err != nil {
			return err
		}
	}
	return d.s.Close()
}

// TestCrashSweep: a crash before every write-side operation of a workload,
// every policy of what the disk keeps, then a second crash at every operation
// of the recovery and of the work behind it.
func TestCrashSweep(t *testing.T) {
	points, opens := 0, 0
	for seed := *crashSeed; seed < *crashSeed+*crashSeeds; seed++ {
		for k := int64(0); ; k++ {
			d, crashed := crashedAt(t, seed, k)
			if !crashed {
				break
			}
			for p, policy := range crashfs.Policies {
				points++
				at := fmt.Sprintf("seed %d, crash before operation %d, %s", seed, k, policy.Name)
				disk := d.fs.Crashed(policy, uint64(k))
				first := d.continued(disk)
				require.NoError(t, first.goOn(), at)
				opens++
				// One second crash per point, walking through the operations.
				ops := disk.Ops()
				j := (k*int64(len(crashfs.Policies)) + int64(p)) % ops
				disk = d.fs.Crashed(policy, uint64(k))
				disk.Plan(j, crashfs.Crash)
				second := d.continued(disk)
				err := second.goOn()
				require.True(t, disk.HasCrashed(), at)
				require.False(t, errors.Is(err, errModel) || errors.Is(err, ErrCorrupt), "%s: %v", at, err)
				for _, again := range []crashfs.Policy{policy, crashfs.Policies[(p+int(k))%len(crashfs.Policies)]} {
					third := second.continued(disk.Crashed(again, uint64(j)))
					require.NoError(t, third.goOn(), "%s, then before operation %d of recovery, %s", at, j, again.Name)
					opens++
				}
			}
			// Killed, not powered off: everything written is there, and more can be lost later.
			killed := d.continued(d.fs.Killed())
			require.NoError(t, killed.goOn(), "seed %d, killed before operation %d", seed, k)
		}
	}
	t.Logf("seeds %d to %d: %d crash points, %d recoveries after a second crash", *crashSeed, *crashSeed+*crashSeeds-1, points, opens)
}

// TestFaultSweep: instead of a crash, the k-th operation fails in each way a
// disk or a browser fails. The store goes on or ends writing, and a power cut
// afterwards loses nothing acknowledged.
func TestFaultSweep(t *testing.T) {
	points := 0
	for seed := *crashSeed; seed < *crashSeed+*crashSeeds; seed++ {
		for _, fault := range crashfs.Faults {
			for k := int64(0); ; k++ {
				fsys := crashfs.New()
				fsys.Plan(k, fault)
				d := newDriver(fsys, seed)
				at := fmt.Sprintf("seed %d, %v at operation %d", seed, fault, k)
				err := d.work(*crashSteps)
				if fsys.Ops() <= k {
					require.NoError(t, err, at)
					break
				}
				points++
				require.False(t, errors.Is(err, errModel) || errors.Is(err, ErrCorrupt), "%s: %v", at, err)
				if d.s != nil {
					_ = d.s.Close()
				}
				for _, policy := range crashfs.Policies {
					after := d.continued(fsys.Crashed(policy, uint64(k)))
					require.NoError(t, after.goOn(), "%s, then %s", at, policy.Name)
				}
			}
		}
	}
	t.Logf("%d fault points", points)
}

// TestFaultThenCrash: a failed operation, and the machine off a little later.
func TestFaultThenCrash(t *testing.T) {
	seed := *crashSeed
	for k := int64(3); k < 120; k += 2 {
		for i, fault := range crashfs.Faults {
			fsys := crashfs.New()
			fsys.Plan(k, fault)
			later := k + 1 + (k*7+int64(i)*3)%23
			fsys.Plan(later, crashfs.Crash)
			d := newDriver(fsys, seed)
			err := d.work(*crashSteps)
			at := fmt.Sprintf("seed %d, %v at operation %d, off before %d", seed, fault, k, later)
			require.False(t, errors.Is(err, errModel) || errors.Is(err, ErrCorrupt), "%s: %v", at, err)
			for _, policy := range crashfs.Policies {
				after := d.continued(fsys.Crashed(policy, uint64(k)))
				require.NoError(t, after.goOn(), "%s, then %s", at, policy.Name)
			}
		}
	}
}

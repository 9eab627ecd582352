// A simulation; see torture_model_test.go.

//go:build !js

package storage_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/crashfs"
	"github.com/pocketgraph/pocketgraph/storage"
	"github.com/pocketgraph/pocketgraph/wal"
)

// long makes sweeps whole that are sampled otherwise.
var long = os.Getenv("POCKETGRAPH_LONG") != ""

// TestTortureFaults lets the k-th operation of a random workload fail instead
// of crashing. Whoever asked is told one of the errors that callers know; the
// workload goes on as a careful caller does, and nothing acknowledged is
// missing, at the next open nor after a power cut.
func TestTortureFaults(t *testing.T) {
	var points tally
	faults, seeds := 0, uint64(2)
	stride := int64(3)
	switch {
	case long:
		seeds, stride = 40, 1
	case testing.Short():
		stride = 11
	}
	for seed := uint64(1); seed <= seeds; seed++ {
		for i, fault := range crashfs.Faults {
			for k := int64(i) % stride; ; k += stride {
				fs := crashfs.New()
				fs.Plan(k, fault)
				about := fmt.Sprintf("%v at operation %d", fault, k)
				w := newTorture(seed, &points, func(problem string) { t.Error(about + ": " + problem) })
				err := w.run(fs, tortureSteps)
				if fs.Ops() <= k && w.fs == fs {
					require.NoError(t, err, about)
					break
				}
				if k > 5000 { // the workload went on behind a crash before it got there
					break
				}
				faults++
				if err != nil {
					require.True(t, known(err), "%s: %v", about, err)
					if w.s != nil {
						_ = w.s.Close()
					}
				}
				w.step = "afterwards"
				require.NoError(t, w.open(), about)
				j := &judge{options: w.quiet(wal.RecoverStrict), points: &points, report: w.report, rotation: int(k)}
				flushed, _ := w.m.floors()
				policy := crashfs.Policies[int(k)%len(crashfs.Policies)]
				j.reopen(w.fs.Crashed(policy, uint64(k)), w.m.view(flushed), func() string { return "power cut afterwards, " + policy.Name })
				require.NoError(t, w.s.Close(), about)
				if t.Failed() {
					return
				}
				if w.fs != fs && k > fs.Ops() {
					break
				}
			}
		}
	}
	t.Logf("%d faults in %d transactions", faults, points.transactions.Load())
	require.Greater(t, faults, 50)
}

// TestDiskFull: on a disk without a free byte everything can be read, exported
// and opened; deleting works while the reserved log lasts; a snapshot works in
// the space its slot owns, and gives log back; when there is space again,
// writing works.
func TestDiskFull(t *testing.T) {
	fs := crashfs.New()
	o := options()
	o.Tuning = wal.Tuning{ReserveAfter: 4 << 10, ReserveLeast: 8 << 10, ReserveMost: 8 << 10}
	s := must[*storage.Store](t)(storage.Open(context.Background(), fs, o))
	require.NoError(t, transact(s, change{run: bulk(2000)}))
	for range 2 { // both slots own what the graph takes
		must[wal.SnapshotInfo](t)(s.Snapshot(context.Background()))
		require.NoError(t, transact(s, change{run: set(1, "n", graph.Int(1))}))
	}
	for s.LogStats().LogReserved == 0 {
		require.NoError(t, transact(s, change{run: set(1, "n", graph.Int(1))}))
	}
	fs.Limit(fs.Used())

	readable := func(s *storage.Store) {
		t.Helper()
		requireSound(t, s.State())
		var backup bytes.Buffer
		_, err := s.Export(context.Background(), &backup)
		require.NoError(t, err)
		_, problems, err := storage.CheckBackup(context.Background(), bytes.NewReader(backup.Bytes()), int64(backup.Len()), nil)
		require.NoError(t, err)
		require.Empty(t, problems)
	}
	var d digester
	deletes := func() (n int) {
		t.Helper()
		for {
			before := d.digest(s.State())
			nodes := make([]graph.Node, 1)
			require.Equal(t, 1, s.State().ScanNodes(0, nodes), "the reserved log outlasts the graph: nothing was shown")
			err := transact(s, change{run: deleteAll(s.State().NodeID(nodes[0]))})
			if err != nil {
				require.ErrorIs(t, err, wal.ErrDiskFull)
				require.Equal(t, before, d.digest(s.State()), "a transaction that failed left something")
				return n
			}
			n++
		}
	}
	readable(s)
	first := deletes()
	require.Greater(t, first, 10)
	readable(s)
	require.NoError(t, s.Close())
	s = must[*storage.Store](t)(storage.Open(context.Background(), fs, o))
	readable(s)
	must[wal.SnapshotInfo](t)(s.Snapshot(context.Background()))
	readable(s)
	require.Greater(t, deletes(), 10, "the snapshot moved the log to where there is space")
	err := transact(s, change{run: create("B", "text", graph.String(strings.Repeat("t", 300<<10)))})
	require.ErrorIs(t, err, wal.ErrDiskFull)
	readable(s)

	fs.Limit(0)
	require.NoError(t, transact(s, change{run: create("B", "text", graph.String(strings.Repeat("t", 300<<10)))}))
	must[wal.SnapshotInfo](t)(s.Snapshot(context.Background()))
	want, sequence := fingerprint(s.State()), s.Sequence()
	require.NoError(t, s.Close())
	s = must[*storage.Store](t)(storage.Open(context.Background(), fs, o))
	require.Equal(t, want, fingerprint(s.State()))
	require.Equal(t, sequence, s.Sequence())
	require.NoError(t, s.Close())
}

// TestSnapshotOnAFullDisk: one that does not fit fails, gives back what it
// took, and leaves the one before in force.
func TestSnapshotOnAFullDisk(t *testing.T) {
	fs := crashfs.New()
	s := must[*storage.Store](t)(storage.Open(context.Background(), fs, options()))
	require.NoError(t, transact(s, change{run: create("A", "text", graph.String(strings.Repeat("t", 50<<10)))}))
	used := fs.Used()
	fs.Limit(used + 4096)
	for range 3 {
		_, err := s.Snapshot(context.Background())
		require.ErrorIs(t, err, wal.ErrDiskFull)
		require.Equal(t, used, fs.Used(), "a snapshot that failed keeps space")
		require.False(t, errors.Is(err, storage.ErrStopped))
	}
	require.NoError(t, transact(s, change{run: create("A", "n", graph.Int(1))}))
	fs.Limit(0)
	must[wal.SnapshotInfo](t)(s.Snapshot(context.Background()))
	want := fingerprint(s.State())
	require.NoError(t, s.Close())
	s = must[*storage.Store](t)(storage.Open(context.Background(), fs, options()))
	require.Equal(t, want, fingerprint(s.State()))
	require.NoError(t, s.Close())
}

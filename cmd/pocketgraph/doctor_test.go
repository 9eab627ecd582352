package main

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	pocketgraph "github.com/pocketgraph/pocketgraph"
)

func TestDoctor(t *testing.T) {
	dir := people(t)
	snapshotted(t, dir)
	good(t, "query", dir, "CREATE (:Person {name: 'Eve'})")
	out := good(t, "doctor", dir)
	for _, want := range []string{
		`^pocketgraph \S+.*, go1\.\d+\S*, \w+/\w+, format 1\n`,
		`meta slot 0: version 1, epoch \d+, incarnation 0, session \d+, written 20\S+Z`, `, closed, counts\n`,
		`  newest state: snap\.0 of \d+ bytes, then wal\.1 generation \d+ from byte 4096, behind record 1\n`,
		`  second way:   the empty store, then wal\.0 generation 1 from byte 4096, behind record 0\n`,
		`wal\.0: \d+ (bytes|KiB), generation 1, 1 record, sequence 1 to 1, up to byte \d+\n`,
		`wal\.1: \d+ (bytes|KiB), generation \d+, 1 record, sequence 2 to 2, up to byte \d+\n`,
		`snap\.0: \d+ (bytes|KiB), serial \d+, sequence 1, written 20\S+Z\n`, `snap\.1: \d+ (bytes|KiB), never used yet\n`,
		`recovered to sequence 2: a snapshot of sequence 1 \(`, `opened in `,
		`store [0-9a-f]{32}, sequence 2: 3 nodes, 1 relationship, \d+ (bytes|KiB|MiB) of memory\n`,
		`log behind the snapshot: 1 record in `, `since opening: commits 0, flushes \d+, writes \d+, snapshots 0, stalls 0, flushes that failed 0\n`, `the change feed reaches back to sequence 1\n`, `this process: \d+ MiB of memory, \d+ (KiB|MiB) in use, garbage collected \d+ times\n`, `no invariant is broken\n$`,
	} {
		require.Regexp(t, want, out)
	}
	require.NotContains(t, out, "Ada", "doctor shows no user data")
	require.NotContains(t, out, "Person")

	var got struct {
		Files struct {
			Logs []struct{ Records int }
			Meta []struct{ Valid bool }
		}
		Store struct {
			Nodes    int
			Recovery struct{ Sequence int }
		}
	}
	require.NoError(t, json.Unmarshal([]byte(good(t, "doctor", dir, "--json")), &got))
	require.Equal(t, 1, got.Files.Logs[1].Records)
	require.True(t, got.Files.Meta[0].Valid && got.Files.Meta[1].Valid)
	require.Equal(t, []int{3, 2}, []int{got.Store.Nodes, got.Store.Recovery.Sequence})
	require.NotContains(t, good(t, "doctor", dir, "--no-open"), "recovered to")
}

func TestDoctorOfADamagedStore(t *testing.T) {
	dir := people(t)
	good(t, "query", dir, "CREATE (:A)")
	flip(t, dir, "wal.0", 4096+60)
	flip(t, dir, "meta", 20)
	r := call("", "doctor", dir)
	require.Equal(t, exitBroken, r.code)
	require.Empty(t, r.err)
	require.Contains(t, r.out, "meta slot 0: not valid")
	require.Contains(t, r.out, "not opened: CORRUPT: ")
	require.Regexp(t, `wal\.0: .*generation 1, no record`, r.out)
	require.Equal(t, exitFailed, call("", "doctor", t.TempDir()).code)
}

func TestDoctorBesideAnOwner(t *testing.T) {
	dir := people(t)
	db, err := pocketgraph.OpenDir(context.Background(), dir, pocketgraph.Options{})
	require.NoError(t, err)
	defer db.Close()
	out := good(t, "doctor", dir)
	require.Contains(t, out, "not opened: LOCKED: ")
	require.Regexp(t, `wal\.0: .*generation 1, 1 record`, out)
}

// TestDoctorTellsWhatNobodyHasRead: what a recovery found is told by the first
// doctor that comes, however many have opened the store meanwhile.
func TestDoctorTellsWhatNobodyHasRead(t *testing.T) {
	dir := people(t)
	snapshotted(t, dir)
	flip(t, dir, "snap.0", 4096+20)
	good(t, "query", dir, "CREATE (:A)")
	good(t, "query", dir, "CREATE (:A)")
	require.Regexp(t, `nobody has read yet what a recovery found at 20\S+Z`, good(t, "doctor", dir))
	require.NotContains(t, good(t, "doctor", dir), "nobody has read yet")
}

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCheck(t *testing.T) {
	dir := people(t)
	out := good(t, "check", dir)
	require.Contains(t, out, "recovered to sequence 1: no snapshot, then 1 record from ")
	require.Contains(t, out, "2 nodes, 1 relationship, sequence 1\nno invariant is broken\n")
	require.Equal(t, ran{0, "snapshot", ""}, snapshotted(t, dir))
	require.Contains(t, good(t, "check", dir), "recovered to sequence 1: a snapshot of sequence 1 (")
}

// snapshotted writes a snapshot and makes what is printed the same each time.
func snapshotted(t *testing.T, dir string) ran {
	r := call(":snapshot", "shell", dir)
	require.Contains(t, r.out, "snapshot of sequence ")
	r.out = "snapshot"
	return r
}

// flip changes one byte of a file of the store.
func flip(t *testing.T, dir, name string, offset int64) {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(dir, name), os.O_RDWR, 0)
	require.NoError(t, err)
	defer f.Close()
	var b [1]byte
	_, err = f.ReadAt(b[:], offset)
	require.NoError(t, err)
	b[0] ^= 0x40
	_, err = f.WriteAt(b[:], offset)
	require.NoError(t, err)
}

func TestCheckOfADamagedStore(t *testing.T) {
	dir := people(t)
	for range 3 {
		good(t, "query", dir, "CREATE (:Person {name: 'one more'})")
	}
	found := regexp.MustCompile(`wal\.0 byte (\d+) record 2 `).FindStringSubmatch(good(t, "log", dir))
	require.NotNil(t, found)
	second, err := strconv.ParseInt(found[1], 10, 64)
	require.NoError(t, err)
	flip(t, dir, "wal.0", second+60)

	for _, args := range [][]string{{"check", dir}, {"query", dir, "RETURN 1"}, {"shell", dir}} {
		r := call("", args...)
		require.Equal(t, exitFailed, r.code)
		require.Contains(t, r.err, "pocketgraph: CORRUPT: "+dir)
		require.Regexp(t, `wal\.0`, r.err)
		require.Contains(t, r.err, "byte "+found[1])
		require.Contains(t, r.err, "record 2")
		require.Contains(t, r.err, "hint: --salvage takes everything whole")
		require.Empty(t, r.out)
	}
	require.Contains(t, good(t, "log", dir), "wal.0: generation", "log reads damaged stores")

	r := call("", "check", dir, "--salvage")
	require.Equal(t, exitOK, r.code, r.err)
	require.Contains(t, r.out, "SALVAGED to sequence 1")
	require.Contains(t, r.out, "the damaged file was kept as ")
	require.Contains(t, good(t, "check", dir), "no invariant is broken", "after salvaging, the store is whole")
}

// TestSalvageOfNothing: where no committed state is whole, salvage refuses too
// and leaves everything as it is, instead of making an empty store.
func TestSalvageOfNothing(t *testing.T) {
	dir := people(t)
	good(t, "query", dir, "CREATE (:Person {name: 'one more'})")
	flip(t, dir, "wal.0", 4096+60) // the first record
	before, err := os.ReadFile(filepath.Join(dir, "wal.0"))
	require.NoError(t, err)
	r := call("", "check", dir, "--salvage")
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.err, "no committed state is whole")
	after, err := os.ReadFile(filepath.Join(dir, "wal.0"))
	require.NoError(t, err)
	require.Equal(t, before, after)
}

func TestLogIsReadable(t *testing.T) {
	dir := people(t)
	good(t, "query", dir, "CREATE (:A)")
	out := good(t, "log", dir)
	for _, want := range []string{
		`meta slot 0: version 1 epoch `, `closed cleanly \(newest\)`, `snap\.0: never used yet`,
		`wal\.0 byte 4096 record 1 \d{4}-\d\d-\d\dT\S+Z length \d+`, `record 2 `,
	} {
		require.Regexp(t, want, out)
	}
	require.NotContains(t, out, "Ada", "the log shows no user data")
}

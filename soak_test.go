//go:build !js

package pocketgraph

import (
	"context"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
)

// soakCommits is how many commits TestSoak makes: POCKETGRAPH_SOAK says, or a
// short round.
func soakCommits() int {
	if n, err := strconv.Atoi(os.Getenv("POCKETGRAPH_SOAK")); err == nil && n > 0 {
		return n
	}
	if long {
		return 400_000
	}
	return 20_000
}

// soakSample is what must stay flat.
type soakSample struct {
	heap, files, history int64
	snapshots            uint64
}

// TestSoak commits for a long time to a graph whose size stays the same, with
// snapshots that come by themselves and a history that is kept and given up:
// what it takes of memory and disk in the second half is no more than in the
// first, and nothing is lost. `make soak` makes ten million commits.
func TestSoak(t *testing.T) {
	const samples, nodes = 40, 500
	commits := soakCommits()
	dir := t.TempDir()
	o := Options{Durability: Relaxed, HistoryBytes: 4 << 20, SnapshotBytes: 2 << 20, SnapshotEntries: uint64(max(commits/200, 500))}
	db, err := OpenDir(context.Background(), dir, o)
	require.NoError(t, err)
	ctx := context.Background()
	write(t, db, "UNWIND range(1, "+strconv.Itoa(nodes)+") AS i CREATE (:N {i: i, n: 0})")
	write(t, db, "CREATE INDEX FOR (n:N) ON (n.i)")
	var taken []soakSample
	begin, longest := time.Now(), time.Duration(0)
	for n := range commits {
		text, params := "MATCH (n:N {i: $i}) SET n.n = n.n + 1, n.text = $text", map[string]graph.Value{
			"i": graph.Int(int64(n%nodes) + 1), "text": graph.String("text " + strconv.Itoa(n%1000))}
		switch n % 50 {
		case 20:
			text = "MATCH (a:N {i: $i}) CREATE (a)-[:R {w: 1}]->(:M {text: $text})"
		case 40:
			text = "MATCH (m:M) DETACH DELETE m"
		}
		at := time.Now()
		r, err := db.Query(ctx, text, params)
		require.NoError(t, err)
		r.Close()
		longest = max(longest, time.Since(at))
		if (n+1)%(commits/samples) == 0 {
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			st := db.Stats().Log
			s := soakSample{int64(m.HeapAlloc), st.FileBytes, st.HistoryBytes, st.Snapshots}
			taken = append(taken, s)
			if len(taken)%(samples/10) == 0 {
				t.Logf("%9d commits, %6.0f /s, longest %7s: heap %5.1f MB, files %5.1f MB, history %4.1f MB, %d snapshots",
					n+1, float64(n+1)/time.Since(begin).Seconds(), longest.Round(100*time.Microsecond), float64(s.heap)/1e6, float64(s.files)/1e6, float64(s.history)/1e6, s.snapshots)
			}
		}
	}
	most := func(list []soakSample) (m soakSample) {
		for _, s := range list {
			m.heap, m.files, m.history = max(m.heap, s.heap), max(m.files, s.files), max(m.history, s.history)
		}
		return m
	}
	// The first tenth fills up what then stays.
	early, late := most(taken[samples/10:samples/2]), most(taken[samples/2:])
	require.LessOrEqual(t, late.heap, early.heap*5/4+2<<20, "memory grows")
	require.LessOrEqual(t, late.files, early.files*5/4+2<<20, "files grow")
	require.LessOrEqual(t, late.history, int64(4<<20)*9/8, "the history outgrows its bound")
	require.Positive(t, taken[samples-1].snapshots, "snapshots come by themselves") // how many is the machine's matter
	check := func(db *DB) {
		records, err := db.Run(ctx, "MATCH (n:N) RETURN sum(n.n) AS s, count(n) AS c", nil)
		require.NoError(t, err)
		require.EqualValues(t, nodes, records[0].Get("c"))
		require.EqualValues(t, commits-(commits+29)/50-(commits+9)/50, records[0].Get("s"), "a commit was lost")
		problems, err := db.Check(ctx)
		require.NoError(t, err)
		require.Empty(t, problems)
	}
	check(db)
	require.NoError(t, db.Close())
	db, err = OpenDir(ctx, dir, o)
	require.NoError(t, err)
	check(db)
	last := uint64(0)
	for c, err := range db.Changes(ctx, Cursor{}) { // what is kept of it is there without a gap
		require.NoError(t, err)
		require.True(t, last == 0 || c.Sequence == last+1)
		last = c.Sequence
	}
	require.Equal(t, db.Sequence(), last)
	require.NoError(t, db.Close())
}

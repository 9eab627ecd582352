package pocketgraph

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/crashfs"
)

// TestSnapshotsComeByThemselves: by number of transactions, by size of the log
// and by time.
func TestSnapshotsComeByThemselves(t *testing.T) {
	ctx := context.Background()
	for name, o := range map[string]Options{
		"entries":  {SnapshotEntries: 10},
		"size":     {SnapshotBytes: 4 << 10},
		"interval": {SnapshotInterval: time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			fs := crashfs.New()
			var clock atomic.Int64
			o.Now = func() time.Time { return time.Unix(clock.Add(1), 0) }
			db := open(t, fs, o)
			require.Zero(t, db.SnapshotStats().Written)
			for i := range 100 {
				_, err := db.Run(ctx, "CREATE (:A {i: $i})", Params{"i": i})
				require.NoError(t, err)
			}
			require.Eventually(t, func() bool { return db.SnapshotStats().Written > 0 }, 10*time.Second, time.Millisecond)
			st := db.SnapshotStats()
			require.NoError(t, st.Err)
			require.Positive(t, st.Sequence)
			require.LessOrEqual(t, st.Sequence, db.Stats().Log.SnapshotSequence, "another may have come since")
			require.NoError(t, db.Close())

			again := open(t, fs, Options{})
			require.EqualValues(t, 100, count(t, again, "MATCH (a:A) RETURN count(a)"))
			require.Less(t, again.Report().Records, uint64(100), "the log before the snapshot is not read")
			require.NoError(t, again.Close())
		})
	}
}

func TestNoSnapshotsByThemselves(t *testing.T) {
	db := open(t, crashfs.New(), Options{SnapshotInterval: -1, SnapshotEntries: 1})
	defer db.Close()
	for range 20 {
		_, err := db.Run(context.Background(), "CREATE (:A)", nil)
		require.NoError(t, err)
	}
	require.False(t, db.SnapshotStats().Running)
	require.Zero(t, db.SnapshotStats().Written)
	_, err := db.Snapshot(context.Background())
	require.NoError(t, err, "on demand it works all the same")
	require.EqualValues(t, 1, db.SnapshotStats().Written)
	require.EqualValues(t, 20, db.SnapshotStats().Sequence)
}

func TestSyncMakesRelaxedWritesDurable(t *testing.T) {
	ctx := context.Background()
	fs := crashfs.New()
	db := open(t, fs, Options{Durability: Relaxed, FlushInterval: time.Hour})
	defer db.Close()
	create := func(label string) {
		_, err := db.Run(ctx, "CREATE (:"+label+")", nil)
		require.NoError(t, err)
	}
	create("Synced")
	require.NoError(t, db.Sync())
	create("NotYet")
	after := open(t, fs.Crashed(crashfs.Policies[1], 1), Options{})
	defer after.Close()
	require.EqualValues(t, 1, count(t, after, "MATCH (n:Synced) RETURN count(n)"))
	require.Zero(t, count(t, after, "MATCH (n:NotYet) RETURN count(n)"))
	require.EqualValues(t, db.Sequence()-1, db.Stats().Log.DurableSequence)
}

func TestDeleteByPrefix(t *testing.T) {
	ctx := context.Background()
	db := open(t, crashfs.New(), Options{})
	defer db.Close()
	_, err := db.Run(ctx, "CREATE (a {`the id`: 'x:1'})-[:R]->(b {`the id`: 'x:2'})-[:R]->(c {`the id`: 'y:1'}), ({`the id`: 7})", nil)
	require.NoError(t, err)
	nodes, relationships, err := db.DeleteByPrefix(ctx, "the id", "x:")
	require.NoError(t, err)
	require.Equal(t, []int64{2, 2}, []int64{nodes, relationships})
	require.EqualValues(t, 2, count(t, db, "MATCH (n) RETURN count(n)"))
	_, _, err = db.DeleteByPrefix(ctx, "the id", "")
	require.Equal(t, CodeInvalidArgument, CodeOf(err))
	nodes, _, err = db.DeleteByPrefix(ctx, "a`b", "x")
	require.NoError(t, err)
	require.Zero(t, nodes)
}

// TestSchemaSurvives: indexes and constraints hold after a power cut, after a
// clean close and after a snapshot.
func TestSchemaSurvives(t *testing.T) {
	ctx := context.Background()
	fs := crashfs.New()
	db := open(t, fs, Options{})
	for _, text := range []string{
		"CREATE INDEX one FOR (a:A) ON (a.x)", "CREATE INDEX two FOR (a:A) ON (a.x, a.y)", "CREATE INDEX rel FOR ()-[r:R]-() ON (r.x)",
		"CREATE CONSTRAINT u FOR (a:A) REQUIRE a.id IS UNIQUE", "CREATE CONSTRAINT e FOR (a:A) REQUIRE a.x IS NOT NULL",
		"CREATE CONSTRAINT k FOR (b:B) REQUIRE (b.p, b.q) IS NODE KEY",
		"UNWIND range(1, 200) AS i CREATE (a:A {id: i, x: i % 20, y: i % 7})-[:R {x: i}]->(a), (:B {p: i, q: 'q'})",
	} {
		_, err := db.Run(ctx, text, nil)
		require.NoError(t, err, text)
	}
	check := func(t *testing.T, db *DB) {
		require.Len(t, db.Reader().Constraints(), 3)
		require.Len(t, db.Reader().Indexes(), 5)
		for query, want := range map[string]int64{
			"MATCH (a:A) WHERE a.x = 3 RETURN count(a)":                     10,
			"MATCH (a:A) WHERE a.x > 17 RETURN count(a)":                    20,
			"MATCH (a:A) WHERE a.x >= 3 AND a.x < 5 RETURN count(a)":        20,
			"MATCH (a:A) WHERE a.x = 3 AND a.y > 2 RETURN count(a)":         5,
			"MATCH ()-[r:R]->() WHERE r.x = 7 RETURN count(r)":              1,
			"MATCH (b:B) WHERE b.p = 5 AND b.q = 'q' RETURN count(b)":       1,
			"MATCH (a:A {id: 100}) RETURN a.x":                              0,
			"MATCH (a:A) WHERE a.x IN [1, 2, 99] RETURN count(a)":           20,
			"MATCH (b:B) WHERE b.q STARTS WITH 'q' RETURN count(b)":         200,
			"MATCH (a:A) WHERE a.id > 150 AND a.id <= 160 RETURN count(a) ": 10,
		} {
			require.Equal(t, want, count(t, db, query), query)
		}
		for _, text := range []string{"CREATE (:A {id: 7, x: 1})", "CREATE (:A {id: 9999})", "CREATE (:B {p: 1})", "CREATE (:B {p: 1, q: 'q'})", "MATCH (a:A {id: 7}) REMOVE a.x"} {
			_, err := db.Run(ctx, text, nil)
			require.ErrorIs(t, err, graph.ErrConstraint, text)
		}
		problems, err := db.Check(ctx)
		require.NoError(t, err)
		require.Empty(t, problems)
	}
	check(t, db)
	after := open(t, fs.Crashed(crashfs.Policies[1], 1), Options{})
	check(t, after)
	require.NoError(t, after.Close())
	_, err := db.Snapshot(ctx)
	require.NoError(t, err)
	require.NoError(t, db.Close())
	again := open(t, fs, Options{})
	defer again.Close()
	check(t, again)
}

func TestSeveralStoresInOneProcess(t *testing.T) {
	ctx := context.Background()
	var stores []*crashfs.FS
	var dbs []*DB
	for range 3 {
		fs := crashfs.New()
		stores, dbs = append(stores, fs), append(dbs, open(t, fs, Options{}))
	}
	for i, db := range dbs {
		for range i + 1 {
			_, err := db.Run(ctx, fmt.Sprintf("CREATE (:S%d)", i), nil)
			require.NoError(t, err)
		}
	}
	_, err := Open(ctx, stores[0], Options{LockWait: -1})
	require.Equal(t, CodeLocked, CodeOf(err), "one owner for each")
	ids := map[string]bool{}
	for i, db := range dbs {
		ids[db.Diagnostics().StoreID] = true
		require.NoError(t, db.Close())
		again := open(t, stores[i], Options{})
		require.EqualValues(t, i+1, count(t, again, "MATCH (n) RETURN count(n)"))
		require.EqualValues(t, i+1, count(t, again, fmt.Sprintf("MATCH (n:S%d) RETURN count(n)", i)))
		require.NoError(t, again.Close())
	}
	require.Len(t, ids, 3)
}

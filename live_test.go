//go:build !js

package pocketgraph

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/cyrand"
)

// pending takes a watch's token.
func pending(w *Watch) bool {
	select {
	case <-w.Changed():
		w.Refresh()
		return true
	default:
		return false
	}
}

// TestWatchTellsOfEveryChange: random statements are watched on random graphs
// while random statements write. Where an answer changes the watch has told of
// it; how often it told of a commit that changed nothing is counted, and is not
// always.
func TestWatchTellsOfEveryChange(t *testing.T) {
	const watched, writes = 12, 12
	changed, told, chances := 0, 0, 0
	for i := range randomGraphs(20) {
		seed := *cypherSeed + uint64(i)
		db, err := OpenMemory(Options{})
		require.NoError(t, err)
		for _, text := range cyrand.Graph(cyrand.Record(seed, 0)) {
			write(t, db, text)
		}
		answer := func(text string) string {
			r, err := db.Query(context.Background(), text, randomParams)
			if err != nil {
				return err.Error()
			}
			defer r.Close()
			records, err := r.All()
			if !cyrand.Ordered(text) {
				return fmt.Sprint(asSet(records), err)
			}
			return fmt.Sprint(records, err)
		}
		var texts, answers []string
		var watches []*Watch
		for n := uint64(1); len(texts) < watched; n++ {
			text := cyrand.Read(cyrand.Record(seed, n))
			w, err := db.Watch(text)
			require.NoError(t, err, text)
			texts, watches, answers = append(texts, text), append(watches, w), append(answers, answer(text))
		}
		for n := range uint64(writes) {
			text := cyrand.Write(cyrand.Record(seed, 1000+n))
			r, err := db.Query(context.Background(), text, randomParams)
			if err != nil {
				continue // a node with relationships, say
			}
			r.Close()
			for j, w := range watches {
				hit, now := pending(w), answer(texts[j])
				chances++
				if hit {
					told++
				}
				if now != answers[j] {
					changed++
					require.True(t, hit, "seed %d: %s\nchanged the answer to\n%s\nfrom %s\nto %s", seed, text, texts[j], answers[j], now)
				}
				answers[j] = now
			}
		}
		for _, w := range watches {
			w.Close()
		}
		require.NoError(t, db.Close())
	}
	t.Logf("%d answers looked at, %d changed, %d told", chances, changed, told)
	require.Positive(t, changed)
	require.Less(t, told, chances*9/10)
}

// asSet counts the records.
func asSet(records []Record) map[string]int {
	set := map[string]int{}
	for _, r := range records {
		set[fmt.Sprint(r)]++
	}
	return set
}

// TestLiveGivesEveryLastAnswer: many write, one has a live query; it gives
// fewer answers than there are commits when they come in bursts, and its last
// one is the last there is.
func TestLiveGivesEveryLastAnswer(t *testing.T) {
	db := openWithHistory(t)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	const commits = 300
	written := make(chan struct{})
	go func() {
		defer close(written)
		for i := range commits {
			write(t, db, fmt.Sprintf("CREATE (:Later {n: %d})", i)) // the label is new to the store
			write(t, db, "CREATE (:Other {n: 1})")
		}
	}()
	answers, last := 0, int64(0)
	for result, err := range db.Live(ctx, "MATCH (n:Later) RETURN count(n) AS c, sum(n.n) AS s", nil) {
		require.NoError(t, err)
		records, err := result.All()
		require.NoError(t, err)
		answers++
		n := records[0].Get("c").(int64)
		require.GreaterOrEqual(t, n, last)
		require.Equal(t, n*(n-1)/2, records[0].Get("s"))
		if last = n; n == commits {
			break
		}
	}
	require.EqualValues(t, commits, last)
	require.LessOrEqual(t, answers, commits+1)
	<-written // before the database is closed
	t.Logf("%d answers for %d commits", answers, 2*commits)
}

// TestUntouchedWatchesStayQuiet: a commit that nobody depends on wakes nobody,
// and takes as many comparisons for a hundred watches as for one.
func TestUntouchedWatchesStayQuiet(t *testing.T) {
	db := openWithHistory(t)
	write(t, db, "CREATE (:A {x: 1})-[:R {y: 1}]->(:B {x: 1, z: 1}), (:C)")
	var watches []*Watch
	for i := range 100 {
		w, err := db.Watch(fmt.Sprintf("MATCH (a:A)-[:R]->(b:B) WHERE a.x < %d RETURN a.x AS x, b.x AS y", i))
		require.NoError(t, err)
		watches = append(watches, w)
	}
	quiet := func(text string, want bool) {
		write(t, db, text)
		for _, w := range watches {
			require.Equal(t, !want, pending(w), text)
		}
	}
	quiet("CREATE (:C {x: 2})", true) // what is made is met by its label
	quiet("MATCH (n:C) SET n.w = 1", true)
	quiet("MATCH (b:B) SET b.z = 2", true)
	quiet("MATCH ()-[r:R]->() SET r.y = 2", true)
	quiet("MATCH (c:C) WITH c LIMIT 1 CREATE (c)-[:S]->(c)", true)
	quiet("CREATE INDEX FOR (n:A) ON (n.x)", true)
	quiet("MATCH (n:B) SET n.x = 3", false)
	quiet("MATCH (a:A), (b:B) CREATE (a)-[:R]->(b)", false)
	quiet("CREATE (:A)", false)
	quiet("MATCH (a:A) WITH a LIMIT 1 SET a:B", false)
	_, err := db.Watch("CREATE (:A)")
	require.Equal(t, CodeInvalidArgument, CodeOf(err))
	_, err = db.Watch("nonsense")
	require.Equal(t, Code("SyntaxError"), CodeOf(err))
	for _, w := range watches {
		w.Close()
	}
}

// TestWatchBegunDuringATransaction: who begins to watch while a transaction is
// under way is told of it, although it took no notes.
func TestWatchBegunDuringATransaction(t *testing.T) {
	db := openWithHistory(t)
	write(t, db, "CREATE (:A)")
	var w *Watch
	require.NoError(t, db.Update(context.Background(), func(tx *Tx) error {
		var err error
		if w, err = db.Watch("MATCH (a:A) RETURN count(a)"); err != nil {
			return err
		}
		l, err := tx.Writer().Label("A")
		if err == nil {
			_, err = tx.Writer().CreateNode([]graph.LabelID{l}, nil)
		}
		return err
	}))
	require.True(t, pending(w))
	w.Close()
}

// BenchmarkCommitsBesideWatches: what a hundred live queries that are not touched
// cost a commit, in memory, where a commit is cheapest. Two databases take turns,
// so that what else the machine does meets both; ratio is the one with watches to
// the one without, by the median of their turns.
func BenchmarkCommitsBesideWatches(b *testing.B) {
	var dbs [2]*DB
	for i := range dbs {
		db, err := OpenMemory(Options{})
		require.NoError(b, err)
		defer db.Close()
		dbs[i] = db
	}
	for i := range 100 {
		w, err := dbs[1].Watch(fmt.Sprintf("MATCH (a:A%d)-[:R]->(b) WHERE a.x > 1 RETURN a.x AS x, b.y AS y", i))
		require.NoError(b, err)
		defer w.Close()
	}
	const turn = 50
	var times [2][]float64
	for b.Loop() {
		for i, db := range dbs {
			begin := time.Now()
			for range turn {
				r, err := db.Query(context.Background(), "CREATE (:N {n: 1})", nil)
				if err != nil {
					b.Fatal(err)
				}
				r.Close()
			}
			times[i] = append(times[i], float64(time.Since(begin).Nanoseconds())/turn)
		}
	}
	for i := range times {
		slices.Sort(times[i])
	}
	without, with := times[0][len(times[0])/2], times[1][len(times[1])/2]
	b.ReportMetric(without, "without-ns/commit")
	b.ReportMetric(with, "with-ns/commit")
	b.ReportMetric(with/without, "ratio")
}

//go:build !js

package pocketgraph_test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	pocketgraph "github.com/pocketgraph/pocketgraph"
	"github.com/pocketgraph/pocketgraph/formats"
	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/importer"
)

// The benchmarks write to the folder for temporary files: TMPDIR chooses the
// disk, and a disk in memory makes flushes free. Everything per second is a
// metric of its own beside the time per operation.

const commitText = "CREATE (:Event {n: $n, kind: 'click', at: 1700000000})"

func perSecond(b *testing.B, n int, unit string) {
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), unit+"/s")
}

func openBench(b *testing.B, dir string, o pocketgraph.Options) *pocketgraph.DB {
	b.Helper()
	db, err := pocketgraph.OpenDir(context.Background(), dir, o)
	require.NoError(b, err)
	return db
}

// BenchmarkCommit measures commits beside what the disk can do (a write of a
// record's size, and a flush) and beside bbolt.
func BenchmarkCommit(b *testing.B) {
	b.Run("raw write and flush", benchRaw)
	b.Run("strict", func(b *testing.B) { benchCommits(b, pocketgraph.Options{}, 1) })
	b.Run("strict, 100 in flight", func(b *testing.B) { benchCommits(b, pocketgraph.Options{}, 100) })
	b.Run("bbolt", func(b *testing.B) { benchBolt(b, false) })
	b.Run("relaxed", func(b *testing.B) { benchCommits(b, pocketgraph.Options{Durability: pocketgraph.Relaxed}, 1) })
	b.Run("bbolt, no flush", func(b *testing.B) { benchBolt(b, true) })
}

func benchRaw(b *testing.B) {
	f, err := os.Create(filepath.Join(b.TempDir(), "raw"))
	require.NoError(b, err)
	defer f.Close()
	// Written ahead, as the log is: a flush of a file that grows costs more.
	const record = 192
	size := int64(4 << 20)
	_, err = f.Write(make([]byte, size))
	require.NoError(b, err)
	require.NoError(b, f.Sync())
	buffer, at := make([]byte, record), int64(0)
	for b.Loop() {
		_, err := f.WriteAt(buffer, at)
		require.NoError(b, err)
		require.NoError(b, f.Sync())
		at = (at + record) % (size - record)
	}
	perSecond(b, b.N, "flushes")
}

// benchCommits runs statements from so many goroutines, each waiting for its
// answer.
func benchCommits(b *testing.B, o pocketgraph.Options, inFlight int) {
	db := openBench(b, b.TempDir(), o)
	var left, n atomic.Int64
	left.Store(int64(b.N))
	b.ResetTimer()
	var group sync.WaitGroup
	for range inFlight {
		group.Go(func() {
			for left.Add(-1) >= 0 {
				if _, err := db.Run(context.Background(), commitText, pocketgraph.Params{"n": n.Add(1)}); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
	perSecond(b, b.N, "commits")
	b.StopTimer()
	stats := db.Stats()
	b.ReportMetric(float64(stats.Log.AppendedBytes)/float64(b.N), "log-B/commit")
	b.ReportMetric(float64(stats.Log.Flushes)/float64(b.N), "flushes/commit")
	require.Equal(b, b.N, stats.Nodes)
	require.NoError(b, db.Close())
}

const (
	importNodes = 100_000
	importRels  = 300_000
)

// BenchmarkBulkImport imports 100,000 nodes with four properties and 300,000
// relationships with one from CSV, into a store on disk.
func BenchmarkBulkImport(b *testing.B) {
	sources := csvSources(importNodes, importRels)
	for b.Loop() {
		db := openBench(b, b.TempDir(), pocketgraph.Options{})
		report, err := importer.Import(context.Background(), db, sources, importer.Options{Options: formats.Options{IDs: formats.IDInteger}})
		require.NoError(b, err)
		require.EqualValues(b, importNodes+importRels, report.Nodes+report.Relationships)
		require.NoError(b, db.Close())
	}
	perSecond(b, b.N*(importNodes+importRels), "elements")
	b.ReportMetric(float64(b.N)*float64(sources[0].Size+sources[1].Size)/1e6/b.Elapsed().Seconds(), "MB/s")
}

func csvSources(nodes, rels int) []formats.Source {
	random := rand.New(rand.NewPCG(1, 2))
	var n, r strings.Builder
	n.WriteString("id:ID,name,born:INT,score:FLOAT,:LABEL\n")
	for i := range nodes {
		fmt.Fprintf(&n, "%d,Person %d,%d,%g,Person\n", i, i, 1900+i%100, float64(i)/7)
	}
	r.WriteString(":START_ID,:END_ID,:TYPE,since:INT\n")
	for range rels {
		fmt.Fprintf(&r, "%d,%d,KNOWS,%d\n", random.IntN(nodes), random.IntN(nodes), 1990+random.IntN(30))
	}
	return []formats.Source{textSource("nodes.csv", n.String()), textSource("rels.csv", r.String())}
}

func textSource(name, text string) formats.Source {
	return formats.Source{Name: name, Size: int64(len(text)), Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}
}

// BenchmarkQuery reads from 100,000 people who know five others each on the
// average, and are indexed by their id.
func BenchmarkQuery(b *testing.B) {
	const people = 100_000
	db, err := pocketgraph.OpenMemory(pocketgraph.Options{})
	require.NoError(b, err)
	defer db.Close()
	require.NoError(b, fill(db, people, 5*people))
	_, err = db.Run(context.Background(), "CREATE INDEX FOR (p:Person) ON (p.id)", nil)
	require.NoError(b, err)
	for _, q := range []struct{ name, text string }{
		{"point lookup", "MATCH (p:Person {id: $id}) RETURN p.name"},
		{"1 hop", "MATCH (:Person {id: $id})-[:KNOWS]->(f) RETURN count(f)"},
		{"2 hops", "MATCH (:Person {id: $id})-[:KNOWS]->()-[:KNOWS]->(f) RETURN count(f)"},
		{"3 hops", "MATCH (:Person {id: $id})-[:KNOWS]->()-[:KNOWS]->()-[:KNOWS]->(f) RETURN count(f)"},
		{"1 to 3 hops, distinct", "MATCH (:Person {id: $id})-[:KNOWS*1..3]->(f) RETURN count(DISTINCT f)"},
		{"2 hops, ordered", "MATCH (:Person {id: $id})-[:KNOWS]->()-[:KNOWS]->(f) RETURN f.name AS name ORDER BY f.born DESC, name LIMIT 10"},
		{"scan and filter", "MATCH (p:Person) WHERE p.born > 1950 AND p.id <> $id RETURN count(p)"},
		{"group", "MATCH (p:Person) WHERE p.id <> $id RETURN p.born AS born, count(*) AS n"},
	} {
		b.Run(q.name, func(b *testing.B) {
			random := rand.New(rand.NewPCG(3, 4))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := db.Run(context.Background(), q.text, pocketgraph.Params{"id": random.IntN(people)}); err != nil {
					b.Fatal(err)
				}
			}
			perSecond(b, b.N, "queries")
		})
	}
}

// fill makes people with four properties who know each other at random.
func fill(db *pocketgraph.DB, people, rels int) error {
	random := rand.New(rand.NewPCG(5, 6))
	ids := make([]graph.ID, people)
	const batch = 100_000
	for from := 0; from < people; from += batch {
		err := db.Update(context.Background(), func(tx *pocketgraph.Tx) error {
			return fillPeople(tx.Writer(), ids, from, min(from+batch, people))
		})
		if err != nil {
			return err
		}
	}
	for from := 0; from < rels; from += batch {
		err := db.Update(context.Background(), func(tx *pocketgraph.Tx) error {
			return fillRels(tx.Writer(), ids, min(batch, rels-from), random)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func fillPeople(w graph.Writer, ids []graph.ID, from, to int) error {
	label, err := w.Label("Person")
	if err != nil {
		return err
	}
	var keys [4]graph.KeyID
	for i, name := range []string{"id", "name", "born", "score"} {
		if keys[i], err = w.Key(name); err != nil {
			return err
		}
	}
	for i := from; i < to; i++ {
		n, err := w.CreateNode([]graph.LabelID{label}, []graph.Property{
			{Key: keys[0], Value: graph.Int(int64(i))}, {Key: keys[1], Value: graph.String("Person " + strconv.Itoa(i))},
			{Key: keys[2], Value: graph.Int(int64(1900 + i%100))}, {Key: keys[3], Value: graph.Float(float64(i) / 7)}})
		if err != nil {
			return err
		}
		ids[i] = w.NodeID(n)
	}
	return nil
}

func fillRels(w graph.Writer, ids []graph.ID, n int, random *rand.Rand) error {
	knows, err := w.Type("KNOWS")
	if err != nil {
		return err
	}
	since, err := w.Key("since")
	if err != nil {
		return err
	}
	for range n {
		start, _ := w.NodeByID(ids[random.IntN(len(ids))])
		end, _ := w.NodeByID(ids[random.IntN(len(ids))])
		if _, err := w.CreateRel(start, end, knows, []graph.Property{{Key: since, Value: graph.Int(int64(1990 + random.IntN(30)))}}); err != nil {
			return err
		}
	}
	return nil
}

// BenchmarkReopen recovers stores of people with four properties and twice as
// many relationships with one: from the log alone, and from a snapshot.
func BenchmarkReopen(b *testing.B) {
	for _, people := range []int{100_000, 500_000} {
		dir := b.TempDir()
		db := openBench(b, dir, pocketgraph.Options{SnapshotInterval: -1})
		require.NoError(b, fill(db, people, 2*people))
		require.NoError(b, db.Close())
		name := strconv.Itoa(people/1000) + "k nodes, "
		b.Run(name+"log", func(b *testing.B) { benchReopen(b, dir, people) })
		db = openBench(b, dir, pocketgraph.Options{SnapshotInterval: -1})
		_, err := db.Snapshot(context.Background())
		require.NoError(b, err)
		require.NoError(b, db.Close())
		b.Run(name+"snapshot", func(b *testing.B) { benchReopen(b, dir, people) })
	}
}

func benchReopen(b *testing.B, dir string, people int) {
	var read int64
	for b.Loop() {
		db := openBench(b, dir, pocketgraph.Options{Create: pocketgraph.MustExist, SnapshotInterval: -1})
		require.Equal(b, people, db.Stats().Nodes)
		report := db.Report()
		read = report.SnapshotBytes + report.LogBytes
		require.NoError(b, db.Close())
	}
	b.ReportMetric(float64(read)/1e6, "MB-read")
	perSecond(b, 3*people*b.N, "elements")
}

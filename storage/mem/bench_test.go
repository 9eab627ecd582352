package mem

import (
	"math/rand"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
)

// benchGraph has 100,000 nodes and 500,000 relationships.
func benchGraph(b *testing.B) *Graph {
	g := New("b")
	loadBudget(b, g, 100_000)
	b.ReportAllocs()
	b.ResetTimer()
	return g
}

func BenchmarkCreateNode(b *testing.B) {
	g := New("b")
	tx := g.Begin()
	l, _ := tx.Label("Person")
	k, _ := tx.Key("age")
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		if _, err := tx.CreateNode([]graph.LabelID{l}, []graph.Property{{Key: k, Value: graph.Int(int64(i % 100))}}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCreateRel(b *testing.B) {
	g := benchGraph(b)
	tx := g.Begin()
	r := rand.New(rand.NewSource(1))
	for i := 0; i < b.N; i++ {
		if _, err := tx.CreateRel(graph.Node(r.Intn(100_000)), graph.Node(r.Intn(100_000)), 0, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSmallCommit is one node and one relationship in a transaction.
func BenchmarkSmallCommit(b *testing.B) {
	g := benchGraph(b)
	for i := 0; i < b.N; i++ {
		tx := g.Begin()
		n, err := tx.CreateNode([]graph.LabelID{0}, []graph.Property{{Key: 0, Value: graph.Int(5)}})
		require.NoError(b, err)
		_, err = tx.CreateRel(n, graph.Node(i%100_000), 0, nil)
		require.NoError(b, err)
		_, err = tx.Commit()
		require.NoError(b, err)
	}
}

func BenchmarkSetProperty(b *testing.B) {
	g := benchGraph(b)
	tx := g.Begin()
	r := rand.New(rand.NewSource(1))
	for i := 0; i < b.N; i++ {
		if err := tx.SetNodeProperty(graph.Node(r.Intn(100_000)), 0, graph.Int(int64(r.Intn(1000)))); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkReadProperty reads batches of 1,024, per value.
func BenchmarkReadProperty(b *testing.B) {
	s := benchGraph(b).State()
	for k := graph.KeyID(0); k < 4; k++ {
		b.Run(s.KeyName(k), func(b *testing.B) {
			var nodes [1024]graph.Node
			var out [1024]graph.Value
			s.ScanNodes(1000, nodes[:])
			for i := 0; i < b.N; i += len(nodes) {
				s.NodeProperties(k, nodes[:], out[:])
			}
		})
	}
}

func BenchmarkHops(b *testing.B) {
	s := benchGraph(b).State()
	for hops := 1; hops <= 3; hops++ {
		b.Run(string(rune('0'+hops)), func(b *testing.B) {
			bufs := make([][]graph.Hop, hops+1)
			count := 0
			for i := 0; i < b.N; i++ {
				count += walk(s, graph.Node(i*7919%100_000), hops, bufs)
			}
			b.ReportMetric(float64(count)/float64(b.N), "paths/op")
		})
	}
}

func walk(s *State, n graph.Node, hops int, bufs [][]graph.Hop) int {
	bufs[hops] = s.AppendHops(bufs[hops][:0], n, graph.Outgoing, nil)
	if hops == 1 {
		return len(bufs[hops])
	}
	count := 0
	for _, h := range bufs[hops] {
		count += walk(s, h.Node, hops-1, bufs)
	}
	return count
}

// BenchmarkLoad builds a graph of 100,000 nodes with three properties and 500,000
// relationships with one, and an index, from the sections of its snapshot.
func BenchmarkLoad(b *testing.B) {
	const nodes, rels = 100_000, 500_000
	g := New("b")
	tx := g.Begin()
	label, _ := tx.Label("Person")
	typ, _ := tx.Type("KNOWS")
	key := func(name string) graph.KeyID { k, _ := tx.Key(name); return k }
	id, name, age, since := key("id"), key("name"), key("age"), key("since")
	require.NoError(b, tx.CreateIndex(graph.IndexDefinition{Name: "i", Entity: graph.NodeEntity, Label: label, Keys: []graph.KeyID{id}}))
	for i := range nodes {
		_, err := tx.CreateNode([]graph.LabelID{label}, []graph.Property{{Key: id, Value: graph.Int(int64(10 + 3*i))},
			{Key: name, Value: graph.String("person " + strconv.Itoa(i*7919%nodes))}, {Key: age, Value: graph.Int(int64(i * 31 % 90))}})
		require.NoError(b, err)
	}
	for i := range rels {
		_, err := tx.CreateRel(graph.Node(i*7919%nodes), graph.Node(i*104729%nodes), typ, []graph.Property{{Key: since, Value: graph.Int(int64(1990 + i%35))}})
		require.NoError(b, err)
	}
	state, err := tx.Commit()
	require.NoError(b, err)
	saved := sectionsOf(b, state)
	b.ResetTimer()
	for b.Loop() {
		load(b, saved)
	}
}

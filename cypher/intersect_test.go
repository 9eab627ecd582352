package cypher

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/mapgraph"
)

// patterns are those that end in an intersection, in many shapes.
var patterns = []string{
	"(a)-[:K]->(b)-[:K]->(c)-[:K]->(a)",
	"(a)-[:K]-(b)-[:K]-(c)-[:K]-(a)",
	"(a)--(b)--(c)--(a)",
	"(a)-[:K|L]->(b)<-[:L|K]-(c), (c)-[:M]-(a)",
	"(a)-[r:K]->(b), (a)-[s]->(b)",
	"(a)-[r]->(b)-[s]->(a)",
	"(a)-[r]->(b), (b)-[s:L]-(a), (a)-[t:M]-(b)",
	"(a {x: 1})-[:K]->(b)-[:K]->(c {x: 2})<-[:K]-(a)",
	"(a:N)-[]->(b:N)-[]->(c:N)-[]->(d:N)-[]->(a), (a)-[]->(c)",
	"(a)-[r:K]->(a)-[s:K]->(b)-[t:K]->(a)",
	"(a)-[:NONE]->(b)-[:K]->(a)",
	"(a), (b) MATCH (a)-[:K]->(c)<-[:K]-(b)",
	"(a)-[r:K]->(b) MATCH (a)-[:L]->(c)-[:K]->(b)",
	"(a:N) OPTIONAL MATCH (a)-[:K]->(b)-[:L]->(c)-[:M]->(a)",
}

// TestIntersectionsFindWhatExpandsFind compares with plans without rules, on
// random graphs with loops and with several relationships between two nodes.
func TestIntersectionsFindWhatExpandsFind(t *testing.T) {
	const seed = 20260131
	random := rand.New(rand.NewPCG(seed, 0))
	found := 0
	for round := range 6 {
		g := mapgraph.New()
		run := func(text string) {
			_, _, err := runOn(NewEngine(Config{}), g, text, nil)
			require.NoError(t, err)
		}
		run("UNWIND range(0, 11) AS i CREATE (:N {i: i, x: i % 3})")
		for range 20 + 12*round {
			run(fmt.Sprintf("MATCH (a {i: %d}), (b {i: %d}) CREATE (a)-[:%s]->(b)", random.IntN(12), random.IntN(12), []string{"K", "L", "M"}[random.IntN(3)]))
		}
		for _, p := range patterns {
			text := "MATCH " + p + " RETURN count(*) AS n, sum(a.i) AS a, sum(b.i * a.i) AS b"
			_, want, err := runOn(NewEngine(Config{NoRewrites: true}), g, text, nil)
			require.NoError(t, err)
			_, got, err := runOn(NewEngine(Config{}), g, text, nil)
			require.NoError(t, err)
			require.Equal(t, want, got, "seed %d, round %d: %s", seed, round, p)
			batch := first(t, &showing{Graph: g}, false, text)
			require.Equal(t, want[0], []graph.Value{batch.Columns[0][0], batch.Columns[1][0], batch.Columns[2][0]}, "seed %d, round %d, shown: %s", seed, round, p)
			found += int(want[0][0].AsInt())
		}
	}
	require.Greater(t, found, 1000, "the patterns find something")
}

// counting counts the work on adjacency: hops that were read, and questions
// about two nodes.
type counting struct {
	*mapgraph.Graph
	hops, questions int
}

func (c *counting) AppendHops(dst []graph.Hop, n graph.Node, d graph.Direction, types []graph.TypeID) []graph.Hop {
	before := len(dst)
	dst = c.Graph.AppendHops(dst, n, d, types)
	c.hops += len(dst) - before
	return dst
}

func (c *counting) Hops(buf *[]graph.Hop, n graph.Node, d graph.Direction, types []graph.TypeID) []graph.Hop {
	*buf = c.AppendHops((*buf)[:0], n, d, types)
	return *buf
}

func (c *counting) AppendHopsTo(dst []graph.Hop, n, to graph.Node, d graph.Direction, types []graph.TypeID) []graph.Hop {
	c.questions++
	return c.Graph.AppendHopsTo(dst, n, to, d, types)
}

// showing shows its own memory, as the store does, and counts the calls.
type showing struct {
	*mapgraph.Graph
	hops int
}

func (s *showing) Hops(_ *[]graph.Hop, n graph.Node, d graph.Direction, types []graph.TypeID) []graph.Hop {
	s.hops++
	return s.Graph.AppendHops(nil, n, d, types)
}

// work runs a query on a reader that counts.
func work(t *testing.T, g *mapgraph.Graph, off bool, text string) (*counting, graph.Value) {
	c := &counting{Graph: g}
	return c, first(t, c, off, text).Columns[0][0]
}

// first is the first batch that a query gives.
func first(t *testing.T, r graph.Reader, off bool, text string) *Batch {
	e := NewEngine(Config{NoRewrites: off})
	s, err := e.Prepare(text)
	require.NoError(t, err)
	rows, err := e.Run(&Runtime{Reader: r}, s, nil)
	require.NoError(t, err)
	defer rows.Close()
	b, err := rows.Next()
	require.NoError(t, err)
	return b
}

// TestIntersectionMerges: triangles of a graph where all know each other are
// found without a question about two nodes, and each list of neighbours is read
// once for the pairs it is the first node of, once for each it is the second of.
func TestIntersectionMerges(t *testing.T) {
	const people = 24
	g := mapgraph.New()
	for _, text := range []string{
		fmt.Sprintf("UNWIND range(1, %d) AS i CREATE (:P {i: i})", people),
		"MATCH (a:P), (b:P) WHERE a.i <> b.i CREATE (a)-[:K]->(b)",
	} {
		_, _, err := runOn(NewEngine(Config{}), g, text, nil)
		require.NoError(t, err)
	}
	const text = "MATCH (a:P)-[:K]->(b)-[:K]->(c)-[:K]->(a) RETURN count(*) AS n"
	const triangles, pairs = people * (people - 1) * (people - 2), people * (people - 1)
	asked, n := work(t, g, true, text)
	require.EqualValues(t, triangles, n.AsInt())
	require.GreaterOrEqual(t, asked.questions, triangles, "what it would be without")
	merged, n := work(t, g, false, text)
	require.EqualValues(t, triangles, n.AsInt())
	require.Zero(t, merged.questions)
	// a's neighbours for Expand and for the intersection, b's for each pair.
	require.LessOrEqual(t, merged.hops, (2*people+pairs)*(people-1))
	shown := &showing{Graph: g}
	require.EqualValues(t, triangles, first(t, shown, false, text).Columns[0][0].AsInt())
	require.LessOrEqual(t, shown.hops, 2*people+pairs)
}

// TestIntersectionAsksTheLargeSide: a few neighbours against very many are
// looked up; the many are never read.
func TestIntersectionAsksTheLargeSide(t *testing.T) {
	g := mapgraph.New()
	for _, text := range []string{
		"CREATE (:Hub)",
		"MATCH (h:Hub) UNWIND range(1, 5000) AS i CREATE (h)-[:K]->(:N {i: i})",
		"MATCH (n:N) WHERE n.i % 1000 = 0 CREATE (s:Start)-[:K]->(n)",
		"MATCH (s:Start) WITH collect(s) AS all MATCH (h:Hub) WITH h, all[0] AS s CREATE (s)-[:TO]->(h) WITH s MATCH (n:N) WHERE n.i < 4 CREATE (s)-[:K]->(n)",
	} {
		_, _, err := runOn(NewEngine(Config{}), g, text, nil)
		require.NoError(t, err)
	}
	const text = "MATCH (s:Start)-[:TO]->(h)-[:K]->(n)<-[:K]-(s) RETURN count(*) AS n"
	without, n := work(t, g, true, text)
	require.EqualValues(t, 4, n.AsInt())
	require.Greater(t, without.hops, 5000, "the hub's neighbours are read")
	with, n := work(t, g, false, text)
	require.EqualValues(t, 4, n.AsInt())
	require.Less(t, with.hops+with.questions, 50)
}

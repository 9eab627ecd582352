package cypher

import (
	"math/rand/v2"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/cytest"
	"github.com/pocketgraph/pocketgraph/internal/mapgraph"
)

// agree are statements that rules and kernels change the way of. With ORDER BY
// the order counts too.
var agree = []string{
	"MATCH (a)-[:K]->()-[:K]->()-[:K]->(f) WHERE a.v = $v RETURN count(DISTINCT f) AS n",
	"MATCH (a)-[:K]->()-[:K]->()-[:L]->()-[:K]->(f) RETURN count(DISTINCT f) AS n",
	"MATCH (a)-[]-()-[]-()-[]-(f) RETURN count(DISTINCT f) AS n",
	"MATCH (a)-[:K|L]-()-[:K]-(f) WHERE a.v = $v RETURN count(DISTINCT f) AS n",
	"MATCH (a)-[:K]->()-[:NONE]->(f) RETURN count(DISTINCT f) AS n",
	"MATCH (a) CALL (a) { MATCH (a)-[]->()-[:L]->(f) RETURN count(DISTINCT f) AS n } RETURN id(a) AS a, n",
	"OPTIONAL MATCH (a:NONE) OPTIONAL MATCH (a)-[:K]->()-[:K]->(f) RETURN count(DISTINCT f) AS n",
	"MATCH (a)-[:K]->()-[:K]->(f) RETURN count(DISTINCT f) AS n, min(f.v) AS low, count(DISTINCT f.v) AS values",
	"MATCH (a)-[:K]-()-[:K]-(f) WHERE a.v = $v AND f.v <> $v RETURN DISTINCT f.v AS v",
	"MATCH (a)-[]-(b)-[]-(c)-[:K]-(f:A) RETURN f.v AS v, count(DISTINCT f) AS n",
	"MATCH (a:A)<-[:K]-(b), (b)-[:L]->(f) RETURN DISTINCT f AS f",
	"MATCH (a)-[r]->(b)-[s]->(f) WHERE r.w > 1 RETURN count(DISTINCT f) AS n",
	"OPTIONAL MATCH (a {v: $v})-->(b) MATCH (b)-->(c)-->(f) WITH DISTINCT f RETURN f.v AS v",
	"MATCH (a)-[:K*1..3]->(f) WHERE a.v = $v RETURN count(DISTINCT f) AS n",
	"MATCH (a {v: $v})-[*0..2]-(f) RETURN DISTINCT f.v AS v",
	"MATCH (a:A)-[:K*]->(f) RETURN count(DISTINCT f) AS n",
	"MATCH (a)-[*1..2]-(f) WHERE a.v = $v RETURN count(DISTINCT f) AS n",
	"MATCH (a)-[:K*2..3]->(f) RETURN count(DISTINCT f) AS n",
	"MATCH (a)<-[:K*..2 {w: 1}]-(f) RETURN count(DISTINCT f) AS n, max(f.v) AS v",
	"MATCH (a)-[:K|L]->() RETURN a.v AS v, count(*) AS n ORDER BY n DESC, v LIMIT 3",
	"MATCH (a)-[r]-(b) RETURN a AS a, count(r) AS n, count(b) AS m",
	"MATCH (a) WHERE 1 < a.v AND a.v <= 4.5 RETURN count(a) AS n",
	"MATCH (a:A) WHERE $v <= a.v AND a.v < 4 RETURN count(a) AS n",
	"MATCH (a:A) WHERE a.v >= 1.5 AND a.v <= $v RETURN count(*) AS n",
	"MATCH (a:A) WHERE a.v = $v RETURN count(a) AS n",
	"MATCH (a:A) WHERE a.mixed > 1 AND a.mixed <= 7 RETURN count(*) AS n",
	"MATCH (a:A) WHERE a.f < 2.0 AND 0 <= a.f RETURN count(*) AS n",
	"MATCH (a:B) WHERE a.name > 'm' RETURN count(*) AS n",
	"MATCH (a:A) WHERE a.v < null RETURN count(*) AS n",
	"MATCH (a:A) WHERE a.v > 9223372036854775807 OR a.missing < 3 RETURN count(*) AS n",
	"MATCH (a:A) WHERE a.v > 9223372036854775807 RETURN count(*) AS n",
	"MATCH (a:A) WHERE a.missing < 3 RETURN count(*) AS n",
	"MATCH (a:Nobody) WHERE a.v < 3 RETURN count(*) AS n",
	"MATCH (b:A) CALL { MATCH (a:A) WHERE a.v < 3 RETURN count(a) AS n } RETURN b.v AS v, n",
	"MATCH (b:A) CALL (b) { MATCH (a:A) WHERE a.v < b.v RETURN count(a) AS n } RETURN b.v AS v, n",
	"MATCH (b) RETURN id(b) AS b, COUNT { MATCH (a:A) WHERE a.v > 1 } AS n",
	"MATCH (a) WHERE a.v >= $v AND a.v < 3.5 AND a.name = 'x' RETURN a.v AS v ORDER BY v",
	"MATCH (a) WHERE a.mixed > 1 AND a.mixed < 9.5 RETURN a.mixed AS m",
	"MATCH (a) WHERE a.f > 0.5 AND a.f <= 3 OR a.v = 0 RETURN count(*) AS n",
	"MATCH (a) WHERE a.f < 2.0 AND a.f >= -1 RETURN count(*) AS n, avg(a.f) AS f, sum(a.v) AS s",
	"MATCH (a) WHERE a.name > 'm' AND a.v > 1 RETURN count(*) AS n",
	"MATCH ()-[r]->() WHERE r.w >= 1 AND 3 > r.w RETURN count(r) AS n, sum(r.w) AS w",
	"MATCH (a) RETURN a.name AS name, count(*) AS n, avg(a.v) AS v, sum(a.mixed) AS s, max(a.f) AS f",
	"MATCH (a) RETURN a.mixed AS m, count(*) AS n, count(a.v) AS v",
	"MATCH (a) RETURN a.v AS v, a.name AS name, a.bool AS bool, count(DISTINCT a.mixed) AS n, sum(DISTINCT a.v) AS s",
	"MATCH (a)-[]->(b) RETURN a.f AS f, count(DISTINCT b) AS n, collect(DISTINCT b.v) IS NOT NULL AS c",
	"MATCH (a)-[]->(b) RETURN DISTINCT a.mixed AS m, b.f AS f",
	"MATCH (a) RETURN a.v AS v, a.name AS name ORDER BY name DESC, v SKIP 1 LIMIT 4",
	"MATCH (a)-[]->(b) RETURN a.v AS v, b.v AS w ORDER BY v, w DESC, a.name, b.name, id(a), id(b) LIMIT 7",
	"MATCH (a {v: $v}), (b:A) MATCH p = shortestPath((a)-[:K*]->(b)) RETURN id(a) AS a, id(b) AS b, length(p) AS n",
	"MATCH (a:A), (b {v: $v}) MATCH p = shortestPath((a)-[*..3]-(b)) RETURN id(a) AS a, id(b) AS b, length(p) AS n",
	"MATCH (a:A), (b {v: $v}) MATCH p = allShortestPaths((a)-[*]-(b)) RETURN id(a) AS a, id(b) AS b, length(p) AS n, count(*) AS c",
	"MATCH (a)-[:K]->(b)-[:K]->(c), (a)-[:K]->(c) RETURN count(*) AS n",
	"MATCH (a)-[r]-(b)-[s:K|L]-(c:A), (c)-[t]-(a) RETURN id(a) AS a, id(b) AS b, id(c) AS c, id(r) AS r, id(s) AS s, id(t) AS t",
	"MATCH (a)-[:K]->(b)<-[:L]-(c), (a)-[]->(c) WHERE b.v > 0 RETURN b.v AS v, count(*) AS n",
	"MATCH (a) RETURN id(a) AS a, COUNT { MATCH (a)-[:K]->()-[:K]->(f) RETURN DISTINCT f } AS n",
}

// TestRulesAgreeOnRandomGraphs compares the answers with every rule and kernel
// and with none, on small graphs full of loops, parallel relationships and missing,
// mixed and equal values.
func TestRulesAgreeOnRandomGraphs(t *testing.T) {
	for seed := uint64(1); seed <= 60; seed++ {
		r := rand.New(rand.NewPCG(seed, 7))
		g := randomGraph(r)
		params := map[string]graph.Value{"v": graph.Int(r.Int64N(5))}
		for _, text := range agree {
			want, got := answer(t, g, text, params, true), answer(t, g, text, params, false)
			require.Equal(t, want, got, "seed %d: %s", seed, text)
		}
	}
}

// TestCountsEndsOfLargeGraphs counts ends in a set that is too large to be emptied
// as a whole, and in one that becomes so on the way.
func TestCountsEndsOfLargeGraphs(t *testing.T) {
	const nodes = 300_000
	g := mapgraph.New()
	typ, err := g.Type("K")
	require.NoError(t, err)
	for range nodes {
		_, err := g.CreateNode(nil, nil)
		require.NoError(t, err)
	}
	link := func(a, b int) {
		_, err := g.CreateRel(graph.Node(a), graph.Node(b%nodes), typ, nil)
		require.NoError(t, err)
	}
	for i := range 300 {
		link(0, 1+i)
		for k := range 20 {
			link(1+i, (i*997+k*k*7919)%(1+i*1000))
		}
	}
	for range 2 { // the second time in the sets of the first
		for _, text := range []string{"MATCH (a)-[:K]->()-[:K]->(f) WHERE id(a) = 1 RETURN count(DISTINCT f) AS n", "MATCH (a)-[:K]->()-[:K]->(f) WHERE id(a) < 200 RETURN count(DISTINCT f) AS n"} {
			want := answer(t, g, text, nil, true)
			require.Equal(t, want, answer(t, g, text, nil, false), text)
			require.Greater(t, len(want[0]), 3, "ends of more than one digit")
		}
	}
}

// wordless makes every kernel fall back on values.
type wordless struct{ graph.Reader }

func (wordless) NodeWords(graph.KeyID, []graph.Node, *graph.Words) bool { return false }
func (wordless) RelWords(graph.KeyID, []graph.Rel, *graph.Words) bool   { return false }

func answer(t *testing.T, g *mapgraph.Graph, text string, params map[string]graph.Value, off bool) []string {
	e, rt := NewEngine(Config{NoRewrites: off}), &Runtime{Reader: g}
	if off {
		rt.Reader = wordless{g}
	}
	s, err := e.Prepare(text)
	require.NoError(t, err, text)
	rows, err := e.Run(rt, s, params)
	require.NoError(t, err, text)
	defer rows.Close()
	var out []string
	for {
		b, err := rows.Next()
		require.NoError(t, err, text)
		if b == nil {
			break
		}
		for i := range b.Len {
			line := ""
			for k := range b.Columns {
				line += cytest.Format(g, b.Columns[k][i]) + " "
			}
			out = append(out, line)
		}
	}
	if !strings.Contains(text, "ORDER BY") {
		sort.Strings(out)
	}
	return out
}

func randomGraph(r *rand.Rand) *mapgraph.Graph {
	g := mapgraph.New()
	key := func(name string) graph.KeyID { k, _ := g.Key(name); return k }
	label := func(name string) graph.LabelID { l, _ := g.Label(name); return l }
	values := map[graph.KeyID]func() graph.Value{
		key("v"):    func() graph.Value { return graph.Int(r.Int64N(5)) },
		key("f"):    func() graph.Value { return graph.Float(float64(r.IntN(9))/2 - 1) },
		key("name"): func() graph.Value { return graph.String([]string{"a", "m", "x"}[r.IntN(3)]) },
		key("bool"): func() graph.Value { return graph.Bool(r.IntN(2) == 0) },
		key("mixed"): func() graph.Value {
			return []graph.Value{graph.Int(2), graph.Float(2), graph.Float(2.5), graph.Int(-1), graph.Int(7)}[r.IntN(5)]
		},
	}
	keys := []graph.KeyID{key("v"), key("f"), key("name"), key("bool"), key("mixed")}
	nodes := 2 + r.IntN(7)
	for range nodes {
		var properties []graph.Property
		for _, k := range keys {
			if r.IntN(6) > 0 {
				properties = append(properties, graph.Property{Key: k, Value: values[k]()})
			}
		}
		_, _ = g.CreateNode([][]graph.LabelID{{}, {label("A")}, {label("A"), label("B")}}[r.IntN(3)], properties)
	}
	for _, name := range []string{"K", "L"} {
		typ, _ := g.Type(name)
		for range r.IntN(2*nodes + 2) {
			_, _ = g.CreateRel(graph.Node(r.IntN(nodes)), graph.Node(r.IntN(nodes)), typ, []graph.Property{{Key: key("w"), Value: graph.Int(r.Int64N(4))}})
		}
	}
	return g
}

package cypher

import (
	"fmt"
	"math/rand/v2"
	"sort"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/cytest"
	"github.com/pocketgraph/pocketgraph/internal/mapgraph"
)

// TestRepeatedGroupsAgree compares, on random graphs, ways to write the same
// pattern: as a relationship of variable length, as a quantified one, and as
// groups that the planner cannot take for one; each with and without rules.
func TestRepeatedGroupsAgree(t *testing.T) {
	same := [][]string{
		{
			"MATCH p = (a)-[r:K*1..3]->(b) RETURN a.n, b.n, size(r), length(p)",
			"MATCH p = (a)-[r:K]->{1,3}(b) RETURN a.n, b.n, size(r), length(p)",
			"MATCH p = (a) ((x)-[r:K]->(y)){1,3} (b) RETURN a.n, b.n, size(x), length(p)",
			"MATCH p = (a) ((x)-[r:K WHERE true]->(y) WHERE x.n >= 0){1,3} (b) RETURN a.n, b.n, size(y), length(p)",
		},
		{
			"MATCH (a {n: 0})-[r*0..4]-(b {n: 1}) RETURN [x IN r | x.w]",
			"MATCH (a {n: 0}) (()-[r]-(y)){0,4} (b {n: 1}) RETURN [x IN r | x.w]",
			"MATCH (b {n: 1}), (a {n: 0}) MATCH (a) ((y)-[r]-()){,4} (b) RETURN [x IN r | x.w]",
		},
		{
			"MATCH (a)-[r:!L*]->(b) RETURN a.n, b.n, [x IN r | x.w]",
			"MATCH (a)-[r:K|M]->+(b) RETURN a.n, b.n, [x IN r | x.w]",
			"MATCH (a)-[r* WHERE NOT r:L]->(b) RETURN a.n, b.n, [x IN r | x.w]",
		},
		{
			"MATCH (a)-[r:K]->(m)-[s:L]->(b)-[u:K]->(n)-[v:L]->(c) RETURN a.n, b.n, c.n",
			"MATCH (a) ((x)-[:K]->()-[:L]->(y)){2} (c) RETURN a.n, y[0].n, c.n",
		},
		{
			"MATCH (a {n: 0}), (b {n: 1}) MATCH p = shortestPath((a)-[*]->(b)) RETURN length(p)",
			"MATCH p = SHORTEST 1 (a {n: 0})-[]->+(b {n: 1}) RETURN length(p)",
			"MATCH (a {n: 0})-[r*]->(b {n: 1}) WITH min(size(r)) AS l WHERE l IS NOT NULL RETURN l",
			"MATCH p = SHORTEST 2 (a {n: 0})-[]->+(b {n: 1}) RETURN length(p) ORDER BY length(p) LIMIT 1",
		},
		{
			"MATCH p = ALL SHORTEST (a {n: 0})-[r:K|M]->+(b {n: 1}) RETURN [x IN relationships(p) | x.w]",
			"MATCH p = SHORTEST 1 GROUPS (a {n: 0})-[r WHERE NOT r:L]->+(b {n: 1}) RETURN [x IN r | x.w]",
		},
	}
	random := rand.New(rand.NewPCG(3, 4))
	rows := 0
	for round := range 40 {
		g := mapgraph.New()
		e := NewEngine(Config{})
		n := 2 + random.IntN(4)
		_, _, err := runOn(e, g, fmt.Sprintf("UNWIND range(0, %d) AS i CREATE ({n: i})", n-1), nil)
		require.NoError(t, err)
		for w := range random.IntN(9) {
			_, _, err := runOn(e, g, fmt.Sprintf("MATCH (a {n: %d}), (b {n: %d}) CREATE (a)-[:%s {w: %d}]->(b)",
				random.IntN(n), random.IntN(n), []string{"K", "K", "L", "M"}[random.IntN(4)], w), nil)
			require.NoError(t, err)
		}
		for _, texts := range same {
			var want []string
			for i, text := range texts {
				for _, off := range []bool{false, true} {
					got := sortedRows(t, NewEngine(Config{NoRewrites: off}), g, text)
					if i == 0 && !off {
						want = got
						rows += len(got)
					}
					require.Equal(t, want, got, "round %d, without rules: %v: %s", round, off, text)
				}
			}
		}
	}
	require.Greater(t, rows, 1000)
}

func sortedRows(t *testing.T, e *Engine, g *mapgraph.Graph, text string) []string {
	t.Helper()
	_, rows, err := runOn(e, g, text, nil)
	require.NoError(t, err, text)
	out := make([]string, len(rows))
	for i, row := range rows {
		out[i] = cytest.Format(g, graph.List(row))
	}
	sort.Strings(out)
	return out
}

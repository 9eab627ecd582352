package cypher

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/mapgraph"
)

// searched are patterns behind a selector. They are bounded, so that MATCH without
// one can list all that there is.
var searched = []string{
	"(a)-[:K]->(x)-[:L]->(b)",
	"(a:A)-[r:K]->(x)<-[q]-(b)",
	"(a)-[:K]->(x)-[:L]-(y:B)-[]->(b)",
	"(a)-[r:K*1..3]->(x:A)-[:L]->(b:B)",
	"(a:A)-[r*0..2]->(x)-[s:L*0..1]-(b)",
	"(a) ((x)-[r]->(y)){1,4} (b)",
	"(a:A) ((x)-[r:K]->(y)-[:L]->(z)){0,2} (b)",
	"(a) ((x)-[r]->(y) WHERE x.v < y.v){1,4} (b:B)",
	"(a) ((x)-[r]-(y) WHERE x.v <> y.v){1,3} (b:B)",
	"(a:A) ((x)-[:K]->(y)){1,2} ((u)-[:L]->(w)){0,2} (b)",
	"(a:A)((x)-[:K]->(y)){1,2}(m:B)-[l]-(b)",
	"(a)-[:K]->+(m:A)-[:L]->{0,2}(b)",
	"(a)-->(x)-->(a)",
	"(a)-->(x)-->(x)-->(b)",
	"((a)-[r]->(x)-[q]->(b) WHERE r.w < q.w)",
	"((a)-[r]->(x)-[:K|L*1..2]->(b) WHERE x.v <> b.v AND a.v < b.v)",
	"((a)-[r:K*1..2]->(x)-->(b) WHERE size(r) = 1 OR x.v > 2)",
	"(a WHERE a.v > 1)-[r WHERE r.w > a.v]->(x)-[s {w: 2}]->(b)",
	"(a)-[:!K]->(x)-[:K]->(b)",
	"((x)-[r]->(y)-[q]->(z)){1,2}",
	"(a)-[]->(x)-[]->(x2)-[]-{1,2}(b)",
}

// randomSmall makes a graph in which the patterns above match a few hundred times.
func randomSmall(t *testing.T, e *Engine, r *rand.Rand) *mapgraph.Graph {
	g := mapgraph.New()
	var text strings.Builder
	nodes := 3 + r.IntN(4)
	text.WriteString("CREATE ")
	for i := range nodes {
		fmt.Fprintf(&text, "(n%d%s {v: %d}), ", i, []string{"", ":A", ":B", ":A:B"}[r.IntN(4)], r.IntN(5))
	}
	for i := range nodes + r.IntN(4) {
		if i > 0 {
			text.WriteString(", ")
		}
		fmt.Fprintf(&text, "(n%d)-[:%s {w: %d}]->(n%d)", r.IntN(nodes), []string{"K", "L"}[r.IntN(2)], r.IntN(4), r.IntN(nodes))
	}
	_, _, err := runOn(e, g, text.String(), nil)
	require.NoError(t, err, text.String())
	return g
}

// ways are the paths of an answer, by their ends: as texts, with their lengths.
func ways(t *testing.T, e *Engine, g *mapgraph.Graph, text string) map[[2]graph.Node][][2]any {
	t.Helper()
	_, rows, err := runOn(e, g, text, nil)
	require.NoError(t, err, text)
	out := map[[2]graph.Node][][2]any{}
	for _, row := range rows {
		p := row[0].AsPath()
		ends := [2]graph.Node{p.Nodes[0], p.Nodes[len(p.Nodes)-1]}
		var all strings.Builder // the other variables are part of an answer
		fmt.Fprint(&all, p.Nodes, p.Rels)
		for _, v := range row[1:] {
			fmt.Fprint(&all, " ", show(v))
		}
		out[ends] = append(out[ends], [2]any{len(p.Rels), all.String()})
	}
	for _, list := range out {
		slices.SortFunc(list, func(a, b [2]any) int {
			if a[0] != b[0] {
				return a[0].(int) - b[0].(int)
			}
			return strings.Compare(a[1].(string), b[1].(string))
		})
	}
	return out
}

// show prints handles and lists of them.
func show(v graph.Value) string {
	switch v.Kind() {
	case graph.KindNode:
		return fmt.Sprint("n", v.AsNode())
	case graph.KindRel:
		return fmt.Sprint("r", v.AsRel())
	case graph.KindList:
		var parts []string
		for _, item := range v.AsList() {
			parts = append(parts, show(item))
		}
		return "[" + strings.Join(parts, " ") + "]"
	}
	return v.Kind().String()
}

// TestSelectorsAgainstAllWays lists every way of a pattern and picks what a
// selector is to give; the search must give the same.
func TestSelectorsAgainstAllWays(t *testing.T) {
	graphs := 40
	if testing.Short() {
		graphs = 5
	}
	seen := 0
	for seed := range uint64(graphs) {
		r := rand.New(rand.NewPCG(seed, 1))
		e := NewEngine(Config{})
		g := randomSmall(t, e, r)
		for _, pattern := range searched {
			names := variablesOf(pattern)
			end := " RETURN " + strings.Join(append([]string{"p"}, names...), ", ")
			all := ways(t, e, g, "MATCH p = "+pattern+end)
			seen += len(all)
			for k := 1; k <= 3; k++ {
				note := fmt.Sprintf("seed %d, %d of %s", seed, k, pattern)
				groups := ways(t, e, g, fmt.Sprintf("MATCH p = SHORTEST %d GROUPS %s%s", k, pattern, end))
				some := ways(t, e, g, fmt.Sprintf("MATCH p = SHORTEST %d %s%s", k, pattern, end))
				require.Len(t, groups, len(all), note)
				require.Len(t, some, len(all), note)
				for ends, list := range all {
					require.Equal(t, upTo(list, k), groups[ends], note)
					require.Len(t, some[ends], min(k, len(list)), note)
					for i, way := range some[ends] {
						require.Equal(t, list[i][0], way[0], note)
						require.Contains(t, list, way, note)
					}
				}
			}
			require.Equal(t, ways(t, e, g, "MATCH p = SHORTEST 1 GROUPS "+pattern+end), ways(t, e, g, "MATCH p = ALL SHORTEST "+pattern+end))
		}
	}
	require.Greater(t, seen, 10*graphs, "pairs of ends between which there was a way")
}

// upTo gives the ways of the k smallest lengths; list is sorted by them.
func upTo(list [][2]any, k int) [][2]any {
	lengths, last := 0, -1
	for i, way := range list {
		if way[0].(int) != last {
			if lengths == k {
				return list[:i]
			}
			last = way[0].(int)
			lengths++
		}
	}
	return list
}

// variablesOf are the names in a pattern that stand before a colon, a bracket or so.
func variablesOf(pattern string) (names []string) {
	for i := 0; i+1 < len(pattern); i++ {
		if pattern[i] != '(' && pattern[i] != '[' {
			continue
		}
		j := i + 1
		for j < len(pattern) && (pattern[j] >= 'a' && pattern[j] <= 'z' || j > i+1 && pattern[j] >= '0' && pattern[j] <= '9') {
			j++
		}
		if name := pattern[i+1 : j]; name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// askedHops counts how often a graph is asked for neighbours.
type askedHops struct {
	graph.Reader
	asked int
}

func (c *askedHops) Hops(buf *[]graph.Hop, n graph.Node, d graph.Direction, types []graph.TypeID) []graph.Hop {
	c.asked++
	return c.Reader.Hops(buf, n, d, types)
}

func (c *askedHops) AppendHops(dst []graph.Hop, n graph.Node, d graph.Direction, types []graph.TypeID) []graph.Hop {
	c.asked++
	return c.Reader.AppendHops(dst, n, d, types)
}

// TestSearchesAskLittle: the ladder of runawayGraph has 120 nodes and 2^39 ways.
// One search may ask for the neighbours of a node once for each place of the
// pattern, going back, and once more for each step of a way that it finds.
func TestSearchesAskLittle(t *testing.T) {
	e := NewEngine(Config{})
	g := runawayGraph(t, e)
	for _, c := range []struct {
		text string
		most int
	}{
		{"MATCH p = ANY SHORTEST (a:L {i: 0}) ((x:L)-[:S]->(y:J)-[:S]->(z:L))+ (b:L {i: 39}) RETURN length(p)", 2*120 + 78},
		{"MATCH p = ANY SHORTEST (a:L {i: 0})-[:S]->(j)-[:S]->+(l:L)-[:S]->(k:J)-[:S]->(b:L {i: 39}) RETURN length(p)", 4*120 + 78},
		{"MATCH p = SHORTEST 5 (a:L {i: 0}) ((x:L)-[:S]->(y:J)-[:S]->(z:L))+ (b:L {i: 39}) RETURN length(p)", 2*120 + 5*78},
	} {
		s, err := e.Prepare(c.text)
		require.NoError(t, err)
		counted := &askedHops{Reader: g}
		rows, err := e.Run(&Runtime{Reader: counted}, s, nil)
		require.NoError(t, err)
		b, err := rows.Next()
		require.NoError(t, err)
		require.NotZero(t, b.Len)
		require.EqualValues(t, 78, b.Columns[0][0].AsInt(), c.text)
		rows.Close()
		require.LessOrEqual(t, counted.asked, c.most, c.text)
	}
}

package cypher

import (
	"strings"
	"testing"

	"github.com/pocketgraph/pocketgraph/internal/mapgraph"
	"github.com/stretchr/testify/require"
)

// TestPlansPrint has the example of each rule: the statement, and its plan
// with the rules and without.
func TestPlansPrint(t *testing.T) {
	cases := []struct{ name, text, with, without string }{
		{"push down, label scan", "MATCH (a:Person)-[:KNOWS]->(b) WHERE a.age > 30 RETURN b.name AS n", `
			Project(b.name AS n)
			  Expand((a)-[ relationship:KNOWS]->(b))
			    Filter(a.age > 30)
			      LabelScan(a:Person)
			        Argument()`, `
			Project(b.name AS n)
			  Filter(a:Person AND a.age > 30)
			    Expand((a)-[ relationship:KNOWS]->(b))
			      AllNodes(a)
			        Argument()`},
		{"index seek", "MATCH (p:Person {id: $id}) RETURN p", `
			IndexSeek(p:Person(id) = $id)
			  Argument()`, `
			Filter(p:Person AND p.id = $id)
			  AllNodes(p)
			    Argument()`},
		{"index seek for each of a list", "MATCH (p:Person) WHERE p.id IN $ids RETURN p", `
			IndexSeek(p:Person(id) IN $ids)
			  Argument()`, `
			Filter(p:Person AND p.id IN $ids)
			  AllNodes(p)
			    Argument()`},
		{"index seek for alternatives", "MATCH (p:Person) WHERE p.id = 1 OR p.id = $id RETURN p", `
			IndexSeek(p:Person(id) IN [1, $id])
			  Argument()`, ""},
		{"index seek for each of a list with one value", "MATCH (p:Pair) WHERE p.a IN $list AND p.b = 1 RETURN p", `
			IndexSeek(p:Pair(a, b) = any of $list, 1)
			  Argument()`, ""},
		{"index seek for few pairs", "MATCH (p:Pair) WHERE p.a IN [1, 2] AND p.b IN [3, 4] RETURN p", `
			IndexSeek(p:Pair(a, b) = any of [1, 2], any of [3, 4])
			  Argument()`, ""},
		{"no index seek for all pairs of two lists", "MATCH (p:Pair) WHERE p.a IN $list AND p.b IN $list RETURN p", `
			Filter(p.a IN $list AND p.b IN $list)
			  LabelScan(p:Pair)
			    Argument()`, ""},
		{"relationship index seek", "MATCH (a)-[r:KNOWS {since: $year}]->(b) RETURN a, b", `
			RelEnds((a)-[r:KNOWS]->(b))
			  IndexSeek(r:KNOWS(since) = $year)
			    Argument()`, `
			Filter(r.since = $year)
			  Expand((a)-[r:KNOWS]->(b))
			    AllNodes(a)
			      Argument()`},
		{"expand into", "MATCH (a:Person), (b:X) MATCH (a)-[r:K]->(b) RETURN r", `
			ExpandInto((a)-[r:K]->(b))
			  Filter(a IS NOT NULL AND b IS NOT NULL)
			    LabelScan(b:X)
			      LabelScan(a:Person)
			        Argument()`, ""},
		{"intersection", "MATCH (a:X)-[:K]->(b)-[:K]->(c:X)<-[:K]-(a) RETURN c", `
			Filter(c:X)
			  Intersect((b)-[ relationship:K]->(c) AND (a)-[ relationship:K]->(c))
			    Expand((a)-[ relationship:K]->(b))
			      LabelScan(a:X)
			        Argument()`, `
			Filter(a:X AND c:X)
			  ExpandInto((c)<-[ relationship:K]-(a))
			    Expand((b)-[ relationship:K]->(c))
			      Expand((a)-[ relationship:K]->(b))
			        AllNodes(a)
			          Argument()`},
		{"there and back", "MATCH (a:Person)-[:K]->(b)-[:K]->(a) RETURN count(*) AS n", `
			Project(count(*) AS n)
			  Aggregate(count(*))
			    Intersect((a)-[ relationship:K]->(b) AND (a)<-[ relationship:K]-(b))
			      LabelScan(a:Person)
			        Argument()`, `
			Project(count(*) AS n)
			  Aggregate(count(*))
			    Filter(a:Person)
			      ExpandInto((b)-[ relationship:K]->(a))
			        Expand((a)-[ relationship:K]->(b))
			          AllNodes(a)
			            Argument()`},
		{"top k", "MATCH (a) RETURN a ORDER BY a.x DESC LIMIT 3", `
			Limit(3)
			  Sort(a.x DESC, top 3)
			    AllNodes(a)
			      Argument()`, `
			Limit(3)
			  Sort(a.x DESC)
			    AllNodes(a)
			      Argument()`},
		{"count from the store", "MATCH (a:Person) RETURN count(a) AS n", `
			Project(count(a) AS n)
			  CountStore(nodes :Person)
			    Argument()`, `
			Project(count(a) AS n)
			  Aggregate(count(a))
			    Filter(a:Person)
			      AllNodes(a)
			        Argument()`},
		{"count of a range", "MATCH (a:Person) WHERE $low <= a.x AND a.x < 7 RETURN count(a) AS n", `
			Project(count(a) AS n)
			  CountRange(a:Person WHERE $low <= a.x AND a.x < 7)
			    Argument()`, `
			Project(count(a) AS n)
			  Aggregate(count(a))
			    Filter(a:Person AND $low <= a.x AND a.x < 7)
			      AllNodes(a)
			        Argument()`},
		{"a count that is more than one of a range", "MATCH (a:Person) WHERE a.x < a.y RETURN count(*) AS n", `
			Project(count(*) AS n)
			  Aggregate(count(*))
			    Filter(a.x < a.y)
			      LabelScan(a:Person)
			        Argument()`, ""},
		{"counts from degrees", "MATCH (a)-[r:K]->() RETURN a.id AS id, count(r) AS n", `
			Project(count(r) AS n)
			  Aggregate(sum(#degree) BY a.id AS id)
			    Degree((a) K)
			      AllNodes(a)
			        Argument()`, `
			Project(count(r) AS n)
			  Aggregate(count(r) BY a.id AS id)
			    Expand((a)-[r:K]->( node))
			      AllNodes(a)
			        Argument()`},
		{"distinct ends", "MATCH (p:Person)-[:K]->()-[:K]->(f) RETURN count(DISTINCT f) AS n", `
			Project(count(DISTINCT f) AS n)
			  CountEnds(( node)-[:K]->(f))
			    Expand((p)-[ relationship:K]->( node))
			      LabelScan(p:Person)
			        Argument()`, `
			Project(count(DISTINCT f) AS n)
			  Aggregate(count(DISTINCT f))
			    Filter(p:Person)
			      Expand(( node)-[ relationship:K]->(f))
			        Expand((p)-[ relationship:K]->( node))
			          AllNodes(p)
			            Argument()`},
		{"reach", "MATCH (p:Person)-[:K*0..3]->(f) RETURN DISTINCT f.name AS name", `
			Distinct(name)
			  Project(f.name AS name)
			    Reach((p)-[:K*0..3]->(f))
			      LabelScan(p:Person)
			        Argument()`, `
			Distinct(name)
			  Project(f.name AS name)
			    Filter(p:Person)
			      VarExpand((p)-[ relationship:K*0..3]->(f))
			        AllNodes(p)
			          Argument()`},
		{"eager between reading and writing", "MATCH (a) CREATE (b:Person) RETURN b", `
			Create(b)
			  Eager()
			    AllNodes(a)
			      Argument()`, ""},
		{"eager between writing and reading", "CREATE (a:Person) WITH a MATCH (b:Person) RETURN count(*) AS n", `
			Project(count(*) AS n)
			  Aggregate(count(*))
			    LabelScan(b:Person)
			      Eager()
			        Create(a)
			          Argument()`, ""},
	}
	g := mapgraph.New()
	_, _, err := runOn(NewEngine(Config{}), g, "CREATE INDEX FOR (p:Person) ON (p.id)", nil)
	require.NoError(t, err)
	_, _, err = runOn(NewEngine(Config{}), g, "CREATE INDEX FOR ()-[r:KNOWS]-() ON (r.since)", nil)
	require.NoError(t, err)
	_, _, err = runOn(NewEngine(Config{}), g, "CREATE INDEX FOR (p:Pair) ON (p.a, p.b)", nil)
	require.NoError(t, err)
	_, _, err = runOn(NewEngine(Config{}), g, "UNWIND range(1, 10) AS i CREATE (:X)", nil)
	require.NoError(t, err)
	// The names are known, so that no plan has a note of one that nothing has.
	_, _, err = runOn(NewEngine(Config{}), g, "CREATE (n:Person {age: 1, name: 'n', x: 1})-[:K]->(n)", nil)
	require.NoError(t, err)
	_, _, err = runOn(NewEngine(Config{}), g, "MATCH (n:Person) DETACH DELETE n", nil)
	require.NoError(t, err)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, outdent(c.with), explain(t, false, g, c.text))
			if c.without != "" {
				require.Equal(t, outdent(c.without), explain(t, true, g, c.text))
			}
		})
	}
}

func outdent(text string) string {
	return strings.ReplaceAll(strings.TrimPrefix(text, "\n"), "\t\t\t", "")
}

// explain gives the plan without the notes below it, which tell what the almost
// empty graph of these examples lacks.
func explain(t *testing.T, off bool, g *mapgraph.Graph, text string) string {
	_, rows, err := runOn(NewEngine(Config{NoRewrites: off}), g, "EXPLAIN "+text, nil)
	require.NoError(t, err)
	var lines []string
	for _, row := range rows {
		if line := row[0].AsString(); !strings.HasPrefix(line, "note: ") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

package cypher

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// text prints dependencies: labels with a colon, types in brackets, keys with a
// dot, and a word in angles for all of a kind.
func (d *Dependencies) text() string {
	var out []string
	for _, word := range []struct {
		on   bool
		name string
	}{{d.Everything, "<everything>"}, {d.Nodes, "<nodes>"}, {d.AllLabels, "<labels>"}, {d.AllTypes, "<types>"}, {d.AllKeys, "<keys>"}} {
		if word.on {
			out = append(out, word.name)
		}
	}
	for _, l := range d.Labels {
		out = append(out, ":"+l)
	}
	for _, t := range d.Types {
		out = append(out, "["+t+"]")
	}
	for _, k := range d.Keys {
		out = append(out, "."+k)
	}
	return strings.Join(out, " ")
}

func TestDependencies(t *testing.T) {
	e := NewEngine(Config{})
	for text, want := range map[string]string{
		"RETURN 1 AS x":                                 "",
		"MATCH (n) RETURN count(*) AS c":                "<nodes>",
		"MATCH (p:Person) RETURN count(p) AS c":         ":Person",
		"MATCH (p:Person) RETURN p.name AS name":        ":Person .name",
		"MATCH (p:Person) RETURN p":                     "<labels> <keys> :Person",
		"MATCH (p:Person) RETURN *":                     "<labels> <keys> :Person",
		"MATCH (p:Person {age: $a}) RETURN id(p) AS id": ":Person .age",
		"MATCH (p:Person) WITH p AS q ORDER BY q.age LIMIT 3 RETURN q.name AS n ORDER BY n":       ":Person .age .name",
		"MATCH (a:A)-[:R]->(b) WHERE b.x > 1 RETURN a.y AS y, count(DISTINCT b) AS n":             ":A [R] .x .y",
		"MATCH (a)-[:R|S]->() RETURN id(a) AS a":                                                  "[R] [S]",
		"MATCH (a)-[r]->() RETURN type(r) AS t":                                                   "<types>",
		"MATCH (a)-[:R*0..2]->(b) RETURN count(*) AS n":                                           "<nodes> [R]",
		"MATCH (a)-[:R*]->(b:B) RETURN count(*) AS n":                                             ":B [R]",
		"MATCH (n:A|B) RETURN count(*) AS n":                                                      ":A :B",
		"MATCH (n:!A) RETURN count(*) AS n":                                                       "<nodes> :A",
		"MATCH (n:%) RETURN count(*) AS n":                                                        "<nodes> <labels>",
		"MATCH (n:A) WHERE n:B OR n.x IS NULL RETURN count(*) AS n":                               ":A :B .x",
		"MATCH (n:A) RETURN labels(n) AS l":                                                       "<labels> :A",
		"MATCH (n:A) RETURN keys(n) AS k":                                                         "<keys> :A",
		"MATCH (n:A) RETURN n[$k] AS v":                                                           "<keys> :A",
		"MATCH (n:A) RETURN n['k'] AS v":                                                          ":A .k",
		"MATCH (n:A) RETURN n {.x, y: 1} AS m":                                                    ":A .x",
		"MATCH (n:A) RETURN n {.*} AS m":                                                          "<keys> :A",
		"MATCH (n:A) WHERE EXISTS { (n)-[:R]->(m:M) WHERE m.z = 1 } RETURN count(*) AS c":         ":A :M [R] .z",
		"MATCH (n:A) RETURN COUNT { MATCH (n)<-[:R]-() } AS c":                                    ":A [R]",
		"MATCH (n:A) OPTIONAL MATCH (n)-[:R]->(m) RETURN n.x AS x, m.y AS y":                      ":A [R] .x .y",
		"MATCH (n:A) RETURN [(n)-[:R]->(m) | m.name] AS l":                                        ":A [R] .name",
		"MATCH (n:A) RETURN [x IN n.list WHERE x > 1 | x + 1] AS l":                               ":A .list",
		"MATCH (a)-[rs:R*]->(b) RETURN rs[0] AS r":                                                "<labels> <keys> [R]",
		"MATCH (a) ((x)-[r:R]->(y))+ (b) RETURN x[0] AS n":                                        "<labels> <keys> [R]",
		"MATCH p = (:A)-[:R]->() RETURN p":                                                        "<labels> <keys> :A [R]",
		"MATCH p = (:A)-[:R]->() RETURN length(p) AS n":                                           ":A [R]",
		"MATCH p = shortestPath((a:A)-[:R*]-(b:B)) RETURN [n IN nodes(p) | n.x] AS l":             "<labels> <keys> :A :B [R] .x",
		"MATCH (a:A), (b:B) WHERE a <> b AND a.x = b.x RETURN id(a) AS a":                         ":A :B .x",
		"MATCH (a:A) WITH collect(a) AS all RETURN size(all) AS n":                                "<labels> <keys> :A",
		"UNWIND $rows AS row MATCH (n:A {id: row.id}) RETURN n.x AS x":                            ":A .id .x",
		"MATCH (n:A) CALL { WITH n MATCH (n)-[:R]->(m) RETURN count(m) AS c } RETURN n.x AS x, c": ":A [R] .x",
		"MATCH (n:A) RETURN n.x AS v UNION ALL MATCH (m:B) RETURN m.y AS v":                       ":A :B .x .y",
		"MATCH (a)-[r:R]->() RETURN startNode(r).x AS x":                                          "[R] .x",
		"MATCH (n:$($l)) RETURN count(*) AS c":                                                    "<nodes> <labels>",
		"CALL db.labels() YIELD label RETURN label":                                               "<everything>",
		"SHOW INDEXES": "<everything>",
		"CREATE (n)":   "<everything>",
		"MATCH (n:A) WHERE any(l IN labels(n) WHERE l = 'B') RETURN sum(n.x) AS s": "<labels> :A .x",
		"MATCH (n:A) WHERE NOT (n)-[:R]->() RETURN n.x AS x":                       ":A [R] .x",
		"MATCH (a:A) ((x)-[:R]->(y:Y)){0,3} (b) RETURN count(*) AS n":              "<nodes> :A :Y [R]",
	} {
		s, err := e.Prepare(text)
		require.NoError(t, err, text)
		require.Equal(t, want, s.Dependencies().text(), text)
	}
}

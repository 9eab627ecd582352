package jsbridge

import (
	"encoding/json"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
)

// engineCases is the one table of cases that runs through every path: the
// dispatcher natively, the exports and globalThis.pocketgraph in a page, on
// memory and on files. They run in order on one database. Rows are JSON of
// what JavaScript sees; ID stands for an element id.
var engineCases = []struct {
	text   string
	params []graph.Entry
	code   string // of the error, or empty
	rows   string
}{
	{text: "RETURN 1 AS x", rows: `[{"x":1}]`},
	{text: "RETURN 9007199254740993 AS big, 0.5 AS f, 'ü' AS s, null AS n, true AS t",
		rows: `[{"big":"9007199254740993n","f":0.5,"n":null,"s":"ü","t":true}]`},
	{text: "UNWIND [1, 2, 3] AS x RETURN x ORDER BY x DESC", rows: `[{"x":3},{"x":2},{"x":1}]`},
	{text: "RETURN [1, [2, 'x']] AS l, {a: {b: 1}} AS m", rows: `[{"l":[1,[2,"x"]],"m":{"a":{"b":1}}}]`},
	{text: "RETURN $p AS p", params: []graph.Entry{{Key: "p", Value: graph.List([]graph.Value{graph.Int(1), graph.String("z")})}}, rows: `[{"p":[1,"z"]}]`},
	{text: "RETURN $missing AS p", code: "ParameterMissing"},
	{text: "RETURN", code: "SyntaxError"},
	{text: "RETURN x", code: "SyntaxError"},
	{text: "RETURN 1 + true AS x", code: "SyntaxError"},
	{text: "CREATE (:Person {name: 'Ada', `__proto__`: 1})-[:KNOWS {since: 1843}]->(:Person {name: 'Bo'})", rows: `[]`},
	{text: "MATCH (p:Person) RETURN p.name AS name ORDER BY name", rows: `[{"name":"Ada"},{"name":"Bo"}]`},
	{text: "MATCH (p:Person {name: 'Ada'}) RETURN p AS `__proto__`",
		rows: `[{"__proto__":{"id":ID,"labels":["Person"],"properties":{"__proto__":1,"name":"Ada"}}}]`},
	{text: "MATCH ()-[r]->() RETURN r", rows: `[{"r":{"end":ID,"id":ID,"properties":{"since":1843},"start":ID,"type":"KNOWS"}}]`},
	{text: "MATCH (p:Person) SET p.age = 30", rows: `[]`},
	{text: "MATCH (p:Person) RETURN count(p) AS n, sum(p.age) AS s", rows: `[{"n":2,"s":60}]`},
	{text: "MATCH (p:Person {name: 'Ada'}) DELETE p", code: "ConstraintVerificationFailed"},
	{text: "MATCH (p:Person) RETURN count(p) AS n", rows: `[{"n":2}]`},
	{text: "MATCH (p:Person) DETACH DELETE p", rows: `[]`},
	{text: "MATCH (n) RETURN count(n) AS n", rows: `[{"n":0}]`},
	{text: "UNWIND range(1, 3000) AS i CREATE (:N {i: i})", rows: `[]`},
	{text: "MATCH (n:N) RETURN count(n) AS n, sum(n.i) AS s", rows: `[{"n":3000,"s":4501500}]`},
}

var idPattern = regexp.MustCompile(`"(id|start|end)":"[^"]+"`)

// rowsJSON shows rows as the table of cases does.
func rowsJSON(t *testing.T, all []object) string {
	var columns []string
	rows := []object{}
	for _, a := range all {
		switch a["kind"] {
		case AnswerHead:
			columns = a["columns"].([]string)
		case AnswerRows:
			for _, row := range a["rows"].([][]any) {
				o := object{}
				for i, v := range row {
					o[columns[i]] = plainOf(v)
				}
				rows = append(rows, o)
			}
		}
	}
	b, err := json.Marshal(rows)
	require.NoError(t, err)
	return idPattern.ReplaceAllString(string(b), `"$1":ID`)
}

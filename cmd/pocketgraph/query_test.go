package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestQueryTable(t *testing.T) {
	dir := people(t)
	require.Equal(t, strings.TrimLeft(`
┌───────┬────────┬─────────────────────────────────────┐
│ name  │ p.born │ p                                   │
├───────┼────────┼─────────────────────────────────────┤
│ 'Ada' │   1815 │ (:Person {name: 'Ada', born: 1815}) │
│ 'Bob' │   null │ (:Person {name: 'Bob'})             │
└───────┴────────┴─────────────────────────────────────┘
2 rows
`, "\n"), good(t, "query", dir, "MATCH (p:Person) RETURN p.name AS name, p.born, p ORDER BY name"))
	require.Equal(t, strings.TrimLeft(`
┌───┐
│ n │
└───┘
0 rows
`, "\n"), good(t, "query", dir, "MATCH (n:Nobody) RETURN n"))
	require.Equal(t, "1 node created, 2 properties set, 1 label added\n", good(t, "query", dir, "CREATE (:City {name: 'Paris', at: [1, 2]})"))
	require.Equal(t, "nothing changed\n", good(t, "query", dir, "MATCH (n:Nobody) DELETE n"))
	require.Equal(t, "1 index created\n", good(t, "query", dir, "CREATE INDEX FOR (p:Person) ON (p.name)"))
}

func TestQueryPrintsPlans(t *testing.T) {
	dir := people(t)
	explain := good(t, "query", dir, "explain MATCH (p:Person) RETURN p.name")
	require.Contains(t, explain, "LabelScan")
	require.NotContains(t, explain, "│")
	profile := good(t, "query", dir, "PROFILE MATCH (p:Person) RETURN p.name")
	require.Contains(t, profile, "'Ada'")
	require.Contains(t, profile, "rows=2")
}

func TestQueryJSON(t *testing.T) {
	dir := people(t)
	require.Equal(t, `{"b":"<Ada>","a":1,"x":1.5,"n":null,"l":[1,"a"],"m":{"k":true}}`+"\n"+`{"b":"<Ada>","a":2,"x":1.5,"n":null,"l":[1,"a"],"m":{"k":true}}`+"\n",
		good(t, "query", dir, "UNWIND [1, 2] AS a RETURN '<Ada>' AS b, a, 1.5 AS x, null AS n, [1, 'a'] AS l, {k: true} AS m", "--format", "json"))
	require.Equal(t, `{"p":{"nodes":[{"id":1,"labels":["Person"],"properties":{"born":1815,"name":"Ada"}},{"id":2,"labels":["Person"],"properties":{"name":"Bob"}}],"relationships":[{"end":2,"id":1,"properties":{"since":1833},"start":1,"type":"KNOWS"}]}}`+"\n",
		good(t, "query", dir, "MATCH p = (:Person)-[:KNOWS]->() RETURN p", "--format", "json"))
	require.Empty(t, good(t, "query", dir, "MATCH (n:Nobody) RETURN n", "--format", "json"))
	require.Empty(t, good(t, "query", dir, "CREATE (:X)", "--format", "json"))
}

func TestQueryCSV(t *testing.T) {
	dir := people(t)
	require.Equal(t, "a,\"b,c\",n,l\n1,\"x,\"\"y\"\"\nz\",,\"[1, 'a']\"\n",
		good(t, "query", dir, "RETURN 1 AS a, 'x,\"y\"\nz' AS `b,c`, null AS n, [1, 'a'] AS l", "--format", "csv"))
	require.Equal(t, "n\n", good(t, "query", dir, "MATCH (n:Nobody) RETURN n", "--format", "csv"))
}

func TestQueryParameters(t *testing.T) {
	dir := people(t)
	require.Equal(t, `{"i":2,"f":2,"text":"a,b","list":[1,2.5,null],"map":{"k":[true]}}`+"\n",
		good(t, "query", dir, "RETURN $i + 1 AS i, $f * 2 AS f, $text AS text, $list AS list, $map AS map", "--format", "json",
			"-p", "i=1", "-p", "f=1.0", "-p", `text="a,b"`, "--param", "list=[1,2.5,null]", "-p", `map={"k":[true]}`))
	for param, want := range map[string]string{
		"x": `parameter "x" is not NAME=JSON`, "=1": `parameter "=1" is not NAME=JSON`,
		"x=": "parameter x: ", "x=abc": "parameter x: ", "x=1 2": "parameter x: text after the value", "x=1]": "parameter x: ",
	} {
		r := call("", "query", dir, "RETURN $x", "-p", param)
		require.Equal(t, exitFailed, r.code, param)
		require.Contains(t, r.err, want)
	}
	r := call("", "query", dir, "RETURN $y")
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.err, "ParameterMissing")
}

func TestQueryErrors(t *testing.T) {
	dir := people(t)
	r := call("", "query", dir, "MATCH (p)\nRETURN q")
	require.Equal(t, ran{exitFailed, "", "pocketgraph: SyntaxError/UndefinedVariable: the variable q is not defined\n2 | RETURN q\n  |        ^\n"}, r)
	r = call("", "query", dir, "UNWIND [1, 0] AS x RETURN 1 / x", "--format", "json")
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.err, "division by zero")
}

func TestTablesFitTheScreen(t *testing.T) {
	dir := people(t)
	r := callOn(terminal{width: 40}, "", "query", dir, "RETURN 1 AS one, 'a very long text that goes on and on and on' AS text, '日本語日本語日本語日本語日本語日本語' AS wide")
	require.Equal(t, exitOK, r.code, r.err)
	require.Equal(t, strings.TrimLeft(`
┌─────┬───────────────┬────────────────┐
│ one │ text          │ wide           │
├─────┼───────────────┼────────────────┤
│   1 │ 'a very long… │ '日本語日本語… │
└─────┴───────────────┴────────────────┘
1 row
`, "\n"), r.out)
	// Columns that are cut too much say nothing: then the screen has to be wider.
	r = callOn(terminal{width: 10}, "", "query", dir, "RETURN 'a very long text' AS text")
	require.Contains(t, r.out, "│ 'a very… │")
}

func TestLongResultsAreSeveralTables(t *testing.T) {
	dir := people(t)
	out := good(t, "query", dir, "UNWIND range(1, 2500) AS x RETURN x")
	require.Equal(t, 3, strings.Count(out, "│ x "))
	require.Equal(t, 2500+3*4+1, strings.Count(out, "\n"))
	require.True(t, strings.HasSuffix(out, "\n2500 rows\n"))
	require.Equal(t, 1, strings.Count(good(t, "query", dir, "UNWIND range(1, 1000) AS x RETURN x"), "┌"))
}

// Data must not command the terminal of the one who reads it.
func TestControlCharactersAreShown(t *testing.T) {
	dir := people(t)
	out := good(t, "query", dir, "CREATE (n:`a\u001b b` {`k\n`: 'x\u001b[2J\ny\u202e'})-[r:`T T`]->(:`_ok9`) RETURN n, r, {`m\u0007`: 1} AS `c\u001b`")
	for _, c := range out {
		require.False(t, c < ' ' && c != '\n' || c == 0x7f || c == '\u202e', "%q", out)
	}
	require.Contains(t, out, "(:`a\\u001B b` {`k\\n`: 'x\\u001B[2J\\ny\\u202E'})")
	require.Contains(t, out, "[:`T T`]")
	require.Contains(t, out, "{`m\\u0007`: 1}")
	require.Contains(t, out, "│ c\\u001B ")
}

func TestValuesAsText(t *testing.T) {
	dir := people(t)
	for query, want := range map[string]string{
		`'it\'s \\ fine'`: `'it\'s \\ fine'`, "1.0": "1.0", "1e300": "1e+300", "-7": "-7", "0.0 / 0.0": "NaN", "1.0 / 0.0": "+Inf",
		"[]": "[]", "{}": "{}", "{a: [1, {b: null}]}": "{a: [1, {b: null}]}", "true": "true", "''": "''",
	} {
		require.Contains(t, good(t, "query", dir, "RETURN "+query+" AS v"), " "+want+" ", query)
	}
	require.Contains(t, good(t, "query", dir, "MATCH p = (b)<-[:KNOWS]-(a) RETURN p"), "(:Person {name: 'Bob'})<-[:KNOWS {since: 1833}]-(:Person {name: 'Ada', born: 1815})")
}

package syntax

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
)

// statements is one of nearly everything: text, and how it is printed; empty
// where that is the text itself.
var statements = []struct{ text, printed string }{
	{"RETURN 1", ""},
	{"return  1 AS one, 'x' ;", "RETURN 1 AS one, 'x'"},
	{"EXPLAIN MATCH (n) RETURN n", ""},
	{"PROFILE MATCH (n) RETURN n", ""},
	{"MATCH (n:A:B {x: 1, y: $p}) WHERE n.x > 1 RETURN DISTINCT n.x AS x, n ORDER BY x DESC, n.y SKIP 1 LIMIT $l", ""},
	{"OPTIONAL MATCH p = (a)-[r:T|:U|V*1..3 {w: 2}]->(b)<--()--(c) RETURN *", "OPTIONAL MATCH p = (a)-[r:T|U|V*1..3 {w: 2}]->(b)<--()--(c) RETURN *"},
	{"MATCH (a)-[*]-(b)-[*2]-(c)-[*..3]-(d)-[*0..]-(e)-[*3..3]-(f) FINISH", "MATCH (a)-[*]-(b)-[*2]-(c)-[*..3]-(d)-[*0..]-(e)-[*3]-(f) FINISH"},
	{"MATCH (a)<-[r]->(b) RETURN r", "MATCH (a)-[r]-(b) RETURN r"},
	{"MATCH (n:A|B&!(C|%))-[r:!X WHERE r.w > 1]->(m IS Person WHERE m.age > 3) RETURN *", "MATCH (n:A|B&!(C|%))-[r:!X WHERE r.w > 1]->(m:Person WHERE m.age > 3) RETURN *"},
	{"MATCH (n:$(l):$any(m)) RETURN n", ""},
	{"MATCH p = shortestPath((a)-[*]->(b)), q = allShortestPaths((a)-[:T*..5]-(b)) RETURN p, q", "MATCH p = shortestPath((a)-[*]->(b)), q = allShortestPaths((a)-[:T*..5]-(b)) RETURN p, q"},
	{"MATCH ANY SHORTEST (a)-->+(b), SHORTEST 2 PATHS (a)-->{1,3}(b), SHORTEST 2 GROUPS (a)--(b), ALL SHORTEST (a)--*(b), ANY (a)--(b) RETURN 1",
		"MATCH SHORTEST PATHS (a)-->{1,}(b), SHORTEST 2 PATHS (a)-->{1,3}(b), SHORTEST 2 GROUPS (a)--(b), ALL SHORTEST PATHS (a)--{0,}(b), ANY PATHS (a)--(b) RETURN 1"},
	{"MATCH (a) ((x)-[r]->(y) WHERE x.v < y.v){2,5} (b)((c)--(d))+ RETURN a", "MATCH (a)((x)-[r]->(y) WHERE x.v < y.v){2,5}(b)((c)--(d)){1,} RETURN a"},
	{"MATCH (n:P) USING INDEX n:P(a, b) USING SCAN n:P USING JOIN ON n WHERE n.a = 1 RETURN n", ""},
	{"MATCH REPEATABLE ELEMENTS (a)--(b) RETURN a", ""},
	{"UNWIND [1, 2, null] AS x WITH x WHERE x > 1 RETURN collect(DISTINCT x), count(*), COUNT( * )", "UNWIND [1, 2, null] AS x WITH x WHERE x > 1 RETURN collect(DISTINCT x), count(*), count(*)"},
	{"WITH *, 1 AS x RETURN *", ""},
	{"CREATE (a:A {x: 1})-[:T]->(b), (c)", ""},
	{"MERGE (a:A) ON CREATE SET a.x = 1, a += {y: 2} ON MATCH SET a = $m, a:B:C", ""},
	{"MATCH (n) SET n.x = 1, (n).y = 2, n['z'] = 3, n IS L REMOVE n.x, n:A DETACH DELETE n", "MATCH (n) SET n.x = 1, n.y = 2, n['z'] = 3, n:L REMOVE n.x, n:A DETACH DELETE n"},
	{"CALL db.labels", ""},
	{"CALL db.labels() YIELD label AS l, x WHERE l > 'a' RETURN l", ""},
	{"CALL p(1, $x) YIELD *", ""},
	{"CALL p YIELD -", ""},
	{"MATCH (n) CALL { WITH n RETURN n.x AS x UNION ALL RETURN 2 AS x } RETURN x", ""},
	{"MATCH (n) CALL (n, m) { CREATE (:A) } IN 3 CONCURRENT TRANSACTIONS OF 100 ROWS ON ERROR CONTINUE REPORT STATUS AS s RETURN s", ""},
	{"OPTIONAL CALL (*) { RETURN 1 AS x } RETURN x", ""},
	{"FOREACH (x IN [1, 2] | CREATE (:A {x: x}) SET n.y = x)", ""},
	{"LOAD CSV WITH HEADERS FROM 'file:///a.csv' AS row FIELDTERMINATOR ';' RETURN row", ""},
	{"RETURN 1 AS a UNION RETURN 2 AS a UNION DISTINCT RETURN 3 AS a", "RETURN 1 AS a UNION RETURN 2 AS a UNION RETURN 3 AS a"},
	{"RETURN a OR b XOR c AND NOT d = e", ""},
	{"RETURN a AND b AND c AND d AND e, (a OR b) AND c, a OR (b OR c)", "RETURN a AND b AND c AND d AND e, (a OR b) AND c, a OR (b OR c)"},
	{"RETURN 1 < x <= 3 <> 4, (1 < 2) = true", ""},
	{"RETURN 1 + 2 * 3 ^ 4 - -5 % (6 / 7), -x.y, -(1), +1, 2 - (3 - 4), 'a' || 'b'", "RETURN 1 + 2 * 3 ^ 4 - -5 % (6 / 7), -x.y, -(1), +(1), 2 - (3 - 4), 'a' || 'b'"},
	{"RETURN x STARTS WITH 'a', x ENDS WITH 'b', x CONTAINS 'c', x =~ 'd', x IN [1], x IS NULL, x IS NOT NULL", "RETURN x STARTS WITH 'a', x ENDS WITH 'b', x CONTAINS 'c', x =~ 'd', x IN [1], x IS NULL, x IS NOT NULL"},
	{"RETURN x IS :: INTEGER NOT NULL, x IS NOT TYPED LIST<STRING | FLOAT>, x :: BOOL, x IS NFKC NORMALIZED", "RETURN x IS :: INTEGER NOT NULL, (x IS NOT :: LIST<STRING | FLOAT>), x IS :: BOOLEAN, x IS NFKC NORMALIZED"},
	{"RETURN n:A:B, n:A|B, n IS A, (n:A).x", "RETURN n:A:B, n:(A|B), n:A, (n:A).x"},
	{"RETURN xs[0], xs[1..2], xs[..2], xs[1..], xs[..], m['k'].l.o", ""},
	{"RETURN {a: 1, `b c`: [1, 2], match: {}}, [], ['a'], [x], [(x = 1)], $0, $`a b`", "RETURN {a: 1, `b c`: [1, 2], match: {}}, [], ['a'], [x], [(x = 1)], $0, $`a b`"},
	{"RETURN [x IN xs], [x IN xs WHERE x > 1], [x IN xs | x.a], [x IN xs WHERE x:A|B | x.b]", "RETURN [x IN xs], [x IN xs WHERE x > 1], [x IN xs | x.a], [x IN xs WHERE x:(A|B) | x.b]"},
	{"RETURN [(a)-->(b) WHERE b.x > 1 | b.y], [p = (a)--() | p], [x IN xs, 1]", "RETURN [(a)-->(b) WHERE b.x > 1 | b.y], [p = (a)--() | p], [x IN xs, 1]"},
	{"RETURN all(x IN xs WHERE x > 1), any(x IN xs WHERE true), none(x IN xs WHERE x), single(x IN xs)", ""},
	{"RETURN reduce(acc = 0, x IN xs | acc + x), extract(x IN xs | x.a)", "RETURN reduce(acc = 0, x IN xs | acc + x), [x IN xs | x.a]"},
	{"RETURN CASE x WHEN IS A IS !B IS NULL IS C THEN 1 WHEN IN y IS A THEN 2 END", "RETURN CASE x WHEN  IS A IS !B IS NULL IS C THEN 1 WHEN  IN y IS A THEN 2 END"},
	{"RETURN CASE x WHEN IS A THEN 1 WHEN IS A|B THEN 2 WHEN IS !A&% THEN 3 END", "RETURN CASE x WHEN  IS A THEN 1 WHEN  IS (A|B) THEN 2 WHEN  IS !A&% THEN 3 END"},
	{"MATCH (n) WHERE n IS (A|B) OR n IS !A OR n IS $($x) RETURN n", "MATCH (n) WHERE n:(A|B) OR n:!A OR n:$($x) RETURN n"},
	{"RETURN CASE WHEN a THEN 1 ELSE 2 END, CASE x WHEN 1, 2 THEN 'a' WHEN > 3 THEN 'b' WHEN IS NULL THEN 'c' END", "RETURN CASE WHEN a THEN 1 ELSE 2 END, CASE x WHEN 1, 2 THEN 'a' WHEN  > 3 THEN 'b' WHEN  IS NULL THEN 'c' END"},
	{"MATCH (n) WHERE NOT (n)-->() AND exists((n)--(:B)) RETURN n", "MATCH (n) WHERE NOT (n)-->() AND exists((n)--(:B)) RETURN n"},
	{"RETURN EXISTS { (a)-->(b) WHERE b.x }, count { MATCH (n) RETURN n }, COLLECT { MATCH (n) RETURN n.x UNION RETURN 1 }", "RETURN EXISTS { (a)-->(b) WHERE b.x }, COUNT { MATCH (n) RETURN n }, COLLECT { MATCH (n) RETURN n.x UNION RETURN 1 }"},
	{"RETURN n{.a, .*, b: x, c}, point.distance(a, b)", "RETURN n{.a, .*, b: x, c: c}, point.distance(a, b)"},
	{"RETURN 0x1F, 0o17, 1.5e3, .5, 1e-9, 1_000, -9223372036854775808, 12.0", "RETURN 31, 15, 1500.0, 0.5, 1e-09, 1000, -9223372036854775808, 12.0"},
	{`RETURN 'it''s'`, "error"},
	{`RETURN 'a\'b"\u00e9\U0001F600\n\\', "x'y"`, `RETURN 'a\'b"é😀\n\\', 'x\'y'`},
	{"MATCH (order:Order)-[all:ALL]->(end) RETURN order.limit AS count, end, all", "MATCH (order:Order)-[`all`:ALL]->(end) RETURN order.limit AS `count`, end, `all`"},
	{"RETURN `a``b`, `match`", ""},
	{"RETURN ünïcode, 名前 // comment\n/* another */ AS x", "RETURN ünïcode, 名前 AS x"},
	{"CREATE INDEX FOR (n:Person) ON (n.name, n.age)", ""},
	{"CREATE TEXT INDEX i IF NOT EXISTS FOR ()-[r:KNOWS]-() ON (r.since) OPTIONS {a: 1}", ""},
	{"CREATE INDEX ON :Person(name)", ""},
	{"CREATE LOOKUP INDEX FOR (n) ON EACH labels(n)", ""},
	{"CREATE FULLTEXT INDEX f FOR (n:A|B) ON EACH [n.x, n.y]", "CREATE FULLTEXT INDEX f FOR (n:A|B) ON (n.x, n.y)"},
	{"CREATE OR REPLACE CONSTRAINT c FOR (n:A) REQUIRE n.x IS UNIQUE", "CREATE OR REPLACE CONSTRAINT c FOR (n:A) REQUIRE (n.x) IS UNIQUE"},
	{"CREATE CONSTRAINT IF NOT EXISTS FOR ()-[r:T]->() REQUIRE (r.x, r.y) IS RELATIONSHIP KEY", "CREATE CONSTRAINT IF NOT EXISTS FOR ()-[r:T]-() REQUIRE (r.x, r.y) IS NODE KEY"},
	{"CREATE CONSTRAINT ON (n:A) ASSERT n.x IS UNIQUE", "CREATE CONSTRAINT FOR (n:A) REQUIRE (n.x) IS UNIQUE"},
	{"CREATE CONSTRAINT c FOR (n:A) REQUIRE n.x IS :: STRING", "CREATE CONSTRAINT c FOR (n:A) REQUIRE (n.x) IS :: STRING"},
	{"CREATE CONSTRAINT c ON (n:A) ASSERT exists(n.x)", "CREATE CONSTRAINT c FOR (n:A) REQUIRE (n.x) IS NOT NULL"},
	{"DROP INDEX i IF EXISTS", ""},
	{"DROP INDEX ON :A(x)", ""},
	{"DROP CONSTRAINT c", ""},
	{"DROP CONSTRAINT ON (n:A) ASSERT n.x IS UNIQUE", "DROP CONSTRAINT ON (n:A) ASSERT (n.x) IS UNIQUE"},
	{"SHOW INDEXES", ""},
	{"SHOW BUILT IN FUNCTIONS YIELD name, category AS c ORDER BY c WHERE name > 'a' RETURN c", ""},
	{"SHOW ALL CONSTRAINTS YIELD *", ""},
}

func TestPrint(t *testing.T) {
	for _, c := range statements {
		first, err := Parse(c.text)
		if c.printed == "error" {
			require.Error(t, err, c.text)
			continue
		}
		require.NoError(t, err, c.text)
		want := c.printed
		if want == "" {
			want = c.text
		}
		require.Equal(t, want, Print(first), c.text)
		requireStable(t, first)
	}
}

// requireStable checks that what is printed parses to the same tree.
func requireStable(t *testing.T, first *Statement) {
	printed := Print(first)
	second, err := Parse(printed)
	require.NoError(t, err, "%s\nprinted as %s", first.Text, printed)
	require.Equal(t, printed, Print(second))
	require.Equal(t, bare(first.Body), bare(second.Body), "%s\nprinted as %s", first.Text, printed)
}

// bare is a copy of a tree without positions and source texts.
func bare(n any) any { return strip(reflect.ValueOf(n)).Interface() }

func strip(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			return v
		}
		stripped := strip(v.Elem())
		if v.Kind() == reflect.Interface {
			return stripped.Convert(v.Elem().Type())
		}
		p := reflect.New(v.Type().Elem())
		p.Elem().Set(stripped)
		return p
	case reflect.Slice:
		if v.Len() == 0 {
			return reflect.Zero(v.Type())
		}
		s := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			s.Index(i).Set(strip(v.Index(i)))
		}
		return s
	case reflect.Struct:
		s := reflect.New(v.Type()).Elem()
		for i := range v.NumField() {
			field := v.Type().Field(i)
			if field.Type == reflect.TypeFor[Range]() || field.Name == "Text" {
				continue
			}
			s.Field(i).Set(strip(v.Field(i)))
		}
		return s
	}
	return v
}

func FuzzParse(f *testing.F) {
	for _, c := range statements {
		f.Add(c.text)
	}
	for _, c := range syntaxErrors {
		f.Add(c.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for range SplitScript(text) {
		}
		s, err := Parse(text)
		if err != nil {
			require.NotEmpty(t, err.(*Error).Render())
			return
		}
		requireSpans(t, s)
		if !containsNaN(s) {
			requireStable(t, s)
		}
	})
}

// containsNaN reports whether a tree has a NaN, which equals nothing.
func containsNaN(s *Statement) (found bool) {
	Walk(s, func(n Node) bool {
		if f, ok := n.(*FloatLiteral); ok && f.Value != f.Value {
			found = true
		}
		return !found
	})
	return found
}

// requireSpans checks that every node lies in the text and inside its parent.
func requireSpans(t *testing.T, root Node) {
	outer := root.Span()
	Children(root, func(child Node) {
		r := child.Span()
		require.LessOrEqual(t, r.Pos, r.End)
		require.LessOrEqual(t, outer.Pos, r.Pos, "%T in %T", child, root)
		require.LessOrEqual(t, r.End, outer.End, "%T in %T", child, root)
		requireSpans(t, child)
	})
}

package bind

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/cypher/syntax"
)

// boundStatements show what the binder makes of a statement.
var boundStatements = []struct{ text, bound string }{
	{"MATCH (n:A)-->(m) MATCH (m)-[r*]-(n) RETURN *", `
Match (n#0)-[ relationship#1]-(m#2)
Match (m#2!)-[r#3]-(n#0!)
Return items m#2 n#0 r#3`},
	{"MATCH p = (a)-[x]->() WITH a AS b, a, x.w AS a2 RETURN b.y, a2 ORDER BY b.y, a2 + 1", `
Match p#3 = (a#0)-[x#1]-( node#2)
With items b#4 a#0 a2#5=` + "`x.w`" + `
Return items b.y#6=` + "`b.y` a2#5 order b.y#6 `a2 + 1`"},
	{"MATCH (n) RETURN n.x AS x, count(*) AS c, n.x + sum(n.y) * count(*) AS s ORDER BY count(*), x, max(n.y)", ""},
	{"MATCH (n) RETURN n AS m, n.x + sum(n.y) AS s ORDER BY sum(n.y) + m.z", `
Match (n#0)
Return keys m#1 aggregates  sum#2 items m#1 s#3=` + "`n.x + sum(n.y)`<m#1>< sum#2> order `sum(n.y) + m.z`< sum#2>"},
	{"MATCH (n) RETURN n, count(*) AS c ORDER BY sum(n.y)", `
Match (n#0)
Return keys n#0 aggregates  count(*)#1  sum#3 items n#0 c#2= count(*)#1 order  sum#3`},
	{"MATCH (a) ((x)-[r]->(y)){2} (b)-[q]->+(c) RETURN x, q", `
Match (a#0){(x#1)-[r#2]-(y#3)}[x#4 of x#1][r#5 of r#2][y#6 of y#3](b#7){( node#8)-[q#10]-( node#9)}[q#11 of q#10](c#12)
Return items x#4 q#11`},
	{"MATCH (n) CALL { WITH n MATCH (n)--(m) RETURN m } CALL (n, m) { RETURN n.x AS z UNION RETURN m.x AS z } RETURN z, m", `
Match (n#0)
CallSubquery imports n#0 results m#3
  With items n#0
  Match (n#0!)-[ relationship#1]-(m#2)
  Return items m#2
CallSubquery imports n#0 m#3 results z#6
  Return items z#4=` + "`n.x`" + `
  Union
  Return items z#5=` + "`m.x`" + `
Return items z#6 m#3`},
	{"UNWIND [1, 2.5] AS x FOREACH (y IN [[x]] | CREATE (a {v: y})-[:T]->(b) SET a.z = 1)", `
Unwind x#0 Number
Foreach y#1 List<Number>
  Create (a#2)-[ relationship#3]-(b#4)
  SET`},
	{"MATCH (n) WITH n.x AS x WHERE n.y > 1 AND n.x = 2 RETURN DISTINCT x ORDER BY x", `
Match (n#0)
With items x#1=` + "`n.x`" + `
Return distinct items x#1 order ` + "`x`"},
}

func TestBoundTree(t *testing.T) {
	for _, c := range boundStatements {
		s, err := compile(c.text, newTestCatalog())
		if c.bound == "" {
			require.Error(t, err)
			continue
		}
		if err != nil {
			t.Fatal(rendered(err))
		}
		require.Equal(t, strings.TrimPrefix(c.bound, "\n")+"\n", Print(s), c.text)
	}
}

// bindErrors are statements that parse but make no sense, and all that is said
// of them.
var bindErrors = []struct{ text, rendered string }{
	{"MATCH (person) RETURN preson.name", `
SyntaxError (UndefinedVariable): the variable preson is not defined
1 | MATCH (person) RETURN preson.name
  |                       ^^^^^^
hint: did you mean person?`},
	{"MATCH (n) WITH n.x AS x RETURN n", `
SyntaxError (UndefinedVariable): the variable n is not defined
1 | MATCH (n) WITH n.x AS x RETURN n
  |                                ^
hint: n is not visible here: pass it on, by WITH n or CALL (n)`},
	{"RETURN cuont(1)", `
SyntaxError (UnknownFunction): there is no function cuont()
1 | RETURN cuont(1)
  |        ^^^^^
hint: did you mean count?`},
	{"MATCH (a)-[r]->(r) RETURN r", `
SyntaxError (VariableTypeConflict): the variable r is a Relationship already and cannot be a Node here
1 | MATCH (a)-[r]->(r) RETURN r
  |                 ^`},
	{"MATCH (a) CREATE (a:X)", `
SyntaxError (VariableAlreadyBound): the variable a is already bound and cannot be created again
1 | MATCH (a) CREATE (a:X)
  |                   ^`},
	{"CREATE ()--()", `
SyntaxError (NoSingleRelationshipType): a relationship that is created has exactly one type
1 | CREATE ()--()
  |          ^^
hint: write -[:TYPE]->`},
	{"RETURN substring('abc')", `
SyntaxError (InvalidNumberOfArguments): the function substring() takes 2 to 3 arguments, here are 1
1 | RETURN substring('abc')
  |        ^^^^^^^^^^^^^^^^`},
	{"MATCH (n) RETURN size((n)-->())", `
SyntaxError (UnexpectedSyntax): a pattern can only be a condition: in WHERE, in exists()
1 | MATCH (n) RETURN size((n)-->())
  |                       ^^^^^^^^
hint: count matches with COUNT { … }, collect them with [ pattern | expression ]`},
	{"MATCH (n) WHERE n.x AND 1 RETURN n", `
SyntaxError (InvalidArgumentType): expected Boolean for a condition, found Integer
1 | MATCH (n) WHERE n.x AND 1 RETURN n
  |                         ^`},
	{"MATCH (n)", `
SyntaxError (InvalidClauseComposition): a query cannot end with MATCH
1 | MATCH (n)
  | ^^^^^^^^^
hint: end it with RETURN`},
	{"MATCH (a)--(b) RETURN a.x + count(b)", `
SyntaxError (AmbiguousAggregationExpression): beside an aggregate a must be a column of its own
1 | MATCH (a)--(b) RETURN a.x + count(b)
  |                       ^
hint: add a to the columns, or compute it in a WITH before`},
	{"MATCH (n) CALL { RETURN n.x AS x } RETURN x", `
SyntaxError (UndefinedVariable): the variable n is not defined
1 | MATCH (n) CALL { RETURN n.x AS x } RETURN x
  |                         ^
hint: n is not visible here: pass it on, by WITH n or CALL (n)`},
	{"MATCH (n) SET n.p = {a: 1}", `
TypeError (InvalidPropertyType): a property cannot hold a value of type Map
1 | MATCH (n) SET n.p = {a: 1}
  |                     ^^^^^^`},
	{"RETURN collect(x) AS x", `
SyntaxError (UndefinedVariable): the variable x is not defined
1 | RETURN collect(x) AS x
  |                ^`},
	{"MATCH (n) WITH count(n) AS c WHERE count(c) > 1 RETURN c", `
SyntaxError (InvalidAggregation): an aggregate here has to be a column too
1 | MATCH (n) WITH count(n) AS c WHERE count(c) > 1 RETURN c
  |                                    ^^^^^^^^`},
}

func TestErrors(t *testing.T) {
	for _, c := range bindErrors {
		_, err := compile(c.text, newTestCatalog())
		require.Error(t, err, c.text)
		require.Equal(t, strings.TrimPrefix(c.rendered, "\n"), rendered(err))
	}
}

func TestStatementFacts(t *testing.T) {
	c := newTestCatalog()
	c.withProcedure("p.q(name :: STRING?, n :: INTEGER?) :: (out :: STRING?)")
	s, err := compile("CALL p.q", c)
	require.NoError(t, err)
	require.Equal(t, []string{"n", "name"}, s.Parameters)
	require.Equal(t, []string{"out"}, s.Columns)
	require.False(t, s.Writes)

	s, err = compile("MERGE (a {x: $b}) SET a.y = $a RETURN a.x, `a`, a AS z", c)
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b"}, s.Parameters)
	require.Equal(t, []string{"a.x", "a", "z"}, s.Columns)
	require.True(t, s.Writes)

	s, err = compile("CREATE INDEX FOR (n:A) ON (n.x)", c)
	require.NoError(t, err)
	require.True(t, s.Schema)

	s, err = compile("SHOW INDEXES YIELD name AS n, type WHERE n > 'a' RETURN n", c)
	require.NoError(t, err)
	require.Equal(t, []string{"n"}, s.Columns)
}

func TestOuterVariables(t *testing.T) {
	s, err := compile("MATCH (a), (b) WHERE EXISTS { MATCH (a)-->(x) WHERE COUNT { (x)--(b) } > 1 } RETURN a", newTestCatalog())
	require.NoError(t, err)
	var outer []string
	syntax.Walk(s.Syntax, func(n syntax.Node) bool {
		if q, ok := n.(*syntax.Subquery); ok {
			outer = append(outer, names(s.Subquery(q).Outer))
		}
		return true
	})
	require.Equal(t, []string{" a#0 b#1", " b#1 x#3"}, outer)
}

// FuzzCheck looks for panics behind the parser.
func FuzzCheck(f *testing.F) {
	for _, c := range boundStatements {
		f.Add(c.text)
	}
	for _, c := range bindErrors {
		f.Add(c.text)
	}
	catalog := newTestCatalog()
	f.Fuzz(func(t *testing.T, text string) {
		s, err := compile(text, catalog)
		if err != nil {
			require.NotEmpty(t, rendered(err))
			return
		}
		_ = Print(s)
	})
}

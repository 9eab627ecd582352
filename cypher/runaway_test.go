package cypher

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/mapgraph"
)

// runaways are statements that would run for hours, or do very much in one
// place.
var runaways = []struct{ name, text string }{
	{"cartesian product", "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH a, b WHERE a + b < 0 RETURN count(*)"},
	{"cartesian product of nodes", "MATCH (a), (b), (c), (d), (e), (f), (g) WHERE a.i + b.i + c.i + d.i < 0 RETURN count(*)"},
	{"variable length", "MATCH p = (:K)-[:E*]->(:K) RETURN count(p)"},
	{"variable length, distinct ends", "MATCH (a:K)-[:E*8..12]->(b:K) WHERE a.i = b.i + 1000 RETURN DISTINCT b"},
	{"quantified path", "MATCH p = (:K) ((x)-[:E]->(y) WHERE x.i <> y.i){3,20} (:K) RETURN count(p)"},
	{"shortest paths of all lengths", "MATCH p = SHORTEST 1000000 (a:K {i: 1})-[:E*]->(b:K {i: 2}) RETURN count(p)"},
	{"all shortest paths", "MATCH (a:L {i: 0}), (b:L {i: 39}) MATCH p = allShortestPaths((a)-[:S*]->(b)) RETURN count(p)"},
	{"aggregation", "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b RETURN a % 1000 AS k, sum(b), avg(b), count(DISTINCT b % 100)"},
	{"many groups", "UNWIND range(1, 2000) AS a UNWIND range(1, 2000) AS b RETURN a, b, count(*)"},
	{"collecting", "UNWIND range(1, 2000) AS a UNWIND range(1, 2000) AS b RETURN size(collect(a + b))"},
	{"distinct", "UNWIND range(1, 2000) AS a UNWIND range(1, 2000) AS b RETURN DISTINCT a, b"},
	{"sort", "UNWIND range(1, 2000) AS a UNWIND range(1, 2000) AS b RETURN a * 7919 % 1009 + b * 104729 % 2003 AS x ORDER BY x, -b"},
	{"sort of strings", "UNWIND range(1, 1000) AS a UNWIND range(1, 1000) AS b WITH 'the same beginning ' + (a * 7919 % 1009) + ' ' + b AS x RETURN x ORDER BY x DESC"},
	{"list comprehension", "RETURN size([x IN range(1, 16000000) WHERE x % 7 = 3 | [x, toString(x)]])"},
	{"nested comprehensions", "RETURN size([x IN range(1, 4000) | [y IN range(1, 4000) WHERE x + y < 0 | x]])"},
	{"quantified list", "RETURN all(x IN range(1, 16000000) WHERE toString(x) <> 'x')"},
	{"reduce", "RETURN reduce(s = 0, x IN range(1, 16000000) | s + x % 7)"},
	{"reduce that copies", "RETURN size(reduce(l = [], x IN range(1, 30000) | l + x))"},
	{"reduce of a string", "RETURN size(reduce(l = '', x IN range(1, 30000) | l + 'abcdefghij'))"},
	{"large ranges", "UNWIND range(1, 1000) AS i RETURN sum(size(range(i, 4000000)))"},
	{"list in a list", "WITH range(1, 100000) AS l UNWIND range(1, 100000) AS x WITH x, l WHERE -x IN l RETURN count(*)"},
	{"pattern comprehension", "MATCH (a:K) RETURN size([(a)-[:E*1..9]->(b) WHERE b.i < 0 | b])"},
	{"subquery", "MATCH (a:K) RETURN sum(COUNT { MATCH (a)-[:E*1..9]->(b) WHERE b.i < 0 RETURN b })"},
	{"load csv", "LOAD CSV FROM 'endless' AS row WITH row WHERE row[0] = 'x' RETURN count(*)"},
	{"load csv of long lines", "LOAD CSV FROM 'wide' AS row WITH row WHERE row[0] = 'x' RETURN count(*)"},
	{"writing", "UNWIND range(1, 2000000) AS i CREATE (:N {i: i})-[:R]->(:M)"},
	{"merging", "UNWIND range(1, 3000) AS i MERGE (n:P {i: i})"},
	{"foreach", "FOREACH (i IN range(1, 2000000) | CREATE (:N))"},
	{"skipping", "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b RETURN a SKIP 8000000 LIMIT 1"},
	{"union", "UNWIND range(1, 3000) AS a UNWIND range(1, 3000) AS b RETURN a + b AS x UNION UNWIND range(1, 3000) AS a UNWIND range(1, 3000) AS b RETURN a - b AS x"},
	{"percentiles", "UNWIND range(1, 2000) AS a UNWIND range(1, 2000) AS b RETURN percentileCont(a * b % 1013, 0.5), stDev(a)"},
	{"text", "WITH reduce(s = 'ab', x IN range(1, 12) | s + s) AS s UNWIND range(1, 10000) AS x RETURN sum(size(split(s, 'b')) + size(replace(s, 'a', 'c')) + size(toUpper(s)))"},
	{"subquery that collects", "UNWIND range(1, 1000) AS i RETURN size(COLLECT { UNWIND range(1, 10000000) AS x RETURN x })"},
	{"subquery that finds nothing", "UNWIND range(1, 1000) AS i RETURN EXISTS { UNWIND range(1, 10000000) AS x WITH x WHERE x < 0 RETURN x }"},
	{"distinct strings", "UNWIND range(1, 3000) AS a UNWIND range(1, 3000) AS b RETURN size(collect(DISTINCT a + '-' + b))"},
	{"first of many", "UNWIND range(1, 8000000) AS a RETURN a ORDER BY (a * 7919) % 1000003 LIMIT 1000000"},
	{"search along a pattern", "MATCH p = SHORTEST 100000 (a:K {i: 1}) ((x:K)-[:E]->(y:K)){2,12} (b:K {i: 2})-[:E]->(c:K) RETURN count(p)"},
	{"search without an answer", "MATCH p = ANY SHORTEST ((a:K {i: 1})-[:E]->+(m:K)-[r:E]->(b:K) WHERE m.i - id(r) > 1000) RETURN count(p)"},
	{"foreach of nothing", "FOREACH (i IN range(1, 10000000) | FOREACH (j IN [] | CREATE (:N)))"},
	{"applied rows", "UNWIND range(1, 10000000) AS i CALL (i) { RETURN i AS x } RETURN sum(x)"},
	{"optional match", "UNWIND range(1, 10000000) AS i OPTIONAL MATCH (n:Nope {i: i}) RETURN count(n)"},
	{"setting", "UNWIND range(1, 10000000) AS i MATCH (n:K) SET n.x = i"},
	{"procedure calls", "UNWIND range(1, 1000000) AS i CALL db.labels() YIELD label RETURN count(*)"},
	{"many patterns of text", "UNWIND range(1, 100000) AS i RETURN sum(CASE WHEN 'ab' =~ ('((a?){50}(b?){50}){1,20}' + i) THEN 1 ELSE 0 END)"},
	{"growing a text", "RETURN size(reduce(s = '', x IN range(1, 1000000) | s + 'abcdefghij'))"},
	{"pattern of text", "WITH reduce(s = 'ab', x IN range(1, 20) | s + s) AS s UNWIND range(1, 10000) AS x WITH s WHERE s =~ '(a|b|ab)*c' RETURN count(*)"},
}

// runawayGraph has a complete graph of 12, and a ladder with 2^39 shortest ways.
func runawayGraph(t *testing.T, e *Engine) *mapgraph.Graph {
	g := mapgraph.New()
	for _, text := range []string{
		"UNWIND range(1, 12) AS i CREATE (:K {i: i})",
		"MATCH (a:K), (b:K) WHERE a <> b CREATE (a)-[:E]->(b)",
		"UNWIND range(0, 39) AS i CREATE (:L {i: i})-[:S]->(:J {i: i}), (:J {i: i})",
		"MATCH (a:L), (b:J) WHERE a.i = b.i MERGE (a)-[:S]->(b)",
		"MATCH (b:J), (a:L) WHERE a.i = b.i + 1 CREATE (b)-[:S]->(a)",
	} {
		_, _, err := runOn(e, g, text, nil)
		require.NoError(t, err, text)
	}
	return g
}

// endless files for LOAD CSV.
type endless struct{ line string }

func (e endless) Open(address string) (io.ReadCloser, error) {
	if address == "wide" {
		e.line = strings.Repeat("field,", 4000) + "\n"
	}
	return io.NopCloser(&repeating{text: e.line}), nil
}

type repeating struct {
	text string
	at   int
}

func (r *repeating) Read(p []byte) (n int, err error) {
	for n < len(p) {
		k := copy(p[n:], r.text[r.at:])
		n, r.at = n+k, (r.at+k)%len(r.text)
	}
	return n, nil
}

// maxStretch is the most work, in rows, that may pass between two looks at whether
// a statement is to end: two milliseconds natively, ten in a page.
const maxStretch = 2 * 4096

// stopAt runs a statement and cancels it at the look of that number. It gives how
// many looks there were, the most work between two of them, and the error.
func stopAt(t *testing.T, e *Engine, g *mapgraph.Graph, text string, params map[string]graph.Value, look int) (looks, stretch int, err error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	rt := &Runtime{Reader: g, Writer: g, Context: ctx, Importer: endless{"a,b,c\n"}, Yield: func() {
		if looks++; looks == look {
			cancel()
		}
	}}
	s, err := e.Prepare(text)
	require.NoError(t, err)
	rows, err := e.Run(rt, s, params)
	for err == nil {
		var b *Batch
		if b, err = rows.Next(); b == nil {
			break
		}
	}
	if rows != nil && rows.inner != nil {
		stretch = rows.inner.LongestStretch()
	}
	return looks, stretch, err
}

// TestRunawaysStop cancels statements that would run for long when they look for
// the third time, and for the hundredth, whether they are to stop. They must look
// so often at all, and then end soon: with CANCELLED, not with an answer or at a
// limit; and the work between two looks is bounded all the time.
// web/bench/cancel.mjs has the milliseconds that this takes in a page.
func TestRunawaysStop(t *testing.T) {
	for _, c := range runaways {
		t.Run(c.name, func(t *testing.T) {
			for _, look := range []int{3, 100} {
				e := NewEngine(Config{})
				looks, stretch, err := stopAt(t, e, runawayGraph(t, e), c.text, nil, look)
				var own *Error
				require.ErrorAs(t, err, &own, "it ended by itself after %d looks", looks)
				require.Equal(t, "Cancelled", own.Code)
				require.LessOrEqual(t, looks, look+8, "how often it looked after it was to stop")
				require.LessOrEqual(t, stretch, maxStretch, "work between two looks")
			}
		})
	}
}

// once are statements that do very much in one place, with the values that they do
// it to: $list has a million items and $same the same, $text four million
// characters and $spaces as many blanks, $letters is without ASCII, $tree and $twin 2^40 lists in forty.
var once = []string{
	"RETURN $list = $same", "RETURN $list <> $same", "RETURN $list < $same", "RETURN -1 IN $list", "RETURN $list IN [$same]",
	"RETURN $list + $same", "RETURN reverse($list)", "RETURN [x IN $list | x]", "RETURN [x IN $list WHERE x > 0]",
	"RETURN all(x IN $list WHERE x >= 0)", "RETURN reduce(s = 0, x IN $list | s + x)", "RETURN range(1, 1000000)",
	"RETURN $list IS :: LIST<INTEGER NOT NULL>", "RETURN valueType($list)", "RETURN toIntegerList($list)", "RETURN toStringList($list)",
	"UNWIND [$list, $same] AS l RETURN count(DISTINCT l)", "UNWIND [$list, $same] AS l RETURN max(l)", "UNWIND [$list, $same] AS l RETURN 1 AS x ORDER BY l",
	"UNWIND [$list, $same] AS l RETURN l, count(*)", "RETURN CASE $list WHEN $same THEN 1 END", "RETURN nullIf($list, $same)", "RETURN {a: $list} = {a: $same}",
	"UNWIND $list AS x RETURN x", "UNWIND $list AS x RETURN collect(x)", "UNWIND $list AS x RETURN DISTINCT x", "UNWIND $list AS x RETURN x, count(*)",
	"UNWIND $list AS x RETURN x ORDER BY -x", "UNWIND $list AS x RETURN percentileDisc(-x, 0.3)", "UNWIND $list AS x RETURN toString(x) AS s, count(*)",
	"FOREACH (x IN $list | FOREACH (y IN [] | CREATE (:N)))",
	"RETURN size($text)", "RETURN reverse($text)", "RETURN toUpper($text)", "RETURN split($text, 'b')", "RETURN split($text, '')", "RETURN split($text, 'none')",
	"RETURN replace($text, 'b', 'cd')", "RETURN replace($text, 'none', 'x')", "RETURN $text CONTAINS 'none'", "RETURN substring($text, 3000000)", "RETURN right($text, 5)",
	"RETURN left($text, 3000000)", "RETURN trim($spaces)", "RETURN rtrim($spaces)", "RETURN trim(BOTH 'äb' FROM $text)", "RETURN $text =~ '(ä|b)*'", "RETURN $text + $text",
	"RETURN normalize($text)", "RETURN $text IS NORMALIZED", "RETURN normalize($letters, 'NFD')", "RETURN $letters IS NFKC NORMALIZED",
	"RETURN $tree = $twin", "RETURN $tree < $twin", "RETURN $tree IN [$twin]", "UNWIND [$tree, $twin] AS l RETURN count(DISTINCT l)", "UNWIND [$tree, $twin] AS l RETURN min(l)",
	"UNWIND [$tree, $twin] AS l RETURN 1 AS x ORDER BY l", "RETURN $tree IS :: " + strings.Repeat("LIST<", 25) + "ANY" + strings.Repeat(">", 25), "RETURN valueType($tree)", "RETURN {a: $tree} = {a: $twin}",
}

// TestOneStepIsInterrupted is the same for what is done to one large value.
func TestOneStepIsInterrupted(t *testing.T) {
	numbers := func() graph.Value {
		items := make([]graph.Value, 1_000_000)
		for i := range items {
			items[i] = graph.Int(int64(i))
		}
		return graph.List(items)
	}
	tree := func() graph.Value {
		v := graph.List(nil)
		for range 40 {
			v = graph.List([]graph.Value{v, v})
		}
		return v
	}
	params := map[string]graph.Value{"list": numbers(), "same": numbers(), "tree": tree(), "twin": tree(),
		"text": graph.String(strings.Repeat("äb", 2_000_000)), "letters": graph.String(strings.Repeat("ä\u0301한ω語", 1_000_000)),
		"spaces": graph.String(strings.Repeat(" ", 4_000_000))}
	for _, text := range once {
		t.Run(text, func(t *testing.T) {
			used := map[string]graph.Value{}
			for name, v := range params {
				if strings.Contains(text, "$"+name) {
					used[name] = v
				}
			}
			looks, stretch, err := stopAt(t, NewEngine(Config{}), mapgraph.New(), text, used, 6)
			var own *Error
			require.ErrorAs(t, err, &own, "it ended by itself after %d looks", looks)
			require.Equal(t, "Cancelled", own.Code)
			require.LessOrEqual(t, looks, 6+2)
			require.LessOrEqual(t, stretch, maxStretch, "work between two looks")
		})
	}
}

// TestShortestPathsAreBounded: there are 2^39 of them, which no memory holds.
func TestShortestPathsAreBounded(t *testing.T) {
	e := NewEngine(Config{})
	g := runawayGraph(t, e)
	s, err := e.Prepare("MATCH (a:L {i: 0}), (b:L {i: 39}) MATCH p = allShortestPaths((a)-[:S*]->(b)) RETURN count(p)")
	require.NoError(t, err)
	rows, err := e.Run(&Runtime{Reader: g, Limits: Limits{Rows: 100_000}}, s, nil)
	require.NoError(t, err)
	_, err = rows.Next()
	var own *Error
	require.ErrorAs(t, err, &own)
	require.Equal(t, "LimitError", own.Code)
}

// TestLongPartsAreLookedForOnce: what is looked for may be as long as half of the
// text. To begin with it anew after every piece would be quadratic.
func TestLongPartsAreLookedForOnce(t *testing.T) {
	params := map[string]graph.Value{"text": graph.String(strings.Repeat("ab", 2_000_000)), "part": graph.String(strings.Repeat("ab", 1_000_000) + "c")}
	for _, text := range []string{"RETURN $text CONTAINS $part", "RETURN split($text, $part)", "RETURN replace($text, $part, '')"} {
		looks, _, err := stopAt(t, NewEngine(Config{}), mapgraph.New(), text, params, -1)
		require.NoError(t, err)
		require.LessOrEqual(t, looks, 4, text)
	}
}

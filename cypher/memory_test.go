package cypher

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/internal/mapgraph"
)

// hoards are statements that keep more than any page has, each in its own way.
var hoards = []struct{ name, text string }{
	{"collect", "UNWIND range(1, 16000000) AS a UNWIND range(1, 100) AS b RETURN size(collect(a + b))"},
	{"collect of texts", "UNWIND range(1, 16000000) AS a RETURN size(collect('text number ' + a))"},
	{"collect of lists", "UNWIND range(1, 16000000) AS a RETURN size(collect([a, a, a, a]))"},
	{"collect of maps", "UNWIND range(1, 16000000) AS a RETURN size(collect({a: a, b: a}))"},
	{"collect of large lists", "UNWIND range(1, 16000000) AS a RETURN size(collect(range(1, 100000)))"},
	{"collect of paths", "MATCH p = (:K)-[:E*1..9]->(:K) RETURN size(collect(p))"},
	{"collect distinct", "UNWIND range(1, 16000000) AS a RETURN size(collect(DISTINCT a * 3))"},
	{"count distinct texts", "UNWIND range(1, 16000000) AS a RETURN count(DISTINCT 'text number ' + a)"},
	{"many groups", "UNWIND range(1, 16000000) AS a RETURN a, count(*), collect(a)"},
	{"groups by texts", "UNWIND range(1, 16000000) AS a RETURN 'text number ' + a AS t, min(a)"},
	{"percentiles", "UNWIND range(1, 16000000) AS a RETURN percentileCont(a, 0.5)"},
	{"sort", "UNWIND range(1, 16000000) AS a RETURN a ORDER BY -a"},
	{"sort of texts", "UNWIND range(1, 16000000) AS a RETURN a ORDER BY 'text number ' + a"},
	{"the first of a sort", "UNWIND range(1, 16000000) AS a RETURN a ORDER BY -a LIMIT 8000000"},
	{"distinct", "UNWIND range(1, 16000000) AS a RETURN DISTINCT a"},
	{"distinct texts", "UNWIND range(1, 16000000) AS a WITH DISTINCT 'text number ' + a AS t RETURN max(t)"},
	{"union", "UNWIND range(1, 16000000) AS a RETURN a UNION UNWIND range(1, 16000000) AS a RETURN -a AS a"},
	{"rows before a write", "UNWIND range(1, 16000000) AS a MATCH (n:K {i: 1}) CREATE (m:K) WITH n, a MATCH (x:K {i: -a}) RETURN count(*)"},
	{"one range", "RETURN size(range(1, 4000000))"},
	{"ranges of rows", "UNWIND range(1, 1000) AS i RETURN range(1, 1000000)"},
	{"a comprehension", "RETURN size([x IN range(1, 16000000) | [x]])"},
	{"a filter", "RETURN size([x IN range(1, 16000000) WHERE x > 0])"},
	{"doubling a list", "RETURN size(reduce(l = [1], x IN range(1, 60) | l + l))"},
	{"doubling a text", "WITH reduce(s = 'ab', x IN range(1, 22) | s + s) AS s UNWIND range(1, 1000) AS i RETURN collect(s + i)"},
	{"texts in a list", "RETURN size([x IN range(1, 16000000) | toString(x) + 'and more'])"},
	{"replacing", "WITH reduce(s = 'aa', x IN range(1, 12) | s + s) AS s UNWIND range(1, 1000) AS i RETURN collect(replace(s, 'a', s + i))"},
	{"splitting", "WITH reduce(s = 'ab', x IN range(1, 20) | s + s) AS s UNWIND range(1, 1000) AS i RETURN collect(split(s, 'a'))"},
	{"case", "WITH reduce(s = 'ab', x IN range(1, 20) | s + s) AS s UNWIND range(1, 1000) AS i RETURN collect(toUpper(s))"},
	{"reversing", "WITH range(1, 100000) AS l UNWIND range(1, 1000) AS i RETURN collect(reverse(l))"},
	{"converting", "WITH range(1, 100000) AS l UNWIND range(1, 1000) AS i RETURN collect(toStringList(l))"},
	{"trees", "RETURN reduce(m = [], x IN range(1, 10000000) | [m, x])"},
	{"pattern comprehension", "MATCH (a:K) RETURN size([(a)-[:E*1..9]->(b) | b])"},
	{"collect subquery", "RETURN size(COLLECT { UNWIND range(1, 16000000) AS x RETURN x })"},
	{"all shortest paths", "MATCH (a:L {i: 0}), (b:L {i: 39}) MATCH p = allShortestPaths((a)-[:S*]->(b)) RETURN count(p)"},
	{"shortest paths of all lengths", "MATCH p = SHORTEST 10000000 (a:K {i: 1})-[:E*]->(b:K {i: 2}) RETURN count(p)"},
	{"ways along a pattern", "MATCH p = ALL SHORTEST (a:L {i: 0}) ((x:L)-[:S]->(y:J)-[:S]->(z:L))+ (b:L {i: 39}) RETURN count(p)"},
	{"an answer of a statement that writes", "UNWIND range(1, 16000000) AS a MERGE (n:K {i: 1}) RETURN a, 'text number ' + a"},
}

// TestMemoryIsBounded gives statements 4 MiB. They must end with the error, at
// the latest when they have taken some more than that.
func TestMemoryIsBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("collects garbage a thousand times, which takes minutes under the race detector and has nothing to do with it")
	}
	const budget = 4 << 20
	heap := func() int {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int(m.HeapAlloc)
	}
	for _, c := range hoards {
		t.Run(c.name, func(t *testing.T) {
			e := NewEngine(Config{})
			g := runawayGraph(t, e)
			runtime.GC()
			before, most, looks := heap(), 0, 0
			rt := &Runtime{Reader: g, Writer: g, Limits: Limits{Memory: budget}, Yield: func() {
				if looks++; looks%32 == 0 {
					most = max(most, heap()-before)
				}
			}}
			s, err := e.Prepare(c.text)
			require.NoError(t, err)
			rows, err := e.Run(rt, s, nil)
			for err == nil {
				var b *Batch
				if b, err = rows.Next(); b == nil {
					break
				}
			}
			var own *Error
			require.ErrorAs(t, err, &own, "it ended by itself; at most it had %d MB", most>>20)
			require.Equal(t, "LimitError/OutOfMemory", own.Code+"/"+own.Detail)
			require.Less(t, most, 3*budget, "bytes")
		})
	}
}

// TestMemoryLeftOfTheWhole: where the whole heap is bounded, a statement has what
// is left of that, and a small part of it in any case, so that a graph beyond
// the bound can still be read.
func TestMemoryLeftOfTheWhole(t *testing.T) {
	for _, c := range []struct {
		others int // bytes that are taken already
		heap   int
		fails  bool
	}{
		{0, 512 << 20, false},
		{64 << 20, 64 << 20, true},
		{64 << 20, 512 << 20, false},
	} {
		others := make([]byte, c.others)
		e := NewEngine(Config{})
		s, err := e.Prepare("RETURN size([x IN range(1, 1000000) | [x]])") // some 100 MiB
		require.NoError(t, err)
		rows, err := e.Run(&Runtime{Reader: mapgraph.New(), Limits: Limits{Memory: c.heap, Heap: c.heap}}, s, nil)
		require.NoError(t, err)
		_, err = rows.Next()
		if rows.Close(); c.fails {
			var own *Error
			require.ErrorAs(t, err, &own)
			require.Equal(t, "LimitError/OutOfMemory", own.Code+"/"+own.Detail)
		} else {
			require.NoError(t, err)
		}
		runtime.KeepAlive(others)
	}
}

// TestGarbageIsNoMemory: what a statement has thrown away does not count.
func TestGarbageIsNoMemory(t *testing.T) {
	for _, text := range []string{
		"UNWIND range(1, 300) AS i WITH size([x IN range(1, 10000) | toString(x)]) AS n RETURN sum(n)",
		"UNWIND range(1, 300000) AS i WITH range(1, 100) AS l RETURN sum(size(l))",
		"RETURN size(reduce(l = [], x IN range(1, 3000) | l + x))",
		"UNWIND range(1, 20000) AS i CALL (i) { UNWIND range(1, 50) AS x RETURN collect(x + i) AS l } RETURN sum(size(l))",
	} {
		e := NewEngine(Config{})
		g := mapgraph.New()
		s, err := e.Prepare(text)
		require.NoError(t, err)
		rows, err := e.Run(&Runtime{Reader: g, Limits: Limits{Memory: 16 << 20}}, s, nil)
		require.NoError(t, err)
		b, err := rows.Next()
		require.NoError(t, err, text)
		require.Equal(t, 1, b.Len)
		rows.Close()
	}
}

// TestListsAreBounded: in whatever way a list is made, it has no more items than
// one may have. What only goes through a range makes none.
func TestListsAreBounded(t *testing.T) {
	for text, fits := range map[string]bool{
		"RETURN size(range(1, 100))":                                                              true,
		"RETURN size(range(1, 101))":                                                              false,
		"UNWIND range(1, 100) AS x RETURN size(collect(x))":                                       true,
		"UNWIND range(1, 101) AS x RETURN size(collect(x))":                                       false,
		"UNWIND range(1, 101) AS x RETURN size(collect(DISTINCT x))":                              false,
		"UNWIND range(1, 101) AS x RETURN count(x), sum(x)":                                       true,
		"RETURN size([x IN range(1, 101) WHERE x > 1])":                                           true,
		"RETURN size([x IN range(1, 101) | x])":                                                   false,
		"RETURN size(COLLECT { UNWIND range(1, 101) AS x RETURN x })":                             false,
		"MATCH (k:K) WITH collect(k) AS l RETURN size(l + l + l + l)":                             true,
		"WITH range(1, 51) AS l RETURN size(l + l)":                                               false,
		"RETURN size(split(toString(10.0 ^ 300), '')) > 0":                                        true,
		"WITH reduce(s = '', x IN range(1, 101) | s + 'a') AS s RETURN size(split(s, 'a'))":       false,
		"RETURN reduce(s = 0, x IN range(1, 1000) | s + x), any(x IN range(1, 1000) WHERE x = 7)": true,
		"MATCH (a:K {i: 1}) RETURN size([(a)-[:E*1..3]->(b) | b])":                                false,
		"UNWIND range(1, 1000000) AS x RETURN size(collect(x))":                                   false,
	} {
		e := NewEngine(Config{})
		g := runawayGraph(t, e)
		s, err := e.Prepare(text)
		require.NoError(t, err)
		rows, err := e.Run(&Runtime{Reader: g, Writer: g, Limits: Limits{List: 100}}, s, nil)
		require.NoError(t, err)
		_, err = rows.Next()
		rows.Close()
		if fits {
			require.NoError(t, err, text)
			continue
		}
		var own *Error
		require.ErrorAs(t, err, &own, text)
		require.Equal(t, "LimitError", own.Code, text)
	}
}

// TestRefusedOnce: who has been refused memory is not weighed again, which would
// collect garbage for every row of the batch that is left.
func TestRefusedOnce(t *testing.T) {
	e := NewEngine(Config{})
	s, err := e.Prepare("UNWIND range(1, 16000000) AS i RETURN size(collect('text number ' + i))")
	require.NoError(t, err)
	rows, err := e.Run(&Runtime{Reader: mapgraph.New(), Limits: Limits{Memory: 16 << 20}}, s, nil)
	require.NoError(t, err)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err = rows.Next()
	runtime.ReadMemStats(&after)
	require.ErrorContains(t, err, "more memory")
	require.LessOrEqual(t, after.NumForcedGC-before.NumForcedGC, uint32(8), "collections that the statement asked for")
	rows.Close()
}

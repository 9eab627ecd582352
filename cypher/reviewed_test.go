package cypher

import (
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/mapgraph"
)

// openFiles counts the files that are open at once.
type openFiles struct{ now, most int }

func (o *openFiles) Open(string) (io.ReadCloser, error) {
	o.now++
	o.most = max(o.most, o.now)
	return &openFile{Reader: strings.NewReader(strings.Repeat("a,b\n", 5000)), of: o}, nil
}

type openFile struct {
	io.Reader
	of     *openFiles
	closed bool
}

func (f *openFile) Close() error {
	if !f.closed {
		f.closed = true
		f.of.now--
	}
	return nil
}

func drained(t *testing.T, rows *Rows, err error) error {
	t.Helper()
	require.NoError(t, err)
	defer rows.Close()
	for {
		if b, err := rows.Next(); b == nil || err != nil {
			return err
		}
	}
}

// A subquery that stops early closes its file before it opens the next.
func TestLoadCSVClosesWhatIsNotReadToItsEnd(t *testing.T) {
	for _, text := range []string{
		"UNWIND range(1, 50) AS i CALL (i) { LOAD CSV FROM 'x' AS row RETURN row LIMIT 1 } RETURN count(*)",
		"UNWIND range(1, 50) AS i CALL (i) { LOAD CSV FROM 'x' AS row RETURN row } RETURN count(*)",
	} {
		e, files := NewEngine(Config{}), &openFiles{}
		s, err := e.Prepare(text)
		require.NoError(t, err)
		rows, err := e.Run(&Runtime{Reader: mapgraph.New(), Importer: files}, s, nil)
		require.NoError(t, drained(t, rows, err))
		require.Equal(t, openFiles{now: 0, most: 1}, *files, text)
	}
}

// What else writes beside CALL IN TRANSACTIONS is refused in whichever part of a
// UNION it stands.
func TestWritesBesideBatchesInUnions(t *testing.T) {
	e := NewEngine(Config{})
	for _, text := range []string{
		"CREATE (:A) RETURN 1 AS x UNION ALL UNWIND [1] AS i CALL (i) { CREATE (:B) } IN TRANSACTIONS RETURN i AS x",
		"UNWIND [1] AS i CALL (i) { CREATE (:B) } IN TRANSACTIONS RETURN i AS x UNION ALL CREATE (:A) RETURN 1 AS x",
	} {
		_, err := e.Prepare(text)
		require.ErrorContains(t, err, "CREATE cannot write beside CALL IN TRANSACTIONS", text)
	}
}

// The rows of batches that failed leave the limit as they found it.
func TestFailedBatchesKeepTheLimitOfRows(t *testing.T) {
	const batch = "CALL (i) { UNWIND range(1, CASE i WHEN 0 THEN 20000 ELSE 3000 END) AS k WITH i, k, CASE WHEN i > 0 AND k = 3000 THEN 1/0 ELSE k END AS z RETURN z } IN TRANSACTIONS OF 1 ROW ON ERROR CONTINUE RETURN count(*)"
	e, g := NewEngine(Config{}), mapgraph.New()
	for _, from := range []string{"[0]", "range(1, 50) + [0]"} {
		s, err := e.Prepare("UNWIND " + from + " AS i " + batch)
		require.NoError(t, err)
		rows, err := e.Run(&Runtime{Reader: g, Writer: g, Limits: Limits{Rows: 10_000, Path: 1000, List: 1 << 20}, Next: func(bool) (graph.Writer, error) { return g, nil }}, s, nil)
		require.ErrorContains(t, drained(t, rows, err), "rows", from)
	}
}

// Labels and types that are computed read what the statement wrote before them,
// for all rows, as properties do.
func TestComputedNamesReadAfterAllWrites(t *testing.T) {
	for _, text := range []string{
		"CREATE (:N {k: 'L' + COUNT { MATCH (x:T) RETURN x }})",
		"CREATE (:N:$('L' + COUNT { MATCH (x:T) RETURN x }))",
		"CREATE (:X)-[:$('L' + COUNT { MATCH (x:T) RETURN x })]->(:N)",
	} {
		e, g := NewEngine(Config{}), mapgraph.New()
		_, _, err := runOn(e, g, "UNWIND range(1, 3000) AS v CREATE (:T) "+text, nil)
		require.NoError(t, err)
		_, rows, err := runOn(e, g, "MATCH (x:N) OPTIONAL MATCH (x)<-[r]-() WITH coalesce(x.k, type(r), [l IN labels(x) WHERE l <> 'N'][0]) AS k RETURN k, count(*) AS n", nil)
		require.NoError(t, err)
		require.Len(t, rows, 1, text)
		require.Equal(t, "L3000", rows[0][0].AsString(), text)
		require.EqualValues(t, 3000, rows[0][1].AsInt(), text)
	}
}

func TestMathNamesTheWrongArgument(t *testing.T) {
	e, g := NewEngine(Config{}), mapgraph.New()
	for _, name := range []string{"power", "atan2"} {
		_, _, err := runOn(e, g, "WITH [2, 'x'] AS l RETURN "+name+"(l[0], l[1]) AS x", nil)
		require.ErrorContains(t, err, "String")
	}
	_, rows, err := runOn(e, g, "RETURN round(0.0, 400) = 0.0 AS same", nil)
	require.NoError(t, err)
	require.True(t, rows[0][0].AsBool())
}

package importer

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	pocketgraph "github.com/pocketgraph/pocketgraph"
	"github.com/pocketgraph/pocketgraph/formats"
)

// everything makes a graph with values of every kind that a script can write,
// odd names, and a schema.
func everything(t *testing.T, db *pocketgraph.DB) {
	t.Helper()
	for _, q := range []string{
		"CREATE INDEX `an ``index` FOR (p:Person) ON (p.name, p.`a:b`)",
		"CREATE CONSTRAINT c1 FOR (p:Person) REQUIRE p.name IS UNIQUE",
		"CREATE CONSTRAINT c2 FOR ()-[k:KNOWS]-() REQUIRE k.since IS NOT NULL",
		"CREATE CONSTRAINT c3 FOR (p:Person) REQUIRE p.born IS :: INTEGER | LIST<DATE NOT NULL>",
		`CREATE (a:Person:` + "`a b``c`" + ` {name: 'Ada "x" \'y\' \\ \n\r\t\u0001 日本 😀', born: 1815, ` + "`a:b`" + `: -9223372036854775808, max: 9223372036854775807,
			f: [0.1, 1.0, 1e300, 5e-324, 1e21, -0.0], nan: 0.0/0.0, inf: [1.0/0.0, -1.0/0.0], yes: true, empty: '', none: [], words: ['a', 'b;c', '']}),
		 (b:Person {name: 'b', d: date('-0044-03-15'), lt: localtime('23:59:59.999999999'), t: time('12:31:14-18:00'), ldt: localdatetime('1984-10-11T12:31:14.645'),
			z: datetime('2017-10-28T23:00+02:00[Europe/Berlin]'), o: datetime('2015-07-21T21:40:32.142Z'), du: [duration('P1Y2M10DT2H30M'), duration({months: -5, days: 3, seconds: -1, nanoseconds: 5})],
			p: [point({x: 1.5, y: -2}), point({x: 1, y: 2})], p3: point({x: 1, y: 2, z: 3}), w: point({longitude: 12.5, latitude: 55.7}), w3: point({longitude: 1, latitude: 2, height: -3.5})}),
		 ({n: 1}), (a)-[:KNOWS {since: date('2020-02-29')}]->(b), (b)-[:KNOWS {since: 2}]->(a), (a)-[:` + "`odd ``type`" + ` {x: [true, false]}]->(a)`,
	} {
		ask(t, db, q)
	}
}

// Scripts are read by the engine: what is written comes back, schema included.
func TestScriptsRoundTrip(t *testing.T) {
	db := memory(t)
	everything(t, db)
	var script bytes.Buffer
	report, err := Export(context.Background(), db, &script, formats.WriteOptions{Format: formats.Cypher})
	require.NoError(t, err)
	require.Empty(t, report.Notes)
	back := memory(t)
	_, err = Import(context.Background(), back, []formats.Source{file("g.cypher", script.String())}, Options{})
	require.NoError(t, err)
	same(t, db, back)
	require.Equal(t, formats.Schema(db.Reader()), formats.Schema(back.Reader()))
	require.Len(t, formats.Schema(back.Reader()), 4)
}

// same compares graphs by what a lossless format makes of them.
func same(t *testing.T, want, got *pocketgraph.DB) {
	t.Helper()
	text := func(db *pocketgraph.DB) string {
		var out bytes.Buffer
		_, err := Export(context.Background(), db, &out, formats.WriteOptions{Format: formats.GraphML})
		require.NoError(t, err)
		return out.String()
	}
	require.Equal(t, text(want), text(got))
	problems, err := got.Check(context.Background())
	require.NoError(t, err)
	require.Empty(t, problems)
}

// Every format brings a database into another, through files.
func TestFilesOfEveryFormat(t *testing.T) {
	db := memory(t)
	everything(t, db)
	for name, format := range map[string]formats.Format{"g.csv": formats.CSV, "g.jsonl": formats.JSONLines, "g.json": formats.Neo4jJSON,
		"g.graphology.json": formats.Graphology, "g.graphml": formats.GraphML, "g.gexf": formats.GEXF, "g.cypher": formats.Cypher} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), name)
			_, err := ExportFile(context.Background(), db, path, formats.WriteOptions{Format: format})
			require.NoError(t, err)
			for _, batch := range []int{0, 2} {
				back := memory(t)
				source := formats.Source{Name: name, Open: func() (io.ReadCloser, error) { return os.Open(path) }}
				report, err := Import(context.Background(), back, []formats.Source{source}, Options{BatchSize: batch})
				require.NoError(t, err)
				require.EqualValues(t, 3, report.Nodes)
				require.EqualValues(t, 3, report.Relationships)
				same(t, db, back)
			}
		})
	}
}

// A transaction too large for the log says what to do, and changes nothing.
func TestTooLargeForOneTransaction(t *testing.T) {
	if os.Getenv("POCKETGRAPH_LONG") == "" {
		t.Skip("it fills a record of 256 MiB, which takes 15 s: POCKETGRAPH_LONG=1")
	}
	db := memory(t)
	var text strings.Builder
	text.WriteString(":ID,text\n")
	for i := range 18 {
		text.WriteString(string(rune('a'+i)) + "," + strings.Repeat("y", 15<<20) + "\n")
	}
	_, err := csvImport(context.Background(), db, []formats.Source{file("n", text.String())}, Options{})
	var own *pocketgraph.Error
	require.ErrorAs(t, err, &own)
	require.Equal(t, pocketgraph.CodeLimit, own.Code)
	require.Equal(t, "An import is one transaction; a batch size makes it several.", own.Hint)
	require.Zero(t, db.Reader().NodeCount())
}

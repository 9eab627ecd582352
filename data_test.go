//go:build !js

package pocketgraph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	pocketgraph "github.com/pocketgraph/pocketgraph"
	"github.com/pocketgraph/pocketgraph/formats"
	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/importer"
)

var update = flag.Bool("update", false, "write testdata/answers.json anew from the independent computation")

// dataVariable names another folder than the one beside the repository.
const dataVariable = "POCKETGRAPH_DATA"

const answersFile = "testdata/answers.json"

// answersLayout is the first field of the file: it says what the rest is. The
// page's tests read the same file, so that a page and a process must agree.
const answersLayout = "Counts and answers of queries on real graphs, computed from their files without PocketGraph (data_*_test.go; go test -run TestAnswers . -update). " +
	"datasets[].name is a folder of the data; files are below it, in the order of import: one .cypher script, or .csv files with headers whose ids are integers (idType). " +
	"nodes, relationships, labels and types are counts after the import. Each of queries[] has a name, a text, params (integers, strings), columns, and rows: " +
	"arrays of null, booleans, numbers (integers below 2^53), strings and arrays of those, in the order the query asks for."

type answers struct {
	Layout   string     `json:"layout"`
	Datasets []*dataset `json:"datasets"`
}

type dataset struct {
	Name          string         `json:"name"`
	Files         []string       `json:"files"`
	IDType        string         `json:"idType,omitempty"`
	Nodes         int            `json:"nodes"`
	Relationships int            `json:"relationships"`
	Labels        map[string]int `json:"labels"`
	Types         map[string]int `json:"types"`
	Queries       []question     `json:"queries"`
}

// question is a query and its answer.
type question struct {
	Name    string         `json:"name"`
	Text    string         `json:"text"`
	Params  map[string]any `json:"params,omitempty"`
	Columns []string       `json:"columns"`
	Rows    [][]any        `json:"rows"`
}

// dataFolder is where the real graphs are; the test is skipped without them.
func dataFolder(t testing.TB) string {
	t.Helper()
	folder := os.Getenv(dataVariable)
	if folder == "" {
		folder = filepath.Join("..", "shared", "data")
	}
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("the data for this test is not there: %v (%s names another folder)", err, dataVariable)
	}
	return folder
}

// TestAnswersAreIndependent computes every answer from the files alone and
// compares with the file that the other tests believe.
func TestAnswersAreIndependent(t *testing.T) {
	folder := dataFolder(t)
	computed := answers{Layout: answersLayout, Datasets: []*dataset{moviesAnswers(t, filepath.Join(folder, "movies")), snbAnswers(t, filepath.Join(folder, "ldbc-snb-tiny"))}}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	require.NoError(t, encoder.Encode(computed))
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(answersFile), 0o755))
		require.NoError(t, os.WriteFile(answersFile, text.Bytes(), 0o644))
		return
	}
	want, err := os.ReadFile(answersFile)
	require.NoError(t, err)
	require.Equal(t, string(want), text.String(), "go test -run TestAnswers . -update writes the file anew")
}

// TestRealGraphs imports each graph into a store on disk, and asks it: as it
// was written, after it was recovered from the log, and from a snapshot.
func TestRealGraphs(t *testing.T) {
	folder := dataFolder(t)
	for _, d := range readAnswers(t).Datasets {
		t.Run(d.Name, func(t *testing.T) {
			ctx, dir := context.Background(), t.TempDir()
			db, err := pocketgraph.OpenDir(ctx, dir, pocketgraph.Options{})
			require.NoError(t, err)
			d.load(t, db, filepath.Join(folder, d.Name))
			d.ask(t, db)
			require.NoError(t, db.Close())

			db, err = pocketgraph.OpenDir(ctx, dir, pocketgraph.Options{Create: pocketgraph.MustExist})
			require.NoError(t, err)
			require.Zero(t, db.Report().SnapshotBytes)
			d.ask(t, db)
			_, err = db.Snapshot(ctx)
			require.NoError(t, err)
			require.NoError(t, db.Close())

			db, err = pocketgraph.OpenDir(ctx, dir, pocketgraph.Options{Create: pocketgraph.MustExist})
			require.NoError(t, err)
			require.Zero(t, db.Report().Records)
			d.ask(t, db)
			require.NoError(t, db.Close())
		})
	}
}

func readAnswers(t testing.TB) answers { return readAnswersOf(t, answersFile) }

func readAnswersOf(t testing.TB, file string) answers {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var a answers
	require.NoError(t, decoder.Decode(&a))
	return a
}

// load imports the files of a dataset.
func (d *dataset) load(t testing.TB, db *pocketgraph.DB, folder string) {
	t.Helper()
	var sources []formats.Source
	for _, name := range d.Files {
		path := filepath.Join(folder, filepath.FromSlash(name))
		sources = append(sources, formats.Source{Name: name, Open: func() (io.ReadCloser, error) { return os.Open(path) }})
	}
	report, err := importer.Import(context.Background(), db, sources, importer.Options{Options: formats.Options{IDs: formats.IDInteger}})
	require.NoError(t, err)
	require.EqualValues(t, d.Nodes, report.Nodes)
	require.EqualValues(t, d.Relationships, report.Relationships)
}

// ask compares counts and answers.
func (d *dataset) ask(t testing.TB, db *pocketgraph.DB) {
	t.Helper()
	stats := db.Stats()
	require.Equal(t, d.Nodes, stats.Nodes)
	require.Equal(t, d.Relationships, stats.Relationships)
	require.Equal(t, d.Labels, stats.Labels)
	require.Equal(t, d.Types, stats.Types)
	problems, err := db.Check(context.Background())
	require.NoError(t, err)
	require.Empty(t, problems)
	for _, q := range d.Queries {
		rows, err := db.Run(context.Background(), q.Text, q.params(t))
		require.NoError(t, err, q.Name)
		got := make([][]any, len(rows))
		for i, row := range rows {
			require.Equal(t, q.Columns, row.Columns, q.Name)
			got[i] = row.Values
		}
		require.JSONEq(t, toJSON(t, q.Rows), toJSON(t, got), "%s: %s", q.Name, q.Text)
	}
}

// params gives numbers the kind of the query language.
func (q question) params(t testing.TB) pocketgraph.Params {
	t.Helper()
	out := pocketgraph.Params{}
	for name, v := range q.Params {
		out[name] = v
		if n, ok := v.(json.Number); ok {
			i, err := n.Int64()
			require.NoError(t, err)
			out[name] = graph.Int(i)
		}
	}
	return out
}

func toJSON(t testing.TB, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	require.NoError(t, err)
	return string(text)
}

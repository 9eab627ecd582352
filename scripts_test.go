//go:build !js

package pocketgraph

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/crashfs"
	"github.com/pocketgraph/pocketgraph/internal/cytest"
)

// TestScriptsOnTheStore runs the language scripts of package cypher on the
// durable store: as they are, and with the store closed and opened again, and
// saved as a snapshot, between the set-up and the query; with an index on every
// property, and without those that a case makes. The answers are those
// that the map-backed graph gives.
func TestScriptsOnTheStore(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("cypher", "testdata", "*.cy"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	cases := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, c := range cytest.Read(string(text)) {
			cases++
			for _, between := range []string{"", "reopen", "snapshot and reopen", "every index", "every index and reopen", "no index"} {
				if strings.Contains(between, "index") && c.AboutSchema() {
					continue
				}
				name := strings.TrimSuffix(filepath.Base(file), ".cy") + "/" + c.Name + "/" + between
				t.Run(name, func(t *testing.T) { runOnStore(t, c, between) })
			}
		}
	}
	require.Greater(t, cases, 20)
}

func runOnStore(t *testing.T, c *cytest.Case, between string) {
	ctx := context.Background()
	fs := crashfs.New()
	db := open(t, fs, Options{})
	setup := c.Setup
	if between == "no index" {
		setup = c.WithoutIndexes()
	}
	run := func(statements []string) {
		for _, s := range statements {
			_, err := db.Run(ctx, strings.TrimSuffix(s, ";"), nil)
			require.NoError(t, err, "setup: %s", s)
		}
	}
	run(setup)
	if strings.Contains(between, "every index") {
		run(cytest.Indexes(db.Reader()))
	}
	if strings.Contains(between, "snapshot") {
		_, err := db.Snapshot(ctx)
		require.NoError(t, err)
	}
	if strings.Contains(between, "reopen") {
		require.NoError(t, db.Close())
		db = open(t, fs, Options{})
	}
	defer func() { require.NoError(t, db.Close()) }()
	result, err := db.Query(ctx, c.Query, nil)
	var rows [][]graph.Value
	if err == nil {
		rows, err = allRows(result)
	}
	if c.Error != "" {
		var e *Error
		require.ErrorAs(t, err, &e, "line %d", c.Line)
		code, detail, _ := strings.Cut(c.Error, " ")
		if ours, ok := queryCodes[code]; ok {
			code = string(ours)
		}
		require.Equal(t, code+" "+detail, string(e.Code)+" "+e.Detail, "line %d: %s", c.Line, e.Message)
	} else {
		require.NoError(t, err, "line %d", c.Line)
		require.Equal(t, c.Want(), c.Answer(result.Reader(), result.Columns(), rows), "line %d: %s", c.Line, c.Query)
	}
	problems, err := db.Check(ctx)
	require.NoError(t, err)
	require.Empty(t, problems)
}

func allRows(result *Result) (rows [][]graph.Value, err error) {
	for {
		batch, err := result.Next()
		if err != nil || batch == nil {
			return rows, err
		}
		for i := range batch.Len {
			row := make([]graph.Value, len(batch.Columns))
			for c, column := range batch.Columns {
				row[c] = column[i]
			}
			rows = append(rows, row)
		}
	}
}

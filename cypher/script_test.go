package cypher

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pocketgraph/pocketgraph/cypher/exec"
	"github.com/pocketgraph/pocketgraph/cypher/plan"
	"github.com/pocketgraph/pocketgraph/internal/cytest"
	"github.com/pocketgraph/pocketgraph/internal/mapgraph"
	"github.com/stretchr/testify/require"
)

// TestScripts runs testdata/*.cy with every rule of the planner and with none,
// and each of the two with the indexes that a case makes, with one on every
// property, and with none: the answers must be the same.
func TestScripts(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "*.cy"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, c := range cytest.Read(string(text)) {
			for _, off := range []bool{false, true} {
				for _, indexes := range []string{"", "every index", "no index"} {
					if indexes != "" && c.AboutSchema() {
						continue
					}
					name := strings.TrimSuffix(filepath.Base(file), ".cy") + "/" + c.Name + "/" + indexes
					if off {
						name += "/without rules"
					}
					t.Run(name, func(t *testing.T) { runCase(t, c, off, indexes) })
				}
			}
		}
	}
}

func runCase(t *testing.T, c *cytest.Case, off bool, indexes string) {
	e, g := NewEngine(Config{NoRewrites: off}), mapgraph.New()
	setup := c.Setup
	if indexes == "no index" {
		setup = c.WithoutIndexes()
	}
	run := func(statements []string) {
		for _, s := range statements {
			_, _, err := runOn(e, g, strings.TrimSuffix(s, ";"), nil)
			require.NoError(t, err, "setup: %s", s)
		}
	}
	run(setup)
	if indexes == "every index" {
		run(cytest.Indexes(g))
	}
	columns, rows, err := runOn(e, g, c.Query, nil)
	if c.Error != "" {
		var x *Error
		require.True(t, errors.As(err, &x), "line %d: want an error, got %v", c.Line, err)
		require.Equal(t, c.Error, x.Code+" "+x.Detail, "line %d: %s", c.Line, x.Message)
		if c.Text != "" {
			require.Equal(t, c.Text, x.Render(), "line %d", c.Line)
		}
		return
	}
	require.NoError(t, err, "line %d", c.Line)
	require.Equal(t, c.Want(), c.Answer(g, columns, rows), "line %d: %s", c.Line, c.Query)
	if c.Visits > 0 && !off && indexes == "" {
		require.LessOrEqual(t, visits(t, e, g, c.Query), c.Visits, "line %d: rows visited", c.Line)
	}
}

// visits runs a statement again and counts the rows that all operators gave.
func visits(t *testing.T, e *Engine, g *mapgraph.Graph, text string) int {
	s, err := e.Prepare(text)
	require.NoError(t, err)
	p, err := exec.Compile(s.bound, g, plan.AllRules, s.library)
	require.NoError(t, err)
	rows := p.Start(&exec.Runtime{Reader: g}, nil, true)
	for {
		_, n, err := rows.Next()
		require.NoError(t, err)
		if n == 0 {
			return rows.RowsVisited()
		}
	}
}

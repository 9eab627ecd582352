//go:build !js

package pocketgraph_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	pocketgraph "github.com/pocketgraph/pocketgraph"
)

// workFile has, for each question about the real graphs, how many rows all
// operators of its plan gave together.
const workFile = "testdata/work.txt"

var rowsGiven = regexp.MustCompile(`rows=(\d+)`)

// TestWork guards plans by counting work: no question may take more rows than
// it did. Fewer are welcome, and are written down by go test -run TestWork . -update.
func TestWork(t *testing.T) {
	folder := dataFolder(t)
	most := map[string]int{}
	if !*update {
		most = readWork(t)
	}
	var out strings.Builder
	measure := func(db *pocketgraph.DB, d *dataset) {
		for _, q := range d.Queries {
			name := d.Name + "/" + q.Name
			rows, plan := work(t, db, q)
			fmt.Fprintf(&out, "%d %s\n", rows, name)
			if *update {
				continue
			}
			require.Contains(t, most, name, "go test -run TestWork . -update writes it down")
			require.LessOrEqual(t, rows, most[name], "%s takes more work than it did:\n%s", name, plan)
			if rows < most[name] {
				t.Logf("%s: %d rows instead of %d", name, rows, most[name])
			}
		}
	}
	for _, d := range readAnswers(t).Datasets {
		db := openRelaxed(t, pocketgraph.Options{})
		d.load(t, db, filepath.Join(folder, d.Name))
		measure(db, d)
	}
	measure(northwindDB(t, filepath.Join(folder, "northwind")), northwindDataset(t))
	if *update {
		require.NoError(t, os.WriteFile(workFile, []byte(out.String()), 0o644))
	}
}

// work profiles a question.
func work(t *testing.T, db *pocketgraph.DB, q question) (total int, plan string) {
	params, err := q.params(t).Values()
	require.NoError(t, err, q.Name)
	result, err := db.Query(context.Background(), "PROFILE "+q.Text, params)
	require.NoError(t, err, q.Name)
	defer result.Close()
	for {
		batch, err := result.Next()
		require.NoError(t, err, q.Name)
		if batch == nil {
			break
		}
	}
	plan = result.Summary().Plan
	for _, m := range rowsGiven.FindAllStringSubmatch(plan, -1) {
		n, err := strconv.Atoi(m[1])
		require.NoError(t, err)
		total += n
	}
	require.Positive(t, total, "PROFILE counted nothing:\n%s", plan)
	return total, plan
}

func readWork(t *testing.T) map[string]int {
	text, err := os.ReadFile(workFile)
	require.NoError(t, err)
	most := map[string]int{}
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		rows, name, _ := strings.Cut(line, " ")
		n, err := strconv.Atoi(rows)
		require.NoError(t, err)
		most[name] = n
	}
	require.Greater(t, len(most), 30)
	return most
}

//go:build !js

package pocketgraph

import (
	"context"
	"flag"
	"os"
	"regexp"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/internal/crashfs"
	"github.com/pocketgraph/pocketgraph/internal/cytest"
)

const reference = "docs/language.md"

// files are what the examples load.
var files = map[string]string{"people.csv": "name,born\nEve,2001\nFay,\n"}

// TestLanguageReference runs every statement of docs/language.md on the graph
// that the first one makes, and compares the tables behind them; it compares the
// tables of functions with what the engine has, and runs their examples. With
// -update it writes all of them anew. A function or a clause that is missing
// fails it either way.
func TestLanguageReference(t *testing.T) {
	bytes, err := os.ReadFile(reference)
	require.NoError(t, err)
	page := string(bytes)
	got := withFunctions(t, withAnswers(t, page))
	if flag.Lookup("update").Value.String() == "true" { // of data_test.go, which is outside of the package
		require.NoError(t, os.WriteFile(reference, []byte(got), 0o666))
	} else {
		require.Equal(t, got, page, "go test . -run TestLanguageReference -update")
	}

	source, err := os.ReadFile("cypher/syntax/clauses.go")
	require.NoError(t, err)
	words := regexp.MustCompile(`(?m)^\t\t"([A-Z]+)": `).FindAllStringSubmatch(string(source), -1)
	require.Greater(t, len(words), 10)
	for _, word := range words {
		require.Regexp(t, "(?m)^### .*\\b"+word[1]+"\\b", page, "a clause without a heading")
	}
	for _, row := range catalogue(t, "SHOW PROCEDURES YIELD name RETURN name") {
		require.Contains(t, page, "CALL "+strings.Trim(row[0], "'"), "a procedure without an example")
	}
}

var block = regexp.MustCompile("(?s)```cypher\n(.*?)\n```\n(?:\n(?:\\|[^\n]*\n)+)?")

// withAnswers is the page with the answer behind each statement.
func withAnswers(t *testing.T, page string) string {
	setup := ""
	return block.ReplaceAllStringFunc(page, func(found string) string {
		text := block.FindStringSubmatch(found)[1]
		out := "```cypher\n" + text + "\n```\n"
		db := importing(t, files)
		if setup != "" {
			answer(t, db, setup)
		} else {
			setup = text
		}
		result, err := db.Query(context.Background(), text, nil)
		require.NoError(t, err, text)
		columns := result.Columns()
		rows, err := allRows(result)
		require.NoError(t, err, text)
		if len(columns) == 0 {
			return out
		}
		out += "\n| " + strings.Join(columns, " | ") + " |\n|" + strings.Repeat("---|", len(columns)) + "\n"
		for _, row := range rows {
			for _, v := range row {
				out += "| " + code(cytest.Format(result.Reader(), v)) + " "
			}
			out += "|\n"
		}
		return out
	})
}

// withFunctions is the page with the tables of functions as the engine has them.
func withFunctions(t *testing.T, page string) string {
	examples := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| `([\\w.]+)\\([^`]*` \\| `([^`]*)` \\|").FindAllStringSubmatch(page, -1) {
		examples[row[1]] = row[2]
	}
	tables := map[string][]string{}
	db := importing(t, files)
	setup := block.FindStringSubmatch(page)
	require.NotNil(t, setup)
	answer(t, db, setup[1])
	for _, row := range catalogue(t, "SHOW FUNCTIONS YIELD name, category, signature RETURN name, category, signature") {
		name, category, signature := strings.Trim(row[0], "'"), strings.Trim(row[1], "'"), strings.Trim(row[2], "'")
		example := examples[name]
		require.NotEmpty(t, example, "%s: write an example for %s", reference, signature)
		require.Contains(t, strings.ToLower(example), strings.ToLower(name), "an example of another function")
		statement := strings.ReplaceAll(example, `\|`, "|")
		if !strings.Contains(statement, "RETURN ") {
			statement = "RETURN " + statement
		}
		rows := answer(t, db, statement)
		require.Len(t, rows, 1, example)
		tables[category] = append(tables[category], "| `"+signature+"` | `"+example+"` | "+code(rows[0])+" |")
	}
	marker := regexp.MustCompile(`(?s)<!-- (\w+) -->\n.*?<!-- end -->`)
	shown := []string{}
	page = marker.ReplaceAllStringFunc(page, func(found string) string {
		category := marker.FindStringSubmatch(found)[1]
		shown = append(shown, category)
		require.NotEmpty(t, tables[category], category)
		return "<!-- " + category + " -->\n\n| function | example | gives |\n|---|---|---|\n" + strings.Join(tables[category], "\n") + "\n\n<!-- end -->"
	})
	have := []string{}
	for category := range tables {
		have = append(have, category)
	}
	sort.Strings(have)
	sort.Strings(shown)
	require.Equal(t, have, shown, "kinds of functions")
	return page
}

// catalogue is what the engine says of itself, as formatted cells.
func catalogue(t *testing.T, text string) (rows [][]string) {
	t.Helper()
	db := open(t, crashfs.New(), Options{})
	defer func() { require.NoError(t, db.Close()) }()
	for _, row := range answer(t, db, text) {
		rows = append(rows, strings.Split(row, " | "))
	}
	require.NotEmpty(t, rows)
	return rows
}

// code is a value in a cell of a table.
func code(text string) string { return "`" + strings.ReplaceAll(text, "|", `\|`) + "`" }

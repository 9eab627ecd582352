package cypher

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/declared"
	"github.com/pocketgraph/pocketgraph/internal/mapgraph"
)

var updateMessages = flag.Bool("update", false, "write cypher/testdata/messages.txt anew")

// elsewhere are details that no statement over a graph in maps can meet, with the
// test, here or of the package above, that has their text.
var elsewhere = map[string]string{
	"Failed":            "TestRegisteredFunctions",
	"InvalidResult":     "TestRegisteredFunctions",
	"Unreadable":        "TestLoadCSV",
	"Malformed":         "TestLoadCSV",
	"OutOfMemory":       "TestMemoryIsBounded",
	"InsideTransaction": "TestCallInTransactions",
	"ReadOnly":          "TestWritingNeedsAWriter",
}

// TestMessages compares whole error texts, as a person sees them, with
// testdata/messages.txt: a statement, the text, an empty line. Every detail that
// the source names has an example there.
func TestMessages(t *testing.T) {
	file := "testdata/messages.txt"
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	var out strings.Builder
	met := map[string]bool{}
	for _, block := range strings.Split(strings.TrimSpace(string(data)), "\n\n") {
		text, _, _ := strings.Cut(block, "\n=>")
		e, g := NewEngine(Config{}), mapgraph.New()
		for _, setup := range []string{"CREATE CONSTRAINT FOR (p:P) REQUIRE p.id IS UNIQUE", "CREATE (:P {id: 1, name: 'Ada'})-[:KNOWS]->(:Q {list: [1]})"} {
			_, _, err := runOn(e, g, setup, nil)
			require.NoError(t, err)
		}
		_, _, err := runOn(e, g, text, map[string]graph.Value{"given": graph.Int(1)})
		var own *Error
		require.True(t, errors.As(err, &own), "no error: %s", text)
		met[own.Detail] = true
		out.WriteString(text + "\n=> " + own.Render() + "\n\n")
	}
	if *updateMessages {
		require.NoError(t, os.WriteFile(file, []byte(strings.TrimSuffix(out.String(), "\n")), 0o644))
	} else {
		require.Equal(t, strings.TrimSuffix(out.String(), "\n"), string(data))
	}
	_, err = NewEngine(Config{}).Prepare(strings.Repeat(" ", syntax.MaxText+1))
	var long *Error
	require.ErrorAs(t, err, &long)
	require.Equal(t, "SyntaxError (StatementTooLong): the statement is longer than 16 MiB", strings.SplitN(long.Render(), "\n", 2)[0])
	met[long.Detail] = true
	tests, err := declared.Tests("..")
	require.NoError(t, err)
	for detail, test := range elsewhere {
		require.True(t, tests["cypher"][test] || tests["."][test], "there is no %s for %s", test, detail)
	}
	for detail, where := range detailsInSource(t) {
		if elsewhere[detail] == "" && !met[detail] {
			t.Errorf("%s of %s has no example in %s", detail, where, file)
		}
	}
}

// detailsInSource finds the details that errors can have, with a file of each.
func detailsInSource(t *testing.T) map[string]string {
	raised := regexp.MustCompile(`(?:fail\(|Code: )"[A-Za-z]+", (?:Detail: )?"([A-Za-z]+)"`)
	named := regexp.MustCompile(`(?m)^\t\w+ +=  ?"([A-Z][A-Za-z]+)"$`)
	out := map[string]string{}
	for _, dir := range []string{".", "exec", "bind", "syntax", "plan"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		require.NoError(t, err)
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			data, err := os.ReadFile(file)
			require.NoError(t, err)
			patterns := []*regexp.Regexp{raised}
			if strings.HasSuffix(file, "/errors.go") {
				patterns = append(patterns, named)
			}
			for _, p := range patterns {
				for _, m := range p.FindAllStringSubmatch(string(data), -1) {
					if m[1] != "SyntaxError" && m[1] != "TypeError" && m[1] != "ProcedureError" {
						out[m[1]] = file
					}
				}
			}
		}
	}
	require.Greater(t, len(out), 45, "details were found")
	return out
}

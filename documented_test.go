//go:build !js

package pocketgraph

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/internal/declared"
)

// TestDocumentedTestsExist: docs/cypher.md names a test for each yes. A case of a
// language script is named by its area and the beginning of its name, a Go test by
// its function, a test of the package by its file.
func TestDocumentedTestsExist(t *testing.T) {
	page, err := os.ReadFile("docs/cypher.md")
	require.NoError(t, err)
	cases := map[string][]string{} // by area
	scripts, err := filepath.Glob("cypher/testdata/*.cy")
	require.NoError(t, err)
	for _, file := range scripts {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		area := strings.TrimSuffix(filepath.Base(file), ".cy")
		for _, line := range strings.Split(string(text), "\n") {
			if name, ok := strings.CutPrefix(line, "-- case "); ok {
				cases[area] = append(cases[area], name)
			}
		}
	}
	functions := map[string]bool{}
	tests, err := declared.Tests(".")
	require.NoError(t, err)
	for _, names := range tests {
		maps.Copy(functions, names)
	}
	for _, m := range regexp.MustCompile("`?(Test[A-Z]\\w+)`?").FindAllStringSubmatch(string(page), -1) {
		require.True(t, functions[m[1]], "there is no %s", m[1])
	}
	for _, m := range regexp.MustCompile(`\b(?:web/test/\w+\.test\.mjs|cypher/testdata/\w+\.cy)`).FindAllString(string(page), -1) {
		require.FileExists(t, m)
	}
	yes := 0
	parts := regexp.MustCompile(`\b(\w+) (?:"[^"]+"(?:, | and | to )?)+`)
	quoted := regexp.MustCompile(`"([^"]+)"`)
	for _, line := range strings.Split(string(page), "\n") {
		cells := strings.Split(strings.ReplaceAll(line, `\|`, "/"), "|")
		if len(cells) != 6 || !strings.HasPrefix(strings.TrimSpace(cells[2]), "yes") {
			continue
		}
		yes++
		here := cells[2]
		require.Regexp(t, `"|Test[A-Z]|\.cy|the suite|package`, here, "a yes without a test: %s", cells[1])
		for _, m := range parts.FindAllStringSubmatch(here, -1) {
			names := cases[m[1]]
			if names == nil {
				continue // quotes of another kind
			}
			for _, q := range quoted.FindAllStringSubmatch(m[0], -1) {
				begin, found := strings.TrimSuffix(strings.TrimSuffix(q[1], "…"), " "), false
				for _, name := range names {
					found = found || name == begin || strings.HasSuffix(q[1], "…") && strings.HasPrefix(name, begin)
				}
				require.True(t, found, "%s has no case %q", m[1], q[1])
			}
		}
	}
	require.Greater(t, yes, 30)
}

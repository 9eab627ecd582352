package nornic

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/internal/declared"
)

// TestDocumentedTestsExist: every test that docs/nornicdb.md names is there, so
// that the page cannot claim what nothing shows any more.
func TestDocumentedTestsExist(t *testing.T) {
	root := filepath.Join("..", "..")
	text, err := os.ReadFile(filepath.Join(root, "docs", "nornicdb.md"))
	require.NoError(t, err)
	named := regexp.MustCompile("`([a-z/]+)\\.((?:Test|Fuzz)\\w+)`").FindAllStringSubmatch(string(text), -1)
	require.Greater(t, len(named), 100)
	tests, err := declared.Tests(root)
	require.NoError(t, err)
	for _, n := range named {
		folder := n[1]
		if folder == "pocketgraph" {
			folder = "."
		}
		require.True(t, tests[folder][n[2]], "docs/nornicdb.md names %s.%s", n[1], n[2])
	}
}

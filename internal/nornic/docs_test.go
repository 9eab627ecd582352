package nornic

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestDocumentedTestsExist: every test that docs/nornicdb.md names is there, so
// that the page cannot claim what nothing shows any more.
func TestDocumentedTestsExist(t *testing.T) {
	root := filepath.Join("..", "..")
	text, err := os.ReadFile(filepath.Join(root, "docs", "nornicdb.md"))
	require.NoError(t, err)
	named := regexp.MustCompile("`([a-z/]+)\\.((?:Test|Fuzz)\\w+)`").FindAllStringSubmatch(string(text), -1)
	require.Greater(t, len(named), 100)
	known := map[string]string{}
	for _, n := range named {
		folder, name := n[1], n[2]
		if folder == "pocketgraph" {
			folder = "."
		}
		if _, read := known[folder]; !read {
			files, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(folder), "*_test.go"))
			require.NoError(t, err)
			for _, file := range files {
				source, err := os.ReadFile(file)
				require.NoError(t, err)
				known[folder] += string(source)
			}
		}
		require.Contains(t, known[folder], "\nfunc "+name+"(", "docs/nornicdb.md names %s.%s", n[1], name)
	}
}

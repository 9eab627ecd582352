package bind

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pocketgraph/pocketgraph/cypher/syntax"
)

// TestRealScripts compiles the Cypher scripts of the sample data beside the
// repository.
func TestRealScripts(t *testing.T) {
	files, _ := filepath.Glob("../../../shared/data/*/*.cypher")
	if len(files) == 0 {
		t.Skip("no sample data at ../shared/data")
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for piece := range syntax.SplitScript(string(text)) {
			if strings.HasPrefix(piece.Text, ":") {
				continue // a command of a shell
			}
			n++
			if _, err := compile(piece.Text, newTestCatalog()); err != nil {
				t.Errorf("%s line %d\n%s", filepath.Base(file), piece.Line, rendered(err))
			}
		}
		t.Logf("%s: %d statements", filepath.Base(file), n)
	}
}

// A statement as deep as the parser allows is bound and printed on the stack
// there is: run under js/wasm too, where that is small.
func TestDeepStatements(t *testing.T) {
	for _, c := range []struct {
		before, open, middle, close, after string
		depth                              int
	}{
		{"RETURN ", "(", "1", ")", "", 190},
		{"RETURN ", "[", "1", "]", "", 190},
		{"RETURN ", "{a:", "1", "}", "", 95},
		{"RETURN ", "toString(", "1", ")", "", 190},
		{"RETURN ", "CASE WHEN true THEN ", "1", " END", "", 95},
		{"RETURN ", "[x IN ", "[]", "]", "", 190},
		{"RETURN ", "NOT ", "true", "", "", 190},
		{"RETURN ", "EXISTS { MATCH (n) WHERE ", "true", "}", "", 60},
		{"", "CALL { ", "RETURN 1 AS x", "} RETURN x", "", 190},
		{"RETURN 1", "", "", " + 1", "", 990},
		{"RETURN {}", "", "", ".a", "", 990},
	} {
		text := c.before + strings.Repeat(c.open, c.depth) + c.middle + strings.Repeat(c.close, c.depth) + c.after
		s, err := compile(text, newTestCatalog())
		if err != nil {
			t.Errorf("%s%s: %s", c.open, c.close, err)
			continue
		}
		_ = Print(s)
	}
}

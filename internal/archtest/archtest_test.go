// Package archtest keeps the import direction of design section 2: the folder
// list is the architecture, and this test is what makes it so.
package archtest

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/pocketgraph/pocketgraph"

// allowed lists, for each package tree of ours, the package trees of ours that
// it may import. The longest matching prefix decides. Every package is listed:
// a new one has to say where it stands.
var allowed = map[string][]string{
	"graph":                {},
	"graph/temporal":       {"graph"},
	"wal":                  {},
	"opfs":                 {"internal/jsutil"},
	"internal/csv":         {},
	"cypher":               {"graph", "cypher", "internal/csv"},
	"storage/adjacency":    {"graph"},
	"storage/index":        {"graph"},
	"storage/column":       {"graph"},
	"storage/mem":          {"graph", "storage/adjacency", "storage/index", "storage/column"},
	"storage/once":         {"wal"},
	"storage":              {"graph", "wal", "storage/mem", "storage/column", "storage/once"},
	".":                    {"graph", "wal", "storage", "cypher", "internal/nativefs"},
	"formats":              {"graph", "cypher/syntax", "internal/csv"},
	"importer":             {".", "graph", "formats", "internal/nativefs", "internal/nornic", "internal/staging"},
	"jsbridge":             {".", "graph", "cypher", "opfs", "internal/jsutil", "internal/jszones", "jsbridge/wire"},
	"jsbridge/wire":        {"graph"},
	"wasm":                 {".", "jsbridge", "opfs"},
	"wasm/formats":         {"graph", "wal", "storage/mem", "formats", "jsbridge/wire", "internal/jsutil", "internal/jszones", "internal/nornic", "internal/staging"},
	"cmd/pocketgraph":      {".", "graph", "cypher", "formats", "importer", "wal", "internal/nativefs", "internal/nornic"},
	"internal/archtest":    {},
	"internal/jsutil":      {},
	"internal/jszones":     {"graph/temporal", "internal/jsutil"},
	"internal/wasmtest":    {"internal/jsutil"},
	"internal/borderprobe": {"internal/jsutil", "internal/wasmtest"},
	"internal/crashfs":     {},
	"internal/nativefs":    {},
	"internal/golden":      {},
	"internal/declared":    {},
	"internal/nornic":      {"graph"},
	"internal/staging":     {"graph", "storage/mem"},
	"internal/zoneinfo":    {},
	"internal/mapgraph":    {"graph"},
	"internal/cytest":      {"graph", "cypher"},
	"internal/querybench":  {},
	"internal/cyrand":      {},
	"internal/linear":      {"internal/linear"},     // its command
	"internal/wasmshrink":  {"internal/wasmshrink"}, // its command
}

// inTests may be imported by any test file.
var inTests = []string{"internal/mapgraph", "internal/crashfs", "internal/nativefs", "internal/golden",
	"internal/cytest", "internal/cyrand", "internal/declared", "internal/linear", "importer", "formats", "internal/staging", "internal/wasmtest", "internal/jsutil", "opfs"}

// syscallJS lists the only packages that talk to JavaScript.
var syscallJS = []string{"internal/jsutil", "opfs", "jsbridge", "wasm/formats"}

// heavy packages stay out of everything that is compiled into the page's
// module: they cost more of the size budget than they earn.
var heavy = []string{"fmt", "encoding/json", "reflect", "regexp", "os", "log", "net", "net/http", "text/template", "math/big", "encoding/csv"}

// inPage lists the package trees that are compiled into the page's module.
var inPage = []string{".", "graph", "wal", "opfs", "cypher", "storage", "jsbridge", "wasm", "internal/jsutil"}

// apart lists what is below those and yet a module of its own, which is loaded
// when it is needed.
var apart = []string{"wasm/formats"}

func TestImportDirection(t *testing.T) {
	eachFile(t, func(pkg, file string, imports []string) {
		test := strings.HasSuffix(file, "_test.go")
		rule, known := ruleFor(pkg)
		require.Truef(t, known, "%s: package %s is not in the table of import directions", file, pkg)
		for _, imp := range imports {
			ours, isOurs := ownPackage(imp)
			switch {
			case isOurs && ours != pkg && !(under(ours, rule) || test && under(ours, inTests)):
				if test && strings.HasPrefix(pkg, "internal/") {
					continue // test-only packages may test themselves with anything
				}
				t.Errorf("%s: package %s may not import %s", file, pkg, ours)
			case imp == "syscall/js" && !under(pkg, syscallJS) && !strings.HasPrefix(pkg, "internal/") && !test:
				t.Errorf("%s: only %s may import syscall/js", file, strings.Join(syscallJS, ", "))
			case !test && under(pkg, inPage) && !under(pkg, apart) && contains(heavy, imp):
				t.Errorf("%s: %s is too heavy for the page's module", file, imp)
			}
		}
	})
}

func TestTableHasNoDeadEntries(t *testing.T) {
	seen := map[string]bool{}
	eachFile(t, func(pkg, _ string, _ []string) {
		if name, ok := ruleName(pkg); ok {
			seen[name] = true
		}
	})
	for name := range allowed {
		require.Truef(t, seen[name], "the table names %s, which does not exist", name)
	}
}

// eachFile parses the imports of every Go file of the module, whatever its
// build tags say, so that files for the browser are checked natively.
func eachFile(t *testing.T, visit func(pkg, file string, imports []string)) {
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	files := 0
	err = filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && name != root && (d.Name() == "node_modules" || d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".")) {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") {
			return nil
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		parsed, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		var imports []string
		for _, spec := range parsed.Imports {
			p, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			imports = append(imports, p)
		}
		sort.Strings(imports)
		visit(path.Dir(rel), rel, imports)
		files++
		return nil
	})
	require.NoError(t, err)
	require.Greater(t, files, 10, "the walk found hardly any Go file")
}

func ruleFor(pkg string) ([]string, bool) {
	name, ok := ruleName(pkg)
	return allowed[name], ok
}

// ruleName finds the longest entry of the table that covers pkg.
func ruleName(pkg string) (string, bool) {
	for p := pkg; ; p = path.Dir(p) {
		if _, ok := allowed[p]; ok && (p != "." || pkg == ".") {
			return p, true
		}
		if p == "." {
			return "", false
		}
	}
}

func ownPackage(imp string) (string, bool) {
	if imp == module {
		return ".", true
	}
	rest, ok := strings.CutPrefix(imp, module+"/")
	return rest, ok
}

// under reports whether pkg is one of the trees or below one of them. The
// root package stands for itself alone.
func under(pkg string, trees []string) bool {
	for _, tree := range trees {
		if pkg == tree || tree != "." && strings.HasPrefix(pkg, tree+"/") {
			return true
		}
	}
	return false
}

func contains(list []string, s string) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}

package bind

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/cypher/syntax"
)

// The conformance suite is not part of this repository: it lies beside it, or
// where POCKETGRAPH_TCK says.
const tckBeside = "../../../shared/tck"

// tckCase is one query of the suite and what should come of it.
type tckCase struct {
	name       string
	query      string
	setup      bool // of a Given: always fine
	procedures []string
	// code, phase and detail of the error, or empty.
	code, phase, detail string
}

func tckCases(t *testing.T) []tckCase {
	root := os.Getenv("POCKETGRAPH_TCK")
	if root == "" {
		root = tckBeside
	}
	if _, err := os.Stat(filepath.Join(root, "features")); errors.Is(err, fs.ErrNotExist) {
		t.Skipf("no conformance suite at %s; set POCKETGRAPH_TCK to its folder", root)
	}
	var cases []tckCase
	err := filepath.WalkDir(filepath.Join(root, "features"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".feature") {
			return err
		}
		text, err := os.ReadFile(path)
		cases = append(cases, featureCases(filepath.Base(path), string(text))...)
		return err
	})
	require.NoError(t, err)
	return cases
}

var (
	scenarioStart = regexp.MustCompile(`(?m)^\s*Scenario(?: Outline)?: *(.*)$`)
	errorStep     = regexp.MustCompile(`an? (\w+) should be raised at ([a-z ]+): (\S+)`)
	docString     = regexp.MustCompile(`(?s)(executing query|executing control query|having executed):\s*\n\s*"""\r?\n(.*?)"""`)
	procedureStep = regexp.MustCompile(`there exists a procedure (.+):`)
	commentLine   = regexp.MustCompile(`(?m)^\s*#.*$`)
)

// featureCases reads as much of a feature file as this test needs.
func featureCases(file, text string) []tckCase {
	var cases []tckCase
	starts := scenarioStart.FindAllStringSubmatchIndex(text, -1)
	for i, at := range starts {
		end := len(text)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		name, body := text[at[2]:at[3]], text[at[1]:end]
		for _, row := range examples(body) {
			expanded, title := body, name
			for key, value := range row {
				expanded = strings.ReplaceAll(expanded, "<"+key+">", value)
				title = strings.ReplaceAll(title, "<"+key+">", value)
			}
			cases = append(cases, scenarioCases(file+" "+strings.TrimSpace(title), expanded)...)
		}
	}
	return cases
}

// examples are the rows of the table below a scenario; one empty row when
// there is none.
func examples(body string) []map[string]string {
	_, table, found := strings.Cut(body, "Examples:")
	if !found {
		return []map[string]string{{}}
	}
	var header []string
	var rows []map[string]string
	for _, line := range strings.Split(commentLine.ReplaceAllString(table, ""), "\n") {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "|") {
			continue
		}
		cells := tableCells(line)
		if header == nil {
			header = cells
			continue
		}
		row := map[string]string{}
		for i, cell := range cells {
			row[header[i]] = cell
		}
		rows = append(rows, row)
	}
	return rows
}

// tableCells cuts a table line at the bars that are not escaped.
func tableCells(line string) []string {
	const bar, backslash = "\x00", "\x01"
	line = strings.NewReplacer(`\\`, backslash, `\|`, bar, `\n`, "\n").Replace(strings.Trim(line, "|"))
	if strings.HasSuffix(line, bar) {
		line += " "
	}
	var cells []string
	for _, cell := range strings.Split(line, "|") {
		cells = append(cells, strings.NewReplacer(bar, "|", backslash, `\`).Replace(strings.TrimSpace(cell)))
	}
	return cells
}

func scenarioCases(name, body string) []tckCase {
	body, _, _ = strings.Cut(body, "Examples:")
	var procedures []string
	for _, m := range procedureStep.FindAllStringSubmatch(body, -1) {
		procedures = append(procedures, m[1])
	}
	var cases []tckCase
	failure := errorStep.FindStringSubmatch(body)
	for _, m := range docString.FindAllStringSubmatch(body, -1) {
		c := tckCase{name: name, query: m[2], procedures: procedures, setup: m[1] == "having executed"}
		if failure != nil && m[1] == "executing query" {
			c.code, c.phase, c.detail = failure[1], failure[2], failure[3]
		}
		cases = append(cases, c)
	}
	return cases
}

// TestConformanceSuitePrints prints every query of the suite that parses and
// parses what was printed.
func TestConformanceSuitePrints(t *testing.T) {
	for _, c := range tckCases(t) {
		s, err := syntax.Parse(c.query)
		if err != nil {
			continue
		}
		printed := syntax.Print(s)
		again, err := syntax.Parse(printed)
		require.NoError(t, err, "%s\nprinted as %s", c.query, printed)
		require.Equal(t, printed, syntax.Print(again))
	}
}

// compile is what the engine does before a query runs.
func compile(text string, c Catalog) (*Statement, error) {
	s, err := syntax.Parse(text)
	if err != nil {
		return nil, err
	}
	return Check(s, c)
}

// tckExceptions are the scenarios where this test cannot be satisfied, and
// why.
var tckExceptions = map[string]string{
	"MissingParameter": "raised when the statement is run: only then are the parameters known",
}

// TestConformanceSuite compiles every query of the suite: those that should
// succeed have to, those that should fail at compile time have to with exactly
// the suite's code and detail. The suite's outlines are expanded.
func TestConformanceSuite(t *testing.T) {
	cases := tckCases(t)
	var fine, fineWanted, exact, failing int
	for _, c := range cases {
		catalog := newTestCatalog()
		for _, p := range c.procedures {
			catalog.withProcedure(p)
		}
		_, err := compile(c.query, catalog)
		if c.phase != "compile time" {
			if c.phase == "any time" && err != nil {
				continue // may fail here too
			}
			fineWanted++
			if err == nil {
				fine++
				continue
			}
			t.Errorf("%s\nshould compile:\n%s", c.name, rendered(err))
			continue
		}
		if tckExceptions[c.detail] != "" {
			continue
		}
		failing++
		if got := verdict(err); got == c.code+" "+c.detail {
			exact++
		} else {
			t.Errorf("%s\n%s\nwant %s %s, got %s", c.name, c.query, c.code, c.detail, got)
		}
	}
	t.Logf("%d of %d compile, %d of %d fail exactly as they should", fine, fineWanted, exact, failing)
	require.Greater(t, len(cases), 1000, "the suite was not read")
}

func verdict(err error) string {
	var e *syntax.Error
	if errors.As(err, &e) {
		return e.Code + " " + e.Detail
	}
	return "no error"
}

func rendered(err error) string {
	var e *syntax.Error
	if errors.As(err, &e) {
		return e.Render()
	}
	return err.Error()
}

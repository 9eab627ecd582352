package cypher

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/mapgraph"
	"github.com/stretchr/testify/require"
)

// TestTCK runs the openCypher conformance suite. A scenario passes when
// results, side effects and errors (type, phase and detail) are exact.
// testdata/tck-known-failures.txt lists what fails, with a reason; the test
// fails when something else fails and when something listed passes.
//
// POCKETGRAPH_TCK names another folder than ../../shared/tck;
// POCKETGRAPH_TCK_FILTER is a regular expression on scenario names, which
// prints failures in full and compares with no list.
func TestTCK(t *testing.T) {
	dir := os.Getenv("POCKETGRAPH_TCK")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "tck")
	}
	if _, err := os.Stat(filepath.Join(dir, "features")); err != nil {
		t.Skip("the conformance suite is not at " + dir)
	}
	filter := regexp.MustCompile(os.Getenv("POCKETGRAPH_TCK_FILTER"))
	known := readKnownFailures(t)
	folders := map[string]*[2]int{}
	passed, total := 0, 0
	for _, s := range readTCK(t, dir) {
		if s.ignored || !filter.MatchString(s.id()) {
			continue
		}
		problem := runScenario(t, dir, s)
		folder := folders[filepath.Dir(s.file)]
		if folder == nil {
			folder = new([2]int)
			folders[filepath.Dir(s.file)] = folder
		}
		folder[1]++
		total++
		if problem == "" {
			folder[0]++
			passed++
		}
		switch {
		case os.Getenv("POCKETGRAPH_TCK_FILTER") != "":
			if problem != "" {
				t.Logf("%s (line %d): %s", s.id(), s.line, problem)
			}
		case problem != "" && !known.match(s.id()):
			t.Errorf("%s (line %d): %s", s.id(), s.line, problem)
		case problem == "":
			known.passed(s.id())
		}
	}
	names := make([]string, 0, len(folders))
	for name := range folders {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		t.Logf("%-40s %5d of %5d", name, folders[name][0], folders[name][1])
	}
	t.Logf("TCK: %d of %d scenarios pass exactly", passed, total)
	if os.Getenv("POCKETGRAPH_TCK_FILTER") == "" {
		for _, stale := range known.stale() {
			t.Errorf("testdata/tck-known-failures.txt: nothing fails any more for %q", stale)
		}
	}
}

// knownFailures is a list of prefixes of scenario ids.
type knownFailures struct {
	prefixes []string
	used     map[string]int
}

func readKnownFailures(t *testing.T) *knownFailures {
	k := &knownFailures{used: map[string]int{}}
	text, err := os.ReadFile(filepath.Join("testdata", "tck-known-failures.txt"))
	if errors.Is(err, os.ErrNotExist) {
		return k
	}
	require.NoError(t, err)
	for _, line := range strings.Split(string(text), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		prefix, reason, ok := strings.Cut(line, " ## ")
		require.True(t, ok && reason != "", "no reason given: %s", line)
		k.prefixes = append(k.prefixes, strings.TrimSpace(prefix))
	}
	return k
}

func (k *knownFailures) match(id string) bool {
	found := false
	for _, p := range k.prefixes {
		if strings.HasPrefix(id, p) {
			k.used[p]++
			found = true
		}
	}
	return found
}

// passed notes scenarios that pass although their very line is listed.
func (k *knownFailures) passed(id string) {
	for _, p := range k.prefixes {
		if p == id {
			k.used[p] = 0
		}
	}
}

func (k *knownFailures) stale() []string {
	var out []string
	for _, p := range k.prefixes {
		if k.used[p] == 0 {
			out = append(out, p)
		}
	}
	return out
}

// tckState is one scenario under way.
type tckState struct {
	engine  *Engine
	graph   *mapgraph.Graph
	params  map[string]graph.Value
	before  measured
	columns []string
	rows    [][]graph.Value
	err     *Error
}

var (
	stepNamed     = regexp.MustCompile(`^the (.*) graph$`)
	stepProcedure = regexp.MustCompile(`^there exists a procedure (.+):$`)
	stepError     = regexp.MustCompile(`^an? (.+) should be raised at (.+): (.+)$`)
)

// runScenario returns what is wrong, or nothing.
func runScenario(t *testing.T, dir string, s *tckScenario) (problem string) {
	defer func() {
		if p := recover(); p != nil {
			problem = fmt.Sprint("panic: ", p)
			if os.Getenv("POCKETGRAPH_TCK_PANIC") != "" {
				panic(p)
			}
		}
	}()
	st := &tckState{engine: NewEngine(Config{NoRewrites: os.Getenv("POCKETGRAPH_NO_REWRITES") != ""}), graph: mapgraph.New(), params: map[string]graph.Value{}}
	for i, step := range s.steps {
		if p := st.step(t, dir, step, s.steps[i+1:]); p != "" {
			return p
		}
	}
	return ""
}

func (st *tckState) step(t *testing.T, dir string, step tckStep, rest []tckStep) string {
	switch {
	case step.text == "an empty graph":
	case step.text == "any graph":
		return st.setup(namedGraph(t, dir, "binary-tree-1"))
	case step.text == "having executed:":
		return st.setup(step.doc)
	case step.text == "parameters are:":
		for _, row := range step.table {
			v, err := st.evaluate(row[1])
			if err != nil {
				return "parameter: " + err.Error()
			}
			st.params[row[0]] = v
		}
	case stepProcedure.MatchString(step.text):
		return st.procedure(stepProcedure.FindStringSubmatch(step.text)[1], step.table)
	case step.text == "executing query:":
		st.before = measure(st.graph)
		st.run(step.doc)
	case step.text == "executing control query:":
		st.run(step.doc)
	case step.text == "the result should be empty":
		if st.err != nil {
			return "error: " + st.err.Error()
		}
		if len(st.rows) > 0 {
			return fmt.Sprintf("rows: expected none, got %d", len(st.rows))
		}
	case strings.HasPrefix(step.text, "the result should be"):
		return st.compare(step)
	case stepError.MatchString(step.text):
		m := stepError.FindStringSubmatch(step.text)
		if p := st.expectError(m[1], m[2], m[3]); p != "" {
			return p
		}
		if len(rest) == 0 {
			return st.sideEffects(nil)
		}
	case step.text == "no side effects":
		return st.sideEffects(nil)
	case step.text == "the side effects should be:":
		return st.sideEffects(step.table)
	case stepNamed.MatchString(step.text):
		return st.setup(namedGraph(t, dir, stepNamed.FindStringSubmatch(step.text)[1]))
	default:
		return "unknown step: " + step.text
	}
	return ""
}

func namedGraph(t *testing.T, dir, name string) string {
	text, err := os.ReadFile(filepath.Join(dir, "graphs", name, name+".cypher"))
	require.NoError(t, err)
	return string(text)
}

func (st *tckState) setup(text string) string {
	for _, part := range strings.Split(text, ";") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		st.run(part)
		if st.err != nil {
			return "setup: " + st.err.Error()
		}
	}
	return ""
}

// run runs a statement in a transaction of its own.
func (st *tckState) run(text string) {
	st.columns, st.rows, st.err = nil, nil, nil
	work := st.graph.Clone()
	columns, rows, err := runOn(st.engine, work, text, st.params)
	if err != nil {
		if !errors.As(err, &st.err) {
			st.err = &Error{Code: "InternalError", Message: err.Error()}
		}
		return
	}
	st.columns, st.rows = columns, rows
	st.graph = work
}

func runOn(e *Engine, g *mapgraph.Graph, text string, params map[string]graph.Value) (columns []string, out [][]graph.Value, err error) {
	s, err := e.Prepare(text)
	if err != nil {
		return nil, nil, err
	}
	rows, err := e.Run(&Runtime{Reader: g, Writer: g}, s, params)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	for {
		b, err := rows.Next()
		if err != nil || b == nil {
			return rows.Columns(), out, err
		}
		for i := 0; i < b.Len; i++ {
			row := make([]graph.Value, len(b.Columns))
			for k := range row {
				row[k] = b.Columns[k][i]
			}
			out = append(out, row)
		}
	}
}

func (st *tckState) evaluate(text string) (graph.Value, error) {
	_, rows, err := runOn(st.engine, mapgraph.New(), parameterText(text), nil)
	if err != nil {
		return graph.Null, err
	}
	return rows[0][0], nil
}

// procedure registers a table-backed procedure with the suite's signature.
func (st *tckState) procedure(signature string, table [][]string) string {
	var err error
	var rows [][]graph.Value
	for _, cells := range table[min(1, len(table)):] {
		row := make([]graph.Value, len(cells))
		for i, c := range cells {
			if row[i], err = st.evaluate(c); err != nil {
				return "procedure: " + err.Error()
			}
		}
		rows = append(rows, row)
	}
	if err := st.engine.Register(Registration{Signature: signature, Procedure: true, Rows: rows}); err != nil {
		return "procedure: " + err.Error()
	}
	return ""
}

func (st *tckState) compare(step tckStep) string {
	if st.err != nil {
		return "error: " + st.err.Error()
	}
	unordered := strings.Contains(step.text, "ignoring element order")
	c := canonizer{reader: st.graph, unordered: unordered}
	if got, want := strings.Join(st.columns, " | "), strings.Join(step.table[0], " | "); got != want {
		return "columns: expected " + want + " got " + got
	}
	var want, got []string
	for _, cells := range step.table[1:] {
		var row []string
		for _, cell := range cells {
			row = append(row, canonExpected(cell, unordered))
		}
		want = append(want, strings.Join(row, " | "))
	}
	for _, values := range st.rows {
		var row []string
		for _, v := range values {
			row = append(row, c.value(v))
		}
		got = append(got, strings.Join(row, " | "))
	}
	if !strings.Contains(step.text, "in order") {
		sort.Strings(want)
		sort.Strings(got)
	}
	if strings.Join(want, "\n") != strings.Join(got, "\n") {
		return "rows: expected [" + strings.Join(want, "; ") + "] got [" + strings.Join(got, "; ") + "]"
	}
	return ""
}

func (st *tckState) expectError(code, phase, detail string) string {
	if st.err == nil {
		return fmt.Sprintf("no error: expected %s at %s: %s, got %d rows", code, phase, detail, len(st.rows))
	}
	e := st.err
	got := e.Code + " at " + e.Phase + ": " + e.Detail
	switch {
	case e.Code != code && code != "Error",
		phase != "any time" && strings.TrimSuffix(phase, " time") != e.Phase,
		detail != "*" && detail != e.Detail:
		return "wrong error: expected " + code + " at " + phase + ": " + detail + ", got " + got + " " + e.Message
	}
	return ""
}

// measured is the state side effects are the difference of.
type measured [4]map[string]bool // nodes, relationships, labels, properties

func measure(g *mapgraph.Graph) measured {
	var m measured
	for i := range m {
		m[i] = map[string]bool{}
	}
	c := canonizer{reader: g}
	buf := make([]graph.Node, 1)
	for from := graph.Node(0); g.ScanNodes(from, buf) == 1; from = buf[0] + 1 {
		id := "n" + strconv.FormatUint(uint64(g.NodeID(buf[0])), 10)
		m[0][id] = true
		for _, l := range g.AppendLabels(nil, buf[0]) {
			m[2][g.LabelName(l)] = true
		}
		for _, p := range g.AppendNodeProperties(nil, buf[0]) {
			m[3][id+" "+g.KeyName(p.Key)+" "+c.value(p.Value)] = true
		}
	}
	rels := make([]graph.Rel, 1)
	for from := graph.Rel(0); g.ScanRels(from, rels) == 1; from = rels[0] + 1 {
		id := "r" + strconv.FormatUint(uint64(g.RelID(rels[0])), 10)
		m[1][id] = true
		for _, p := range g.AppendRelProperties(nil, rels[0]) {
			m[3][id+" "+g.KeyName(p.Key)+" "+c.value(p.Value)] = true
		}
	}
	return m
}

func (st *tckState) sideEffects(table [][]string) string {
	want := map[string]int{}
	for _, row := range table {
		want[row[0]], _ = strconv.Atoi(row[1])
	}
	after := measure(st.graph)
	for i, name := range []string{"nodes", "relationships", "labels", "properties"} {
		plus, minus := 0, 0
		for k := range after[i] {
			if !st.before[i][k] {
				plus++
			}
		}
		for k := range st.before[i] {
			if !after[i][k] {
				minus++
			}
		}
		if plus != want["+"+name] || minus != want["-"+name] {
			return fmt.Sprintf("side effects: %s +%d -%d, expected +%d -%d", name, plus, minus, want["+"+name], want["-"+name])
		}
	}
	return ""
}

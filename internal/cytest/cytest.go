// Package cytest reads language scripts: tests of the query language written
// in the language itself (cypher/testdata/*.cy). Whoever has a graph runs
// them: package cypher on a map-backed one, the root package on the store.
//
//	-- case a name
//	-- setup
//	CREATE (:A {x: 1});
//	-- query            (or: -- query in order)
//	MATCH (a:A) RETURN a.x AS x
//	-- rows             (or: -- error TypeError InvalidArgumentValue)
//	x
//	1
//	-- text             (of an error, as Render writes it, behind -- error)
//	SyntaxError (…): …
//	-- visits 3         (at most so many rows given by all operators together)
//
// Setup statements end with a semicolon at the end of a line. Values are
// written as Format writes them.
package cytest

import (
	"sort"
	"strconv"
	"strings"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/graph/temporal"
)

// Case is one test.
type Case struct {
	Name    string
	Line    int
	Setup   []string
	Query   string
	Ordered bool
	Rows    []string // the header and the rows, cells joined by " | "; nil when Error is expected
	Error   string   // code and detail
	Text    string   // of the error with its excerpt; empty: not checked
	Visits  int      // 0: not checked
}

// Read reads a script.
func Read(text string) []*Case {
	var cases []*Case
	section := ""
	for i, line := range strings.Split(text, "\n") {
		if rest, ok := strings.CutPrefix(line, "-- "); ok {
			word, arg, _ := strings.Cut(rest, " ")
			section = word
			if word == "case" {
				cases = append(cases, &Case{Name: arg, Line: i + 1})
				continue
			}
			if len(cases) == 0 {
				continue
			}
			c := cases[len(cases)-1]
			switch word {
			case "query":
				c.Ordered = arg == "in order"
			case "error":
				c.Error = arg
			case "visits":
				c.Visits, _ = strconv.Atoi(arg)
			}
			continue
		}
		if len(cases) > 0 && strings.TrimSpace(line) != "" {
			cases[len(cases)-1].add(section, line)
		}
	}
	return cases
}

func (c *Case) add(section, line string) {
	switch section {
	case "setup":
		if n := len(c.Setup); n > 0 && !strings.HasSuffix(c.Setup[n-1], ";") {
			c.Setup[n-1] += "\n" + line
		} else {
			c.Setup = append(c.Setup, line)
		}
	case "query":
		c.Query = strings.TrimPrefix(c.Query+"\n"+line, "\n")
	case "text":
		c.Text = strings.TrimPrefix(c.Text+"\n"+line, "\n")
	case "rows":
		c.Rows = append(c.Rows, strings.TrimSpace(line))
	}
}

// Answer writes an answer as Case.Rows has it; rows are sorted unless the case
// says that their order counts. Want gives the case's own rows the same way.
func (c *Case) Answer(r graph.Reader, columns []string, rows [][]graph.Value) []string {
	out := []string{strings.Join(columns, " | ")}
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, v := range row {
			cells[i] = Format(r, v)
		}
		out = append(out, strings.Join(cells, " | "))
	}
	return c.sorted(out)
}

// Want is the expected answer.
func (c *Case) Want() []string { return c.sorted(append([]string(nil), c.Rows...)) }

func (c *Case) sorted(rows []string) []string {
	if !c.Ordered && len(rows) > 1 {
		sort.Strings(rows[1:])
	}
	return rows
}

// Format writes a value as Cypher has it: 1, 1.0, 'a', [1, 2], {k: 1},
// (:A {x: 1}), [:T {x: 1}], <(:A)-[:T]->()>; dates, times and durations are
// their texts without quotes.
func Format(r graph.Reader, v graph.Value) string {
	switch v.Kind() {
	case graph.KindNull:
		return "null"
	case graph.KindBool:
		return strconv.FormatBool(v.AsBool())
	case graph.KindInt:
		return strconv.FormatInt(v.AsInt(), 10)
	case graph.KindFloat:
		s := strconv.FormatFloat(v.AsFloat(), 'g', -1, 64)
		if !strings.ContainsAny(s, ".eNI") {
			s += ".0"
		}
		return s
	case graph.KindString:
		return "'" + v.AsString() + "'"
	case graph.KindList:
		parts := make([]string, len(v.AsList()))
		for i, item := range v.AsList() {
			parts[i] = Format(r, item)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case graph.KindMap:
		m := v.AsMap()
		parts := make([]string, m.Len())
		for i := range parts {
			k, item := m.At(i)
			parts[i] = k + ": " + Format(r, item)
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case graph.KindNode:
		return formatNode(r, v.AsNode())
	case graph.KindRel:
		return formatRel(r, v.AsRel())
	case graph.KindPath:
		return formatPath(r, v.AsPath())
	}
	if text := temporal.Text(v); text != "" {
		return text
	}
	return v.Kind().String()
}

func formatNode(r graph.Reader, n graph.Node) string {
	var labels []string
	for _, l := range r.AppendLabels(nil, n) {
		labels = append(labels, ":"+r.LabelName(l))
	}
	sort.Strings(labels) // their order is that in which the graph met their names
	text := strings.Join(labels, "")
	props := formatProperties(r, r.AppendNodeProperties(nil, n))
	if text != "" && props != "" {
		text += " "
	}
	return "(" + text + props + ")"
}

func formatRel(r graph.Reader, x graph.Rel) string {
	props := formatProperties(r, r.AppendRelProperties(nil, x))
	if props != "" {
		props = " " + props
	}
	return "[:" + r.TypeName(r.RelType(x)) + props + "]"
}

func formatProperties(r graph.Reader, props []graph.Property) string {
	if len(props) == 0 {
		return ""
	}
	entries := make([]graph.Entry, len(props))
	for i, p := range props {
		entries[i] = graph.Entry{Key: r.KeyName(p.Key), Value: p.Value}
	}
	return Format(r, graph.MapValue(graph.NewMap(entries)))
}

func formatPath(r graph.Reader, p *graph.Path) string {
	text := "<" + formatNode(r, p.Nodes[0])
	for i, x := range p.Rels {
		if start, _ := r.RelEnds(x); start == p.Nodes[i] {
			text += "-" + formatRel(r, x) + "->"
		} else {
			text += "<-" + formatRel(r, x) + "-"
		}
		text += formatNode(r, p.Nodes[i+1])
	}
	return text + ">"
}

// AboutSchema tells whether a case is about the schema or about plans, so that
// indexes of somebody else's would change its answer.
func (c *Case) AboutSchema() bool {
	for _, word := range []string{"SHOW ", "EXPLAIN ", "PROFILE ", "INDEX", "CONSTRAINT", "db.indexes"} {
		if strings.Contains(strings.ToUpper(c.Query), word) {
			return true
		}
	}
	return false
}

// Indexes are statements that make an index on every property under every label
// and every type that the graph has.
func Indexes(r graph.Reader) (statements []string) {
	for k := range graph.KeyID(r.KeysLen()) {
		key := quoted(r.KeyName(k))
		for l := range graph.LabelID(r.LabelsLen()) {
			statements = append(statements, "CREATE INDEX IF NOT EXISTS FOR (n:"+quoted(r.LabelName(l))+") ON (n."+key+")")
		}
		for t := range graph.TypeID(r.TypesLen()) {
			statements = append(statements, "CREATE INDEX IF NOT EXISTS FOR ()-[n:"+quoted(r.TypeName(t))+"]-() ON (n."+key+")")
		}
	}
	return statements
}

func quoted(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }

// WithoutIndexes is the set-up without the indexes it makes.
func (c *Case) WithoutIndexes() (setup []string) {
	for _, s := range c.Setup {
		if !strings.Contains(strings.ToUpper(s), "CREATE INDEX") {
			setup = append(setup, s)
		}
	}
	return setup
}

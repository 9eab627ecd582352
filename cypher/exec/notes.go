package exec

import (
	"strings"

	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// Notes says, a line each, which labels, types and property keys of a statement
// the graph has never had, with the name that may have been meant. That is no
// error: a query may be older than the data. A statement that writes has none.
func (p *Program) Notes(r graph.Reader) string {
	if p.Plan.Statement.Writes {
		return ""
	}
	var out strings.Builder
	look := func(what string, names []string, known func(string) bool, n int, name func(int) string) {
		for _, missing := range names {
			if missing == "" || known(missing) {
				continue
			}
			out.WriteString("note: nothing has the " + what + " " + missing)
			all := make([]string, n)
			for i := range all {
				all[i] = name(i)
			}
			if near := syntax.Nearest(missing, all); near != "" {
				out.WriteString("; did you mean " + near + "?")
			}
			out.WriteByte('\n')
		}
	}
	look("label", p.labels.list, func(s string) bool { _, ok := r.LookLabel(s); return ok || p.types.has(s) && knowsType(r, s) }, r.LabelsLen(),
		func(i int) string { return r.LabelName(graph.LabelID(i)) })
	look("type", p.types.list, func(s string) bool { return knowsType(r, s) || p.labels.has(s) }, r.TypesLen(),
		func(i int) string { return r.TypeName(graph.TypeID(i)) })
	look("property", p.keys.list, func(s string) bool { _, ok := r.LookKey(s); return ok }, r.KeysLen(),
		func(i int) string { return r.KeyName(graph.KeyID(i)) })
	return out.String()
}

func knowsType(r graph.Reader, name string) bool {
	_, ok := r.LookType(name)
	return ok
}

func (t *nameTable) has(name string) bool {
	_, ok := t.ids[name]
	return ok
}

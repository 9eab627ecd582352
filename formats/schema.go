package formats

import (
	"strings"

	"github.com/pocketgraph/pocketgraph/graph"
)

// Schema is what makes the indexes and constraints of a graph, a statement
// each, unless they are there already.
func Schema(r graph.Reader) (statements []string) {
	for _, k := range r.Constraints() {
		require := map[graph.ConstraintKind]string{graph.UniqueConstraint: "IS UNIQUE", graph.ExistsConstraint: "IS NOT NULL",
			graph.KeyConstraint: "IS KEY", graph.TypeConstraint: "IS :: " + k.Types.String()}[k.Kind]
		statements = append(statements, "CREATE CONSTRAINT "+quotedName(k.Name)+" IF NOT EXISTS FOR "+
			target(r, k.Entity, k.Label, k.Type)+" REQUIRE ("+keyList(r, k.Keys)+") "+require)
	}
	for _, ix := range r.Indexes() {
		if ix.Owner == "" {
			statements = append(statements, "CREATE INDEX "+quotedName(ix.Name)+" IF NOT EXISTS FOR "+
				target(r, ix.Entity, ix.Label, ix.Type)+" ON ("+keyList(r, ix.Keys)+")")
		}
	}
	return statements
}

func target(r graph.Reader, e graph.Entity, l graph.LabelID, t graph.TypeID) string {
	if e == graph.RelEntity {
		return "()-[x:" + quotedName(r.TypeName(t)) + "]-()"
	}
	return "(x:" + quotedName(r.LabelName(l)) + ")"
}

func keyList(r graph.Reader, keys []graph.KeyID) string {
	parts := make([]string, len(keys))
	for i, k := range keys {
		parts[i] = "x." + quotedName(r.KeyName(k))
	}
	return strings.Join(parts, ", ")
}

// quotedName is a name between backquotes.
func quotedName(name string) string {
	return "`" + strings.ReplaceAll(strings.ToValidUTF8(name, "\ufffd"), "`", "``") + "`"
}

package exec

import (
	"sort"
	"strings"

	"github.com/pocketgraph/pocketgraph/cypher/bind"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// show is the procedure behind a SHOW, with the columns of bind.Show; nil for
// what cannot be shown.
func (l *Library) show(s *syntax.Show) *Procedure {
	var rows func(r graph.Reader) [][]graph.Value
	if ofHost := hostRows[s.What]; ofHost != nil {
		return &Procedure{Call: func(r *Run, args []graph.Value, at syntax.Range) [][]graph.Value {
			if r.rt.Host == nil {
				r.fail("NotImplemented", "NotImplemented", "there is no database here that could be asked, only a graph", at)
				return nil
			}
			return ofHost(r, ids(r, args, at))
		}}
	}
	switch s.What {
	case syntax.ShowIndexes:
		rows = showIndexes
	case syntax.ShowConstraints:
		rows = showConstraints
	case syntax.ShowFunctions:
		rows = func(graph.Reader) [][]graph.Value { return l.showFunctions() }
	case syntax.ShowProcedures:
		rows = func(graph.Reader) [][]graph.Value { return l.showProcedures() }
	default:
		return nil
	}
	keep := filters[s.Filter]
	return &Procedure{Call: func(r *Run, _ []graph.Value, _ syntax.Range) (out [][]graph.Value) {
		for _, row := range rows(r.reader) {
			if keep == nil || keep(row, s.What) {
				out = append(out, row)
			}
		}
		return out
	}}
}

// filters are the words between SHOW and what is shown, as far as they leave
// something out.
var filters = map[string]func(row []graph.Value, what syntax.ShowKind) bool{}

func init() {
	none := func([]graph.Value, syntax.ShowKind) bool { return false }
	for _, word := range []string{"FULLTEXT", "TEXT", "POINT", "VECTOR", "LOOKUP"} {
		filters[word] = none // there are no such indexes
	}
	for word, builtIn := range map[string]bool{"BUILT IN": true, "USER DEFINED": false} {
		filters[word] = func(row []graph.Value, what syntax.ShowKind) bool {
			return what != syntax.ShowFunctions || row[4].AsBool() == builtIn
		}
	}
	for _, f := range [][2]string{{"UNIQUE", "UNIQUENESS"}, {"UNIQUENESS", "UNIQUENESS"}, {"KEY", "KEY"}, {"NODE KEY", "NODE_KEY"},
		{"RELATIONSHIP KEY", "RELATIONSHIP_KEY"}, {"REL KEY", "RELATIONSHIP_KEY"}, {"EXIST", "EXISTENCE"}, {"EXISTENCE", "EXISTENCE"},
		{"PROPERTY EXISTENCE", "EXISTENCE"}, {"PROPERTY TYPE", "PROPERTY_TYPE"}} {
		part := f[1]
		filters[f[0]] = func(row []graph.Value, what syntax.ShowKind) bool {
			return what != syntax.ShowConstraints || strings.Contains(row[2].AsString(), part)
		}
	}
}

// about describes what an index or constraint is about: the kind of element, its
// label or type, its keys, and the same as the text behind FOR.
func about(r graph.Reader, e graph.Entity, l graph.LabelID, t graph.TypeID, keys []graph.KeyID) (entity, names, properties graph.Value, target, list string) {
	name := ""
	if e == graph.RelEntity {
		entity, name = graph.String("RELATIONSHIP"), r.TypeName(t)
		target = "()-[n:" + quoted(name) + "]-()"
	} else {
		entity, name = graph.String("NODE"), r.LabelName(l)
		target = "(n:" + quoted(name) + ")"
	}
	out := make([]graph.Value, len(keys))
	parts := make([]string, len(keys))
	for i, k := range keys {
		out[i] = graph.String(r.KeyName(k))
		parts[i] = "n." + quoted(r.KeyName(k))
	}
	return entity, graph.List([]graph.Value{graph.String(name)}), graph.List(out), target, "(" + strings.Join(parts, ", ") + ")"
}

// quoted is a name between backquotes.
func quoted(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }

func orNull(text string) graph.Value {
	if text == "" {
		return graph.Null
	}
	return graph.String(text)
}

func showIndexes(r graph.Reader) (rows [][]graph.Value) {
	for i, ix := range r.Indexes() {
		entity, names, properties, target, list := about(r, ix.Entity, ix.Label, ix.Type, ix.Keys)
		rows = append(rows, []graph.Value{graph.Int(int64(i + 1)), graph.String(ix.Name), graph.String("ONLINE"), graph.Float(100), graph.String("RANGE"),
			entity, names, properties, orNull(ix.Owner), graph.MapValue(graph.NewMap(nil)),
			graph.String("CREATE RANGE INDEX " + quoted(ix.Name) + " FOR " + target + " ON " + list)})
	}
	return rows
}

// constraintNames are the types of constraints, and what makes them.
var constraintNames = map[graph.ConstraintKind][2]string{
	graph.UniqueConstraint: {"UNIQUENESS", "IS UNIQUE"}, graph.ExistsConstraint: {"PROPERTY_EXISTENCE", "IS NOT NULL"},
	graph.KeyConstraint: {"KEY", "IS KEY"}, graph.TypeConstraint: {"PROPERTY_TYPE", "IS :: "},
}

func showConstraints(r graph.Reader) (rows [][]graph.Value) {
	owned := map[string]string{}
	for _, ix := range r.Indexes() {
		owned[ix.Owner] = ix.Name
	}
	for i, k := range r.Constraints() {
		entity, names, properties, target, list := about(r, k.Entity, k.Label, k.Type, k.Keys)
		typ, types := constraintNames[k.Kind], ""
		if k.Types != 0 {
			types = k.Types.String()
		}
		if k.Kind != graph.UniqueConstraint {
			typ[0] = entity.AsString() + "_" + typ[0]
		} else if k.Entity == graph.RelEntity {
			typ[0] = "RELATIONSHIP_" + typ[0]
		}
		rows = append(rows, []graph.Value{graph.Int(int64(i + 1)), graph.String(k.Name), graph.String(typ[0]), entity, names, properties,
			orNull(owned[k.Name]), orNull(types),
			graph.String("CREATE CONSTRAINT " + quoted(k.Name) + " FOR " + target + " REQUIRE " + list + " " + typ[1] + types)})
	}
	return rows
}

func (l *Library) showFunctions() (rows [][]graph.Value) {
	for _, family := range families() {
		for _, f := range family.functions {
			args := make([]string, len(f.Args))
			for i, a := range f.Args {
				args[i] = accepted(a)
				if i >= f.Required {
					args[i] = "[" + args[i] + "]"
				}
			}
			if f.Variadic {
				args = append(args, "…")
			}
			rows = append(rows, []graph.Value{graph.String(f.Name), graph.String(family.name), graph.Null,
				graph.String(f.Name + "(" + strings.Join(args, ", ") + ") :: " + f.Result.String()), graph.Bool(true), graph.Bool(f.Aggregate)})
		}
	}
	for _, r := range l.added {
		if r.function != nil {
			rows = append(rows, []graph.Value{graph.String(r.Name), graph.String("User"), graph.Null, graph.String(r.Text), graph.Bool(false), graph.Bool(false)})
		}
	}
	sort.Slice(rows, func(i, j int) bool { return rows[i][0].AsString() < rows[j][0].AsString() })
	return rows
}

func accepted(a bind.Accepts) string {
	if a == bind.Anything {
		return "Any"
	}
	return a.String()
}

func (l *Library) showProcedures() (rows [][]graph.Value) {
	fields := func(list []bind.Field) string {
		out := make([]string, len(list))
		for i, f := range list {
			out[i] = f.Name + " :: " + f.Type.String()
		}
		return "(" + strings.Join(out, ", ") + ")"
	}
	for _, name := range l.Names(true) {
		p, mode := l.procedure(name), "READ"
		if p.Schema {
			mode = "SCHEMA"
		} else if p.Writes {
			mode = "WRITE"
		}
		signature := name + fields(p.Args) + " :: " + fields(p.Results)
		if r := l.registered(name, true); r != nil {
			signature = r.Text
		}
		rows = append(rows, []graph.Value{graph.String(name), graph.Null, graph.String(mode), graph.Bool(false), graph.String(signature)})
	}
	return rows
}

// sampled is how many relationships of a type db.schema.visualization() looks at.
const sampled = 100_000

// schemaProcedure lists which labels which types connect, as maps: the graph has
// no nodes that stand for labels.
var schemaProcedure = &Procedure{
	Procedure: bind.Procedure{Name: "db.schema.visualization",
		Results: []bind.Field{{Name: "nodes", Type: bind.ListOf(mapType)}, {Name: "relationships", Type: bind.ListOf(mapType)}}},
	Call: func(run *Run, _ []graph.Value, _ syntax.Range) [][]graph.Value {
		r := run.reader
		var nodes []graph.Value
		for l := range graph.LabelID(r.LabelsLen()) {
			if n := r.NodeCountByLabel(l); n > 0 {
				nodes = append(nodes, entry("name", graph.String(r.LabelName(l)), "count", graph.Int(int64(n))))
			}
		}
		var rels []graph.Value
		for t := range graph.TypeID(r.TypesLen()) {
			rels = append(rels, connections(r, t)...)
		}
		return [][]graph.Value{{graph.List(nodes), graph.List(rels)}}
	},
}

// connections are the pairs of labels between which a type was met.
func connections(r graph.Reader, t graph.TypeID) (out []graph.Value) {
	type pair struct{ from, to graph.LabelID }
	met := map[pair]bool{}
	var rels [256]graph.Rel
	var from, to []graph.LabelID
	for next, seen := graph.Rel(0), 0; seen < sampled; {
		n := r.ScanType(t, next, rels[:])
		for _, rel := range rels[:n] {
			a, b := r.RelEnds(rel)
			from, to = r.AppendLabels(from[:0], a), r.AppendLabels(to[:0], b)
			for _, x := range from {
				for _, y := range to {
					if met[pair{x, y}] {
						continue
					}
					met[pair{x, y}] = true
					out = append(out, entry("name", graph.String(r.TypeName(t)), "start", graph.String(r.LabelName(x)), "end", graph.String(r.LabelName(y))))
				}
			}
		}
		if seen += n; n < len(rels) {
			break
		}
		next = rels[n-1] + 1
	}
	return out
}

// entry makes a map of keys and values.
func entry(parts ...any) graph.Value {
	var entries []graph.Entry
	for i := 0; i < len(parts); i += 2 {
		entries = append(entries, graph.Entry{Key: parts[i].(string), Value: parts[i+1].(graph.Value)})
	}
	return graph.MapValue(graph.NewMap(entries))
}

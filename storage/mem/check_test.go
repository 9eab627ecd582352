package mem

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/storage/column"
	"github.com/pocketgraph/pocketgraph/storage/index"
)

// small is a graph with something of everything.
func small(t testing.TB) *Graph {
	g := New("s")
	tx := g.Begin()
	person, _ := tx.Label("Person")
	_, _ = tx.Label("City")
	knows, _ := tx.Type("KNOWS")
	name, _ := tx.Key("name")
	age, _ := tx.Key("age")
	require.NoError(t, tx.CreateConstraint(graph.ConstraintDefinition{Name: "key", Kind: graph.KeyConstraint, Entity: graph.NodeEntity, Label: person, Keys: []graph.KeyID{name}}))
	require.NoError(t, tx.CreateIndex(graph.IndexDefinition{Name: "age", Entity: graph.RelEntity, Type: knows, Keys: []graph.KeyID{age}}))
	var nodes []graph.Node
	for _, who := range []string{"Ada", "Bob", "Cyd"} {
		n, err := tx.CreateNode([]graph.LabelID{person}, []graph.Property{{Key: name, Value: graph.String(who)}, {Key: age, Value: graph.List([]graph.Value{graph.Int(1)})}})
		require.NoError(t, err)
		nodes = append(nodes, n)
	}
	for i := range nodes {
		_, err := tx.CreateRel(nodes[i], nodes[(i+1)%3], knows, []graph.Property{{Key: age, Value: graph.Int(int64(i))}})
		require.NoError(t, err)
	}
	_, err := tx.Commit()
	require.NoError(t, err)
	return g
}

// TestCheckReports breaks one thing at a time.
func TestCheckReports(t *testing.T) {
	check(t, small(t).State())
	for _, c := range []struct {
		name, want string
		harm       func(s *State, w *column.Writer, gen uint64)
	}{
		{"lost node", "lacks an end", func(s *State, w *column.Writer, _ uint64) { s.node.live.Set(w, 1, false) }},
		{"node behind the end", "behind the last one", func(s *State, w *column.Writer, _ uint64) { s.node.live.Set(w, 77, true) }},
		{"identity", "not found by its identity", func(s *State, w *column.Writer, _ uint64) { s.node.ids.Set(w, 1, 9) }},
		{"identity of two", "not found by its identity", func(s *State, w *column.Writer, _ uint64) { s.rel.ids.Set(w, 1, 1) }},
		{"counter", "not found by its identity", func(s *State, _ *column.Writer, _ uint64) { s.node.next = 2 }},
		{"label set", "which is not there", func(s *State, w *column.Writer, _ uint64) { s.nodeSet.Set(w, 0, 99) }},
		{"label set order", "not ascending", func(s *State, _ *column.Writer, _ uint64) { s.sets = append(s.sets, []graph.LabelID{1, 0}) }},
		{"label", "without a name", func(s *State, w *column.Writer, _ uint64) {
			s.sets = append(s.sets, []graph.LabelID{7})
			s.nodeSet.Set(w, 0, int64(len(s.sets)-1))
		}},
		{"unlisted label", "not listed under its label", func(s *State, _ *column.Writer, gen uint64) { s.byLabel.own(gen, 0).Remove(gen, 1) }},
		{"listed label", "which does not have it", func(s *State, _ *column.Writer, gen uint64) { s.byLabel.own(gen, 1).Add(gen, 1) }},
		{"unlisted type", "not listed under its type", func(s *State, _ *column.Writer, gen uint64) { s.byType.own(gen, 0).Remove(gen, 1) }},
		{"type", "without a name", func(s *State, w *column.Writer, _ uint64) { s.kind.Set(w, 1, 5) }},
		{"end", "is not what the relationship is", func(s *State, w *column.Writer, _ uint64) { s.stop.Set(w, 1, 1) }},
		{"outgoing gone", "2 entries for 3", func(s *State, _ *column.Writer, gen uint64) { s.out.Remove(gen, 0, 0, 1, 0) }},
		{"incoming gone", "incoming: 2 entries for 3", func(s *State, _ *column.Writer, gen uint64) { s.in.Remove(gen, 0, 1, 0, 0) }},
		{"outgoing twice", "comes twice", func(s *State, _ *column.Writer, gen uint64) { s.out.Insert(gen, 0, 0, 2, 0) }},
		{"property of nobody", "and no element", func(s *State, w *column.Writer, gen uint64) {
			var strs column.Strings
			_ = s.rel.props.own(gen, 1).Set(w, 50, graph.Int(1), &strs)
		}},
		{"string", "of no string", func(s *State, _ *column.Writer, _ uint64) { s.strs = (&column.Strings{}).View() }},
		{"key", "without a name", func(s *State, w *column.Writer, gen uint64) {
			_ = s.node.props.own(gen, 9).Set(w, 0, graph.Int(1), nil)
		}},
		{"index entry gone", "lacks relationship", func(s *State, _ *column.Writer, gen uint64) {
			s.schema.roots.own(gen, 1).Remove(gen, []graph.Value{graph.Int(1)}, 1)
		}},
		{"index entry too many", "4 entries for 3", func(s *State, _ *column.Writer, gen uint64) {
			s.schema.roots.own(gen, 1).Insert(gen, []graph.Value{graph.Int(1)}, 2)
		}},
		{"index gone", "is not there", func(s *State, _ *column.Writer, gen uint64) {
			s.schema.roots.own(gen, 1)
			s.schema.roots.items[1] = nil
		}},
		{"index empty", "0 entries for 3", func(s *State, _ *column.Writer, gen uint64) { *s.schema.roots.own(gen, 0) = index.Ordered{} }},
		{"not unique", "is not the only one", func(s *State, w *column.Writer, gen uint64) {
			s.schema.roots.own(gen, 0).Insert(gen, []graph.Value{graph.String("Ada")}, 1)
		}},
		{"demanded", "lacks a property", func(s *State, w *column.Writer, gen uint64) {
			_ = s.node.props.own(gen, 0).Set(w, 2, graph.Null, nil)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := small(t)
			tx := g.Begin()
			tx.link()
			_, err := tx.Commit()
			require.NoError(t, err)
			harmed := *g.State()
			c.harm(&harmed, &column.Writer{Gen: 100, Fresh: 1 << 40}, 100)
			var problems []string
			harmed.Check(func(p string) { problems = append(problems, p) })
			require.Contains(t, strings.Join(problems, "\n"), c.want)
			check(t, g.State()) // the original is unharmed
		})
	}
}

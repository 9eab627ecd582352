package formats

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
)

func kinds(notes []Note) (out []string) {
	for _, n := range notes {
		out = append(out, n.Kind)
	}
	return out
}

// A graph with values of every kind comes back from every format as it was.
// What a format cannot hold is left out here and asked for in
// TestWhatAFormatCannotHoldIsSaid; Cypher scripts are read by the engine, see
// importer.TestScriptsRoundTrip.
func TestRoundTrips(t *testing.T) {
	noSemicolon := func(name string) bool { return !strings.Contains(name, ";") }
	for _, c := range []struct {
		format Format
		name   string
		world  worldOptions
		notes  []string
	}{
		{CSV, "g.csv", worldOptions{name: noSemicolon}, []string{NoteExtension}},
		{JSONLines, "g.jsonl", worldOptions{}, nil},
		{Neo4jJSON, "g.json", worldOptions{}, nil},
		{Graphology, "g.json", worldOptions{}, nil},
		{GraphML, "g.graphml", worldOptions{}, []string{NoteExtension}},
		{GEXF, "g.xml", worldOptions{}, []string{NoteExtension}},
	} {
		t.Run(string(c.format), func(t *testing.T) {
			g := world(t, c.world)
			text, report := written(t, g, WriteOptions{Format: c.format})
			require.Equal(t, c.notes, kinds(report.Notes))
			require.Equal(t, c.format, Guess(c.name, []byte(text[:min(len(text), GuessBytes)])))
			back, readReport, err := readText(Options{}, textSource(c.name, text))
			require.NoError(t, err)
			require.Equal(t, plainText(g.Reader()), plainText(back.Reader()))
			require.Equal(t, c.format, readReport.Format)
			require.Empty(t, readReport.Notes)
			require.Equal(t, []int64{report.Nodes, report.Relationships, report.Properties}, []int64{readReport.Nodes, readReport.Relationships, readReport.Properties})
			again, _ := written(t, back, WriteOptions{Format: c.format})
			require.Equal(t, len(text), len(again), "it is a fixed point")
		})
	}
}

// Files of nodes and of relationships, as neo4j-admin wants them, make one
// graph, in whatever order they are given.
func TestSeparateTables(t *testing.T) {
	g := world(t, worldOptions{name: func(n string) bool { return !strings.Contains(n, ";") }})
	nodes, _ := written(t, g, WriteOptions{Format: CSV, Elements: "nodes"})
	var rels strings.Builder
	report, err := Write(context.Background(), &rels, g.Reader(), WriteOptions{Format: CSV, Elements: "relationships"})
	require.NoError(t, err)
	require.Zero(t, report.Nodes)
	require.True(t, strings.HasPrefix(nodes, ":ID,:LABEL,") && strings.HasPrefix(rels.String(), ":START_ID,:END_ID,:TYPE,"))
	back, _, err := readText(Options{}, textSource("r.csv", rels.String()), textSource("n.csv", nodes))
	require.NoError(t, err)
	require.Equal(t, plainText(g.Reader()), plainText(back.Reader()))
}

func TestWhatAFormatCannotHoldIsSaid(t *testing.T) {
	g := world(t, worldOptions{})
	require.NoError(t, g.Update(func(w graph.Writer) error {
		label, _ := w.Label("x;y")
		empty, _ := w.Key("")
		typ, _ := w.Type("")
		control, _ := w.Label("\x01")
		n, err := w.CreateNode([]graph.LabelID{label, control}, []graph.Property{{Key: empty, Value: graph.String("\x01 a")}})
		require.NoError(t, err)
		_, err = w.CreateRel(n, n, typ, nil)
		require.NoError(t, err)
		return w.CreateIndex(graph.IndexDefinition{Name: "ix", Entity: graph.NodeEntity, Label: label, Keys: []graph.KeyID{empty}})
	}))
	for _, c := range []struct {
		o    WriteOptions
		want []string
	}{
		{WriteOptions{Format: CSV}, []string{NoteDelimiter, NoteName, NoteExtension, NoteSchema}},
		{WriteOptions{Format: JSONLines}, []string{NoteSchema}},
		{WriteOptions{Format: JSONLines, Plain: true}, []string{NoteSchema, NotePlain}},
		{WriteOptions{Format: Graphology}, []string{NoteSchema}},
		{WriteOptions{Format: GraphML}, []string{NoteExtension, NoteSchema, NoteText}},
		{WriteOptions{Format: GEXF}, []string{NoteExtension, NoteSchema}},
		{WriteOptions{Format: Cypher}, []string{NotePlain}},
	} {
		_, report := written(t, g, c.o)
		want := slices.Sorted(slices.Values(c.want))
		got := slices.Sorted(slices.Values(kinds(report.Notes)))
		require.Equal(t, want, got, c.o.Format)
	}
}

// Plain JSON is what apoc.export.json writes: dates are text.
func TestPlainJSON(t *testing.T) {
	g, _, err := readText(Options{}, textSource("g.jsonl", `{"type":"node","id":"0","labels":["User"],"properties":{"born":"1983-07-01","place":{"crs":"wgs-84-3d","latitude":56.7,"longitude":12.78,"height":1.5},"age":42,"male":true,"kids":["Sam","Anna"]}}
{"type":"node","id":"1","labels":["User"],"properties":{"name":"Jim"}}
{"id":"0","type":"relationship","label":"KNOWS","properties":{"since":1993,"bff":{"crs":"cartesian","x":1.0,"y":2.0,"z":null}},"start":{"id":"0","labels":["User"]},"end":{"id":"1","labels":["User"]}}
`))
	require.NoError(t, err)
	text, report := written(t, g, WriteOptions{Format: JSONLines, Plain: true})
	require.Empty(t, report.Notes)
	require.Equal(t, `{"type":"node","id":"1","labels":["User"],"properties":{"age":42,"born":"1983-07-01","kids":["Sam","Anna"],"male":true,"place":{"crs":"wgs-84-3d","longitude":12.78,"latitude":56.7,"height":1.5}}}
{"type":"node","id":"2","labels":["User"],"properties":{"name":"Jim"}}
{"type":"relationship","id":"1","label":"KNOWS","properties":{"bff":{"crs":"cartesian","x":1.0,"y":2.0},"since":1993},"start":{"id":"1","labels":["User"]},"end":{"id":"2","labels":["User"]}}
`, text)
}

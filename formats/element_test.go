package formats

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/mapgraph"
)

// The names of many properties are found, however many were set in between.
func TestPropertiesAreFoundByName(t *testing.T) {
	e := &element{}
	for round := range 2 {
		for i := range 200 {
			name := strconv.Itoa(i)
			require.False(t, e.has(name), round)
			require.NoError(t, e.put(name, graph.Int(int64(i))))
			if i%3 == 0 {
				e.set("set "+name, graph.Int(1))
			}
		}
		for i := range 200 {
			require.True(t, e.has(strconv.Itoa(i)))
			require.Equal(t, i%3 == 0, e.has("set "+strconv.Itoa(i)))
			require.Error(t, e.put(strconv.Itoa(i), graph.Int(7)))
		}
		e.reset()
	}
}

// An identifier that is kept as a property does not take the place of a property
// of that name, nor the other way round.
func TestAnIdentifierAndAPropertyOfOneName(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"a.jsonl":           {`{"type":"node","id":"7","labels":["A"],"properties":{"id":"other"}}`, `line 1, column 1: the property "id" has two values`},
		"same.jsonl":        {`{"type":"node","id":"7","labels":["A"],"properties":{"id":"7"}}`, ""},
		"a.graphology.json": {`{"nodes":[{"key":"7","attributes":{"id":8}}],"edges":[]}`, `the property "id" has two values`},
		"a.graphml":         {`<graphml><key id="k" for="node" attr.name="id" attr.type="string"/><graph edgedefault="directed"><node id="7"><data key="k">other</data></node></graph></graphml>`, `the property "id" has two values`},
	} {
		t.Run(name, func(t *testing.T) {
			g := mapgraph.New()
			_, err := Read(context.Background(), g, []Source{textSource(name, c.text)}, Options{IDProperty: "id"})
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, c.want)
		})
	}
}

// A note about each of many edges is counted, and told of the first.
func TestNotesAreCounted(t *testing.T) {
	text := `{"nodes":[{"key":"a"},{"key":"b"}],"edges":[` + strings.TrimSuffix(strings.Repeat(`{"source":"a","target":"b","undirected":true},`, 5), ",") + `]}`
	report, err := Read(context.Background(), mapgraph.New(), []Source{textSource("a.json", text)}, Options{Format: Graphology})
	require.NoError(t, err)
	require.Equal(t, []Note{
		{NoteDefaultType, 5, `the relationship from "a" to "b" has no type in the file: RELATED_TO`},
		{NoteUndirected, 5, `the edge from "a" to "b" has no direction in the file`},
	}, report.Notes)
}

// A default is for what the key is for: one of the graph itself is nobody's.
func TestDefaultsOfGraphML(t *testing.T) {
	text := `<graphml><key id="a" for="node" attr.name="a"><default>1</default></key><key id="b" for="edge" attr.name="b"><default>2</default></key>` +
		`<key id="c" for="all" attr.name="c"><default>3</default></key><key id="d" attr.name="d"><default>4</default></key><key id="e" for="graph" attr.name="e"><default>5</default></key>` +
		`<graph edgedefault="directed"><node id="x"/><node id="y"><data key="c">own</data></node><edge source="x" target="y" label="R"/></graph></graphml>`
	p := &sampler{limit: 9}
	m := &meter{ctx: context.Background(), elements: func() int64 { return 0 }}
	o := &Options{}
	require.NoError(t, o.defaults())
	require.NoError(t, readAll([]Source{textSource("a.graphml", text)}, o, m, &Report{}, p))
	var got []map[string]string
	for _, e := range p.elements {
		got = append(got, e.Properties)
	}
	require.Equal(t, []map[string]string{{"a": `"1"`, "c": `"3"`, "d": `"4"`}, {"a": `"1"`, "c": `"own"`, "d": `"4"`}, {"b": `"2"`, "c": `"3"`, "d": `"4"`}}, got)
}

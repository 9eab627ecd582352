package formats

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
)

// fuzz reads anything as a file of a format: an error with a place, or a graph
// that breaks no invariant and comes back from a lossless format.
func fuzz(f *testing.F, format Format, more ...string) {
	g := world(f, worldOptions{skip: func(v graph.Value) bool { return v.Kind() == graph.KindList }})
	text, _ := written(f, g, WriteOptions{Format: format})
	f.Add([]byte(text))
	for _, s := range more {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		g, _, err := readText(Options{Format: format}, textSource("f", string(text)))
		if err != nil {
			var place *PlaceError
			require.ErrorAs(t, err, &place)
			require.Positive(t, place.Line)
			return
		}
		var out bytes.Buffer
		_, err = Write(context.Background(), &out, g.Reader(), WriteOptions{Format: JSONLines})
		require.NoError(t, err)
		back, _, err := readText(Options{Format: JSONLines}, textSource("b", out.String()))
		require.NoError(t, err)
		require.Equal(t, plainText(g.Reader()), plainText(back.Reader()))
	})
}

func FuzzCSV(f *testing.F) {
	fuzz(f, CSV, "id:ID(P),name,born:INT,:LABEL\n1,\"A \"\"B\"\"\",1970,P;A\n", ":START_ID,:END_ID,:TYPE,w:FLOAT[]\n1,2,K,1;2\n", "a;b:ID\n1;2\n", ":ID,p:POINT,v:VECTOR,j:JSON\n1,{x:1, y:2},[1],{\"$date\":\"2020-01-01\"}\n")
}

func FuzzJSON(f *testing.F) {
	fuzz(f, JSONLines, `{"nodes":[{"key":"a","attributes":{"@labels":["A"],"x":[1,2.5]}}],"edges":[{"source":"a","target":"a"}]}`,
		`[{"id":"1","labels":["A"],"properties":{"p":{"crs":"wgs-84","latitude":1,"longitude":2,"height":null},"b":{"$bytes":"AA=="},"v":{"$vector":[1]}}}]`,
		`{"nodes":[{"id":1}],"relationships":[{"type":"T","start":{"id":1},"endNode":"1"}]}`)
}

func FuzzGraphML(f *testing.F) {
	fuzz(f, GraphML, `<graphml><key id="k" for="all" attr.name="a" attr.type="int"><default>1</default></key><graph edgedefault="undirected"><node id="1" labels=":A:B"/><edge source="1" target="1" label="T"><data key="k">2</data></edge></graph></graphml>`)
}

func FuzzGEXF(f *testing.F) {
	fuzz(f, GEXF, `<gexf><graph><attributes class="node"><attribute id="0" title="t" type="liststring"/></attributes><nodes><node id="1" label="x"><attvalues><attvalue for="0" value="[a|b]"/></attvalues></node></nodes><edges><edge source="1" target="1" weight="2"/></edges></graph></gexf>`)
}

// FuzzGuess: anything has a format or none, and a preview.
func FuzzGuess(f *testing.F) {
	for _, s := range []string{"", ":ID\n1", "{}", "<gexf/>", "CREATE (:A);", "PGsnap\r\n", "WALE", ":begin\nRETURN 1;", "[1]"} {
		f.Add("f", []byte(s))
	}
	f.Fuzz(func(t *testing.T, name string, text []byte) {
		Guess(name, text)
		p, err := Preview(context.Background(), []Source{textSource(name, string(text))}, Options{}, 3)
		require.NoError(t, err)
		require.Len(t, p.Files, 1)
	})
}

// FuzzScript cuts anything into statements.
func FuzzScript(f *testing.F) {
	f.Add([]byte(":begin\nCREATE (:A);\n:commit\n// x;\nRETURN ';';"))
	f.Fuzz(func(t *testing.T, text []byte) {
		_, _ = Statements(context.Background(), []Source{textSource("f", string(text))}, Options{}, func(s Statement) error {
			require.NotEmpty(t, s.Text)
			require.Positive(t, s.Line)
			return nil
		})
	})
}

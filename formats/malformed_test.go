package formats

import (
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/staging"
)

// Malformed files, with the whole error: file, line, column, what was expected.
func TestMalformedFiles(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"a.csv", "", "a.csv, line 1: the file is empty; expected a header"},
		{"a.csv", "x:ID,y:NUMBER\n", `a.csv, line 1: unknown type in the header field "y:NUMBER"; known are ` + knownTypes + `, each but JSON also as array with []`},
		{"a.csv", ":ID,d:DATE\n1,2020-02-30\n", `a.csv, line 2, column 2: expected a DATE, found "2020-02-30": '2020-02-30' is no Date in ISO 8601`},
		{"a.csv", ":ID,p:POINT\n1,\"{x:1}\"\n", `a.csv, line 2, column 2: expected a point such as {srid:4326, x:1.5, y:2}, found "{x:1}"`},
		{"a.csv", ":ID,b:BASE64\n1,?\n", `a.csv, line 2, column 2: expected base64, found "?"`},
		{"a.csv", ":ID,b:VECTOR\n1,7\n", `a.csv, line 2, column 2: expected a vector such as [0.5,1], found "7"`},
		{"a.csv", ":ID,b:JSON\n1,{\n", `a.csv, line 2, column 2: expected JSON, found "{"`},
		{"a.csv", ":ID,b:BOOLEAN[]\n1,true;no\n", `a.csv, line 2, column 2: expected true or false, found "no"`},
		{"a.csv", ":ID,a:INT,a:STRING\n1,2,x\n", `a.csv, line 2, column 3: the property "a" has a value in another column, too`},
		{"a.csv", ":ID,:START_ID,:END_ID,:TYPE\n1,,,\n1,1,1,\n", `a.csv, line 3, column 4: a relationship needs a type`},
		{"a.jsonl", `7`, "a.jsonl, line 1, column 1: expected an object or an array of objects"},
		{"a.jsonl", "\n\n [1]", "a.jsonl, line 3, column 3: expected an object, found number"},
		{"a.jsonl", `{"id":"1","properties":7}`, `a.jsonl, line 1, column 1: expected an object in "properties"`},
		{"a.jsonl", "{\"id\":\"1\"}\n {\"id\":\"2\",\n\"properties\":{\"a\":\n1},\n\"labels\":7}", `a.jsonl, line 2, column 2: expected a list of strings as labels`},
		{"a.jsonl", `{"id":"1","labels":"A"}`, `a.jsonl, line 1, column 1: expected a list of strings as labels`},
		{"a.jsonl", `{"id":"1","labels":[7]}`, `a.jsonl, line 1, column 1: expected a list of strings as labels`},
		{"a.jsonl", "{\"id\":\"1\"}\n{\"id\":\"1\"}", `a.jsonl, line 2, column 1: the identifier "1" was used before`},
		{"a.jsonl", `{"id":"1","properties":{"d":{"$date":"x"}}}`, `a.jsonl, line 1, column 1: the property "d": 'x' is no Date in ISO 8601`},
		{"a.jsonl", `{"id":"1","properties":{"d":{"$vector":["x"]}}}`, `a.jsonl, line 1, column 1: the property "d": expected numbers of 32 bits in a $vector`},
		{"a.jsonl", `{"type":"relationship","start":{"id":"1"}}`, `a.jsonl, line 1, column 1: expected a relationship with "start" and "end", "startNode" and "endNode", or "source" and "target"`},
		{"a.jsonl", `{"type":"relationship","label":"T","start":{"id":"1"},"end":{"id":"2"}}`, `a.jsonl, line 1, column 1: no node has the identifier "1"`},
		{"a.json", `{"nodes":{}}`, `a.json, line 1, column 10: expected an array in "nodes"`},
		{"a.json", "{\"nodes\":[\n  {\"id\":\"日本\"},\n  {\"id\": }]}", "a.json, line 3, column 10: invalid character '}' looking for beginning of value"},
		{"a.json", `{"nodes":[{"id":"1"}`, `a.json, line 1, column 21: the file ends inside of a JSON value`},
		{"a.jsonl", strings.Repeat(`{"id":"1","properties":{"a":`, 1) + strings.Repeat("[", 101) + strings.Repeat("]", 101) + "}}", `a.jsonl, line 1, column 1: the property "a" nests deeper than 100`},
		{"a.graphml", "", "a.graphml, line 1, column 1: the file is empty; expected <graphml>"},
		{"a.graphml", "<graphml><graph><node/></graph></graphml>", "a.graphml, line 1, column 24: expected the attribute id of a <node>"},
		{"a.graphml", "<graphml><graph><node id='1'><data key='k'>x</data></node></graph></graphml>", `a.graphml, line 1, column 52: no <key> has the id "k"`},
		{"a.graphml", "<graphml><key id='k' attr.type='int'/>\n<graph><node id='1'><data key='k'>x</data></node></graph></graphml>", `a.graphml, line 2, column 43: the property "k": expected an integer of 64 bits, found "x"`},
		{"a.graphml", "<graphml><key id='k' attr.type='int'/><key id='k'/></graphml>", `a.graphml, line 1, column 52: expected a <key> with an id of its own, found "k"`},
		{"a.graphml", "<graphml><key id='k' attr.type='date'/></graphml>", `a.graphml, line 1, column 40: expected boolean, int, long, float, double or string as attr.type, found "date"`},
		{"a.graphml", "<graphml><graph></node></graphml>", "a.graphml, line 1, column 24: element <graph> closed by </node>"},
		{"a.graphml", "<?xml version='1.0' encoding='latin1'?><graphml/>", "a.graphml, line 1, column 40: xml: opening charset \"latin1\": the file is in latin1; expected UTF-8"},
		{"a.graphml", strings.Repeat("<graphml>", 1) + strings.Repeat("<x>", 101), "a.graphml, line 1, column 310: elements nest deeper than 100"},
		{"a.gexf", "<gexf><graph><attributes class='graph'/></graph></gexf>", `a.gexf, line 1, column 41: expected node or edge as the class of <attributes>, found "graph"`},
		{"a.gexf", "<gexf><graph><attributes class='node'><attribute id='0' title='a' type='colour'/></attributes></graph></gexf>", `a.gexf, line 1, column 82: expected integer, long, double, float, boolean, string, liststring or anyURI as type, found "colour"`},
		{"a.gexf", "<gexf><graph><nodes><node id='1'><attvalues><attvalue for='9' value='1'/></attvalues></node></nodes></graph></gexf>", `a.gexf, line 1, column 74: no <attribute> has the id "9"`},
		{"a.gexf", "<gexf><graph><edges><edge source='1'/></edges></graph></gexf>", "a.gexf, line 1, column 39: expected the attributes source and target of an <edge>"},
		{"a.bin", "\x00\x01", "a.bin, line 1: " + ErrUnknownFormat.Error()},
	} {
		t.Run(c.want, func(t *testing.T) {
			_, _, err := readText(Options{}, textSource(c.name, c.text))
			require.EqualError(t, err, c.want)
			var place *PlaceError
			require.ErrorAs(t, err, &place)
		})
	}
}

func TestElementsAreBounded(t *testing.T) {
	maxElement = 1 << 20
	defer func() { maxElement = MaxElementBytes }()
	endless := func(start string) Source {
		return Source{Name: "x", Open: func() (io.ReadCloser, error) {
			return io.NopCloser(io.MultiReader(strings.NewReader(start), zeros{})), nil
		}}
	}
	for format, start := range map[Format]string{JSONLines: `{"id":"`, GraphML: `<graphml><graph><node id="`} {
		_, _, err := readText(Options{Format: format}, endless(start))
		require.ErrorContains(t, err, "an element is longer than 64 MiB; perhaps something is never closed", format)
	}
}

// The limit is one of whole elements, of which each part is short.
func TestElementsOfManyMembersAreBounded(t *testing.T) {
	maxElement = 1 << 20
	defer func() { maxElement = MaxElementBytes }()
	_, _, err := readText(Options{Format: JSONLines}, textSource("x.jsonl", `{"id":"1",`+strings.Repeat(`"k":"`+strings.Repeat("x", 1000)+`",`, 2000)+`"z":1}`))
	require.ErrorContains(t, err, "an element is longer than 64 MiB")
	var short strings.Builder
	for i := range 2000 {
		short.WriteString(`{"id":"` + strconv.Itoa(i) + `","properties":{"k":"` + strings.Repeat("x", 1000) + `"}}` + "\n")
	}
	_, report, err := readText(Options{Format: JSONLines}, textSource("x.jsonl", short.String()))
	require.NoError(t, err, "each of them is short")
	require.EqualValues(t, 2000, report.Nodes)
}

// zeros is a text without end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '0'
	}
	return len(p), nil
}

// Files of other programs: what is in them beside nodes and edges is noted.
func TestForeignFiles(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		o     Options
		want  string
		notes []Note
	}{
		"yed.graphml": {`<?xml version="1.0"?><graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:y="http://www.yworks.com/xml/graphml">
<key for="node" id="d0" yfiles.type="nodegraphics"/><key for="node" id="d1" attr.name="age" attr.type="int"><default>7</default></key>
<graph edgedefault="undirected"><node id="n0"><data key="d0"><y:ShapeNode/></data></node><node id="n1"><data key="d1">8</data></node><edge source="n1" target="n0"/></graph></graphml>`,
			Options{IDProperty: "key"}, `node "age"=Integer7 "key"=String"n0" 
node "age"=Integer8 "key"=String"n1" 
rel "age"=Integer8 "age"=Integer7 "RELATED_TO" `,
			[]Note{{NoteDefaultType, 1, `the relationship from "n1" to "n0" has no type in the file: RELATED_TO`}, {NoteSkipped, 1, `elements in the <data> of "d0"`}, {NoteUndirected, 1, `the edge from "n1" to "n0" has no direction in the file`}}},
		"apoc.graphml": {`<graphml><key id="born" for="node" attr.name="born" attr.type="long"/><key id="labels" for="node"/><key id="tags" for="node" attr.name="tags" attr.type="string" attr.list="string"/>
<graph id="G" edgedefault="directed"><node id="n1" labels=":Person:Actor"><data key="labels">:Person:Actor</data><data key="born">1964</data><data key="tags">["a","b"]</data></node>
<edge id="e1" source="n1" target="n1" label="KNOWS"><data key="label">KNOWS</data></edge></graph></graphml>`, Options{},
			"node \"born\"=Integer1964 \"tags\"=List[\"a\",\"b\"] \"Actor\",\"Person\"\nrel \"born\"=Integer1964 \"born\"=Integer1964 \"KNOWS\" ", []Note{}},
		"gephi.gexf": {`<gexf xmlns="http://www.gexf.net/1.2draft" xmlns:viz="http://www.gexf.net/1.2draft/viz" version="1.2"><meta/><graph defaultedgetype="directed"><attributes class="node"><attribute id="0" title="url" type="anyURI"/><attribute id="1" title="tags" type="liststring"/></attributes>
<nodes><node id="a" label="Gephi"><attvalues><attvalue for="0" value="http://gephi.org"/><attvalue for="1" value="[x, y]"/></attvalues><viz:size value="1"/></node></nodes>
<edges><edge id="0" source="a" target="a" weight="2.5" label="LINKS"/></edges></graph></gexf>`, Options{},
			"node \"label\"=String\"Gephi\" \"tags\"=List[\"x\",\"y\"] \"url\"=String\"http://gephi.org\" \nrel \"label\"=String\"Gephi\" \"label\"=String\"Gephi\" \"LINKS\" \"weight\"=Float2.5",
			[]Note{{NoteSkipped, 1, "<size>"}}},
		"graphology.json": {`{"attributes":{"name":"g"},"nodes":[{"key":"a","attributes":{"x":1.5}},{"key":"b"}],"edges":[{"key":"e","source":"a","target":"b","undirected":true,"attributes":{"type":"line"}}]}`,
			Options{Type: "LINKS"}, "node  \nnode \"x\"=Float1.5 \nrel \"x\"=Float1.5  \"LINKS\" \"type\"=String\"line\"",
			[]Note{{NoteDefaultType, 1, `the relationship from "a" to "b" has no type in the file: LINKS`}, {NoteSkipped, 1, "attributes of the graph itself"}, {NoteUndirected, 1, `the edge from "a" to "b" has no direction in the file`}}},
		"apoc-objects.json": {`{"nodes":[{"id":"1","labels":["A"]},{"id":"2"}],"relationships":[{"id":"9","type":"T","start":{"id":"1"},"end":{"id":"2"},"properties":{"m":{"a":[1,null]},"big":100000000000000000000,"huge":123456789012345678901234567890,"mixed":[1,2.5],"none":null}}]}`,
			Options{}, "node  \nnode  \"A\"\nrel   \"T\" \"big\"=Float1e+20 \"huge\"=String\"123456789012345678901234567890\" \"m\"=String\"{\\\"a\\\":[1,null]}\" \"mixed\"=List[1.0,2.5]",
			[]Note{{NoteJSONText, 2, `the property "huge"`}, {NoteLargeInteger, 1, `the property "big"`}}},
		"nornic-flat.jsonl": {"{\"id\":\"e\",\"startNode\":\"a\",\"endNode\":\"b\",\"type\":\"T\",\"properties\":{}}\n{\"id\":\"a\",\"labels\":[\"A\"],\"properties\":{\"n\":9007199254740993}}\n{\"id\":\"b\",\"labels\":null,\"properties\":null}\n",
			Options{}, "node  \nnode \"n\"=Integer9007199254740993 \"A\"\nrel \"n\"=Integer9007199254740993  \"T\" ", []Note{}},
		"semicolons.csv": {"\xef\xbb\xbfid:ID;name;:LABEL;p:POINT\r\n1;\"a,b\";A;{longitude:1, latitude:2}\r\n", Options{ArrayDelimiter: ","},
			"node \"id\"=String\"1\" \"name\"=String\"a,b\" \"p\"=Point{\"$point\":{\"srid\":4326,\"x\":1.0,\"y\":2.0}} \"A\"", []Note{}},
	} {
		t.Run(name, func(t *testing.T) {
			g, report, err := readText(c.o, textSource(name, c.text))
			require.NoError(t, err)
			require.Equal(t, c.want, plainText(g.Reader()))
			require.Equal(t, c.notes, report.Notes)
		})
	}
}

func TestPreview(t *testing.T) {
	p, err := Preview(context.Background(), []Source{
		textSource("a.csv", "id:ID,born:INT,:LABEL\n1,1815,Person\n2,x,\n"), textSource("plain.csv", "a;b\n1;\"\"\n;2\n3;3\n"),
		textSource("g.jsonl", `{"id":"1","labels":["A"],"properties":{"d":{"$date":"2020-01-01"}}}`+"\n{"), textSource("s.cql", "CREATE (:A);\nCREATE (:B);"), textSource("x", "\x00"),
	}, Options{}, 2)
	require.NoError(t, err)
	require.Equal(t, []ColumnPreview{{"id", "id", "id", "STRING", ""}, {"born:INT", "property", "born", "INT", ""}, {":LABEL", "label", "", "", ""}}, func() []ColumnPreview {
		c := p.Files[0].Columns
		c[0].Name = "id"
		c[0].Type = "STRING"
		return c
	}())
	require.Equal(t, []ElementOf{{Kind: "node", ID: "1", Labels: []string{"Person"}, Properties: map[string]string{"id": `"1"`, "born": "1815"}}}, p.Files[0].Elements)
	require.Equal(t, `a.csv, line 3, column 2: expected an integer of 64 bits, found "x"`, p.Files[0].Problem)
	require.Equal(t, ";", p.Files[1].Delimiter)
	require.Len(t, p.Files[1].Rows, 2)
	require.Equal(t, "", *p.Files[1].Rows[0][1])
	require.Nil(t, p.Files[1].Rows[1][0])
	require.Contains(t, p.Files[1].Problem, "a mapping can say what the columns are")
	require.Equal(t, map[string]string{"d": `{"$date":"2020-01-01"}`}, p.Files[2].Elements[0].Properties)
	require.Equal(t, "g.jsonl, line 2, column 2: the file ends inside of a JSON value", p.Files[2].Problem)
	require.Equal(t, "CREATE (:A);\nCREATE (:B);", p.Files[3].Text)
	require.Equal(t, Format(""), p.Files[4].Format)
	require.Equal(t, ErrUnknownFormat.Error(), p.Files[4].Problem)
}

func TestReadingFailsAsTheSourceDoes(t *testing.T) {
	broken := errors.New("the disk is gone")
	for _, format := range []Format{CSV, JSONLines, GraphML, GEXF} {
		s := Source{Name: "x", Open: func() (io.ReadCloser, error) { return io.NopCloser(failing{broken}), nil }}
		_, _, err := readText(Options{Format: format}, s)
		require.ErrorIs(t, err, broken, format)
		_, _, err = readText(Options{Format: format}, Source{Name: "x", Open: func() (io.ReadCloser, error) { return nil, broken }})
		require.ErrorIs(t, err, broken, format)
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(broken)
	err := staging.New().Update(func(w graph.Writer) error {
		_, err := Read(ctx, w, []Source{textSource("a.csv", ":ID\n1\n")}, Options{})
		return err
	})
	require.ErrorIs(t, err, broken)
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

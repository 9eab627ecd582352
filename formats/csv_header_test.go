package formats

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/csv"
)

func headerOf(text string) (*header, error) {
	var fields []csv.Field
	for _, f := range strings.Split(text, ",") {
		fields = append(fields, csv.Field{Text: f})
	}
	return parseHeader(fields, nil)
}

func TestHeaderColumns(t *testing.T) {
	for text, want := range map[string]column{
		"name":              {name: "name", kind: "STRING"},
		"name:string":       {name: "name", kind: "STRING"},
		" born : long ":     {name: "born", kind: "INT"},
		"a:b:INT":           {name: "a:b", kind: "INT"},
		"w:double[]":        {name: "w", kind: "FLOAT", array: true},
		"ok:boolean":        {name: "ok", kind: "BOOLEAN"},
		"id:ID":             {name: "id", role: roleID},
		":ID(Person)":       {role: roleID, space: "Person"},
		"pid:ID(A, b (c))":  {name: "pid", role: roleID, space: "A, b (c)"},
		":START_ID(Person)": {role: roleStart, space: "Person"},
		":end_id":           {role: roleEnd},
		":LABEL":            {role: roleLabel},
		":TYPE":             {role: roleType},
		"note:IGNORE":       {role: roleIgnore, name: "note"},
	} {
		c, err := parseColumn(text)
		require.NoError(t, err, text)
		require.Equal(t, want, c, text)
	}
}

func TestHeadersThatMakeNoSense(t *testing.T) {
	for text, want := range map[string]string{
		"name":                           "the header has neither :ID (nodes) nor :START_ID and :END_ID (relationships); a mapping can say what the columns are",
		":ID,:ID":                        `the header field ":ID" repeats another`,
		":ID(A),b:ID(B)":                 `the header field "b:ID(B)" repeats another`,
		":ID,a:INT,a:LONG":               `the header field "a:LONG" repeats another`,
		"a:ID,a":                         `the header field "a" repeats another`,
		":START_ID,:START_ID":            `the header field ":START_ID" repeats another`,
		":START_ID,:END_ID,:TYPE,:TYPE":  `the header field ":TYPE" repeats another`,
		":START_ID,:TYPE":                "a file of relationships needs :START_ID, :END_ID and :TYPE",
		":END_ID,:TYPE":                  "a file of relationships needs :START_ID, :END_ID and :TYPE",
		":START_ID,:END_ID":              "a file of relationships needs :START_ID, :END_ID and :TYPE",
		":START_ID,:END_ID,:TYPE,:LABEL": "a file of relationships has no :LABEL; one of nodes and relationships has :ID, too",
		":ID,:TYPE":                      "a file of nodes has no :TYPE",
		":ID,:INT":                       `the header field ":INT" has no name`,
		":ID,":                           `the header field "" has no name`,
		":ID,born:":                      `unknown type in the header field "born:"; known are ` + knownTypes + `, each but JSON also as array with []`,
		":ID,born:DAY":                   `unknown type in the header field "born:DAY"; known are ` + knownTypes + `, each but JSON also as array with []`,
	} {
		_, err := headerOf(text)
		require.EqualError(t, err, want, text)
	}
}

func TestSeveralLabelAndIgnoreColumns(t *testing.T) {
	h, err := headerOf(":ID,:LABEL,:LABEL,a:IGNORE,a:IGNORE,a")
	require.NoError(t, err)
	require.False(t, h.rels())
}

func TestValues(t *testing.T) {
	list := func(items ...graph.Value) graph.Value { return graph.List(items) }
	quoted := csv.Field{Quoted: true}
	for _, c := range []struct {
		kind string
		f    csv.Field
		want graph.Value
	}{
		{"INT", csv.Field{Text: " -42 "}, graph.Int(-42)},
		{"INT", csv.Field{Text: "9223372036854775807"}, graph.Int(9223372036854775807)},
		{"FLOAT", csv.Field{Text: "1e3"}, graph.Float(1000)},
		{"FLOAT", csv.Field{Text: "7"}, graph.Float(7)},
		{"BOOLEAN", csv.Field{Text: "True"}, graph.Bool(true)},
		{"BOOLEAN", csv.Field{Text: "false"}, graph.Bool(false)},
		{"STRING", csv.Field{Text: " a "}, graph.String(" a ")},
		{"STRING", csv.Field{}, graph.Null},
		{"STRING", quoted, graph.String("")},
		{"INT", csv.Field{}, graph.Null},
		{"INT", quoted, graph.Null},
		{"INT[]", csv.Field{Text: "1;2"}, list(graph.Int(1), graph.Int(2))},
		{"STRING[]", csv.Field{Text: "a;;b"}, list(graph.String("a"), graph.String(""), graph.String("b"))},
		{"STRING[]", csv.Field{}, graph.Null},
		{"STRING[]", quoted, list()},
	} {
		column, err := parseColumn("p:" + c.kind)
		require.NoError(t, err)
		got, err := column.value(c.f, ";")
		require.NoError(t, err)
		require.True(t, graph.Equivalent(c.want, got), "%s %q gives %v", c.kind, c.f.Text, got.Kind())
		require.Equal(t, c.want.Kind(), got.Kind())
	}
}

func TestValuesThatAreNone(t *testing.T) {
	for _, c := range []struct{ kind, text, want string }{
		{"INT", "1.5", `expected an integer of 64 bits, found "1.5"`},
		{"INT", "9223372036854775808", `expected an integer of 64 bits, found "9223372036854775808"`},
		{"INT[]", "1;x", `expected an integer of 64 bits, found "x"`},
		{"FLOAT", "much", `expected a number, found "much"`},
		{"BOOLEAN", "yes", `expected true or false, found "yes"`},
		{"INT", strings.Repeat("x", 39) + "日本", `expected an integer of 64 bits, found "` + strings.Repeat("x", 39) + `"…`},
	} {
		column, err := parseColumn("p:" + c.kind)
		require.NoError(t, err)
		_, err = column.value(csv.Field{Text: c.text}, ";")
		require.EqualError(t, err, c.want)
	}
}

func TestIDSpaceKeepsTextsApart(t *testing.T) {
	s := newIDSpace()
	ids := []string{"", "0", "7", "07", "+7", "-7", "7.0", " 7", "18446744073709551615", "18446744073709551616", "x"}
	for i, id := range ids {
		require.True(t, s.add(id, uint32(i)), id)
		require.False(t, s.add(id, 99), id)
	}
	for i, id := range ids {
		got, ok := s.find(id)
		require.True(t, ok)
		require.EqualValues(t, i, got, id)
	}
	var none *idSpace
	_, ok := none.find("7")
	require.False(t, ok)
}

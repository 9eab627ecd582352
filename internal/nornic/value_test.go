package nornic

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
)

func TestConvert(t *testing.T) {
	list := func(items ...graph.Value) graph.Value { return graph.List(items) }
	for _, c := range []struct {
		raw      string
		want     graph.Value
		verbatim bool
	}{
		{`true`, graph.Bool(true), false},
		{`"text"`, graph.String("text"), false},
		{`0`, graph.Int(0), false},
		{`9007199254740993`, graph.Int(9007199254740993), false},
		{`-9223372036854775808`, graph.Int(-9223372036854775808), false},
		{`9223372036854775807`, graph.Int(9223372036854775807), false},
		{`9223372036854775808`, graph.Float(9223372036854775808), false},
		{`18446744073709551615`, graph.String("18446744073709551615"), true},
		{`9223372036854776001`, graph.String("9223372036854776001"), true},
		{`100000000000000000000`, graph.Float(1e20), false},
		{`100000000000000000001`, graph.String("100000000000000000001"), true},
		{`-100000000000000000000`, graph.Float(-1e20), false},
		{`1e400`, graph.String("1e400"), true},
		{`0.1`, graph.Float(0.1), false},
		{`5e-324`, graph.Float(5e-324), false},
		{`1e21`, graph.Float(1e21), false},
		{`null`, graph.Null, true},
		{`[]`, list(), false},
		{`["a","b"]`, list(graph.String("a"), graph.String("b")), false},
		{`[1,2]`, list(graph.Int(1), graph.Int(2)), false},
		{`[1,2.5]`, list(graph.Float(1), graph.Float(2.5)), false},
		{`[9007199254740993,2.5]`, graph.String(`[9007199254740993,2.5]`), true},
		{`[1, "a"]`, graph.String(`[1,"a"]`), true},
		{`[null]`, graph.String(`[null]`), true},
		{`[[1],[]]`, graph.String(`[[1],[]]`), true},
		{`[18446744073709551615]`, graph.String(`[18446744073709551615]`), true},
		{`{"b":1.50,"a":{"<":[]}}`, graph.String(`{"a":{"<":[]},"b":1.50}`), true},
	} {
		got, verbatim, err := convert(json.RawMessage(c.raw))
		require.NoError(t, err, c.raw)
		require.Equal(t, c.want.Kind(), got.Kind(), c.raw)
		require.True(t, graph.Equivalent(c.want, got), "%s: %v", c.raw, got)
		require.Equal(t, c.verbatim, verbatim, c.raw)
	}
}

func TestNegativeZeroStaysOne(t *testing.T) {
	v, _, err := convert(json.RawMessage("-0"))
	require.NoError(t, err)
	require.Equal(t, graph.KindFloat, v.Kind())
}

// TestPropertiesOfTheImport: what the import adds never hides what was there.
func TestPropertiesOfTheImport(t *testing.T) {
	w := newWriter(version2)
	w.database = "nornic"
	w.op(opCreateNode, `{"node":{"id":"a","labels":[],"properties":{"_nornicId":1,"_nornicId_":2,"_database":{"x":1},"_nornicJson":null},"embedding":[0.5,1]}}`)
	w.op(opCreateNode, `{"node":{"id":"b","labels":[],"properties":{"_embedding":1},"embedding":"none"}}`)
	db, report := imported(t, w.log, nil)
	require.Equal(t, "renamed-property 0, renamed-property 0, renamed-property 0, renamed-property 0", findings(report))
	r := db.Reader()
	got := map[string]any{}
	for _, p := range r.AppendNodeProperties(nil, 0) {
		got[r.KeyName(p.Key)] = goValue(p.Value)
	}
	require.Equal(t, map[string]any{"_nornicId": "a", "_nornicId__": json.Number("1"), "_nornicId_": json.Number("2"), "_database": "nornic",
		"_database_": `{"x":1}`, "_nornicJson": []any{"_database_", "_nornicJson_"}, "_embedding": []float32{0.5, 1}}, got)
	got = map[string]any{}
	for _, p := range r.AppendNodeProperties(nil, 1) {
		got[r.KeyName(p.Key)] = goValue(p.Value)
	}
	require.Equal(t, map[string]any{"_nornicId": "b", "_database": "nornic", "_embedding_": json.Number("1"), "_embedding": "none"}, got)
}

func TestUpdatesReplaceTheWholeElement(t *testing.T) {
	w := newWriter(version1)
	w.op(opCreateNode, `{"node":%s}`, nodeJSON("a", `["A","B"]`, `{"x":1,"y":[1,"a"],"z":null}`))
	w.op(opUpdateNode, `{"node":%s}`, nodeJSON("a", `["B","C"]`, `{"y":2,"w":3}`))
	w.op(opCreateEdge, `{"edge":%s}`, edgeJSON("e", "a", "a", `{"x":1,"y":{}}`))
	w.op(opUpdateEdge, `{"edge":%s}`, edgeJSON("e", "a", "a", `{"z":1}`))
	db, _ := imported(t, w.log, nil)
	g := read(t, db, "")
	require.Equal(t, []nodeOf{{"a", []string{"B", "C"}, map[string]any{"y": "2", "w": "3"}}}, g.Nodes)
	require.Equal(t, []edgeOf{{"e", "a", "a", "R", map[string]any{"z": "1"}}}, g.Edges)
	r := db.Reader()
	json, ok := r.LookKey(jsonProperty)
	require.True(t, ok)
	require.True(t, r.NodeProperty(0, json).IsNull(), "no property of the node is JSON text any more")
}

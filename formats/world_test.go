package formats

import (
	"bytes"
	"context"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/graph/temporal"
	"github.com/pocketgraph/pocketgraph/internal/staging"
)

// values are values of every kind that a property can have, with the ends of
// their ranges.
func values() []graph.Value {
	at := func(k graph.Kind, text string) graph.Value {
		v, err := temporal.Parse(k, text)
		if err != nil {
			panic(text + ": " + err.Error())
		}
		return v
	}
	list := func(items ...graph.Value) graph.Value { return graph.List(items) }
	scalars := []graph.Value{
		graph.Bool(true), graph.Bool(false),
		graph.Int(0), graph.Int(-1), graph.Int(1<<53 + 1), graph.Int(math.MaxInt64), graph.Int(math.MinInt64),
		graph.Float(0), graph.Float(math.Copysign(0, -1)), graph.Float(1), graph.Float(0.1), graph.Float(1e300), graph.Float(5e-324), graph.Float(1e21),
		graph.Float(math.NaN()), graph.Float(math.Inf(1)), graph.Float(math.Inf(-1)), graph.Float(9007199254740993),
		graph.String(""), graph.String("Ada \"Countess\" O'Hara\\n"), graph.String("line\nbreak\r\nand\ttab\rreturn"), graph.String("; , | : $ ` <b>&amp;</b> ]]>"),
		graph.String("日本 😀 \u2028"), graph.String(" spaces "), graph.String("true"), graph.String("42"), graph.String("{\"$date\":\"2020-01-01\"}"), graph.String("null"),
		at(graph.KindDate, "2020-02-29"), at(graph.KindDate, "-0044-03-15"), at(graph.KindDate, "+999999999-12-31"), at(graph.KindDate, "1970-01-01"),
		at(graph.KindLocalTime, "00:00"), at(graph.KindLocalTime, "23:59:59.999999999"),
		at(graph.KindTime, "12:31:14+01:00"), at(graph.KindTime, "12:31:14.645876123-18:00"),
		at(graph.KindLocalDateTime, "1984-10-11T12:31:14.645"), at(graph.KindLocalDateTime, "-2000-01-01T00:00"),
		at(graph.KindDateTime, "2015-07-21T21:40:32.142+01:00"), at(graph.KindDateTime, "2015-07-21T21:40:32.142Z"),
		at(graph.KindDateTime, "2017-10-28T23:00+02:00[Europe/Berlin]"), at(graph.KindDateTime, "2015-10-25T02:30+01:00[Europe/Berlin]"),
		at(graph.KindDuration, "P1Y2M10DT2H30M"), at(graph.KindDuration, "PT0S"), graph.Duration(graph.Span{Months: -5, Days: 3, Seconds: -1, Nanos: 1}),
		graph.Point(graph.Coordinates{SRID: 7203, X: 1.5, Y: -2}), graph.Point(graph.Coordinates{SRID: 9157, X: 1, Y: 2, Z: 3}),
		graph.Point(graph.Coordinates{SRID: 4326, X: 12.5, Y: 55.7}), graph.Point(graph.Coordinates{SRID: 4979, X: -180, Y: 90, Z: -10.25}),
		graph.Bytes([]byte{0, 1, 254, 255}), graph.Bytes([]byte{}),
		graph.Vector([]float32{0.1, -2, 3e38}), graph.Vector([]float32{}),
	}
	lists := []graph.Value{
		list(), list(graph.String("")), list(graph.String("a"), graph.String("b;c"), graph.String("")), list(graph.String("a"), graph.String("b")),
		list(graph.Int(1), graph.Int(math.MaxInt64)), list(graph.Float(1), graph.Float(2.5)), list(graph.Float(math.NaN())), list(graph.Bool(true), graph.Bool(false)),
		list(graph.Bytes([]byte{1}), graph.Bytes([]byte{})), list(graph.Vector([]float32{1})), list(graph.Bytes([]byte{})),
	}
	for _, v := range scalars {
		switch v.Kind() {
		case graph.KindDate, graph.KindLocalTime, graph.KindTime, graph.KindLocalDateTime, graph.KindDateTime, graph.KindDuration, graph.KindPoint:
			lists = append(lists, list(v, v))
		}
	}
	return append(scalars, lists...)
}

// names are labels, types and keys that some format could take for something
// else.
var names = []string{"Person", "a:b", "two words", "`quoted`", "<x>&\"'", "labels", "label", "type", "id", "@type", "@labels", "@@x", "日本", "x,y", "__proto__"}

// worldOptions leave out what a format cannot hold.
type worldOptions struct {
	skip func(graph.Value) bool
	name func(string) bool
}

// world is a graph with all values and names.
func world(t testing.TB, o worldOptions) *staging.Graph {
	g := staging.New()
	err := g.Update(func(w graph.Writer) error {
		key := func(name string) graph.KeyID { k, _ := w.Key(name); return k }
		number := func(i int) graph.Property { return graph.Property{Key: key("i"), Value: graph.Int(int64(i))} }
		var nodes []graph.Node
		for i, v := range values() {
			properties := []graph.Property{number(i)}
			if o.skip == nil || !o.skip(v) {
				properties = append(properties, graph.Property{Key: key("v"), Value: v}, graph.Property{Key: key("v " + v.Kind().String()), Value: v})
			}
			n, err := w.CreateNode(nil, properties)
			require.NoError(t, err)
			nodes = append(nodes, n)
			typ, _ := w.Type("T" + strconv.Itoa(i%3))
			_, err = w.CreateRel(nodes[i/2], n, typ, properties)
			require.NoError(t, err)
		}
		for i, name := range names {
			if o.name != nil && !o.name(name) {
				continue
			}
			label, _ := w.Label(name)
			other, _ := w.Label("Other")
			properties := []graph.Property{number(1000 + i), {Key: key(name), Value: graph.String(name)}}
			n, err := w.CreateNode([]graph.LabelID{label, other}, properties)
			require.NoError(t, err)
			typ, _ := w.Type(name)
			_, err = w.CreateRel(n, n, typ, properties)
			require.NoError(t, err)
			_, err = w.CreateRel(n, nodes[0], typ, properties[:1])
			require.NoError(t, err)
		}
		return nil
	})
	require.NoError(t, err)
	return g
}

// plainText is a graph as sorted lines, without numbers that a store gives.
func plainText(r graph.Reader) string {
	var lines []string
	x := &writer{ctx: context.Background(), r: r, o: &WriteOptions{Progress: func(Progress) {}}, report: &Report{}}
	key := map[graph.ID]string{}
	properties := func() string {
		var parts []string
		for _, p := range x.properties {
			parts = append(parts, strconv.Quote(r.KeyName(p.Key))+"="+p.Value.Kind().String()+string(appendJSON(nil, p.Value, false)))
			if r.KeyName(p.Key) == "i" {
				parts[len(parts)-1] = "#" + strconv.FormatInt(p.Value.AsInt(), 10)
			}
		}
		slices.Sort(parts)
		slices.SortStableFunc(parts, func(a, b string) int { return strings.Compare(b[:1], a[:1]) }) // the number first
		return strings.Join(parts, " ")
	}
	_ = x.eachNode(func(_ graph.Node, id graph.ID) error {
		var labels []string
		for _, l := range x.labels {
			labels = append(labels, strconv.Quote(r.LabelName(l)))
		}
		slices.Sort(labels)
		key[id] = strings.SplitN(properties(), " ", 2)[0]
		lines = append(lines, "node "+properties()+" "+strings.Join(labels, ","))
		return nil
	})
	_ = x.eachRel(func(_ graph.Rel, _, start, end graph.ID, typ string) error {
		lines = append(lines, "rel "+key[start]+" "+key[end]+" "+strconv.Quote(typ)+" "+properties())
		return nil
	})
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func textSource(name, text string) Source {
	return Source{Name: name, Size: int64(len(text)), Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}
}

// written is a graph as a file.
func written(t testing.TB, g *staging.Graph, o WriteOptions) (string, Report) {
	var out bytes.Buffer
	report, err := Write(context.Background(), &out, g.Reader(), o)
	require.NoError(t, err)
	require.EqualValues(t, g.Reader().NodeCount(), report.Nodes)
	return out.String(), report
}

// readText reads files into a new graph.
func readText(o Options, sources ...Source) (*staging.Graph, Report, error) {
	g := staging.New()
	var report Report
	err := g.Update(func(w graph.Writer) (err error) {
		report, err = Read(context.Background(), w, sources, o)
		return err
	})
	return g, report, err
}

package nornic

import (
	"bytes"
	"context"
	"encoding/json"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	pocketgraph "github.com/pocketgraph/pocketgraph"
	"github.com/pocketgraph/pocketgraph/graph"
)

// graphOf is a graph as NornicDB has it: what the tests compare. Numbers are
// big.Rat in text, so that 1 and 1.0 are the same and 2^53+1 is itself.
type graphOf struct {
	Nodes []nodeOf `json:"nodes"`
	Edges []edgeOf `json:"edges"`
}

type nodeOf struct {
	ID         string         `json:"id"`
	Labels     []string       `json:"labels"`
	Properties map[string]any `json:"properties"`
}

type edgeOf struct {
	ID         string         `json:"id"`
	Start      string         `json:"startNode"`
	End        string         `json:"endNode"`
	Type       string         `json:"type"`
	Properties map[string]any `json:"properties"`
}

func decode(t testing.TB, text []byte, into any) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	require.NoError(t, d.Decode(into))
}

// plain makes what is equal the same.
func (g *graphOf) plain() *graphOf {
	for i := range g.Nodes {
		slices.Sort(g.Nodes[i].Labels)
		exact(g.Nodes[i].Properties)
	}
	for i := range g.Edges {
		exact(g.Edges[i].Properties)
	}
	slices.SortFunc(g.Nodes, func(a, b nodeOf) int { return strings.Compare(a.ID, b.ID) })
	slices.SortFunc(g.Edges, func(a, b edgeOf) int { return strings.Compare(a.ID, b.ID) })
	return g
}

// exact replaces numbers by fractions, which are equal when they are.
func exact(v any) any {
	switch v := v.(type) {
	case json.Number:
		r, ok := new(big.Rat).SetString(string(v))
		if !ok {
			panic("no number: " + string(v))
		}
		return r.RatString()
	case map[string]any:
		for k := range v {
			v[k] = exact(v[k])
		}
	case []any:
		for i := range v {
			v[i] = exact(v[i])
		}
	}
	return v
}

// read takes a database of NornicDB back out of the store, undoing what the
// import documents.
func read(t testing.TB, db *pocketgraph.DB, database string) *graphOf {
	r := db.Reader()
	g := &graphOf{Nodes: []nodeOf{}, Edges: []edgeOf{}}
	of := func(p map[string]any) bool {
		mine := p[databaseProperty] == nil && database == "" || p[databaseProperty] == database
		delete(p, databaseProperty)
		return mine
	}
	var nodes [4096]graph.Node
	for from := graph.Node(0); ; {
		n := r.ScanNodes(from, nodes[:])
		for _, h := range nodes[:n] {
			id, p := restored(t, r, r.AppendNodeProperties(nil, h))
			if of(p) {
				labels := []string{}
				for _, l := range r.AppendLabels(nil, h) {
					labels = append(labels, r.LabelName(l))
				}
				g.Nodes = append(g.Nodes, nodeOf{id, labels, p})
			}
			from = h + 1
		}
		if n < len(nodes) {
			break
		}
	}
	idOf := func(n graph.Node) string {
		id, _ := restored(t, r, r.AppendNodeProperties(nil, n))
		return id
	}
	var rels [4096]graph.Rel
	for from := graph.Rel(0); ; {
		n := r.ScanRels(from, rels[:])
		for _, h := range rels[:n] {
			id, p := restored(t, r, r.AppendRelProperties(nil, h))
			if of(p) {
				start, end := r.RelEnds(h)
				g.Edges = append(g.Edges, edgeOf{id, idOf(start), idOf(end), r.TypeName(r.RelType(h)), p})
			}
			from = h + 1
		}
		if n < len(rels) {
			return g.plain()
		}
	}
}

func restored(t testing.TB, r graph.Reader, properties []graph.Property) (id string, out map[string]any) {
	out = map[string]any{}
	var verbatim []graph.Value
	for _, p := range properties {
		switch name := r.KeyName(p.Key); name {
		case idProperty:
			id = p.Value.AsString()
		case jsonProperty:
			verbatim = p.Value.AsList()
		default:
			out[name] = goValue(p.Value)
		}
	}
	for _, k := range verbatim {
		text, ok := out[k.AsString()].(string)
		if !ok {
			out[k.AsString()] = nil
			continue
		}
		var v any
		decode(t, []byte(text), &v)
		out[k.AsString()] = v
	}
	return id, out
}

func goValue(v graph.Value) any {
	switch v.Kind() {
	case graph.KindBool:
		return v.AsBool()
	case graph.KindInt:
		return json.Number(strconv.FormatInt(v.AsInt(), 10))
	case graph.KindFloat:
		return json.Number(strconv.FormatFloat(v.AsFloat(), 'g', -1, 64))
	case graph.KindString:
		return v.AsString()
	case graph.KindList:
		items := []any{}
		for _, item := range v.AsList() {
			items = append(items, goValue(item))
		}
		return items
	case graph.KindVector:
		return v.AsVector()
	}
	panic("no such value in NornicDB: " + v.Kind().String())
}

// imported imports files into a new store in memory.
func imported(t testing.TB, log []byte, snapshot []byte) (*pocketgraph.DB, *Report) {
	db, err := pocketgraph.OpenMemory(pocketgraph.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	report, err := Import(context.Background(), db, sourceOf(log, snapshot), Options{})
	require.NoError(t, err)
	problems, err := db.Check(context.Background())
	require.NoError(t, err)
	require.Empty(t, problems)
	return db, report
}

//go:build !js

package pocketgraph

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/cypher"
	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/crashfs"
	"github.com/pocketgraph/pocketgraph/internal/cyrand"
	"github.com/pocketgraph/pocketgraph/internal/cytest"
	"github.com/pocketgraph/pocketgraph/internal/mapgraph"
)

var (
	cypherSeed   = flag.Uint64("cypher.seed", 1, "first seed of the random graphs and statements")
	cypherGraphs = flag.Int("cypher.graphs", 0, "how many random graphs; 0 is a few, or 3000 with POCKETGRAPH_LONG")
)

// queriesPerGraph random statements are asked of each random graph.
const queriesPerGraph = 30

func randomGraphs(few int) int {
	switch {
	case *cypherGraphs > 0:
		return *cypherGraphs
	case os.Getenv("POCKETGRAPH_LONG") != "":
		return 3000
	}
	return few
}

var randomParams = map[string]graph.Value{
	"i": graph.Int(1), "s": graph.String("a"), "n": graph.Null,
	"l": graph.List([]graph.Value{graph.Int(0), graph.Int(2)}),
}

// way is one way of answering statements; all give the same answers.
type way struct {
	name   string
	reader graph.Reader
	engine *cypher.Engine
}

// TestRandomStatements asks random statements of random graphs in every way
// there is. What differs is made small and printed as a language script, for
// cypher/testdata, where it stays when it is mended.
func TestRandomStatements(t *testing.T) {
	for i := range randomGraphs(25) {
		seed := *cypherSeed + uint64(i)
		setup := cyrand.Graph(cyrand.Record(seed, 0))
		ways := waysOf(t, setup)
		for n := uint64(1); n <= queriesPerGraph; n++ {
			choices := cyrand.Record(seed, n)
			text := cyrand.Read(choices)
			if difference(ways, text) == "" {
				continue
			}
			reportRead(t, seed, setup, choices.List)
			return
		}
	}
}

// reportRead makes a difference small, first the statement, then the graph, and
// fails with it.
func reportRead(t *testing.T, seed uint64, setup []string, list []uint32) {
	ways := waysOf(t, setup)
	list = cyrand.Shrink(list, func(l []uint32) bool { return difference(ways, cyrand.Read(cyrand.Replay(l))) != "" })
	text := cyrand.Read(cyrand.Replay(list))
	for at := len(setup) - 1; at >= 0; at-- {
		fewer := append(append([]string(nil), setup[:at]...), setup[at+1:]...)
		if difference(waysOf(t, fewer), text) != "" {
			setup = fewer
		}
	}
	ways = waysOf(t, setup)
	t.Fatalf("seed %d:\n%s\n%s", seed, difference(ways, text), cyrand.Script("found by seed "+fmt.Sprint(seed), setup, text, ask(ways[0], text)))
}

// waysOf builds a graph from statements on every kind of graph, with indexes
// and without, before and after opening it again. The first way is the plainest.
func waysOf(t *testing.T, setup []string) []way {
	plain, indexed := mapgraph.New(), mapgraph.New()
	onMap(t, plain, setup)
	onMap(t, indexed, setup, cyrand.Indexes)
	bare := storeOf(t, crashfs.New(), setup)
	fs := crashfs.New()
	full := storeOf(t, fs, cyrand.Indexes, setup)
	replayed := open(t, fs.Clone(), Options{})
	_, err := full.Snapshot(context.Background())
	require.NoError(t, err)
	loaded := open(t, fs.Clone(), Options{})
	ways := []way{
		{"a map without rules", plain, nil},
		{"a map", plain, nil},
		{"a map with indexes, without rules", indexed, nil},
		{"a map with indexes", indexed, nil},
		{"a store", bare.Reader(), nil},
		{"a store with indexes, without rules", full.Reader(), nil},
		{"a store with indexes", full.Reader(), nil},
		{"a store with indexes, from its log", replayed.Reader(), nil},
		{"a store with indexes, from its snapshot", loaded.Reader(), nil},
	}
	for i := range ways {
		ways[i].engine = cypher.NewEngine(cypher.Config{NoRewrites: strings.HasSuffix(ways[i].name, "without rules")})
	}
	for _, db := range []*DB{bare, full, replayed, loaded} {
		require.NoError(t, db.Close()) // what was read stays
	}
	return ways
}

func onMap(t *testing.T, g *mapgraph.Graph, statements ...[]string) {
	e := cypher.NewEngine(cypher.Config{})
	for _, list := range statements {
		for _, text := range list {
			s, err := e.Prepare(text)
			require.NoError(t, err, text)
			rows, err := e.Run(&cypher.Runtime{Reader: g, Writer: g}, s, nil)
			require.NoError(t, err, text)
			rows.Close()
		}
	}
}

func storeOf(t *testing.T, fs *crashfs.FS, statements ...[]string) *DB {
	db := open(t, fs, Options{})
	for _, list := range statements {
		for _, text := range list {
			_, err := db.Run(context.Background(), text, nil)
			require.NoError(t, err, text)
		}
	}
	return db
}

// TestRandomStatementsAnswer: a comparison of errors, or of nothing, would compare
// little.
func TestRandomStatementsAnswer(t *testing.T) {
	asked, rows := 0, 0
	for seed := uint64(1); seed <= 20; seed++ {
		g := mapgraph.New()
		onMap(t, g, cyrand.Graph(cyrand.Record(seed, 0)))
		w := way{"a map", g, cypher.NewEngine(cypher.Config{})}
		for n := uint64(1); n <= 40; n++ {
			text := cyrand.Read(cyrand.Record(seed, n))
			got := ask(w, text)
			require.False(t, strings.HasPrefix(got[0], "error"), "%s\n%s", text, got[0])
			asked++
			if len(got) > 1 {
				rows++
			}
		}
	}
	require.Greater(t, float64(rows)/float64(asked), 0.4)
}

// difference compares the answers of all ways with the first one's; "" when
// they are the same.
func difference(ways []way, text string) string {
	want := ask(ways[0], text)
	if strings.Contains(want[0], "(Timeout: ") {
		return "" // too much work without rules
	}
	for _, w := range ways[1:] {
		got := ask(w, text)
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			return fmt.Sprintf("%s\n%s has:\n  %s\n%s has:\n  %s\n", text, ways[0].name, strings.Join(want, "\n  "), w.name, strings.Join(got, "\n  "))
		}
	}
	return ""
}

// answerTime is how long a random statement may take.
const answerTime = 5 * time.Second

// ask gives the header and the rows, sorted when their order is not part of
// the answer, or the error.
func ask(w way, text string) (out []string) {
	defer func() {
		if p := recover(); p != nil {
			out = []string{fmt.Sprint("panic: ", p)}
		}
	}()
	rt := &cypher.Runtime{Reader: w.reader}
	if writer, ok := w.reader.(graph.Writer); ok {
		rt.Writer = writer
	}
	columns, rows, err := runOn(w.engine, rt, text)
	if err != nil {
		return []string{"error " + err.Error()}
	}
	c := cytest.Case{Ordered: cyrand.Ordered(text)}
	return c.Answer(w.reader, columns, rows)
}

func runOn(e *cypher.Engine, rt *cypher.Runtime, text string) (columns []string, out [][]graph.Value, err error) {
	ctx, cancel := context.WithTimeoutCause(context.Background(), answerTime, errors.New("too slow"))
	defer cancel()
	rt.Context = ctx
	s, err := e.Prepare(text)
	if err != nil {
		return nil, nil, err
	}
	rows, err := e.Run(rt, s, randomParams)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	for {
		b, err := rows.Next()
		if err != nil || b == nil {
			return rows.Columns(), out, err
		}
		for i := range b.Len {
			row := make([]graph.Value, len(b.Columns))
			for c := range row {
				row[c] = b.Columns[c][i]
			}
			out = append(out, row)
		}
	}
}

// TestRandomWrites changes random graphs by random statements and compares what
// is stored then: on a map with rules and without, on the store before and
// after opening it again; and the store finds nothing wrong with itself.
func TestRandomWrites(t *testing.T) {
	for i := range randomGraphs(40) {
		seed := *cypherSeed + uint64(i)
		setup := cyrand.Graph(cyrand.Record(seed, 0))
		choices := cyrand.Record(seed, 1)
		if written(t, setup, cyrand.Write(choices)) == "" {
			continue
		}
		list := cyrand.Shrink(choices.List, func(l []uint32) bool { return written(t, setup, cyrand.Write(cyrand.Replay(l))) != "" })
		text := cyrand.Write(cyrand.Replay(list))
		for at := len(setup) - 1; at >= 0; at-- {
			fewer := append(append([]string(nil), setup[:at]...), setup[at+1:]...)
			if written(t, fewer, text) != "" {
				setup = fewer
			}
		}
		t.Fatalf("seed %d:\n%s;\n%s", seed, strings.Join(setup, ";\n"), written(t, setup, text))
	}
}

// written runs a statement everywhere and tells what differs afterwards.
func written(t *testing.T, setup []string, text string) string {
	want := ""
	compare := func(name, got string) string {
		if want == "" {
			want = got
		}
		if got == want {
			return ""
		}
		return fmt.Sprintf("%s\nwithout rules:\n%s\n%s:\n%s", text, want, name, got)
	}
	for _, off := range []bool{true, false} {
		for _, indexes := range [][]string{nil, cyrand.Indexes} {
			g := mapgraph.New()
			onMap(t, g, indexes, setup)
			w := way{"a map", g, cypher.NewEngine(cypher.Config{NoRewrites: off})}
			if d := compare(fmt.Sprintf("a map, %d indexes", len(indexes)), afterwards(w, failed(ask(w, text)[0]))); d != "" {
				return d
			}
		}
	}
	fs := crashfs.New()
	db := storeOf(t, fs, cyrand.Indexes, setup)
	outcome := ""
	if _, err := db.Query(context.Background(), text, randomParams); err != nil {
		outcome = failed("error")
	}
	e := cypher.NewEngine(cypher.Config{})
	if d := compare("a store", afterwards(way{"", db.Reader(), e}, outcome)); d != "" {
		return d
	}
	require.NoError(t, db.Close())
	db = open(t, fs, Options{})
	defer func() { require.NoError(t, db.Close()) }()
	if d := compare("a store, opened again", afterwards(way{"", db.Reader(), e}, outcome)); d != "" {
		return d
	}
	problems, err := db.Check(context.Background())
	require.NoError(t, err)
	if len(problems) > 0 {
		return text + "\n" + strings.Join(problems, "\n")
	}
	return ""
}

// failed is "failed" for an error: its words are those of different interfaces.
func failed(answer string) string {
	if strings.HasPrefix(answer, "error") || strings.HasPrefix(answer, "panic") {
		return "failed"
	}
	return ""
}

// afterwards is the outcome of a statement and the whole graph as text.
func afterwards(w way, outcome string) string {
	out := []string{outcome}
	for _, text := range cyrand.Dump {
		rows := ask(w, text)
		sort.Strings(rows)
		out = append(out, rows...)
	}
	return strings.Join(out, "\n")
}

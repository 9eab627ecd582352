package mem

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
)

// TestCountNodesBetween compares with looking at every node: values of every
// width, runs, gaps, nodes without the label, removed and changed ones, in the
// state that was written and in one that was loaded.
func TestCountNodesBetween(t *testing.T) {
	const nodes = 5000
	random := rand.New(rand.NewPCG(7, 7))
	columns := map[string]func(i int) graph.Value{
		"same":   func(int) graph.Value { return graph.Int(-5) },
		"run":    func(i int) graph.Value { return graph.Int(int64(i) - 100) },
		"bytes":  func(int) graph.Value { return graph.Int(random.Int64N(90)) },
		"shorts": func(int) graph.Value { return graph.Int(random.Int64N(40_000) - 20_000) },
		"ints":   func(int) graph.Value { return graph.Int(random.Int64N(1<<32) + 1<<40) },
		"longs":  func(int) graph.Value { return graph.Int(int64(random.Uint64())) },
		"ends":   func(i int) graph.Value { return graph.Int([]int64{math.MinInt64, math.MaxInt64, 0}[i%3]) },
		"sparse": func(i int) graph.Value {
			if random.IntN(20) > 0 {
				return graph.Null
			}
			return graph.Int(random.Int64N(300))
		},
	}
	g := New("t")
	tx := g.Begin()
	labels := []graph.LabelID{must(tx.Label("All")), must(tx.Label("Most")), must(tx.Label("Few"))}
	none := must(tx.Label("None"))
	keys := map[string]graph.KeyID{}
	for name := range columns {
		keys[name] = must(tx.Key(name))
	}
	mixed := must(tx.Key("mixed"))
	for i := range nodes {
		own := labels[:1:1]
		if random.IntN(10) > 0 {
			own = append(own, labels[1])
		}
		if random.IntN(100) == 0 {
			own = append(own, labels[2])
		}
		properties := []graph.Property{{Key: mixed, Value: graph.Int(int64(i))}}
		for name, make := range columns {
			properties = append(properties, graph.Property{Key: keys[name], Value: make(i)})
		}
		must(tx.CreateNode(own, properties))
	}
	must(tx.Commit())
	tx = g.Begin()
	for range 400 {
		n := graph.Node(random.IntN(nodes))
		switch {
		case !tx.HasNode(n):
		case random.IntN(3) == 0:
			require.NoError(t, tx.DeleteNode(n))
		default:
			require.NoError(t, tx.SetNodeProperty(n, keys["bytes"], graph.Int(random.Int64N(500)-10)))
		}
	}
	compare := func(r graph.Reader) {
		t.Helper()
		limits := []int64{math.MinInt64, math.MaxInt64, -5, 0, 30, 89, 1 << 40, 1<<40 + 1<<31}
		for name, key := range keys {
			for _, label := range append(labels, none) {
				for range 12 {
					low, high := limits[random.IntN(len(limits))], limits[random.IntN(len(limits))]
					want := 0
					var all [2 * nodes]graph.Node
					for _, n := range all[:r.ScanLabel(label, 0, all[:])] {
						if v := r.NodeProperty(n, key); !v.IsNull() && low <= v.AsInt() && v.AsInt() <= high {
							want++
						}
					}
					got, ok := r.CountNodesBetween(label, key, low, high)
					require.True(t, ok)
					require.Equal(t, want, got, "%s of label %d from %d to %d", name, label, low, high)
				}
			}
		}
	}
	compare(tx)
	state := must(tx.Commit())
	compare(state)
	compare(load(t, sectionsOf(t, state)).State())
	tx = g.Begin()
	require.NoError(t, tx.SetNodeProperty(graph.Node(nodes-1), mixed, graph.Float(1)))
	_, ok := tx.CountNodesBetween(labels[0], mixed, 0, 10)
	require.False(t, ok, "one is a Float")
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

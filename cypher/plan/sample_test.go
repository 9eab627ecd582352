package plan

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/mapgraph"
)

// star is a hub that 100 leaves follow, and 100 nodes without relationships.
func star(t *testing.T) *builder {
	g := mapgraph.New()
	label := func(name string) []graph.LabelID { l, _ := g.Label(name); return []graph.LabelID{l} }
	follows, _ := g.Type("FOLLOWS")
	hub, err := g.CreateNode(label("Hub"), nil)
	require.NoError(t, err)
	for range 100 {
		leaf, err := g.CreateNode(label("Leaf"), nil)
		require.NoError(t, err)
		_, err = g.CreateRel(leaf, hub, follows, nil)
		require.NoError(t, err)
		_, err = g.CreateNode(label("Lone"), nil)
		require.NoError(t, err)
	}
	return &builder{reader: g}
}

func TestHops(t *testing.T) {
	b, follows := star(t), []string{"FOLLOWS"}
	require.EqualValues(t, 1, b.hops(population{label: "Leaf"}, graph.Outgoing, follows))
	require.EqualValues(t, 100, b.hops(population{label: "Hub"}, graph.Incoming, follows))
	require.InDelta(t, 0, b.hops(population{label: "Lone"}, graph.Both, nil), 0.02)
	require.EqualValues(t, 0, b.hops(population{label: "Nobody"}, graph.Both, nil))
	require.EqualValues(t, 0, b.hops(population{label: "Leaf"}, graph.Outgoing, []string{"NEVER"}))
	require.EqualValues(t, 100, b.hops(population{arrived: true, types: follows, direction: graph.Outgoing}, graph.Incoming, follows), "where they lead is the hub")
	require.EqualValues(t, 1, b.hops(population{arrived: true, types: follows, direction: graph.Incoming}, graph.Outgoing, follows), "where they come from are leaves")
	require.InDelta(t, 100.0/201, b.hops(population{}, graph.Incoming, nil), 1e-9)
	require.InDelta(t, 200.0/201, b.hops(population{}, graph.Both, follows), 1e-9)
}

func TestShare(t *testing.T) {
	b := star(t)
	reached := population{arrived: true, types: []string{"FOLLOWS"}, direction: graph.Outgoing}
	require.EqualValues(t, 1, b.share(reached, []string{"Hub"}))
	require.Less(t, b.share(reached, []string{"Leaf"}), 0.02)
	require.Positive(t, b.share(reached, []string{"Leaf"}), "none in a sample is not none")
	require.InDelta(t, 0.5, b.share(population{}, []string{"Lone"}), 0.1)
}

func TestWindowsTakeNothingTwice(t *testing.T) {
	for count := range 200 {
		got := windows(count, sampleSize, func(from graph.Node, dst []graph.Node) int {
			n := 0
			for h := from; int(h) < count && n < len(dst); h++ {
				dst[n] = h
				n++
			}
			return n
		})
		require.LessOrEqual(t, len(got), sampleSize)
		require.GreaterOrEqual(t, len(got), min(count, sampleSize/sampleWindows))
		for i := 1; i < len(got); i++ {
			require.Less(t, got[i-1], got[i])
		}
	}
}

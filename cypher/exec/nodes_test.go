package exec

import (
	"math/rand"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
)

// TestCountEnds compares what is counted with what is listed, in sets that grow.
func TestCountEnds(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for range 200 {
		var counted, listed nodeBits
		var nodes []graph.Node
		n := 0
		for range 20 {
			hops := make([]graph.Hop, r.Intn(40))
			for i := range hops {
				hops[i] = graph.Hop{Node: graph.Node(r.Intn(1 << (4 + r.Intn(14)))), Rel: graph.Rel(r.Intn(10))}
			}
			used := [][]graph.Rel{nil, {3}, {3, graph.NoRel}, {graph.NoRel, 4}, {3, 4}}[r.Intn(5)]
			nodes = listed.addEnds(nodes, hops, used)
			n += counted.countEnds(hops, used)
			require.Equal(t, len(nodes), n)
		}
		for _, node := range nodes {
			require.True(t, counted.has(node))
		}
	}
}

// TestCountEndsAllocates: nothing but the set itself.
func TestCountEndsAllocates(t *testing.T) {
	s := nodeBits{words: make([]uint64, 64)}
	hops := make([]graph.Hop, 1000)
	for i := range hops {
		hops[i] = graph.Hop{Node: graph.Node(i), Rel: graph.Rel(i)}
	}
	require.Zero(t, testing.AllocsPerRun(10, func() { s.countEnds(hops, nil) }))
}

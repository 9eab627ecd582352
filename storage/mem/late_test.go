package mem

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
)

// TestLateAdjacency: a loaded graph has none until somebody follows or changes
// a relationship; then every version has the one that is its own.
func TestLateAdjacency(t *testing.T) {
	g := load(t, sectionsOf(t, small(t).State()))
	loaded := g.State()
	require.Positive(t, loaded.RelCount())
	hops := func(s graph.Reader) (n int) {
		for node := range graph.Node(loaded.NodeCount()) {
			n += len(s.AppendHops(nil, node, graph.Outgoing, nil)) + len(s.AppendHops(nil, node, graph.Incoming, nil))
		}
		return n
	}

	tx := g.Begin()
	typ, err := tx.Type("LATE")
	require.NoError(t, err)
	_, err = tx.CreateNode(nil, nil)
	require.NoError(t, err)
	grown, err := tx.Commit()
	require.NoError(t, err)
	sectionsOf(t, grown)
	for typ := range graph.TypeID(loaded.TypesLen()) {
		loaded.RelCountByType(typ)
	}
	loaded.Memory()
	require.False(t, loaded.late.built.Load())
	require.Same(t, loaded.late, grown.late)

	tx = g.Begin()
	_, err = tx.CreateRel(0, 0, typ, nil)
	require.NoError(t, err)
	tx.Rollback()
	require.Same(t, loaded.late, g.State().late)

	tx = g.Begin()
	_, err = tx.CreateRel(0, graph.Node(grown.NodeCount()-1), typ, nil)
	require.NoError(t, err)
	linked, err := tx.Commit()
	require.NoError(t, err)
	require.Nil(t, linked.late)
	require.True(t, loaded.late.built.Load())

	for s, more := range map[*State]int{loaded: 0, grown: 0, linked: 1} {
		check(t, s)
		require.Equal(t, 2*loaded.RelCount()+more, hops(s))
		require.Positive(t, s.Memory().Adjacency)
	}
	require.Len(t, linked.AppendHops(nil, graph.Node(grown.NodeCount()-1), graph.Incoming, nil), 1)
}

// TestLateReaders: whoever asks first builds it, and the others find all of it.
func TestLateReaders(t *testing.T) {
	s := load(t, sectionsOf(t, small(t).State())).State()
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			n := 0
			for node := range graph.Node(s.NodeCount()) {
				n += s.Degree(node, graph.Outgoing, nil)
			}
			if n != s.RelCount() {
				t.Errorf("%d of %d relationships", n, s.RelCount())
			}
		})
	}
	readers.Wait()
}

package mem

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
)

// TestLateAdjacency: there is none until somebody follows a relationship or
// deletes one; then every version has the one that is its own.
func TestLateAdjacency(t *testing.T) {
	g := load(t, sectionsOf(t, small(t).State()))
	loaded := g.State()
	require.Positive(t, loaded.RelCount())
	hops := func(s graph.Reader) (n int) {
		for node := range graph.Node(s.NodeCount()) {
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

	last := graph.Node(grown.NodeCount() - 1)
	add := func() *State {
		tx := g.Begin()
		_, err := tx.CreateRel(0, last, typ, nil)
		require.NoError(t, err)
		s, err := tx.Commit()
		require.NoError(t, err)
		return s
	}
	one, two := add(), add()
	require.False(t, one.late.built.Load() || two.late.built.Load())
	require.Equal(t, 2, two.Degree(last, graph.Incoming, nil))
	require.True(t, two.late.built.Load())
	require.False(t, one.late.built.Load() || loaded.late.built.Load())
	three := add()
	require.Nil(t, three.late)

	for s, more := range map[*State]int{loaded: 0, grown: 0, one: 1, two: 2, three: 3} {
		require.Equal(t, 2*(loaded.RelCount()+more), hops(s))
		check(t, s)
		require.Len(t, s.AppendHops(nil, last, graph.Incoming, nil), more)
		require.Positive(t, s.Memory().Adjacency)
	}
}

// TestLateTransaction: a transaction that follows relationships finds its own,
// before and after it has asked, and so do the versions behind it.
func TestLateTransaction(t *testing.T) {
	for _, ask := range []bool{false, true} {
		g := New("p")
		tx := g.Begin()
		typ, err := tx.Type("T")
		require.NoError(t, err)
		for range 4 {
			_, err = tx.CreateNode(nil, nil)
			require.NoError(t, err)
		}
		first, err := tx.CreateRel(0, 1, typ, nil)
		require.NoError(t, err)
		if ask {
			require.Equal(t, 1, tx.Degree(1, graph.Incoming, nil))
		}
		_, err = tx.CreateRel(2, 1, typ, nil)
		require.NoError(t, err)
		if ask {
			require.Equal(t, 2, tx.Degree(1, graph.Incoming, nil))
		}
		require.ErrorIs(t, tx.DeleteNode(2), graph.ErrHasRelationships)
		require.NoError(t, tx.DeleteRel(first))
		require.Equal(t, 1, tx.Degree(1, graph.Incoming, nil))
		require.NoError(t, tx.DeleteNode(0))
		_, err = tx.CreateRel(3, 1, typ, nil) // in the place of the first
		require.NoError(t, err)
		s, err := tx.Commit()
		require.NoError(t, err)
		require.Equal(t, 2, s.Degree(1, graph.Incoming, nil))
		check(t, s)
	}
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
	require.Zero(t, testing.AllocsPerRun(10, func() { s.Degree(0, graph.Both, nil) }), "each look at what is built")
}

// TestLateBehindTheHead: readers that are always one version behind the writer,
// as those of unflushed commits are, do not each build all of it.
func TestLateBehindTheHead(t *testing.T) {
	g := load(t, sectionsOf(t, small(t).State()))
	read, built := g.State(), 0
	for range 10 {
		tx := g.Begin()
		_, err := tx.CreateRel(0, 0, 0, nil)
		require.NoError(t, err)
		newest, err := tx.Commit()
		require.NoError(t, err)
		if !read.linked() {
			built++
		}
		require.Positive(t, read.Degree(0, graph.Both, nil))
		read = newest
	}
	require.LessOrEqual(t, built, 2, "the first that was read, and what was written by then")
	require.Nil(t, g.State().late)
	check(t, g.State())
}

package mem

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
)

// TestCommitCopiesOneSpan: what a commit of one node allocates is that, however
// many spans of identities there are.
func TestCommitCopiesOneSpan(t *testing.T) {
	g := New("p")
	tx := g.Begin()
	const spans = 400
	for i := range spans {
		_, err := tx.CreateNodeWithID(graph.ID(i<<spanBits+1), nil, nil)
		require.NoError(t, err)
	}
	s, err := tx.Commit()
	require.NoError(t, err)
	check(t, s)
	commit := func() {
		tx := g.Begin()
		_, err := tx.CreateNode(nil, nil)
		require.NoError(t, err)
		_, err = tx.Commit()
		require.NoError(t, err)
	}
	commit()
	var before, after runtime.MemStats
	const commits = 100
	runtime.ReadMemStats(&before)
	for range commits {
		commit()
	}
	runtime.ReadMemStats(&after)
	each := (after.TotalAlloc - before.TotalAlloc) / commits
	t.Logf("%d bytes a commit", each)
	require.Less(t, each, uint64(16*spans), "of which the directory is eight for each span")
	for i := range spans {
		_, ok := s.NodeByID(graph.ID(i<<spanBits + 1))
		require.True(t, ok)
	}
	check(t, g.State())
	check(t, s)
}

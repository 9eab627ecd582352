package storage_test

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/crashfs"
	"github.com/pocketgraph/pocketgraph/storage"
)

// rewrite gives every node of a label a text, and a list that is an encoded
// value, that no node had before. Every tenth keeps what it has.
func rewrite(round int) func(graph.Writer) error {
	return func(w graph.Writer) error {
		text, err := w.Key("text")
		if err != nil {
			return err
		}
		list, err := w.Key("list")
		if err != nil {
			return err
		}
		var nodes [3000]graph.Node
		n := w.ScanNodes(0, nodes[:])
		for i, node := range nodes[:n] {
			if round > 0 && i%10 == 0 {
				continue
			}
			if err := w.SetNodeProperty(node, text, textOf(round, i)); err != nil {
				return err
			}
			if err := w.SetNodeProperty(node, list, graph.List([]graph.Value{textOf(round, i), graph.String("b")})); err != nil {
				return err
			}
		}
		return nil
	}
}

func textOf(round, i int) graph.Value {
	return graph.String(strconv.Itoa(round) + "/" + strconv.Itoa(i) + strings.Repeat("t", 300))
}

// TestTextsAreReclaimed: texts that are written again and again do not pile
// up; readers, the snapshot and recovery have what they should.
func TestTextsAreReclaimed(t *testing.T) {
	const nodes, rounds = 3000, 24
	ctx, fs := context.Background(), crashfs.New()
	s := must[*storage.Store](t)(storage.Open(ctx, fs, options()))
	require.NoError(t, transact(s, change{run: bulk(nodes)}))
	require.NoError(t, transact(s, change{run: rewrite(0)}))
	one := s.State().Memory().Strings
	reader := s.State() // held all the time
	before := fingerprint(reader)
	most := 0
	for round := 1; round <= rounds; round++ {
		// Writers go on while the snapshot is written and texts are reclaimed.
		var wait sync.WaitGroup
		wait.Add(1)
		go func() {
			defer wait.Done()
			if _, err := s.Snapshot(ctx); err != nil {
				t.Error(err)
			}
		}()
		require.NoError(t, transact(s, change{run: rewrite(round)}))
		wait.Wait()
		require.NoError(t, transact(s, change{run: create("Tick", "n", graph.Int(int64(round)))}))
		most = max(most, s.State().Memory().Strings)
	}
	t.Logf("texts: %d KB after one round, %d KB at most in %d rounds", one>>10, most>>10, rounds)
	require.Less(t, most, 9*one, "texts of all rounds are %d times as many", rounds)
	require.Equal(t, before, fingerprint(reader), "a state never changes")
	requireSound(t, s.State())
	after := fingerprint(s.State())
	require.NoError(t, s.Close())
	s = must[*storage.Store](t)(storage.Open(ctx, fs, options()))
	require.Equal(t, after, fingerprint(s.State()))
	requireSound(t, s.State())
	require.NoError(t, s.Close())
}

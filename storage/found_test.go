package storage

import (
	"context"
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/crashfs"
)

// TestEndsOfTwoLabels: relationships from nodes of one label to nodes of another
// come in many bodies, and the nodes of both are looked at once.
func TestEndsOfTwoLabels(t *testing.T) {
	s, err := Open(context.Background(), crashfs.New(), Options{SnapshotInterval: -1, LockWait: -1})
	require.NoError(t, err)
	defer s.Close()
	tx, err := s.Begin(context.Background())
	require.NoError(t, err)
	defer tx.Rollback()
	k, _ := tx.Key("k")
	typ, _ := tx.Type("T")
	var labels [3]graph.LabelID
	for i := range labels {
		labels[i], _ = tx.Label(string(rune('A' + i)))
		_, err := tx.CreateNode(labels[i:i+1], []graph.Property{{Key: k, Value: graph.Int(int64(7))}})
		require.NoError(t, err)
	}
	keys := graph.Column{Key: k, Form: graph.FormInt32, Data: binary.LittleEndian.AppendUint32(nil, 7)}
	look := func(labels ...graph.LabelID) (tables []*uint32) {
		rows := &graph.Rows{Rels: true, Kinds: [][]uint32{{uint32(typ)}}}
		for end, l := range labels {
			rows.Ends[end] = make([]uint32, 1)
			require.NoError(t, tx.FindNodes(l, k, &keys, rows.Ends[end]))
			require.Equal(t, uint32(l), rows.Ends[end][0])
			tables = append(tables, &tx.finder(l, k).by[byInt].nodes[0])
		}
		require.NoError(t, tx.CreateRows(rows, 0, 1, nil))
		return tables
	}
	first := look(labels[0], labels[1])
	for range 3 {
		again := look(labels[0], labels[1])
		require.Same(t, first[0], again[0])
		require.Same(t, first[1], again[1])
	}
	require.Same(t, first[1], look(labels[2], labels[1])[1])
	_, err = tx.CreateNode(labels[:1], nil)
	require.NoError(t, err)
	require.NotSame(t, first[1], look(labels[2], labels[1])[1])
}

package storage

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/crashfs"
)

// TestRowsTooLarge: no more is appended than can be committed.
func TestRowsTooLarge(t *testing.T) {
	s, err := Open(context.Background(), crashfs.New(), Options{SnapshotInterval: -1, LockWait: -1})
	require.NoError(t, err)
	defer s.Close()
	tx, err := s.Begin(context.Background())
	require.NoError(t, err)
	defer tx.Rollback()
	const left = 1000
	tx.changes = make([]byte, maxChanges-left, maxChanges+1<<20) // memory that nobody touches
	rows := &graph.Rows{Kinds: [][]uint32{{}}}                   // of which each takes four bytes
	require.NoError(t, tx.CreateRows(rows, 0, 10, nil))
	require.ErrorIs(t, tx.CreateRows(rows, 0, 4096, nil), ErrTxTooLarge)
	require.Less(t, len(tx.changes), maxChanges+100)
	_, err = tx.Commit()
	require.ErrorIs(t, err, ErrTxTooLarge)
}

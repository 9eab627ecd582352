package pocketgraph

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/internal/crashfs"
)

func TestStreams(t *testing.T) {
	ctx := context.Background()
	db := open(t, crashfs.New(), Options{})
	defer db.Close()
	_, err := db.Run(ctx, "UNWIND range(1, 3000) AS i CREATE (a:A {i: i})-[:R {i: i}]->(a), (:B)", nil)
	require.NoError(t, err)
	_, err = db.Run(ctx, "MATCH (a:A) WHERE a.i % 3 = 0 DELETE a", nil)
	require.Error(t, err)
	_, err = db.Run(ctx, "MATCH (a:A) WHERE a.i % 3 = 0 DETACH DELETE a", nil)
	require.NoError(t, err)

	sum := int64(0)
	for n := range db.Nodes("A") {
		sum += n.Properties["i"].(int64)
		require.Equal(t, []string{"A"}, n.Labels)
		if n.Properties["i"] == int64(1) { // writers go on beside the walk, which does not see them
			_, err := db.Run(ctx, "CREATE (:A {i: 1000000})", nil)
			require.NoError(t, err)
		}
	}
	require.EqualValues(t, 3000*3001/2-3*(1000*1001/2), sum)

	all, relationships := 0, 0
	for range db.Nodes("") {
		all++
	}
	for r := range db.Relationships("R") {
		require.Equal(t, r.Start, r.End)
		relationships++
	}
	require.Equal(t, []int{2000 + 3000 + 1, 2000}, []int{all, relationships})
	for range db.Relationships("") {
		relationships--
	}
	require.Zero(t, relationships)
	for range db.Nodes("None") {
		t.Fatal("no node has the label")
	}
	for range db.Relationships("NONE") {
		t.Fatal("no relationship has the type")
	}
	seen := 0
	for range db.Nodes("") {
		if seen++; seen == 5 {
			break
		}
	}
	require.Equal(t, 5, seen)
}

func TestNodesWithout(t *testing.T) {
	ctx := context.Background()
	db := open(t, crashfs.New(), Options{})
	defer db.Close()
	require.NoError(t, db.Update(ctx, func(tx *Tx) error {
		_, err := tx.Run("CREATE (:Doc {n: 1, embedding: $v}), (:Doc {n: 2}), (:Other {n: 3}), (:Doc {n: 4})", Params{"v": []float32{0.5, 1}})
		return err
	}))
	numbers := func(label string) (out []any) {
		for n := range db.NodesWithout(label, "embedding") {
			out = append(out, n.Properties["n"])
		}
		return out
	}
	require.Equal(t, []any{int64(2), int64(4)}, numbers("Doc"))
	require.Equal(t, []any{int64(2), int64(3), int64(4)}, numbers(""))
	_, err := db.Run(ctx, "MATCH (d:Doc {n: 2}) SET d.embedding = $v", Params{"v": []float32{1, 2}})
	require.NoError(t, err)
	require.Equal(t, []any{int64(4)}, numbers("Doc"))
}

package pocketgraph

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/internal/crashfs"
)

func TestBatch(t *testing.T) {
	ctx := context.Background()
	fs := crashfs.New()
	db := open(t, fs, Options{})
	defer db.Close()
	b := db.NewBatch()
	sequence, err := b.Commit(ctx)
	require.NoError(t, err)
	require.Zero(t, sequence, "an empty batch takes no sequence number")

	ada := b.CreateNode([]string{"Person"}, Params{"name": "Ada"})
	bob := b.CreateNode([]string{"Person"}, Params{"name": "Bob"})
	b.CreateRelationship(ada, "KNOWS", bob, Params{"since": 1833})
	require.Equal(t, 3, b.Len())
	require.Zero(t, db.Sequence(), "nothing happens before the commit")
	for range 2 { // plain writes meanwhile come first
		_, err = db.Run(ctx, "CREATE (:Plain)", nil)
		require.NoError(t, err)
	}
	sequence, err = b.Commit(ctx)
	require.NoError(t, err)
	require.EqualValues(t, 3, sequence)
	require.Zero(t, b.Len())

	after := open(t, fs.Crashed(crashfs.Policies[1], 1), Options{})
	defer after.Close()
	require.EqualValues(t, 1833, count(t, after, "MATCH (:Person {name: 'Ada'})-[k:KNOWS]->(:Person {name: 'Bob'}) RETURN k.since"))
}

func TestBatchIsAllOrNothing(t *testing.T) {
	ctx := context.Background()
	db := open(t, crashfs.New(), Options{})
	defer db.Close()
	_, err := db.Run(ctx, "CREATE (:A)-[:R]->(:A)", nil)
	require.NoError(t, err)

	b := db.NewBatch()
	b.CreateNode([]string{"A"}, nil)
	b.Run("MATCH (a:A) SET a.x = 1", nil)
	b.DeleteRelationship(99)
	_, err = b.Commit(ctx)
	require.Equal(t, CodeNotFound, CodeOf(err))
	require.EqualValues(t, 2, count(t, db, "MATCH (a:A) WHERE a.x IS NULL RETURN count(a)"))
	require.EqualValues(t, 1, db.Sequence(), "a failed batch takes no sequence number")
	require.Equal(t, 3, b.Len(), "it may be tried again")

	b.Rollback()
	require.Zero(t, b.Len())
	n := b.CreateNode([]string{"A"}, nil)
	require.Equal(t, BatchNode(0), n)
	b.DeleteRelationship(1)
	b.DeleteNode(1)
	_, err = b.Commit(ctx)
	require.NoError(t, err)
	require.EqualValues(t, 2, count(t, db, "MATCH (a:A) RETURN count(a)"))
	require.Zero(t, count(t, db, "MATCH ()-[r]->() RETURN count(r)"))

	for name, wrong := range map[string]func(){
		"a node of another batch": func() { b.CreateRelationship(5, "R", 5, nil) },
		"a value without form":    func() { b.CreateNode(nil, Params{"x": struct{}{}}) },
	} {
		wrong()
		_, err = b.Commit(ctx)
		require.Equal(t, CodeInvalidArgument, CodeOf(err), name)
		b.Rollback()
	}
	b.DeleteNode(77)
	_, err = b.Commit(ctx)
	require.Equal(t, CodeNotFound, CodeOf(err))
}

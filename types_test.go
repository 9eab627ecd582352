package pocketgraph

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/crashfs"
)

// TestTypeConstraints: values of other types are refused on every way, before
// and after a power cut, a snapshot and a restored backup.
func TestTypeConstraints(t *testing.T) {
	ctx := context.Background()
	fs := crashfs.New()
	db := open(t, fs, Options{})
	run := func(db *DB, text string) error {
		_, err := db.Run(ctx, text, nil)
		return err
	}
	for _, text := range []string{
		"CREATE (:A {x: 1, y: [1, 2], z: 'text'})-[:R {w: 1.5}]->(:A)",
		"CREATE CONSTRAINT FOR (a:A) REQUIRE a.x IS :: INTEGER",
		"CREATE CONSTRAINT FOR (a:A) REQUIRE a.x IS UNIQUE",
		"CREATE CONSTRAINT y FOR (a:A) REQUIRE a.y IS TYPED LIST<INTEGER NOT NULL> | BOOLEAN",
	} {
		require.NoError(t, run(db, text), text)
	}
	for _, text := range []string{
		"CREATE CONSTRAINT FOR (a:A) REQUIRE a.z IS :: BOOLEAN",
		"CREATE CONSTRAINT other FOR ()-[r:R]-() REQUIRE r.w IS :: STRING",
	} {
		require.ErrorIs(t, run(db, text), graph.ErrConstraint, text)
	}
	require.NoError(t, run(db, "CREATE CONSTRAINT w FOR ()-[r:R]-() REQUIRE r.w IS :: FLOAT | INTEGER"))
	require.ErrorIs(t, run(db, "CREATE CONSTRAINT FOR (a:A) REQUIRE a.x IS :: INTEGER"), graph.ErrExists)
	for _, text := range []string{"INTEGER NOT NULL", "MAP", "LIST<LIST<INTEGER>>", "ANY"} {
		require.Equal(t, CodeNotImplemented, CodeOf(run(db, "CREATE CONSTRAINT FOR (a:A) REQUIRE a.q IS :: "+text)), text)
	}
	check := func(t *testing.T, db *DB) {
		for _, text := range []string{
			"CREATE (:A {x: 1.5})", "CREATE (:A {x: 'one'})", "MATCH (a:A {x: 1}) SET a.x = true", "CREATE (b:B {x: '1'}) SET b:A",
			"CREATE (:A {y: 7})", "CREATE (:A {y: ['a']})", "MATCH ()-[r:R]->() SET r.w = 'heavy'", "CREATE (:A)-[:R {w: true}]->(:A)",
			"CREATE (:A {x: 1})",
		} {
			require.ErrorIs(t, run(db, text), graph.ErrConstraint, text)
		}
		require.NoError(t, run(db, "CREATE (a:A {x: -1, y: []})-[:R {w: 2}]->(b:A {y: true}), (c:B {x: 'free'}) DETACH DELETE a, b, c"))
		require.EqualValues(t, 2, count(t, db, "MATCH (a:A) RETURN count(a)"))
		rows, err := db.Run(ctx, "SHOW CONSTRAINTS", nil)
		require.NoError(t, err)
		types := map[any]any{}
		for _, row := range rows {
			types[row.Get("name")] = row.Get("propertyType")
		}
		require.Equal(t, map[any]any{"type_A_x": "INTEGER", "constraint_A_x": nil, "y": "BOOLEAN | LIST<INTEGER NOT NULL>", "w": "INTEGER | FLOAT"}, types)
		problems, err := db.Check(ctx)
		require.NoError(t, err)
		require.Empty(t, problems)
	}
	check(t, db)
	after := open(t, fs.Crashed(crashfs.Policies[1], 1), Options{})
	check(t, after)
	require.NoError(t, after.Close())

	_, err := db.Snapshot(ctx)
	require.NoError(t, err)
	var backup bytes.Buffer
	_, err = db.Export(ctx, &backup)
	require.NoError(t, err)
	require.NoError(t, db.Close())
	again := open(t, fs, Options{})
	check(t, again)

	other := crashfs.New()
	_, err = Restore(ctx, other, bytes.NewReader(backup.Bytes()), int64(backup.Len()), Options{})
	require.NoError(t, err)
	restored := open(t, other, Options{})
	check(t, restored)
	require.NoError(t, restored.Close())

	require.NoError(t, run(again, "DROP CONSTRAINT y"))
	require.NoError(t, run(again, "CREATE (:A {y: 7})"))
	require.NoError(t, again.Close())
}

package mem

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
)

func text(s string) []graph.Property { return []graph.Property{{Key: 0, Value: graph.String(s)}} }

func TestKeyConstraint(t *testing.T) {
	g := small(t)
	person := []graph.LabelID{0}
	tx := g.Begin()
	_, err := tx.CreateNode(person, text("Ada"))
	var broken *graph.ConstraintError
	require.ErrorAs(t, err, &broken)
	require.Equal(t, "key", broken.Constraint)
	require.Equal(t, "node 1 has the same values: (:`Person` {`name`}) = \"Ada\"", broken.Message)
	require.Equal(t, 3, tx.NodeCount())
	require.ErrorIs(t, tx.SetNodeProperty(1, 0, graph.String("Ada")), graph.ErrConstraint)
	require.Equal(t, "Bob", tx.NodeProperty(1, 0).AsString())

	// What is missing may still come before the commit.
	n, err := tx.CreateNode(person, nil)
	require.NoError(t, err)
	_, err = tx.Commit()
	require.ErrorIs(t, err, graph.ErrConstraint)
	require.ErrorIs(t, tx.Validate(), graph.ErrConstraint)
	require.NoError(t, tx.SetNodeProperty(n, 0, graph.String("Dan")))

	// Delete, then create the same.
	var hops []graph.Hop
	for _, h := range tx.AppendHops(hops, 0, graph.Both, nil) {
		require.NoError(t, tx.DeleteRel(h.Rel))
	}
	require.NoError(t, tx.DeleteNode(0))
	again, err := tx.CreateNode(person, text("Ada"))
	require.NoError(t, err)
	require.NotEqual(t, graph.Node(0), again, "a slot freed in this transaction")
	plain, err := tx.CreateNode(nil, text("Ada"))
	require.NoError(t, err)
	require.ErrorIs(t, tx.AddLabel(plain, 0), graph.ErrConstraint)
	require.False(t, tx.HasLabel(plain, 0))
	require.NoError(t, tx.SetNodeProperty(2, 0, graph.Null))
	require.ErrorIs(t, tx.Validate(), graph.ErrConstraint)
	require.NoError(t, tx.RemoveLabel(2, 0))
	s, err := tx.Commit()
	require.NoError(t, err)
	check(t, s)

	tx = g.Begin()
	reused, err := tx.CreateNode(nil, nil)
	require.NoError(t, err)
	require.Equal(t, graph.Node(0), reused, "a slot freed before")
	require.Equal(t, graph.ID(7), tx.NodeID(reused))
	tx.Rollback()
}

func TestDefinitions(t *testing.T) {
	g := small(t)
	tx := g.Begin()
	ix := func(name string, keys ...graph.KeyID) graph.IndexDefinition {
		return graph.IndexDefinition{Name: name, Entity: graph.NodeEntity, Keys: keys}
	}
	require.ErrorIs(t, tx.CreateIndex(ix("age", 1)), graph.ErrExists)
	require.ErrorIs(t, tx.CreateIndex(ix("other", 0)), graph.ErrExists)
	require.ErrorIs(t, tx.CreateIndex(ix("none")), graph.ErrLimit)
	require.ErrorIs(t, tx.CreateIndex(ix("twice", 1, 1)), graph.ErrLimit)
	require.Error(t, tx.CreateIndex(ix("unknown", 77)))
	require.ErrorIs(t, tx.DropIndex("key"), graph.ErrConstraint)
	require.ErrorIs(t, tx.DropIndex("nobody"), graph.ErrNotFound)
	require.ErrorIs(t, tx.DropConstraint("age"), graph.ErrNotFound)
	// All ages are the same list: a uniqueness constraint cannot be.
	unique := graph.ConstraintDefinition{Name: "u", Kind: graph.UniqueConstraint, Entity: graph.NodeEntity, Keys: []graph.KeyID{1}}
	require.ErrorIs(t, tx.CreateConstraint(unique), graph.ErrConstraint)
	require.Len(t, tx.Indexes(), 2)
	exists := graph.ConstraintDefinition{Name: "e", Kind: graph.ExistsConstraint, Entity: graph.RelEntity, Keys: []graph.KeyID{0}}
	require.ErrorIs(t, tx.CreateConstraint(exists), graph.ErrConstraint)
	exists.Keys = []graph.KeyID{1}
	require.NoError(t, tx.CreateConstraint(exists))
	require.NoError(t, tx.SetRelProperty(0, 1, graph.Null))
	require.ErrorIs(t, tx.Validate(), graph.ErrConstraint)
	require.NoError(t, tx.DeleteRel(0))
	require.NoError(t, tx.DropConstraint("key"))
	s, err := tx.Commit()
	require.NoError(t, err)
	require.Len(t, s.Indexes(), 1)
	require.Len(t, s.Constraints(), 1)
	check(t, s)
	back := load(t, sectionsOf(t, s)).State()
	require.Equal(t, s.Constraints(), back.Constraints())
	require.Equal(t, 2, back.Indexes()[0].Entries)
}

func TestRefusals(t *testing.T) {
	g := small(t)
	tx := g.Begin()
	_, err := tx.CreateNode([]graph.LabelID{9}, nil)
	require.Error(t, err)
	_, err = tx.CreateNode(nil, []graph.Property{{Key: 9, Value: graph.Int(1)}})
	require.Error(t, err)
	for _, bad := range []graph.Value{graph.NodeValue(0), graph.MapValue(nil), graph.List([]graph.Value{graph.List(nil)}), graph.List([]graph.Value{graph.Int(1), graph.Float(1)}), graph.List([]graph.Value{graph.Null})} {
		require.ErrorIs(t, tx.SetNodeProperty(0, 1, bad), graph.ErrPropertyType)
	}
	require.ErrorIs(t, tx.SetNodeProperty(99, 1, graph.Int(1)), graph.ErrNotFound)
	_, err = tx.CreateRel(0, 99, 0, nil)
	require.ErrorIs(t, err, graph.ErrNotFound)
	_, err = tx.CreateRel(0, 1, 9, nil)
	require.Error(t, err)
	require.ErrorIs(t, tx.DeleteNode(0), graph.ErrHasRelationships)
	_, err = tx.CreateNodeWithID(3, nil, nil)
	require.Error(t, err)
	_, err = tx.CreateNodeWithID(1<<63, nil, nil)
	require.Error(t, err)
	_, err = tx.Key(string(make([]byte, maxNameBytes+1)))
	require.ErrorIs(t, err, graph.ErrLimit)
	require.Error(t, tx.SetCounters(Counters{1, 1}))
	require.NoError(t, tx.SetCounters(Counters{1000, 2000}))
	far, err := tx.CreateNodeWithID(1<<40, nil, nil)
	require.NoError(t, err)
	s, err := tx.Commit()
	require.NoError(t, err)
	require.Equal(t, Counters{1<<40 + 1, 2000}, s.Counters())
	n, ok := s.NodeByID(1 << 40)
	require.True(t, ok)
	require.Equal(t, far, n)
	check(t, s)
	check(t, load(t, sectionsOf(t, s)).State())
	require.Panics(t, func() { g.Begin(); g.Begin() })
	require.NoError(t, g.Restore(s)) // ends the open one
	require.Error(t, g.Restore(New("x").State()))
}

// TestSchemaVersion: a number belongs to one schema, also when the change that
// made it was rolled back and another one followed.
func TestSchemaVersion(t *testing.T) {
	g := New("s")
	index := func(name string, commit bool) uint64 {
		tx := g.Begin()
		label, err := tx.Label("L")
		require.NoError(t, err)
		key, err := tx.Key(name)
		require.NoError(t, err)
		require.NoError(t, tx.CreateIndex(graph.IndexDefinition{Name: name, Entity: graph.NodeEntity, Label: label, Keys: []graph.KeyID{key}}))
		version := tx.SchemaVersion()
		if commit {
			_, err := tx.Commit()
			require.NoError(t, err)
		} else {
			tx.Rollback()
		}
		return version
	}
	before := g.State().SchemaVersion()
	dropped := index("a", false)
	require.Equal(t, before, g.State().SchemaVersion())
	kept := index("b", true)
	require.NotEqual(t, dropped, kept)
	require.NotEqual(t, before, kept)
	require.Equal(t, kept, g.State().SchemaVersion())
}

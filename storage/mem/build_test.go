package mem

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
)

// ascending has count nodes whose property counts up in threes, with what
// change makes of some of them.
func ascending(t testing.TB, count int, change func(i int) graph.Value) (*Graph, *Tx, graph.IndexDefinition) {
	g := New("p")
	tx := g.Begin()
	label, err := tx.Label("Person")
	require.NoError(t, err)
	key, err := tx.Key("id")
	require.NoError(t, err)
	for i := range count {
		x := change(i)
		_, err := tx.CreateNode([]graph.LabelID{label}, []graph.Property{{Key: key, Value: x}})
		require.NoError(t, err)
	}
	return g, tx, graph.IndexDefinition{Name: "by id", Entity: graph.NodeEntity, Label: label, Keys: []graph.KeyID{key}}
}

// TestBuildInRuns builds indexes over ascending Integers with something else
// among them, at the borders of batches too.
func TestBuildInRuns(t *testing.T) {
	for _, odd := range []int{0, 1, 127, 128, 1023, 1024, 2999} {
		for _, x := range []graph.Value{graph.Null, graph.Float(0.5), graph.String("x"), graph.Int(-5), graph.Int(1 << 60)} {
			_, tx, def := ascending(t, 3000, func(i int) graph.Value {
				if i == odd {
					return x
				}
				return graph.Int(int64(3 * i))
			})
			require.NoError(t, tx.CreateIndex(def))
			s, err := tx.Commit()
			require.NoError(t, err)
			check(t, s)
			if !x.IsNull() {
				require.Equal(t, []uint32{uint32(odd)}, s.Seek(nil, 0, []graph.Value{x}))
			}
			require.Equal(t, []uint32{2000}, s.Seek(nil, 0, []graph.Value{graph.Int(6000)}))
			check(t, load(t, sectionsOf(t, s)).State())
		}
	}
}

// TestBuildFindsTheSecond: a run does not hide a value that is there twice.
func TestBuildFindsTheSecond(t *testing.T) {
	for _, second := range []int{1, 128, 1024, 2999} {
		_, tx, def := ascending(t, 3000, func(i int) graph.Value {
			if i == second {
				i--
			}
			return graph.Int(int64(3 * i))
		})
		unique := graph.ConstraintDefinition{Name: def.Name, Kind: graph.UniqueConstraint, Entity: def.Entity, Label: def.Label, Keys: def.Keys}
		require.ErrorIs(t, tx.CreateConstraint(unique), graph.ErrConstraint)
		require.NoError(t, tx.CreateIndex(def))
		s, err := tx.Commit()
		require.NoError(t, err)
		check(t, s)
		require.Len(t, s.Seek(nil, 0, []graph.Value{graph.Int(int64(3 * (second - 1)))}), 2)
	}
}

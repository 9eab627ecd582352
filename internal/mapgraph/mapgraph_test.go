package mapgraph

import (
	"testing"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/stretchr/testify/require"
)

var _ graph.Writer = (*Graph)(nil)

func TestHopsAreOrderedAndLoopsComeOnce(t *testing.T) {
	g := New()
	k, _ := g.Type("K")
	a, _ := g.CreateNode(nil, nil)
	b, _ := g.CreateNode(nil, nil)
	ba, _ := g.CreateRel(b, a, k, nil)
	ab, _ := g.CreateRel(a, b, k, nil)
	aa, _ := g.CreateRel(a, a, k, nil)
	require.Equal(t, []graph.Hop{{Rel: aa, Node: a}, {Rel: ab, Node: b}}, g.AppendHops(nil, a, graph.Outgoing, nil))
	require.Equal(t, []graph.Hop{{Rel: aa, Node: a}, {Rel: ab, Node: b}, {Rel: ba, Node: b}}, g.AppendHops(nil, a, graph.Both, nil))
	require.ErrorIs(t, g.DeleteNode(a), graph.ErrHasRelationships)
	require.NoError(t, g.DeleteRel(aa))
	require.Equal(t, 1, g.Degree(a, graph.Outgoing, []graph.TypeID{k}))
}

func TestUniqueConstraintRefusesAndSeeks(t *testing.T) {
	g := New()
	l, _ := g.Label("P")
	key, _ := g.Key("id")
	require.NoError(t, g.CreateConstraint(graph.ConstraintDefinition{Name: "c", Kind: graph.UniqueConstraint, Entity: graph.NodeEntity, Label: l, Keys: []graph.KeyID{key}}))
	n, err := g.CreateNode([]graph.LabelID{l}, []graph.Property{{Key: key, Value: graph.Int(1)}})
	require.NoError(t, err)
	_, err = g.CreateNode([]graph.LabelID{l}, []graph.Property{{Key: key, Value: graph.Float(1)}})
	require.ErrorIs(t, err, graph.ErrConstraint)
	require.Equal(t, []uint32{uint32(n)}, g.Seek(nil, g.Indexes()[0].ID, []graph.Value{graph.Int(1)}))
	require.Equal(t, 1, g.NodeCount())
}

func TestCloneIsIndependent(t *testing.T) {
	g := New()
	key, _ := g.Key("v")
	n, _ := g.CreateNode(nil, []graph.Property{{Key: key, Value: graph.Int(1)}})
	c := g.Clone()
	require.NoError(t, c.SetNodeProperty(n, key, graph.Int(2)))
	require.Equal(t, int64(1), g.NodeProperty(n, key).AsInt())
}

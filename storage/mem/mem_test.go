package mem

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
)

func TestFirstSteps(t *testing.T) {
	g := New("s")
	tx := g.Begin()
	person, err := tx.Label("Person")
	require.NoError(t, err)
	knows, err := tx.Type("KNOWS")
	require.NoError(t, err)
	name, err := tx.Key("name")
	require.NoError(t, err)
	a, err := tx.CreateNode([]graph.LabelID{person}, []graph.Property{{Key: name, Value: graph.String("Ada")}})
	require.NoError(t, err)
	b, err := tx.CreateNode(nil, nil)
	require.NoError(t, err)
	r, err := tx.CreateRel(a, b, knows, nil)
	require.NoError(t, err)
	require.Equal(t, "Ada", tx.NodeProperty(a, name).AsString())
	empty := g.State()
	s, err := tx.Commit()
	require.NoError(t, err)
	require.Equal(t, 0, empty.NodeCount())
	require.Equal(t, 2, s.NodeCount())
	require.Equal(t, []graph.Hop{{Rel: r, Node: b}}, s.AppendHops(nil, a, graph.Both, nil))
	require.Equal(t, Counters{3, 2}, s.Counters())
	_, err = tx.CreateNode(nil, nil)
	require.ErrorIs(t, err, errEnded)
}

package wire_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/staging"
	"github.com/pocketgraph/pocketgraph/jsbridge/wire"
)

// TestSparseBulk: of many properties each node has one; the bodies stay near
// their limit though each column has room for every row.
func TestSparseBulk(t *testing.T) {
	g := staging.New()
	require.NoError(t, g.Update(func(w graph.Writer) error {
		var keys []graph.KeyID
		for i := range 1000 {
			k, err := w.Key("k" + strconv.Itoa(i))
			require.NoError(t, err)
			keys = append(keys, k)
		}
		for i := range 20_000 {
			if _, err := w.CreateNode(nil, []graph.Property{{Key: keys[i%len(keys)], Value: graph.Int(int64(i))}}); err != nil {
				return err
			}
		}
		return nil
	}))
	largest := 0
	b := wire.NewBulk(g.Reader(), 1<<20, func(body []byte) error {
		largest = max(largest, len(body))
		return nil
	})
	for n := range graph.Handles(g.Reader().ScanNodes) {
		require.NoError(t, b.Node(n))
	}
	require.NoError(t, b.Flush())
	require.Less(t, largest, 16<<20)
}

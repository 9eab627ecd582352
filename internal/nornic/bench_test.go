package nornic

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	pocketgraph "github.com/pocketgraph/pocketgraph"
)

// BenchmarkImport imports a log of 100,000 nodes and as many edges, each an
// entry of its own.
func BenchmarkImport(b *testing.B) {
	w := newWriter(version1)
	for i := range 100_000 {
		id := fmt.Sprint("n", i)
		w.op(opCreateNode, `{"node":%s}`, nodeJSON(id, `["Person"]`, fmt.Sprintf(`{"name":"Name %d","age":%d}`, i, i%90)))
		w.edge(opCreateEdge, fmt.Sprint("e", i), id, fmt.Sprint("n", i/2), "")
	}
	b.SetBytes(int64(len(w.log)))
	b.ReportAllocs()
	for b.Loop() {
		db, err := pocketgraph.OpenMemory(pocketgraph.Options{})
		require.NoError(b, err)
		report, err := Import(context.Background(), db, sourceOf(w.log, nil), Options{})
		require.NoError(b, err)
		require.Equal(b, 200_000, report.Applied)
		require.NoError(b, db.Close())
	}
}

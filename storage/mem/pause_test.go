package mem

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSnapshotPauses: in a page nothing else runs between two pauses, so few
// bytes may be made between them, wherever in the snapshot it is.
func TestSnapshotPauses(t *testing.T) {
	g := New("p")
	loadBudget(t, g, 20_000)
	pauses, bytes, sinceEmit := 0, 0, 0
	require.NoError(t, g.State().Sections(func() { pauses++; sinceEmit++ }, func(_ uint32, data []byte) error {
		bytes += len(data)
		require.GreaterOrEqual(t, sinceEmit, len(data)/(64<<10), "a piece of %d bytes was made without enough pauses", len(data))
		sinceEmit = 0
		return nil
	}))
	require.Greater(t, pauses, bytes/(32<<10))
	t.Logf("%d bytes, %d pauses", bytes, pauses)
}

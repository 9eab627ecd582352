package jsbridge

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPercentFollowsWhatIsAlive(t *testing.T) {
	tuning := Tuning{Percent: 25, Headroom: 16 << 20}
	for _, c := range []struct{ aliveMiB, percent int }{{0, maxPercent}, {1, maxPercent}, {8, 200}, {32, 50}, {64, 25}, {1000, 25}} {
		require.Equal(t, c.percent, tuning.percentFor(int64(c.aliveMiB)<<20), c.aliveMiB)
	}
}

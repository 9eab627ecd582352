package graph

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestNewMap: sorted by key, the last of equal keys counts, at lengths on both
// sides of where the way of sorting changes.
func TestNewMap(t *testing.T) {
	for _, n := range []int{0, 1, 2, shortMap - 1, shortMap, shortMap + 1, 4 * shortMap} {
		var entries []Entry
		want := map[string]int64{}
		for i := range n {
			key := strconv.Itoa(i * 7 % (n/2 + 1))
			entries = append(entries, Entry{key, Int(int64(i))})
			want[key] = int64(i)
		}
		m := NewMap(entries)
		require.Equal(t, len(want), m.Len(), n)
		before := ""
		for i := range m.Len() {
			key, v := m.At(i)
			require.True(t, i == 0 || before < key)
			require.Equal(t, want[key], v.AsInt())
			got, found := m.Get(key)
			require.True(t, found)
			require.Equal(t, v, got)
			before = key
		}
		_, found := m.Get("x")
		require.False(t, found)
	}
}

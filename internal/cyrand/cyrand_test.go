package cyrand

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReplayGivesTheSame(t *testing.T) {
	for seed := range uint64(200) {
		c := Record(seed, 3)
		text := Read(c)
		require.Equal(t, text, Read(Replay(c.List)))
	}
}

func TestNothingIsTheSimplest(t *testing.T) {
	require.Equal(t, "MATCH (n1)\nRETURN 0 AS x0", Read(Replay(nil)))
	require.Equal(t, []string{"CREATE ( {k: 0, v: 0, s: 'a', f: 0.5, m: 1})"}, Graph(Replay(nil)))
}

func TestShrink(t *testing.T) {
	list := Record(1, 1)
	for range 200 {
		list.n(100)
	}
	// What matters is that there is one above 42 somewhere before a 7.
	list.List[150] = 7
	fails := func(l []uint32) bool {
		big := slices.IndexFunc(l, func(x uint32) bool { return x > 42 })
		return big >= 0 && slices.Contains(l[big:], 7)
	}
	require.True(t, fails(list.List))
	require.Equal(t, []uint32{43, 7}, Shrink(list.List, fails))
}

func TestStatementsAreOfEveryKind(t *testing.T) {
	wanted := []string{"OPTIONAL MATCH", "WITH DISTINCT", "UNWIND", "UNION ALL", "shortestPath", "*1..2", "EXISTS {", "COUNT {", "ORDER BY", "LIMIT", "count(DISTINCT", "XOR", "STARTS WITH", " IN ", "<-[", ":K|L", "MERGE", "DETACH DELETE", "SET", "REMOVE"}
	var all strings.Builder
	for seed := range uint64(2000) {
		all.WriteString(Read(Record(seed, 1)) + Write(Record(seed, 2)))
	}
	for _, w := range wanted {
		require.Contains(t, all.String(), w)
	}
}

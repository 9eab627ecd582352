package mem

import (
	"bytes"
	"encoding/binary"
	"math/rand"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/storage/column"
)

// TestLongValues sends messages through several pieces.
func TestLongValues(t *testing.T) {
	g := small(t)
	tx := g.Begin()
	long := strings.Repeat("long text ", 400_000)
	blob := bytes.Repeat([]byte{1, 2, 3}, 900_000)
	require.NoError(t, tx.SetNodeProperty(0, 1, graph.String(long)))
	require.NoError(t, tx.SetNodeProperty(1, 1, graph.Bytes(blob)))
	s, err := tx.Commit()
	require.NoError(t, err)
	back := load(t, sectionsOf(t, s)).State()
	require.True(t, back.NodeProperty(0, 1).AsString() == long)
	require.True(t, bytes.Equal(blob, back.NodeProperty(1, 1).AsBytes()))
	check(t, back)
}

// TestOnlyStringsInUse: a snapshot forgets what nobody refers to.
func TestOnlyStringsInUse(t *testing.T) {
	g := small(t)
	tx := g.Begin()
	require.NoError(t, tx.SetNodeProperty(0, 0, graph.String("renamed")))
	s, err := tx.Commit()
	require.NoError(t, err)
	for _, p := range sectionsOf(t, s) {
		require.NotContains(t, string(p.data), "Ada")
	}
}

// TestHostileSnapshots damages every byte in turn, and cuts everywhere. The
// loader may accept or refuse; what it accepts must be sound.
func TestHostileSnapshots(t *testing.T) {
	sections := sectionsOf(t, small(t).State())
	r := rand.New(rand.NewSource(1))
	for i, s := range sections {
		for at := range s.data {
			for _, x := range []byte{s.data[at] ^ 1, s.data[at] ^ 0x80, 0, 255, byte(r.Intn(256))} {
				bad := append([]byte(nil), s.data...)
				bad[at] = x
				hostile(t, sections, i, section{s.kind, bad})
			}
			hostile(t, sections, i, section{s.kind, s.data[:at]})
			hostile(t, sections, i, section{s.kind | sectionMore, s.data[:at]})
		}
		hostile(t, sections, i, section{s.kind + 1, s.data})
		require.False(t, hostile(t, sections, i, section{0, s.data}))
		require.False(t, hostile(t, sections, i, section{sectionEnd, nil}))
	}
}

// hostile loads sections with one replaced.
func hostile(t *testing.T, sections []section, i int, with section) bool {
	l := NewLoader("p")
	for j, s := range sections {
		if j == i {
			s = with
		}
		if l.Section(s.kind, s.data) != nil {
			return false
		}
	}
	g, err := l.Finish()
	if err != nil {
		return false
	}
	check(t, g.State())
	return !t.Failed()
}

func FuzzLoader(f *testing.F) {
	var seed []byte
	for _, s := range sectionsOf(f, small(f).State()) {
		seed = append(seed, byte(s.kind), byte(len(s.data)))
		seed = append(seed, s.data...)
	}
	f.Add(seed)
	f.Fuzz(func(t *testing.T, data []byte) {
		l := NewLoader("p")
		for len(data) >= 2 {
			kind, n := uint32(data[0]), min(int(data[1]), len(data)-2)
			if kind&0x80 != 0 {
				kind = kind&^0x80 | sectionMore
			}
			if l.Section(kind, data[2:2+n]) != nil {
				return
			}
			data = data[2+n:]
		}
		g, err := l.Finish()
		if err != nil {
			return
		}
		g.State().Check(func(p string) { t.Error(p) })
	})
}

// TestSecondTime: a text or an identity that is there twice is refused, wherever
// the second one comes; identities in any order are not.
func TestSecondTime(t *testing.T) {
	run := func(first int64) []int64 {
		ids := make([]int64, column.ChunkSlots)
		for i := range ids {
			ids[i] = first + int64(i)
		}
		return ids
	}
	mixed := run(1)
	mixed[3], mixed[700] = mixed[700], mixed[3]
	again := run(1)
	again[9] = again[8]
	for name, c := range map[string]struct {
		ids     [][]int64
		texts   []string
		refused bool
	}{
		"runs":                    {ids: [][]int64{run(1), run(1 + 2000), run(1 + 60_000), run(1 + 66_000)}},
		"a run before a run":      {ids: [][]int64{run(5000), run(1)}},
		"mixed, then a run":       {ids: [][]int64{mixed, run(1025)}},
		"the same run":            {ids: [][]int64{run(1), run(1)}, refused: true},
		"a run that overlaps":     {ids: [][]int64{run(1), run(1024)}, refused: true},
		"mixed, then an overlap":  {ids: [][]int64{mixed, run(600)}, refused: true},
		"behind a lower, overlap": {ids: [][]int64{run(5000), run(1), run(5500)}, refused: true},
		"twice in a chunk":        {ids: [][]int64{again}, refused: true},
		"above what is to come":   {ids: [][]int64{run(100_000 - 1000)}, refused: true},
		"texts":                   {texts: []string{"a", "b", "", "c"}},
		"a text twice":            {texts: []string{"a", "b", "a"}, refused: true},
		"nothing twice":           {texts: []string{"", "b", ""}, refused: true},
	} {
		t.Run(name, func(t *testing.T) {
			l := NewLoader("p")
			err := l.Section(sectionHeader, messageOf(formatVersion, 100_000, 1, uint64(len(c.ids)*column.ChunkSlots), 0))
			for _, text := range c.texts {
				if err == nil {
					m := append([]byte{0, byte(len(text))}, text...)
					err = l.Section(sectionStrings, append([]byte{byte(len(m))}, m...))
				}
			}
			for _, ids := range c.ids {
				if err == nil {
					m := column.AppendInts(column.AppendInts(nil, ids), make([]int64, len(ids)))
					err = l.Section(sectionNodes, append(binary.AppendUvarint(nil, uint64(len(m))), m...))
				}
			}
			var g *Graph
			if err == nil {
				err = l.Section(sectionEnd, messageOf(l.messages))
			}
			if err == nil {
				g, err = l.Finish()
			}
			require.Equal(t, c.refused, err != nil, err)
			if err != nil {
				return
			}
			check(t, g.State())
			for i, ids := range c.ids {
				for k, id := range ids {
					slot, ok := g.State().node.find(graph.ID(id))
					require.True(t, ok)
					require.EqualValues(t, i*column.ChunkSlots+k, slot)
				}
			}
			for i, text := range c.texts {
				id, ok := g.strs.Lookup(text)
				require.True(t, ok)
				require.EqualValues(t, i, id)
			}
		})
	}
}

// messageOf is a message of numbers, as a section.
func messageOf(numbers ...uint64) []byte {
	var m []byte
	for _, n := range numbers {
		m = binary.AppendUvarint(m, n)
	}
	return append([]byte{byte(len(m))}, m...)
}

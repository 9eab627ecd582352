package mem

import (
	"bytes"
	"encoding/binary"
	"math/rand"
	"strconv"
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

// chunks has two whole chunks of nodes and of relationships and a bit, with
// properties of all forms.
func chunks(t testing.TB) *Graph {
	const count = 2*column.ChunkSlots + 5
	g, tx, def := ascending(t, count, func(i int) graph.Value { return graph.Int(int64(3 * i)) })
	typ, err := tx.Type("KNOWS")
	require.NoError(t, err)
	for _, name := range []string{"name", "age", "score", "flag"} {
		_, err := tx.Key(name)
		require.NoError(t, err)
	}
	for i := range count {
		n := graph.Node(i)
		require.NoError(t, tx.SetNodeProperty(n, 1, graph.String("somebody "+strconv.Itoa(i*7%100))))
		require.NoError(t, tx.SetNodeProperty(n, 2, graph.Int(int64(i*31%90))))
		require.NoError(t, tx.SetNodeProperty(n, 3, graph.Float(float64(i)/3)))
		if i%3 > 0 {
			require.NoError(t, tx.SetNodeProperty(n, 4, graph.Bool(i%2 == 0)))
		}
		_, err := tx.CreateRel(n, graph.Node(i*7919%count), typ, []graph.Property{{Key: 2, Value: graph.Int(int64(1990 + i%35))}})
		require.NoError(t, err)
	}
	require.NoError(t, tx.CreateIndex(def))
	_, err = tx.Commit()
	require.NoError(t, err)
	return g
}

// TestHostileChunks damages bytes of whole chunks: those at the beginnings, where
// widths and bases are, and some of those behind.
func TestHostileChunks(t *testing.T) {
	sections := sectionsOf(t, chunks(t).State())
	r := rand.New(rand.NewSource(2))
	for i, s := range sections {
		places := r.Perm(len(s.data))[:min(len(s.data), 12)]
		for at := 0; at < len(s.data); { // a message, with its length before it
			n, k := binary.Uvarint(s.data[at:])
			places = append(places, at, at+k, at+k+1, at+k+2, at+k+3, at+k+4)
			at += k + int(n)
		}
		for _, at := range places {
			if at >= len(s.data) {
				continue
			}
			for _, x := range []byte{s.data[at] ^ 1, s.data[at] ^ 0x80, 0, 255, 64, 17} {
				bad := bytes.Clone(s.data)
				bad[at] = x
				hostile(t, sections, i, section{s.kind, bad})
			}
		}
	}
}

// TestLoadAllocates: a chunk is a few pieces of memory, whatever is in it.
func TestLoadAllocates(t *testing.T) {
	sections := sectionsOf(t, chunks(t).State())
	found := testing.AllocsPerRun(3, func() { load(t, sections) })
	t.Logf("%.0f allocations", found)
	require.Less(t, found, 500.0)
}

func FuzzLoader(f *testing.F) {
	var seed []byte
	for _, s := range sectionsOf(f, small(f).State()) {
		seed = append(seed, byte(s.kind), byte(len(s.data)))
		seed = append(seed, s.data...)
	}
	f.Add(seed)
	f.Add(wholeChunk())
	f.Fuzz(func(t *testing.T, data []byte) {
		if g, err := loadBytes(data); err == nil {
			g.State().Check(func(p string) { t.Error(p) })
		}
	})
}

// loadBytes loads sections that each have a byte for the kind and one for the length.
func loadBytes(data []byte) (*Graph, error) {
	l := NewLoader("p")
	for len(data) >= 2 {
		kind, n := uint32(data[0]), min(int(data[1]), len(data)-2)
		if kind&0x80 != 0 {
			kind = kind&^0x80 | sectionMore
		}
		if err := l.Section(kind, data[2:2+n]); err != nil {
			return nil, err
		}
		data = data[2+n:]
	}
	return l.Finish()
}

// TestWholeChunkIsRead: what fuzzing begins with is sound.
func TestWholeChunkIsRead(t *testing.T) {
	g, err := loadBytes(wholeChunk())
	require.NoError(t, err)
	check(t, g.State())
	require.Equal(t, column.ChunkSlots, g.State().NodeCount())
	require.Equal(t, graph.Int(1), g.State().NodeProperty(7, 0))
}

// wholeChunk is a snapshot of 1,024 nodes as FuzzLoader reads one: sections of at
// most 255 bytes.
func wholeChunk() []byte {
	var out []byte
	add := func(kind uint32, m ...byte) {
		m = append(binary.AppendUvarint(nil, uint64(len(m))), m...)
		out = append(append(out, byte(kind), byte(len(m))), m...)
	}
	add(sectionHeader, messageOf(formatVersion, 2000, 1, column.ChunkSlots, 0)[1:]...)
	add(sectionKeys, 'o', 'n')
	run := make([]int64, column.ChunkSlots)
	ones := make([]int64, column.ChunkSlots)
	for i := range run {
		run[i], ones[i] = int64(i)+1, int64(i)&1
	}
	add(sectionNodes, column.AppendInts(column.AppendInts(nil, run), make([]int64, len(run)))...)
	add(sectionNodeProps, column.AppendInts([]byte{0, 0, 2 | 128, 0}, ones)...)
	add(sectionEnd, 4)
	return out
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

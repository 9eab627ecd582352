package mem

import (
	"bytes"
	"math/rand"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
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

package column

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestReclaim plays against maps: what is in use keeps its number, what was
// given again meanwhile too, the rest is found no more, and older views read
// what they always read.
func TestReclaim(t *testing.T) {
	const seed = 7
	random := rand.New(rand.NewPCG(seed, 0))
	filler := strings.Repeat("x", 400)
	s, byText := &Strings{}, map[string]uint32{}
	intern := func(text string) {
		id, err := s.Intern(text)
		require.NoError(t, err)
		if known, ok := byText[text]; ok {
			require.Equal(t, known, id)
		}
		byText[text] = id
	}
	text := func(i int) string {
		if i%1000 == 7 {
			return strconv.Itoa(i) + strings.Repeat("long", 20_000)
		}
		return strconv.Itoa(i) + filler[:i%len(filler)]
	}
	next, yields := 0, 0
	for round := range 4 {
		for range 30_000 {
			intern(text(next))
			next++
		}
		old, oldTexts := s.View(), map[uint32]string{}
		for text, id := range byText {
			oldTexts[id] = text
		}
		w := s.Watch()
		used := make([]uint64, (s.Len()+63)/64)
		kept := map[string]bool{}
		for text, id := range byText {
			if id/offsetsPage%3 == 0 && random.IntN(2) == 0 { // whole pages die, too
				used[id/64] |= 1 << (id % 64)
				kept[text] = true
			}
		}
		again := map[string]bool{}
		giveAgain := func(n int) {
			for range n {
				given := text(random.IntN(next))
				if _, ok := byText[given]; ok {
					intern(given)
					again[given] = true
				}
			}
		}
		giveAgain(100)
		c, err := w.Compact(used, func() { yields++ })
		require.NoError(t, err)
		require.NotNil(t, c)
		giveAgain(30_000 * (round % 2)) // more than Adopt brings back by itself
		for range 10_000 * (round % 3) {
			intern(text(next))
			next++
		}
		done, tries := false, 0
		for ; !done; tries++ {
			done, err = s.Adopt(c)
			require.NoError(t, err)
			if !done {
				require.NoError(t, c.Extend(s.View(), nil))
				giveAgain(10)
			}
		}
		require.Equal(t, round%2 == 1 || round%3 != 0, tries > 1, "round %d: Adopt does no more than a commit", round)
		require.Less(t, s.view.Bytes(), old.Bytes(), "although more came")

		for id, want := range oldTexts {
			require.True(t, old.Get(id) == want)
		}
		for text, id := range byText {
			got, ok := s.Lookup(text)
			if !ok {
				require.False(t, kept[text] || again[text] || id >= old.n, "seed %d, round %d: string %d was lost", seed, round, id)
				require.True(t, s.view.Get(id) == "", "nothing is left of it")
				delete(byText, text)
				continue
			}
			require.Equal(t, id, got)
			require.True(t, s.view.Get(id) == text)
		}
	}
	require.Positive(t, yields, "others get their turn")
}

func TestNothingIsReclaimedForLittle(t *testing.T) {
	s := &Strings{}
	for i := range 100_000 {
		_, err := s.Intern(strconv.Itoa(i) + strings.Repeat("y", 100))
		require.NoError(t, err)
	}
	all := make([]uint64, (s.Len()+63)/64)
	for i := range all {
		all[i] = ^uint64(0)
	}
	for i := range all[:len(all)/3] {
		all[i] = 0 // a third is dead
	}
	c, err := s.Watch().Compact(all, nil)
	require.NoError(t, err)
	require.Nil(t, c)
	small := &Strings{}
	_, err = small.Intern("a")
	require.NoError(t, err)
	require.False(t, small.Watch().Worth())
}

func TestALaterWatchEndsTheOneBefore(t *testing.T) {
	s := &Strings{}
	for i := range 50_000 {
		_, err := s.Intern(strconv.Itoa(i) + strings.Repeat("z", 200))
		require.NoError(t, err)
	}
	c, err := s.Watch().Compact(nil, nil)
	require.NoError(t, err)
	s.Watch()
	done, err := s.Adopt(c)
	require.NoError(t, err)
	require.False(t, done, "what was given again since then is not in it")
}

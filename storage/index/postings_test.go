package index

import (
	"math/rand"
	"slices"
	"sync"
	"testing"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/stretchr/testify/require"
)

func scanAll(p *Postings, batch int) []graph.Node {
	out := []graph.Node{}
	buffer := make([]graph.Node, batch)
	from := graph.Node(0)
	for {
		n := Scan(p, from, buffer)
		out = append(out, buffer[:n]...)
		if n < batch {
			return out
		}
		from = buffer[n-1] + 1
	}
}

func TestPostingsAgainstModel(t *testing.T) {
	for _, span := range []int{50, 3000, 40_000, 5_000_000} {
		rng := rand.New(rand.NewSource(int64(span)))
		var p Postings
		m := map[graph.Node]bool{}
		for gen := uint64(1); gen <= 60; gen++ {
			before := p
			had := scanAll(&p, 1000)
			grow := gen%20 < 12 // grow to a bitmap and shrink to a list again
			changed := map[graph.Node]bool{}
			for range 1500 {
				n := graph.Node(rng.Intn(span))
				if rng.Intn(10) < 8 == grow {
					require.Equal(t, !m[n], p.Add(gen, uint32(n)))
					m[n] = true
				} else {
					require.Equal(t, m[n], p.Remove(gen, uint32(n)))
					delete(m, n)
				}
				changed[n] = true
			}
			for n := range changed {
				require.Equal(t, m[n], p.Has(uint32(n)))
			}
			want := []graph.Node{}
			for n := range m {
				want = append(want, n)
			}
			slices.Sort(want)
			require.Equal(t, want, scanAll(&p, 1+rng.Intn(700)))
			require.Equal(t, len(m), p.Len())
			p.Check(func(problem string) { t.Error(problem) })
			require.Equal(t, had, scanAll(&before, 1000), "an old version changed")
			if rng.Intn(3) == 0 {
				p = before
				clear(m)
				for _, n := range had {
					m[n] = true
				}
			}
		}
	}
}

func TestPostingsAtTheEnds(t *testing.T) {
	var p Postings
	require.Empty(t, scanAll(&p, 10))
	require.False(t, p.Remove(1, 4_294_967_294))
	require.True(t, p.Add(1, 4_294_967_294))
	require.True(t, p.Add(1, 0))
	require.Equal(t, []graph.Node{0, 4_294_967_294}, scanAll(&p, 10))
	require.True(t, p.Remove(1, 4_294_967_294))
	require.True(t, p.Remove(1, 0))
	p.Check(func(problem string) { t.Error(problem) })
	require.Zero(t, Scan(&p, graph.Rel(0), nil))
}

func TestPostingsReaders(t *testing.T) {
	var p Postings
	var wg sync.WaitGroup
	for gen := uint64(1); gen <= 30; gen++ {
		for i := range uint32(800) {
			p.Add(gen, i*7+uint32(gen))
		}
		state, want := p, p.Len()
		wg.Add(1)
		go func() {
			defer wg.Done()
			if n := len(scanAll(&state, 512)); n != want {
				t.Errorf("%d slots, want %d", n, want)
			}
		}()
	}
	wg.Wait()
}

func TestPostingsCheckFindsDamage(t *testing.T) {
	for name, damage := range map[string]func(p *Postings){
		"count":  func(p *Postings) { p.count++ },
		"chunk":  func(p *Postings) { p.chunks[0].count++ },
		"bitmap": func(p *Postings) { p.chunks[0].words[0] ^= 1 },
		"list":   func(p *Postings) { p.chunks[1].list[0] = 99 },
	} {
		var p Postings
		for i := range uint32(1000) {
			p.Add(1, i)
		}
		p.Add(1, chunkSize+1)
		p.Add(1, chunkSize+2)
		damage(&p)
		n := 0
		p.Check(func(string) { n++ })
		require.NotZero(t, n, name)
	}
}

func TestPostingsMemory(t *testing.T) {
	var p Postings
	for i := range uint32(1_000_000) {
		p.Add(1, i)
	}
	require.Less(t, p.Bytes(), 140_000)
}

package adjacency

import (
	"cmp"
	"fmt"
	"math/rand"
	"slices"
	"sync"
	"testing"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/stretchr/testify/require"
)

// model is what Lists must agree with: a map from relationship to edge.
type model map[graph.Rel]Edge

func (m model) clone() model {
	c := make(model, len(m))
	for r, e := range m {
		c[r] = e
	}
	return c
}

// hops answers AppendHops for ascending types.
func (m model) hops(n graph.Node, types []graph.TypeID) []graph.Hop {
	byType := map[graph.TypeID][]graph.Hop{}
	var all []graph.TypeID
	for r, e := range m {
		if e.From == n {
			if byType[e.Type] == nil {
				all = append(all, e.Type)
			}
			byType[e.Type] = append(byType[e.Type], graph.Hop{Rel: r, Node: e.To})
		}
	}
	if types == nil {
		slices.Sort(all)
		types = all
	}
	var out []graph.Hop
	for _, t := range types {
		h := byType[t]
		slices.SortFunc(h, func(a, b graph.Hop) int {
			if c := cmp.Compare(a.Node, b.Node); c != 0 {
				return c
			}
			return cmp.Compare(a.Rel, b.Rel)
		})
		out = append(out, h...)
	}
	return out
}

func silent(t testing.TB, l *Lists) {
	t.Helper()
	l.Check(func(p string) { t.Errorf("check: %s", p) })
}

// agree compares everything about some nodes, or about all when nodes is nil.
func agree(t testing.TB, l *Lists, m model, nodes []graph.Node) {
	t.Helper()
	require.Equal(t, len(m), l.Len())
	for _, n := range nodes {
		want := m.hops(n, nil)
		got := l.AppendHops([]graph.Hop{{Rel: 7, Node: 7}}, n, nil)
		require.Equal(t, graph.Hop{Rel: 7, Node: 7}, got[0])
		require.Equal(t, len(want), len(got)-1, "node %d", n)
		if len(want) == 0 {
			require.Zero(t, l.Degree(n, nil))
			require.Empty(t, l.AppendTypes(nil, n))
			continue
		}
		require.Equal(t, want, got[1:], "node %d", n)
		require.Equal(t, len(want), l.Degree(n, nil))
		agreeNeighbours(t, l, n, want)
		types := l.AppendTypes(nil, n)
		require.Equal(t, want, l.AppendHops(nil, n, types))
		two := []graph.TypeID{types[len(types)-1], 60000}
		require.Equal(t, m.hops(n, two), l.AppendHops(nil, n, two))
		require.Equal(t, len(m.hops(n, two)), l.Degree(n, two))
		for _, asked := range [][]graph.TypeID{nil, types[:1], two} {
			some := []graph.Node{n, graph.NoNode, n ^ 1, n ^ spanSize, n}
			got := []int64{9, 9, 9, 9, 9}
			l.Degrees(some, asked, got)
			for i, s := range some {
				require.EqualValues(t, len(m.hops(s, asked)), got[i], "degree of %d among %v", s, some)
			}
		}
		agreeTo(t, l, n, want[len(want)/2].Node, want)
		agreeTo(t, l, n, n, want)
	}
}

func agreeNeighbours(t testing.TB, l *Lists, n graph.Node, want []graph.Hop) {
	t.Helper()
	var nodes []graph.Node
	for _, h := range want {
		nodes = append(nodes, h.Node)
	}
	got := l.AppendNeighbours(nil, n, nil)
	slices.Sort(nodes)
	slices.Sort(got)
	require.Equal(t, nodes, got)
}

func agreeTo(t testing.TB, l *Lists, n, to graph.Node, want []graph.Hop) {
	t.Helper()
	lead, others := []graph.Hop{}, []graph.Hop{}
	for _, h := range want {
		if h.Node == to {
			lead = append(lead, h)
		} else {
			others = append(others, h)
		}
	}
	require.Equal(t, lead, l.AppendHopsTo([]graph.Hop{}, n, to, nil))
	require.Equal(t, len(lead), l.DegreeTo(n, to, nil))
	require.Equal(t, others, l.AppendHopsExcept([]graph.Hop{}, n, to, nil))
}

// world makes random edges: most between few hubs, so that rows grow long and
// relationships run parallel.
type world struct {
	rng   *rand.Rand
	nodes int
	types int
	next  graph.Rel
}

func (w *world) node() graph.Node {
	if w.rng.Intn(3) == 0 {
		return graph.Node(w.rng.Intn(4) * 700)
	}
	return graph.Node(w.rng.Intn(w.nodes))
}

func (w *world) edge() Edge {
	w.next++
	return Edge{From: w.node(), To: w.node(), Rel: w.next, Type: graph.TypeID(w.rng.Intn(w.types))}
}

func anyRel(rng *rand.Rand, live []graph.Rel) int { return rng.Intn(len(live)) }

func TestAgainstModel(t *testing.T) {
	for _, c := range []struct {
		nodes, types, transactions, operations int
		removals                               int // of 10
	}{
		{3000, 1, 40, 1500, 2},
		{3000, 20, 30, 1000, 4},
		{70000, 3, 30, 1000, 5},
		{200, 2, 60, 300, 6},
		{2000, 1500, 10, 1500, 3},
		{1, 1, 30, 300, 4},
	} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			w := &world{rng: rand.New(rand.NewSource(int64(c.nodes))), nodes: c.nodes, types: c.types}
			var l Lists
			m := model{}
			old, oldModel := l, m.clone()
			var live []graph.Rel
			for gen := uint64(1); gen <= uint64(c.transactions); gen++ {
				before, beforeModel, beforeLive := l, m.clone(), slices.Clone(live)
				for range w.rng.Intn(c.operations) {
					live = step(t, w, &l, m, live, gen, c.removals)
				}
				nodes := []graph.Node{0, 700, 1400, w.node(), w.node(), w.node()}
				agree(t, &l, m, nodes)
				if w.rng.Intn(4) == 0 {
					l, m, live = before, beforeModel, beforeLive
				} else {
					l.Seal(gen)
				}
				silent(t, &l)
				agree(t, &l, m, nodes)
				agree(t, &old, oldModel, nodes)
				if w.rng.Intn(3) == 0 {
					old, oldModel = l, m.clone()
				}
			}
			checkSealed(t, &l)
			for _, r := range live {
				e := m[r]
				require.True(t, l.Remove(99, e.Type, e.From, e.To, r))
			}
			require.Zero(t, l.Len())
			silent(t, &l)
			silent(t, &old)
		})
	}
}

func step(t *testing.T, w *world, l *Lists, m model, live []graph.Rel, gen uint64, removals int) []graph.Rel {
	if len(live) > 0 && w.rng.Intn(10) < removals {
		i := anyRel(w.rng, live)
		e := m[live[i]]
		require.True(t, l.Remove(gen, e.Type, e.From, e.To, e.Rel))
		require.False(t, l.Remove(gen, e.Type, e.From, e.To, e.Rel))
		delete(m, live[i])
		live[i] = live[len(live)-1]
		return live[:len(live)-1]
	}
	e := w.edge()
	l.Insert(gen, e.Type, e.From, e.To, e.Rel)
	m[e.Rel] = e
	return append(live, e.Rel)
}

// checkSealed asserts that nothing is left over that only a writer needs.
func checkSealed(t *testing.T, l *Lists) {
	require.Nil(t, l.queue)
	for _, p := range l.pages {
		for _, s := range p.spans {
			if s == nil {
				continue
			}
			for _, b := range s.blocks {
				require.LessOrEqual(t, int(b.ntail), sealedTail)
				require.False(t, b.queued)
			}
		}
	}
}

func TestHubOfHubs(t *testing.T) {
	// More than 65,535 hops in one block: offsets of 32 bits.
	var l Lists
	order := rand.New(rand.NewSource(5)).Perm(100_000)
	for gen := range uint64(4) {
		for _, r := range order[gen*25_000 : (gen+1)*25_000] {
			l.Insert(gen+1, 3, graph.Node(r%2), graph.Node(r/10), graph.Rel(r))
		}
		l.Seal(gen + 1)
		silent(t, &l)
	}
	require.Equal(t, 50_000, l.Degree(1, nil))
	require.Equal(t, 5, l.DegreeTo(1, 77, nil))
	for _, r := range order[:60_000] {
		require.True(t, l.Remove(9, 3, graph.Node(r%2), graph.Node(r/10), graph.Rel(r)))
	}
	silent(t, &l)
	require.Equal(t, 40_000, l.Count(3))
	l.Seal(9)
	require.Less(t, l.Bytes(), 40_000*12+20_000*12+30_000)
}

func TestBuild(t *testing.T) {
	for _, c := range []struct{ nodes, types, edges int }{
		{10, 1, 0}, {1, 1, 30}, {5000, 1, 40_000}, {5000, 30, 40_000}, {300_000, 2, 50_000},
	} {
		w := &world{rng: rand.New(rand.NewSource(1)), nodes: c.nodes, types: c.types}
		if c.nodes < 3000 {
			w.nodes = 1
		}
		var edges sliceSource
		var one Lists
		m := model{}
		for range c.edges {
			e := w.edge()
			if int(e.From) >= c.nodes || int(e.To) >= c.nodes {
				continue
			}
			edges.list = append(edges.list, e)
			m[e.Rel] = e
			one.Insert(1, e.Type, e.From, e.To, e.Rel)
		}
		built, err := Build(1, c.nodes, &edges)
		require.NoError(t, err)
		silent(t, &built)
		agree(t, &built, m, []graph.Node{0, 700, 1400, 1, 2, 3})
		require.Equal(t, all(one.Edges(false)), all(built.Edges(false)))

		back, err := Build(1, c.nodes, built.Edges(true))
		require.NoError(t, err)
		silent(t, &back)
		again, err := Build(1, c.nodes, back.Edges(true))
		require.NoError(t, err)
		require.Equal(t, all(built.Edges(false)), all(again.Edges(false)))
	}
}

func TestBuildRefusesWhatIsOutOfRange(t *testing.T) {
	for _, e := range []Edge{{From: 10}, {To: 10}, {From: graph.NoNode}, {To: graph.NoNode}, {Type: graph.MaxTypes}} {
		_, err := Build(1, 10, &sliceSource{list: []Edge{e}})
		require.ErrorIs(t, err, ErrEdge)
	}
}

type sliceSource struct {
	list []Edge
	at   int
}

func (s *sliceSource) Rewind() { s.at = 0 }
func (s *sliceSource) Read(dst []Edge) int {
	n := copy(dst, s.list[s.at:])
	s.at += n
	return n
}

func all(s Source) []Edge {
	var out []Edge
	var batch [100]Edge
	for n := s.Read(batch[:]); n > 0; n = s.Read(batch[:]) {
		out = append(out, batch[:n]...)
	}
	return out
}

func TestReadersOfOldVersions(t *testing.T) {
	// Run with -race: readers look at committed versions while the writer
	// goes on, rolls back and goes on again.
	w := &world{rng: rand.New(rand.NewSource(3)), nodes: 3000, types: 3}
	var l Lists
	m := model{}
	var live []graph.Rel
	var wg sync.WaitGroup
	for gen := uint64(1); gen <= 60; gen++ {
		before, beforeModel, beforeLive := l, m.clone(), slices.Clone(live)
		for range 200 {
			live = step(t, w, &l, m, live, gen, 2)
		}
		if gen%5 == 0 {
			l, m, live = before, beforeModel, beforeLive
			continue
		}
		l.Seal(gen)
		state, want := l, m.hops(700, nil)
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 10 {
				if got := state.AppendHops(nil, 700, nil); !slices.Equal(got, want) {
					t.Error("an old version changed")
					return
				}
			}
			state.Check(func(p string) { t.Error(p) })
		}()
	}
	wg.Wait()
}

func TestCheckFindsDamage(t *testing.T) {
	fresh := func() *Lists {
		var l Lists
		for i := range 2000 {
			l.Insert(1, 1, graph.Node(i%50), graph.Node(i/2), graph.Rel(i))
		}
		l.Seal(1)
		l.Remove(2, 1, 0, 0, 0)
		l.Remove(2, 1, 0, 25, 50)
		silent(t, &l)
		return &l
	}
	for name, damage := range map[string]func(*Lists, *block){
		"total":      func(l *Lists, b *block) { l.total++ },
		"type count": func(l *Lists, b *block) { l.counts[0].n[5]++ },
		"order":      func(l *Lists, b *block) { b.base.hops[4], b.base.hops[5] = b.base.hops[5], b.base.hops[4] },
		"twice":      func(l *Lists, b *block) { b.base.hops[900] = b.base.hops[901] },
		"offsets":    func(l *Lists, b *block) { b.base.near[5] = 60000 },
		"sources":    func(l *Lists, b *block) { b.base.srcs[5] = 2 },
		"gone":       func(l *Lists, b *block) { b.gone[0] ^= 1 },
		"types":      func(l *Lists, b *block) { s := l.span(0); s.types = append(s.types, 0); s.blocks = append(s.blocks, b) },
	} {
		l := fresh()
		damage(l, l.span(0).block(1))
		n := 0
		l.Check(func(string) { n++ })
		require.NotZero(t, n, name)
	}
}

// TestRowsLieInOnePiece guards that reading after writing stays cheap: behind a
// load in batches, and behind single relationships on top of it, Row still gives
// nearly everything from the base, without merging.
func TestRowsLieInOnePiece(t *testing.T) {
	const nodes, rels = 20_000, 100_000
	edges := skewed(nodes, rels)
	scattered := func(l *Lists) (sources, hops int) {
		for n := range graph.Node(nodes) {
			if _, ok := l.Row(n, 0); !ok {
				sources, hops = sources+1, hops+l.Degree(n, []graph.TypeID{0})
			}
		}
		return sources, hops
	}
	out, _ := bothLists(edges, 4000)
	sources, hops := scattered(&out)
	t.Logf("loaded: %d sources with %d hops lie in pieces", sources, hops)
	require.Less(t, hops, rels/20)
	gen := uint64(1000)
	const more = 500
	for i := range more {
		gen++
		out.Insert(gen, 0, edges[i*97].From, edges[i].To, graph.Rel(rels+i))
		out.Seal(gen)
		if i%2 == 0 {
			e := edges[i*101]
			out.Remove(gen+1, 0, e.From, e.To, graph.Rel(i*101))
			gen++
			out.Seal(gen)
		}
	}
	now, _ := scattered(&out)
	t.Logf("%d changes later: %d sources", more, now)
	require.LessOrEqual(t, now, sources+2*more)
	silent(t, &out)
}

package mem

import (
	"fmt"
	"math/rand"
	"reflect"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
)

// hopsOf is all that is found by following relationships.
func hopsOf(s graph.Reader, limit int) string {
	out := ""
	for n := range graph.Node(limit) {
		for _, d := range []graph.Direction{graph.Outgoing, graph.Incoming, graph.Both} {
			out += fmt.Sprint(n, d, s.AppendHops(nil, n, d, nil), s.Degree(n, d, nil), s.AppendHops(nil, n, d, []graph.TypeID{1, 0}))
			var buf []graph.Hop
			out += fmt.Sprint(s.Hops(&buf, n, d, []graph.TypeID{1}))
			out += fmt.Sprint(s.AppendHopsTo(nil, n, graph.Node(int(n+3)%limit), d, nil))
		}
	}
	for t := range graph.TypeID(s.TypesLen()) {
		out += fmt.Sprint(s.RelCountByType(t))
	}
	return out
}

// TestLateAgainstEager: random transactions, on a graph whose adjacency comes when
// it is asked for and on one that always has it. Readers of any version, who run
// beside the writer, find the same in both.
func TestLateAgainstEager(t *testing.T) {
	for seed := int64(1); seed <= 3; seed++ {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) { lateAgainstEager(t, seed) })
	}
}

type lateEager struct{ a, b *State }

func lateAgainstEager(t *testing.T, seed int64) {
	r := rand.New(rand.NewSource(seed))
	gs := [2]*Graph{New("p"), New("p")}
	eager := func() {
		if s := gs[1].state; s.late != nil {
			tx := gs[1].Begin()
			tx.link()
			_, err := tx.Commit()
			require.NoError(t, err)
		}
	}
	eager()
	both := func(f func(tx *Tx, i int) error, txs [2]*Tx) {
		var errs [2]error
		for i := range txs {
			errs[i] = f(txs[i], i)
		}
		require.Equal(t, errs[0], errs[1])
	}
	begin := func() [2]*Tx { return [2]*Tx{gs[0].Begin(), gs[1].Begin()} }
	txs := begin()
	for i := range 3 {
		both(func(tx *Tx, _ int) error { _, err := tx.Type(fmt.Sprint("T", i)); return err }, txs)
		both(func(tx *Tx, _ int) error { _, err := tx.Key(fmt.Sprint("k", i)); return err }, txs)
	}
	for range 12 {
		both(func(tx *Tx, _ int) error { _, err := tx.CreateNode(nil, nil); return err }, txs)
	}
	commit := func() {
		for i := range txs {
			_, err := txs[i].Commit()
			require.NoError(t, err)
		}
	}
	commit()
	states := []lateEager{{gs[0].State(), gs[1].State()}}
	var wait sync.WaitGroup
	defer wait.Wait()
	deletes := r.Intn(3) > 0
	asks := r.Intn(4)
	for step := range 60 {
		txs = begin()
		if r.Intn(6) == 0 {
			for i := range txs {
				txs[i].KeepSlots()
			}
		}
		live := func() graph.Node {
			nodes := make([]graph.Node, txs[0].NodeCount())
			txs[0].ScanNodes(0, nodes)
			return nodes[r.Intn(len(nodes))]
		}
		for range r.Intn(8) {
			switch k := r.Intn(12); {
			case k < 6:
				a, b, ty := live(), live(), graph.TypeID(r.Intn(3))
				both(func(tx *Tx, _ int) error {
					_, err := tx.CreateRel(a, b, ty, []graph.Property{{Key: 0, Value: graph.Int(int64(step))}})
					return err
				}, txs)
			case k < 8:
				both(func(tx *Tx, _ int) error { _, err := tx.CreateNode(nil, nil); return err }, txs)
			case k == 8 && deletes && r.Intn(4) == 0:
				n := live()
				both(func(tx *Tx, _ int) error {
					if tx.NodeCount() < 5 {
						return nil
					}
					return tx.DeleteNode(n)
				}, txs)
			case k == 9 && deletes && r.Intn(4) == 0:
				rels := make([]graph.Rel, txs[0].RelCount())
				if txs[0].ScanRels(0, rels); len(rels) > 0 {
					x := rels[r.Intn(len(rels))]
					both(func(tx *Tx, _ int) error { return tx.DeleteRel(x) }, txs)
				}
			case k == 10 && r.Intn(8) < asks:
				require.Equal(t, hopsOf(txs[1], 30), hopsOf(txs[0], 30))
			}
		}
		switch r.Intn(8) {
		case 0:
			for i := range txs {
				txs[i].Rollback()
			}
		case 1:
			commit()
			p := states[r.Intn(len(states))]
			require.NoError(t, gs[0].Restore(p.a))
			require.NoError(t, gs[1].Restore(p.b))
		case 2:
			if r.Intn(4) == 0 {
				commit()
				a, b := sectionsOf(t, gs[0].State()), sectionsOf(t, gs[1].State())
				require.Equal(t, a, b)
				gs = [2]*Graph{load(t, a), load(t, b)}
				eager()
				states = states[:0]
				break
			}
			fallthrough
		default:
			commit()
		}
		states = append(states, lateEager{gs[0].State(), gs[1].State()})
		if r.Intn(8) < asks {
			p := states[r.Intn(len(states))]
			for range 2 {
				wait.Go(func() {
					if x, y := hopsOf(p.a, 30), hopsOf(p.b, 30); x != y {
						t.Errorf("step %d differs", step)
					}
				})
			}
			if r.Intn(3) == 0 {
				wait.Go(func() {
					p.a.Check(func(s string) { t.Error(s) })
					p.a.Memory()
					if !reflect.DeepEqual(sectionsOf(t, p.a), sectionsOf(t, p.b)) {
						t.Error("sections")
					}
				})
			}
		}
	}
	wait.Wait()
	for _, p := range states {
		require.Equal(t, hopsOf(p.b, 30), hopsOf(p.a, 30))
		check(t, p.a)
		check(t, p.b)
		require.NotZero(t, p.a.Memory().Total)
	}
}

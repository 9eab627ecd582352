package mem

import (
	"fmt"
	"math/rand"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
)

// TestReadersWhileWriting reads published states, and takes snapshots of them,
// while a writer goes on: it is for the race detector. Each reader also sees
// that what it reads does not change.
func TestReadersWhileWriting(t *testing.T) {
	g := small(t)
	var published atomic.Pointer[State]
	published.Store(g.State())
	var stop atomic.Bool
	var wait sync.WaitGroup
	for i := 0; i < 3; i++ {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for n := 0; !stop.Load() || n == 0; n++ {
				s := published.Load()
				before := dump(s, idNames(s))
				if i == 0 {
					_ = s.Sections(nil, func(uint32, []byte) error { return nil })
				}
				if i == 1 {
					s.Check(func(p string) { t.Error(p) })
				}
				if before != dump(s, idNames(s)) {
					t.Error("a state has changed")
				}
			}
		}()
	}
	r := rand.New(rand.NewSource(1))
	for step := 0; step < 150; step++ {
		tx := g.Begin()
		for i := 0; i < 20; i++ {
			churn(t, tx, r)
		}
		if step%5 == 0 {
			tx.Rollback()
			continue
		}
		s, err := tx.Commit()
		require.NoError(t, err)
		published.Store(s)
	}
	stop.Store(true)
	wait.Wait()
	check(t, g.State())
}

func churn(t *testing.T, tx *Tx, r *rand.Rand) {
	nodes := make([]graph.Node, tx.NodeCount())
	tx.ScanNodes(0, nodes)
	n := nodes[r.Intn(len(nodes))]
	var err error
	switch r.Intn(6) {
	case 0, 1:
		name := graph.String(fmt.Sprint("name ", tx.Counters().Node))
		_, err = tx.CreateNode([]graph.LabelID{0}, []graph.Property{{Key: 0, Value: name}, {Key: 1, Value: graph.Float(r.Float64())}})
	case 2:
		_, err = tx.CreateRel(n, nodes[r.Intn(len(nodes))], 0, []graph.Property{{Key: 1, Value: graph.Int(r.Int63())}})
	case 3:
		err = tx.SetNodeProperty(n, 1, graph.Int(int64(r.Intn(9))))
	case 4:
		err = tx.AddLabel(n, 1)
	case 5:
		if len(nodes) > 20 {
			for _, h := range tx.AppendHops(nil, n, graph.Both, nil) {
				require.NoError(t, tx.DeleteRel(h.Rel))
			}
			err = tx.DeleteNode(n)
		}
	}
	require.NoError(t, err)
}

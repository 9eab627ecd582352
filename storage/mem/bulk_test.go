package mem

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/rand"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
)

// twins are two graphs: one makes rows at once, the other one by one.
type twins struct {
	t   *testing.T
	r   *rand.Rand
	g   [2]*Graph
	tx  [2]*Tx
	old [][2]*State
}

// TestRowsLikeOneByOne: what CreateRows makes is what CreateNode and CreateRel
// make, beside whatever is there: holes, chunks of other kinds, indexes,
// constraints, transactions that were rolled back, states that were restored.
func TestRowsLikeOneByOne(t *testing.T) {
	for seed := int64(1); seed <= 3; seed++ {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			w := &twins{t: t, r: rand.New(rand.NewSource(seed)), g: [2]*Graph{New("p"), New("p")}}
			w.begin()
			w.both(func(tx *Tx) error {
				for i := range 4 {
					_, _ = tx.Label(fmt.Sprint("L", i))
					_, _ = tx.Type(fmt.Sprint("T", i))
					_, _ = tx.Key(fmt.Sprint("k", i))
				}
				return tx.CreateIndex(graph.IndexDefinition{Name: "a", Entity: graph.NodeEntity, Label: 0, Keys: []graph.KeyID{0}})
			})
			w.both(func(tx *Tx) error {
				return tx.CreateIndex(graph.IndexDefinition{Name: "b", Entity: graph.RelEntity, Type: 1, Keys: []graph.KeyID{1, 2}})
			})
			w.both(func(tx *Tx) error {
				return tx.CreateConstraint(graph.ConstraintDefinition{Name: "c", Kind: graph.UniqueConstraint, Entity: graph.NodeEntity, Label: 1, Keys: []graph.KeyID{3}})
			})
			w.end()
			for range 12 {
				w.step()
			}
			w.same()
			again := load(t, sectionsOf(t, w.g[0].State())).State()
			require.True(t, dump(again, idNames(again)) == dump(w.g[0].State(), idNames(w.g[0].State())), "it changes when it is loaded")
		})
	}
}

// begin begins with the same counters: of rows that failed, one has given more
// identities.
func (w *twins) begin() {
	for i, g := range w.g {
		w.tx[i] = g.Begin()
	}
	a, b := w.tx[0].Counters(), w.tx[1].Counters()
	for _, tx := range w.tx {
		require.NoError(w.t, tx.SetCounters(Counters{max(a.Node, b.Node), max(a.Rel, b.Rel)}))
	}
}

// both does the same in both, and wants the same outcome.
func (w *twins) both(do func(tx *Tx) error) error {
	mine, theirs := do(w.tx[0]), do(w.tx[1])
	require.Equal(w.t, theirs, mine)
	return mine
}

func (w *twins) end() {
	w.both(func(tx *Tx) error { _, err := tx.Commit(); return err })
	check(w.t, w.g[0].State())
	if w.r.Intn(4) > 0 {
		return // comparing them takes longer than all else
	}
	w.same()
}

func (w *twins) same() {
	mine, theirs := w.g[0].State(), w.g[1].State()
	require.True(w.t, dump(theirs, idNames(theirs)) == dump(mine, idNames(mine)), "they differ") // the texts are too long to be shown
}

func (w *twins) step() {
	w.begin()
	for range 1 + w.r.Intn(3) {
		rows, n := w.rows(w.r.Intn(2) == 0)
		if err := w.make(rows, n); err != nil {
			w.both(func(tx *Tx) error { tx.Rollback(); return nil })
			return
		}
		for range w.r.Intn(40) { // holes
			w.remove()
		}
	}
	switch w.r.Intn(8) {
	case 0:
		w.both(func(tx *Tx) error { tx.Rollback(); return nil })
		return
	case 1:
		if len(w.old) > 0 {
			states := w.old[w.r.Intn(len(w.old))]
			for i, g := range w.g {
				require.NoError(w.t, g.Restore(states[i]))
			}
			return
		}
	}
	w.end()
	w.old = append(w.old, [2]*State{w.g[0].State(), w.g[1].State()})
}

// make makes rows at once in the first, one by one in the second.
func (w *twins) make(rows *graph.Rows, n int) error {
	var made, single []uint32
	err := w.tx[0].CreateRows(rows, 0, n, &made)
	var failed error
	for i := 0; i < n && failed == nil; i++ {
		var properties []graph.Property
		for c := range rows.Columns {
			if x := rows.Columns[c].Value(i); !x.IsNull() {
				properties = append(properties, graph.Property{Key: rows.Columns[c].Key, Value: x})
			}
		}
		kind := rows.Kinds[rows.Kind(i)]
		if rows.Rels {
			r, err := w.tx[1].CreateRel(graph.Node(rows.Ends[0][i]), graph.Node(rows.Ends[1][i]), graph.TypeID(kind[0]), properties)
			single, failed = append(single, uint32(r)), err
		} else {
			n, err := w.tx[1].CreateNode(labelsOf(kind), properties)
			single, failed = append(single, uint32(n)), err
		}
		if failed != nil {
			var at *graph.RowError
			require.ErrorAs(w.t, err, &at)
			require.Equal(w.t, i, at.Row)
			require.Equal(w.t, failed.Error(), err.Error())
			require.Equal(w.t, errors.Is(failed, graph.ErrConstraint), errors.Is(err, graph.ErrConstraint))
			return err
		}
	}
	require.NoError(w.t, err)
	require.Equal(w.t, single, made)
	return nil
}

func (w *twins) remove() {
	slot := uint32(w.r.Intn(int(w.tx[0].node.length + 1)))
	w.both(func(tx *Tx) error {
		var buf []graph.Hop
		if tx.HasNode(graph.Node(slot)) && w.tx[0].linked() {
			for _, hop := range tx.Hops(&buf, graph.Node(slot), graph.Both, nil) {
				if err := tx.DeleteRel(hop.Rel); err != nil {
					return err
				}
			}
			return tx.DeleteNode(graph.Node(slot))
		}
		return tx.DeleteRel(graph.Rel(slot))
	})
}

// rows are some at random: few, or some thousand.
func (w *twins) rows(rels bool) (*graph.Rows, int) {
	n := w.r.Intn(30)
	if w.r.Intn(3) == 0 {
		n = w.r.Intn(1500)
	}
	if rels && w.tx[0].NodeCount() == 0 {
		n = 0
	}
	rows := &graph.Rows{Rels: rels}
	for range 1 + w.r.Intn(2) {
		kind := []uint32{uint32(w.r.Intn(4))}
		if !rels && w.r.Intn(2) == 0 {
			kind = append(kind, uint32(w.r.Intn(4)))
		}
		rows.Kinds = append(rows.Kinds, kind)
	}
	if len(rows.Kinds) > 1 {
		for range n {
			rows.Which = binary.LittleEndian.AppendUint16(rows.Which, uint16(w.r.Intn(2)))
		}
	}
	for range n {
		for end := range rows.Ends {
			node := graph.Node(w.r.Intn(int(w.tx[0].node.length + 1)))
			var next [1]graph.Node
			for rels && w.tx[0].ScanNodes(node, next[:]) == 0 {
				node = 0
			}
			rows.Ends[end] = append(rows.Ends[end], uint32(next[0]))
		}
	}
	for k := range graph.KeyID(4) {
		if w.r.Intn(3) > 0 {
			rows.Columns = append(rows.Columns, w.column(k, n))
		}
	}
	return rows, n
}

func (w *twins) column(k graph.KeyID, n int) graph.Column {
	c := graph.Column{Key: k, Form: []graph.Form{graph.FormValues, graph.FormInt32, graph.FormInt64, graph.FormFloat, graph.FormText}[w.r.Intn(5)]}
	if nulls := w.r.Intn(3); nulls > 0 && c.Form != graph.FormValues {
		c.Nulls = make([]byte, (n+7)/8)
		for i := range n {
			if w.r.Intn(10) < 3*nulls {
				c.Nulls[i/8] |= 1 << (i % 8)
			}
		}
	}
	for i := range n {
		x := w.r.Int63() >> w.r.Intn(63)
		switch c.Form {
		case graph.FormInt32:
			c.Data = binary.LittleEndian.AppendUint32(c.Data, uint32(x))
		case graph.FormInt64:
			c.Data = binary.LittleEndian.AppendUint64(c.Data, uint64(x))
		case graph.FormFloat:
			c.Data = binary.LittleEndian.AppendUint64(c.Data, math.Float64bits(float64(x)/4))
		case graph.FormText:
			if !c.IsNull(i) {
				c.Data = fmt.Append(c.Data, "text ", x%5000)
			}
			c.Ends = binary.LittleEndian.AppendUint32(c.Ends, uint32(len(c.Data)))
		default:
			c.Values = append(c.Values, []graph.Value{graph.Null, graph.Int(x), graph.Bool(x%2 == 0), graph.Date(x % 1e5), graph.List([]graph.Value{graph.Int(x)})}[w.r.Intn(5)])
		}
	}
	return c
}

// TestRowsThatCannotBe: what no caller should ask is an error, not a panic.
func TestRowsThatCannotBe(t *testing.T) {
	tx := New("p").Begin()
	_, _ = tx.Type("T")
	_, _ = tx.Key("k")
	k := graph.Column{Form: graph.FormInt32, Data: make([]byte, 4)}
	unknown := k
	unknown.Key = 7
	for _, rows := range []*graph.Rows{
		{Kinds: [][]uint32{{5}}},
		{Kinds: [][]uint32{{}}, Columns: []graph.Column{unknown}},
		{Kinds: [][]uint32{{}}, Columns: []graph.Column{k, k}},
		{Rels: true, Kinds: [][]uint32{{9}}, Ends: [2][]uint32{{0}, {0}}},
		{Rels: true, Kinds: [][]uint32{{0}}, Ends: [2][]uint32{{0}, {0}}},
		{Kinds: [][]uint32{{}}, Columns: []graph.Column{{Form: graph.FormValues, Values: []graph.Value{graph.MapValue(nil)}}}},
	} {
		require.Error(t, tx.CreateRows(rows, 0, 1, nil), "%v", rows)
	}
	tx.Rollback()
	require.ErrorIs(t, tx.CreateRows(&graph.Rows{Kinds: [][]uint32{{}}}, 0, 1, nil), errEnded)
}

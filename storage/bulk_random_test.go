package storage_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/crashfs"
	"github.com/pocketgraph/pocketgraph/storage"
	"github.com/pocketgraph/pocketgraph/storage/mem"
)

// randomColumn has values of a form at random; unique is the first of ascending
// Integers, or 0.
func randomColumn(r *rand.Rand, k graph.KeyID, n int, unique int64) graph.Column {
	c := graph.Column{Key: k, Form: []graph.Form{graph.FormValues, graph.FormInt32, graph.FormInt64, graph.FormFloat, graph.FormText}[r.Intn(5)]}
	if unique != 0 {
		c.Form = graph.FormInt64
	}
	if c.Form != graph.FormValues && unique == 0 && r.Intn(2) == 0 {
		c.Nulls = make([]byte, (n+7)/8)
		r.Read(c.Nulls)
	}
	for i := range n {
		x := r.Int63() >> r.Intn(63)
		if r.Intn(2) == 0 {
			x = -x
		}
		if unique != 0 {
			x = unique + int64(i)
		}
		switch c.Form {
		case graph.FormInt32:
			c.Data = binary.LittleEndian.AppendUint32(c.Data, uint32(x))
		case graph.FormInt64:
			c.Data = binary.LittleEndian.AppendUint64(c.Data, uint64(x))
		case graph.FormFloat:
			f := []float64{math.NaN(), math.Copysign(0, -1), math.Inf(1), float64(x), float64(x) / 8, math.Float64frombits(0x7ff8000000000123)}[r.Intn(6)]
			c.Data = binary.LittleEndian.AppendUint64(c.Data, math.Float64bits(f))
		case graph.FormText:
			if !c.IsNull(i) {
				c.Data = fmt.Append(c.Data, "täxt ", x%50)
			}
			c.Ends = binary.LittleEndian.AppendUint32(c.Ends, uint32(len(c.Data)))
		default:
			c.Values = append(c.Values, []graph.Value{graph.Null, graph.Int(x), graph.Float(math.Copysign(0, -1)), graph.Bool(x%2 == 0), graph.Date(x % 1e5), graph.List([]graph.Value{graph.Int(x)}), graph.List(nil),
				graph.Duration(graph.Span{Months: 1, Days: -2, Seconds: 3, Nanos: 4}), graph.Vector([]float32{1, float32(math.NaN())}), graph.Bytes([]byte{0, 1}), graph.String("s"), graph.Time(5, 3600)}[r.Intn(12)])
		}
	}
	return c
}

// singly makes rows one by one.
func singly(tx *storage.Tx, r *graph.Rows, n int, made *[]uint32) error {
	for i := range n {
		var properties []graph.Property
		for c := range r.Columns {
			if x := r.Columns[c].Value(i); !x.IsNull() {
				properties = append(properties, graph.Property{Key: r.Columns[c].Key, Value: x})
			}
		}
		kind := r.Kinds[r.Kind(i)]
		if r.Rels {
			if _, err := tx.CreateRel(graph.Node(r.Ends[0][i]), graph.Node(r.Ends[1][i]), graph.TypeID(kind[0]), properties); err != nil {
				return err
			}
			continue
		}
		var labels []graph.LabelID
		for _, l := range kind {
			labels = append(labels, graph.LabelID(l))
		}
		node, err := tx.CreateNode(labels, properties)
		if err != nil {
			return err
		}
		*made = append(*made, uint32(node))
	}
	return nil
}

// TestRandomLoads makes the same in two stores, by rows and by single changes:
// transactions behind each other, of which some fail or are rolled back, under
// indexes and constraints, with holes. The stores agree, and after they were
// closed and recovered from their logs too.
func TestRandomLoads(t *testing.T) {
	seeds := int64(2)
	if long {
		seeds = 40
	}
	for seed := range seeds {
		var stores [2]*storage.Store
		var disks [2]*crashfs.FS
		ctx := context.Background()
		for i := range stores {
			disks[i] = crashfs.New()
			stores[i] = must[*storage.Store](t)(storage.Open(ctx, disks[i], options()))
		}
		reopen := func() {
			for i := range stores {
				before := fingerprint(stores[i].State())
				require.NoError(t, stores[i].Close())
				stores[i] = must[*storage.Store](t)(storage.Open(ctx, disks[i], options()))
				require.True(t, before == fingerprint(stores[i].State()))
				stores[i].State().Check(func(p string) { t.Error(p) })
			}
			require.True(t, fingerprint(stores[0].State()) == fingerprint(stores[1].State()))
		}
		unique := int64(1)
		for step := range 8 {
			var errs [2]error
			for i, s := range stores {
				r := rand.New(rand.NewSource(seed*100 + int64(step)))
				u := unique
				errs[i] = func() error {
					tx, err := s.Begin(ctx)
					require.NoError(t, err)
					defer tx.Rollback()
					require.NoError(t, tx.SetCounters(mem.Counters{Node: graph.ID(step*10000 + 1), Rel: graph.ID(step*10000 + 1)}))
					for _, n := range "abcd" {
						_, _ = tx.Label(string(n))
						_, _ = tx.Key(string(n))
						_, _ = tx.Type(string(n))
					}
					if step == 0 {
						require.NoError(t, tx.CreateIndex(graph.IndexDefinition{Name: "i", Entity: graph.NodeEntity, Label: 0, Keys: []graph.KeyID{1}}))
						require.NoError(t, tx.CreateIndex(graph.IndexDefinition{Name: "i2", Entity: graph.RelEntity, Type: 2, Keys: []graph.KeyID{1, 2}}))
						require.NoError(t, tx.CreateConstraint(graph.ConstraintDefinition{Name: "u", Kind: graph.UniqueConstraint, Entity: graph.NodeEntity, Label: 1, Keys: []graph.KeyID{3}}))
						require.NoError(t, tx.CreateConstraint(graph.ConstraintDefinition{Name: "e", Kind: graph.ExistsConstraint, Entity: graph.NodeEntity, Label: 2, Keys: []graph.KeyID{0}}))
					}
					var made []uint32
					n := 1 + r.Intn(2200)
					rows := &graph.Rows{Kinds: [][]uint32{{}, {0, 0}, {1}, {3, 0}}}
					if r.Intn(3) == 0 {
						rows.Kinds = append(rows.Kinds, []uint32{2, 1})
					}
					for range n {
						rows.Which = binary.LittleEndian.AppendUint16(rows.Which, uint16(r.Intn(len(rows.Kinds))))
					}
					if r.Intn(3) == 0 {
						rows.Kinds, rows.Which = [][]uint32{{0}}, nil
					}
					for k := range graph.KeyID(3) {
						rows.Columns = append(rows.Columns, randomColumn(r, k, n, 0))
					}
					rows.Columns = append(rows.Columns, randomColumn(r, 3, n, u-int64(r.Intn(6)/5)))
					do := func(rows *graph.Rows, n int) error {
						if i == 1 {
							return singly(tx, rows, n, &made)
						}
						for from := 0; from < n; from += 500 {
							if err := tx.CreateRows(rows, from, min(n, from+500), &made); err != nil {
								return err
							}
						}
						return nil
					}
					if err := do(rows, n); err != nil {
						return err
					}
					rels := &graph.Rows{Rels: true, Kinds: [][]uint32{{2}}}
					m := r.Intn(2000)
					for range m {
						for e := range rels.Ends {
							rels.Ends[e] = append(rels.Ends[e], made[r.Intn(len(made))])
						}
					}
					for k := range graph.KeyID(3) {
						rels.Columns = append(rels.Columns, randomColumn(r, k, m, 0))
					}
					if r.Intn(4) == 0 && m > 0 {
						if err := tx.DeleteNode(graph.Node(made[0])); err != nil {
							return err
						}
					}
					if err := do(rels, m); err != nil {
						return err
					}
					for range 30 {
						_ = tx.DeleteRel(graph.Rel(r.Intn(3000)))
					}
					if r.Intn(4) == 0 {
						return fmt.Errorf("rolled back")
					}
					_, err = tx.Commit()
					return err
				}()
			}
			require.Equal(t, fmt.Sprint(errs[1]), fmt.Sprint(errs[0]))
			unique += 3000
			if step%3 == 2 {
				reopen()
			} else {
				for i := range stores {
					stores[i].State().Check(func(p string) { t.Error(p) })
				}
				require.True(t, fingerprint(stores[0].State()) == fingerprint(stores[1].State()))
			}
		}
		for i := range stores {
			require.NoError(t, stores[i].Close())
		}
	}
}

package storage_test

import (
	"context"
	"encoding/binary"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/crashfs"
	"github.com/pocketgraph/pocketgraph/storage"
)

// numbersColumn, floatsColumn and textsColumn are columns without Nulls.
func numbersColumn(k graph.KeyID, values ...int64) graph.Column {
	c := graph.Column{Key: k, Form: graph.FormInt64}
	for _, x := range values {
		c.Data = binary.LittleEndian.AppendUint64(c.Data, uint64(x))
	}
	return c
}

func floatsColumn(k graph.KeyID, values ...float64) graph.Column {
	c := graph.Column{Key: k, Form: graph.FormFloat}
	for _, x := range values {
		c.Data = binary.LittleEndian.AppendUint64(c.Data, math.Float64bits(x))
	}
	return c
}

func textsColumn(k graph.KeyID, values ...string) graph.Column {
	c := graph.Column{Key: k, Form: graph.FormText}
	for _, x := range values {
		c.Data = append(c.Data, x...)
		c.Ends = binary.LittleEndian.AppendUint32(c.Ends, uint32(len(c.Data)))
	}
	return c
}

// TestRowsInTheLog: a record of rows is that of as many single changes, and is
// recovered as that.
func TestRowsInTheLog(t *testing.T) {
	rows := func(tx *storage.Tx) (nodes, rels *graph.Rows) {
		l, _ := tx.Label("Person")
		m, _ := tx.Label("Other")
		typ, _ := tx.Type("KNOWS")
		k, _ := tx.Key("n")
		s, _ := tx.Key("text")
		other := graph.Column{Key: s + 1, Form: graph.FormValues, Values: []graph.Value{graph.Null, graph.Bool(true), graph.List([]graph.Value{graph.Int(1)})}}
		_, _ = tx.Key("other")
		texts := textsColumn(s, "Ada", "", "Grüße")
		texts.Nulls = []byte{2}
		nodes = &graph.Rows{Kinds: [][]uint32{{uint32(l), uint32(m)}, {}}, Which: []byte{0, 0, 1, 0, 0, 0}, Columns: []graph.Column{numbersColumn(k, 1, -1<<62, 300), texts, other}}
		small := graph.Column{Key: k, Form: graph.FormInt32, Data: []byte{0xff, 0xff, 0xff, 0xff, 7, 0, 0, 0}}
		rels = &graph.Rows{Rels: true, Kinds: [][]uint32{{uint32(typ)}}, Columns: []graph.Column{small, floatsColumn(s, 0.5, math.Inf(1))}}
		return nodes, rels
	}
	whole := func(tx *storage.Tx, r *graph.Rows, n int, made *[]uint32) error {
		return tx.CreateRows(r, 0, n, made)
	}
	var records [2][]string
	var digests [2]string
	for i, create := range []func(*storage.Tx, *graph.Rows, int, *[]uint32) error{whole, singly} {
		fs := crashfs.New()
		s := must[*storage.Store](t)(storage.Open(context.Background(), fs, options()))
		tx, err := s.Begin(context.Background())
		require.NoError(t, err)
		nodes, rels := rows(tx)
		var made []uint32
		require.NoError(t, create(tx, nodes, 3, &made))
		rels.Ends = [2][]uint32{{made[0], made[2]}, {made[1], made[2]}}
		require.NoError(t, create(tx, rels, 2, nil))
		_, err = tx.Commit()
		require.NoError(t, err)
		f, err := s.Feed(context.Background(), s.Incarnation(), 0)
		require.NoError(t, err)
		c, err := f.Next()
		require.NoError(t, err)
		records[i] = shown(t, c)
		require.NoError(t, s.Close())
		s = must[*storage.Store](t)(storage.Open(context.Background(), fs, options()))
		digests[i] = fingerprint(s.State())
		require.NoError(t, s.Close())
	}
	require.Len(t, records[0], 5)
	require.Equal(t, records[1], records[0])
	require.Equal(t, digests[1], digests[0])
}

// TestRowsThatFail: what failed half way can only be dropped.
func TestRowsThatFail(t *testing.T) {
	s := must[*storage.Store](t)(storage.Open(context.Background(), crashfs.New(), options()))
	defer s.Close()
	tx, err := s.Begin(context.Background())
	require.NoError(t, err)
	k, err := tx.Key("k")
	require.NoError(t, err)
	bad := graph.Column{Key: k, Form: graph.FormValues, Values: []graph.Value{graph.Int(1), graph.MapValue(nil)}}
	err = tx.CreateRows(&graph.Rows{Kinds: [][]uint32{{}}, Columns: []graph.Column{bad}}, 0, 2, nil)
	require.ErrorIs(t, err, graph.ErrPropertyType)
	_, again := tx.CreateNode(nil, nil)
	require.Equal(t, err, again)
	_, again = tx.Commit()
	require.Equal(t, err, again)
	require.Zero(t, s.State().NodeCount())
	require.Zero(t, s.Sequence())
}

// TestFindNodes: by numbers that are equal, by texts, through an index and
// without, before and behind changes.
func TestFindNodes(t *testing.T) {
	s := must[*storage.Store](t)(storage.Open(context.Background(), crashfs.New(), options()))
	defer s.Close()
	tx, err := s.Begin(context.Background())
	require.NoError(t, err)
	defer tx.Rollback()
	l, _ := tx.Label("L")
	k, _ := tx.Key("k")
	values := []graph.Value{graph.Int(5), graph.Float(6), graph.Float(0.5), graph.String("x"), graph.Int(-1 << 62), graph.Float(math.NaN()), graph.Int(9), graph.Float(9), graph.Bool(true)}
	var nodes []uint32
	for _, x := range values {
		n, err := tx.CreateNode([]graph.LabelID{l}, []graph.Property{{Key: k, Value: x}})
		require.NoError(t, err)
		nodes = append(nodes, uint32(n))
	}
	other, _ := tx.CreateNode(nil, []graph.Property{{Key: k, Value: graph.Int(77)}})
	find := func(keys graph.Column, n int) ([]uint32, error) {
		out := make([]uint32, n)
		return out, tx.FindNodes(l, k, &keys, out)
	}
	look := func() {
		for _, c := range []struct {
			keys graph.Column
			want []uint32
		}{
			{numbersColumn(k, 5, 6, -1<<62), []uint32{nodes[0], nodes[1], nodes[4]}},
			{floatsColumn(k, 5, 6, 0.5), []uint32{nodes[0], nodes[1], nodes[2]}},
			{textsColumn(k, "x"), []uint32{nodes[3]}},
			{graph.Column{Form: graph.FormValues, Values: []graph.Value{graph.String("x"), graph.Float(6)}}, []uint32{nodes[3], nodes[1]}},
		} {
			got, err := find(c.keys, len(c.want))
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		}
		for _, c := range []struct {
			keys graph.Column
			row  int
			err  error
		}{
			{numbersColumn(k, 5, 77), 1, graph.ErrNotFound}, // has not the label
			{numbersColumn(k, 5, 5, 9), 2, graph.ErrAmbiguous},
			{floatsColumn(k, 5, math.NaN()), 1, graph.ErrNotFound},
			{floatsColumn(k, math.Inf(1)), 0, graph.ErrNotFound},
			{numbersColumn(k, math.MaxInt64), 0, graph.ErrNotFound},
			{textsColumn(k, "5"), 0, graph.ErrNotFound},
			{graph.Column{Form: graph.FormValues, Values: []graph.Value{graph.Null}}, 0, graph.ErrNotFound},
			{graph.Column{Form: graph.FormValues, Values: []graph.Value{graph.Bool(true)}}, 0, graph.ErrNotFound}, // no key
		} {
			_, err := find(c.keys, c.row+1)
			var at *graph.RowError
			require.ErrorAs(t, err, &at)
			require.Equal(t, c.row, at.Row)
			require.ErrorIs(t, err, c.err)
		}
	}
	look()
	require.NoError(t, tx.CreateIndex(graph.IndexDefinition{Name: "ix", Entity: graph.NodeEntity, Label: l, Keys: []graph.KeyID{k}}))
	look()
	for i := range 400 { // so many that a few are looked up in the index
		_, err := tx.CreateNode([]graph.LabelID{l}, []graph.Property{{Key: k, Value: graph.Int(int64(1000 + 100*i))}})
		require.NoError(t, err)
	}
	look()
	got, err := find(numbersColumn(k, 1000, 20900), 2)
	require.NoError(t, err)
	require.Len(t, got, 2)

	// What a node has become counts, also where a table is there.
	require.NoError(t, tx.SetNodeProperty(graph.Node(nodes[0]), k, graph.Int(55)))
	require.NoError(t, tx.AddLabel(other, l))
	require.NoError(t, tx.DeleteNode(graph.Node(nodes[1])))
	got, err = find(numbersColumn(k, 55, 77), 2)
	require.NoError(t, err)
	require.Equal(t, []uint32{nodes[0], uint32(other)}, got)
	_, err = find(numbersColumn(k, 6), 1)
	require.ErrorIs(t, err, graph.ErrNotFound)
	_, err = find(numbersColumn(k, 5), 1)
	require.ErrorIs(t, err, graph.ErrNotFound)

	typ, _ := tx.Type("T")
	require.NoError(t, tx.CreateRows(&graph.Rows{Rels: true, Kinds: [][]uint32{{uint32(typ)}}, Ends: [2][]uint32{{nodes[0]}, {nodes[2]}}}, 0, 1, nil))
	got, err = find(numbersColumn(k, 55), 1)
	require.NoError(t, err)
	require.Equal(t, []uint32{nodes[0]}, got)
}

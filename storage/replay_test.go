package storage

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/golden"
	"github.com/pocketgraph/pocketgraph/storage/mem"
)

// everyOperation makes one transaction with every operation in it.
func everyOperation(t testing.TB) (changes []byte, state *mem.State) {
	g := mem.New("test")
	tx := &Tx{Tx: g.Begin(), store: &Store{}}
	check := func(err error) {
		t.Helper()
		require.NoError(t, err)
	}
	label, err := tx.Label("L")
	check(err)
	kind, err := tx.Type("T")
	check(err)
	key, err := tx.Key("k")
	check(err)
	a, err := tx.CreateNode([]graph.LabelID{label}, []graph.Property{{Key: key, Value: graph.Int(-1)}})
	check(err)
	b, err := tx.CreateNode(nil, nil)
	check(err)
	r, err := tx.CreateRel(a, b, kind, []graph.Property{{Key: key, Value: graph.Bool(true)}})
	check(err)
	for _, v := range everyValue() {
		check(tx.SetNodeProperty(b, key, v))
		check(tx.SetRelProperty(r, key, v))
	}
	check(tx.AddLabel(b, label))
	check(tx.RemoveLabel(b, label))
	d := graph.IndexDefinition{Name: "ix", Entity: graph.RelEntity, Type: kind, Keys: []graph.KeyID{key}}
	check(tx.CreateIndex(d))
	check(tx.DropIndex("ix"))
	c := graph.ConstraintDefinition{Name: "c", Kind: graph.UniqueConstraint, Entity: graph.NodeEntity, Label: label, Keys: []graph.KeyID{key}}
	check(tx.CreateConstraint(c))
	check(tx.DropConstraint("c"))
	check(tx.DeleteRel(r))
	check(tx.DeleteNode(b))
	state, err = tx.Tx.Commit()
	check(err)
	return tx.changes, state
}

func everyValue() []graph.Value {
	return []graph.Value{
		graph.Bool(false), graph.Int(1 << 62), graph.Float(-0.5), graph.String("é"), graph.Bytes([]byte{0, 1}),
		graph.List([]graph.Value{graph.String("a"), graph.String("")}), graph.Vector([]float32{1.5, -2}),
		graph.Date(-3), graph.LocalTime(5), graph.Time(6, -3600), graph.LocalDateTime(-7, 8),
		graph.DateTime(graph.Zoned{Seconds: 9, Nanos: 10, Offset: 3600, Zone: "Europe/Paris"}),
		graph.Duration(graph.Span{Months: -1, Days: 2, Seconds: -3, Nanos: 4}),
		graph.Point(graph.Coordinates{SRID: 4326, X: 1, Y: -2}), graph.Null,
	}
}

func TestValuesComeBack(t *testing.T) {
	for _, v := range everyValue() {
		s := &source{rest: string(appendValue(nil, v))}
		back := s.value()
		require.False(t, s.fault, "%v", v.Kind())
		require.Empty(t, s.rest)
		require.Equal(t, v.Kind(), back.Kind())
		require.Equal(t, appendValue(nil, v), appendValue(nil, back))
	}
}

func TestChangesComeBack(t *testing.T) {
	changes, want := everyOperation(t)
	g := mem.New("test")
	tx := g.Begin()
	require.NoError(t, applyChanges(tx, changes))
	got, err := tx.Commit()
	require.NoError(t, err)
	require.Equal(t, want.NodeCount(), got.NodeCount())
	require.Equal(t, want.RelCount(), got.RelCount())
	require.Equal(t, want.Counters(), got.Counters())
	n, ok := got.NodeByID(1)
	require.True(t, ok)
	k, _ := got.LookKey("k")
	require.EqualValues(t, -1, got.NodeProperty(n, k).AsInt())
}

// TestChangesGolden fails when the bytes of the record format change.
func TestChangesGolden(t *testing.T) {
	changes, _ := everyOperation(t)
	golden.Bytes(t, "changes.hex", changes)
}

func TestEveryCutOfTheChangesIsRefusedOrWhole(t *testing.T) {
	changes, _ := everyOperation(t)
	for length := range changes {
		err := applyChanges(mem.New("").Begin(), changes[:length])
		var place *changeError
		if err != nil {
			require.True(t, errors.As(err, &place))
			require.LessOrEqual(t, place.offset, length)
		}
	}
}

// FuzzApplyChanges: whatever the bytes, applying them ends, with an error or a
// graph that breaks no invariant.
func FuzzApplyChanges(f *testing.F) {
	changes, _ := everyOperation(f)
	f.Add(changes)
	f.Add([]byte{opCreateNode, 1, 0, 0})
	f.Fuzz(func(t *testing.T, changes []byte) {
		g := mem.New("")
		tx := g.Begin()
		if applyChanges(tx, changes) != nil {
			return
		}
		s, err := tx.Commit()
		if err != nil {
			return
		}
		s.Check(func(problem string) { t.Error(problem) })
	})
}

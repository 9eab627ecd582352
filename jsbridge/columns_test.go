package jsbridge

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
)

// randomValue draws a value of any kind that a parameter can have.
func randomValue(r *rand.Rand, depth int) graph.Value {
	kinds := 18
	if depth == 0 {
		kinds = 15
	}
	switch r.IntN(kinds) {
	case 0:
		return graph.Null
	case 1:
		return graph.Bool(r.IntN(2) == 0)
	case 2, 3:
		return graph.Int(r.Int64() >> r.IntN(64))
	case 4:
		return graph.Float(math.Float64frombits(r.Uint64()))
	case 5, 6:
		return graph.String(randomText(r))
	case 7:
		return graph.Bytes([]byte(randomText(r)))
	case 8:
		return graph.Date(r.Int64N(1e6))
	case 9:
		return graph.Time(r.Int64N(86400e9), int32(r.IntN(36000)-18000))
	case 10:
		return graph.LocalDateTime(r.Int64N(1e10), int32(r.IntN(1e9)))
	case 11:
		return graph.DateTime(graph.Zoned{Seconds: r.Int64N(1e10), Nanos: int32(r.IntN(1e9)), Offset: 3600, Zone: []string{"", "Europe/Stockholm"}[r.IntN(2)]})
	case 12:
		return graph.Duration(graph.Span{Months: r.Int64(), Days: -r.Int64(), Seconds: r.Int64(), Nanos: int32(r.IntN(1e9))})
	case 13:
		return graph.Point(graph.Coordinates{SRID: 7203, X: r.Float64(), Y: r.NormFloat64()})
	case 14:
		return graph.Vector([]float32{r.Float32(), r.Float32()})
	case 15, 16:
		items := make([]graph.Value, r.IntN(4))
		for i := range items {
			items[i] = randomValue(r, depth-1)
		}
		return graph.List(items)
	}
	entries := make([]graph.Entry, r.IntN(4))
	for i := range entries {
		entries[i] = graph.Entry{Key: randomText(r), Value: randomValue(r, depth-1)}
	}
	return graph.MapValue(graph.NewMap(entries))
}

func randomText(r *rand.Rand) string {
	alphabet := []rune("aZ0 _ßé世界🌍\x00\uFFFD")
	text := make([]rune, r.IntN(8))
	for i := range text {
		text[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(text)
}

// TestRandomColumns sends random columns through a batch and compares with
// what the values themselves say.
func TestRandomColumns(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		rows := 1 + r.IntN(40)
		columns := make([][]graph.Value, 1+r.IntN(4))
		for i := range columns {
			same, nulls := randomValue(r, 2).Kind(), r.IntN(2) == 0
			for len(columns[i]) < rows {
				v := randomValue(r, 2)
				switch {
				case nulls && r.IntN(3) == 0:
					v = graph.Null
				case i%2 == 0 && v.Kind() != same:
					continue
				}
				columns[i] = append(columns[i], v)
			}
		}
		frame, n, err := newBatchEncoder().appendSome(nil, header{id: 1}, nil, columns, 0, rows, new(room))
		require.NoError(t, err, seed)
		require.Equal(t, rows, n)
		tree, err := rowsTree(frame)
		require.NoError(t, err, seed)
		for i := range columns {
			for row, v := range columns[i] {
				b, err := appendValue(nil, v, nil)
				require.NoError(t, err)
				want := readValue[any](&cursor{b: b}, treeBuilder{}, nil, MaxDepth)
				require.Equal(t, want, tree[row][i], "seed %d row %d column %d", seed, row, i)
			}
		}
	}
}

func TestBadTextBecomesReplacementCharacters(t *testing.T) {
	bad := "a\xffb\xe2\x82c"
	frame, _, err := newBatchEncoder().appendSome(nil, header{id: 1}, nil, [][]graph.Value{{graph.String(bad), graph.String("z")}}, 0, 2, new(room))
	require.NoError(t, err)
	tree, err := rowsTree(frame)
	require.NoError(t, err)
	require.Equal(t, [][]any{{"a\uFFFDb\uFFFD\uFFFDc"}, {"z"}}, tree)
}

func TestNestingIsBounded(t *testing.T) {
	v := graph.Null
	for range MaxDepth {
		v = graph.List([]graph.Value{v})
	}
	b, err := appendValue(nil, v, nil)
	require.NoError(t, err)
	c := &cursor{b: b}
	readValue(c, valueBuilder{}, nil, MaxDepth)
	require.NoError(t, c.err)
	_, err = appendValue(nil, graph.List([]graph.Value{v}), nil)
	require.ErrorIs(t, err, ErrTooDeep)
	c = &cursor{b: append([]byte{tagList, 1}, b...)}
	readValue(c, valueBuilder{}, nil, MaxDepth)
	require.ErrorIs(t, c.err, ErrTooDeep)
}

func TestElementsAreNoParameters(t *testing.T) {
	for _, b := range [][]byte{{tagNode, 0}, {tagRelationship, 0}, {tagPath, 0, 0}, {14}, {255}} {
		c := &cursor{b: b}
		readValue(c, valueBuilder{}, nil, MaxDepth)
		require.ErrorIs(t, c.err, ErrMalformed)
	}
	_, err := appendValue(nil, graph.NodeValue(1), nil)
	require.ErrorIs(t, err, ErrMalformed)
}

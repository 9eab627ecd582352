package index

import (
	"bytes"
	"fmt"
	"math"
	"math/rand"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/stretchr/testify/require"
)

// zoo has at least one value at every edge of the encoding.
func zoo() []graph.Value {
	inf, nan := math.Inf(1), math.NaN()
	z := []graph.Value{graph.Bool(false), graph.Bool(true)}
	for _, i := range []int64{0, 1, 2, 255, 256, 1 << 31, exactInt - 1, exactInt, exactInt + 1, exactInt + 2, exactInt + 3,
		1<<54 + 2, 1<<60 + 1, math.MaxInt64 - 600, math.MaxInt64 - 512, math.MaxInt64 - 511, math.MaxInt64 - 1, math.MaxInt64} {
		z = append(z, graph.Int(i), graph.Int(-i), graph.Float(float64(i)), graph.Float(-float64(i)))
	}
	z = append(z, graph.Int(math.MinInt64), graph.Int(math.MinInt64+1), graph.Float(math.Nextafter(1<<63, 0)),
		graph.Float(exactInt+2), graph.Float(math.Nextafter(-1<<63, -inf)))
	for _, f := range []float64{0.5, 1.5, math.Copysign(0, -1), 1e-320, 1e300, inf, -inf, -0.5, nan} {
		z = append(z, graph.Float(f))
	}
	for _, s := range zooStrings() {
		z = append(z, graph.String(s), graph.Bytes([]byte(s)))
	}
	z = append(z, zooTemporals()...)
	z = append(z, zooLists(nan)...)
	return z
}

func zooStrings() []string {
	long := strings.Repeat("x", 3000)
	return []string{"", "a", "a\x00", "a\x00\x00", "a\x00b", "a\x01", "ab", "abcdefg", "abcdefgh", "abcdefghi", "abcdefgh\x00",
		"b", "\x00", "\x00\xff", "\xff", "é", "日本", long, long[:247], long[:248], long[:249], long[:240] + "y", long + "y", long[:2999] + "w", long + "\x00"}
}

func zooTemporals() []graph.Value {
	return []graph.Value{
		graph.Date(0), graph.Date(-1), graph.Date(20000), graph.LocalTime(0), graph.LocalTime(86399999999999),
		graph.Time(3600e9, 3600), graph.Time(0, 0), graph.Time(0, -3600), graph.Time(7200e9, 7200), graph.Time(0, 3600),
		graph.LocalDateTime(-5, 0), graph.LocalDateTime(5, 0), graph.LocalDateTime(5, 1), graph.LocalDateTime(5, 999999999),
		graph.DateTime(graph.Zoned{Seconds: 5}), graph.DateTime(graph.Zoned{Seconds: 5, Offset: 3600}),
		graph.DateTime(graph.Zoned{Seconds: 5, Offset: 3600, Zone: "Europe/Berlin"}), graph.DateTime(graph.Zoned{Seconds: -5, Nanos: 7}),
		graph.Duration(graph.Span{}), graph.Duration(graph.Span{Months: 1}), graph.Duration(graph.Span{Days: 30}),
		graph.Duration(graph.Span{Days: 1}), graph.Duration(graph.Span{Seconds: 86400}), graph.Duration(graph.Span{Seconds: -1, Nanos: 5}),
	}
}

func zooLists(nan float64) []graph.Value {
	l := func(v ...graph.Value) graph.Value { return graph.List(v) }
	return []graph.Value{
		l(), l(graph.Int(1)), l(graph.Int(1), graph.Int(2)), l(graph.Float(1), graph.Float(2.5)), l(graph.String("a")),
		l(graph.String("a"), graph.String("")), l(graph.String("a\x00")), l(graph.Float(nan)), l(graph.Bool(true)), l(graph.Date(3)),
		l(graph.Int(math.MaxInt64), graph.Int(1)), l(graph.Int(math.MaxInt64-1), graph.Int(1)),
		graph.Vector(nil), graph.Vector([]float32{1, 2}), graph.Vector([]float32{1}), graph.Vector([]float32{-1, 2}), graph.Vector([]float32{float32(nan)}),
		graph.Point(graph.Coordinates{SRID: 7203, X: 1, Y: 2}), graph.Point(graph.Coordinates{SRID: 7203, X: -1, Y: 2}),
		graph.Point(graph.Coordinates{SRID: 4326, X: 1, Y: 2}), graph.Point(graph.Coordinates{SRID: 9157, X: 1, Y: 2, Z: nan}),
	}
}

func TestKeysOrderAsCompare(t *testing.T) {
	z := zoo()
	full := func(v graph.Value) []byte { return appendValue([]byte{byte(familyOf[v.Kind()])}, v) }
	for _, a := range z {
		require.True(t, Indexable(a))
		for _, b := range z {
			x, y := full(a), full(b)
			require.Equal(t, graph.Compare(a, b), bytes.Compare(x, y), "%v %x, %v %x", a.Kind(), x, b.Kind(), y)
			if len(x) < len(y) {
				require.False(t, bytes.HasPrefix(y, x), "%x begins %x", x, y)
			}
		}
		require.Equal(t, graph.Equal(a, a) == graph.True, findable(a))
	}
}

func TestWhatIsNotIndexable(t *testing.T) {
	var ix Ordered
	for _, v := range []graph.Value{graph.Null, graph.NodeValue(1), graph.RelValue(1), graph.MapValue(nil),
		graph.PathValue(&graph.Path{}), graph.List([]graph.Value{graph.NodeValue(1)})} {
		require.False(t, Indexable(v))
		require.False(t, ix.Insert(1, []graph.Value{v}, 1))
		require.False(t, ix.Insert(1, []graph.Value{graph.Int(1), v}, 1))
		require.False(t, ix.Remove(1, []graph.Value{v}, 1))
		require.Empty(t, ix.Seek(nil, []graph.Value{v}))
	}
	require.False(t, ix.Insert(1, nil, 1))
	require.Zero(t, ix.Len())
}

// row is an element of the model.
type row struct {
	slot   uint32
	values []graph.Value
}

func compareRows(a, b row) int {
	for i := range a.values {
		if c := graph.Compare(a.values[i], b.values[i]); c != 0 {
			return c
		}
	}
	return int(a.slot) - int(b.slot)
}

type rows []row

func (r rows) sorted() rows {
	c := slices.Clone(r)
	slices.SortFunc(c, compareRows)
	return c
}

func (r rows) slots() []uint32 {
	out := []uint32{}
	for _, x := range r {
		out = append(out, x.slot)
	}
	return out
}

func (r rows) equal(values []graph.Value) rows {
	var out rows
	for _, x := range r {
		same := true
		for i, v := range values {
			same = same && graph.Equal(x.values[i], v) == graph.True
		}
		if same {
			out = append(out, x)
		}
	}
	return out
}

// within answers a range the slow way.
func (r rows) within(q graph.Range) rows {
	var out rows
	at := len(q.Prefix)
	for _, x := range r.equal(q.Prefix) {
		v := x.values[at]
		ok := true
		if q.HasStartsWith {
			ok = v.Kind() == graph.KindString && strings.HasPrefix(v.AsString(), q.StartsWith)
		} else {
			if !q.Low.IsNull() {
				o := order(v, q.Low)
				ok = o == graph.Greater || o == graph.Same && q.IncludeLow
			}
			if ok && !q.High.IsNull() {
				o := order(v, q.High)
				ok = o == graph.Less || o == graph.Same && q.IncludeHigh
			}
		}
		if ok {
			out = append(out, x)
		}
	}
	if q.Descending {
		slices.Reverse(out)
	}
	return out
}

// order is graph.Order, but orders all lists, as the index does.
func order(a, b graph.Value) graph.Ordering {
	if a.Kind() == graph.KindList && b.Kind() == graph.KindList {
		return graph.Same + graph.Ordering(graph.Compare(a, b))
	}
	return graph.Order(a, b)
}

func drain(c graph.Cursor, batch int) []uint32 {
	out := []uint32{}
	dst := make([]uint32, batch)
	for n := c.Next(dst); n > 0; n = c.Next(dst) {
		out = append(out, dst[:n]...)
	}
	return out
}

func silentIndex(t testing.TB, ix *Ordered) {
	t.Helper()
	ix.Check(func(p string) { t.Errorf("check: %s", p) })
}

// maker makes random values with many repetitions.
type maker func(rng *rand.Rand) graph.Value

func ints(rng *rand.Rand) graph.Value { return graph.Int(int64(rng.Intn(3000)) - 1500) }

func mixed(rng *rand.Rand) graph.Value {
	z := zoo()
	if rng.Intn(3) > 0 {
		return z[rng.Intn(len(z))]
	}
	return graph.String(fmt.Sprintf("user-%d", rng.Intn(2000)))
}

func few(rng *rand.Rand) graph.Value {
	return []graph.Value{graph.Int(1), graph.Float(1), graph.String("x"), graph.Bool(true), graph.Float(math.NaN())}[rng.Intn(5)]
}

func longs(rng *rand.Rand) graph.Value {
	return graph.String(strings.Repeat("ab", rng.Intn(300)) + fmt.Sprint(rng.Intn(30)))
}

func TestOrderedAgainstModel(t *testing.T) {
	for name, keys := range map[string][]maker{
		"ints": {ints}, "mixed": {mixed}, "few": {few}, "longs": {longs},
		"few ints": {few, ints}, "mixed mixed": {mixed, mixed}, "three": {few, few, longs},
	} {
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewSource(int64(len(name))))
			var ix, old Ordered
			var m, oldModel rows
			slot := uint32(0)
			for gen := uint64(1); gen <= 12; gen++ {
				before, beforeModel := ix, slices.Clone(m)
				for range 600 {
					if shrink := gen == 6 || gen == 12; len(m) > 0 && rng.Intn(10) < 2 || len(m) > 0 && shrink {
						i := rng.Intn(len(m))
						require.True(t, ix.Has(m[i].values, m[i].slot))
						require.True(t, ix.Remove(gen, m[i].values, m[i].slot))
						require.False(t, ix.Remove(gen, m[i].values, m[i].slot))
						m[i] = m[len(m)-1]
						m = m[:len(m)-1]
						continue
					}
					slot++
					r := row{slot: slot * 7 % 100_003}
					for _, k := range keys {
						r.values = append(r.values, k(rng))
					}
					require.True(t, ix.Insert(gen, r.values, r.slot))
					require.False(t, ix.Insert(gen, r.values, r.slot))
					m = append(m, r)
				}
				if rng.Intn(4) == 0 {
					ix, m = before, beforeModel
				}
				agreeIndex(t, rng, &ix, m, keys)
				agreeIndex(t, rng, &old, oldModel, keys)
				if rng.Intn(2) == 0 {
					old, oldModel = ix, slices.Clone(m)
				}
			}
			for i, r := range m {
				require.True(t, ix.Remove(20, r.values, r.slot))
				if i%500 == 0 {
					silentIndex(t, &ix)
				}
			}
			require.Zero(t, ix.Len())
			require.Zero(t, ix.Bytes())
			require.Zero(t, ix.Distinct())
			agreeIndex(t, rng, &old, oldModel, keys)
		})
	}
}

func agreeIndex(t *testing.T, rng *rand.Rand, ix *Ordered, m rows, keys []maker) {
	t.Helper()
	silentIndex(t, ix)
	require.Equal(t, len(m), ix.Len())
	s := m.sorted()
	require.Equal(t, s.slots(), drain(ix.Range(graph.Range{}), 1+rng.Intn(300)))
	distinct := 0
	for i := range s {
		if i == 0 || compareRows(row{values: s[i-1].values}, row{values: s[i].values}) != 0 {
			distinct++
		}
	}
	require.Equal(t, distinct, ix.Distinct())
	for range 60 {
		var values []graph.Value
		for _, k := range keys {
			values = append(values, k(rng))
		}
		if len(m) > 0 && rng.Intn(2) == 0 {
			values = m[rng.Intn(len(m))].values
		}
		want := s.equal(values).slots()
		require.Equal(t, want, ix.Seek([]uint32{}, values))
		first, ok := ix.Find(values)
		require.Equal(t, len(want) > 0, ok)
		if ok {
			require.Equal(t, want[0], first)
		}
		require.Equal(t, s.equal(values[:1]).slots(), ix.Seek([]uint32{}, values[:1]))
		agreeRange(t, rng, ix, s, values)
	}
}

func agreeRange(t *testing.T, rng *rand.Rand, ix *Ordered, s rows, values []graph.Value) {
	t.Helper()
	last := len(values) - 1
	q := graph.Range{Prefix: values[:last], IncludeLow: rng.Intn(2) == 0, IncludeHigh: rng.Intn(2) == 0, Descending: rng.Intn(2) == 0}
	if rng.Intn(3) > 0 {
		q.Low = values[last]
	}
	if rng.Intn(3) > 0 {
		q.High = values[last]
		if len(s) > 0 {
			q.High = s[rng.Intn(len(s))].values[last]
		}
	}
	if text := values[last].AsString(); rng.Intn(3) == 0 {
		q.HasStartsWith, q.StartsWith = true, text[:rng.Intn(len(text)+1)]
	}
	want := s.within(q).slots()
	require.Equal(t, want, drain(ix.Range(q), 1+rng.Intn(200)), "%+v", q)
}

func TestSemantics(t *testing.T) {
	var ix Ordered
	add := func(slot uint32, v graph.Value) { require.True(t, ix.Insert(1, []graph.Value{v}, slot)) }
	add(1, graph.Int(1))
	add(2, graph.Float(1))
	add(3, graph.Float(math.NaN()))
	add(4, graph.Int(2))
	add(5, graph.String("ab"))
	add(6, graph.String("a"))
	add(7, graph.String("b"))
	add(8, graph.Date(1))
	seek := func(v graph.Value) []uint32 { return ix.Seek(nil, []graph.Value{v}) }
	require.Equal(t, []uint32{1, 2}, seek(graph.Int(1)))
	require.Equal(t, []uint32{1, 2}, seek(graph.Float(1)))
	require.Empty(t, seek(graph.Float(math.NaN())))
	require.Empty(t, seek(graph.Null))
	scan := func(r graph.Range) []uint32 { return drain(ix.Range(r), 2) }
	require.Equal(t, []uint32{1, 2, 4}, scan(graph.Range{Low: graph.Int(1), IncludeLow: true}), "NaN is above nothing")
	require.Equal(t, []uint32{4}, scan(graph.Range{Low: graph.Int(1)}))
	require.Equal(t, []uint32{2, 1}, scan(graph.Range{High: graph.Int(2), Descending: true}))
	require.Equal(t, []uint32{6, 5}, scan(graph.Range{HasStartsWith: true, StartsWith: "a"}))
	require.Equal(t, []uint32{6, 5, 7}, scan(graph.Range{HasStartsWith: true}))
	require.Equal(t, []uint32{8, 6, 5, 7, 1, 2, 4, 3}, scan(graph.Range{}))
	require.Equal(t, []uint32{3, 4, 2, 1, 7, 5, 6, 8}, scan(graph.Range{Descending: true}))
	require.Empty(t, scan(graph.Range{Low: graph.Int(1), High: graph.String("z")}))
	require.Empty(t, scan(graph.Range{Low: graph.Float(math.NaN())}))
	require.Empty(t, scan(graph.Range{Low: graph.Duration(graph.Span{})}))
	require.Empty(t, scan(graph.Range{Low: graph.Int(2), High: graph.Int(1)}))
}

func TestIndexReadersOfOldVersions(t *testing.T) {
	rng := rand.New(rand.NewSource(4))
	var ix Ordered
	var wg sync.WaitGroup
	slot := uint32(0)
	for gen := uint64(1); gen <= 40; gen++ {
		before := ix
		for range 300 {
			slot++
			ix.Insert(gen, []graph.Value{mixedOrInt(rng)}, slot)
		}
		if gen%4 == 0 {
			ix = before
			continue
		}
		state, want := ix, ix.Len()
		wg.Add(1)
		go func() {
			defer wg.Done()
			state.Check(func(p string) { t.Error(p) })
			if n := len(drain(state.Range(graph.Range{Descending: true}), 64)); n != want {
				t.Errorf("%d entries, want %d", n, want)
			}
		}()
	}
	wg.Wait()
}

func mixedOrInt(rng *rand.Rand) graph.Value {
	if rng.Intn(2) == 0 {
		return longs(rng)
	}
	return ints(rng)
}

func TestCheckFindsIndexDamage(t *testing.T) {
	for name, damage := range map[string]func(ix *Ordered, root *page){
		"count":     func(ix *Ordered, root *page) { ix.count++ },
		"distinct":  func(ix *Ordered, root *page) { ix.distinct++ },
		"tree":      func(ix *Ordered, root *page) { ix.trees[numberFamily-1].count++ },
		"order":     func(ix *Ordered, root *page) { h := root.kids[1].heads; h[4], h[5] = h[5], h[4] },
		"separator": func(ix *Ordered, root *page) { root.heads[1]++ },
		"empty":     func(ix *Ordered, root *page) { root.kids[1] = &page{} },
		"depth":     func(ix *Ordered, root *page) { root.kids[1] = root },
	} {
		var ix Ordered
		for i := range 1000 {
			ix.Insert(1, []graph.Value{graph.Int(int64(i))}, uint32(i))
		}
		silentIndex(t, &ix)
		if name == "depth" {
			leaf := ix.trees[numberFamily-1].root.kids[1]
			ix.trees[numberFamily-1].root.kids[1] = &page{heads: leaf.heads[:1], slots: leaf.slots[:1], kids: []*page{leaf}}
		} else {
			damage(&ix, ix.trees[numberFamily-1].root)
		}
		n := 0
		ix.Check(func(string) { n++ })
		require.NotZero(t, n, name)
	}
}

func TestIndexMemory(t *testing.T) {
	// The budget of a million elements with an integer is 24 MB, however they came.
	if raceEnabled {
		t.Skip("a million insertions under the race detector take too long, and show nothing new")
	}
	order := rand.New(rand.NewSource(1)).Perm(1_000_000)
	for name, at := range map[string]func(i int) int{
		"ascending": func(i int) int { return i }, "random": func(i int) int { return order[i] },
	} {
		var ix Ordered
		for i := range order {
			ix.Insert(uint64(i/50_000), []graph.Value{graph.Int(int64(at(i)))}, uint32(i))
		}
		t.Logf("%s: %.1f bytes an entry", name, float64(ix.Bytes())/1e6)
		require.Less(t, ix.Bytes(), 24_000_000, name)
	}
}

// TestAppendInts compares what is entered in runs with what is entered one by
// one, where runs are broken in every way there is.
func TestAppendInts(t *testing.T) {
	rng := rand.New(rand.NewSource(3))
	for range 40 {
		var ix, plain Ordered
		var all rows
		slot, next := uint32(0), int64(rng.Intn(5)-2)
		for gen := uint64(1); gen <= 4; gen++ {
			var values []int64
			var slots []uint32
			for range rng.Intn(700) {
				switch rng.Intn(200) {
				case 0:
					next -= int64(rng.Intn(300)) // perhaps one that is there
				case 1:
					next = []int64{exactInt - 2, -exactInt - 1, math.MaxInt64 - 1, math.MinInt64, 0, 5000}[rng.Intn(6)]
				}
				next += int64(rng.Intn(3))
				slot++
				values, slots = append(values, next), append(slots, slot)
				all = append(all, row{slot, []graph.Value{graph.Int(next)}})
				require.True(t, plain.Insert(gen, all[len(all)-1].values, slot))
			}
			before, beforeLen := ix, ix.Len()
			for len(slots) > 0 {
				n := ix.AppendInts(gen, values, slots)
				if n == 0 {
					n = 1
					require.True(t, ix.Insert(gen, []graph.Value{graph.Int(values[0])}, slots[0]))
				}
				values, slots = values[n:], slots[n:]
			}
			silentIndex(t, &before)
			require.Equal(t, beforeLen, len(drain(before.Range(graph.Range{}), 100)))
		}
		require.Equal(t, plain.Distinct(), ix.Distinct())
		agreeIndex(t, rng, &ix, all, []maker{ints})
	}
}

// TestAppendIntsFillsPages: of each page one entry is inserted, the rest follow
// in one go; the first page grows as any.
func TestAppendIntsFillsPages(t *testing.T) {
	var ix Ordered
	values, slots := make([]int64, 1024), make([]uint32, 1024)
	inserted := 0
	for at := 0; at < 1<<16; at += len(values) {
		for i := range values {
			values[i], slots[i] = int64(3*(at+i)), uint32(at+i)
		}
		for i := 0; i < len(values); {
			n := ix.AppendInts(1, values[i:], slots[i:])
			if n == 0 {
				n = 1
				inserted++
				ix.Insert(1, []graph.Value{graph.Int(values[i])}, slots[i])
			}
			i += n
		}
	}
	silentIndex(t, &ix)
	require.LessOrEqual(t, inserted, 1<<16/pageMax+8)
	require.Less(t, ix.Bytes(), 14*1<<16)
}

func TestLookupsDoNotAllocate(t *testing.T) {
	var ix Ordered
	for i := range 10_000 {
		ix.Insert(1, []graph.Value{graph.Int(int64(i))}, uint32(i))
		ix.Insert(1, []graph.Value{graph.String(fmt.Sprintf("somebody-%d", i))}, uint32(i))
	}
	dst := make([]uint32, 0, 10)
	values := []graph.Value{graph.Int(77)}
	text := []graph.Value{graph.String("somebody-7777")}
	require.Zero(t, testing.AllocsPerRun(100, func() {
		dst = ix.Seek(dst[:0], values)
		dst = ix.Seek(dst, text)
		ix.Find(values)
	}))
	require.Equal(t, []uint32{77, 7777}, dst)
}

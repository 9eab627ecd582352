package column

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
)

// someValue draws values so that chunks of every kind and width come up.
func someValue(r *rand.Rand, mode int) graph.Value {
	switch mode {
	case 0:
		return graph.Int(int64(r.Intn(100)))
	case 1:
		return graph.Int(int64(r.Uint64()))
	case 2:
		return graph.Float(float64(r.Intn(1000)) / 100)
	case 3:
		return graph.Float(r.NormFloat64())
	case 4:
		return graph.String([]string{"red", "green", "blue", ""}[r.Intn(4)])
	case 5:
		return graph.String(fmt.Sprint("user-", r.Intn(1e6)))
	case 6:
		return graph.Bool(r.Intn(2) == 0)
	case 7:
		return graph.Date(int64(r.Intn(20000)))
	case 8:
		return graph.Float(float64(float32(r.NormFloat64())))
	case 9:
		return otherValues[r.Intn(len(otherValues))]
	case 10:
		return graph.Int(-5)
	}
	return someValue(r, r.Intn(11))
}

var otherValues = []graph.Value{
	graph.Bytes([]byte{0, 255}), graph.List(nil),
	graph.List([]graph.Value{graph.String("a"), graph.String("")}),
	graph.List([]graph.Value{graph.Int(math.MinInt64), graph.Int(7)}),
	graph.Vector([]float32{1, -2.5}), graph.LocalTime(5), graph.Time(7, -3600),
	graph.LocalDateTime(-1, 999), graph.DateTime(graph.Zoned{Seconds: 5, Nanos: 6, Offset: 7, Zone: "Europe/Zurich"}),
	graph.Duration(graph.Span{Months: 1, Days: -2, Seconds: 3, Nanos: 4}),
	graph.Point(graph.Coordinates{SRID: 4326, X: 1, Y: math.Inf(1), Z: 0}),
	graph.Float(math.NaN()), graph.Float(math.Copysign(0, -1)), graph.Float(math.MaxFloat64),
	graph.Int(math.MaxInt64), graph.Int(math.MinInt64),
}

func same(t *testing.T, want, got graph.Value) {
	t.Helper()
	if want.Kind() == got.Kind() && string(AppendValue(nil, want)) == string(AppendValue(nil, got)) {
		return
	}
	require.Equal(t, want.Kind(), got.Kind())
	require.Equal(t, AppendValue(nil, want), AppendValue(nil, got))
}

// TestColumnAgainstModel changes a column over many generations, keeps some
// versions, rolls some transactions back, and compares all of them in the end.
func TestColumnAgainstModel(t *testing.T) {
	for mode := 0; mode <= 11; mode++ {
		t.Run(fmt.Sprint("mode ", mode), func(t *testing.T) { modelRun(t, int64(mode), mode) })
	}
}

type version struct {
	col   Column
	model map[uint32]graph.Value
}

func modelRun(t *testing.T, seed int64, mode int) {
	r := rand.New(rand.NewSource(seed))
	var strs Strings
	var versions []version
	cur := version{model: map[uint32]graph.Value{}}
	length := uint32(0)
	for gen := uint64(1); gen <= 40; gen++ {
		w := &Writer{Gen: gen, Fresh: uint64(length)}
		next := version{col: cur.col, model: map[uint32]graph.Value{}}
		for k, v := range cur.model {
			next.model[k] = v
		}
		newLength := length + uint32(r.Intn(400))
		density := r.Intn(4)
		for s := length; s < newLength; s++ {
			if r.Intn(4) <= density {
				v := someValue(r, mode)
				require.NoError(t, next.col.Set(w, s, v, &strs))
				next.model[s] = v
			}
		}
		for i := 0; i < r.Intn(200) && length > 0; i++ {
			s := uint32(r.Intn(int(length)))
			v := someValue(r, mode)
			if r.Intn(4) == 0 {
				v = graph.Null
			}
			if r.Intn(20) == 0 {
				v = someValue(r, 11)
			}
			require.NoError(t, next.col.Set(w, s, v, &strs))
			next.model[s] = v
			if v.IsNull() {
				delete(next.model, s)
			}
		}
		if r.Intn(5) == 0 {
			continue // rolled back
		}
		next.col.Seal(w, newLength)
		length = newLength
		cur = next
		if r.Intn(3) == 0 {
			versions = append(versions, cur)
		}
	}
	versions = append(versions, cur)
	view := strs.View()
	for _, v := range versions {
		compareModel(t, v, length, &view)
	}
	roundTrip(t, cur, length, &view)
}

func compareModel(t *testing.T, v version, length uint32, view *View) {
	require.Equal(t, len(v.model), v.col.Len())
	slots := make([]uint32, 0, length+1)
	for s := uint32(0); s < length; s++ {
		slots = append(slots, s)
		same(t, v.model[s], v.col.Get(s, view))
	}
	slots = append(slots, noSlot)
	out := make([]graph.Value, len(slots))
	Values(&v.col, slots, out, view)
	for i, s := range slots {
		same(t, v.model[s], out[i])
	}
	compareWords(t, v, slots, view)
	compareWords(t, v, []uint32{noSlot, 3, length / 2, 3, 0}, view)
}

// compareWords asks for the words chunk by chunk, as far as they have one kind,
// and of all slots.
func compareWords(t *testing.T, v version, slots []uint32, view *View) {
	var w graph.Words
	for first := 0; first < len(slots); first += ChunkSlots {
		part := slots[first:min(first+ChunkSlots, len(slots))]
		mixed := map[graph.Kind]bool{}
		for _, s := range part {
			mixed[v.model[s].Kind()] = true
		}
		delete(mixed, graph.KindNull)
		if !Words(&v.col, part, &w) {
			continue // more kinds than one are or were in the chunk
		}
		require.LessOrEqual(t, len(mixed), 1)
		nulls := 0
		for i, s := range part {
			if w.IsNull(i) {
				nulls++
				same(t, graph.Null, v.model[s])
				continue
			}
			same(t, v.model[s], wordValue(w.Kind, w.Words[i], view))
		}
		require.Equal(t, nulls, w.Nulls)
	}
}

// wordValue makes a Value of a word.
func wordValue(k graph.Kind, word int64, strs *View) graph.Value {
	for own, words := range wordKinds {
		if words == k {
			return kind(own).value(word, strs)
		}
	}
	return graph.Null
}

// roundTrip writes the column as groups and reads it back.
func roundTrip(t *testing.T, v version, length uint32, view *View) {
	var strs Strings
	for i := uint32(0); i < uint32(view.Len()); i++ {
		_, err := strs.Intern(view.Get(i))
		require.NoError(t, err)
	}
	var back Column
	w := &Writer{Gen: 1}
	var g, h Group
	for first := uint32(0); first < length; first += ChunkSlots {
		n := min(ChunkSlots, length-first)
		slots := make([]uint32, n)
		for i := range slots {
			slots[i] = first + uint32(i)
		}
		if !g.Gather(&v.col, slots, view) {
			continue
		}
		data := g.Append(nil, int(n), func(id uint32) uint32 { return id })
		require.True(t, h.Read(data, int(n), uint32(strs.Len())))
		require.NoError(t, back.AppendGroup(w, first/ChunkSlots, int(n), &h, &strs))
		for cut := 0; cut < len(data); cut += 1 + len(data)/50 {
			require.False(t, h.Read(data[:cut], int(n), uint32(strs.Len())), "cut at %d", cut)
		}
	}
	bv := strs.View()
	compareModel(t, version{back, v.model}, length, &bv)
}

func TestIntsAgainstModel(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for _, v := range []Ints{{}, NewRuns()} {
		var model []int64
		type kept struct {
			v     Ints
			model []int64
		}
		var versions []kept
		for gen := uint64(1); gen < 30; gen++ {
			w := &Writer{Gen: gen, Fresh: uint64(len(model))}
			next, m := v, append([]int64(nil), model...)
			for i := r.Intn(3000); i > 0; i-- {
				x := int64(len(m) + 7)
				if gen%3 == 0 {
					x = int64(r.Intn(1 << (gen % 40)))
				}
				next.Set(w, uint32(len(m)), x)
				m = append(m, x)
			}
			for i := 0; i < 50 && len(m) > 0; i++ {
				k := r.Intn(len(m))
				m[k] = int64(r.Intn(100000)) - 5000
				next.Set(w, uint32(k), m[k])
			}
			if gen%7 == 0 {
				continue
			}
			next.Seal(w, uint32(len(m)))
			v, model = next, m
			versions = append(versions, kept{v, m})
		}
		for _, k := range versions {
			for i, x := range k.model {
				require.Equal(t, x, k.v.Get(uint32(i)))
			}
		}
	}
}

func TestBits(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	var b Bits
	model := map[uint32]bool{}
	for gen := uint64(1); gen < 20; gen++ {
		w := &Writer{Gen: gen}
		before, n := b, b.Len()
		for i := 0; i < 300; i++ {
			k, on := uint32(r.Intn(5000)), r.Intn(3) > 0
			require.Equal(t, model[k] != on, b.Set(w, k, on))
			model[k] = on
		}
		require.Equal(t, n, before.Count(func(uint32) { t.Error("count") }))
	}
	var want, got []uint32
	for i := uint32(0); i < 5000; i++ {
		if model[i] {
			want = append(want, i)
		} else {
			c, ok := b.NextClear(i, 5000)
			require.True(t, ok)
			require.Equal(t, i, c)
		}
	}
	var dst [7]uint32
	for from := uint32(0); ; {
		n := Scan(&b, from, 5000, dst[:])
		got = append(got, dst[:n]...)
		if n < len(dst) {
			break
		}
		from = dst[n-1] + 1
	}
	require.Equal(t, want, got)
	require.Equal(t, len(want), b.Len())
}

func TestStrings(t *testing.T) {
	var s Strings
	texts := []string{"", "a", "", strings.Repeat("long ", 50_000), strings.Repeat("x", arenaBytes/4), strings.Repeat("y", arenaBytes), "a"}
	for i := 0; i < 20_000; i++ {
		texts = append(texts, fmt.Sprint("number ", i%15_000))
	}
	ids := map[string]uint32{}
	for _, text := range texts {
		id, err := s.Intern(text)
		require.NoError(t, err)
		if old, ok := ids[text]; ok {
			require.Equal(t, old, id)
		}
		ids[text] = id
	}
	v := s.View()
	require.Equal(t, len(ids), v.Len())
	for text, id := range ids {
		require.True(t, v.Get(id) == text)
		back, ok := s.Lookup(text)
		require.True(t, ok)
		require.Equal(t, id, back)
	}
	_, ok := s.Lookup("nobody")
	require.False(t, ok)
	_, err := s.Intern(strings.Repeat("z", MaxStringBytes+1))
	require.ErrorIs(t, err, graph.ErrLimit)
}

func TestPackedInts(t *testing.T) {
	r := rand.New(rand.NewSource(3))
	for width := 0; width <= 64; width++ {
		for _, n := range []int{1, 2, 7, 64, 1000} {
			values := make([]int64, n)
			for i := range values {
				if width > 0 {
					values[i] = int64(r.Uint64()>>(64-width)) - 17
				}
			}
			data := AppendInts([]byte{9}, values)[1:]
			out := make([]int64, n)
			rest, ok := ReadInts(append(data[:len(data):len(data)], 1, 2), out)
			require.True(t, ok)
			require.Equal(t, []byte{1, 2}, rest)
			require.Equal(t, values, out)
			for cut := range data {
				_, ok := ReadInts(data[:cut], out)
				require.False(t, ok)
			}
		}
	}
}

// TestReadPacked compares what is read as a chunk keeps it with what is read value
// by value, at every width, also where the bytes are the last there are.
func TestReadPacked(t *testing.T) {
	r := rand.New(rand.NewSource(4))
	for _, n := range []int{1, 2, 1000, ChunkSlots - 1, ChunkSlots} {
		for width := 0; width <= 64; width++ {
			for _, base := range []int64{0, -17, 1 << 40, math.MaxInt64 - math.MaxUint32, math.MaxInt64 - 2, math.MinInt64} {
				values := make([]int64, n)
				for i := range values {
					if width > 0 {
						values[i] = base + int64(r.Uint64()>>(64-width)) // which may begin again at the other end
					}
				}
				readsAlike(t, AppendInts(nil, values), values)
			}
		}
		run := make([]int64, n)
		for i := range run {
			run[i] = int64(i) - 3
		}
		readsAlike(t, AppendInts(nil, run), run)
		// What AppendInts would write shorter, and what it would not write at all.
		readsAlike(t, append([]byte{8, 2}, make([]byte, n)...), slices.Repeat([]int64{1}, n))
		readsAlike(t, append(binary.AppendVarint([]byte{8}, math.MaxInt64), slices.Repeat([]byte{1}, n)...), slices.Repeat([]int64{math.MinInt64}, n))
	}
}

func readsAlike(t *testing.T, data []byte, values []int64) {
	t.Helper()
	n := len(values)
	lo, hi := slices.Min(values), slices.Max(values)
	for _, behind := range [][]byte{{}, {1, 2, 3}, bytes.Repeat([]byte{255}, 20)} {
		all := append(slices.Clip(data), behind...)
		var p Packed
		rest, ok := p.Read(all, n)
		require.True(t, ok)
		require.Equal(t, behind, rest)
		require.Equal(t, n, p.Len())
		got := make([]int64, n)
		for i := range got {
			got[i] = p.At(i)
		}
		require.Equal(t, values, got)
		require.Equal(t, []int64{lo, hi}, []int64{p.lo, p.hi})
		require.Equal(t, n == 1 || data[0] == packedRun, p.Run())
		require.False(t, p.Same() && lo != hi)
		require.Equal(t, lo >= 0 && hi < 77, p.Within(77))
		var v Ints
		v.AppendChunk(&Writer{Gen: 1}, 0, &p)
		v.Chunk(0, got)
		require.Equal(t, values, got)
	}
	for _, cut := range []int{0, 1, len(data) / 2, len(data) - 1} {
		_, ok := new(Packed).Read(data[:cut:cut], n)
		require.False(t, ok)
	}
}

// TestWholeChunksAreNarrow: what is read whole has the form that it would have
// been given value by value.
func TestWholeChunksAreNarrow(t *testing.T) {
	r := rand.New(rand.NewSource(5))
	values := make([]int64, ChunkSlots)
	for width := 1; width <= 32; width++ {
		for i := range values {
			values[i] = r.Int63n(1<<width) - 5
		}
		var p Packed
		_, ok := p.Read(AppendInts(nil, values), ChunkSlots)
		require.True(t, ok)
		require.Equal(t, narrow(values), p.frame)
	}
}

func TestSealedChunksAreSmall(t *testing.T) {
	const n = 64 * ChunkSlots
	for _, c := range []struct {
		name string
		max  float64 // bytes a value
		gen  func(i int) graph.Value
	}{
		{"small integers", 1.3, func(i int) graph.Value { return graph.Int(int64(i % 200)) }},
		{"prices", 2.3, func(i int) graph.Value { return graph.Float(float64(i%500) / 100) }},
		{"constant", 0.3, func(i int) graph.Value { return graph.String("x") }},
		{"rare", 0.7, func(i int) graph.Value {
			if i%100 == 0 {
				return graph.Int(int64(i))
			}
			return graph.Null
		}},
		{"unique strings", 2.3, func(i int) graph.Value { return graph.String(fmt.Sprint(i)) }},
	} {
		var col Column
		var strs Strings
		w := &Writer{Gen: 1}
		for i := 0; i < n; i++ {
			require.NoError(t, col.Set(w, uint32(i), c.gen(i), &strs))
		}
		col.Seal(w, n)
		require.Less(t, float64(col.Bytes())/n, c.max, c.name)
	}
}

func FuzzGroup(f *testing.F) {
	f.Add([]byte{byte(kindInt) | allValid, 0, 3, 0, 1, 2}, 5)
	f.Add([]byte{byte(kindOther) | allValid, tagTrue}, 1)
	whole := append([]byte{byte(kindBool) | allValid, byte(codeBits), 1, 0}, make([]byte, ChunkSlots/8)...)
	f.Add(whole, ChunkSlots)
	f.Add(append([]byte{byte(kindInt) | allValid, byte(codeBits), 20, 7}, make([]byte, ChunkSlots*20/8)...), ChunkSlots)
	f.Fuzz(func(t *testing.T, data []byte, n int) {
		var g Group
		if g.Read(data, n, 0) {
			var c Column
			var s Strings
			require.NoError(t, c.AppendGroup(&Writer{Gen: 1}, 0, n, &g, &s))
		}
	})
}

// TestLongStringFirst: a string that has pieces of its own is not where the
// short ones go, although it is the first there is.
func TestLongStringFirst(t *testing.T) {
	for _, n := range []int{arenaBytes/4 - 3, arenaBytes / 4, arenaBytes, 5 * arenaBytes} {
		var s Strings
		texts := []string{strings.Repeat("first", n/5), "short", strings.Repeat("second", n/5), "short too"}
		for _, text := range texts {
			_, err := s.Intern(text)
			require.NoError(t, err)
		}
		for id, text := range texts {
			require.True(t, s.view.Get(uint32(id)) == text, "string %d of %d bytes", id, n)
		}
	}
}

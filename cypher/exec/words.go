package exec

import (
	"math"

	"github.com/pocketgraph/pocketgraph/cypher/plan"
	"github.com/pocketgraph/pocketgraph/graph"
)

// wordsOf are the words of a column: handles, or values of one scalar kind.
func (c *column) wordsOf(n int, w *graph.Words) bool {
	w.Reset(n)
	switch c.kind {
	case plan.Node:
		w.Kind = graph.KindNode
		for i, h := range c.nodes[:n] {
			if h == graph.NoNode {
				w.SetNull(i)
			}
			w.Words[i] = int64(h)
		}
		return true
	case plan.Rel:
		w.Kind = graph.KindRel
		for i, h := range c.rels[:n] {
			if h == graph.NoRel {
				w.SetNull(i)
			}
			w.Words[i] = int64(h)
		}
		return true
	}
	if c.kind == plan.Int {
		w.Kind = graph.KindInt
		copy(w.Words, c.ints[:n])
		return true
	}
	for i := range c.values[:n] {
		v := &c.values[i]
		switch k := v.Kind(); k {
		case graph.KindNull:
			w.SetNull(i)
		case graph.KindInt, graph.KindFloat, graph.KindNode, graph.KindRel:
			if w.Kind != k {
				if w.Kind != graph.KindNull {
					return false
				}
				w.Kind = k
			}
			w.Words[i] = v.AsInt() // of a Float, its bits
		default:
			return false
		}
	}
	return true
}

// full says that a column is of handles or integers, none of them null.
func (c *column) full(n int) bool {
	switch c.kind {
	case plan.Node:
		for _, h := range c.nodes[:n] {
			if h == graph.NoNode {
				return false
			}
		}
		return true
	case plan.Rel:
		for _, h := range c.rels[:n] {
			if h == graph.NoRel {
				return false
			}
		}
		return true
	}
	return c.kind == plan.Int
}

// bare computes the expression for every row as words, if it can.
func (e *expr) bare(f *frame, w *graph.Words) bool { return e.words != nil && e.words(f, w) }

// wordValue makes a Value of a word.
func (r *Run) wordValue(k graph.Kind, word int64) graph.Value {
	switch k {
	case graph.KindBool:
		return graph.Bool(word != 0)
	case graph.KindInt:
		return graph.Int(word)
	case graph.KindFloat:
		return graph.Float(math.Float64frombits(uint64(word)))
	case graph.KindString:
		return graph.String(r.reader.Text(word))
	case graph.KindNode:
		return graph.NodeValue(graph.Node(word))
	case graph.KindRel:
		return graph.RelValue(graph.Rel(word))
	}
	return graph.Null
}

// numbering numbers distinct rows in order of appearance. As long as every
// column has words of one kind it compares those; from the first row on that
// has not, it compares values.
type numbering struct {
	run   *Run
	width int
	kinds []graph.Kind // by column, KindNull while it has only nulls
	keys  []int64      // for each row its words, then a bitmap of the nulls
	slots []int32      // open addressing: number + 1
	near  []int32      // of rows of one small word, by that: number + 1, or 0 for not known here
	n     int
	nulls bool // in any column of keys

	// rising: every row so far was one word, larger than all before it, as keys
	// of a scan often are. Then slots and near are empty: nothing is looked up.
	rising bool

	table rowTable // instead of the above
	mixed bool
	row   []graph.Value
}

// maxWordColumns is how many columns the bitmap of nulls has room for.
const maxWordColumns = 63

func (t *numbering) reset(run *Run, width int) {
	t.run, t.width, t.n, t.nulls = run, width, 0, false
	t.mixed, t.rising = width > maxWordColumns, width == 1
	t.keys = t.keys[:0]
	clear(t.slots)
	clear(t.near)
	t.table.run, t.table.width = run, width
	t.table.clear()
	if len(t.kinds) != width {
		t.kinds, t.row = make([]graph.Kind, width), make([]graph.Value, width)
	}
	clear(t.kinds)
}

// agrees says whether words of these columns can be numbered with what is
// there. Floats cannot: 1.0 is 1.
func (t *numbering) agrees(columns []graph.Words) bool {
	if t.mixed {
		return false
	}
	for k := range columns {
		kind := columns[k].Kind
		if kind == graph.KindFloat || kind != graph.KindNull && t.kinds[k] != graph.KindNull && t.kinds[k] != kind {
			return false
		}
	}
	for k := range columns {
		t.nulls = t.nulls || columns[k].Nulls > 0
		if kind := columns[k].Kind; kind != graph.KindNull {
			t.kinds[k] = kind
		}
	}
	return true
}

// words numbers n rows; columns agree.
func (t *numbering) words(columns []graph.Words, n int, numbers []int32) {
	if len(columns) == 1 && columns[0].Nulls == 0 {
		// After an expand, equal rows come one after the other.
		last, number := int64(0), int32(-1)
		for i, x := range columns[0].Words[:n] {
			if x != last || number < 0 {
				last = x
				switch {
				case t.rising && (t.n == 0 || x > t.keys[len(t.keys)-2]):
					t.keys = append(t.keys, x, 0)
					number = int32(t.n)
					t.n++
				case uint64(x) < uint64(len(t.near)) && t.near[x] > 0:
					number = t.near[x] - 1
				default:
					number = t.find1(x)
					t.keepNear(x, number)
				}
			}
			numbers[i] = number
		}
		return
	}
	var buf [maxWordColumns + 1]int64
	key := buf[:len(columns)+1]
	for i := 0; i < n; i++ {
		nulls := int64(0)
		for k := range columns {
			key[k] = columns[k].Words[i]
			if columns[k].IsNull(i) {
				key[k] = 0
				nulls |= 1 << k
			}
		}
		key[len(columns)] = nulls
		numbers[i] = t.find(key)
	}
}

// mostNear is how many words have a place in near: numbers of texts and small
// integers are what groups are mostly made by.
const mostNear = 1 << 16

func (t *numbering) keepNear(x int64, number int32) {
	if uint64(x) >= mostNear {
		return
	}
	if int(x) >= len(t.near) {
		t.near = append(make([]int32, 0, max(64, 2*int(x))), t.near...)
		t.near = t.near[:cap(t.near)]
	}
	t.near[x] = number + 1
}

// golden is 2^64 over the golden ratio: multiplied by it, words that are near
// each other go far apart in the high bits.
const golden = 0x9E3779B97F4A7C15

// find1 numbers a row of one word that is not null.
func (t *numbering) find1(x int64) int32 {
	if t.rising || t.n*2 >= len(t.slots) {
		t.rehash()
	}
	mask := len(t.slots) - 1
	for i := int(uint64(x) * golden >> 32); ; i++ {
		at := t.slots[i&mask]
		if at == 0 {
			t.keys = append(t.keys, x, 0)
			t.n++
			t.slots[i&mask] = int32(t.n)
			return int32(t.n - 1)
		}
		if k := t.keys[at*2-2 : at*2]; k[0] == x && k[1] == 0 {
			return at - 1
		}
	}
}

func hashWords(key []int64) int {
	h := uint64(0)
	for _, x := range key[:len(key)-1] {
		h = (h>>29 ^ h ^ uint64(x)) * golden
	}
	return int(h >> 32)
}

func (t *numbering) find(key []int64) int32 {
	if t.rising || t.n*2 >= len(t.slots) {
		t.rehash()
	}
	mask, width := len(t.slots)-1, len(key)
next:
	for i := hashWords(key); ; i++ {
		at := int(t.slots[i&mask])
		if at == 0 {
			t.keys = append(t.keys, key...)
			t.n++
			t.slots[i&mask] = int32(t.n)
			return int32(t.n - 1)
		}
		for k, x := range t.keys[(at-1)*width : at*width] {
			if key[k] != x {
				continue next
			}
		}
		return int32(at - 1)
	}
}

// rehash puts all that is numbered into slots, with room for more.
func (t *numbering) rehash() {
	size := max(16, len(t.slots))
	for t.n*2 >= size {
		size *= 2
	}
	if !t.rising || size > len(t.slots) {
		t.run.take(4 * size)
		t.slots = make([]int32, size)
	}
	t.rising = false
	mask, width := len(t.slots)-1, t.width+1
	for n := 0; n < t.n; n++ {
		i := hashWords(t.keys[n*width : (n+1)*width])
		for t.slots[i&mask] != 0 {
			i++
		}
		t.slots[i&mask] = int32(n + 1)
		if n%pieceRows == pieceRows-1 {
			if t.run.tick(pieceRows); t.run.err != nil {
				return // and no row is asked for any more
			}
		}
	}
}

// value numbers one row of values.
func (t *numbering) value(row []graph.Value) int32 {
	if !t.mixed {
		t.mix()
	}
	n, fresh := t.table.find(row)
	if fresh {
		t.n++
	}
	return int32(n)
}

// mix goes over to values: what was numbered keeps its number.
func (t *numbering) mix() {
	t.mixed = true
	for n := 0; n < t.n; n++ {
		for k := range t.row {
			t.row[k] = t.at(n, k)
		}
		t.table.find(t.row)
		if t.run.tick(1); t.run.err != nil {
			return // and no row is asked for any more
		}
	}
}

// allInts says that column k has but Integers.
func (t *numbering) allInts(k int) bool {
	return !t.mixed && t.kinds[k] == graph.KindInt && !t.nulls
}

// at is column k of the row with a number.
func (t *numbering) at(n, k int) graph.Value {
	if len(t.table.hashes) > n {
		return t.table.row(n)[k]
	}
	key := t.keys[n*(t.width+1) : (n+1)*(t.width+1)]
	if key[t.width]>>k&1 != 0 {
		return graph.Null
	}
	return t.run.wordValue(t.kinds[k], key[k])
}

package exec

import (
	"github.com/pocketgraph/pocketgraph/cypher/plan"
	"github.com/pocketgraph/pocketgraph/graph"
)

// rowStore keeps rows: full batches of BatchSize, so that it grows without
// copying what is there.
type rowStore struct {
	kinds   []plan.Kind
	slots   []plan.Slot
	batches []*batch
	n       int
	spare   []*batch
}

func (s *rowStore) clear() {
	s.spare = append(s.spare, s.batches...)
	s.batches, s.n = s.batches[:0], 0
}

// last gives a batch with room.
func (s *rowStore) last() *batch {
	if k := len(s.batches); k > 0 && s.batches[k-1].n < BatchSize {
		return s.batches[k-1]
	}
	var b *batch
	if k := len(s.spare); k > 0 {
		b, s.spare = s.spare[k-1], s.spare[:k-1]
	} else {
		b = newBatch(len(s.kinds))
	}
	b.n, b.shared = 0, false
	s.batches = append(s.batches, b)
	return b
}

// add copies every row of src.
func (s *rowStore) add(src *batch) {
	for i := 0; i < src.n; {
		b := s.last()
		k := min(src.n-i, BatchSize-b.n)
		for _, slot := range s.slots {
			if src.cols[slot].has() {
				b.cols[slot].append(b.n, &src.cols[slot], i, k)
			}
		}
		b.n += k
		s.n += k
		i += k
	}
}

// put copies row i of src to row at, which is there or the next one.
func (s *rowStore) put(at int, src *batch, i int) {
	fresh := at == s.n
	if fresh {
		s.last().n++
		s.n++
	}
	b := s.batches[at/BatchSize]
	at %= BatchSize
	for _, slot := range s.slots {
		from, to := &src.cols[slot], &b.cols[slot]
		switch {
		case !from.has():
		case fresh:
			to.append(at, from, i, 1)
		default:
			to.set(at, from.value(i))
		}
	}
}

// append copies k rows of src, from row i on, to row at on, growing.
func (c *column) append(at int, src *column, i, k int) {
	c.kind = src.kind
	switch {
	case src.kind == plan.Node:
		c.nodes = append(c.nodes[:at], src.nodes[i:i+k]...)
	case src.kind == plan.Rel:
		c.rels = append(c.rels[:at], src.rels[i:i+k]...)
	case src.kind == plan.Int:
		c.ints = append(c.ints[:at], src.ints[i:i+k]...)
	default:
		c.values = append(c.values[:at], src.values[i:i+k]...)
	}
}

// gather copies the rows that index names into b from its start.
func (s *rowStore) gather(b *batch, index []int32) {
	for _, slot := range s.slots {
		if len(s.batches) == 0 || !s.batches[0].cols[slot].has() {
			continue
		}
		col := &b.cols[slot]
		col.grow(s.batches[0].cols[slot].kind, len(index))
		for i, row := range index {
			src := &s.batches[row/BatchSize].cols[slot]
			switch src.kind {
			case plan.Node:
				col.nodes[i] = src.nodes[row%BatchSize]
			case plan.Rel:
				col.rels[i] = src.rels[row%BatchSize]
			case plan.Int:
				col.ints[i] = src.ints[row%BatchSize]
			default:
				col.values[i] = src.values[row%BatchSize]
			}
		}
	}
	b.n = len(index)
}

// rowTable numbers distinct rows of width values in order of appearance, by
// open addressing on their hash.
type rowTable struct {
	run    *Run
	width  int
	values [][]graph.Value // width for each row, by BatchSize rows
	hashes []uint64
	table  []int32 // row number + 1
}

// find gives the number of a row, and whether it is new.
func (t *rowTable) find(row []graph.Value) (number int, fresh bool) {
	h := uint64(len(row))
	for _, v := range row {
		if k := v.Kind(); k == graph.KindList || k == graph.KindMap {
			h = t.run.nested().HashOn(h, v)
		} else {
			h = graph.HashOn(h, v)
		}
	}
	if len(t.hashes)*2 >= len(t.table) {
		t.rehash()
	}
	mask := uint64(len(t.table) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		at := t.table[i]
		if at == 0 {
			n := len(t.hashes)
			t.hashes = append(t.hashes, h)
			piece := n / BatchSize
			if piece == len(t.values) {
				t.values = append(t.values, nil)
			}
			if n%BatchSize == 0 {
				t.values[piece] = t.values[piece][:0] // of an execution before
			}
			t.values[piece] = append(t.values[piece], row...)
			t.table[i] = int32(n + 1)
			return n, true
		}
		if t.hashes[at-1] == h && t.same(int(at-1), row) {
			return int(at - 1), false
		}
	}
}

func (t *rowTable) row(i int) []graph.Value {
	at := i % BatchSize * t.width
	return t.values[i/BatchSize][at : at+t.width]
}

func (t *rowTable) same(i int, row []graph.Value) bool {
	for j, v := range t.row(i) {
		if !t.run.nested().Equivalent(v, row[j]) {
			return false
		}
	}
	return true
}

func (t *rowTable) rehash() {
	size := max(16, len(t.table)*2)
	t.run.take(4 * size)
	t.table = make([]int32, size)
	mask := uint64(size - 1)
	for n, h := range t.hashes {
		i := h & mask
		for t.table[i] != 0 {
			i = (i + 1) & mask
		}
		t.table[i] = int32(n + 1)
		if n%pieceRows == pieceRows-1 {
			if t.run.tick(pieceRows); t.run.err != nil {
				return // and no row is asked for any more
			}
		}
	}
}

func (t *rowTable) clear() {
	t.hashes = t.hashes[:0]
	clear(t.table)
}

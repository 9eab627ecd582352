package exec

import (
	"math"

	"github.com/pocketgraph/pocketgraph/cypher/plan"
	"github.com/pocketgraph/pocketgraph/graph"
)

// sorter orders all rows of its input. With a bound on the rows wanted it keeps
// those only, in a heap whose root is the last of them.
type sorter struct {
	run       *Run
	in        operator
	p         *plan.Sort
	keys      []*expr
	top, skip *expr
	lazy      bool // keys may be computed for some rows only
	store     rowStore
	values    [][]graph.Value // len(keys) for each stored row, by batches of the store
	arrival   []int32         // of each stored row, when only some are kept
	arrived   int32
	order     []int32 // stored rows: the heap, in the end the answer
	room      []int32 // for sorting
	sorted    bool
	given     int
	f         frame
	out       *batch
}

func (c *compiler) sort(p *plan.Sort, in factory) factory {
	keys := make([]*expr, len(p.Keys))
	for i, k := range p.Keys {
		keys[i] = c.expr(k.Expr)
	}
	var top, skip *expr
	if p.Top != nil {
		top = c.expr(p.Top)
	}
	if p.Skip != nil {
		skip = c.expr(p.Skip)
	}
	lazy := true
	for _, e := range keys {
		lazy = lazy && e.safe
	}
	return func(r *Run) operator {
		kinds := r.program.Plan.Kinds
		return &sorter{run: r, in: in(r), p: p, keys: keys, top: top, skip: skip, lazy: lazy,
			store: rowStore{kinds: kinds, slots: p.Keep}, out: newBatch(len(kinds))}
	}
}

func (s *sorter) reset(arg *batch) {
	s.in.reset(arg)
	s.store.clear()
	s.order, s.sorted = s.order[:0], false
	s.arrival, s.arrived, s.given = s.arrival[:0], 0, 0
}

func (s *sorter) next() *batch {
	if !s.sorted {
		s.fill()
		s.sorted = true
	}
	rest := s.order[s.given:]
	if s.run.err != nil || len(rest) == 0 {
		return nil
	}
	n := min(len(rest), BatchSize)
	s.store.gather(s.out, rest[:n])
	s.out.n = n
	s.given += n
	return s.out
}

func (s *sorter) fill() {
	want := int64(-1)
	if s.top != nil {
		want = s.run.rowCount(s.top, s.p.Top.Span())
		if s.skip != nil {
			want += s.run.rowCount(s.skip, s.p.Skip.Span())
		}
	}
	for b := s.in.next(); b != nil && s.run.err == nil; b = s.in.next() {
		if want >= 0 {
			s.offer(b, int(min(want, math.MaxInt32)))
		} else {
			s.add(b)
		}
		s.run.tick(b.n)
	}
	if s.run.err != nil {
		return
	}
	if want < 0 {
		for i := range s.store.n {
			s.order = append(s.order, int32(i))
		}
	}
	s.room = room(s.room, len(s.order))
	s.run.sortRows(s.order, s.room, s.compare)
}

// add keeps every row of a batch.
func (s *sorter) add(b *batch) {
	f := s.f.on(s.run, b)
	from := s.store.n
	buf := s.run.borrow(b.n)
	for k, e := range s.keys {
		e.all(f, buf)
		for i, v := range buf {
			s.keysOf(int32(from + i))[k] = v
		}
	}
	s.run.release(buf)
	s.run.buffer(b.n)
	s.store.add(b)
}

// keysOf is the room for the keys of a stored row.
func (s *sorter) keysOf(row int32) []graph.Value {
	at, width := int(row)/BatchSize, len(s.keys)
	if at == len(s.values) {
		size := BatchSize
		if at == 0 {
			size = firstBatch // a LIMIT 10 needs no more
		}
		s.values = append(s.values, make([]graph.Value, size*width))
	}
	i := int(row) % BatchSize * width
	if i >= len(s.values[at]) {
		s.values[at] = append(make([]graph.Value, 0, BatchSize*width), s.values[at]...)[:BatchSize*width]
	}
	return s.values[at][i : i+width]
}

// offer keeps the rows of a batch that come before the last of the wanted ones.
// Most do not, and the first key tells: where that is an Integer the others
// are not even computed for them.
func (s *sorter) offer(b *batch, want int) {
	f := s.f.on(s.run, b)
	first := s.run.word(0)
	bare := s.lazy && s.keys[0].bare(f, first) && first.Kind == graph.KindInt && first.Nulls == 0
	width := len(s.keys)
	buf := s.run.borrow(b.n*width + width)
	row, columns := buf[b.n*width:], buf[:b.n*width]
	for k, e := range s.keys {
		if !bare {
			e.all(f, columns[k*b.n:(k+1)*b.n])
		}
	}
	for i := 0; i < b.n && s.run.err == nil; i++ {
		if bare && len(s.order) == want && (want == 0 || s.behind(first.Words[i])) {
			continue
		}
		for k, e := range s.keys {
			if bare {
				f.i = i
				row[k] = e.row(f)
			} else {
				row[k] = columns[k*b.n+i]
			}
		}
		s.offerRow(b, i, row, want)
	}
	s.run.release(buf)
}

// behind says that a first key puts a row behind all that are kept.
func (s *sorter) behind(x int64) bool {
	last := &s.keysOf(s.order[0])[0]
	if last.Kind() != graph.KindInt {
		return false
	}
	if s.p.Keys[0].Desc {
		return x < last.AsInt()
	}
	return x > last.AsInt()
}

func (s *sorter) offerRow(b *batch, i int, row []graph.Value, want int) {
	at := len(s.order)
	fresh := at < want
	if fresh {
		s.run.buffer(1)
		s.arrival = append(s.arrival, 0)
		s.order = append(s.order, int32(at))
	} else if want == 0 || !s.precedes(row) {
		return
	} else {
		at = int(s.order[0])
	}
	s.store.put(at, b, i)
	copy(s.keysOf(int32(at)), row)
	s.arrived++
	s.arrival[at] = s.arrived
	if fresh {
		s.up(at)
	} else {
		s.down()
	}
}

// precedes says whether a row with these keys, which comes later than all that
// are kept, goes before the last of them.
func (s *sorter) precedes(row []graph.Value) bool {
	last := s.keysOf(s.order[0])
	for k := range row {
		if c := s.compareKey(k, &row[k], &last[k]); c != 0 {
			return c < 0
		}
	}
	return false
}

// compareKey compares two values of one key in its direction.
func (s *sorter) compareKey(k int, a, b *graph.Value) int {
	c := 0
	if a.Kind() == graph.KindInt && b.Kind() == graph.KindInt {
		if x, y := a.AsInt(), b.AsInt(); x < y {
			c = -1
		} else if x > y {
			c = 1
		}
	} else {
		c = s.run.compareValues(*a, *b)
	}
	if s.p.Keys[k].Desc {
		return -c
	}
	return c
}

// compare compares two stored rows; those with equal keys stay in the order in
// which they came.
func (s *sorter) compare(a, b int32) int {
	width := len(s.keys)
	x, y := s.values[a/BatchSize][int(a%BatchSize)*width:], s.values[b/BatchSize][int(b%BatchSize)*width:]
	for k := range s.keys {
		if c := s.compareKey(k, &x[k], &y[k]); c != 0 {
			return c
		}
	}
	if len(s.arrival) > 0 {
		return int(s.arrival[a]) - int(s.arrival[b])
	}
	return int(a) - int(b)
}

// up and down restore the heap after the entry at i, or the root, has changed.
func (s *sorter) up(i int) {
	for i > 0 {
		parent := (i - 1) / 2
		if s.compare(s.order[parent], s.order[i]) > 0 {
			return
		}
		s.order[parent], s.order[i] = s.order[i], s.order[parent]
		i = parent
	}
}

func (s *sorter) down() {
	for i := 0; ; {
		child := 2*i + 1
		if child+1 < len(s.order) && s.compare(s.order[child+1], s.order[child]) > 0 {
			child++
		}
		if child >= len(s.order) || s.compare(s.order[child], s.order[i]) < 0 {
			return
		}
		s.order[i], s.order[child] = s.order[child], s.order[i]
		i = child
	}
}

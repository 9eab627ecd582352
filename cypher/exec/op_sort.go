package exec

import (
	"slices"

	"github.com/pocketgraph/pocketgraph/cypher/plan"
	"github.com/pocketgraph/pocketgraph/graph"
)

// sorter orders all rows of its input. With a bound on the rows wanted it cuts
// what it keeps down to them whenever it has twice as many.
type sorter struct {
	run       *Run
	in        operator
	p         *plan.Sort
	keys      []*expr
	top, skip *expr
	store     rowStore
	values    []graph.Value // len(keys) for each stored row
	order     []int32
	sorted    bool
	out       *batch
}

// topSlack is how many rows more than twice the wanted ones are kept before
// they are cut, so that small limits do not sort all the time.
const topSlack = 4 * BatchSize

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
	return func(r *Run) operator {
		kinds := r.program.Plan.Kinds
		return &sorter{run: r, in: in(r), p: p, keys: keys, top: top, skip: skip,
			store: rowStore{kinds: kinds, slots: p.Keep}, out: newBatch(len(kinds))}
	}
}

func (s *sorter) reset(arg *batch) {
	s.in.reset(arg)
	s.store.clear()
	s.values, s.order, s.sorted = s.values[:0], s.order[:0], false
}

func (s *sorter) next() *batch {
	if !s.sorted {
		s.fill()
		s.sorted = true
	}
	if s.run.err != nil || len(s.order) == 0 {
		return nil
	}
	n := min(len(s.order), BatchSize)
	s.store.gather(s.out, s.order[:n])
	s.out.n = n
	s.order = s.order[n:]
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
		s.add(b)
		if want >= 0 && int64(s.store.n) > 2*want+topSlack {
			s.sortOrder()
			s.cut(int(want))
		}
	}
	if s.run.err == nil {
		s.sortOrder()
	}
}

func (s *sorter) add(b *batch) {
	f := frame{run: s.run, b: b}
	from := len(s.values)
	width := len(s.keys)
	s.values = slices.Grow(s.values, b.n*width)[:from+b.n*width]
	buf := s.run.borrow(b.n)
	for k, e := range s.keys {
		e.all(&f, buf)
		for i, v := range buf {
			s.values[from+i*width+k] = v
		}
	}
	s.run.release(buf)
	s.run.buffer(b.n)
	s.run.tick(b.n)
	s.store.add(b)
}

func (s *sorter) sortOrder() {
	s.order = s.order[:0]
	for i := 0; i < s.store.n; i++ {
		s.order = append(s.order, int32(i))
	}
	width := len(s.keys)
	slices.SortStableFunc(s.order, func(a, b int32) int {
		for k := range s.keys {
			c := graph.Compare(s.values[int(a)*width+k], s.values[int(b)*width+k])
			if c != 0 {
				if s.p.Keys[k].Desc {
					return -c
				}
				return c
			}
		}
		return 0
	})
}

// cut keeps the first want rows only.
func (s *sorter) cut(want int) {
	keep := s.order[:min(want, len(s.order))]
	width := len(s.keys)
	values := make([]graph.Value, 0, len(keep)*width)
	for _, i := range keep {
		values = append(values, s.values[int(i)*width:int(i+1)*width]...)
	}
	kept := rowStore{kinds: s.store.kinds, slots: s.store.slots}
	for len(keep) > 0 {
		n := min(len(keep), BatchSize)
		s.store.gather(s.out, keep[:n])
		kept.add(s.out)
		keep = keep[n:]
	}
	s.run.buffer(kept.n - s.store.n)
	s.store, s.values = kept, values
}

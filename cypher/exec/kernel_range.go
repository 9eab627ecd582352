package exec

import (
	"math"

	"github.com/pocketgraph/pocketgraph/cypher/plan"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// propertyRef names a property of the element in a slot.
type propertyRef struct {
	slot plan.Slot
	key  int
}

// bound is a comparison of a property with something constant.
type bound struct {
	property *expr
	op       syntax.Op // property op limit
	limit    *expr
}

// newBound recognises property op constant and its mirror image.
func newBound(op syntax.Op, a, b *expr) *bound {
	switch {
	case op == syntax.NotEqual:
		return nil
	case a.of != nil && b.constant:
		return &bound{a, op, b}
	case b.of != nil && a.constant:
		switch op {
		case syntax.Less:
			op = syntax.Greater
		case syntax.LessEqual:
			op = syntax.GreaterEqual
		case syntax.Greater:
			op = syntax.Less
		case syntax.GreaterEqual:
			op = syntax.LessEqual
		}
		return &bound{b, op, a}
	}
	return nil
}

// between is every bound that a filter sets to one property: all comparisons
// are one interval, and the property is read once, as words.
//
//	Filter($low <= p.age AND p.age < $high)
type between struct {
	bounds []*bound
	plain  []*expr // the same comparisons, for properties that are not numbers
}

// joinBounds makes one condition of the bounds on a property; other conditions
// stay as they are. Conditions keep their order, a bound that of its first.
func joinBounds(conditions []*expr) []condition {
	out := make([]condition, 0, len(conditions))
next:
	for _, e := range conditions {
		if e.test == nil {
			out = append(out, condition{expr: e})
			continue
		}
		for i := range out {
			if r := out[i].between; r != nil && *r.bounds[0].property.of == *e.test.property.of {
				r.bounds, r.plain = append(r.bounds, e.test), append(r.plain, e)
				continue next
			}
		}
		out = append(out, condition{between: &between{[]*bound{e.test}, []*expr{e}}})
	}
	return out
}

// pick appends the rows whose property lies within the bounds. It reports
// false when the property or a bound is no number.
func (r *between) pick(f *frame, w *graph.Words, rows []int32) ([]int32, bool) {
	if !r.bounds[0].property.words(f, w) {
		return rows, false
	}
	switch w.Kind {
	case graph.KindNull:
		return rows, true
	case graph.KindInt:
		low, high, ok := r.ints(f)
		if !ok {
			return rows, false
		}
		return pickInts(w, low, high, rows), true
	case graph.KindFloat:
		low, high, ok := r.floats(f)
		if !ok {
			return rows, false
		}
		return pickFloats(w, low, high, rows), true
	}
	return rows, false
}

func pickInts(w *graph.Words, low, high int64, rows []int32) []int32 {
	if low > high {
		return rows
	}
	span := uint64(high) - uint64(low)
	rows = room(rows, len(w.Words))
	n := 0
	for i, x := range w.Words {
		if uint64(x)-uint64(low) <= span && (w.Nulls == 0 || !w.Null[i]) {
			rows[n] = int32(i)
			n++
		}
	}
	return rows[:n]
}

func pickFloats(w *graph.Words, low, high float64, rows []int32) []int32 {
	for i, x := range w.Words {
		if v := math.Float64frombits(uint64(x)); low <= v && v <= high && !w.IsNull(i) {
			rows = append(rows, int32(i))
		}
	}
	return rows
}

// ints are the smallest and the largest integer within the bounds.
func (r *between) ints(f *frame) (low, high int64, ok bool) {
	low, high = math.MinInt64, math.MaxInt64
	for _, b := range r.bounds {
		v := b.limit.row(f)
		switch v.Kind() {
		case graph.KindInt:
			x := v.AsInt()
			switch b.op {
			case syntax.Less:
				if x == math.MinInt64 {
					return 1, 0, true
				}
				high = min(high, x-1)
			case syntax.LessEqual:
				high = min(high, x)
			case syntax.Greater:
				if x == math.MaxInt64 {
					return 1, 0, true
				}
				low = max(low, x+1)
			case syntax.GreaterEqual:
				low = max(low, x)
			default:
				low, high = max(low, x), min(high, x)
			}
		case graph.KindFloat:
			x := v.AsFloat()
			if !(math.Abs(x) < 1<<62) {
				return 0, 0, false
			}
			down, up := int64(math.Floor(x)), int64(math.Ceil(x))
			switch b.op {
			case syntax.Less:
				high = min(high, up-1)
			case syntax.LessEqual:
				high = min(high, down)
			case syntax.Greater:
				low = max(low, down+1)
			case syntax.GreaterEqual:
				low = max(low, up)
			default: // nothing when it is no whole number
				low, high = max(low, up), min(high, down)
			}
		default:
			return 0, 0, false
		}
	}
	return low, high, true
}

// floats are the smallest and the largest float within the bounds.
func (r *between) floats(f *frame) (low, high float64, ok bool) {
	low, high = math.Inf(-1), math.Inf(1)
	for _, b := range r.bounds {
		v := b.limit.row(f)
		x, number := v.Number()
		if !number || x != x || v.Kind() == graph.KindInt && (v.AsInt() > 1<<53 || v.AsInt() < -1<<53) {
			return 0, 0, false
		}
		switch b.op {
		case syntax.Less:
			if math.IsInf(x, -1) {
				return 1, 0, true
			}
			high = min(high, math.Nextafter(x, math.Inf(-1)))
		case syntax.LessEqual:
			high = min(high, x)
		case syntax.Greater:
			if math.IsInf(x, 1) {
				return 1, 0, true
			}
			low = max(low, math.Nextafter(x, math.Inf(1)))
		case syntax.GreaterEqual:
			low = max(low, x)
		default:
			low, high = max(low, x), min(high, x)
		}
	}
	return low, high, true
}

package index

import "github.com/pocketgraph/pocketgraph/graph"

// Cursor walks an index between two bounds. It is valid as long as its version
// is not written.
type Cursor struct {
	trees      [families]tree
	first      int // the trees to walk
	last       int
	low, high  bound
	descending bool
	walk       walk
}

var _ graph.Cursor = (*Cursor)(nil)

// Range walks the entries that r describes. The values in r.Prefix are those
// of the first keys; the bounds are about the key after them, and keys that
// the index may have beyond are free. With a bound, only values come that its
// operator can order with it: of its family, without NaN. A bound of a kind
// that has no order (a duration, a point), or two bounds of different families,
// find nothing. Without bounds every value of that key comes, in the order of
// graph.Compare. Lists come by graph.Compare too: where items of two lists
// differ in kind, < and > do not order them, and the caller has to ask again.
func (ix *Ordered) Range(r graph.Range) *Cursor {
	c := &Cursor{trees: ix.trees, descending: r.Descending}
	if c.bounds(r) {
		c.rewind()
	} else {
		c.first, c.last = 0, -1
	}
	return c
}

// bounds sets the trees and bounds; false means that nothing can be found.
func (c *Cursor) bounds(r graph.Range) bool {
	for _, v := range r.Prefix {
		if !findable(v) {
			return false
		}
	}
	prefix := appendKey(nil, r.Prefix)
	if len(r.Prefix) > 0 {
		c.first = int(familyOf[r.Prefix[0].Kind()]) - 1
		c.last = c.first
	}
	f, bounded, ok := boundFamily(r)
	switch {
	case !ok:
		return false
	case !bounded:
		if len(r.Prefix) == 0 {
			c.first, c.last = 0, families-1
		}
		c.low, c.high = prefixBound(prefix, false), prefixBound(prefix, true)
		return true
	case len(r.Prefix) == 0:
		c.first = int(f) - 1
		c.last = c.first
	default:
		prefix = append(prefix, byte(f))
	}
	c.familyBounds(prefix, f, r)
	return true
}

// boundFamily returns the family that the bounds name. ok is false when they
// contradict each other or have no order.
func boundFamily(r graph.Range) (f family, bounded, ok bool) {
	if r.HasStartsWith {
		return stringFamily, true, true
	}
	for _, v := range []graph.Value{r.Low, r.High} {
		if v.IsNull() {
			continue
		}
		g := familyOf[v.Kind()]
		if !g.comparable() || !Indexable(v) || v.Kind() == graph.KindFloat && !findable(v) || bounded && g != f {
			return f, true, false
		}
		f, bounded = g, true
	}
	return f, bounded, true
}

// familyBounds sets the bounds inside one family, behind prefix.
func (c *Cursor) familyBounds(prefix []byte, f family, r graph.Range) {
	prefix = prefix[:len(prefix):len(prefix)] // each bound appends its own
	if r.HasStartsWith {
		key := appendText(prefix, r.StartsWith)
		c.low, c.high = prefixBound(key, false), prefixBound(key, true)
		return
	}
	c.low, c.high = prefixBound(prefix, false), prefixBound(prefix, true)
	if f == numberFamily {
		c.high = prefixBound(append(prefix, nanKey[:]...), false)
	}
	if !r.Low.IsNull() {
		c.low = prefixBound(appendValue(prefix, r.Low), !r.IncludeLow)
	}
	if !r.High.IsNull() {
		c.high = prefixBound(appendValue(prefix, r.High), r.IncludeHigh)
	}
}

var nanKey = [8]byte{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}

// rewind goes to the beginning of the tree that comes next.
func (c *Cursor) rewind() {
	if c.descending {
		c.walk.seekBack(c.trees[c.last].root, &c.high)
	} else {
		c.walk.seek(c.trees[c.first].root, &c.low)
	}
}

// Next fills dst and returns how many; 0 is the end. Elements with equal
// values come by ascending slot, in a descending walk by descending slot.
func (c *Cursor) Next(dst []uint32) int {
	n := 0
	for n < len(dst) && c.first <= c.last {
		p, i := c.walk.leaf()
		if p == nil {
			c.nextTree()
			continue
		}
		if c.descending {
			n += c.back(p, i, dst[n:])
		} else {
			n += c.forth(p, i, dst[n:])
		}
	}
	return n
}

func (c *Cursor) nextTree() {
	if c.descending {
		c.last--
	} else {
		c.first++
	}
	if c.first <= c.last {
		c.rewind()
	}
}

// forth delivers from entry i of a leaf on and moves the walk.
func (c *Cursor) forth(p *page, i int, dst []uint32) int {
	end := p.before(&c.high)
	n := copy(dst, p.slots[i:max(i, end)])
	switch {
	case i+n < end:
		c.walk.path[c.walk.depth-1].at = i + n
	case end < p.len():
		c.walk.depth = 0
	default:
		c.walk.nextLeaf()
	}
	return n
}

// back delivers entry i of a leaf and those before it and moves the walk.
func (c *Cursor) back(p *page, i int, dst []uint32) int {
	end := p.before(&c.low) // the first entry that still counts
	n := 0
	for ; n < len(dst) && i-n >= end; n++ {
		dst[n] = p.slots[i-n]
	}
	switch {
	case i-n >= end:
		c.walk.path[c.walk.depth-1].at = i - n
	case end > 0:
		c.walk.depth = 0
	default:
		c.walk.previousLeaf()
	}
	return n
}

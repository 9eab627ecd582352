package exec

import (
	"github.com/pocketgraph/pocketgraph/cypher/plan"
	"github.com/pocketgraph/pocketgraph/graph"
)

// BatchSize is the most rows in a batch: large enough that calls per batch
// cost nothing per row, small enough for a column of values to stay in a cache.
const BatchSize = 1024

// firstBatch is how many rows an operator makes first: a point lookup or a
// LIMIT 1 should not pay for columns of BatchSize.
const firstBatch = 16

// column is the values of one slot. Exactly one of the slices is used.
type column struct {
	kind   plan.Kind
	nodes  []graph.Node
	rels   []graph.Rel
	ints   []int64
	values []graph.Value
}

// grow makes room for n rows; what was there is lost when it has to move.
func (c *column) grow(kind plan.Kind, n int) {
	c.kind = kind
	switch kind {
	case plan.Node:
		if cap(c.nodes) < n {
			c.nodes = make([]graph.Node, n)
		}
		c.nodes = c.nodes[:n]
	case plan.Rel:
		if cap(c.rels) < n {
			c.rels = make([]graph.Rel, n)
		}
		c.rels = c.rels[:n]
	case plan.Int:
		if cap(c.ints) < n {
			c.ints = make([]int64, n)
		}
		c.ints = c.ints[:n]
	default:
		if cap(c.values) < n {
			c.values = make([]graph.Value, n)
		}
		c.values = c.values[:n]
	}
}

// has reports whether the slot is carried at all.
func (c *column) has() bool {
	return c.nodes != nil || c.rels != nil || c.ints != nil || c.values != nil
}

func (c *column) value(i int) graph.Value {
	switch c.kind {
	case plan.Node:
		if n := c.nodes[i]; n != graph.NoNode {
			return graph.NodeValue(n)
		}
		return graph.Null
	case plan.Rel:
		if r := c.rels[i]; r != graph.NoRel {
			return graph.RelValue(r)
		}
		return graph.Null
	case plan.Int:
		return graph.Int(c.ints[i])
	}
	return c.values[i]
}

func (c *column) node(i int) graph.Node {
	if c.kind == plan.Node {
		return c.nodes[i]
	}
	return c.values[i].AsNode()
}

func (c *column) rel(i int) graph.Rel {
	if c.kind == plan.Rel {
		return c.rels[i]
	}
	return c.values[i].AsRel()
}

func (c *column) set(i int, v graph.Value) {
	switch c.kind {
	case plan.Node:
		c.nodes[i] = v.AsNode()
	case plan.Rel:
		c.rels[i] = v.AsRel()
	case plan.Int:
		c.ints[i] = v.AsInt()
	default:
		c.values[i] = v
	}
}

func (c *column) setNode(i int, n graph.Node) {
	if c.kind == plan.Node {
		c.nodes[i] = n
	} else {
		c.values[i] = graph.NodeValue(n)
	}
}

func (c *column) setRel(i int, r graph.Rel) {
	if c.kind == plan.Rel {
		c.rels[i] = r
	} else {
		c.values[i] = graph.RelValue(r)
	}
}

// gather fills c from at on with the rows of src that rows names. Both have
// the same kind.
func (c *column) gather(at int, src *column, rows []int32) {
	switch {
	case c.kind != src.kind:
		for i, r := range rows {
			c.set(at+i, src.value(int(r)))
		}
	case c.kind == plan.Node:
		dst := c.nodes[at : at+len(rows)]
		for i, r := range rows {
			dst[i] = src.nodes[r]
		}
	case c.kind == plan.Rel:
		dst := c.rels[at : at+len(rows)]
		for i, r := range rows {
			dst[i] = src.rels[r]
		}
	case c.kind == plan.Int:
		dst := c.ints[at : at+len(rows)]
		for i, r := range rows {
			dst[i] = src.ints[r]
		}
	default:
		dst := c.values[at : at+len(rows)]
		for i, r := range rows {
			dst[i] = src.values[r]
		}
	}
}

// batch is rows in columns, indexed by slot. Slots that are not carried have
// empty columns.
type batch struct {
	n      int
	cols   []column
	shared bool // somebody else reads it too: not to be changed
}

//go:noinline
func newBatch(slots int) *batch { return &batch{cols: make([]column, slots)} }

// grow makes room for n rows in the given slots.
func (b *batch) grow(kinds []plan.Kind, slots []plan.Slot, n int) {
	for _, s := range slots {
		b.cols[s].grow(kinds[s], n)
	}
}

// gather copies rows of src, for the given slots.
func (b *batch) gather(at int, src *batch, slots []plan.Slot, rows []int32) {
	for _, s := range slots {
		if src.cols[s].has() {
			b.cols[s].gather(at, &src.cols[s], rows)
		}
	}
}

// share makes b a view of src.
func (b *batch) share(src *batch) {
	b.n, b.shared = src.n, src.shared
	copy(b.cols, src.cols)
}

// frame is where an expression is evaluated: a row of a batch. Expressions are
// called through pointers, so a frame that is a local variable is allocated:
// operators keep theirs.
type frame struct {
	run *Run
	b   *batch
	i   int
}

// on begins with the first row of a batch.
func (f *frame) on(r *Run, b *batch) *frame {
	f.run, f.b, f.i = r, b, 0
	return f
}

package exec

import (
	"github.com/pocketgraph/pocketgraph/cypher/plan"
	"github.com/pocketgraph/pocketgraph/graph"
)

// degree counts the relationships of a node of each row, and drops the rows
// without any.
func (c *compiler) degree(p *plan.Degree, in factory) factory {
	types := c.typeNames(p.Types)
	return func(r *Run) operator {
		return &degree{run: r, in: in(r), p: p, types: types, out: newBatch(len(r.program.Plan.Kinds))}
	}
}

type degree struct {
	run   *Run
	in    operator
	p     *plan.Degree
	types []int
	ids   []graph.TypeID
	nodes []graph.Node // of a batch, where they come as values
	rows  []int32
	out   *batch
}

func (d *degree) reset(arg *batch) { d.in.reset(arg) }

func (d *degree) next() *batch {
	for {
		b := d.in.next()
		if b == nil || d.run.err != nil {
			return nil
		}
		d.run.tick(b.n)
		d.count(b)
		if len(d.rows) == 0 {
			continue
		}
		d.out.grow(d.run.program.Plan.Kinds, d.p.Keep, len(d.rows))
		d.out.gather(0, b, d.p.Keep, d.rows)
		d.out.n = len(d.rows)
		return d.out
	}
}

// count finds the rows whose node has relationships, and how many.
func (d *degree) count(b *batch) {
	d.rows = d.rows[:0]
	ids, none := d.run.typeIDs(d.ids, d.types)
	d.ids = ids
	if none {
		return
	}
	from, counts := &b.cols[d.p.From], &d.out.cols[d.p.Slot]
	nodes := from.nodes
	if from.kind != plan.Node {
		for i := 0; i < b.n; i++ {
			d.nodes = append(d.nodes, from.node(i))
		}
		nodes, d.nodes = d.nodes, d.nodes[:0]
	}
	counts.grow(plan.Int, b.n)
	d.run.reader.Degrees(nodes[:b.n], d.p.Direction, ids, counts.ints)
	d.rows = room(d.rows, b.n)
	n := 0
	for i, k := range counts.ints[:b.n] {
		if k > 0 {
			counts.ints[n], d.rows[n] = k, int32(i)
			n++
		}
	}
	d.rows = d.rows[:n]
}

package exec

import (
	"github.com/pocketgraph/pocketgraph/cypher/plan"
	"github.com/pocketgraph/pocketgraph/graph"
)

// countRange counts nodes whose property lies between bounds, by the store's
// columns. Where those or the bounds are not all Integers it counts the rows of
// a scan with a filter, as if the rule did not exist.
type countRange struct {
	run    *Run
	p      *plan.CountRange
	label  int
	bounds *between // nil: the conditions are no bounds
	rows   operator // the scan with the filter
	f      frame
	out    *batch
	given  bool
}

func (c *compiler) countRange(p *plan.CountRange, in factory) factory {
	label := c.labels.add(p.Label)
	conditions := make([]*expr, len(p.Conditions))
	for i, cond := range p.Conditions {
		conditions[i] = c.condition(cond)
	}
	var bounds *between
	if joined := joinBounds(conditions); len(joined) == 1 {
		bounds = joined[0].between
	}
	rows := newFilter(c.labelScan(&plan.LabelScan{Common: p.Common, Slot: p.Node, Label: p.Label}, in), conditions)
	return func(r *Run) operator {
		return &countRange{run: r, p: p, label: label, bounds: bounds, rows: rows(r), out: newBatch(len(r.program.Plan.Kinds))}
	}
}

func (o *countRange) reset(arg *batch) {
	o.rows.reset(arg)
	o.f = frame{run: o.run}
	o.given = false
}

func (o *countRange) next() *batch {
	if o.given || o.run.err != nil {
		return nil
	}
	o.given = true
	n, ok := o.count()
	if !ok {
		for b := o.rows.next(); b != nil; b = o.rows.next() {
			n += b.n
		}
	}
	if o.run.err != nil {
		return nil
	}
	col := &o.out.cols[o.p.Slot]
	col.grow(o.run.program.Plan.Kinds[o.p.Slot], 1)
	col.set(0, graph.Int(int64(n)))
	o.out.n = 1
	return o.out
}

// count asks the store, if the conditions are a range of integers. Bounds that
// cannot be computed are left to the scan: it is an error only if a node is
// compared with them.
func (o *countRange) count() (n int, ok bool) {
	if o.bounds == nil {
		return 0, false
	}
	label, known := o.run.label(o.label)
	if !known || o.run.reader.NodeCountByLabel(label) == 0 {
		return 0, o.run.err == nil
	}
	low, high, ok := o.bounds.ints(&o.f)
	if !ok || o.run.err != nil {
		o.run.err = nil // one that says that the statement is to stop comes again
		return 0, false
	}
	key, known := o.run.key(o.bounds.bounds[0].property.of.key)
	if !known {
		return 0, true // no node can have it
	}
	o.run.tick(o.run.reader.NodeCountByLabel(label) / rowsOfWork)
	return o.run.reader.CountNodesBetween(label, key, low, high)
}

// rowsOfWork is how many values are compared in the time of one row's work.
const rowsOfWork = 16

package exec

import (
	"github.com/pocketgraph/pocketgraph/cypher/plan"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// creation makes the elements of one row.
type creation struct {
	nodes  []plan.NewNode
	rels   []plan.NewRel
	labels [][]written
	types  []written
	nodeP  []propertyMap
	relP   []propertyMap
}

func (c *compiler) creation(nodes []plan.NewNode, rels []plan.NewRel, merge bool) *creation {
	out := &creation{nodes: nodes, rels: rels}
	for _, n := range nodes {
		out.labels = append(out.labels, c.writtenLabels(n.Labels))
		out.nodeP = append(out.nodeP, c.propertyMap(n.Properties, merge))
	}
	for _, r := range rels {
		out.types = append(out.types, c.written(r.Type, &c.types))
		out.relP = append(out.relP, c.propertyMap(r.Properties, merge))
	}
	return out
}

// creator has the buffers of a run for a creation.
type creator struct {
	*creation
	labelIDs []graph.LabelID
	props    []graph.Property
}

// make creates everything for the frame's row and stores the handles in it.
func (c *creator) make(f *frame) {
	r := f.run
	w := r.writer()
	for i := range c.nodes {
		if r.err != nil {
			return
		}
		c.labelIDs = c.labelIDs[:0]
		for _, l := range c.labels[i] {
			c.labelIDs = l.appendLabels(f, c.labelIDs)
		}
		c.props = c.nodeP[i](f, c.props[:0])
		if r.err != nil {
			return
		}
		n, err := w.CreateNode(c.labelIDs, c.props)
		r.failWith(err, syntax.Range{})
		f.b.cols[c.nodes[i].Slot].setNode(f.i, n)
		r.counters.NodesCreated++
		r.counters.PropertiesSet += len(c.props)
		r.counters.LabelsAdded += len(c.labelIDs)
	}
	for i := range c.rels {
		if r.err != nil {
			return
		}
		c.makeRel(f, w, i)
	}
}

func (c *creator) makeRel(f *frame, w graph.Writer, i int) {
	r, p := f.run, &c.rels[i]
	start, end := f.b.cols[p.Start].node(f.i), f.b.cols[p.End].node(f.i)
	if start == graph.NoNode || end == graph.NoNode {
		r.fail("SemanticError", "MissingNode", "a relationship cannot be created: one of its ends is null", p.Pos)
		return
	}
	if r.isCondemned(start) || r.isCondemned(end) {
		r.failWith(graph.ErrNotFound, p.Pos)
		return
	}
	typ := c.types[i].typ(f)
	c.props = c.relP[i](f, c.props[:0])
	if r.err != nil {
		return
	}
	rel, err := w.CreateRel(start, end, typ, c.props)
	r.failWith(err, p.Pos)
	f.b.cols[p.Slot].setRel(f.i, rel)
	r.counters.RelationshipsCreated++
	r.counters.PropertiesSet += len(c.props)
}

func createdSlots(nodes []plan.NewNode, rels []plan.NewRel) []plan.Slot {
	var out []plan.Slot
	for _, n := range nodes {
		out = append(out, n.Slot)
	}
	for _, r := range rels {
		out = append(out, r.Slot)
	}
	return out
}

// create makes the pattern once for each row.
func (c *compiler) create(p *plan.Create, in factory) factory {
	creation := c.creation(p.Nodes, p.Rels, false)
	own := createdSlots(p.Nodes, p.Rels)
	return func(r *Run) operator {
		o := newMapOp(r, in)
		maker := &creator{creation: creation}
		o.do = func(f *frame, out *batch) {
			out.extend(f.b, own, r.program.Plan.Kinds)
			g := frame{run: r, b: out}
			for ; g.i < out.n && r.err == nil; g.i++ {
				maker.make(&g)
			}
		}
		return o
	}
}

// eachRow is an operator that does something to every row and passes it on.
func (c *compiler) eachRow(in factory, do []setter) factory {
	return func(r *Run) operator {
		o := newMapOp(r, in)
		o.do = func(f *frame, out *batch) {
			out.share(f.b)
			for f.i = 0; f.i < f.b.n && r.err == nil; f.i++ {
				for _, set := range do {
					set(f)
				}
			}
		}
		return o
	}
}

func (c *compiler) setItems(p *plan.SetItems, in factory) factory {
	return c.eachRow(in, c.setters(p.Items))
}

func (c *compiler) remove(p *plan.Remove, in factory) factory {
	return c.eachRow(in, c.removers(p.Items))
}

// deleter takes all rows, then deletes relationships before nodes, so that the
// order of rows and expressions does not matter.
type deleter struct {
	run    *Run
	in     operator
	exprs  []*expr
	spans  []syntax.Range
	detach bool
	store  rowStore
	filled bool
	at     int
	nodes  []graph.Node
	rels   []graph.Rel
	hops   []graph.Hop
}

func (c *compiler) delete(p *plan.Delete, in factory) factory {
	exprs := c.exprs(p.Exprs)
	spans := make([]syntax.Range, len(p.Exprs))
	for i, e := range p.Exprs {
		spans[i] = e.Span()
	}
	return func(r *Run) operator {
		return &deleter{run: r, in: in(r), exprs: exprs, spans: spans, detach: p.Detach,
			store: rowStore{kinds: r.program.Plan.Kinds, slots: p.Keep}}
	}
}

func (d *deleter) reset(arg *batch) {
	d.in.reset(arg)
	d.store.clear()
	d.filled, d.at = false, 0
	d.nodes, d.rels = d.nodes[:0], d.rels[:0]
}

func (d *deleter) next() *batch {
	if !d.filled {
		d.filled = true
		for b := d.in.next(); b != nil && d.run.err == nil; b = d.in.next() {
			d.collect(b)
			d.store.add(b)
			d.run.buffer(b.n)
		}
		if d.run.err == nil && d.run.writer() != nil {
			d.delete()
		}
	}
	if d.run.err != nil || d.at >= len(d.store.batches) {
		return nil
	}
	d.at++
	return d.store.batches[d.at-1]
}

func (d *deleter) collect(b *batch) {
	f := frame{run: d.run, b: b}
	for k, e := range d.exprs {
		for f.i = 0; f.i < b.n; f.i++ {
			d.collectValue(e.row(&f), d.spans[k])
		}
	}
}

func (d *deleter) collectValue(v graph.Value, at syntax.Range) {
	switch v.Kind() {
	case graph.KindNull:
	case graph.KindNode:
		d.nodes = append(d.nodes, v.AsNode())
	case graph.KindRel:
		d.rels = append(d.rels, v.AsRel())
	case graph.KindPath:
		d.nodes = append(d.nodes, v.AsPath().Nodes...)
		d.rels = append(d.rels, v.AsPath().Rels...)
	default:
		d.run.fail("TypeError", "InvalidArgumentType", "only nodes, relationships and paths can be deleted, found "+article(v), at)
	}
}

func (d *deleter) delete() {
	for _, r := range d.rels {
		d.deleteRel(r)
	}
	if len(d.rels) > 0 {
		d.run.released()
	}
	for _, n := range d.nodes {
		if d.detach && d.run.reader.HasNode(n) {
			d.hops = d.run.reader.AppendHops(d.hops[:0], n, graph.Both, nil)
			for _, hop := range d.hops {
				d.deleteRel(hop.Rel)
			}
		}
		d.run.condemn(n, d.spans[0])
	}
	if d.detach {
		d.run.released() // also what was condemned before and joined to these
	}
}

func (d *deleter) deleteRel(r graph.Rel) {
	if d.run.err != nil || !d.run.reader.HasRel(r) {
		return
	}
	d.run.failWith(d.run.rt.Writer.DeleteRel(r), d.spans[0])
	d.run.counters.RelationshipsDeleted++
	d.run.deleted = true
}

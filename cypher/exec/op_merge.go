package exec

import (
	"github.com/pocketgraph/pocketgraph/cypher/plan"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// merge matches its pattern for each row, seeing what earlier rows made, and
// creates it where it finds nothing.
func (c *compiler) merge(p *plan.Merge, in factory) factory {
	inner := c.op(p.Inner)
	creation := c.creation(p.Nodes, p.Rels, true)
	onCreate, onMatch := c.setters(p.OnCreate), c.setters(p.OnMatch)
	makes := append([]plan.Slot(nil), p.New...)
	return func(r *Run) operator {
		kinds := r.program.Plan.Kinds
		m := &merger{run: r, p: p, inner: inner(r), maker: creator{creation: creation}, onCreate: onCreate, onMatch: onMatch,
			arg: newBatch(len(kinds)), work: newBatch(len(kinds)), found: rowStore{kinds: kinds, slots: p.New}}
		o := newRowOp(r, in, p.Keep, makes)
		o.begin = m.begin
		o.more = m.more
		return o
	}
}

type merger struct {
	run      *Run
	p        *plan.Merge
	inner    operator
	maker    creator
	onCreate []setter
	onMatch  []setter
	arg      *batch   // the input row
	work     *batch   // the input row with one result
	found    rowStore // the results, New slots only
	at       int
}

func (m *merger) begin(f *frame) {
	m.found.clear()
	m.at = 0
	for _, s := range m.p.Required {
		if f.b.cols[s].node(f.i) == graph.NoNode {
			m.run.fail("SemanticError", "MissingNode", "MERGE cannot use a node that is null", syntax.Range{})
			return
		}
	}
	oneRow(m.arg, f.b, f.i)
	m.checkNulls()
	m.inner.reset(m.arg)
	for b := m.inner.next(); b != nil && m.run.err == nil; b = m.inner.next() {
		m.found.add(b)
	}
	if m.run.err != nil {
		return
	}
	if m.found.n == 0 {
		m.create()
		return
	}
	m.set(m.onMatch)
}

// checkNulls refuses null properties before matching: they would never match.
func (m *merger) checkNulls() {
	if m.run.writer() == nil {
		return
	}
	f := frame{run: m.run, b: m.arg}
	for _, p := range m.maker.nodeP {
		m.maker.props = p(&f, m.maker.props[:0])
	}
	for _, p := range m.maker.relP {
		m.maker.props = p(&f, m.maker.props[:0])
	}
}

// load puts the input row and result i into work.
func (m *merger) load(i int) *frame {
	for s := range m.arg.cols {
		if m.arg.cols[s].has() && !containsSlot(m.p.New, s) {
			m.work.cols[s] = m.arg.cols[s]
		}
	}
	m.work.n = 1
	m.work.grow(m.run.program.Plan.Kinds, m.p.New, 1)
	if i >= 0 {
		src := m.found.batches[i/BatchSize]
		for _, s := range m.p.New {
			if src.cols[s].has() {
				m.work.cols[s].set(0, src.cols[s].value(i%BatchSize))
			}
		}
	}
	return &frame{run: m.run, b: m.work}
}

func (m *merger) create() {
	f := m.load(-1)
	m.maker.make(f)
	for _, p := range m.p.Paths {
		if m.run.err == nil {
			m.work.cols[p.Path].set(0, m.run.path(p, m.work, 0))
		}
	}
	for _, set := range m.onCreate {
		if m.run.err == nil {
			set(f)
		}
	}
	if m.run.err == nil {
		m.found.add(m.work)
	}
}

func (m *merger) set(setters []setter) {
	for i := 0; len(setters) > 0 && i < m.found.n; i++ {
		f := m.load(i)
		for _, set := range setters {
			if m.run.err == nil {
				set(f)
			}
		}
	}
}

func (m *merger) more(out *batch, at int) bool {
	if m.at >= m.found.n {
		return false
	}
	src := m.found.batches[m.at/BatchSize]
	for _, s := range m.p.New {
		if src.cols[s].has() {
			out.cols[s].set(at, src.cols[s].value(m.at%BatchSize))
		}
	}
	m.at++
	return true
}

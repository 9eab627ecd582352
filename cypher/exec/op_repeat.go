package exec

import (
	"github.com/pocketgraph/pocketgraph/cypher/plan"
	"github.com/pocketgraph/pocketgraph/graph"
)

// maxRepetitions bounds how often a group is repeated in one path: each
// repetition has operators of its own.
const maxRepetitions = 10_000

// repeat is a depth-first search for ways from one node made of repetitions of
// a plan, no relationship of which is used twice.
type repeat struct {
	run    *Run
	p      *plan.Repeat
	inner  factory
	levels []*repetition // by depth; those above depth wait to be used again
	depth  int
	count  int // repetitions of the way just found
	rels   []graph.Rel
	row    *frame
	zero   bool // the way of no repetition is still to come
	from   graph.Node
	to     graph.Node
}

// repetition is one level of the search.
type repetition struct {
	root  operator
	arg   *batch
	found *batch
	at    int // the row of found that the way goes on from
	rels  int // relationships of the way before it
}

func (w *repeat) begin(f *frame, from, to graph.Node) {
	w.row, w.from, w.to = f, from, to
	w.depth, w.rels, w.zero = 0, w.rels[:0], false
	if from == graph.NoNode || w.p.ToBound && to == graph.NoNode {
		return
	}
	w.zero = w.p.Min == 0
	if w.p.Max != 0 {
		w.push(from)
	}
}

func (w *repeat) push(n graph.Node) {
	if w.depth == len(w.levels) {
		if w.depth >= maxRepetitions {
			w.run.limit("a group is repeated more often than the limit allows")
			return
		}
		w.levels = append(w.levels, &repetition{root: w.inner(w.run), arg: newBatch(len(w.run.program.Plan.Kinds))})
	}
	l := w.levels[w.depth]
	w.depth++
	oneRow(l.arg, w.row.b, w.row.i)
	l.arg.cols[w.p.InnerFrom].grow(plan.Node, 1)
	l.arg.cols[w.p.InnerFrom].setNode(0, n)
	l.root.reset(l.arg)
	l.found, l.at, l.rels = nil, 0, len(w.rels)
	w.run.tick(1)
}

// next gives the end of the next way, whose repetitions are the rows that the
// first count levels stand at.
func (w *repeat) next() (graph.Node, bool) {
	if w.zero {
		w.zero = false
		if !w.p.ToBound || w.from == w.to {
			w.count = 0
			return w.from, true
		}
	}
	for w.depth > 0 && w.run.err == nil {
		l := w.levels[w.depth-1]
		w.rels = w.rels[:l.rels]
		l.at++
		for l.found == nil || l.at >= l.found.n {
			if l.found, l.at = l.root.next(), 0; l.found == nil {
				break
			}
		}
		if l.found == nil {
			w.depth--
			continue
		}
		if !w.take(l) {
			continue
		}
		end := l.found.cols[w.p.InnerTo].node(l.at)
		w.count = w.depth
		if w.p.Max < 0 || w.depth < w.p.Max {
			w.push(end)
		}
		if w.count >= w.p.Min && (!w.p.ToBound || end == w.to) && w.run.err == nil {
			return end, true
		}
	}
	return 0, false
}

// take adds the relationships of a repetition to the way; false when one of
// them was used before.
func (w *repeat) take(l *repetition) bool {
	for _, s := range w.p.Steps {
		col := &l.found.cols[s.Rel]
		if !s.Many {
			if !w.use(col.rel(l.at)) {
				return false
			}
			continue
		}
		for _, item := range col.value(l.at).AsList() {
			if !w.use(item.AsRel()) {
				return false
			}
		}
	}
	return true
}

func (w *repeat) use(r graph.Rel) bool {
	if taken(w.rels, w.row, w.p.Distinct, r) {
		return false
	}
	if len(w.rels) >= w.run.limits.Path {
		w.run.limit("a path is longer than the limit allows")
		return false
	}
	w.rels = append(w.rels, r)
	return true
}

// way gives the relationships of the way just found, from left to right.
func (w *repeat) way() graph.Value {
	if !w.p.Reversed {
		return w.run.relList(w.rels[:w.ends(w.count)], false)
	}
	out := make([]graph.Value, 0, len(w.rels))
	for i := w.count - 1; i >= 0; i-- {
		for _, r := range w.rels[w.levels[i].rels:w.ends(i+1)] {
			out = append(out, graph.RelValue(r))
		}
	}
	return graph.List(out)
}

// ends is how many relationships the first n repetitions have.
func (w *repeat) ends(n int) int {
	if n < w.depth {
		return w.levels[n].rels
	}
	return len(w.rels)
}

// values lists what a variable was in each repetition.
func (w *repeat) values(s plan.Slot) graph.Value {
	out := make([]graph.Value, w.count)
	for i := range out {
		l := w.levels[i]
		at := i
		if w.p.Reversed {
			at = w.count - 1 - i
		}
		out[at] = l.found.cols[s].value(l.at)
	}
	return graph.List(out)
}

func (c *compiler) repeat(p *plan.Repeat, in factory) factory {
	inner := c.op(p.Inner)
	makes := []plan.Slot{p.Rels}
	if !p.ToBound {
		makes = append(makes, p.To)
	}
	for _, l := range p.Lists {
		makes = append(makes, l.All)
	}
	return func(r *Run) operator {
		o := newRowOp(r, in, p.Keep, makes)
		w := &repeat{run: r, p: p, inner: inner}
		o.begin = func(f *frame) {
			to := graph.NoNode
			if p.ToBound {
				to = f.b.cols[p.To].node(f.i)
			}
			w.begin(f, f.b.cols[p.From].node(f.i), to)
		}
		o.more = func(out *batch, at int) bool {
			end, ok := w.next()
			if !ok {
				return false
			}
			out.cols[p.Rels].set(at, w.way())
			if !p.ToBound {
				out.cols[p.To].setNode(at, end)
			}
			for _, l := range p.Lists {
				out.cols[l.All].set(at, w.values(l.Each))
			}
			return true
		}
		return o
	}
}

package exec

import (
	"github.com/pocketgraph/pocketgraph/cypher/plan"
	"github.com/pocketgraph/pocketgraph/graph"
)

// walk is a depth-first search for paths from one node, none of which uses a
// relationship twice. It gives one path at a time, shorter before longer.
type walk struct {
	run      *Run
	p        *plan.VarExpand
	ids      []graph.TypeID
	none     bool
	keys     []int // of the properties every relationship must have
	wanted   []graph.Value
	row      *frame
	hops     []graph.Hop // arena: the hops of every level
	levels   []walkLevel
	rels     []graph.Rel // the path so far
	zero     bool        // the path of no relationships is still to come
	from, to graph.Node
}

type walkLevel struct{ start, at, end int }

func (w *walk) begin(f *frame, from, to graph.Node) {
	w.row, w.from, w.to = f, from, to
	w.hops, w.levels, w.rels = w.hops[:0], w.levels[:0], w.rels[:0]
	w.zero = false
	if from == graph.NoNode || (w.p.ToBound && to == graph.NoNode) {
		return
	}
	w.zero = w.p.Min == 0
	if w.p.Max != 0 {
		w.push(from)
	}
}

func (w *walk) push(n graph.Node) {
	start := len(w.hops)
	if !w.none {
		w.hops = w.run.reader.AppendHops(w.hops, n, w.p.Direction, w.ids)
	}
	w.levels = append(w.levels, walkLevel{start, start, len(w.hops)})
	w.run.tick(len(w.hops) - start + 1)
}

// next gives the end of the next path; its relationships are in w.rels.
func (w *walk) next() (graph.Node, bool) {
	if w.zero {
		w.zero = false
		if !w.p.ToBound || w.from == w.to {
			return w.from, true
		}
	}
	for len(w.levels) > 0 && w.run.err == nil {
		top := &w.levels[len(w.levels)-1]
		// What the last path ended with belongs to the level below.
		w.rels = w.rels[:len(w.levels)-1]
		if top.at == top.end {
			w.hops = w.hops[:top.start]
			w.levels = w.levels[:len(w.levels)-1]
			continue
		}
		hop := w.hops[top.at]
		top.at++
		if !w.allowed(hop.Rel) {
			continue
		}
		w.rels = append(w.rels, hop.Rel)
		depth := len(w.rels)
		if depth >= w.run.limits.Path {
			w.run.limit("a path is longer than the limit allows")
			return 0, false
		}
		if w.p.Max < 0 || depth < w.p.Max {
			w.push(hop.Node)
		} else {
			w.levels = append(w.levels, walkLevel{len(w.hops), 0, 0})
		}
		if depth >= w.p.Min && (!w.p.ToBound || hop.Node == w.to) {
			return hop.Node, true
		}
	}
	return 0, false
}

func (w *walk) allowed(r graph.Rel) bool {
	return !taken(w.rels, w.row, w.p.Distinct, r) && w.run.hasProperties(r, w.keys, w.wanted)
}

// hasProperties says whether a relationship has each property with its value.
func (r *Run) hasProperties(rel graph.Rel, keys []int, wanted []graph.Value) bool {
	for i, k := range keys {
		id, ok := r.key(k)
		if !ok || graph.Equal(r.reader.RelProperty(rel, id), wanted[i]) != graph.True {
			return false
		}
	}
	return true
}

func (c *compiler) properties(ps []plan.Property) (keys []int, values []*expr) {
	for _, p := range ps {
		keys = append(keys, c.keys.add(p.Key))
		values = append(values, c.expr(p.Value))
	}
	return keys, values
}

func (r *Run) relList(rels []graph.Rel, reversed bool) graph.Value {
	r.take(valueBytes * len(rels))
	out := make([]graph.Value, len(rels))
	for i, rel := range rels {
		if reversed {
			i = len(rels) - 1 - i
		}
		out[i] = graph.RelValue(rel)
	}
	return graph.List(out)
}

func (c *compiler) varExpand(p *plan.VarExpand, in factory) factory {
	types := c.typeNames(p.Types)
	keys, values := c.properties(p.Properties)
	makes := []plan.Slot{p.Rels}
	if !p.ToBound {
		makes = append(makes, p.To)
	}
	return func(r *Run) operator {
		o := newRowOp(r, in, p.Keep, makes)
		w := &walk{run: r, p: p, keys: keys, wanted: make([]graph.Value, len(keys))}
		o.start = func() { w.ids, w.none = r.typeIDs(w.ids, types) }
		o.begin = func(f *frame) {
			to := graph.NoNode
			if p.ToBound {
				to = f.b.cols[p.To].node(f.i)
			}
			for i, v := range values {
				w.wanted[i] = v.row(f)
			}
			w.begin(f, f.b.cols[p.From].node(f.i), to)
		}
		o.more = func(out *batch, at int) bool {
			end, ok := w.next()
			if !ok {
				return false
			}
			out.cols[p.Rels].set(at, r.relList(w.rels, p.Reversed))
			if !p.ToBound {
				out.cols[p.To].setNode(at, end)
			}
			return true
		}
		return o
	}
}

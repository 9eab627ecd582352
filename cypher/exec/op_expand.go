package exec

import (
	"github.com/pocketgraph/pocketgraph/cypher/plan"
	"github.com/pocketgraph/pocketgraph/graph"
)

// expand follows one relationship from a node of each row.
type expand struct {
	run   *Run
	in    operator
	p     *plan.Expand
	types []int

	b      *batch // input
	i      int    // its row
	hops   []graph.Hop
	buf    []graph.Hop // where hops are, unless they are the store's own
	at     int         // next hop of row i; hops are loaded when open
	open   bool
	ids    []graph.TypeID
	none   bool // no type of the pattern exists
	out    *batch
	rows   []int32
	size   int
	needTo bool
}

func (c *compiler) expand(p *plan.Expand, in factory) factory {
	types := c.typeNames(p.Types)
	return func(r *Run) operator {
		return &expand{run: r, in: in(r), p: p, types: types, out: newBatch(len(r.program.Plan.Kinds)), size: firstBatch}
	}
}

func (c *compiler) typeNames(names []string) []int {
	out := make([]int, len(names))
	for i, n := range names {
		out[i] = c.types.add(n)
	}
	return out
}

// typeIDs resolves the types of a pattern. none says that it names types but
// the store knows not one of them. Operators ask once they have input, not when
// they are reset: the statement may create the types only then.
func (r *Run) typeIDs(dst []graph.TypeID, types []int) (ids []graph.TypeID, none bool) {
	dst = dst[:0]
	for _, t := range types {
		id, ok := r.typ(t)
		if ok && !containsType(dst, id) {
			dst = append(dst, id)
		}
	}
	if len(dst) == 0 {
		return nil, len(types) > 0
	}
	return dst, false
}

func containsType(ids []graph.TypeID, id graph.TypeID) bool {
	for _, x := range ids {
		if x == id {
			return true
		}
	}
	return false
}

func (e *expand) reset(arg *batch) {
	e.in.reset(arg)
	e.b, e.open = nil, false
}

func (e *expand) next() *batch {
	kinds := e.run.program.Plan.Kinds
	e.out.grow(kinds, e.p.Keep, e.size)
	rels, nodes := &e.out.cols[e.p.Rel], &e.out.cols[e.p.To]
	if !e.p.Unseen {
		rels.grow(plan.Rel, e.size)
	}
	if !e.p.ToBound {
		nodes.grow(plan.Node, e.size)
	}
	e.rows = room(e.rows, e.size)
	n, base := 0, 0
	for n < e.size {
		if !e.open && !e.openRow() {
			break
		}
		hops := e.hops[e.at:]
		if e.chooses() {
			hops = e.allowed(e.size - n)
		} else {
			hops = hops[:min(len(hops), e.size-n)]
			e.at += len(hops)
		}
		if !e.p.Unseen {
			for i, hop := range hops {
				rels.rels[n+i] = hop.Rel
			}
		}
		if !e.p.ToBound {
			for i, hop := range hops {
				nodes.nodes[n+i] = hop.Node
			}
		}
		for i := range hops {
			e.rows[n+i] = int32(e.i)
		}
		n += len(hops)
		if e.at >= len(e.hops) {
			e.open = false
			e.i++
			if e.i >= e.b.n { // the batch below changes: copy its rows now
				e.out.gather(base, e.b, e.p.Keep, e.rows[base:n])
				base = n
			}
		}
	}
	if n > base {
		e.out.gather(base, e.b, e.p.Keep, e.rows[base:n])
	}
	if n == 0 || e.run.err != nil {
		return nil
	}
	e.out.n = n
	if e.size < BatchSize {
		e.size *= 4
	}
	return e.out
}

// openRow loads the hops of the next row, taking the next batch when needed.
func (e *expand) openRow() bool {
	for e.b == nil || e.i >= e.b.n {
		if e.run.err != nil {
			return false
		}
		if e.b = e.in.next(); e.b == nil {
			return false
		}
		e.i = 0
		e.ids, e.none = e.run.typeIDs(e.ids, e.types)
	}
	from := e.b.cols[e.p.From].node(e.i)
	e.hops, e.at, e.open = nil, 0, true
	if from == graph.NoNode || e.none {
		return true
	}
	if e.p.ToBound {
		to := e.b.cols[e.p.To].node(e.i)
		if to != graph.NoNode {
			e.buf = e.run.reader.AppendHopsTo(e.buf[:0], from, to, e.p.Direction, e.ids)
			e.hops = e.buf
		}
	} else if e.chooses() || e.run.rt.Writer != nil { // hops change, or the graph does meanwhile
		e.buf = e.run.reader.AppendHops(e.buf[:0], from, e.p.Direction, e.ids)
		e.hops = e.buf
	} else {
		e.hops = e.run.reader.Hops(&e.buf, from, e.p.Direction, e.ids)
	}
	e.run.tick(len(e.hops) + 1)
	return e.run.err == nil
}

// chooses says that not every hop becomes a row.
func (e *expand) chooses() bool { return len(e.p.Distinct) > 0 || len(e.run.condemned.nodes) > 0 }

// allowed takes at most n hops whose relationships the row has not used, and
// that do not lead to a condemned node. They move together at the first place.
func (e *expand) allowed(n int) []graph.Hop {
	first, end := e.at, e.at
	for ; e.at < len(e.hops) && end-first < n; e.at++ {
		hop := e.hops[e.at]
		if !usesRel(e.b, e.i, e.p.Distinct, hop.Rel) && !e.run.isCondemned(hop.Node) {
			e.hops[end] = hop
			end++
		}
	}
	return e.hops[first:end]
}

// usesRel says whether a relationship, or a list of them, in one of the slots
// of a row is r.
func usesRel(b *batch, i int, slots []plan.Slot, r graph.Rel) bool {
	for _, s := range slots {
		col := &b.cols[s]
		if col.kind == plan.Rel {
			if col.rels[i] == r {
				return true
			}
			continue
		}
		v := col.values[i]
		if v.Kind() == graph.KindRel && v.AsRel() == r {
			return true
		}
		for _, item := range v.AsList() {
			if item.AsRel() == r && item.Kind() == graph.KindRel {
				return true
			}
		}
	}
	return false
}

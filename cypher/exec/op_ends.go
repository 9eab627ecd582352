package exec

import (
	"github.com/pocketgraph/pocketgraph/cypher/plan"
	"github.com/pocketgraph/pocketgraph/graph"
)

// nodeList gives a list of nodes as batches of one column.
type nodeList struct {
	run   *Run
	slot  plan.Slot
	nodes []graph.Node
	at    int
	kept  held
	out   *batch
}

func (l *nodeList) buffer(n int) { l.kept.add(l.run, n) }

func (l *nodeList) next() *batch {
	n := min(len(l.nodes)-l.at, BatchSize)
	if n == 0 || l.run.err != nil {
		l.kept.drop(l.run)
		return nil
	}
	l.out.cols[l.slot] = column{kind: plan.Node, nodes: l.nodes[l.at : l.at+n]}
	l.out.n, l.out.shared = n, true
	l.at += n
	return l.out
}

// ends follows a last relationship from the nodes of all rows, once from each
// node. A row forbids the relationships that it has used; from a node to which
// several rows lead only those are forbidden that all of them have used.
type ends struct {
	nodeList
	in     operator
	p      *plan.Ends
	types  []int
	ids    []graph.TypeID
	filled bool
	from   nodeTable
	used   []graph.Rel // len(p.Distinct) for each node of from; NoRel: one that is allowed
	seen   nodeBits
	hops   []graph.Hop

	counted int // ends that are in seen and not among nodes
}

// countedWords is up to how many words of the set of ends are emptied as a whole,
// so that the ends need not be kept for that: 32 KiB, which takes a microsecond.
const countedWords = 4 << 10

func (c *compiler) ends(p *plan.Ends, in factory) factory {
	types := c.typeNames(p.Types)
	return func(r *Run) operator {
		return &ends{nodeList: nodeList{run: r, slot: p.To, out: newBatch(len(r.program.Plan.Kinds))}, in: in(r), p: p, types: types}
	}
}

func (e *ends) reset(arg *batch) {
	e.in.reset(arg)
	if e.counted > 0 {
		clear(e.seen.words)
	}
	e.seen.clear(e.nodes)
	e.kept.drop(e.run)
	e.nodes, e.at, e.filled, e.counted = e.nodes[:0], 0, false, 0
	e.from.clear()
	e.used = e.used[:0]
}

func (e *ends) next() *batch {
	if e.filled {
		if e.p.Counted {
			return nil
		}
		return e.nodeList.next()
	}
	e.filled = true
	for b := e.in.next(); b != nil && e.run.err == nil; b = e.in.next() {
		e.collect(b)
	}
	e.buffer(len(e.from.nodes))
	e.follow()
	if e.p.Counted {
		return e.number()
	}
	return e.nodeList.next()
}

// number is the one row of how many ends there are.
func (e *ends) number() *batch {
	if e.kept.drop(e.run); e.run.err != nil {
		return nil
	}
	col := &e.out.cols[e.p.Count]
	col.grow(plan.Int, 1)
	col.ints[0] = int64(e.counted + len(e.nodes))
	e.out.n, e.out.shared = 1, true
	return e.out
}

// collect enters where the rows of a batch lead to.
func (e *ends) collect(b *batch) {
	from, width := &b.cols[e.p.From], len(e.p.Distinct)
	for i := 0; i < b.n; i++ {
		n := from.node(i)
		if n == graph.NoNode {
			continue
		}
		number, fresh := e.from.add(n)
		if fresh {
			for _, s := range e.p.Distinct {
				e.used = append(e.used, b.cols[s].rel(i))
			}
			continue
		}
		for k, r := range e.used[number*width : (number+1)*width] {
			if r != graph.NoRel && !usesRel(b, i, e.p.Distinct, r) {
				e.used[number*width+k] = graph.NoRel
			}
		}
	}
	e.run.tick(b.n)
}

// follow goes from every node to its ends.
func (e *ends) follow() {
	ids, none := e.run.typeIDs(e.ids, e.types)
	e.ids = ids
	if none {
		return
	}
	width := len(e.p.Distinct)
	for number, n := range e.from.nodes {
		hops := e.run.reader.Hops(&e.hops, n, e.p.Direction, ids)
		used := e.used[number*width : (number+1)*width]
		if e.p.Counted && width <= 2 && len(e.seen.words) <= countedWords {
			e.counted += e.seen.countEnds(hops, used)
		} else {
			before := len(e.nodes)
			e.nodes = e.seen.addEnds(e.nodes, hops, used)
			e.buffer(len(e.nodes) - before)
		}
		if e.run.tick(len(hops) + 1); e.run.err != nil {
			return
		}
	}
}

// reach searches breadth first from the nodes of all rows at once.
type reach struct {
	nodeList
	in     operator
	p      *plan.Reach
	types  []int
	keys   []int
	values []*expr
	wanted []graph.Value
	f      frame
	ids    []graph.TypeID
	filled bool
	start  nodeTable
	seen   nodeBits
	hops   []graph.Hop
}

func (c *compiler) reach(p *plan.Reach, in factory) factory {
	types := c.typeNames(p.Types)
	keys, values := c.properties(p.Properties)
	return func(r *Run) operator {
		return &reach{nodeList: nodeList{run: r, slot: p.To, out: newBatch(len(r.program.Plan.Kinds))}, in: in(r), p: p,
			types: types, keys: keys, values: values, wanted: make([]graph.Value, len(keys))}
	}
}

func (e *reach) reset(arg *batch) {
	e.in.reset(arg)
	e.seen.clear(e.nodes)
	e.kept.drop(e.run)
	e.nodes, e.at, e.filled = e.nodes[:0], 0, false
	e.start.clear()
}

func (e *reach) next() *batch {
	if !e.filled {
		e.filled = true
		for b := e.in.next(); b != nil && e.run.err == nil; b = e.in.next() {
			e.collect(b)
		}
		e.buffer(len(e.start.nodes))
		e.search()
	}
	return e.nodeList.next()
}

func (e *reach) collect(b *batch) {
	f := e.f.on(e.run, b)
	for i, v := range e.values {
		e.wanted[i] = v.row(f)
	}
	from := &b.cols[e.p.From]
	for i := 0; i < b.n; i++ {
		n := from.node(i)
		if n == graph.NoNode {
			continue
		}
		if _, fresh := e.start.add(n); fresh && e.p.Zero && e.seen.add(n) {
			e.nodes = append(e.nodes, n)
		}
	}
	e.run.tick(b.n)
}

// search goes level by level. Where it starts is followed first, and is an end
// when something leads back to it.
func (e *reach) search() {
	ids, none := e.run.typeIDs(e.ids, e.types)
	e.ids = ids
	if none {
		return
	}
	level, first := e.start.nodes, len(e.nodes)
	for depth := 0; len(level) > 0 && (e.p.Max < 0 || depth < e.p.Max); depth++ {
		for _, n := range level {
			if depth > 0 && e.start.find(n) >= 0 {
				continue
			}
			e.follow(n)
			if e.run.err != nil {
				return
			}
		}
		level, first = e.nodes[first:], len(e.nodes)
	}
}

// follow enters where the relationships of a node lead to.
func (e *reach) follow(n graph.Node) {
	hops := e.run.reader.Hops(&e.hops, n, e.p.Direction, e.ids)
	e.run.tick(len(hops) + 1)
	before := len(e.nodes)
	if len(e.keys) == 0 {
		e.nodes, hops = e.seen.addEnds(e.nodes, hops, nil), nil
	}
	for _, hop := range hops {
		if e.run.hasProperties(hop.Rel, e.keys, e.wanted) && e.seen.add(hop.Node) {
			e.nodes = append(e.nodes, hop.Node)
		}
	}
	e.buffer(len(e.nodes) - before)
}

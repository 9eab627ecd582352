package exec

import (
	"github.com/pocketgraph/pocketgraph/cypher/plan"
	"github.com/pocketgraph/pocketgraph/graph"
)

// relEnds binds, or checks, the ends of a relationship that the row has.
func (c *compiler) relEnds(p *plan.RelEnds, in factory) factory {
	types := c.typeNames(p.Types)
	var makes []plan.Slot
	if !p.FromBound {
		makes = append(makes, p.From)
	}
	if !p.ToBound {
		makes = append(makes, p.To)
	}
	return func(r *Run) operator {
		o := newRowOp(r, in, p.Keep, makes)
		var ids []graph.TypeID
		none := false
		var pairs [2][2]graph.Node
		left := 0
		o.start = func() { ids, none = r.typeIDs(ids, types) }
		o.begin = func(f *frame) {
			left = 0
			rel := f.b.cols[p.Rel].rel(f.i)
			if rel == graph.NoRel || none || !r.reader.HasRel(rel) || len(ids) > 0 && !containsType(ids, r.reader.RelType(rel)) || usesRel(f.b, f.i, p.Distinct, rel) {
				return
			}
			start, end := r.reader.RelEnds(rel)
			fits := func(from, to graph.Node) bool {
				if p.FromBound && f.b.cols[p.From].node(f.i) != from {
					return false
				}
				if p.From == p.To {
					return from == to
				}
				return !p.ToBound || f.b.cols[p.To].node(f.i) == to
			}
			if p.Direction != graph.Outgoing && (start != end || p.Direction == graph.Incoming) && fits(end, start) {
				pairs[left] = [2]graph.Node{end, start}
				left++
			}
			if p.Direction != graph.Incoming && fits(start, end) {
				pairs[left] = [2]graph.Node{start, end}
				left++
			}
		}
		o.more = func(out *batch, at int) bool {
			if left == 0 {
				return false
			}
			left--
			if !p.FromBound {
				out.cols[p.From].setNode(at, pairs[left][0])
			}
			if !p.ToBound {
				out.cols[p.To].setNode(at, pairs[left][1])
			}
			return true
		}
		return o
	}
}

package exec

import (
	"github.com/pocketgraph/pocketgraph/cypher/plan"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// degree counts the relationships of a node of each row, and drops the rows
// without any.
func (c *compiler) degree(p *plan.Degree, in factory) factory {
	types := c.typeNames(p.Types)
	own := []plan.Slot{p.Slot}
	positive := comparison(syntax.Greater, c.slot(p.Slot), constant(graph.Int(0)))
	counted := func(r *Run) operator {
		o := newMapOp(r, in)
		var ids []graph.TypeID
		o.do = func(f *frame, out *batch) {
			out.extend(f.b, own, r.program.Plan.Kinds)
			none := false
			ids, none = r.typeIDs(ids, types)
			for i := 0; i < f.b.n; i++ {
				n := 0
				if from := f.b.cols[p.From].node(i); from != graph.NoNode && !none {
					n = r.reader.Degree(from, p.Direction, ids)
				}
				out.cols[p.Slot].values[i] = graph.Int(int64(n))
			}
		}
		return o
	}
	return newFilter(counted, []*expr{positive})
}

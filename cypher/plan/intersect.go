package plan

import "github.com/pocketgraph/pocketgraph/graph"

// Intersect binds To to the nodes that both From and Other lead to, and Rels to
// the relationships that lead there: two expands that meet.
type Intersect struct {
	Common
	Ends       [2]Slot // the nodes that are known
	Rels       [2]Slot
	To         Slot
	Directions [2]graph.Direction // from the known node on
	Types      [2][]string
	Distinct   [2][]Slot // relationships of the input that each must differ from
	Differ     bool      // and the two from each other
}

// intersect makes one operator of an expand and of an edge that leads back from
// where the expand leads to; nil where the plan so far does not end so.
//
// Rule intersection: what two nodes have in common is found by merging their
// sorted neighbours, not by asking about each neighbour of one.
//
//	ExpandInto((c)-[:K]->(a))           Intersect((b)-[:K]->(c) AND (a)<-[:K]-(c))
//	  Filter(c:Person)            =>      Expand((a)-[:K]->(b))
//	    Expand((b)-[:K]->(c))               AllNodes(a)
//	      Expand((a)-[:K]->(b))
//	        AllNodes(a)
//
// The filter is placed above: it speaks of what the operator binds.
func (m *matcher) intersect(into *Expand) Op {
	if !m.b.options.ExpandInto || !into.ToBound {
		return nil
	}
	var filters []*Condition
	op := into.In
	for f, ok := op.(*Filter); ok; f, ok = op.(*Filter) {
		filters = append(filters, f.Conditions...)
		op = f.In
	}
	e, ok := op.(*Expand)
	if !ok || e.ToBound || into.From == into.To {
		return nil
	}
	other, d := into.From, into.Direction
	switch e.To {
	case into.To:
	case into.From:
		other, d = into.To, into.Direction.Reverse()
	default:
		return nil
	}
	out := &Intersect{Common: Common{In: e.In}, Ends: [2]Slot{e.From, other}, Rels: [2]Slot{e.Rel, into.Rel}, To: e.To,
		Directions: [2]graph.Direction{e.Direction, d}, Types: [2][]string{e.Types, into.Types}}
	out.Distinct[0] = e.Distinct
	for _, s := range into.Distinct {
		if s == e.Rel {
			out.Differ = true
		} else {
			out.Distinct[1] = append(out.Distinct[1], s)
		}
	}
	m.pending = append(filters, m.pending...)
	return out
}

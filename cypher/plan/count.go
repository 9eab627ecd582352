package plan

import (
	"github.com/pocketgraph/pocketgraph/cypher/bind"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// countStore answers a count of everything from the counters of the store, or
// returns nil.
//
// Rule count from the store:
//
//	Aggregate(count(n))       =>   CountStore(nodes :Person)
//	  LabelScan(n:Person)
//
//	Aggregate(count(r))                CountStore(relationships :KNOWS)
//	  Expand((a)-[r:KNOWS]->(b))   =>
//	    AllNodes(a)
func (b *builder) countStore(op Op, p *bind.Projection) Op {
	slot, counted, ok := b.countsAll(p)
	if !ok {
		return nil
	}
	if e, ok := op.(*Expand); ok {
		return countRels(e, slot, counted)
	}
	return b.countNodes(op, slot, counted)
}

// countsAll says that all that a projection asks for is, in slot, the number of
// rows: count(*), or count of a variable, counted, which is else -1.
func (b *builder) countsAll(p *bind.Projection) (slot, counted Slot, ok bool) {
	if !b.options.Counts || len(p.Keys) != 0 || len(p.Aggregates) != 1 || p.Aggregates[0].Distinct {
		return 0, 0, false
	}
	a := p.Aggregates[0]
	if b.stmt.Writes || (a.Name != "count" && a.Name != "count(*)") {
		return 0, 0, false
	}
	if len(a.Args) == 0 {
		return a.Var.ID, -1, true
	}
	v, ok := a.Args[0].(*syntax.Variable)
	if !ok || len(a.Args) > 1 {
		return 0, 0, false
	}
	return a.Var.ID, b.stmt.Var(v).ID, true
}

func isUnit(op Op) bool {
	a, ok := op.(*Argument)
	return ok && len(a.Slots) == 0
}

func (b *builder) countNodes(op Op, result, counted Slot) Op {
	label, filtered := "", Slot(-1)
	if f, ok := op.(*Filter); ok {
		if len(f.Conditions) != 1 || f.Conditions[0].Kind != HasLabels {
			return nil
		}
		names, ok := syntax.LabelNames(f.Conditions[0].Labels)
		if !ok || len(names) != 1 {
			return nil
		}
		label, filtered, op = names[0], f.Conditions[0].Slot, f.In
	}
	slot := Slot(-1)
	switch scan := op.(type) {
	case *AllNodes:
		slot = scan.Slot
	case *LabelScan:
		if filtered >= 0 {
			return nil
		}
		slot, label = scan.Slot, scan.Label
	default:
		return nil
	}
	if !isUnit(op.Source()) || (counted >= 0 && counted != slot) || (filtered >= 0 && filtered != slot) {
		return nil
	}
	return &CountStore{Common: Common{In: op.Source()}, Slot: result, Label: label}
}

func countRels(e *Expand, result, counted Slot) Op {
	scan, ok := e.In.(*AllNodes)
	if !ok || !isUnit(scan.In) || e.ToBound || e.Direction == graph.Both || len(e.Types) > 1 || len(e.Distinct) > 0 {
		return nil
	}
	if counted >= 0 && counted != e.Rel && counted != e.From && counted != e.To {
		return nil
	}
	out := &CountStore{Common: Common{In: scan.In}, Slot: result, Rels: true}
	if len(e.Types) == 1 {
		out.Type = e.Types[0]
	}
	return out
}

package plan

import (
	"github.com/pocketgraph/pocketgraph/cypher/bind"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
)

// pushCount counts the relationships of a node instead of following them.
//
// Rule counts from degrees: when all that is asked of an expand is how many
// rows it gives, and the groups do not depend on where it leads.
//
//	Aggregate(count(r) BY p.id AS id)      Aggregate(sum(#degree) BY p.id AS id)
//	  Expand((p)-[r:KNOWS]->(q))       =>    Degree((p)-[:KNOWS]->())
//	    LabelScan(p:Person)                    LabelScan(p:Person)
func (b *builder) pushCount(a *Aggregate) {
	e, ok := a.In.(*Expand)
	if !ok || !b.options.Counts || b.stmt.Writes || e.ToBound || len(e.Distinct) > 0 {
		return // a statement that writes may have condemned nodes, which an Expand leaves out
	}
	for _, s := range b.usesItems(a.Keys) {
		if s == e.Rel || s == e.To {
			return
		}
	}
	for _, g := range a.Aggregates {
		if g.Distinct || !b.countsRows(g, e) {
			return
		}
	}
	d := &Degree{Common: Common{In: e.In}, Slot: b.hidden(Any, "degree"), From: e.From, Direction: e.Direction, Types: e.Types}
	a.In = d
	for i := range a.Aggregates {
		a.Aggregates[i].Name, a.Aggregates[i].Args = "sum", []syntax.Expr{&SlotExpr{Slot: d.Slot}}
	}
}

// countsRows says that an aggregate counts the rows of an expand: count(*), or
// count of something the expand binds, which is never null.
func (b *builder) countsRows(g Aggregation, e *Expand) bool {
	if g.Name == "count(*)" {
		return true
	}
	if g.Name != "count" || len(g.Args) != 1 {
		return false
	}
	v, ok := g.Args[0].(*syntax.Variable)
	if !ok {
		return false
	}
	var bound *bind.Var = b.stmt.Var(v)
	return bound.ID == e.Rel || bound.ID == e.To || bound.ID == e.From
}

package plan

import (
	"github.com/pocketgraph/pocketgraph/cypher/bind"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
)

// countRange counts the nodes of a label whose property lies in a range where
// the column is, instead of making rows of them; nil where that is not all that
// is asked.
//
// Rule count of a range:
//
//	Aggregate(count(p))                   CountRange(p:Person WHERE $low <= p.age)
//	  Filter($low <= p.age)          =>
//	    LabelScan(p:Person)
func (b *builder) countRange(op Op, p *bind.Projection) Op {
	slot, counted, ok := b.countsAll(p)
	filter, filtered := op.(*Filter)
	if !ok || !filtered {
		return nil
	}
	scan, ok := filter.In.(*LabelScan)
	if !ok || !isUnit(scan.In) || counted >= 0 && counted != scan.Slot {
		return nil
	}
	key := ""
	for i, c := range filter.Conditions {
		k := b.comparedKey(c, scan.Slot)
		if k == "" || i > 0 && k != key {
			return nil
		}
		key = k
	}
	return &CountRange{Common: Common{In: scan.In}, Slot: slot, Node: scan.Slot, Label: scan.Label, Conditions: filter.Conditions}
}

// comparedKey is the key of the property of slot that a condition compares with
// something that depends on no slot; "" where it is none such.
func (b *builder) comparedKey(c *Condition, slot Slot) string {
	e, ok := c.Expr.(*syntax.Binary)
	if !ok || c.Kind != IsTrue {
		return ""
	}
	switch e.Op {
	case syntax.Equal, syntax.Less, syntax.LessEqual, syntax.Greater, syntax.GreaterEqual:
	default:
		return ""
	}
	for _, side := range [...][2]syntax.Expr{{e.Left, e.Right}, {e.Right, e.Left}} {
		property, ok := side[0].(*syntax.Property)
		if !ok || len(b.uses(side[1])) > 0 {
			continue
		}
		if v, ok := property.Subject.(*syntax.Variable); ok && b.stmt.Var(v).ID == slot {
			return property.Key.Name
		}
	}
	return ""
}

package plan

import (
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// Ends binds To to every node that an Expand of some row of the input leads
// to, each node once. Nothing else of its input is left.
type Ends struct {
	Common
	From, To  Slot
	Direction graph.Direction
	Types     []string
	Distinct  []Slot // single relationships that the last one must differ from
	Counted   bool   // one row, with their number in Count, is all that is asked for
	Count     Slot
}

// Reach binds To to every node that a VarExpand of some row of the input leads
// to, each node once. Nothing else of its input is left.
type Reach struct {
	Common
	From, To   Slot
	Direction  graph.Direction
	Types      []string
	Zero       bool // From counts too
	Max        int  // < 0: any number of steps
	Properties []Property
}

// distinctEnds follows the last relationship of a pattern once from each node.
//
// Rule distinct ends: when what is above asks for nothing but where the last
// expand leads to, and how often it leads there makes no difference.
//
//	Aggregate(count(DISTINCT f))      Aggregate(count(f))
//	  Expand((q)-[:K]->(f))        =>   Ends((q)-[:K]->(f))
//	    Expand((p)-[:K]->(q))             Expand((p)-[:K]->(q))
//
// The paths to q stay apart, because each forbids other relationships to the
// last step; the operator joins those that end in the same node.
//
// Rule reach: the same for relationships of variable length, where a search
// that visits each node once takes the place of a walk over all paths. Whoever
// is reached at all is reached by a shortest path, which repeats nothing; so
// there must be no least length above one. Only a way back to where the path
// began is another matter, and without a direction it would use the same
// relationship twice.
//
//	Aggregate(count(DISTINCT f))           Aggregate(count(f))
//	  VarExpand((p)-[:KNOWS*1..3]->(f))  =>   Reach((p)-[:KNOWS*1..3]->(f))
//
// Rule count ends: where the number of the ends is all that is asked for, they
// are counted where they are found, and no rows are made of them.
//
//	Aggregate(count(f))
//	  Ends((q)-[:K]->(f))      =>   CountEnds((q)-[:K]->(f))
//
// It returns what takes the place of op, and the slot that is distinct; uses
// are the expressions above op.
func (b *builder) distinctEnds(op Op, uses []syntax.Expr) (Op, Slot) {
	// What is volatile may depend on how often it is asked; a statement that
	// writes may have condemned nodes, which an Expand leaves out.
	if !b.options.Ends || b.stmt.Volatile || b.stmt.Writes {
		return op, -1
	}
	var above []*Filter
	below := op
	for f, ok := below.(*Filter); ok; f, ok = below.(*Filter) {
		above = append(above, f)
		below = f.In
	}
	ends, to := b.ends(below)
	if ends == nil || !b.onlyUse(uses, above, to) {
		return op, -1
	}
	if len(above) == 0 {
		return ends, to
	}
	above[len(above)-1].In = ends
	return op, to
}

// ends makes the operator of an expand, nil where the rules do not hold.
func (b *builder) ends(op Op) (Op, Slot) {
	switch e := op.(type) {
	case *Expand:
		if e.ToBound {
			return nil, -1
		}
		for _, s := range e.Distinct {
			if b.kinds[s] != Rel {
				return nil, -1
			}
		}
		return &Ends{Common: Common{In: e.In}, From: e.From, To: e.To, Direction: e.Direction, Types: e.Types, Distinct: e.Distinct}, e.To
	case *VarExpand:
		if e.ToBound || len(e.Distinct) > 0 || e.Min > 1 || e.Min == 1 && e.Direction == graph.Both || !fixed(e.Properties) {
			return nil, -1
		}
		return &Reach{Common: Common{In: e.In}, From: e.From, To: e.To, Direction: e.Direction, Types: e.Types,
			Zero: e.Min == 0, Max: e.Max, Properties: e.Properties}, e.To
	}
	return nil, -1
}

// fixed says that the values of properties are the same for every row.
func fixed(ps []Property) bool {
	for _, p := range ps {
		switch p.Value.(type) {
		case *syntax.Parameter, *syntax.IntLiteral, *syntax.FloatLiteral, *syntax.StringLiteral, *syntax.BoolLiteral:
		default:
			return false
		}
	}
	return true
}

// onlyUse says that expressions and filters use nothing but one slot.
func (b *builder) onlyUse(exprs []syntax.Expr, filters []*Filter, slot Slot) bool {
	only := func(uses []Slot) bool { return len(uses) == 0 || len(uses) == 1 && uses[0] == slot }
	for _, e := range exprs {
		if !only(b.usesAll([]syntax.Expr{e})) {
			return false
		}
	}
	for _, f := range filters {
		for _, c := range f.Conditions {
			if !only(c.Uses) {
				return false
			}
		}
	}
	return true
}

// endsOfGroups applies the rules below an aggregate.
func (b *builder) endsOfGroups(a *Aggregate) {
	var uses []syntax.Expr
	for _, k := range a.Keys {
		uses = append(uses, k.Expr)
	}
	for _, g := range a.Aggregates {
		if !g.Distinct && g.Name != "min" && g.Name != "max" {
			return
		}
		uses = append(uses, g.Args...)
	}
	var slot Slot
	a.In, slot = b.distinctEnds(a.In, uses)
	for i := range a.Aggregates {
		g := &a.Aggregates[i]
		if v, ok := g.Args[0].(*syntax.Variable); ok && slot >= 0 && b.stmt.Var(v).ID == slot {
			g.Distinct = false
		}
	}
}

// countEnds makes an aggregate that counts ends the operator that finds them.
func countEnds(a *Aggregate) Op {
	e, ok := a.In.(*Ends)
	if !ok || len(a.Keys) > 0 || len(a.Aggregates) != 1 || a.Aggregates[0].Name != "count" || a.Aggregates[0].Distinct {
		return a
	}
	e.Counted, e.Count = true, a.Aggregates[0].Slot
	return e
}

package plan

import (
	"strings"

	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// Guesses where nothing better is known.
const (
	seekShare  = 1000 // an equality on an index without statistics finds one in so many
	rangeShare = 10   // a range finds one in so many
)

// cheapestStart binds the node of open that is found with the least work, or a
// relationship if an index finds one with less.
//
// Rule index selection: a node with a label and a condition on an indexed
// property is found through the index.
//
//	Filter(a:Person AND a.name = $n)      Filter(a:Person AND a.name = $n)
//	  AllNodes(a)                      =>   IndexSeek(a:Person(name) = $n)
//
// Rule label scan: else through its label.
//
//	Filter(a:Person)      Filter(a:Person)
//	  AllNodes(a)      =>   LabelScan(a:Person)
func (m *matcher) cheapestStart(open []Slot) Op {
	if !m.b.options.Starts {
		m.bound[open[0]] = true
		return &AllNodes{Common: Common{In: m.op}, Slot: open[0]}
	}
	var best Op
	bestCost, bestSlot := 0.0, Slot(-1)
	for _, slot := range open {
		op, cost := m.bestAccess(slot)
		if best == nil || cost < bestCost {
			best, bestCost, bestSlot = op, cost, slot
		}
	}
	if rel := m.cheapestRel(bestCost); rel != nil {
		best, bestSlot = rel, boundBy(rel)
		m.bound[bestSlot] = true
		m.consume(best)
		return best
	}
	start := m.betterStart(access{best, bestSlot, bestCost}, open)
	m.begin(&start)
	return m.op
}

// begin puts an access path on top of the plan.
func (m *matcher) begin(a *access) {
	m.bound[a.slot] = true
	m.consume(a.op)
	m.op = a.op
}

// boundBy is the slot that a seek binds.
func boundBy(op Op) Slot {
	if r, ok := op.(*IndexRange); ok {
		return r.Slot
	}
	return op.(*IndexSeek).Slot
}

// consume drops the conditions that an access path has answered already.
//
// Rule answered conditions:
//
//	Filter(p:Person AND p.id = $id)
//	  IndexSeek(p:Person(id) = $id)    =>   IndexSeek(p:Person(id) = $id)
func (m *matcher) consume(op Op) {
	switch op := op.(type) {
	case *LabelScan:
		m.drop(func(c *Condition) bool { return isLabel(c, op.Slot, op.Label) })
	case *IndexRange:
		m.drop(func(c *Condition) bool { return isLabel(c, op.Slot, op.Label) })
	case *IndexSeek:
		m.drop(func(c *Condition) bool {
			for _, v := range op.Values {
				if v.from == c {
					return true
				}
			}
			return isLabel(c, op.Slot, op.Label)
		})
	}
}

func (m *matcher) drop(answered func(*Condition) bool) {
	rest := make([]*Condition, 0, len(m.pending))
	for _, c := range m.pending {
		if !answered(c) {
			rest = append(rest, c)
		}
	}
	m.pending = rest
}

// isLabel says that a condition asks for one label of a node and nothing else.
func isLabel(c *Condition, slot Slot, label string) bool {
	if c.Kind != HasLabels || c.Slot != slot {
		return false
	}
	names, ok := syntax.LabelNames(c.Labels)
	return ok && len(names) == 1 && names[0] == label
}

// bestAccess finds the cheapest way to bind one node, with the number of rows
// it is expected to give.
func (m *matcher) bestAccess(slot Slot) (Op, float64) {
	in := Common{In: m.op}
	reader := m.b.reader
	var best Op = &AllNodes{Common: in, Slot: slot}
	cost := float64(reader.NodeCount()) + 1
	if op := m.identity(slot); op != nil {
		return op, 0.5
	}
	for _, label := range m.labelsOf(slot) {
		count := 0.0
		id, known := reader.LookLabel(label)
		if known {
			count = float64(reader.NodeCountByLabel(id))
		}
		if count < cost {
			best, cost = &LabelScan{Common: in, Slot: slot, Label: label}, count
		}
		if !known {
			continue
		}
		for i := range m.b.indexes {
			ix := &m.b.indexes[i]
			if ix.Entity != graph.NodeEntity || ix.Label != id {
				continue
			}
			if op, rows := m.throughIndex(slot, label, ix); op != nil && rows <= cost {
				best, cost = op, rows
			}
		}
	}
	return best, cost
}

// labelsOf lists the labels that the node surely has.
func (m *matcher) labelsOf(slot Slot) []string {
	var out []string
	for _, c := range m.pending {
		switch {
		case c.Kind == HasLabels && c.Slot == slot:
			names, ok := syntax.LabelNames(c.Labels)
			if ok {
				out = append(out, names...)
			}
		case c.Kind == IsTrue:
			test, ok := c.Expr.(*syntax.LabelTest)
			if !ok || !m.isVariable(test.Subject, slot) {
				continue
			}
			if names, ok := syntax.LabelNames(test.Labels); ok {
				out = append(out, names...)
			}
		}
	}
	return out
}

// throughIndex makes a seek of an index when the pending conditions allow it.
// label is the label or the type that the index is about.
func (m *matcher) throughIndex(slot Slot, label string, ix *graph.Index) (Op, float64) {
	keys := make([]string, len(ix.Keys))
	values := make([]Wanted, 0, len(ix.Keys))
	many := 1.0
	for i, k := range ix.Keys {
		keys[i] = m.b.reader.KeyName(k)
		if w := m.wanted(slot, keys[i]); w.Expr != nil {
			values = append(values, w)
			many *= w.guess()
		}
	}
	if len(values) == len(keys) {
		if !combinable(values) {
			return nil, 0
		}
		rows := 1.0
		if !ix.Unique && ix.Distinct > 0 {
			rows = float64(ix.Entries) / float64(ix.Distinct)
		} else if !ix.Unique {
			rows = float64(ix.Entries) / seekShare
		}
		return &IndexSeek{Common: Common{In: m.op}, Slot: slot, Index: *ix, Label: label, Keys: keys, Values: values}, max(rows, min(rows*many, float64(ix.Entries)))
	}
	if len(keys) != 1 {
		return nil, 0
	}
	op := &IndexRange{Common: Common{In: m.op}, Slot: slot, Index: *ix, Label: label, Key: keys[0]}
	if !m.rangeOf(op) {
		return nil, 0
	}
	return op, float64(ix.Entries)/rangeShare + 1
}

// identity finds a value that id(node) or elementId(node) must equal, or a list
// that it must be in.
//
// Rule identity:
//
//	Filter(elementId(a) = $id)                  Filter(elementId(a) = $id)
//	  AllNodes(a)                          =>     NodeByID(a = $id)
//
//	Filter(id(a) IN [1, 2])                     Filter(id(a) IN [1, 2])
//	  AllNodes(a)                          =>     NodeByID(a IN [1, 2])
func (m *matcher) identity(slot Slot) Op {
	for _, c := range m.pending {
		b, ok := c.Expr.(*syntax.Binary)
		if c.Kind != IsTrue || !ok || b.Op != syntax.Equal && b.Op != syntax.In {
			continue
		}
		of, value := b.Left, b.Right
		name := m.isIDOf(of, slot)
		if name == "" && b.Op == syntax.Equal {
			of, value = value, of
			name = m.isIDOf(of, slot)
		}
		if name != "" && m.known(value) {
			return &NodeByID{Common: Common{In: m.op}, Slot: slot, ID: value, Element: len(name) > len("id"), AnyOf: b.Op == syntax.In}
		}
	}
	return nil
}

// isIDOf gives the name of the function, if it is that of a node's identity.
func (m *matcher) isIDOf(e syntax.Expr, slot Slot) string {
	call, ok := e.(*syntax.FunctionCall)
	if ok && len(call.Args) == 1 && (strings.EqualFold(call.Name, "id") || strings.EqualFold(call.Name, "elementId")) && m.isVariable(call.Args[0], slot) {
		return call.Name
	}
	return ""
}

// rangeOf fills in the bounds; false when there are none.
func (m *matcher) rangeOf(op *IndexRange) bool {
	for _, c := range m.pending {
		b, ok := c.Expr.(*syntax.Binary)
		if c.Kind != IsTrue || !ok {
			continue
		}
		o, value := b.Op, b.Right
		if !m.isProperty(b.Left, op.Slot, op.Key) {
			if !m.isProperty(b.Right, op.Slot, op.Key) {
				continue
			}
			o, value = mirrored[b.Op], b.Left
		}
		if o == syntax.OpNone || !m.known(value) {
			continue
		}
		switch o {
		case syntax.Less, syntax.LessEqual:
			if op.High == nil {
				op.High, op.IncludeHigh = value, o == syntax.LessEqual
			}
		case syntax.Greater, syntax.GreaterEqual:
			if op.Low == nil {
				op.Low, op.IncludeLow = value, o == syntax.GreaterEqual
			}
		case syntax.StartsWith:
			if b.Right == value {
				op.Prefix = value
			}
		}
	}
	return op.Low != nil || op.High != nil || op.Prefix != nil
}

// mirrored turns the operator of a < b into that of b > a.
var mirrored = map[syntax.Op]syntax.Op{
	syntax.Less: syntax.Greater, syntax.LessEqual: syntax.GreaterEqual,
	syntax.Greater: syntax.Less, syntax.GreaterEqual: syntax.LessEqual,
}

func (m *matcher) isVariable(e syntax.Expr, slot Slot) bool {
	v, ok := e.(*syntax.Variable)
	return ok && m.b.stmt.Var(v) != nil && m.b.stmt.Var(v).ID == slot
}

func (m *matcher) isProperty(e syntax.Expr, slot Slot, key string) bool {
	p, ok := e.(*syntax.Property)
	return ok && p.Key.Name == key && m.isVariable(p.Subject, slot)
}

// known says whether an expression can be evaluated now.
func (m *matcher) known(e syntax.Expr) bool { return covered(m.b.uses(e), m.bound) }

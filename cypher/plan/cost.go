package plan

import (
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// What a condition keeps of its rows where nothing better is known.
const (
	keptByEqual = 0.1
	keptByRange = 0.3
	keptByOther = 0.5
)

// mostSteps is how many steps of a relationship of variable length are reckoned
// with, and mostRows is where reckoning ends.
const (
	mostSteps = 4
	mostRows  = 1e12
)

// step is what following an edge is expected to do to each row.
type step struct {
	visits float64 // rows it makes
	keeps  float64 // of which the conditions that can be checked then leave so many
}

// situation is what is bound at some point of a plan in the making, and where
// the nodes in the slots come from.
type situation struct {
	m     *matcher
	bound map[Slot]bool
	from  map[Slot]population
}

// now is the situation that the matcher is in.
func (m *matcher) now() *situation {
	return &situation{m: m, bound: m.bound, from: m.origins()}
}

// origins reads from the plan so far which relationships led to which slot.
func (m *matcher) origins() map[Slot]population {
	from := map[Slot]population{}
	for op := m.op; op != nil; op = op.Source() {
		switch op := op.(type) {
		case *Expand:
			if _, known := from[op.From]; !known {
				from[op.From] = leaving(op.Types, op.Direction)
			}
			if !op.ToBound {
				from[op.To] = population{arrived: true, types: op.Types, direction: op.Direction}
			}
		case *VarExpand:
			if !op.ToBound {
				from[op.To] = population{arrived: true, types: op.Types, direction: op.Direction}
			}
		case *Intersect:
			from[op.To] = population{arrived: true, types: op.Types[0], direction: op.Directions[0]}
		}
	}
	return from
}

// leaving are the nodes that have such relationships: what is left of others when
// one was followed.
func leaving(types []string, d graph.Direction) population {
	return population{arrived: true, types: types, direction: d.Reverse()}
}

// population is where a slot's values come from.
func (s *situation) population(slot Slot) population {
	if p, arrived := s.from[slot]; arrived {
		return p
	}
	if labels := s.m.labelsOf(slot); len(labels) > 0 {
		return population{label: labels[0]}
	}
	return population{label: s.m.scanned(slot)}
}

// scanned is the label by which the plan so far has found a slot.
func (m *matcher) scanned(slot Slot) string {
	for op := m.op; op != nil; op = op.Source() {
		switch op := op.(type) {
		case *LabelScan:
			if op.Slot == slot {
				return op.Label
			}
		case *IndexSeek:
			if op.Slot == slot && op.Index.Entity == graph.NodeEntity {
				return op.Label
			}
		case *IndexRange:
			if op.Slot == slot && op.Index.Entity == graph.NodeEntity {
				return op.Label
			}
		}
	}
	return ""
}

// along says what following an edge does to each row. One end is bound.
func (s *situation) along(e *edge) (out step, to Slot, arrival population) {
	if e.rel == nil {
		return step{mostSteps, mostSteps}, e.right, population{}
	}
	from, to, d := e.left, e.right, directions[e.rel.Syntax.Direction]
	if !s.bound[from] {
		from, to, d = to, from, d.Reverse()
	}
	types, plain := syntax.TypeNames(e.rel.Syntax.Types)
	if !plain {
		types = nil
	}
	arrival = population{arrived: true, types: types, direction: d}
	hops := s.m.b.hops(s.population(from), d, types)
	if s.bound[to] {
		// How likely it is that one of them leads just there.
		there := hops / max(1, float64(s.m.b.reader.NodeCount()))
		return step{min(hops, 1), min(there, 1)}, to, arrival
	}
	visits := hops
	if length := e.rel.Syntax.Length; length != nil {
		visits = manyHops(length, hops, s.m.b.hops(arrival, d, types))
	}
	kept := s.m.b.share(arrival, s.m.labelsOf(to)) * s.kept(to, e.slot)
	return step{visits, visits * kept}, to, arrival
}

// manyHops adds up the ways of each length; first is the degree of the first
// node, later of those reached.
func manyHops(l *syntax.Length, first, later float64) float64 {
	from, to := bounds(l)
	if to < 0 || to > from+mostSteps {
		to = from + mostSteps
	}
	sum, ways := 0.0, 1.0
	for n := 0; n <= to && sum < mostRows; n++ {
		if n >= from {
			sum += ways
		}
		if n == 0 {
			ways *= first
		} else {
			ways *= later
		}
	}
	return sum
}

// kept is the share of rows that the conditions leave which can be checked when
// slots are bound and could not before; labels are not among them.
func (s *situation) kept(slots ...Slot) float64 {
	share := 1.0
	for _, c := range s.m.pending {
		if c.Kind == HasLabels || covered(c.Uses, s.bound) {
			continue
		}
		ready := true
		for _, use := range c.Uses {
			ready = ready && (s.bound[use] || contains(slots, use))
		}
		if ready {
			share *= s.m.keptBy(c)
		}
	}
	return share
}

// keptBy is the share of rows for which a condition is expected to hold.
func (m *matcher) keptBy(c *Condition) float64 {
	if c.Kind == HasValue {
		return m.keptByValue(c.Slot, c.Key)
	}
	b, ok := c.Expr.(*syntax.Binary)
	if c.Kind != IsTrue || !ok {
		return keptByOther
	}
	switch b.Op {
	case syntax.Equal:
		for _, side := range []syntax.Expr{b.Left, b.Right} {
			p, ok := side.(*syntax.Property)
			if !ok {
				continue
			}
			if v, ok := p.Subject.(*syntax.Variable); ok && m.b.stmt.Var(v) != nil {
				return m.keptByValue(m.b.stmt.Var(v).ID, p.Key.Name)
			}
		}
		return keptByEqual
	case syntax.Less, syntax.LessEqual, syntax.Greater, syntax.GreaterEqual, syntax.StartsWith:
		return keptByRange
	}
	return keptByOther
}

// keptByValue asks an index on the property how many values there are.
func (m *matcher) keptByValue(slot Slot, key string) float64 {
	for i := range m.b.indexes {
		ix := &m.b.indexes[i]
		if len(ix.Keys) != 1 || ix.Entity != graph.NodeEntity || m.b.reader.KeyName(ix.Keys[0]) != key || ix.Distinct == 0 {
			continue
		}
		for _, label := range m.labelsOf(slot) {
			if label == m.b.reader.LabelName(ix.Label) {
				return min(keptByEqual, 1/float64(ix.Distinct))
			}
		}
	}
	return keptByEqual
}

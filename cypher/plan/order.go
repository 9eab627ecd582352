package plan

// clearlyLess is how much cheaper another way must look to be taken instead of
// the plain one: estimates err, and rules that come later know the plain shapes.
const clearlyLess = 0.5

// access is a way to begin: an operator that binds something, and how many rows
// it is expected to give.
type access struct {
	op   Op
	slot Slot
	rows float64
}

// betterStart compares where a pattern may begin by all that follows, and not
// only by how few rows the beginning gives.
//
// Rule join order, beginning: the total of rows of all steps counts.
//
//	Filter(p:Person)                           Filter(c:City)
//	  Expand((c)<-[:LIVES_IN]-(p))       =>      Expand((p)-[:LIVES_IN]->(c))
//	    LabelScan(c:City)                          LabelScan(p:Person)
//
// where there are fewer cities than people, but millions live in each.
func (m *matcher) betterStart(plain access, open []Slot) access {
	if len(m.edges) == 0 {
		return plain
	}
	best, least := plain, clearlyLess*m.total(plain)
	for _, slot := range open {
		if slot == plain.slot {
			continue
		}
		op, rows := m.bestAccess(slot)
		other := access{op, slot, rows}
		if rows >= least {
			continue
		}
		if cost := m.total(other); cost < least {
			best, least = other, cost
		}
	}
	return best
}

// total is how many rows all operators make that bind what hangs together with
// a beginning.
func (m *matcher) total(a access) float64 {
	pending := m.pending
	defer func() { m.pending = pending }()
	s := m.now()
	s.bound = copySet(s.bound)
	m.consume(a.op)
	rows, cost := a.rows*s.kept(a.slot), a.rows
	if len(m.labelsOf(a.slot)) > 1 {
		rows *= keptByOther
	}
	m.pending = pending // the labels say where the nodes come from
	s.bound[a.slot] = true
	edges := append([]*edge(nil), m.edges...)
	for cost < mostRows {
		i := s.next(edges)
		if i < 0 {
			break
		}
		e := edges[i]
		step, to, arrival := s.along(e)
		cost += rows * step.visits
		rows *= step.keeps
		if from := e.left + e.right - to; !s.from[from].arrived {
			s.from[from] = leaving(arrival.types, arrival.direction)
		}
		if !s.bound[to] {
			s.from[to] = arrival
		}
		s.bound[e.left], s.bound[e.right], s.bound[e.slot] = true, true, true
		edges = append(edges[:i], edges[i+1:]...)
	}
	return cost
}

// next is the attached edge that keeps the fewest rows, -1 when none is.
func (s *situation) next(edges []*edge) int {
	best, least := -1, 0.0
	for i, e := range edges {
		if isShortest(e.path) || !s.bound[e.left] && !s.bound[e.right] {
			continue
		}
		if step, _, _ := s.along(e); best < 0 || step.keeps < least {
			best, least = i, step.keeps
		}
	}
	return best
}

// betterEdge takes, of the edges that hang on one bound node, one that multiplies
// rows clearly less than the one that comes first in the text.
//
// Rule join order, next edge:
//
//	Filter(c.name = $name)                  Expand((a)-[:LIKED]->(m))
//	  Expand((a)-[:LIVES_IN]->(c))     =>     Filter(c.name = $name)
//	    Expand((a)-[:LIKED]->(m))               Expand((a)-[:LIVES_IN]->(c))
//
// Whoever lives elsewhere is dropped before the likes are followed.
func (m *matcher) betterEdge(plain int) int {
	first := m.edges[plain]
	if !m.b.options.Starts || !m.hangs(first) {
		return plain
	}
	s := m.now()
	step, _, _ := s.along(first)
	best, least := plain, clearlyLess*step.keeps
	for i, e := range m.edges {
		if e == first || !m.hangs(e) || (e.rel.Syntax.Length != nil) != (first.rel.Syntax.Length != nil) {
			continue
		}
		if other, _, _ := s.along(e); other.keeps < least {
			best, least = i, other.keeps
		}
	}
	return best
}

// hangs says that exactly one end of an edge is bound, and the relationship is not.
func (m *matcher) hangs(e *edge) bool {
	return e.rel != nil && !isShortest(e.path) && m.bound[e.left] != m.bound[e.right] && !m.bound[e.slot]
}

// worthSeeking is how many rows following a relationship must make for each for
// the other end to be looked up instead.
const worthSeeking = 4

// seekFarEnd binds a node that an index, or its id, finds at once, where walking
// there would visit many; nil when there is none.
//
// Rule both ends: what lies between two nodes that are known is found from both.
//
//	Filter(b:Person AND b.id = $b)        ExpandInto((a)-[:KNOWS]->(b))
//	  Expand((a)-[:KNOWS]->(b))      =>     IndexSeek(b:Person(id) = $b)
//	    IndexSeek(a:Person(id) = $a)          IndexSeek(a:Person(id) = $a)
func (m *matcher) seekFarEnd() *access {
	if !m.b.options.Starts || !m.b.options.ExpandInto {
		return nil
	}
	s := m.now()
	many := false
	for _, e := range m.edges {
		if m.hangs(e) {
			step, _, _ := s.along(e)
			many = many || step.visits >= worthSeeking
		}
	}
	if !many {
		return nil
	}
	for _, slot := range m.attached() {
		op, rows := m.bestAccess(slot)
		switch op.(type) {
		case *IndexSeek, *NodeByID:
			if rows <= 1 {
				return &access{op, slot, rows}
			}
		}
	}
	return nil
}

// attached lists the open nodes that single relationships of the pattern join
// with what is bound, through others if need be.
func (m *matcher) attached() (out []Slot) {
	reached := copySet(m.bound)
	for more := true; more; {
		more = false
		for _, e := range m.edges {
			if e.rel == nil || e.rel.Syntax.Length != nil || isShortest(e.path) || reached[e.left] == reached[e.right] {
				continue
			}
			for _, slot := range []Slot{e.left, e.right} {
				if !reached[slot] {
					reached[slot], more = true, true
					out = append(out, slot)
				}
			}
		}
	}
	return out
}

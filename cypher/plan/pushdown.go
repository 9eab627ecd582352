package plan

// place puts the conditions that can be decided on top of the plan so far.
//
// Rule push down: a condition stands right above the operator that binds the
// last of its variables.
//
//	Filter(a.age > 30)            Expand((a)-[:KNOWS]->(b))
//	  Expand((a)-[:KNOWS]->(b))  =>  Filter(a.age > 30)
//	    LabelScan(a:Person)            LabelScan(a:Person)
func (m *matcher) place() {
	if m.b.options.PushDown {
		m.placeAll()
	}
}

// placeAll does it whatever the options say; paths are bound when their
// elements are.
func (m *matcher) placeAll() {
	m.placeBound()
	rest := m.paths[:0]
	for _, p := range m.paths {
		if m.pathReady(p) {
			p.In = m.op
			m.op = p
			m.bind(p.Path)
		} else {
			rest = append(rest, p)
		}
	}
	m.paths = rest
	m.placeBound()
}

func (m *matcher) placeBound() {
	var now, later []*Condition
	for _, c := range m.pending {
		if covered(c.Uses, m.bound) {
			now = append(now, c)
		} else {
			later = append(later, c)
		}
	}
	m.pending = later
	if len(now) > 0 {
		m.op = &Filter{Common: Common{In: m.op}, Conditions: now}
	}
}

func (m *matcher) pathReady(p *BindPath) bool {
	if !m.bound[p.Start] {
		return false
	}
	for _, s := range p.Steps {
		if !m.bound[s.Rel] || !m.bound[s.Node] {
			return false
		}
	}
	return true
}

package plan

import "github.com/pocketgraph/pocketgraph/cypher/syntax"

// listGuess is how many values a list is taken to have that is not written down.
const listGuess = 10

// guess is how many values are looked up.
func (w Wanted) guess() float64 {
	if list, ok := w.Expr.(*syntax.ListLiteral); ok && w.AnyOf {
		return float64(len(list.Items))
	}
	if w.AnyOf {
		return listGuess
	}
	return 1
}

// maxCombined bounds the keys that the lists of several properties make together:
// each value of one with each of the others. A scan looks at every element once.
const maxCombined = 256

// combinable reports whether so few keys are looked up as the list of one property
// has, or as several lists that are written down make.
func combinable(values []Wanted) bool {
	lists, keys := 0, 1.0
	for _, w := range values {
		if !w.AnyOf {
			continue
		}
		if lists++; !w.written() {
			keys = maxCombined + 1
		}
		keys *= w.guess()
	}
	return lists < 2 || keys <= maxCombined
}

func (w Wanted) written() bool {
	_, ok := w.Expr.(*syntax.ListLiteral)
	return ok
}

// wanted finds what a property of the element must equal and that is known
// before the element is: one value if there is such a condition, else the values
// of a list.
//
// Rule index seek for each of a list: a property that has to be one of several
// values is looked up for each of them once.
//
//	Filter(p:Person AND p.id IN $ids)              IndexSeek(p:Person(id) IN $ids)
//	  AllNodes(p)                             =>
//
//	Filter(p:Person AND (p.id = 1 OR p.id = 2))    IndexSeek(p:Person(id) IN [1, 2])
//	  AllNodes(p)                             =>
func (m *matcher) wanted(slot Slot, key string) (found Wanted) {
	for _, c := range m.pending {
		if c.Kind == HasValue && c.Slot == slot && c.Key == key && m.known(c.Expr) {
			return Wanted{Expr: c.Expr, from: c}
		}
		b, ok := c.Expr.(*syntax.Binary)
		if c.Kind != IsTrue || !ok {
			continue
		}
		if e := m.equalled(b, slot, key); e != nil {
			return Wanted{Expr: e, from: c}
		}
		if e := m.listed(b, slot, key); e != nil {
			found = Wanted{Expr: e, AnyOf: true, from: c}
		}
	}
	return found
}

// equalled gives e of key = e and e = key; nil for anything else.
func (m *matcher) equalled(b *syntax.Binary, slot Slot, key string) syntax.Expr {
	switch {
	case b.Op != syntax.Equal:
	case m.isProperty(b.Left, slot, key) && m.known(b.Right):
		return b.Right
	case m.isProperty(b.Right, slot, key) && m.known(b.Left):
		return b.Left
	}
	return nil
}

// listed gives the list of key IN list, and makes one of key = a OR key = b.
func (m *matcher) listed(b *syntax.Binary, slot Slot, key string) syntax.Expr {
	if b.Op == syntax.In && m.isProperty(b.Left, slot, key) && m.known(b.Right) {
		return b.Right
	}
	list := &syntax.ListLiteral{} // written nowhere: it has no range
	if b.Op != syntax.Or || !m.equalities(list, b, slot, key) {
		return nil
	}
	return list
}

// equalities adds the values of key = a OR key = b OR … to list; false when
// something else is among them.
func (m *matcher) equalities(list *syntax.ListLiteral, e syntax.Expr, slot Slot, key string) bool {
	b, ok := e.(*syntax.Binary)
	if !ok {
		return false
	}
	if b.Op == syntax.Or {
		return m.equalities(list, b.Left, slot, key) && m.equalities(list, b.Right, slot, key)
	}
	value := m.equalled(b, slot, key)
	list.Items = append(list.Items, value)
	return value != nil
}

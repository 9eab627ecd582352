package cyrand

import (
	"strconv"
	"strings"
)

// match adds a MATCH or OPTIONAL MATCH.
func (q *query) match() {
	head := "MATCH "
	if q.c.rarely(5) {
		head = "OPTIONAL MATCH "
	}
	if nodes := q.named(node); len(nodes) > 1 && q.c.rarely(12) {
		a, b := pick(q.c, nodes...), pick(q.c, nodes...)
		if a != b {
			q.names++
			p := "p" + strconv.Itoa(q.names)
			q.add(head + p + " = shortestPath((" + a + ")-[" + pick(q.c, "", ":K", ":L") + "*" + pick(q.c, "", "..2") + "]" + pick(q.c, "-", "->") + "(" + b + "))")
			q.add("WITH " + strings.Join(append(q.all(), "length("+p+") AS "+q.name("c", integer)), ", "))
			return
		}
	}
	paths := []string{q.path()}
	for q.budget > 0 && q.c.rarely(4) {
		paths = append(paths, q.path())
	}
	q.add(head + strings.Join(paths, ", ") + q.where())
}

func (q *query) all() []string {
	var out []string
	for _, v := range q.scope {
		out = append(out, v.name)
	}
	return out
}

// path is a node and up to three hops.
func (q *query) path() string {
	text := q.node()
	for range q.c.n(4) {
		if q.budget <= 0 {
			break
		}
		q.budget--
		name := ""
		if q.c.n(2) == 1 {
			name = "r"
		}
		text += q.hop(name) + q.node()
	}
	return text
}

// node is a node of a pattern: a new one, named or not, or one that is bound.
func (q *query) node() string {
	if bound := q.named(node); len(bound) > 0 && (q.budget <= 0 || q.c.rarely(5)) {
		return "(" + pick(q.c, bound...) + pick(q.c, "", "", ":A") + ")"
	}
	q.budget--
	// What stands inside may use what is bound before it.
	inside := pick(q.c, "", "", "", "", ":A", ":A", ":B", ":A:B", ":C", ":A|B", ":!A")
	if q.c.rarely(6) {
		inside += " {" + pick(q.c, "v: "+q.integer(), "s: "+q.word(), "k: "+q.integer(), "v: 1, s: 'a'") + "}"
	}
	if q.c.rarely(8) {
		inside = ":B {k: " + q.integer() + "}" // what a constraint finds at once
	}
	if q.c.rarely(5) {
		return "(" + inside + ")"
	}
	return "(" + q.name("n", node) + inside + ")"
}

// hop is a relationship of a pattern, with a variable if name begins one.
func (q *query) hop(name string) string {
	types := pick(q.c, "", ":K", ":L", ":K|L", ":Nowhere", ":!K")
	if types == ":Nowhere" && !q.c.rarely(4) {
		types = ":K"
	}
	inside := types
	switch {
	case q.c.rarely(6) && q.budget > 0:
		q.budget--
		inside += pick(q.c, "*1..2", "*0..1", "*2", "*..2", "*0..2")
	default:
		if q.c.rarely(9) {
			inside += " {w: " + q.integer() + "}"
		}
		if name != "" {
			inside = q.name(name, rel) + inside
		}
	}
	left, right := "-[", "]->"
	switch q.c.n(3) {
	case 1:
		left, right = "<-[", "]-"
	case 2:
		left, right = "-[", "]-"
	}
	if inside == types && q.budget > 0 && q.c.rarely(8) {
		q.budget--
		right += pick(q.c, "{1,2}", "{2}", "{0,1}", "{,2}")
	}
	return left + inside + right
}

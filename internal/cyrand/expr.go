package cyrand

import "fmt"

// kind of a variable.
type kind int

const (
	node kind = iota
	rel
	integer // or null
	word    // a string, or null
)

type variable struct {
	name string
	kind kind
}

// named gives the variables of one of the kinds.
func (q *query) named(kinds ...kind) []string {
	var out []string
	for _, v := range q.scope {
		for _, k := range kinds {
			if v.kind == k {
				out = append(out, v.name)
			}
		}
	}
	return out
}

// integer is an expression that is an integer or null.
func (q *query) integer() string {
	options := []string{pick(q.c, smallInts...)}
	for _, n := range q.named(node) {
		options = append(options, n+".k", n+".v")
	}
	for _, r := range q.named(rel) {
		options = append(options, r+".k", r+".w")
	}
	options = append(options, q.named(integer)...)
	options = append(options, "$i")
	e := pick(q.c, options...)
	if q.c.rarely(8) {
		e = fmt.Sprintf(pick(q.c, "%s + 1", "-%s", "2 * %s", "coalesce(%s, 7)"), e)
	}
	return e
}

// word is an expression that is a string or null.
func (q *query) word() string {
	options := []string{pick(q.c, words...)}
	for _, n := range q.named(node) {
		options = append(options, n+".s")
	}
	for _, r := range q.named(rel) {
		options = append(options, "type("+r+")")
	}
	options = append(options, q.named(word)...)
	return pick(q.c, append(options, "$s")...)
}

// anything is an expression of no certain type.
func (q *query) anything() string {
	options := []string{pick(q.c, mixed...), "null", "$n"}
	for _, n := range q.named(node) {
		options = append(options, n+".m", n+".m", n+".f", n+".none")
	}
	return pick(q.c, options...)
}

var comparisons = []string{"=", "<>", "<", "<=", ">", ">=", "="}

// predicate is true, false or null.
func (q *query) predicate(depth int) string {
	if depth > 0 && q.c.rarely(3) {
		a, b := q.predicate(depth-1), q.predicate(depth-1)
		return fmt.Sprintf(pick(q.c, "(%s AND %s)", "(%s OR %s)", "(%s XOR %s)", "(NOT %s AND %s)", "(%s OR NOT %s)"), a, b)
	}
	nodes, rels := q.named(node), q.named(rel)
	switch q.c.n(12) {
	case 0, 1:
		return q.integer() + " " + pick(q.c, comparisons...) + " " + q.integer()
	case 2:
		return q.word() + " " + pick(q.c, append(comparisons, "STARTS WITH", "ENDS WITH", "CONTAINS")...) + " " + q.word()
	case 3:
		return q.anything() + " " + pick(q.c, comparisons...) + " " + q.anything()
	case 4:
		return q.integer() + " IN " + pick(q.c, "[0, 1]", "$l", "[1, null]", "range(0, 2)")
	case 5:
		return pick(q.c, q.integer(), q.word(), q.anything()) + pick(q.c, " IS NULL", " IS NOT NULL")
	case 6:
		if len(nodes) > 0 {
			return pick(q.c, nodes...) + pick(q.c, ":A", ":B", ":A:B", ":C", ":A|C", ":!B")
		}
	case 7:
		if len(nodes) > 0 {
			return pick(q.c, nodes...) + pick(q.c, " = ", " <> ") + pick(q.c, nodes...)
		}
	case 8:
		if len(nodes) > 0 {
			return fmt.Sprintf(pick(q.c, "id(%s) = id(%s)", "id(%s) <> id(%s)"), pick(q.c, nodes...), pick(q.c, nodes...))
		}
	case 9:
		if len(rels) > 1 {
			return pick(q.c, rels...) + pick(q.c, " = ", " <> ") + pick(q.c, rels...)
		}
	case 10:
		if len(nodes) > 0 {
			return q.existence(pick(q.c, nodes...))
		}
	case 11:
		return fmt.Sprintf(pick(q.c, "any(x IN [0, 1] WHERE x = %s)", "all(x IN [1, 2] WHERE x <> %s)", "none(x IN $l WHERE x = %s)"), q.integer())
	}
	return q.integer() + " " + pick(q.c, comparisons...) + " " + q.integer()
}

// existence asks whether, or how often, a pattern is found at a node.
func (q *query) existence(at string) string {
	hop := q.hop("")
	far := "(" + pick(q.c, "", ":A", ":B", "{v: 1}", pick(q.c, q.named(node)...)) + ")"
	switch q.c.n(5) {
	case 4:
		return "size(COLLECT { MATCH (" + at + ")" + hop + far + " RETURN 1 }) " + pick(q.c, comparisons...) + " " + pick(q.c, smallInts...)
	case 0:
		return "(" + at + ")" + hop + far
	case 1:
		return "EXISTS { MATCH (" + at + ")" + hop + far + " }"
	case 2:
		return "COUNT { (" + at + ")" + hop + far + " } " + pick(q.c, comparisons...) + " " + pick(q.c, smallInts...)
	}
	return "size([(" + at + ")" + hop + far + " | 1]) " + pick(q.c, comparisons...) + " " + pick(q.c, smallInts...)
}

// listed is a condition that an index may answer by going through values; "" when
// there is nothing to ask about.
func (q *query) listed() string {
	nodes, rels := q.named(node), q.named(rel)
	if len(rels) > 0 && q.c.rarely(3) {
		return fmt.Sprintf(pick(q.c, "%s.w IN [1, 3, 1]", "(%[1]s.w = 1 OR %[1]s.w = 0)", "%s.k IN $l"), pick(q.c, rels...))
	}
	if len(nodes) == 0 {
		return ""
	}
	return fmt.Sprintf(pick(q.c, "%[1]s:A AND %[1]s.v IN [0, 2, 2.0, null]", "%[1]s:A AND (%[1]s.v = 1 OR 2 = %[1]s.v OR %[1]s.v = $n)", "%[1]s:B AND %[1]s.s IN ['a', 'b', 'a']",
		"%[1]s:B AND %[1]s.k IN range(0, 3)", "%[1]s:A AND %[1]s.m IN [1, 'a', 1.0]", "%[1]s:B AND %[1]s.v IN $l AND %[1]s.s IN ['a', $s, 'b']"), pick(q.c, nodes...))
}

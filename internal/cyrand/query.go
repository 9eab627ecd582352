package cyrand

import (
	"fmt"
	"strings"
)

// query is a statement in the making.
type query struct {
	c      *Choices
	scope  []variable
	names  int
	budget int // hops and unconnected nodes that may still be added: rows multiply
	lines  []string
}

// Read is a random statement that reads. Its parameters are $i, an integer, $s,
// a string, $l, a list of integers, and $n, null.
func Read(c *Choices) string {
	text := single(c)
	if c.rarely(12) {
		// Both sides have one column of one name.
		q := &query{c: c, budget: 4}
		text = q.counted() + pick(c, "\nUNION ", "\nUNION ALL ") + "\n" + (&query{c: c, budget: 4}).counted()
	}
	return text
}

func (q *query) counted() string {
	q.reading()
	q.add("RETURN " + q.integer() + " AS x")
	return strings.Join(q.lines, "\n")
}

// Write is a random statement that changes the graph, to the same result in
// whatever order its rows come.
func Write(c *Choices) string {
	q := &query{c: c, budget: 4}
	q.reading()
	nodes, rels := q.named(node), q.named(rel)
	if len(nodes) == 0 {
		q.add("MATCH (z)")
		nodes = []string{"z"}
	}
	n, m := pick(c, nodes...), pick(c, nodes...)
	options := []string{
		"SET " + n + ".v = 5",
		"SET " + n + ":C",
		"REMOVE " + n + ":A",
		"REMOVE " + n + ".v",
		"DETACH DELETE " + n,
		"MERGE (" + n + ")-[:K]->(" + m + ")",
		"MERGE (" + n + ")-[x:L]->(" + m + ") ON MATCH SET x.w = 4",
		"MERGE (x:B {v: 9}) ON CREATE SET x.w = 1",
		"CREATE (" + n + ")-[:L {w: 8}]->(:C {v: 1})",
		"SET " + n + " += {f: 1.5, s: null}",
		"WITH DISTINCT " + n + " CREATE (" + n + ")-[:K]->(" + n + ")",
	}
	for _, r := range rels {
		options = append(options, "SET "+r+".w = 6", "DELETE "+r, "REMOVE "+r+".w")
	}
	q.add(pick(c, options...))
	// An OPTIONAL MATCH binds nulls, which CREATE and MERGE refuse.
	return strings.ReplaceAll(strings.Join(q.lines, "\n"), "OPTIONAL MATCH", "MATCH")
}

func single(c *Choices) string {
	q := &query{c: c, budget: 6}
	q.reading()
	for c.rarely(3) {
		q.with()
		if c.rarely(2) {
			q.reading()
		}
	}
	q.finish()
	return strings.Join(q.lines, "\n")
}

func (q *query) add(line string) { q.lines = append(q.lines, line) }

func (q *query) name(prefix string, k kind) string {
	q.names++
	name := fmt.Sprintf("%s%d", prefix, q.names)
	q.scope = append(q.scope, variable{name, k})
	return name
}

// reading adds one to three clauses that bind something.
func (q *query) reading() {
	for more := true; more; more = q.c.rarely(3) {
		if q.c.rarely(8) {
			q.add("UNWIND " + pick(q.c, "[0, 1, 2]", "$l", "[1, 1, null]", "range(0, 3)") + " AS " + q.name("u", integer))
			continue
		}
		if nodes := q.named(node); len(nodes) > 0 && q.c.rarely(10) {
			q.call(pick(q.c, nodes...))
			continue
		}
		q.match()
	}
}

// call adds a subquery that sees one node and gives an integer for each row of
// its own, or one for all.
func (q *query) call(at string) {
	inner := &query{c: q.c, scope: []variable{{at, node}}, names: q.names + 10, budget: 2}
	inner.match()
	value := inner.integer()
	if q.c.n(2) == 0 {
		value = inner.aggregate()
	}
	q.names = inner.names
	q.add("CALL (" + at + ") {\n" + strings.Join(inner.lines, "\n") + "\nRETURN " + value + " AS " + q.name("c", integer) + "\n}")
}

func (q *query) where() string {
	if q.c.n(2) == 0 {
		return ""
	}
	if q.c.rarely(4) {
		if listed := q.listed(); listed != "" {
			return " WHERE " + listed + pick(q.c, "", " AND "+q.predicate(1))
		}
	}
	return " WHERE " + q.predicate(2)
}

// with makes a new scope.
func (q *query) with() {
	var items []string
	var scope []variable
	distinct := q.c.rarely(3)
	for _, v := range q.scope {
		if q.c.n(3) > 0 {
			items = append(items, v.name)
			scope = append(scope, v)
		}
	}
	if aggregate := q.c.rarely(3); aggregate || len(items) == 0 {
		value := q.aggregate()
		items = append(items, value+" AS "+q.name("c", integer))
		scope = append(scope, q.scope[len(q.scope)-1])
		distinct = false
	}
	q.scope = scope
	head := "WITH "
	if distinct {
		head = "WITH DISTINCT "
	}
	q.add(head + strings.Join(items, ", ") + q.where())
}

// aggregate is an integer, and does not depend on the order of rows.
func (q *query) aggregate() string {
	nodes := q.named(node)
	options := []string{"count(*)", "count(" + q.integer() + ")", "count(DISTINCT " + q.integer() + ")",
		"sum(" + q.integer() + ")", "min(" + q.integer() + ")", "max(" + q.integer() + ")",
		"size(collect(" + q.integer() + "))", "size(collect(DISTINCT " + q.word() + "))", "count(" + q.anything() + ")"}
	for _, n := range nodes {
		options = append(options, "count(DISTINCT "+n+")", "count("+n+")")
	}
	return pick(q.c, options...)
}

// finish adds RETURN. With ORDER BY every column is a key, so that rows which
// are equal by it are equal altogether.
func (q *query) finish() {
	var items, columns []string
	column := func(e string) {
		columns = append(columns, fmt.Sprintf("x%d", len(columns)))
		items = append(items, e+" AS "+columns[len(columns)-1])
	}
	aggregated := q.c.n(2) == 1
	for range 1 + q.c.n(3) {
		column(pick(q.c, q.integer(), q.word()))
	}
	ordered := q.c.rarely(3)
	switch {
	case aggregated:
		if q.c.n(2) == 1 {
			items, columns = nil, nil // one row for all
		}
		column(q.aggregate())
		if q.c.rarely(2) {
			column(q.aggregate())
		}
	case !ordered:
		for _, v := range q.scope {
			if q.c.rarely(3) {
				column(v.name)
			}
		}
	}
	head := "RETURN "
	if q.c.rarely(4) {
		head = "RETURN DISTINCT "
	}
	tail := ""
	if ordered {
		tail = " ORDER BY " + q.keys(columns)
		if q.c.rarely(3) {
			tail += " SKIP " + pick(q.c, "0", "1", "2")
		}
		if q.c.n(2) == 1 {
			tail += " LIMIT " + pick(q.c, "0", "1", "3", "10")
		}
	}
	q.add(head + strings.Join(items, ", ") + tail)
}

// keys are all the columns, the first ones last if so drawn.
func (q *query) keys(columns []string) string {
	first := q.c.n(len(columns))
	var out []string
	for i := range columns {
		out = append(out, columns[(first+i)%len(columns)]+pick(q.c, "", " DESC"))
	}
	return strings.Join(out, ", ")
}

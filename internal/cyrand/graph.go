package cyrand

import (
	"fmt"
	"strings"
)

// Graph is a random graph as statements: one for each node, then one for each
// relationship. Every element has a property k that no other one has.
func Graph(c *Choices) []string {
	var out []string
	nodes := 1 + c.n(7)
	for i := range nodes {
		out = append(out, fmt.Sprintf("CREATE (%s {k: %d%s})", pick(c, "", ":A", ":B", ":A:B", ":A:C"), i, nodeProperties(c)))
	}
	for i := range c.n(3*nodes + 5) {
		out = append(out, fmt.Sprintf("MATCH (a {k: %d}), (b {k: %d}) CREATE (a)-[:%s {k: %d%s}]->(b)",
			c.n(nodes), c.n(nodes), pick(c, "K", "K", "L"), 100+i, entries(c, "w", smallInts)))
	}
	return out
}

var (
	smallInts = []string{"0", "1", "2", "3"}
	words     = []string{"'a'", "'ab'", "'b'", "''"}
	floats    = []string{"0.5", "1.0", "-1.5", "2.0"}
	mixed     = []string{"1", "1.0", "'a'", "true", "[1, 2]", "-1", "date('2024-02-29')"}
)

func nodeProperties(c *Choices) string {
	return entries(c, "v", smallInts) + entries(c, "s", words) + entries(c, "f", floats) + entries(c, "m", mixed)
}

// entries is an entry of a map, or nothing.
func entries(c *Choices, key string, values []string) string {
	if c.rarely(4) {
		return ""
	}
	return ", " + key + ": " + pick(c, values...)
}

// Indexes are statements that index what random statements ask for.
var Indexes = []string{
	"CREATE INDEX FOR (n:A) ON (n.v)",
	"CREATE INDEX FOR (n:B) ON (n.s)",
	"CREATE INDEX FOR (n:A) ON (n.m)",
	"CREATE INDEX FOR (n:B) ON (n.v, n.s)",
	"CREATE INDEX FOR (n:C) ON (n.f)",
	"CREATE CONSTRAINT FOR (n:B) REQUIRE n.k IS UNIQUE",
	"CREATE INDEX FOR ()-[r:K]-() ON (r.w)",
	"CREATE INDEX FOR ()-[r:L]-() ON (r.k)",
}

// Dump asks for everything that is stored, element by element.
var Dump = []string{
	"MATCH (n) RETURN n",
	"MATCH (a)-[r]->(b) RETURN r, a, b",
}

// Script is a finding as a case of a language script (package cytest).
func Script(name string, setup []string, query string, want []string) string {
	var b strings.Builder
	b.WriteString("-- case " + name + "\n-- setup\n")
	for _, s := range setup {
		b.WriteString(s + ";\n")
	}
	b.WriteString("-- query")
	if Ordered(query) {
		b.WriteString(" in order")
	}
	b.WriteString("\n" + query + "\n-- rows\n" + strings.Join(want, "\n") + "\n")
	return b.String()
}

// Ordered says that the order of a statement's rows is a part of its answer.
func Ordered(query string) bool {
	last := strings.LastIndex(query, "\nRETURN")
	return last >= 0 && strings.Contains(query[last:], " ORDER BY ") && !strings.Contains(query, "\nUNION")
}

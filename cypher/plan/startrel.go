package plan

import (
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// cheapestRel finds a relationship that an index on its property gives with
// less work than cost, what the cheapest node costs; nil when there is none.
//
// Rule relationship index selection: a relationship with one type and a
// condition on an indexed property is found through the index, and its ends
// through it.
//
//	Filter(r.since = $year)                        RelEnds((a)-[r:KNOWS]->(b))
//	  Expand((a)-[r:KNOWS]->(b))            =>       IndexSeek(r:KNOWS(since) = $year)
//	    AllNodes(a)
func (m *matcher) cheapestRel(cost float64) Op {
	if !m.b.options.Starts {
		return nil
	}
	var best Op
	for _, e := range m.edges {
		name, id, ok := m.oneType(e)
		if !ok {
			continue
		}
		for i := range m.b.indexes {
			ix := &m.b.indexes[i]
			if ix.Entity != graph.RelEntity || ix.Type != id {
				continue
			}
			if op, rows := m.throughIndex(e.slot, name, ix); op != nil && rows < cost {
				best, cost = op, rows
			}
		}
	}
	return best
}

// oneType gives the type of an edge that is one relationship of exactly that
// type, with a variable no earlier clause has bound.
func (m *matcher) oneType(e *edge) (string, graph.TypeID, bool) {
	if e.many() || isShortest(e.path) || m.bound[e.slot] {
		return "", 0, false
	}
	names, plain := syntax.TypeNames(e.rel.Syntax.Types)
	if !plain || len(names) != 1 {
		return "", 0, false
	}
	id, known := m.b.reader.LookType(names[0])
	return names[0], id, known
}

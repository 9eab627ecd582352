package exec

import (
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// Nodes may be deleted in one clause and their relationships in a later one:
// what must hold holds at the end of the statement.
//
//	MATCH (n)-[r]-() DELETE n WITH r DELETE r
//
// The store refuses a node that has relationships, so it is condemned: for the
// rest of the statement it counts as deleted (its properties and labels cannot
// be asked or set, no MATCH begins at it or leads to it, nothing can be joined
// to it), and it goes as soon as a DELETE took its last relationship. One that
// still has some at the end fails the statement.
type condemned struct {
	nodes map[graph.Node]syntax.Range // where the DELETE stands
	order []graph.Node
}

// condemn deletes a node now, or once it can be.
func (r *Run) condemn(n graph.Node, at syntax.Range) {
	if r.err != nil || !r.hasNode(n) {
		return
	}
	r.deleted = true
	if r.reader.Degree(n, graph.Both, nil) == 0 {
		r.deleteNode(n, at)
		return
	}
	if r.condemned.nodes == nil {
		r.condemned.nodes = map[graph.Node]syntax.Range{}
	}
	r.condemned.nodes[n] = at
	r.condemned.order = append(r.condemned.order, n)
}

func (r *Run) deleteNode(n graph.Node, at syntax.Range) {
	r.failWith(r.rt.Writer.DeleteNode(n), at)
	r.counters.NodesDeleted++
}

// released deletes the condemned nodes whose relationships have gone.
func (r *Run) released() {
	rest := r.condemned.order[:0]
	for _, n := range r.condemned.order {
		if r.reader.Degree(n, graph.Both, nil) > 0 {
			rest = append(rest, n)
			continue
		}
		r.deleteNode(n, r.condemned.nodes[n])
		delete(r.condemned.nodes, n)
	}
	r.condemned.order = rest
}

// executed ends the statement: a node that still has relationships fails it.
func (r *Run) executed() {
	if r.err == nil && len(r.condemned.order) > 0 {
		r.failWith(graph.ErrHasRelationships, r.condemned.nodes[r.condemned.order[0]])
	}
}

// hasNode says whether a node is there for the rest of the statement.
func (r *Run) hasNode(n graph.Node) bool { return !r.isCondemned(n) && r.reader.HasNode(n) }

func (r *Run) isCondemned(n graph.Node) bool {
	if len(r.condemned.nodes) == 0 {
		return false
	}
	_, is := r.condemned.nodes[n]
	return is
}

// dropCondemned takes condemned nodes out of a list, in place.
func (r *Run) dropCondemned(nodes []graph.Node) int {
	if len(r.condemned.nodes) == 0 {
		return len(nodes)
	}
	n := 0
	for _, node := range nodes {
		if !r.isCondemned(node) {
			nodes[n] = node
			n++
		}
	}
	return n
}

// refuseCondemned fails the run where a condemned node was to be changed.
func (r *Run) refuseCondemned(v graph.Value, at syntax.Range) bool {
	if v.Kind() != graph.KindNode || !r.isCondemned(v.AsNode()) {
		return false
	}
	r.failWith(graph.ErrNotFound, at)
	return true
}

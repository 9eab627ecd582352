package nornic

import "strconv"

// refusal is why the live engine did not do what the log holds: it writes an
// operation to the log before it looks whether it makes sense.
type refusal string

func (r refusal) Error() string { return string(r) }

const (
	noElement = refusal("there is no element")
	noID      = refusal("the element has no identity")
	exists    = refusal("the identity is there already")
	absent    = refusal("there is nothing with the identity")
	noEnds    = refusal("an end of the edge is not there")
)

// apply carries out one operation as NornicDB's live engine does:
//
//	create_node        refused when the identity is there
//	update_node        replaces the node whole, or creates it
//	update_embedding   replaces the node whole; refused when it is not there
//	delete_node        with its edges; refused when it is not there
//	create_edge        refused when the identity is there or an end is not
//	update_edge        replaces the edge whole, ends included; refused when it
//	                   or an end is not there
//	delete_edge        refused when it is not there
//	bulk_create_...    all or nothing
//	bulk_delete_...    what is there
//
// sequence is for the report.
func (s *state) apply(database, op string, o *operation, sequence uint64) error {
	switch op {
	case opCreateNode, opUpdateNode, opUpdateEmbedding:
		return s.writeNode(database, op, o.Node)
	case opDeleteNode:
		return s.deleteNode(key{database, o.ID})
	case opCreateEdge:
		return s.createEdge(database, o.Edge)
	case opUpdateEdge:
		return s.updateEdge(database, o.Edge)
	case opDeleteEdge:
		return s.deleteEdge(key{database, o.ID})
	case opBulkNodes:
		return s.bulkNodes(database, o.Nodes, sequence)
	case opBulkEdges:
		return s.bulkEdges(database, o.Edges, sequence)
	case opBulkDeleteNodes:
		return each(database, o.IDs, s.deleteNode)
	case opBulkDeleteEdges:
		return each(database, o.IDs, s.deleteEdge)
	}
	return refusal("the operation is not known")
}

// each deletes what is there.
func each(database string, ids []string, remove func(key) error) error {
	for _, id := range ids {
		if err := remove(key{database, id}); err != nil && err != absent {
			return err
		}
	}
	return nil
}

func (s *state) checkNode(n *node) error {
	switch {
	case n == nil:
		return noElement
	case n.ID == "":
		return noID
	}
	return nil
}

func (s *state) writeNode(database, op string, n *node) error {
	if err := s.checkNode(n); err != nil {
		return err
	}
	k := key{database, n.ID}
	_, there := s.nodes[k]
	switch {
	case there && op == opCreateNode:
		return exists
	case there:
		return s.replaceNode(k, n)
	case op == opUpdateEmbedding:
		return absent
	}
	return s.makeNode(k, n)
}

func (s *state) deleteNode(k key) error {
	if _, there := s.nodes[k]; !there {
		return absent
	}
	return s.removeNode(k)
}

// checkEdge says why an edge cannot be created.
func (s *state) checkEdge(database string, e *edge) error {
	switch {
	case e == nil:
		return noElement
	case e.ID == "":
		return noID
	}
	k := key{database, e.ID}
	if _, there := s.edges[k]; there {
		return exists
	}
	if !s.hasEnds(k, e) {
		return noEnds
	}
	return nil
}

func (s *state) createEdge(database string, e *edge) error {
	if err := s.checkEdge(database, e); err != nil {
		return err
	}
	k := key{database, e.ID}
	delete(s.aside, k) // the log holds what the snapshot held by half
	return s.makeEdge(k, e)
}

func (s *state) updateEdge(database string, e *edge) error {
	if e == nil {
		return noElement
	}
	k := key{database, e.ID}
	_, there := s.edges[k]
	_, waits := s.aside[k]
	switch {
	case !there && !waits:
		return absent
	case !s.hasEnds(k, e):
		return noEnds
	case waits:
		delete(s.aside, k)
	default:
		if err := s.removeEdge(k); err != nil {
			return err
		}
	}
	return s.makeEdge(k, e)
}

func (s *state) deleteEdge(k key) error {
	if _, waits := s.aside[k]; waits {
		delete(s.aside, k)
		return nil
	}
	if _, there := s.edges[k]; !there {
		return absent
	}
	return s.removeEdge(k)
}

// bulkNodes creates all nodes or none. Of an identity that is twice in the list
// the live engine keeps the last.
func (s *state) bulkNodes(database string, nodes []*node, sequence uint64) error {
	for i, n := range nodes {
		if err := s.checkNode(n); err != nil {
			return at(i, err)
		}
		if _, there := s.nodes[key{database, n.ID}]; there {
			return at(i, exists)
		}
	}
	for i, n := range nodes {
		k := key{database, n.ID}
		write := s.makeNode
		if _, twice := s.nodes[k]; twice {
			s.report.add(RepeatedIdentity, sequence, -1, "node %q is twice in one bulk, the second time at %d; the last counts", n.ID, i)
			write = s.replaceNode
		}
		if err := write(k, n); err != nil {
			return err
		}
	}
	return nil
}

// bulkEdges creates all edges or none.
func (s *state) bulkEdges(database string, edges []*edge, sequence uint64) error {
	for i, e := range edges {
		if err := s.checkEdge(database, e); err != nil {
			return at(i, err)
		}
	}
	for i, e := range edges {
		k := key{database, e.ID}
		delete(s.aside, k)
		if _, twice := s.edges[k]; twice {
			s.report.add(RepeatedIdentity, sequence, -1, "edge %q is twice in one bulk, the second time at %d; the last counts", e.ID, i)
			if err := s.removeEdge(k); err != nil {
				return err
			}
		}
		if err := s.makeEdge(k, e); err != nil {
			return err
		}
	}
	return nil
}

// at says which element of a bulk is meant.
func at(i int, err error) error {
	return refusal("element " + strconv.Itoa(i) + ": " + err.Error())
}

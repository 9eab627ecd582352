package nornic

import (
	"cmp"
	"errors"
	"io"
	"slices"
	"strings"
)

// loadSnapshot brings the elements of a snapshot into the state. Of a damaged
// one that is the readable beginning.
func (s *state) loadSnapshot(in io.Reader, head *snapshotHead) error {
	err := readSnapshot(in, &snapshotHead{}, snapshotVisitor{node: s.loadNode, edge: s.loadEdge})
	if v, ok := err.(visitError); ok {
		return v.error
	}
	if (err == nil) != (head.damage == nil) {
		return errSnapshotChanged
	}
	return nil
}

var errSnapshotChanged = errors.New("the snapshot changed while it was imported")

// split takes the identity of an element of the snapshot apart (rule 9).
func (s *state) split(id string) key {
	if !s.databases {
		return key{"", id}
	}
	if database, rest, ok := strings.Cut(id, ":"); ok {
		return key{database, rest}
	}
	return key{defaultDatabase, id}
}

func (s *state) loadNode(n *node) error {
	if n.ID == "" {
		s.report.add(RefusedOperation, 0, -1, "the snapshot holds a node without identity; it is left out")
		return nil
	}
	k := s.split(n.ID)
	if _, there := s.nodes[k]; there {
		s.report.add(RepeatedIdentity, 0, -1, "node %q is twice in the snapshot; the first counts", n.ID)
		return nil
	}
	return s.makeNode(k, n)
}

func (s *state) loadEdge(e *edge) error {
	if e.ID == "" {
		s.report.add(RefusedOperation, 0, -1, "the snapshot holds an edge without identity; it is left out")
		return nil
	}
	k := s.split(e.ID)
	_, there := s.edges[k]
	_, waits := s.aside[k]
	if there || waits {
		s.report.add(RepeatedIdentity, 0, -1, "edge %q is twice in the snapshot; the first counts", e.ID)
		return nil
	}
	// Edges join nodes of their own database.
	e.Start, e.End = s.split(e.Start).id, s.split(e.End).id
	if s.hasEnds(k, e) {
		return s.makeEdge(k, e)
	}
	s.aside[k] = e
	for _, end := range []string{e.Start, e.End} {
		at := key{k.database, end}
		s.asideOf[at] = append(s.asideOf[at], k)
	}
	return nil
}

// settle creates the edges that were kept aside and have got their ends, and
// reports the rest.
func (s *state) settle() error {
	waiting := make([]key, 0, len(s.aside))
	for k := range s.aside {
		waiting = append(waiting, k)
	}
	slices.SortFunc(waiting, func(a, b key) int { return cmp.Or(cmp.Compare(a.database, b.database), cmp.Compare(a.id, b.id)) })
	for _, k := range waiting {
		e := s.aside[k]
		if s.hasEnds(k, e) {
			if err := s.makeEdge(k, e); err != nil {
				return err
			}
			continue
		}
		s.report.add(DanglingEdge, 0, -1, "edge %q of the snapshot goes from %q to %q, and one of them is nowhere; it is left out", k.id, e.Start, e.End)
	}
	return nil
}

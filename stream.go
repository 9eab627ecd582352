package pocketgraph

import (
	"iter"

	"github.com/pocketgraph/pocketgraph/graph"
)

// Nodes walks the nodes that have the label, or all when it is empty, as they
// were when the walk began: writers go on beside it. It holds one node at a
// time; ending the loop ends the walk. slices.Chunk and the like make batches.
func (db *DB) Nodes(label string) iter.Seq[Node] {
	return func(yield func(Node) bool) {
		r := db.store.State()
		id, known := r.LookLabel(label)
		if label != "" && !known {
			return
		}
		scan := func(from graph.Node, dst []graph.Node) int { return r.ScanLabel(id, from, dst) }
		if label == "" {
			scan = r.ScanNodes
		}
		for n := range graph.Handles(scan) {
			if !yield(nodeOf(r, n)) {
				return
			}
		}
	}
}

// Relationships walks the relationships of the type, or all when it is empty;
// see Nodes.
func (db *DB) Relationships(relationshipType string) iter.Seq[Relationship] {
	return func(yield func(Relationship) bool) {
		r := db.store.State()
		id, known := r.LookType(relationshipType)
		if relationshipType != "" && !known {
			return
		}
		scan := func(from graph.Rel, dst []graph.Rel) int { return r.ScanType(id, from, dst) }
		if relationshipType == "" {
			scan = r.ScanRels
		}
		for rel := range graph.Handles(scan) {
			if !yield(relationshipOf(r, rel)) {
				return
			}
		}
	}
}

// NodesWithout walks the nodes that have the label, or all when it is empty,
// and lack the property: those that still need an embedding, say.
func (db *DB) NodesWithout(label, property string) iter.Seq[Node] {
	return func(yield func(Node) bool) {
		for n := range db.Nodes(label) {
			if _, has := n.Properties[property]; !has && !yield(n) {
				return
			}
		}
	}
}

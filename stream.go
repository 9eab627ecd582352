package pocketgraph

import (
	"iter"

	"github.com/pocketgraph/pocketgraph/graph"
)

// streamBatch is how many handles a stream looks up at once.
const streamBatch = 1024

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
		handles(scan, func(n graph.Node) bool { return yield(nodeOf(r, n)) })
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
		handles(scan, func(rel graph.Rel) bool { return yield(relationshipOf(r, rel)) })
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

// handles walks a scan until it ends or visit returns false.
func handles[H graph.Node | graph.Rel](scan func(from H, dst []H) int, visit func(H) bool) {
	var batch [streamBatch]H
	for from := H(0); ; {
		n := scan(from, batch[:])
		for _, h := range batch[:n] {
			if !visit(h) {
				return
			}
		}
		if n < len(batch) {
			return
		}
		from = batch[n-1] + 1
	}
}

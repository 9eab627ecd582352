package graph

import "iter"

// scanBatch is how many handles a walk looks up at once.
const scanBatch = 1024

// Batches walks a scan of a Reader (ScanNodes, ScanRels, or one of a label or
// type) by batches of handles, which are valid until the next. The last is
// short, perhaps empty.
func Batches[H Node | Rel](scan func(from H, dst []H) int) iter.Seq[[]H] {
	return func(yield func([]H) bool) {
		var batch [scanBatch]H
		for from := H(0); ; {
			n := scan(from, batch[:])
			if !yield(batch[:n]) || n < len(batch) {
				return
			}
			from = batch[n-1] + 1
		}
	}
}

// Handles walks a scan as Batches does, handle by handle.
func Handles[H Node | Rel](scan func(from H, dst []H) int) iter.Seq[H] {
	return func(yield func(H) bool) {
		for batch := range Batches(scan) {
			for _, h := range batch {
				if !yield(h) {
					return
				}
			}
		}
	}
}

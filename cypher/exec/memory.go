package exec

import (
	"math"
	"runtime"

	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// What a statement keeps is bounded in two steps. Everything that keeps or makes
// values says so beforehand (take): that is a sum of what was ever asked for, of
// which most may be garbage by now, and it costs an addition. When the sum comes
// to what the statement may have, the heap itself is looked at (weigh), and
// garbage is collected before anybody is refused. So no operator has to know what
// is shared, and none can be forgotten for long.

// What is counted for things whose true size nobody knows.
const (
	rowBytes   = 64 // a row that is kept
	valueBytes = 24 // graph.Value
	entryBytes = 40 // graph.Entry
	pathBytes  = 64 // graph.Path, without its elements
)

// memoryShare of the budget is how much is taken before the heap is looked at for
// the first time, and between two looks when little is left: each may collect garbage.
const memoryShare = 4

// take says that so many bytes are about to be allocated. False ends the run:
// they must not be.
//
//go:noinline
func (r *Run) take(bytes int) bool {
	if r.taken += bytes; r.taken >= r.weighAt {
		r.weigh(bytes)
	}
	return r.err == nil
}

// takeList is take for a list of n items.
func (r *Run) takeList(n int) bool { return r.listFits(n) && r.take(n*valueBytes) }

// listFits ends the run if a list has more items than one may have. It is one
// allocation, which is zeroed and filled at a stretch: the limit bounds that to
// some tens of milliseconds in a page.
func (r *Run) listFits(n int) bool {
	if n > r.limits.List {
		r.limit("a list would have too many items")
	}
	return r.err == nil
}

// takeText is take for a String of n bytes.
func (r *Run) takeText(n int) bool { return r.growText(0, n) }

// growText is take for what makes a String longer by n bytes.
func (r *Run) growText(had, n int) bool {
	if had+n > r.limits.Text {
		r.limit("a String would be longer than the limit allows")
		return false
	}
	return r.take(n)
}

// weigh compares what the heap has grown by with the budget.
//
//go:noinline
func (r *Run) weigh(bytes int) {
	if !r.weighed {
		r.weighed, r.heapBefore = true, math.MaxInt
	}
	used, budget := r.grown()
	if used += bytes; used > budget {
		runtime.GC()
		used, budget = r.grown()
		used += bytes
	}
	if used > budget {
		r.weighAt = math.MaxInt // once is enough: a batch is finished by some before they notice
		r.fail("LimitError", "OutOfMemory", "the statement needs more memory than it may have; a LIMIT, fewer columns or smaller batches would help", syntax.Range{})
		return
	}
	r.weighAt = r.taken + max(budget-used, r.limits.Memory/memoryShare)
}

// grown is what the heap has grown by, and by how much it may. What the heap held
// before the statement is the least it was seen to hold: a part of the first look
// may have been garbage.
func (r *Run) grown() (used, budget int) {
	heap := heapBytes()
	r.heapBefore = min(r.heapBefore, heap)
	budget = r.limits.Memory
	if whole := r.limits.Heap; whole > 0 {
		budget = min(budget, max(whole-r.heapBefore, whole/8))
	}
	return heap - r.heapBefore, budget
}

func heapBytes() int {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// nested lets lists in lists be compared and hashed with looks in between.
//
//go:noinline
func (r *Run) nested() *graph.Work {
	if r.deep.Turn == nil {
		r.deep.Every = itemsPerRow * pieceRows
		r.deep.Turn = func() bool {
			r.tick(pieceRows)
			return r.err == nil
		}
	}
	return &r.deep
}

// compareValues is graph.Compare, with looks in between where it goes deep.
func (r *Run) compareValues(a, b graph.Value) int {
	if k := a.Kind(); (k == graph.KindList || k == graph.KindMap) && k == b.Kind() {
		return r.nested().Compare(a, b)
	}
	return graph.Compare(a, b)
}

// pieceRows is how many rows of work long loops do between two ticks, and
// pieceItems how many items of lists that is.
const (
	pieceRows  = yieldEvery / 4
	pieceItems = pieceRows * itemsPerRow
	pieceBytes = pieceRows * bytesPerRow
)

// each calls do for pieces of n items, with a tick after each. It ends early when
// the run does.
func (r *Run) each(n, piece int, do func(from, to int)) bool {
	for from := 0; from < n; from += piece {
		to := min(n, from+piece)
		do(from, to)
		if to-from == piece {
			r.tick(pieceRows)
		} else {
			r.tick((to - from) * pieceRows / piece)
		}
		if r.err != nil {
			return false
		}
	}
	return true
}

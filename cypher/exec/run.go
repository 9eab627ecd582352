package exec

import (
	"cmp"
	"context"
	"io"
	"math/rand/v2"
	"time"

	"github.com/pocketgraph/pocketgraph/graph"
)

// Limits bound what one statement may take. Zero means the default.
type Limits struct {
	Rows int // rows buffered at once by sorts, groups, eager operators and results
	Path int // relationships in one path
	List int // items of one list
	Text int // bytes of one String
	// Memory is by how many bytes the heap may grow while the statement runs, once
	// it has asked for a quarter of that. The heap is that of the process: what
	// others keep meanwhile counts too, but only who took so much is refused.
	Memory int
	// Heap is what the whole heap may come to, or 0: a statement may have what is
	// left of it, and an eighth of it where less is left, if that is below Memory.
	Heap int
}

// DefaultLimits keep a page alive, which has four gigabytes: a row costs some 100
// bytes, so buffered rows stay below one, and so does what a statement keeps in
// all; a String is no longer than one that can be stored; a path of 100,000 is
// longer than any search for paths ends in a lifetime.
var DefaultLimits = Limits{Rows: 8 << 20, Path: 100_000, List: 4 << 20, Text: 64 << 20, Memory: 1 << 30}

// Runtime is what a statement runs on.
type Runtime struct {
	Reader  graph.Reader
	Writer  graph.Writer    // nil: the statement may only read
	Context context.Context // checked every few thousand rows; may be nil
	// Yield is called every few thousand rows of work. It may park the
	// goroutine; it is where an event loop and the collector get their turn.
	Yield  func()
	Limits Limits
	Now    func() time.Time // the clock; nil: time.Now
	Began  time.Time        // of the transaction; zero: with the statement
	// Ended is asked beside Context, and its error ends the statement; may be nil.
	Ended func() error
	// Host is the database, for SHOW and TERMINATE; may be nil.
	Host Host
	// Importer opens what LOAD CSV names; nil: nothing can be loaded.
	Importer Importer
	// Next ends the transaction, by committing it or by dropping what it did, and
	// gives the writer of the one after it. Handles stay what they are, and nobody
	// else writes between the two. Nil inside a transaction of the caller's.
	Next func(commit bool) (graph.Writer, error)
}

// WithDefaults gives zero limits their defaults.
func (l Limits) WithDefaults() Limits {
	d := DefaultLimits
	return Limits{Rows: cmp.Or(l.Rows, d.Rows), Path: cmp.Or(l.Path, d.Path), List: cmp.Or(l.List, d.List), Text: cmp.Or(l.Text, d.Text), Memory: cmp.Or(l.Memory, d.Memory), Heap: l.Heap}
}

// Importer opens files for LOAD CSV. It decides what may be read: addresses come
// from statements.
type Importer interface {
	// Open opens what an address names. An *Error is passed on as it is.
	Open(address string) (io.ReadCloser, error)
}

// Graph is what the statement reads: the writer, if there is one.
func (rt *Runtime) Graph() graph.Reader {
	if rt.Writer != nil {
		return rt.Writer
	}
	return rt.Reader
}

// Counters say what a statement changed.
type Counters struct {
	NodesCreated, NodesDeleted                 int
	RelationshipsCreated, RelationshipsDeleted int
	PropertiesSet, LabelsAdded, LabelsRemoved  int
	IndexesAdded, IndexesRemoved               int
	ConstraintsAdded, ConstraintsRemoved       int
}

// ContainsUpdates reports whether anything changed.
func (c *Counters) ContainsUpdates() bool { return *c != Counters{} }

// yieldEvery is how many rows of work pass between two looks at the context
// and calls of Yield: about a millisecond.
const yieldEvery = 4096

// Run is one execution of a program. It is for one goroutine.
type Run struct {
	rt         *Runtime
	limits     Limits // of rt, with the defaults
	reader     graph.Reader
	program    *Program
	params     []graph.Value // in the order of the statement's Parameters
	locals     []graph.Value // variables of comprehensions, by slot
	keys       []nameID
	labels     []nameID
	types      []nameID
	subs       []*subRun
	counters   Counters
	rows       []int // rows given by each operator, for PROFILE
	work       int   // since the last look, in rows
	longest    int   // the most work between two looks
	buffered   int
	kept       int        // the most rows buffered at any time
	taken      int        // bytes asked for; see take
	weighAt    int        // of taken: when the heap is looked at next
	weighed    bool       // it was
	heapBefore int        // what it had then
	deep       graph.Work // see nested
	number     int        // of this execution; see held
	deleted    bool       // something was deleted: handles must be asked
	eagers     []*eager
	err        error
	scratch    [][]graph.Value
	alone      *frame        // without a row, for what depends on none
	bare       []graph.Words // columns of words, for the operator at work
	now        time.Time
	random     *rand.Rand

	condemned condemned
	open      []io.Closer       // files to be closed at the end
	regexes   map[string]*regex // patterns compiled so far
}

type nameID struct {
	id    uint32
	known bool
}

// tick counts work, and now and then lets others have a turn.
func (r *Run) tick(n int) {
	if r.work += n; r.work >= yieldEvery {
		r.look()
	}
}

// look gives others their turn and finds out whether the statement is to end.
//
//go:noinline
func (r *Run) look() {
	r.longest, r.work = max(r.longest, r.work), 0
	if r.rt.Yield != nil {
		r.rt.Yield()
	}
	r.over()
}

// over tells whether the statement's context has ended, which ends the run.
func (r *Run) over() bool {
	if r.rt.Context != nil && r.err == nil {
		r.err = r.rt.Context.Err()
	}
	if r.rt.Ended != nil && r.err == nil {
		r.err = r.rt.Ended()
	}
	return r.err != nil
}

// buffer counts rows that are kept, and fails above the limit.
func (r *Run) buffer(n int) {
	if n > 0 {
		r.take(n * rowBytes)
	}
	r.count(n)
}

// count is buffer for what was taken already.
func (r *Run) count(n int) {
	r.buffered += n
	r.kept = max(r.kept, r.buffered)
	if r.buffered > r.limits.Rows {
		r.limit("too many rows have to be kept at once; a LIMIT or smaller batches would help")
	}
}

// held is how many rows an operator keeps. Operators serve in one execution after
// the other, and each begins with none.
type held struct{ rows, number int }

func (h *held) add(r *Run, n int) {
	if h.number != r.number {
		h.rows, h.number = 0, r.number
	}
	h.rows += n
	r.buffer(n)
}

func (h *held) drop(r *Run) {
	h.add(r, 0)
	h.add(r, -h.rows)
}

// key finds the id of a property key of the program; names that the store does
// not know yet are asked again, since the statement may create them.
func (r *Run) key(i int) (graph.KeyID, bool) {
	k := &r.keys[i]
	if !k.known {
		id, ok := r.reader.LookKey(r.program.keys.list[i])
		k.id, k.known = uint32(id), ok
	}
	return graph.KeyID(k.id), k.known
}

func (r *Run) label(i int) (graph.LabelID, bool) {
	k := &r.labels[i]
	if !k.known {
		id, ok := r.reader.LookLabel(r.program.labels.list[i])
		k.id, k.known = uint32(id), ok
	}
	return graph.LabelID(k.id), k.known
}

func (r *Run) typ(i int) (graph.TypeID, bool) {
	k := &r.types[i]
	if !k.known {
		id, ok := r.reader.LookType(r.program.types.list[i])
		k.id, k.known = uint32(id), ok
	}
	return graph.TypeID(k.id), k.known
}

// borrow gives a buffer of n values; give it back with release.
func (r *Run) borrow(n int) []graph.Value {
	if last := len(r.scratch) - 1; last >= 0 && cap(r.scratch[last]) >= n {
		buf := r.scratch[last]
		r.scratch = r.scratch[:last]
		return buf[:n]
	}
	return make([]graph.Value, n, max(n, firstBatch))
}

// word gives column i of words. Every operator uses the same: nothing in them
// outlives the call of next.
func (r *Run) word(i int) *graph.Words { return &r.words(i + 1)[i] }

// words gives n columns of words.
func (r *Run) words(n int) []graph.Words {
	for len(r.bare) < n {
		r.bare = append(r.bare, graph.Words{})
	}
	return r.bare[:n]
}

func (r *Run) release(buf []graph.Value) { r.scratch = append(r.scratch, buf) }

// time is the moment the statement began.
func (r *Run) time() time.Time {
	if r.now.IsZero() {
		r.now = time.Now()
		if r.rt.Now != nil {
			r.now = r.rt.Now()
		}
	}
	return r.now
}

func (r *Run) rand() *rand.Rand {
	if r.random == nil {
		r.random = rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))
	}
	return r.random
}

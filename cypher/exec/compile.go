package exec

import (
	"sync/atomic"
	"time"

	"github.com/pocketgraph/pocketgraph/cypher/bind"
	"github.com/pocketgraph/pocketgraph/cypher/plan"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// Program is a compiled plan. It is not changed by running it, and may be run
// many times.
type Program struct {
	Plan    *plan.Plan
	root    factory
	keys    nameTable
	labels  nameTable
	types   nameTable
	locals  int
	subs    []*subProgram
	kinds   []plan.Kind
	ops     map[plan.Op]int // numbers for PROFILE
	results []plan.Slot
	idle    atomic.Pointer[Rows] // a finished run whose operators can be used again
}

// factory makes an operator for a run.
type factory func(r *Run) operator

// operator gives rows in batches.
type operator interface {
	// reset starts over, with the rows of arg for the Argument at the leaf.
	reset(arg *batch)
	// next gives the next batch, nil at the end or when Run.err is set.
	next() *batch
}

// nameTable numbers the names of a program.
type nameTable struct {
	list []string
	ids  map[string]int
}

//go:noinline
func (t *nameTable) add(name string) int {
	if i, ok := t.ids[name]; ok {
		return i
	}
	if t.ids == nil {
		t.ids = map[string]int{}
	}
	t.ids[name] = len(t.list)
	t.list = append(t.list, name)
	return len(t.list) - 1
}

// compiler makes a Program.
type compiler struct {
	*Program
	stmt    *bind.Statement
	builder *plan.Builder
	locals  map[plan.Slot]bool // variables of comprehensions around the expression
	nLocals int
	subject int
	err     error
	library *Library
}

// Compile plans and compiles a statement.
func Compile(stmt *bind.Statement, reader graph.Reader, options plan.Options, library *Library) (*Program, error) {
	b := plan.NewBuilder(stmt, reader, options)
	p, err := b.Statement()
	if err != nil {
		return nil, err
	}
	c := &compiler{Program: &Program{Plan: p, ops: map[plan.Op]int{}}, stmt: stmt, builder: b, locals: map[plan.Slot]bool{}, nLocals: len(stmt.Vars), library: library}
	c.kinds = b.Kinds()
	c.root = c.op(p.Root)
	c.kinds = b.Kinds()
	p.Kinds, p.Names = b.Kinds(), b.Names()
	c.Program.locals = c.nLocals
	c.results = p.Results
	if c.err != nil {
		return nil, c.err
	}
	return c.Program, nil
}

func (c *compiler) newLocal() int {
	c.nLocals++
	return c.nLocals - 1
}

// op compiles an operator and what is below it.
func (c *compiler) op(p plan.Op) factory {
	number := len(c.ops)
	c.ops[p] = number
	make := c.factory(p)
	if make == nil {
		c.unsupported("this operator", syntax.Range{})
		return nil
	}
	return func(r *Run) operator {
		op := make(r)
		if r.rows != nil {
			return &counted{operator: op, run: r, number: number}
		}
		return op
	}
}

// counted counts the rows that an operator gives.
type counted struct {
	operator
	run    *Run
	number int
}

func (c *counted) next() *batch {
	b := c.operator.next()
	if b != nil {
		c.run.rows[c.number] += b.n
	}
	return b
}

func (c *compiler) factory(p plan.Op) factory {
	var in factory
	if p.Source() != nil {
		in = c.op(p.Source())
	}
	switch p := p.(type) {
	case *plan.Argument:
		return func(r *Run) operator { return &argument{run: r} }
	case *plan.AllNodes:
		return c.allNodes(p, in)
	case *plan.LabelScan:
		return c.labelScan(p, in)
	case *plan.IndexSeek:
		return c.indexSeek(p, in)
	case *plan.IndexRange:
		return c.indexRange(p, in)
	case *plan.NodeByID:
		return c.nodeByID(p, in)
	case *plan.Expand:
		return c.expand(p, in)
	case *plan.Intersect:
		return c.intersect(p, in)
	case *plan.RelEnds:
		return c.relEnds(p, in)
	case *plan.VarExpand:
		return c.varExpand(p, in)
	case *plan.Repeat:
		return c.repeat(p, in)
	case *plan.ShortestPath:
		return c.shortestPath(p, in)
	case *plan.PathSearch:
		return c.pathSearch(p, in)
	case *plan.BindPath:
		return c.bindPath(p, in)
	case *plan.Filter:
		return c.filter(p, in)
	case *plan.Optional:
		return c.optional(p, in)
	case *plan.Project:
		return c.project(p, in)
	case *plan.Aggregate:
		return c.aggregate(p, in)
	case *plan.Distinct:
		return c.distinct(p, in)
	case *plan.Sort:
		return c.sort(p, in)
	case *plan.Skip:
		return c.skip(p, in)
	case *plan.Limit:
		return c.limit(p, in)
	case *plan.Unwind:
		return c.unwind(p, in)
	case *plan.Eager:
		return c.eager(p, in)
	case *plan.Create:
		return c.create(p, in)
	case *plan.Merge:
		return c.merge(p, in)
	case *plan.SetItems:
		return c.setItems(p, in)
	case *plan.Remove:
		return c.remove(p, in)
	case *plan.Delete:
		return c.delete(p, in)
	case *plan.Call:
		return c.callProcedure(p, in)
	case *plan.Union:
		return c.union(p)
	case *plan.Apply:
		if p.Batches != nil {
			return c.applyInBatches(p, in)
		}
		return c.apply(p, in)
	case *plan.LoadCSV:
		return c.loadCSV(p, in)
	case *plan.Foreach:
		return c.foreach(p, in)
	case *plan.CountStore:
		return c.countStore(p, in)
	case *plan.CountRange:
		return c.countRange(p, in)
	case *plan.Degree:
		return c.degree(p, in)
	case *plan.Ends:
		return c.ends(p, in)
	case *plan.Reach:
		return c.reach(p, in)
	}
	return nil
}

// Rows is the answer of a run. Call Next until it gives nil, then Close.
type Rows struct {
	run     *Run
	root    operator
	columns []string
	out     [][]graph.Value
	made    [][]graph.Value // columns of out that are made of handles or numbers
	done    bool
}

// Start begins a run. params are the values of the statement's parameters, in
// their order there; they must stay as they are until the run is closed. profile
// counts the rows of every operator.
func (p *Program) Start(rt *Runtime, params []graph.Value, profile bool) *Rows {
	rows := (*Rows)(nil)
	if !profile {
		rows = p.idle.Swap(nil)
	}
	if rows == nil {
		r := newRun(p)
		if profile {
			r.rows = make([]int, len(p.ops))
		}
		rows = &Rows{run: r, columns: p.Plan.Columns, out: make([][]graph.Value, len(p.results)), made: make([][]graph.Value, len(p.results))}
		rows.root = p.root(r)
	}
	rows.run.begin(rt, params)
	rows.done = false
	rows.root.reset(nil)
	return rows
}

func newRun(p *Program) *Run {
	return &Run{
		program: p, locals: make([]graph.Value, p.locals), keys: make([]nameID, len(p.keys.list)),
		labels: make([]nameID, len(p.labels.list)), types: make([]nameID, len(p.types.list)), subs: make([]*subRun, len(p.subs)),
	}
}

// begin sets a run up for a graph and parameters.
func (r *Run) begin(rt *Runtime, params []graph.Value) {
	r.limits = rt.Limits.WithDefaults()
	r.deep.Reset()
	r.number++
	r.taken, r.weighed, r.weighAt = 0, false, r.limits.Memory/memoryShare
	r.rt, r.reader, r.params = rt, rt.Graph(), params
}

// A run that has ended is kept for the next execution, and its operators hold on
// to their memory. reusableRows is how many rows it may have buffered for its
// program to keep it in any case; of those with more, up to largeRows, only the
// last one stays, that of lastLarge.
const (
	reusableRows = 16 * BatchSize
	largeRows    = 256 * BatchSize
)

var lastLarge atomic.Pointer[Program]

// end forgets what belongs to one execution and, when the run may serve again,
// hands it back to the program.
func (r *Run) end(rows *Rows) {
	for _, f := range r.open {
		_ = f.Close() // was only read
	}
	r.open = nil
	if r.err != nil || r.rows != nil || r.kept > largeRows {
		return
	}
	large := r.kept > reusableRows
	for _, e := range r.eagers {
		e.begun = false
	}
	r.rt, r.reader, r.params = nil, nil, nil
	r.work, r.longest, r.buffered, r.kept = 0, 0, 0, 0
	r.now = time.Time{}
	if r.counters.ContainsUpdates() || r.deleted {
		r.counters, r.deleted, r.condemned = Counters{}, false, condemned{}
	}
	clear(r.keys)
	clear(r.labels)
	clear(r.types)
	clear(r.locals)
	r.program.idle.Store(rows)
	if large {
		if before := lastLarge.Swap(r.program); before != nil && before != r.program {
			before.idle.Store(nil)
		}
	}
}

// Columns are the names of the columns.
func (r *Rows) Columns() []string { return r.columns }

// Next gives the next rows as columns, valid until the next call; n is 0 at
// the end.
func (r *Rows) Next() (columns [][]graph.Value, n int, err error) {
	for !r.done {
		b := r.root.next()
		if r.run.err != nil {
			r.done = true
			return nil, 0, r.run.err
		}
		if b == nil {
			r.done = true
			r.run.fill(r.run.eagers)
			r.run.executed()
			break
		}
		if b.n == 0 || len(r.out) == 0 {
			continue
		}
		for i, s := range r.run.program.results {
			r.out[i] = r.column(i, &b.cols[s], b.n)
		}
		return r.out, b.n, nil
	}
	return nil, 0, r.run.err
}

// fill lets everything be written that was to be, also below a LIMIT that did
// not ask for it.
func (r *Run) fill(eagers []*eager) {
	for _, e := range eagers {
		if r.err == nil {
			e.fill()
		}
	}
}

// column gives column k of the answer: the operator's own where that has
// values, which nobody changes before the next call.
func (r *Rows) column(k int, c *column, n int) []graph.Value {
	if c.kind == plan.Any {
		return c.values[:n:n]
	}
	if cap(r.made[k]) < n {
		r.made[k] = make([]graph.Value, n, max(n, firstBatch))
	}
	dst := r.made[k][:n]
	for i := range dst {
		dst[i] = c.value(i)
	}
	return dst
}

// Counters are what was changed so far.
func (r *Rows) Counters() Counters { return r.run.counters }

// Close ends the run. The Rows must not be used afterwards.
func (r *Rows) Close() {
	r.done = true
	r.run.end(r)
}

// Profile prints the plan with the rows that each operator gave.
func (r *Rows) Profile() string {
	text := r.run.program.Plan.Print(func(op plan.Op) string {
		i, ok := r.run.program.ops[op]
		if !ok || r.run.rows == nil {
			return ""
		}
		return "  rows=" + itoa(r.run.rows[i])
	})
	return text + r.run.program.Notes(r.run.reader)
}

// LongestStretch is the most work that was done between two looks at whether the
// statement is to end, in rows. Tests bound it.
func (r *Rows) LongestStretch() int { return max(r.run.longest, r.run.work) }

// RowsVisited is the sum of the rows of all operators, when profiled.
func (r *Rows) RowsVisited() int {
	total := 0
	for _, n := range r.run.rows {
		total += n
	}
	return total
}

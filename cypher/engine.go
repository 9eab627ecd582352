package cypher

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/pocketgraph/pocketgraph/cypher/bind"
	"github.com/pocketgraph/pocketgraph/cypher/exec"
	"github.com/pocketgraph/pocketgraph/cypher/plan"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// Config sets up an Engine. The zero value is fine.
type Config struct {
	// CacheSize is how many prepared statements are kept by their text;
	// 0 means DefaultCacheSize.
	CacheSize int
	// NoRewrites leaves plans as the text has them, for tests that compare.
	NoRewrites bool
}

// DefaultCacheSize is more statements than a page has; each takes a few KB.
const DefaultCacheSize = 256

// Engine prepares and runs statements. It may be used by many goroutines.
type Engine struct {
	mu      sync.Mutex
	config  Config
	library *exec.Library
	cache   map[string]*Statement
	order   []string // texts in the cache, oldest first
	version atomic.Uint64
}

// NewEngine makes an engine with the built-in functions and procedures.
func NewEngine(c Config) *Engine {
	if c.CacheSize == 0 {
		c.CacheSize = DefaultCacheSize
	}
	return &Engine{config: c, library: exec.NewLibrary(), cache: map[string]*Statement{}}
}

// Statement is a checked statement, good for any graph.
type Statement struct {
	bound   *bind.Statement
	library *exec.Library // what it was checked with
	mu      sync.Mutex
	program *exec.Program
	schema  uint64 // the version of the schema that program was planned with
	rows    [2]int // how many nodes and relationships there were then
}

// Columns are the names of the columns of the answer; none when there is none.
func (s *Statement) Columns() []string { return s.bound.Columns }

// Text is the statement as it was given.
func (s *Statement) Text() string { return s.bound.Syntax.Text }

// Writes reports whether the statement may change the graph or the schema.
func (s *Statement) Writes() bool { return s.bound.Writes || s.bound.Schema }

// Schema reports whether it changes the schema.
func (s *Statement) Schema() bool { return s.bound.Schema }

// Explain reports whether only the plan is wanted.
func (s *Statement) Explain() bool { return s.bound.Syntax.Mode == syntax.Explain }

// Profile reports whether the rows of each operator are to be counted.
func (s *Statement) Profile() bool { return s.bound.Syntax.Mode == syntax.Profile }

// Plain says that Engine.Start can run the statement, and that it waits for
// nobody and commits nothing in between.
func (s *Statement) Plain() bool {
	return !s.bound.Schema && !s.bound.Waits && s.bound.Syntax.Mode == syntax.Run
}

// Parameters are the names of the parameters the statement uses, sorted.
func (s *Statement) Parameters() []string { return s.bound.Parameters }

// Prepare parses and checks a statement. The last ones are remembered.
func (e *Engine) Prepare(text string) (*Statement, error) {
	e.mu.Lock()
	s, library := e.cache[text], e.library
	e.mu.Unlock()
	if s != nil {
		return s, nil
	}
	tree, err := syntax.Parse(text)
	if err != nil {
		return nil, wrap(err, text)
	}
	bound, err := bind.Check(tree, library)
	if err != nil {
		return nil, wrap(err, text)
	}
	s = &Statement{bound: bound, library: library}
	e.remember(text, s)
	return s, nil
}

func (e *Engine) remember(text string, s *Statement) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if _, there := e.cache[text]; there || s.library != e.library {
		return
	}
	if len(e.order) >= e.config.CacheSize {
		delete(e.cache, e.order[0])
		e.order = append(e.order[:0:0], e.order[1:]...)
	}
	e.cache[text] = s
	e.order = append(e.order, text)
}

// Version changes when what was prepared before is not to be run any more by who
// keeps it: a function or procedure was added, replaced or taken away.
func (e *Engine) Version() uint64 { return e.version.Load() }

// Limits bound what a statement may take; see exec.Limits.
type Limits = exec.Limits

// Host is the database that statements run in; see exec.Host.
type Host = exec.Host

// Transaction and Setting are what a Host tells of.
type (
	Transaction = exec.Transaction
	Setting     = exec.Setting
)

// ErrTerminated ends what TERMINATE TRANSACTIONS names.
var ErrTerminated error = &Error{Code: "Cancelled", Phase: RuntimePhase, Detail: "Terminated", Message: "the transaction was terminated"}

// Counters say what a statement changed.
type Counters = exec.Counters

// Runtime is what a statement runs on; see exec.Runtime.
type Runtime = exec.Runtime

// UseNormalizer sets where Unicode's normal forms come from; see exec.Normalize.
func UseNormalizer(f func(form, text string) string) { exec.Normalize = f }

// Importer opens what LOAD CSV names; see exec.Importer.
type Importer = exec.Importer

// ImportError is what an Importer refuses an address with: detail is NotAllowed,
// NotFound or Unreadable.
func ImportError(detail, message string) error {
	return &exec.Error{Code: "ImportError", Detail: detail, Message: message}
}

// Run starts a statement. A statement that writes has done all its work when
// Run returns; one that only reads works as its rows are asked for.
func (e *Engine) Run(rt *Runtime, s *Statement, params map[string]graph.Value) (*Rows, error) {
	if s.Writes() && rt.Writer == nil && !s.Explain() {
		return nil, &Error{Code: "TransactionError", Phase: RuntimePhase, Detail: "ReadOnly", Message: "this transaction only reads, the statement writes"}
	}
	if s.Schema() {
		return e.runCommand(rt, s)
	}
	if s.Explain() {
		program, err := e.program(rt, s)
		if err != nil {
			return nil, wrap(err, s.bound.Syntax.Text)
		}
		return planRows(program.Plan.String() + program.Notes(rt.Graph())), nil
	}
	values := make([]graph.Value, len(s.bound.Parameters))
	for i, name := range s.bound.Parameters {
		v, given := params[name]
		if !given {
			return nil, s.missing(name, params)
		}
		values[i] = v
	}
	rows := &Rows{}
	return rows, e.Start(rows, rt, s, values)
}

// Start is Run for who runs small statements often (see Statement.Plain): into
// rows of the caller's, which may be used again when they are closed, and with
// the values of the parameters in the order of Statement.Parameters. These must
// stay as they are until then.
func (e *Engine) Start(rows *Rows, rt *Runtime, s *Statement, params []graph.Value) error {
	program, err := e.program(rt, s)
	if err != nil {
		return wrap(err, s.bound.Syntax.Text)
	}
	*rows = Rows{inner: program.Start(rt, params, s.Profile()), of: s}
	if !s.Writes() && len(s.bound.Columns) > 0 {
		return nil
	}
	return rows.collect()
}

// missing is the error about a parameter that was not given.
func (s *Statement) missing(name string, params map[string]graph.Value) error {
	e := &Error{Code: "ParameterMissing", Phase: CompilePhase, Detail: "MissingParameter",
		Message: "the parameter $" + name + " was not given", Hint: "give a value for " + name + " with the query; null is one"}
	var given []string
	for other := range params {
		if !slices.Contains(s.bound.Parameters, other) {
			given = append(given, other)
		}
	}
	slices.Sort(given)
	if near := syntax.Nearest(name, given); near != "" {
		e.Hint = "there is one named " + near + ": write $" + near + ", or give it as " + name
	}
	var at syntax.Range
	syntax.Walk(s.bound.Syntax, func(n syntax.Node) bool {
		if p, ok := n.(*syntax.Parameter); ok && p.Name == name && at.End == 0 {
			at = p.Span()
		}
		return true
	})
	return place(e, at, s.bound.Syntax.Text)
}

// program gives the plan for the schema as it is, made anew when the indexes
// or the sizes they were chosen by have changed much.
func (e *Engine) program(rt *Runtime, s *Statement) (*exec.Program, error) {
	reader := rt.Graph()
	schema := reader.SchemaVersion()
	counts := [2]int{reader.NodeCount(), reader.RelCount()}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.program != nil && s.schema == schema && similar(counts[0], s.rows[0]) && similar(counts[1], s.rows[1]) {
		return s.program, nil
	}
	options := plan.AllRules
	if e.config.NoRewrites {
		options = plan.Options{}
	}
	p, err := exec.Compile(s.bound, reader, options, s.library)
	if err != nil {
		return nil, err
	}
	s.program, s.schema, s.rows = p, schema, counts
	return p, nil
}

// similar says that two sizes differ by less than a factor of four, or are both small.
func similar(a, b int) bool {
	const small = 64
	a, b = max(a, small), max(b, small)
	return a < 4*b && b < 4*a
}

// Batch is rows of an answer as columns, valid until the next call.
type Batch struct {
	Len     int
	Columns [][]graph.Value
}

// Rows is an answer. Call Next until it gives nil, then Close.
type Rows struct {
	inner *exec.Rows // nil when everything is in known
	of    *Statement // what inner runs
	batch Batch
	known *outcome // nil: nothing that is worth telling
}

// outcome is what is known of a statement apart from the rows that it gives
// one batch after the other. Most that read have none.
type outcome struct {
	columns  []string
	ready    []*Batch
	plan     string
	counters Counters
}

// outcome is known, made when it is first needed.
func (r *Rows) outcome() *outcome {
	if r.known == nil {
		r.known = &outcome{}
	}
	return r.known
}

// Columns are the names of the columns.
func (r *Rows) Columns() []string {
	if r.of != nil {
		return r.of.bound.Columns
	}
	return r.outcome().columns
}

// Next gives the next rows, nil at the end.
func (r *Rows) Next() (*Batch, error) {
	if r.known != nil && len(r.known.ready) > 0 {
		b := r.known.ready[0]
		r.known.ready = r.known.ready[1:]
		return b, nil
	}
	if r.inner == nil {
		return nil, nil
	}
	columns, n, err := r.inner.Next()
	if err != nil {
		return nil, wrapRuntime(err, r.of.bound.Syntax.Text)
	}
	if n == 0 {
		r.finish()
		return nil, nil
	}
	r.batch = Batch{Len: n, Columns: columns}
	return &r.batch, nil
}

func (r *Rows) finish() {
	if r.inner != nil {
		if r.of.Writes() {
			r.outcome().counters = r.inner.Counters()
		}
		if r.of.Profile() {
			r.outcome().plan = r.inner.Profile()
		}
		r.inner.Close()
		r.inner = nil
	}
}

// collect runs to the end and keeps the rows.
func (r *Rows) collect() error {
	var all []*Batch
	for {
		b, err := r.Next()
		if err != nil {
			return err
		}
		if b == nil {
			break
		}
		kept := &Batch{Len: b.Len, Columns: make([][]graph.Value, len(b.Columns))}
		for i, c := range b.Columns {
			kept.Columns[i] = append([]graph.Value(nil), c...)
		}
		all = append(all, kept)
	}
	r.outcome().ready = all
	return nil
}

// Close ends the statement early. It may be called more than once.
func (r *Rows) Close() {
	r.finish()
	if r.known != nil {
		r.known.ready = nil
	}
}

// Counters say what was changed. They are complete when a statement that
// writes was run.
func (r *Rows) Counters() Counters {
	if r.inner != nil {
		return r.inner.Counters()
	}
	if r.known == nil {
		return Counters{}
	}
	return r.known.counters
}

// Plan is the plan with the rows of each operator, after PROFILE.
func (r *Rows) Plan() string {
	if r.known == nil {
		return ""
	}
	return r.known.plan
}

// planRows is the answer of EXPLAIN: the plan, a line a row.
func planRows(text string) *Rows {
	var lines []graph.Value
	start := 0
	for i := 0; i < len(text); i++ {
		if text[i] == '\n' {
			lines = append(lines, graph.String(text[start:i]))
			start = i + 1
		}
	}
	return &Rows{known: &outcome{columns: []string{"plan"}, plan: text, ready: []*Batch{{Len: len(lines), Columns: [][]graph.Value{lines}}}}}
}

package nornic

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/pocketgraph/pocketgraph/graph"
)

// Source is what a NornicDB directory holds. Either part may be missing.
type Source struct {
	Log      io.ReaderAt
	LogBytes int64
	Snapshot func() (io.ReadCloser, error) // opened twice
}

// Progress tells how far the import is.
type Progress struct {
	Phase string // "check" or "write"
	Done  int64  // bytes of the log
	Total int64
}

// Options of Import.
type Options struct {
	Progress func(Progress) // may be nil
}

// Tx is a transaction of the graph that is written.
type Tx interface {
	Writer() graph.Writer
	Commit() error
	Rollback()
}

// Graph is what is written: a database, or a graph in memory. Begin's second
// argument says that the transaction writes.
type Graph[T Tx] interface {
	Begin(context.Context, bool) (T, error)
	Reader() graph.Reader
}

// Import brings a NornicDB graph into another, beside what is there. It
// reads everything once before it writes anything. What is wrong with the files
// is in the report; an error means that the files could not be read, hold a
// record that is too large (ErrTooLarge), or that the graph refused to take
// them, and that what was written until then is left behind: give it a graph
// that can be dropped.
func Import[T Tx](ctx context.Context, db Graph[T], src Source, o Options) (*Report, error) {
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
	report := &Report{Findings: []Finding{}}
	begin := func() (Tx, error) { return db.Begin(ctx, true) }
	err := (&importer{ctx: ctx, begin: begin, reader: db.Reader, src: src, options: o, report: report}).run()
	return report, err
}

type importer struct {
	ctx     context.Context
	begin   func() (Tx, error)
	reader  func() graph.Reader
	src     Source
	options Options
	report  *Report
	head    *snapshotHead
	order   *order
}

func (m *importer) run() error {
	if err := m.check(); err != nil {
		return err
	}
	databases := m.order.named || m.order.framed && !m.order.bare && m.head != nil && m.head.prefixed
	state := newState(m.begin, m.report, databases)
	defer state.abandon()
	if m.head != nil {
		if err := m.withSnapshot(func(in io.Reader) error { return state.loadSnapshot(in, m.head) }); err != nil {
			return err
		}
	}
	r := &replay{ctx: m.ctx, log: &window{in: m.src.Log, size: m.src.LogBytes}, order: m.order,
		databases: databases, state: state, report: m.report}
	if err := r.run(m.progress("write")); err != nil {
		return err
	}
	if err := errors.Join(state.settle(), state.flush()); err != nil {
		return err
	}
	m.report.Nodes, m.report.Edges = len(state.nodes), len(state.edges)
	reportLabels(m.report, m.reader(), state.labels)
	return nil
}

// progressBytes is how often progress is told.
const progressBytes = 1 << 20

func (m *importer) progress(phase string) func(int64) {
	told := int64(0)
	return func(done int64) {
		if done-told >= progressBytes || done < told {
			told = done
			m.options.Progress(Progress{phase, done, m.src.LogBytes})
		}
	}
}

// check reads both files whole and finds the order of the log.
func (m *importer) check() error {
	if m.src.Snapshot != nil {
		err := m.withSnapshot(func(in io.Reader) (err error) {
			m.head, err = readHead(in)
			return err
		})
		if err != nil {
			return err
		}
		m.report.LastSequence = m.head.Sequence
	}
	var err error
	m.order, err = readOrder(m.ctx, newScanner(m.src.Log, m.src.LogBytes, m.report), m.head, m.progress("check"))
	if err == nil && m.head != nil && m.head.damage != nil {
		m.judge()
	}
	return err
}

func (m *importer) withSnapshot(fn func(io.Reader) error) error {
	in, err := m.src.Snapshot()
	if err != nil {
		return err
	}
	return errors.Join(fn(in), in.Close())
}

// judge decides what becomes of a damaged snapshot: where the log holds
// everything from the first record on it is not needed.
func (m *importer) judge() {
	next := uint64(1)
	for _, p := range m.order.places {
		if p.sequence == next {
			next++
		}
	}
	switch {
	case m.head.Time.IsZero():
		m.report.add(DamagedSnapshot, 0, -1, "nothing of the snapshot can be used (%s); the log is used alone", m.head.damage)
	case next <= m.head.Sequence:
		m.report.add(DamagedSnapshot, m.head.Sequence, -1, "the snapshot cannot be read to its end (%s), and the log does not hold all that is in it; what could be read is used", m.head.damage)
		return
	default:
		m.report.add(DamagedSnapshot, m.head.Sequence, -1, "the snapshot cannot be read to its end (%s); the log holds everything that is in it, and is used alone", m.head.damage)
	}
	m.head = nil
	for i := range m.order.places {
		m.order.places[i].inside = false
	}
}

// reportLabels reports the imported labels that differ only by case: NornicDB
// finds nodes by either, PocketGraph by the one asked for.
func reportLabels(report *Report, r graph.Reader, labels map[string]graph.LabelID) {
	folded := map[string][]string{}
	for name, id := range labels {
		if r.NodeCountByLabel(id) > 0 {
			lower := strings.ToLower(name)
			folded[lower] = append(folded[lower], name)
		}
	}
	var lines []string
	for _, names := range folded {
		if len(names) > 1 {
			slices.Sort(names)
			lines = append(lines, strings.Join(names, ", "))
		}
	}
	slices.Sort(lines)
	for _, line := range lines {
		report.add(LabelsDifferByCase, 0, -1, "labels that differ only by case: %s", line)
	}
}

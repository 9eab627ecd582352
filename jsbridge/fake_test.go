package jsbridge

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph"
	"github.com/pocketgraph/pocketgraph/cypher"
	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/mapgraph"
)

// fakeHost opens fake databases, so that the dispatcher is tested without a
// store and without a query language.
type fakeHost struct {
	mu     sync.Mutex
	opened []*fakeDB
	yield  func()
}

func (h *fakeHost) Open(ctx context.Context, o OpenRequest, progress func(string, int64, int64)) (Database, error) {
	progress("recovery", 1, 2)
	if o.Name == "slow" {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	if o.Name == "gone" && o.Create == 2 {
		return nil, &Failure{Code: codeNotFound, Message: "there is no database gone"}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	db := &fakeDB{host: h, graph: mapgraph.New(), writer: make(chan struct{}, 1)}
	h.opened = append(h.opened, db)
	return db, nil
}

func (h *fakeHost) Destroy(context.Context, string, Storage) error { return nil }
func (h *fakeHost) List(context.Context, Storage) ([]Listed, error) {
	return []Listed{{"movies", "memory"}}, nil
}

func (h *fakeHost) Failure(err error) *Failure {
	if errors.Is(err, context.Canceled) {
		return &Failure{Code: codeCancelled, Message: "cancelled"}
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return &Failure{Code: codeTimeout, Message: "timeout"}
	}
	return &Failure{Code: codeInternal, Message: err.Error()}
}

// fakeDB understands: rows N, echo, write X, wait, spin N, panic, fail, log,
// type of big rows N BYTES.
type fakeDB struct {
	fakeSubscriptions
	host   *fakeHost
	graph  *mapgraph.Graph
	writer chan struct{} // holds one token while somebody writes

	mu      sync.Mutex
	written []string
	tables  []string
	flushes int
	held    int
	waiting []chan struct{}
	closed  bool
}

func (db *fakeDB) Writes(text string) bool { return strings.HasPrefix(text, "write") }

// HoldFlush and flush imitate group commit.
func (db *fakeDB) HoldFlush() func() {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.held++
	return func() {
		db.mu.Lock()
		defer db.mu.Unlock()
		if db.held--; db.held == 0 {
			db.flushLocked()
		}
	}
}

func (db *fakeDB) flushLocked() {
	if len(db.waiting) > 0 {
		db.flushes++
	}
	for _, w := range db.waiting {
		close(w)
	}
	db.waiting = nil
}

func (db *fakeDB) commit(what string) { <-db.begin(what) }

// begin returns what is closed by the flush.
func (db *fakeDB) begin(what string) chan struct{} {
	db.mu.Lock()
	db.written = append(db.written, what)
	done := make(chan struct{})
	db.waiting = append(db.waiting, done)
	if db.held == 0 {
		db.flushLocked()
	}
	db.mu.Unlock()
	return done
}

func (db *fakeDB) Query(ctx context.Context, _ *pocketgraph.Origin, _ func(Result) ([]byte, []byte), text string, params map[string]graph.Value, _ cypher.Importer, done func(Result, error)) (Result, error) {
	if db.Writes(text) {
		tx, err := db.Begin(ctx, true, nil)
		if err != nil {
			return nil, err
		}
		if _, err := tx.Query(text, params, nil); err != nil {
			return nil, err
		}
		fake := tx.(*fakeTx)
		fake.ended = true
		flushed := db.begin(strings.Join(fake.log, "+"))
		<-db.writer // not sooner, or the next one may be in front of it
		go func() {
			<-flushed
			done(&fakeResult{left: 1, one: graph.String("written"), summary: summary()}, nil)
		}()
		return nil, nil
	}
	return db.run(ctx, text, params)
}

func (db *fakeDB) run(ctx context.Context, text string, params map[string]graph.Value) (Result, error) {
	words := append(strings.Fields(text), "") // the last for a text without words
	switch words[0] {
	case "rows":
		n, err := strconv.Atoi(words[1])
		if err != nil {
			return nil, err
		}
		return &fakeResult{left: n, summary: summary()}, nil
	case "big":
		n, _ := strconv.Atoi(words[1])
		size, _ := strconv.Atoi(words[2])
		return &fakeResult{left: n, size: size, summary: summary()}, nil
	case "echo":
		return &fakeResult{one: params["x"], left: 1, summary: summary()}, nil
	case "log":
		db.mu.Lock()
		defer db.mu.Unlock()
		return &fakeResult{one: graph.String(strings.Join(db.written, " ")), left: 1, summary: summary()}, nil
	case "wait":
		<-ctx.Done()
		return nil, ctx.Err()
	case "spin":
		n, _ := strconv.Atoi(words[1])
		for range n {
			time.Sleep(time.Millisecond)
			db.host.yield()
			if err := ctx.Err(); err != nil {
				return nil, err
			}
		}
		return &fakeResult{left: 1, summary: summary()}, nil
	case "burn": // like spin, but works instead of sleeping
		n, _ := strconv.Atoi(words[1])
		for range n {
			for start := time.Now(); time.Since(start) < time.Millisecond; {
			}
			db.host.yield()
			if err := ctx.Err(); err != nil {
				return nil, err
			}
		}
		return &fakeResult{left: 1, summary: summary()}, nil
	case "value":
		for _, c := range valueCases {
			if c.name == strings.TrimPrefix(text, "value ") {
				return &fakeResult{one: graph.List([]graph.Value{c.value}), left: 1, summary: summary()}, nil
			}
		}
	case "flushes":
		return &fakeResult{one: graph.Int(int64(db.flushes)), left: 1, summary: summary()}, nil
	case "panic":
		panic("broken invariant: 1 is not 2")
	}
	return nil, &Failure{Code: "SyntaxError", Message: "what is " + words[0], Phase: "compile", Line: 1, Column: 1}
}

func (db *fakeDB) Begin(ctx context.Context, write bool, _ *pocketgraph.Origin) (Transaction, error) {
	if write {
		select {
		case db.writer <- struct{}{}:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return &fakeTx{db: db, ctx: ctx, write: write}, nil
}

func (db *fakeDB) Fork() Database { return db }

func (db *fakeDB) Unregister(string, bool) bool { return false }

func (db *fakeDB) Register(r pocketgraph.Registration) error {
	if r.Signature == "bad" {
		return &Failure{Code: codeInvalid, Message: "bad"}
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	db.tables = append(db.tables, r.Signature+" "+strconv.Itoa(len(r.Rows)))
	return nil
}

func (db *fakeDB) Snapshot(context.Context) (*graph.Map, error) {
	return summary(graph.Entry{Key: "sequence", Value: graph.Int(3)}), nil
}
func (db *fakeDB) Export(_ context.Context, w io.Writer) (*graph.Map, error) {
	for range 3 {
		if _, err := w.Write(make([]byte, FrameTarget+1)); err != nil {
			return nil, err
		}
	}
	return summary(graph.Entry{Key: "bytes", Value: graph.Int(3 * (FrameTarget + 1))}), nil
}
func (db *fakeDB) Check(context.Context) ([]string, error) { return []string{"node 7 is sad"}, nil }
func (db *fakeDB) Info() []graph.Entry {
	return []graph.Entry{{Key: "storage", Value: graph.String("memory")}, {Key: "elementPrefix", Value: graph.String("map")}}
}
func (db *fakeDB) Stats() []graph.Entry       { return nil }
func (db *fakeDB) Diagnostics() []graph.Entry { return nil }
func (db *fakeDB) Close() error {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.closed = true
	return nil
}

type fakeTx struct {
	db    *fakeDB
	ctx   context.Context
	write bool
	log   []string
	ended bool
}

func (tx *fakeTx) Query(text string, params map[string]graph.Value, _ cypher.Importer) (Result, error) {
	if strings.HasPrefix(text, "write") {
		tx.log = append(tx.log, strings.Fields(text)[1])
		return &fakeResult{summary: summary()}, nil
	}
	return tx.db.run(tx.ctx, text, params)
}
func (tx *fakeTx) Reader() graph.Reader { return tx.db.graph }
func (tx *fakeTx) Writer() graph.Writer {
	if !tx.write {
		return nil
	}
	return tx.db.graph
}

func (tx *fakeTx) Commit(*pocketgraph.Origin, []byte, []byte) (*graph.Map, error) {
	tx.ended = true
	<-tx.db.writer
	tx.db.commit(strings.Join(tx.log, "+"))
	return summary(graph.Entry{Key: "sequence", Value: graph.Int(9)}), nil
}

func (tx *fakeTx) SetMetadata(map[string]string) error { return nil }
func (tx *fakeTx) Rollback() {
	if !tx.ended && tx.write {
		<-tx.db.writer
	}
	tx.ended = true
}

type fakeResult struct {
	left    int
	size    int
	one     graph.Value
	summary *graph.Map
}

func (r *fakeResult) Columns() []string    { return []string{"x"} }
func (r *fakeResult) Reader() graph.Reader { return nil }
func (r *fakeResult) Summary() *graph.Map  { return r.summary }
func (r *fakeResult) Close()               {}
func (r *fakeResult) Next() (int, [][]graph.Value, error) {
	n := min(r.left, 700)
	out := make([]graph.Value, n)
	for i := range out {
		switch {
		case !r.one.IsNull():
			out[i] = r.one
		case r.size > 0:
			out[i] = graph.String(strings.Repeat("z", r.size))
		default:
			out[i] = graph.Int(int64(r.left - i))
		}
	}
	r.left -= n
	return n, [][]graph.Value{out}, nil
}

// fakeLoop stands for the event loop: it collects answers and turns at once.
type fakeLoop struct {
	t       *testing.T
	d       *Dispatcher
	calls   sync.Mutex // a page has one thread: its calls come one after the other
	mu      sync.Mutex
	answers []object

	asked     func(question object) // told of CALL, READ and MODULE; may be nil
	noModules bool
	came      chan struct{}
}

func newFake(t *testing.T) (*fakeLoop, *fakeHost) {
	h := &fakeHost{}
	l := &fakeLoop{t: t, came: make(chan struct{}, 1)}
	l.d = NewDispatcher(h, l)
	h.yield = l.d.Yield
	return l, h
}

func (l *fakeLoop) Call(question []byte) bool {
	l.Deliver(bytes.Clone(question))
	return !l.noModules
}

func (l *fakeLoop) Wake() { go l.d.Turn() }

func (l *fakeLoop) Deliver(b []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(b) > 0 {
		frame, rest, err := nextFrame(b, frameHeader)
		require.NoError(l.t, err)
		tree, err := answerTree(frame)
		require.NoError(l.t, err)
		l.answers = append(l.answers, tree)
		if tree["kind"].(AnswerKind) >= AnswerCall && l.asked != nil {
			go l.asked(tree)
		}
		b = rest
	}
	select {
	case l.came <- struct{}{}:
	default:
	}
}

// send begins requests, all in one call.
func (l *fakeLoop) send(requests ...Request) {
	var b []byte
	var err error
	for i := range requests {
		b, err = AppendRequest(b, &requests[i])
		require.NoError(l.t, err)
	}
	l.begin(b)
}

func (l *fakeLoop) begin(frames []byte) {
	l.calls.Lock()
	defer l.calls.Unlock()
	l.d.Begin(frames)
}

// last waits for the last answer to a request and returns all of them.
func (l *fakeLoop) last(id uint32) (all []object) {
	deadline := time.After(10 * time.Second)
	for {
		l.mu.Lock()
		all = nil
		ended := false
		for _, a := range l.answers {
			if a["id"] == id {
				all = append(all, a)
				kind := a["kind"].(AnswerKind)
				ended = ended || kind == AnswerDone || kind == AnswerError || kind == AnswerHello
			}
		}
		l.mu.Unlock()
		if ended {
			return all
		}
		select {
		case <-l.came:
		case <-deadline:
			require.FailNow(l.t, "no answer", "request %d", id)
		}
	}
}

// code waits for a request's end and returns its error's code, "" if none.
func (l *fakeLoop) code(id uint32) string {
	all := l.last(id)
	end := all[len(all)-1]
	if end["kind"] != AnswerError {
		return ""
	}
	return end["map"].(object)["$map"].(object)["code"].(string)
}

// rows waits for a request's end and returns its rows.
func (l *fakeLoop) rows(id uint32) (rows [][]any) {
	require.Equal(l.t, "", l.code(id))
	for _, a := range l.last(id) {
		if a["kind"] == AnswerRows {
			rows = append(rows, a["rows"].([][]any)...)
		}
	}
	return rows
}

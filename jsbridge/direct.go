package jsbridge

import (
	"errors"
	"runtime"
	"time"
	"unicode/utf8"

	"github.com/pocketgraph/pocketgraph"
	"github.com/pocketgraph/pocketgraph/cypher"
	"github.com/pocketgraph/pocketgraph/graph"
)

// direct runs small statements of a database where their request comes in:
// without a task, without a goroutine, and with what the last one needed.
// Handing over costs several times what a point lookup does. It never waits;
// whatever might (a transaction that is open, a time-out, a stream, a statement
// that turns out to be long) goes the usual way, and so does every error, for
// its answer. It belongs to the goroutine that calls Dispatcher.Begin.
type direct struct {
	d          *Dispatcher
	engine     *cypher.Engine
	at         *pocketgraph.Direct
	statements map[string]*plain
	library    uint64 // that the statements were prepared with

	origin  pocketgraph.Origin // of the request, or zero
	cursor  cursor             // over the request
	encoder *batchEncoder
	parks   bool // writing may park, so it is done the usual way
	values  []graph.Value
	buf     []byte
	began   time.Time
	most    time.Duration // directTime, but in tests
	late    bool          // the statement takes long: it is to end
	charged int           // bytes since the collector had its turn, as a guess
}

// plain is a statement that may be run directly.
type plain struct {
	*cypher.Statement
	writes bool
	head   []byte // the body of HEAD
	debt   int    // how often it is to go the usual way first
}

const (
	// maxPlain is how many statements a database keeps for direct runs.
	maxPlain = 256
	// directTime is how long a statement may work before it is started again on
	// a goroutine, where it can give the event loop its turn.
	directTime = 2 * time.Millisecond
	// lateDebt is how often a statement goes the usual way after that, so that
	// starting twice costs little on the whole.
	lateDebt = 16
	// directCharge and writeCharge are what requests leave to the collector,
	// beside the bytes of their frames.
	directCharge = 1 << 10
	writeCharge  = 8 << 10
)

// nothingDone is the summary of a statement that reads.
var nothingDone pocketgraph.Summary

var errLate = errors.New("the statement takes long")

func newDirect(d *Dispatcher, of *pocketgraph.DB) *direct {
	x := &direct{d: d, engine: of.Engine(), statements: map[string]*plain{}, encoder: newBatchEncoder(), most: directTime}
	x.at = of.Direct(x, x.yield)
	return x
}

// The context of the statements: it only ends those that take long.

func (x *direct) Deadline() (time.Time, bool) { return time.Time{}, false }
func (x *direct) Done() <-chan struct{}       { return nil }
func (x *direct) Value(any) any               { return nil }
func (x *direct) Err() error {
	if x.late {
		return errLate
	}
	return nil
}

// yield is called after about each millisecond of a statement. It gives the
// collector its turn; the event loop has to wait, and so the statement to end.
func (x *direct) yield() {
	now := time.Now()
	if x.began.IsZero() {
		x.began = now
	} else if now.Sub(x.began) > x.most {
		x.late = true
	}
	runtime.Gosched()
}

// direct runs the frame's request if it can be run directly, or keeps it until
// the writes before it are settled. It says whether it did either.
func (d *Dispatcher) direct(frame []byte) bool {
	credit := requestHeader
	if frame[5] == flagNamed {
		credit += originLength
	}
	text := credit + 4
	if Op(frame[4]) != OpQuery || frame[5]&^flagNamed != 0 || len(frame) < text || getU32(frame[16:])|getU32(frame[20:])|getU32(frame[credit:]) != 0 {
		return false // repeated, in a transaction, with a time-out, or a stream
	}
	h := frameHeaderOf(frame)
	d.mu.Lock()
	x := d.directFor(h)
	d.mu.Unlock()
	if x == nil || x.at.Watched() {
		return false
	}
	x.cursor = cursor{b: frame, at: text} // nobody else's: what settle runs meanwhile is of another database
	done := x.take(h, frame, credit)
	x.cursor = cursor{} // the request's buffer may be large
	return done
}

// take does what Dispatcher.direct says, where that may be. The cursor is at
// the text, and what is in front of credit names the request.
func (x *direct) take(h header, frame []byte, credit int) bool {
	d, c := x.d, &x.cursor
	s := x.statement(c.take(c.count()))
	if s == nil || c.err != nil {
		return false
	}
	if s.debt > 0 {
		s.debt--
		return false
	}
	switch {
	case s.writes && x.parks:
		return false
	case s.writes && d.writing != x:
		d.settle()
	case !s.writes && d.writing == x:
		d.deferred = append(d.deferred, frame)
		return true
	}
	x.origin = pocketgraph.Origin{}
	if credit > requestHeader {
		(&cursor{b: frame, at: requestHeader}).origin(&x.origin)
	}
	return x.run(h, s, c)
}

// directFor finds where a request may be run: nil if it has to go the usual
// way. mu is held.
func (d *Dispatcher) directFor(h header) *direct {
	db, c := d.databases[h.database], d.clients[h.client]
	if d.dead != nil || db == nil || db.closing || db.direct == nil || c == nil || db.forks[c] != nil || len(c.writes) > 0 || h.id == 0 {
		return nil
	}
	if len(d.tasks) > 0 && d.tasks[taskKey{h.client, h.id}] != nil {
		return nil
	}
	return db.direct
}

// statement prepares a text, or finds it prepared. nil: not to be run directly.
func (x *direct) statement(text []byte) *plain {
	if library := x.engine.Version(); library != x.library {
		x.library = library
		clear(x.statements)
	}
	if s, known := x.statements[string(text)]; known {
		return s
	}
	if !utf8.Valid(text) {
		return nil
	}
	key := string(text)
	prepared, err := x.engine.Prepare(key)
	if err != nil {
		return nil
	}
	if len(x.statements) >= maxPlain {
		clear(x.statements)
	}
	var s *plain
	if prepared.Plain() {
		head := appendHead(nil, header{}, prepared.Columns())
		s = &plain{Statement: prepared, writes: prepared.Writes(), head: head[frameHeader:]}
	}
	x.statements[key] = s
	return s
}

// run runs a statement with the parameters that follow in the frame. false:
// nothing has happened.
func (x *direct) run(h header, s *plain, c *cursor) bool {
	if !x.parameters(s, c) {
		return false
	}
	x.began, x.late = time.Time{}, false
	var ran bool
	if s.writes {
		ran = x.write(h, s)
	} else {
		ran = x.read(h, s)
	}
	clear(x.values) // keep nothing alive
	if x.late {
		s.debt = lateDebt
	}
	if x.charged > AnswerBuffer {
		x.charged = 0
		runtime.Gosched()
	}
	return ran
}

// parameters puts the values of the statement's parameters in order. false: one
// is missing, or the frame is malformed.
func (x *direct) parameters(s *plain, c *cursor) bool {
	names := s.Parameters()
	x.values = x.values[:0]
	for range names {
		x.values = append(x.values, graph.Value{})
	}
	given := uint64(0)
	for n := c.count(); n > 0 && c.err == nil; n-- {
		key := c.take(c.count())
		v := readValue(c, valueBuilder{}, nil, MaxDepth)
		for i, name := range names {
			if string(key) == name && i < 64 {
				x.values[i] = v
				given |= 1 << i
			}
		}
	}
	x.charged += len(c.b)
	return c.err == nil && len(c.b)-c.at <= 7 && given == 1<<len(names)-1 && len(names) < 64
}

// read answers a statement that reads.
func (x *direct) read(h header, s *plain) bool {
	rows, reader, err := x.at.Read(s.Statement, x.values)
	if err != nil {
		return false
	}
	defer rows.Close()
	b := s.appendHead(x.buf[:0], h)
	var lately room
	for {
		batch, err := rows.Next()
		if err != nil {
			return false
		}
		if batch == nil {
			break
		}
		for first := 0; first < batch.Len; {
			var n int
			if b, n, err = x.encoder.appendSome(b, h, reader, batch.Columns, first, batch.Len, &lately); err != nil {
				return false
			}
			first += n
			if len(b) > AnswerBuffer {
				s.debt = lateDebt // large: to be sent as it comes
				return false
			}
		}
	}
	b = appendSummary(b, h, &nothingDone, false)
	x.buf = b
	x.charged += directCharge + len(b)
	x.d.put(b)
	return true
}

func (s *plain) appendHead(b []byte, h header) []byte {
	b, start := beginFrame(b, byte(AnswerHead), h)
	return endFrame(append(b, s.head...), start)
}

// put puts whole frames into the outbox.
func (d *Dispatcher) put(frames []byte) {
	d.mu.Lock()
	d.out.buf = append(d.out.buf, frames...)
	d.events++
	d.scheduleDelivery()
	d.mu.Unlock()
}

// write runs a statement that writes. Its answer comes with settle.
func (x *direct) write(h header, s *plain) bool {
	if x.d.writing != x {
		x.d.writing = x
		x.at.Hold()
	}
	x.charged += writeCharge
	a := &written{h: h, s: s}
	return x.at.Write(s.Statement, x.values, pocketgraph.Once{Origin: x.origin, Keep: a.keep}, func(result *pocketgraph.Result, err error) { x.d.answerWrite(a, result, err) })
}

// written is a write that waits for its outcome.
type written struct {
	h    header
	s    *plain
	rows []byte // HEAD and ROWS of a named request, encoded before the commit
	err  error  // they cannot be sent

	space [2][96]byte // enough for most: what rows and the summary are made in
}

// keep encodes the answer to a named request, which lies in its commit record.
func (a *written) keep(result *pocketgraph.Result) (summary, rows []byte) {
	a.rows, a.err = a.appendRows(a.space[0][:0], result)
	counters := result.Summary()
	return appendSummaryEntries(append(a.space[1][:0], tagMap), &counters, true), a.rows
}

// appendRows appends HEAD and ROWS.
func (a *written) appendRows(b []byte, result *pocketgraph.Result) ([]byte, error) {
	b = a.s.appendHead(b, a.h)
	if len(a.s.Columns()) == 0 {
		return b, nil
	}
	e := takeEncoder()
	defer giveEncoder(e)
	var lately room
	for batch, _ := result.Next(); batch != nil; batch, _ = result.Next() { // they are there: no error
		for first := 0; first < batch.Len; {
			out, n, err := e.appendSome(b, a.h, result.Reader(), batch.Columns, first, batch.Len, &lately)
			if err != nil {
				return nil, err
			}
			b, first = out, first+n
		}
	}
	return b, nil
}

// answerWrite answers a write that is decided. Who flushed calls it: settle, or
// a snapshot that was due.
func (d *Dispatcher) answerWrite(a *written, result *pocketgraph.Result, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.events++
	b := d.out.buf
	if err == nil {
		b, err = a.appendOutcome(b, result)
	}
	if err != nil {
		b = appendError(d.out.buf, a.h, d.failure(err))
	}
	d.out.buf = b
	d.scheduleDelivery()
}

func (a *written) appendOutcome(b []byte, result *pocketgraph.Result) ([]byte, error) {
	defer result.Close()
	err := a.err
	switch {
	case err != nil:
	case a.rows != nil:
		b = append(b, a.rows...)
	default:
		b, err = a.appendRows(b, result)
	}
	if err != nil {
		return nil, err
	}
	summary := result.Summary()
	return appendSummary(b, a.h, &summary, true), nil
}

// settle makes the writes that were run directly durable, which answers them,
// and then runs the reads that wait for it.
func (d *Dispatcher) settle() {
	if d.writing == nil {
		return
	}
	x, waiting := d.writing, d.deferred
	d.writing, d.deferred = nil, nil
	d.release() // or what is written here would wait for the end of the frames, and the reads behind it would not see it
	if x.at.Settle() {
		d.OnTimer()
		runtime.Gosched()
	}
	for _, frame := range waiting {
		if !d.direct(frame) {
			d.begin(frame, false)
		}
	}
}

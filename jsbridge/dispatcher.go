package jsbridge

import (
	"context"
	"runtime"
	"sync"
	"time"

	"github.com/pocketgraph/pocketgraph/graph"
)

// Dispatcher takes request frames, runs each request on a goroutine that it
// has to itself, and collects answer frames. It knows nothing of JavaScript: a Loop
// stands between it and the event loop, and tests have a loop of their own.
//
// Everything below mu is guarded by it. It is never held while something is
// awaited.
type Dispatcher struct {
	host Host
	loop Loop

	mu        sync.Mutex
	out       outbox
	clients   map[uint16]*client
	databases map[uint32]*database
	tasks     map[taskKey]*task
	idle      []*worker
	lastDB    uint32
	lastTx    uint32
	dead      *Failure // why the engine has stopped
	turn      turns
	events    uint64 // counts what happens: begun, yielded, answered
	timers    bool   // a timer may have been set since takeTimers
	admitted  uint64 // counts tasks

	writing  *direct              // of the database whose direct writes wait for settle
	deferred [][]byte             // frames of reads that wait for that too
	held     map[*database]func() // whose flush waits for the end of the frames, with what ends that
	parked   int                  // tasks that are parked

	questions questions
}

// Loop is the event loop that the dispatcher lives in.
type Loop interface {
	// Deliver hands answers over; they may be overwritten when it returns.
	Deliver(answers []byte)
	// Call hands a question for a module of the worker's over. It is answered
	// by a REPLY in a later turn. It reports false where nobody can answer.
	Call(question []byte) bool
	// Wake asks for a later call of Dispatcher.Turn. It may ask again
	// before that has come.
	Wake()
}

type taskKey struct {
	client uint16
	id     uint32
}

// client is one speaker of HELLO: the page, or a tab behind a broker.
type client struct {
	number uint16
	writes []*task // begun and not answered, in order of arrival
	signs  uint64  // frames of its own: it is there
}

// database is an open database with what is going on in it.
type database struct {
	Database
	id           uint32
	name         string
	tasks        map[*task]struct{}
	transactions map[uint32]*transaction
	forks        map[*client]Database // what clients have that registered something
	expired      []uint32             // the last transactions that ran out of time
	direct       *direct              // nil where it is none of ours
	closing      bool
	quiet        sync.Cond // a task has ended; for CLOSE and BYE
}

// NewDispatcher makes a dispatcher. The host is called by requests only.
func NewDispatcher(h Host, l Loop) *Dispatcher {
	return &Dispatcher{
		host: h, loop: l,
		clients:   map[uint16]*client{},
		databases: map[uint32]*database{},
		tasks:     map[taskKey]*task{},
		held:      map[*database]func(){},
		questions: questions{open: map[uint32]question{}},
	}
}

// Begin takes frames and begins their requests in order. It returns when all
// have begun; it never waits for one of them. The bytes may be reused then.
func (d *Dispatcher) Begin(frames []byte) {
	defer func() {
		if p := recover(); p != nil {
			d.die(panicText(p))
		}
	}()
	defer d.release()
	defer d.settle()
	for len(frames) > 0 {
		frame, rest, err := nextFrame(frames, requestHeader)
		if err != nil {
			d.refuse(header{}, d.failure(err)) // where the next frame begins is lost
			return
		}
		if frames = rest; d.direct(frame) {
			continue
		}
		d.settle()
		d.begin(frame, len(rest) > 0)
	}
}

// release lets go of the flushes that are held.
func (d *Dispatcher) release() {
	for _, release := range d.held {
		release()
	}
	clear(d.held)
}

// begin begins the request of a frame. While more are to come the database's
// flush is held, so that all of them can share it.
func (d *Dispatcher) begin(frame []byte, more bool) {
	r, err := ParseRequest(frame)
	if err != nil && r.Op == OpReply {
		r.Text, err = err.Error(), nil // who waits for it must know
	}
	if err != nil {
		d.refuse(r.header(), d.failure(err))
		return
	}
	d.startTurn()
	d.mu.Lock()
	var view Database
	if db := d.databases[r.Database]; db != nil && !db.closing {
		view = db.of(d.clients[r.Client])
	}
	d.mu.Unlock()
	writes := commits(r, view) // parses, so mu is not held
	d.mu.Lock()
	t, fail := d.admit(r, writes)
	d.mu.Unlock()
	switch {
	case fail != nil:
		d.refuse(r.header(), fail)
	case t != nil:
		if t.db != nil && more && d.held[t.db] == nil {
			d.held[t.db] = t.db.HoldFlush()
		}
		d.startTask(t)
	}
}

// admit checks what can be checked at once and enters a task; without one
// and without a failure the request has been dealt with.
func (d *Dispatcher) admit(r *Request, writes bool) (*task, *Failure) {
	if d.dead != nil {
		return nil, d.dead
	}
	c := d.clients[r.Client]
	if c != nil {
		c.signs++
	}
	switch r.Op {
	case OpHello:
		return nil, d.hello(r, c)
	case OpReply:
		d.reply(r)
		return nil, nil
	}
	if c == nil {
		return nil, &Failure{Code: codeProtocol, Message: "the first message must be HELLO"}
	}
	key := taskKey{r.Client, r.ID}
	running := d.tasks[key]
	switch r.Op {
	case OpMore:
		if running != nil {
			running.more(r.Credit)
			d.timers = d.timers || running.parked
		}
		return nil, nil
	case OpCancel:
		if running != nil {
			running.end(&Failure{Code: codeCancelled, Message: "the request was cancelled"})
			d.timers = d.timers || running.parked
		}
		return nil, nil
	}
	switch {
	case r.ID == 0:
		return nil, invalid("a request needs an id")
	case running != nil:
		return nil, invalid("the request id is in use")
	case len(d.tasks) >= MaxInFlight:
		return nil, &Failure{Code: codeLimit, Message: "too many requests in flight", Hint: "Await some of them first."}
	}
	db, fail := d.databaseOf(r)
	if fail != nil {
		return nil, fail
	}
	return d.enter(r, c, db, writes)
}

func (d *Dispatcher) hello(r *Request, c *client) *Failure {
	if r.Version != ProtocolVersion {
		return &Failure{Code: codeProtocol,
			Message: "the page speaks protocol " + number(r.Version) + ", the engine " + number(ProtocolVersion),
			Hint:    "A stale file is in a cache: both sides must come from one release."}
	}
	if c == nil {
		d.clients[r.Client] = &client{number: r.Client}
	}
	d.out.buf = appendHello(d.out.buf, header{client: r.Client, id: r.ID})
	d.scheduleDelivery()
	return nil
}

// databaseOf finds the database of a request that names one.
func (d *Dispatcher) databaseOf(r *Request) (*database, *Failure) {
	switch r.Op {
	case OpOpen, OpDestroy, OpList, OpPing, OpBye:
		return nil, nil
	}
	if !r.Op.known() {
		return nil, &Failure{Code: codeNotImplemented, Message: "unknown operation " + number(uint32(r.Op))}
	}
	db := d.databases[r.Database]
	switch {
	case db == nil && r.Database <= d.lastDB && r.Database != 0, db != nil && db.closing:
		return nil, &Failure{Code: codeClosed, Message: "the database is closed"}
	case db == nil:
		return nil, invalid("no database " + number(r.Database) + " is open")
	}
	return db, nil
}

// of is the database as a client sees it. mu is held.
func (db *database) of(c *client) Database {
	if own := db.forks[c]; own != nil {
		return own
	}
	return db.Database
}

// happened tells two moments apart between which a request did something.
func (d *Dispatcher) happened() uint64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.events
}

// OnTimer notes that a timer was set, for which the runtime must become idle
// once: only then it asks the browser to be woken.
func (d *Dispatcher) OnTimer() {
	d.mu.Lock()
	d.timers = true
	d.mu.Unlock()
}

// takeTimers tells whether a timer may have been set by a request since it
// was last asked, in flight or not. Queries set none by themselves.
func (d *Dispatcher) takeTimers() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	set := d.timers
	d.timers = false
	return set
}

// InFlight counts the requests that have not answered, without subscriptions
// that have nothing to say.
func (d *Dispatcher) InFlight() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.tasks) - d.parked
}

// OpenTransactions counts the interactive ones.
func (d *Dispatcher) OpenTransactions() (n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, db := range d.databases {
		n += len(db.transactions)
	}
	return n
}

// Dead reports whether a fault has stopped the engine.
func (d *Dispatcher) Dead() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.dead != nil
}

// die stops the engine after a panic: everything in flight fails, and so does
// everything that comes. What is on disk is unharmed.
func (d *Dispatcher) die(what string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.dead != nil {
		return
	}
	d.dead = &Failure{Code: codeInternal, Message: "the engine has stopped: " + what,
		Hint: "This is a fault of PocketGraph; the stored data is unharmed. Open the database again."}
	for _, t := range d.tasks {
		t.life.end(context.Canceled)
		d.finish(t, func(b []byte) []byte { return appendError(b, t.header(), d.dead) })
	}
}

// refuse answers a request that has no task.
func (d *Dispatcher) refuse(h header, f *Failure) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.out.buf = appendError(d.out.buf, h, f)
	d.scheduleDelivery()
}

// failure makes a Failure of any error.
func (d *Dispatcher) failure(err error) *Failure {
	switch err {
	case ErrTruncated, ErrMalformed:
		return &Failure{Code: codeProtocol, Message: err.Error()}
	case ErrTooDeep:
		return &Failure{Code: codeLimit, Message: err.Error(), Hint: "Lists and maps may nest " + number(MaxDepth) + " deep."}
	case context.Canceled:
		return &Failure{Code: codeCancelled, Message: "the request was cancelled"}
	case context.DeadlineExceeded:
		return &Failure{Code: codeTimeout, Message: "the time-out has passed"}
	case ErrTooLarge, errFull:
		return &Failure{Code: codeLimit, Message: ErrTooLarge.Error()}
	}
	if f, ok := err.(*Failure); ok {
		return f
	}
	return d.host.Failure(err)
}

//go:noinline
func invalid(message string) *Failure { return &Failure{Code: codeInvalid, Message: message} }

// number is u in decimal, without package strconv's larger parts.
//
//go:noinline
func number(u uint32) string { return decimalText(uint64(u)) }

func decimalText(u uint64) string {
	var digits [20]byte
	i := len(digits)
	for {
		i--
		digits[i] = byte('0' + u%10)
		if u /= 10; u == 0 {
			return string(digits[i:])
		}
	}
}

// turns gives the event loop its share: requests that have worked for long
// are parked, and each turn of the loop lets one of them go on.
type turns struct {
	began  time.Time
	parked []chan struct{}
}

func (d *Dispatcher) startTurn() {
	d.mu.Lock()
	d.turn.began = time.Now()
	d.mu.Unlock()
}

// Turn lets the request go on that was parked first. The loop calls it some
// time after Wake.
func (d *Dispatcher) Turn() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.turn.began = time.Now()
	if len(d.turn.parked) == 0 {
		return
	}
	next := d.turn.parked[0]
	d.turn.parked = append(d.turn.parked[:0], d.turn.parked[1:]...)
	close(next)
	if len(d.turn.parked) > 0 {
		d.loop.Wake()
	}
}

// Waiting reports whether a request waits for its turn.
func (d *Dispatcher) Waiting() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.turn.parked) > 0
}

// Yield is called by whoever works for long, on the goroutine that works,
// about once in a thousand rows or a megabyte. The collector and other
// requests get a turn in any case; after TurnTime the event loop does.
func (d *Dispatcher) Yield() {
	d.mu.Lock()
	d.events++
	if time.Since(d.turn.began) < TurnTime {
		d.mu.Unlock()
		runtime.Gosched()
		return
	}
	wait := make(chan struct{})
	d.turn.parked = append(d.turn.parked, wait)
	d.mu.Unlock()
	d.loop.Wake()
	<-wait
}

// summary makes a map answer's content of a few entries.
func summary(entries ...graph.Entry) *graph.Map { return graph.NewMap(entries) }

package jsbridge

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/pocketgraph/pocketgraph"
	"github.com/pocketgraph/pocketgraph/cypher"
	"github.com/pocketgraph/pocketgraph/graph"
)

// CallTimeout is how long a function of a page, or a part of a file, may take.
const CallTimeout = 30 * time.Second

// questions are what the engine asks while it runs a statement: a function of
// the page's to be computed, more of a file. Whoever is asked answers with
// REPLY. Guarded by the dispatcher's mu.
type questions struct {
	last uint32
	open map[uint32]question
}

type question struct {
	client uint16 // who may answer
	reply  chan *Request
}

// moduleClient is the client number under which the worker answers for modules
// that it has imported.
const moduleClient = 0xFFFE

var (
	errUnanswered = errors.New("there was no answer in 30 s")
	errLeft       = errors.New("its page did not answer while others waited")
	errNoModules  = &Failure{Code: codeUnavailable, Message: "functions in modules need the package's worker"}
	errResults    = errors.New("it did not give one result for each call")
)

// ask puts a question and waits for its reply, or for the error in it. frame
// appends it, with its number; it goes to the task's client, or to the worker.
func (d *Dispatcher) ask(ctx context.Context, t *task, worker bool, frame func(b []byte, number uint32) ([]byte, error)) (*graph.Map, error) {
	q := question{client: t.r.Client, reply: make(chan *Request, 1)}
	if worker {
		q.client = moduleClient
	}
	number, err := d.pose(q, worker, frame)
	if err != nil {
		return &graph.Map{}, err
	}
	var w watch
	look := time.NewTicker(TxLook)
	defer look.Stop()
	for left := CallTimeout; err == nil; {
		select {
		case r := <-q.reply:
			reply := graph.NewMap(r.Entries)
			if r.Text == "" {
				return reply, nil
			}
			return reply, errors.New(r.Text)
		case <-ctx.Done():
			err = ctx.Err()
		case <-look.C:
			d.mu.Lock()
			if left -= TxLook; left <= 0 {
				err = errUnanswered
			} else if !worker && d.lost(t.db, t.client, &w) {
				err = errLeft
			}
			d.mu.Unlock()
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.questions.open, number)
	return &graph.Map{}, err
}

// pose hands a question over.
func (d *Dispatcher) pose(q question, worker bool, frame func(b []byte, number uint32) ([]byte, error)) (uint32, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.questions.last++
	number, buf := d.questions.last, d.out.buf
	if worker {
		buf = nil
	}
	out, err := frame(buf, number)
	if err != nil {
		return number, err
	}
	d.questions.open[number] = q
	d.events++
	switch {
	case !worker:
		d.out.buf = out
		d.scheduleDelivery()
	case !d.loop.Call(out):
		delete(d.questions.open, number)
		return number, errNoModules
	}
	return number, nil
}

// reply hands a REPLY to who waits for it; nobody may any more. mu is held.
func (d *Dispatcher) reply(r *Request) {
	if q, waits := d.questions.open[r.Credit]; waits && q.client == r.Client {
		delete(d.questions.open, r.Credit)
		d.events++
		q.reply <- r
	}
}

// own is the database as the task's client sees it, with what it registers.
func (d *Dispatcher) own(t *task) Database {
	d.mu.Lock()
	defer d.mu.Unlock()
	own := t.db.forks[t.client]
	if own == nil {
		own = t.db.Fork()
		t.db.forks[t.client] = own
	}
	return own
}

// register serves REGISTER.
func (d *Dispatcher) register(t *task) error {
	r := pocketgraph.Registration{Signature: t.r.Text}
	said := graph.NewMap(t.r.Entries)
	module, worker := said.Get("module")
	_, r.Procedure = said.Get("procedure")
	if worker {
		_, err := d.ask(&t.life, t, true, func(b []byte, number uint32) ([]byte, error) {
			return appendMapAnswer(b, AnswerModule, t.header(), summary(count("call", int(number)), graph.Entry{Key: "module", Value: module}))
		})
		if err != nil && err != errNoModules {
			err = &Failure{Code: "FUNCTION", Message: err.Error()}
		}
		if err != nil {
			return err
		}
	}
	r.Call = func(ctx context.Context, reader graph.Reader, args [][]graph.Value, out []graph.Value) error {
		return d.call(ctx, t, worker, reader, args, out)
	}
	return d.own(t).Register(r)
}

// unregister serves UNREGISTER.
func (d *Dispatcher) unregister(t *task) error {
	_, procedure := graph.NewMap(t.r.Entries).Get("procedure")
	if !d.own(t).Unregister(t.r.Text, procedure) {
		return &Failure{Code: codeNotFound, Message: "nothing was registered as " + t.r.Text}
	}
	return nil
}

// call computes a registered function where it is; t is its REGISTER.
func (d *Dispatcher) call(ctx context.Context, t *task, worker bool, reader graph.Reader, args [][]graph.Value, out []graph.Value) error {
	e := takeEncoder()
	defer giveEncoder(e)
	var lately room
	for first := 0; first < len(out); {
		n := 0
		reply, err := d.ask(ctx, t, worker, func(b []byte, number uint32) ([]byte, error) {
			start := len(b)
			b, rows, err := e.appendSome(b, t.header(), reader, args, first, len(out), &lately)
			if err == nil {
				makeCall(b[start:], number)
				n = rows
			}
			return b, err
		})
		if err != nil {
			return err
		}
		results, _ := reply.Get("value")
		if results.Kind() != graph.KindList || len(results.AsList()) != n {
			return errResults
		}
		first += copy(out[first:], results.AsList())
	}
	return nil
}

// clientFile is a file that the client of a QUERY lets LOAD CSV read.
type clientFile struct {
	d       *Dispatcher
	t       *task
	address string
	number  int // of the question that began it
	part    []byte
}

// Open implements cypher.Importer: the file begins anew.
func (f *clientFile) Open(address string) (io.ReadCloser, error) {
	opened := &clientFile{d: f.d, t: f.t, address: address}
	return opened, opened.more()
}

// more asks for the next part, which is empty at the end.
func (f *clientFile) more() error {
	reply, err := f.d.ask(&f.t.life, f.t, false, func(b []byte, number uint32) ([]byte, error) {
		if f.number == 0 {
			f.number = int(number)
		}
		return appendMapAnswer(b, AnswerRead, f.t.header(), summary(word("address", f.address), count("call", int(number)), count("file", f.number)))
	})
	if err != nil {
		if detail, refused := reply.Get("detail"); refused && detail.Kind() == graph.KindString {
			err = cypher.ImportError(detail.AsString(), err.Error())
		}
		return err
	}
	if v, _ := reply.Get("value"); v.Kind() == graph.KindBytes {
		f.part = v.AsBytes()
	}
	return nil
}

// Read implements io.Reader.
func (f *clientFile) Read(p []byte) (int, error) {
	if len(f.part) == 0 {
		return 0, io.EOF
	}
	n := copy(p, f.part)
	if f.part = f.part[n:]; len(f.part) == 0 {
		return n, f.more()
	}
	return n, nil
}

// Close implements io.Closer. The client lets go of its files when the QUERY has
// its answer.
func (f *clientFile) Close() error { return nil }

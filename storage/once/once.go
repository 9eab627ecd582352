// Package once keeps the newest answers to requests that have a name, so that a
// repeated request gets its first answer and is not applied again.
//
// Whoever may have to ask again, because the owner of the store dies before it
// answers, names its requests. Name and answer lie in the commit record of the
// transaction: durable with it, and never without it. A Table holds the newest of
// them in memory; a snapshot has a copy.
package once

import (
	"encoding/binary"
	"errors"
	"sync"

	"github.com/pocketgraph/pocketgraph/wal"
)

// Limits of what is kept. What they push out first are the oldest.
const (
	MaxRows    = 64 << 10 // bytes of the rows of one answer; more is not kept at all
	maxAnswers = 16384    // as many requests as may be in flight; a quarter more until they are looked through
	maxBytes   = 4 << 20  // of rows, of all answers
	maxClients = 256      // who asked; the one that has written last is forgotten last
)

// Origin names a request. The zero value is nobody who could ask again.
type Origin struct {
	Client  [16]byte // random, for as long as somebody asks; zero: nobody
	Request uint64   // its number, growing
	// Acknowledged: all requests up to this number have been answered and will
	// not be asked again. Their answers are dropped.
	Acknowledged uint64
	// Since: if the request was applied, then under a higher sequence.
	Since uint64
	// Repeated: the request may have been applied. It is applied now only if it
	// is certain that it was not.
	Repeated bool
}

// Named tells whether the request may be asked again.
func (o *Origin) Named() bool { return o.Client != [16]byte{} }

// Repeated is the error for a request that was applied before: its first answer.
type Repeated struct {
	Sequence uint64 // of its last transaction
	Parts    uint32 // transactions that it committed before its last (CALL IN TRANSACTIONS)
	Whole    bool   // false: it broke off after these
	Summary  []byte // as given to Outcome
	Rows     []byte // the same; nil where they were too many to be kept
}

func (*Repeated) Error() string { return "the request has been applied before" }

// ErrForgotten: the request may have been applied, so long ago that its answer is
// not kept any more.
var ErrForgotten = errors.New("whether the request was applied is not known any more")

// Table is the newest answers. Its methods may be called from any goroutine.
type Table struct {
	mu        sync.Mutex
	clients   []*client // who wrote last comes last
	answers   []*Answer // the oldest first; some are over, until tidy
	bytes     int       // of outcomes
	tidyAt    int       // answers
	forgotten uint64    // the highest sequence of a client that was pushed out
	decided   chan struct{}
}

type client struct {
	id           [16]byte
	highest      uint64 // request
	acknowledged uint64
	dropped      uint64 // the highest sequence of an answer that was pushed out
	last         uint64 // the newest sequence
}

// Answer is the one to a request that has been committed, or is about to be.
type Answer struct {
	client   *client
	request  uint64
	sequence uint64 // of its newest record; 0: nothing was committed after all
	settled  uint64 // of the newest one that is committed
	parts    uint32
	whole    bool
	open     int    // records that are not decided
	pending  bool   // some are open, or to come
	ended    bool   // none are to come
	unknown  error  // a flush failed
	outcome  []byte // of the last record
}

// over: it says nothing any more.
func (a *Answer) over() bool {
	return a.sequence == 0 || !a.pending && a.request <= a.client.acknowledged
}

// Outcome makes the bytes that the record keeps: the length of the summary as
// LEB128, the summary, and the rows.
func Outcome(summary, rows []byte) []byte {
	if len(rows) > MaxRows {
		rows = nil
	}
	b := make([]byte, 0, binary.MaxVarintLen32+len(summary)+len(rows))
	return append(append(binary.AppendUvarint(b, uint64(len(summary))), summary...), rows...)
}

// split is the number of bytes in front of the rows, and where the summary begins.
func split(outcome []byte) (start, rows int) {
	n, start := binary.Uvarint(outcome)
	if start <= 0 || n > uint64(len(outcome)-start) {
		return 0, 0
	}
	return start, start + int(n)
}

func (a *Answer) repeated() error {
	start, rows := split(a.outcome)
	r := &Repeated{Sequence: a.sequence, Parts: a.parts, Whole: a.whole, Summary: a.outcome[start:rows]}
	if rows < len(a.outcome) {
		r.Rows = a.outcome[rows:]
	}
	return r
}

// Find looks for a request, whose earlier ones it may acknowledge. err is
// *Repeated if it was applied, ErrForgotten or the error of its flush if that is
// not known, and nil if it was not. While that is open, wait is closed when it
// is worth to ask again.
func (t *Table) Find(o *Origin) (wait <-chan struct{}, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	dropped := t.forgotten
	if c := t.client(o.Client); c != nil {
		c.acknowledged = max(c.acknowledged, o.Acknowledged)
		dropped = c.dropped
		if a := t.find(c, o.Request); a != nil {
			return t.said(a)
		}
		if o.Request <= c.acknowledged {
			return nil, ErrForgotten
		}
	}
	if o.Repeated && dropped > o.Since {
		return nil, ErrForgotten
	}
	return nil, nil
}

func (t *Table) said(a *Answer) (wait <-chan struct{}, err error) {
	if a.pending {
		if t.decided == nil {
			t.decided = make(chan struct{})
		}
		return t.decided, nil
	}
	if a.unknown != nil {
		return nil, a.unknown
	}
	return nil, a.repeated()
}

func (t *Table) client(id [16]byte) *client {
	for i := len(t.clients) - 1; i >= 0; i-- {
		if t.clients[i].id == id {
			return t.clients[i]
		}
	}
	return nil
}

// wrote makes a client the last in the list.
func (t *Table) wrote(id [16]byte) *client {
	c := t.client(id)
	if c == nil {
		c = &client{id: id, dropped: t.forgotten}
	}
	kept := t.clients[:0]
	for _, other := range t.clients {
		if other != c {
			kept = append(kept, other)
		}
	}
	t.clients = append(kept, c)
	if len(t.clients) > maxClients {
		old := t.clients[0]
		t.forgotten = max(t.forgotten, old.last)
		old.acknowledged = ^uint64(0)
		t.clients = t.clients[1:]
	}
	return c
}

func (t *Table) find(c *client, request uint64) *Answer {
	for i := len(t.answers) - 1; i >= 0 && request <= c.highest; i-- {
		if a := t.answers[i]; a.request == request && a.client == c && !a.over() {
			return a
		}
	}
	return nil
}

// Note takes in the answer of a record, which has a client. A pending one is to
// be decided.
func (t *Table) Note(r *wal.Record, pending bool) *Answer {
	t.mu.Lock()
	defer t.mu.Unlock()
	c := t.wrote(r.Client)
	a := t.find(c, r.Request)
	c.highest, c.last = max(c.highest, r.Request), max(c.last, r.Sequence)
	if a == nil {
		a = &Answer{client: c, request: r.Request}
		t.answers = append(t.answers, a)
	}
	a.sequence, a.pending, a.whole = r.Sequence, pending, r.Part == 0
	if a.ended = a.whole; !a.whole {
		a.parts = r.Part
	}
	if pending {
		a.open++
	}
	if pending && a.outcome == nil {
		a.outcome = r.Outcome
	} else {
		a.outcome = append(a.outcome, r.Outcome...) // a replayed record's is used again
	}
	t.bytes += len(a.outcome)
	if len(t.answers) > t.tidyAt || t.bytes > maxBytes {
		t.tidy()
	}
	return a
}

// leastTidy is how many answers are not worth to be looked through.
const leastTidy = 64

// tidy drops what is over and pushes out what is too much.
func (t *Table) tidy() {
	over := t.bytes - maxBytes*3/4
	if t.bytes <= maxBytes {
		over = 0
	}
	kept := make([]*Answer, 0, len(t.answers))
	t.bytes = 0
	for i, a := range t.answers {
		switch {
		case a.over():
			over -= len(a.outcome)
		case len(t.answers)-i > maxAnswers && !a.pending:
			a.client.dropped = max(a.client.dropped, a.sequence)
		default:
			if over > 0 { // its rows make room
				_, rows := split(a.outcome)
				over -= len(a.outcome) - rows
				a.outcome = append([]byte(nil), a.outcome[:rows]...)
			}
			kept = append(kept, a)
			t.bytes += len(a.outcome)
		}
	}
	t.answers = kept
	t.tidyAt = len(kept) + min(len(kept), maxAnswers/4) + leastTidy
}

// Decide says what became of a record that was noted as pending, in their
// order: err is nil when it is committed, otherwise it was not applied, or with
// unknown nobody can say. sequence and part are the record's.
func (t *Table) Decide(a *Answer, sequence uint64, part uint32, err error, unknown bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	a.open--
	switch {
	case err == nil:
		a.settled = sequence
	case unknown:
		a.unknown = err
	default:
		a.whole = false
		if part > 0 {
			a.parts = min(a.parts, part-1)
		}
		t.bytes -= len(a.outcome)
		a.outcome = nil
	}
	t.settle(a)
}

// BrokenOff says that a statement ended behind some of its transactions; why and
// unknown are those of the one that failed, as for Decide.
func (t *Table) BrokenOff(o *Origin, why error, unknown bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	c := t.client(o.Client)
	if c == nil {
		return
	}
	a := t.find(c, o.Request)
	if a == nil {
		return
	}
	a.ended = true
	if unknown {
		a.unknown = why
	}
	t.settle(a)
}

// settle ends the waiting when all is decided. It is locked.
func (t *Table) settle(a *Answer) {
	if a.open > 0 || !a.ended {
		return
	}
	if a.pending = false; a.unknown == nil {
		a.sequence = a.settled
	}
	if t.decided != nil {
		close(t.decided)
		t.decided = nil
	}
}

// A snapshot has the newest answers as the highest sequence of what was pushed
// out, and of each, the oldest first: 16 bytes of client, request, sequence,
// parts, 1 if whole and else 0, length of the outcome, and the outcome. Numbers
// are LEB128 without sign.

// Encode is nil when nobody has ever named a request.
func (t *Table) Encode() []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.clients) == 0 {
		return nil
	}
	t.tidy()
	forgotten := t.forgotten
	for _, c := range t.clients {
		forgotten = max(forgotten, c.dropped)
	}
	b := binary.AppendUvarint(nil, forgotten)
	for _, a := range t.answers {
		whole := uint64(0)
		if a.whole {
			whole = 1
		}
		b = append(b, a.client.id[:]...)
		for _, n := range [...]uint64{a.request, a.sequence, uint64(a.parts), whole, uint64(len(a.outcome))} {
			b = binary.AppendUvarint(b, n)
		}
		b = append(b, a.outcome...)
	}
	return b
}

var errMalformed = errors.New("malformed list of answers")

// Decode reads what Encode has written into an empty table. It does not trust it.
func (t *Table) Decode(b []byte) error {
	var fault bool
	number := func() uint64 {
		n, k := binary.Uvarint(b)
		if k <= 0 {
			fault = true
			return 0
		}
		b = b[k:]
		return n
	}
	t.forgotten = number()
	for len(b) > 0 && !fault {
		var r wal.Record
		if len(b) < len(r.Client) {
			return errMalformed
		}
		b = b[copy(r.Client[:], b):]
		r.Request, r.Sequence = number(), number()
		parts, whole, length := uint32(number()), number() == 1, number()
		if fault || length > uint64(len(b)) {
			return errMalformed
		}
		if r.Outcome, b = b[:length], b[length:]; !whole {
			r.Part = parts
		}
		t.Note(&r, false).parts = parts
	}
	if fault {
		return errMalformed
	}
	return nil
}

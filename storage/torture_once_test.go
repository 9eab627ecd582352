// A simulation; see torture_model_test.go.

//go:build !js

package storage_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/pocketgraph/pocketgraph/storage"
)

// named is a request that was given to the store, and the numbers its
// transactions got, or would have got.
type named struct {
	request uint64
	parts   []uint64 // of those before its last; never changed in place
	last    uint64   // 0: it has broken off, or not come to it
}

const (
	namedKept    = 24      // of the newest requests are looked at again
	probeRequest = 1 << 40 // and above: those of the judge
)

// origin names a request; three clients take turns.
func origin(request uint64, repeated bool) storage.Origin {
	return storage.Origin{Client: [16]byte{9, byte(request % 3)}, Request: request, Repeated: repeated}
}

// outcomeOf is the answer that a request keeps.
func outcomeOf(request uint64) []byte { return strconv.AppendUint(nil, request, 10) }

// request names the next transaction, or in a third of the cases does not.
func (t *torture) request() storage.Origin {
	if t.rnd.IntN(3) == 0 {
		return storage.Origin{}
	}
	t.requests++
	return origin(t.requests, false)
}

// repeat asks for one of the last requests again: it is never applied again.
func (t *torture) repeat() {
	t.m.Lock()
	all := slices.Clone(t.m.named)
	t.m.Unlock()
	if len(all) == 0 {
		return
	}
	n := all[t.rnd.IntN(len(all))]
	tx, err := t.s.BeginOnce(context.Background(), origin(n.request, true))
	if wrong := n.compare(err); wrong != "" {
		t.report(t.step + ": " + wrong)
	}
	if err == nil {
		tx.Rollback()
	}
}

// name notes another transaction of a request: its last, or one before that.
func (m *model) name(request, sequence uint64, last bool) {
	m.Lock()
	defer m.Unlock()
	if len(m.named) == 0 || m.named[len(m.named)-1].request != request {
		m.named = append(m.named, named{request: request})
	}
	n := &m.named[len(m.named)-1]
	if last {
		n.last = sequence
	} else {
		n.parts = append(slices.Clone(n.parts), sequence)
	}
	if n := len(m.named) - namedKept; n > 0 {
		m.named = append(m.named[:0], m.named[n:]...)
	}
}

// lose forgets what lies behind a sequence: it is known not to have been
// applied. The model is locked.
func (m *model) lose(sequence uint64) { m.named = applied(m.named, sequence) }

// applied is what is applied of requests in the state after a transaction.
func applied(all []named, sequence uint64) []named {
	var some []named
	for _, n := range all {
		if n = n.upTo(sequence); n.any() {
			some = append(some, n)
		}
	}
	return some
}

// upTo is what is applied of the request in the state after a transaction.
func (n named) upTo(sequence uint64) named {
	for i, part := range n.parts {
		if part > sequence {
			n.parts = n.parts[:i]
			break
		}
	}
	if n.last > sequence {
		n.last = 0
	}
	return n
}

// any reports that something of the request was applied, or may have been.
func (n named) any() bool { return n.last > 0 || len(n.parts) > 0 }

// first is the number of its first transaction, newest that of its last one.
func (n named) first() uint64 {
	if len(n.parts) > 0 {
		return n.parts[0]
	}
	return n.last
}

func (n named) newest() uint64 {
	if n.last == 0 && len(n.parts) > 0 {
		return n.parts[len(n.parts)-1]
	}
	return n.last
}

// last is the newest transaction in the state found: salvage numbers on above it.
func last(s *storage.Store, found entry) uint64 {
	if r := s.Report().Salvage; r != nil {
		return r.LastSequence
	}
	return found.sequence
}

// misanswered says which repeated request the recovered store answers wrongly.
func misanswered(all []named, s *storage.Store, found entry) string {
	for _, n := range all {
		// Since is just below: whether it was applied must be known for certain.
		o := origin(n.request, true)
		o.Since = n.first() - 1
		if wrong := n.upTo(last(s, found)).compare(s.Applied(context.Background(), o)); wrong != "" {
			return wrong
		}
	}
	return ""
}

// compare is empty where the request gets the answer that it must: how many of
// its transactions were applied, whether the last one was, and what that
// answered. All of n is applied.
func (n named) compare(err error) string {
	outcome := []byte(nil)
	if n.last > 0 {
		outcome = outcomeOf(n.request)
	}
	var first *storage.Repeated
	switch {
	case !n.any() && err == nil:
	case n.any() && errors.As(err, &first) && first.Sequence == n.newest() && int(first.Parts) == len(n.parts) &&
		first.Whole == (n.last > 0) && string(first.Summary) == string(outcome):
	default:
		return fmt.Sprintf("request %d, applied in %v and at its end %d, is answered %#v", n.request, n.parts, n.last, err)
	}
	return ""
}

// statement is a request of several transactions: it keeps the writer's turn
// between them, may drop what one of them did, may break off, and is never
// applied again, however much of it was.
func (t *torture) statement() error {
	t.requests++
	request := origin(t.requests, false)
	release := func() {}
	if t.rnd.IntN(2) == 0 { // they share a write; otherwise the flusher comes between them
		release = t.s.HoldFlush()
	}
	tx, err := t.s.BeginOnce(context.Background(), request)
	if err != nil {
		release()
		return t.recoverFrom(err)
	}
	var outcomes outcomes
	for n := 2 + t.rnd.IntN(3); n > 1 && err == nil; n-- {
		if err = t.randomChanges(tx); err != nil {
			break
		}
		if !tx.Changed() || t.rnd.IntN(6) == 0 {
			tx, err = tx.Next(nil)
			continue
		}
		tx, err = tx.Next(outcomes.expect(t, tx, request, false))
	}
	if err == nil {
		err = t.endStatement(tx, request, &outcomes)
	}
	release()
	return t.recoverFrom(errors.Join(err, outcomes.wait(t)))
}

// endStatement commits the last transaction, or gives up before it.
func (t *torture) endStatement(tx *storage.Tx, request storage.Origin, outcomes *outcomes) error {
	err := t.randomChanges(tx)
	if err != nil || t.rnd.IntN(4) == 0 || !tx.Changed() && len(outcomes.told) == 0 {
		tx.Rollback()
		return err
	}
	tx.Answers(request, outcomeOf(request.Request), nil)
	tx.CommitAsync(outcomes.expect(t, tx, request, true))
	return nil
}

// outcomes are those of the transactions of one statement.
type outcomes struct{ told []chan error }

// expect notes the transaction, and gives what is to be told its outcome.
func (o *outcomes) expect(t *torture, tx *storage.Tx, request storage.Origin, last bool) func(uint64, error) {
	sequence := t.s.Sequence() + 1
	e := entry{sequence, t.digest(tx)}
	i := t.m.propose(e)
	t.m.name(request.Request, sequence, last)
	told := make(chan error, 1)
	o.told = append(o.told, told)
	return func(got uint64, err error) {
		switch {
		case err == nil && got != sequence:
			t.report(fmt.Sprintf("%s: committed as %d, not %d", t.step, got, sequence))
		case err == nil:
			t.m.acknowledge(i, t.options.Durability == storage.Strict)
		case !errors.Is(err, storage.ErrOutcomeUnknown):
			t.m.withdraw(i, e)
		}
		told <- err
	}
}

// wait gives the first error. Behind it nothing was committed.
func (o *outcomes) wait(t *torture) (bad error) {
	for _, told := range o.told {
		err := <-told
		t.points.parts.Add(1)
		if bad != nil && err == nil {
			t.report(fmt.Sprintf("%s: a part was committed behind one that was not: %v", t.step, bad))
		}
		if bad == nil {
			bad = err
		}
	}
	if bad == nil {
		t.repeat()
	}
	return bad
}

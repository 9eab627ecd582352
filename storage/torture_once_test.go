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

// named is a request that was given to the store, and the number its
// transaction got, or would have got.
type named struct{ request, sequence uint64 }

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
	if wrong := n.compare(err, true); wrong != "" {
		t.report(t.step + ": " + wrong)
	}
	if err == nil {
		tx.Rollback()
	}
}

func (m *model) name(request, sequence uint64) {
	m.Lock()
	defer m.Unlock()
	m.named = append(m.named, named{request, sequence})
	if n := len(m.named) - namedKept; n > 0 {
		m.named = append(m.named[:0], m.named[n:]...)
	}
}

// lose forgets the requests behind a sequence: they are known not to have been
// applied. The model is locked.
func (m *model) lose(sequence uint64) {
	m.named = slices.DeleteFunc(m.named, func(n named) bool { return n.sequence > sequence })
}

// appliedBy keeps the requests that are in the state found.
func appliedBy(all []named, s *storage.Store, found entry) []named {
	return slices.DeleteFunc(slices.Clone(all), func(n named) bool { return n.sequence > last(s, found) })
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
		o.Since = n.sequence - 1
		if wrong := n.compare(s.Applied(context.Background(), o), n.sequence <= last(s, found)); wrong != "" {
			return wrong
		}
	}
	return ""
}

func (n named) compare(err error, applied bool) string {
	var first *storage.Repeated
	switch {
	case !applied && err == nil:
	case applied && errors.As(err, &first) && first.Sequence == n.sequence && first.Whole && string(first.Summary) == string(outcomeOf(n.request)):
	default:
		return fmt.Sprintf("request %d, applied %v as %d, is answered %#v", n.request, applied, n.sequence, err)
	}
	return ""
}

package storage

import (
	"context"
	"errors"

	"github.com/pocketgraph/pocketgraph/storage/once"
	"github.com/pocketgraph/pocketgraph/wal"
)

// Origin names a request that may have to be asked again; see package once.
type Origin = once.Origin

// Repeated is the error for a request that was applied before; see package once.
type Repeated = once.Repeated

// MaxOutcome bounds the rows of an answer that is kept, in bytes.
const MaxOutcome = once.MaxRows

// ErrOutcomeForgotten: the request may have been applied, so long ago that its
// answer is not kept any more.
var ErrOutcomeForgotten = once.ErrForgotten

// BeginOnce is Begin for the transaction of a named request. A request that has
// been applied gives *Repeated, ErrOutcomeUnknown or ErrOutcomeForgotten. It waits
// for one of the same name whose outcome is open.
func (s *Store) BeginOnce(ctx context.Context, o Origin) (*Tx, error) {
	for {
		if err := s.Applied(ctx, o); err != nil {
			return nil, err
		}
		tx, err := s.Begin(ctx)
		if err != nil || !o.Named() {
			return tx, err
		}
		// Nobody can commit now: what is not there stays away.
		if wait, err := s.answers.Find(&o); wait == nil && err == nil {
			tx.origin = o
			return tx, nil
		}
		tx.Rollback()
	}
}

// Applied is nil for a request that was not applied, and otherwise says what
// BeginOnce says.
func (s *Store) Applied(ctx context.Context, o Origin) error {
	for o.Named() {
		wait, err := s.answers.Find(&o)
		if wait == nil {
			return err
		}
		select {
		case <-wait:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// Answers names the request that the transaction answers, of which it must be
// known that it was not applied, and says what is answered when it is repeated.
// Rows above MaxOutcome are not kept.
func (tx *Tx) Answers(o Origin, summary, rows []byte) {
	if o.Named() {
		tx.origin, tx.outcome = o, once.Outcome(summary, rows)
	}
}

// settle ends the waiting for transactions whose outcome is decided. Whoever
// calls it has the writer's turn or that of flushing, so that a cut of the log
// never meets an answer that is about to be withdrawn.
func (s *Store) settle(commits []pendingCommit, err error) {
	for _, c := range commits {
		if c.answer != nil {
			s.answers.Decide(c.answer, c.sequence, c.part, err, errors.Is(err, ErrOutcomeUnknown))
		}
	}
}

// brokenOff settles a statement that ended behind some of its transactions.
func (tx *Tx) brokenOff(why error) {
	if tx.part > 0 && tx.origin.Named() {
		tx.store.answers.BrokenOff(&tx.origin, why, errors.Is(why, ErrOutcomeUnknown))
	}
}

// sectionAnswers is the kind of the snapshot's pieces that hold the newest
// answers. They come before those of the graph, whose kinds are below. A snapshot
// without any has no such piece; one that has says so to older readers by a
// required feature.
const sectionAnswers = 0x100

const (
	answersPiece = 256 << 10 // how large a piece is at most
	answersMost  = 16 << 20  // of bytes in all pieces, before they are believed
)

// writeAnswers puts the section in front of the graph's.
func writeAnswers(cut snapshotWriter, b []byte) error {
	if len(b) > 0 {
		cut.Require(wal.FeatureAnswers)
	}
	for len(b) > 0 {
		n := min(len(b), answersPiece)
		if err := cut.Section(sectionAnswers, b[:n]); err != nil {
			return err
		}
		b = b[n:]
	}
	return nil
}

// errAnswers: the snapshot's answers are more than any store keeps.
var errAnswers = errors.New("too many answers in the snapshot")

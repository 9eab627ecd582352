package storage

import (
	"errors"

	"github.com/pocketgraph/pocketgraph/wal"
)

// Rollback drops the transaction's changes. After Commit it does nothing.
func (tx *Tx) Rollback() {
	if tx.done {
		return
	}
	tx.done = true
	tx.Tx.Rollback()
	tx.brokenOff(ErrOutcomeForgotten)
	tx.store.unlockWriter()
}

// CommitAsync ends the transaction and calls done exactly once, perhaps before
// it returns and perhaps on another goroutine, with the sequence number of the
// transaction (0 when it changed nothing) or with the reason why it was not
// committed. Errors: wal.ErrDiskFull, wal.ErrIO and wal.ErrTooLarge mean that
// nothing happened and the store goes on; ErrOutcomeUnknown that the flush
// failed; ErrStopped that an earlier one did. done must not block.
func (tx *Tx) CommitAsync(done func(sequence uint64, err error)) {
	if tx.done {
		done(0, ErrTxDone)
		return
	}
	// A statement that has committed parts ends with a record, perhaps an empty
	// one, so that it is known to have ended.
	if !tx.Changed() && (tx.part == 0 || !tx.origin.Named()) {
		tx.Rollback()
		done(0, nil)
		return
	}
	tell, _ := tx.end(0, done)
	tx.store.unlockWriter()
	tell()
}

// end commits the transaction without giving the writer's turn away; part
// counts those of a statement that goes on, and is 0 for the last. tell has to
// be called afterwards. The error is one that is known already.
func (tx *Tx) end(part uint32, done func(sequence uint64, err error)) (tell func(), err error) {
	s := tx.store
	tx.done = true
	if err := tx.seal(); err != nil {
		tx.Tx.Rollback()
		tx.brokenOff(ErrOutcomeForgotten)
		return func() { done(0, err) }, err
	}
	told, err := s.appendGroup(tx, part, done)
	s.settle(told.commits, err)
	if err != nil {
		tx.part = max(tx.part, part) // the first one may have been noted too
		tx.brokenOff(err)            // its own record may never have been noted
	}
	s.restoreHead()
	return func() { told.tell(err) }, err
}

// Next ends the transaction and begins another one before anybody else can. It
// commits as CommitAsync does, or with done nil drops the changes. Handles of
// the transaction go on meaning what they did: elements that were deleted leave
// places that the next transaction does not use. After an error the statement
// has ended: nothing is committed behind a part that is known to be lost.
func (tx *Tx) Next(done func(sequence uint64, err error)) (*Tx, error) {
	if tx.done {
		return nil, ErrTxDone
	}
	s := tx.store
	part := tx.part
	if done != nil && tx.Changed() {
		part++
		tell, err := tx.end(part, done)
		if tell(); err != nil {
			s.unlockWriter()
			return nil, err
		}
	} else {
		tx.done = true
		tx.Tx.Rollback()
		if done != nil {
			done(0, nil)
		}
	}
	next, err := s.begin()
	if err != nil {
		tx.part = part
		tx.brokenOff(err)
		return nil, err
	}
	next.KeepSlots()
	next.metadata = tx.metadata
	next.origin, next.part = tx.origin, part
	if next.lost != tx.lost { // what it goes on from was lost just now
		next.Rollback()
		return nil, s.group.baseLost()
	}
	return next, nil
}

// seal makes the changes the head of the graph, if they may be.
func (tx *Tx) seal() error {
	if tx.store.stopped.Load() {
		return ErrStopped
	}
	if err := tx.whole(); err != nil {
		return err
	}
	_, err := tx.Tx.Commit()
	return err
}

// Commit ends the transaction and waits for its outcome; see CommitAsync.
func (tx *Tx) Commit() (sequence uint64, err error) {
	type outcome struct {
		sequence uint64
		err      error
	}
	wait := make(chan outcome, 1)
	tx.CommitAsync(func(sequence uint64, err error) { wait <- outcome{sequence, err} })
	o := <-wait
	return o.sequence, o.err
}

// record is the transaction as the log takes it.
func (tx *Tx) record(part uint32) wal.Record {
	r := wal.Record{UnixMicros: tx.store.options.Now().UnixMicro(), Payload: tx.changes, Metadata: tx.metadata, Before: tx.images}
	if tx.origin.Named() {
		r.Client, r.Request, r.Part = tx.origin.Client, tx.origin.Request, part
		if part == 0 {
			r.Outcome = tx.outcome
		}
	}
	return r
}

// errLostBase: the transaction was built on one whose record could not be written.
var errLostBase = errors.New("the transaction before it was not written")

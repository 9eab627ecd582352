package nornic

import (
	"cmp"
	"context"
	"errors"
	"slices"
)

// defaultDatabase is whose entries name no database, where others do.
const defaultDatabase = "nornic"

// replay applies a log in its order to the state that the snapshot left.
type replay struct {
	ctx       context.Context
	log       *window
	order     *order
	databases bool // entries belong to databases
	state     *state
	report    *Report
	open      map[string]*scope
}

// scope is a transaction that has no end yet.
type scope struct {
	id       string
	sequence uint64 // of its first record
	at       int64
	places   []int // in order.places
}

// run replays everything.
func (r *replay) run(yield func(int64)) error {
	r.open = map[string]*scope{}
	for i := range r.order.places {
		if err := context.Cause(r.ctx); err != nil {
			return err
		}
		if err := r.record(i); err != nil {
			return err
		}
		yield(r.order.places[i].at)
	}
	r.unfinished()
	return nil
}

// read reads a record again.
func (r *replay) read(i int) (*entry, error) {
	p := r.order.places[i]
	at := p.at
	if p.framed {
		at += recordHeader
	}
	b, err := r.log.at(at, int64(p.n))
	if err != nil {
		return nil, err
	}
	e, err := parseEntry(b)
	if err != nil || e.Sequence != p.sequence || e.sound() != nil {
		return nil, errors.Join(errChanged, err)
	}
	return e, nil
}

var errChanged = errors.New("the log changed while it was imported")

func (r *replay) record(i int) error {
	e, err := r.read(i)
	if err != nil {
		return err
	}
	o, err := parseOperation(e.Data)
	switch {
	case e.Operation == opCheckpoint:
		r.report.Skipped++
	case err != nil:
		r.refuse(i, e, err)
	case e.Operation == opTxBegin:
		r.begin(i, o.TxID)
	case e.Operation == opTxCommit:
		return r.commit(i, o)
	case e.Operation == opTxAbort:
		r.abort(i, o.TxID)
	case o.TxID != "":
		s := r.open[o.TxID]
		if s == nil { // its tx_begin is lost, or before the snapshot
			s = r.begin(i, o.TxID)
		}
		s.places = append(s.places, i)
	case r.order.places[i].inside:
		r.report.Skipped++
	default:
		return r.apply(i, e, o)
	}
	return nil
}

// apply carries out one operation, which may be refused.
func (r *replay) apply(i int, e *entry, o *operation) error {
	database := ""
	if r.databases {
		if database = e.Database; database == "" {
			database = defaultDatabase
		}
	}
	err := r.state.apply(database, e.Operation, o, e.Sequence)
	var no refusal
	if errors.As(err, &no) {
		r.refuse(i, e, no)
		return nil
	}
	if err == nil {
		r.report.Applied++
	}
	return err
}

func (r *replay) refuse(i int, e *entry, reason error) {
	r.report.Refused++
	r.report.add(RefusedOperation, e.Sequence, r.order.places[i].at, "%s refused: %s", e.Operation, reason)
}

func (r *replay) begin(i int, id string) *scope {
	if old := r.open[id]; old != nil {
		r.drop(old)
	}
	s := &scope{id: id, sequence: r.order.places[i].sequence, at: r.order.places[i].at}
	r.open[id] = s
	return s
}

// drop reports a transaction that has no commit.
func (r *replay) drop(s *scope) {
	r.report.Unfinished++
	r.report.Skipped += len(s.places)
	r.report.add(UnfinishedTx, s.sequence, s.at, "transaction %q with %d operations was not committed; nothing of it is applied", s.id, len(s.places))
}

func (r *replay) abort(i int, id string) {
	s := r.open[id]
	delete(r.open, id)
	r.report.Aborted++
	n := 0
	if s != nil {
		n = len(s.places)
	}
	r.report.Skipped += n
	r.report.add(AbortedTx, r.order.places[i].sequence, r.order.places[i].at, "transaction %q with %d operations was aborted; nothing of it is applied", id, n)
}

// commit applies the whole transaction, unless the snapshot holds its commit.
func (r *replay) commit(i int, o *operation) error {
	p := r.order.places[i]
	r.report.Committed++
	s := r.open[o.TxID]
	delete(r.open, o.TxID)
	if s == nil {
		s = &scope{id: o.TxID}
	}
	if p.inside {
		r.report.Skipped += len(s.places)
		return nil
	}
	if o.OpCount != nil && *o.OpCount != len(s.places) {
		r.report.add(IncompleteTx, p.sequence, p.at, "transaction %q was committed with %d operations, of which %d are in the log; these are applied", s.id, *o.OpCount, len(s.places))
	}
	for _, i := range s.places {
		e, err := r.read(i)
		if err != nil {
			return err
		}
		o, err := parseOperation(e.Data)
		if err != nil {
			return errors.Join(errChanged, err)
		}
		if err := r.apply(i, e, o); err != nil {
			return err
		}
	}
	return nil
}

func (r *replay) unfinished() {
	scopes := make([]*scope, 0, len(r.open))
	for _, s := range r.open {
		scopes = append(scopes, s)
	}
	slices.SortFunc(scopes, func(a, b *scope) int {
		return cmp.Or(cmp.Compare(a.sequence, b.sequence), cmp.Compare(a.at, b.at))
	})
	for _, s := range scopes {
		r.drop(s)
	}
}

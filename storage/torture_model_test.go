// A simulation: in a browser the real OPFS is tried, and there is no time for this.

//go:build !js

package storage_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pocketgraph/pocketgraph/internal/crashfs"
	"github.com/pocketgraph/pocketgraph/storage"
	"github.com/pocketgraph/pocketgraph/wal"
)

// entry is a state that was committed, or may be: the one after a transaction.
type entry struct {
	sequence uint64
	digest   uint64
}

// model is what a store may hold: one of the states from a floor on.
type model struct {
	sync.Mutex
	history []entry
	flushed int // index of the state that survives a power cut at the least
	written int // the same for the death of the process
	mode    wal.RecoveryMode
	past    map[entry]bool // every state that was ever there
	named   []named        // the newest requests that have a name
}

// propose notes a state that will be there if its transaction is. Where its
// number was given before, what had it, and all behind that, is known not to
// have happened: its write failed.
func (m *model) propose(e entry) int {
	m.Lock()
	defer m.Unlock()
	for n := len(m.history) - 1; n > 0 && m.history[n].sequence >= e.sequence; n-- {
		m.drop(n)
	}
	m.history = append(m.history, e)
	return len(m.history) - 1
}

func (m *model) acknowledge(i int, durable bool) {
	m.Lock()
	defer m.Unlock()
	m.written = max(m.written, i)
	if durable {
		m.flushed = max(m.flushed, i)
	}
}

// withdraw forgets state i, if it is still there, and those behind it: their
// transactions are known not to have happened.
func (m *model) withdraw(i int, e entry) {
	m.Lock()
	defer m.Unlock()
	if i < len(m.history) && m.history[i] == e {
		m.drop(i)
	}
}

// drop forgets state i and those behind it. The model is locked.
func (m *model) drop(i int) {
	m.lose(m.history[i].sequence - 1)
	m.history = m.history[:i]
}

// settle makes a state the one there is. Those before it in the history were there too.
func (m *model) settle(e entry) {
	m.Lock()
	defer m.Unlock()
	if m.past == nil {
		m.past = map[entry]bool{}
	}
	m.past[e] = true
	m.lose(e.sequence)
	for _, before := range m.history {
		if before.sequence < e.sequence {
			m.past[before] = true
		}
	}
	m.history, m.flushed, m.written = []entry{e}, 0, 0
}

// view is the model at a moment. history must be taken after what is judged by
// it, and the floors before.
type view struct {
	history []entry
	floor   int
	power   int // floor after a power cut: lower where only the process died and nothing was flushed since
	mode    wal.RecoveryMode
	named   []named
}

// last is the newest state that is there for certain.
func (m *model) last() entry {
	m.Lock()
	defer m.Unlock()
	return m.history[m.flushed]
}

func (m *model) floors() (flushed, written int) {
	m.Lock()
	defer m.Unlock()
	return m.flushed, m.written
}

func (m *model) view(floor int) view {
	m.Lock()
	defer m.Unlock()
	return view{slices.Clone(m.history), floor, floor, m.mode, slices.Clone(m.named)}
}

// find says which of the states that may be there this is, or -1.
func (v view) find(e entry) int {
	for i := len(v.history) - 1; i >= v.floor; i-- {
		if v.history[i] == e {
			return i
		}
	}
	return -1
}

func (v view) String() string {
	return fmt.Sprintf("allowed %v", v.history[v.floor:])
}

// judge recovers what crashes leave and compares it with a view.
type judge struct {
	digester
	options  storage.Options
	points   *tally
	report   func(string)
	rotation int // walks through the policies of second crashes
}

// tally counts over all goroutines.
type tally struct {
	first, second  atomic.Int64 // crash points: in the workload, and in the recovery behind one
	workloads, ops atomic.Int64
	transactions   atomic.Int64
	parts          atomic.Int64 // transactions of statements that have several
	snapshots      atomic.Int64
	stays          atomic.Int64 // cuts that had to go on in the same log
	switches       atomic.Int64
	abandoned      atomic.Int64 // snapshots that were cancelled or met an error
	salvages       atomic.Int64
	salvagesLossy  atomic.Int64
	hopeless       atomic.Int64 // damage to the only snapshot there was
	continued      atomic.Int64 // workloads that went on behind a crash
	failed         atomic.Bool
}

func (t *tally) points() int64 { return t.first.Load() + t.second.Load() }

func (t *tally) String() string {
	return fmt.Sprintf("%d crash points: %d in %d workloads, %d in the recoveries behind them; %d operations, %d transactions, %d parts of statements, "+
		"%d snapshots, %d cuts with a switch of logs, %d without, %d snapshots broken off, %d salvages (%d with a loss; %d more refused), %d times on behind a crash",
		t.points(), t.first.Load(), t.workloads.Load(), t.second.Load(), t.ops.Load(), t.transactions.Load(), t.parts.Load(), t.snapshots.Load(),
		t.switches.Load(), t.stays.Load(), t.abandoned.Load(), t.salvages.Load(), t.salvagesLossy.Load(), t.hopeless.Load(), t.continued.Load())
}

// crash recovers what each policy leaves of the disk now, images that are the
// same once, and what is left when only the process dies.
func (j *judge) crash(fs *crashfs.FS, m *model, seed uint64, where func() string) {
	flushed, written := m.floors()
	images := make([]*crashfs.FS, 0, len(crashfs.Policies)+1)
	names := make([]string, 0, cap(images))
	for i, policy := range crashfs.Policies {
		image := fs.Crashed(policy, seed*31+uint64(i))
		if !slices.ContainsFunc(images, func(have *crashfs.FS) bool { return crashfs.Same(have, image) }) {
			images, names = append(images, image), append(names, policy.Name)
		}
	}
	killed := fs.Killed()
	v := m.view(flushed)
	for i, image := range images {
		j.points.first.Add(1)
		j.recover(image, v, func() string { return where() + ", " + names[i] })
	}
	j.points.first.Add(1)
	v.floor = written
	j.recover(killed, v, func() string { return where() + ", process killed" })
}

// recover opens an image, compares, writes a little and closes, and crashes a
// second time before each operation of all that.
func (j *judge) recover(image *crashfs.FS, v view, where func() string) {
	if j.points.failed.Load() {
		return
	}
	now := v
	now.floor = v.power
	op := 0
	image.Before = func(o crashfs.Op) {
		op++
		j.rotation++
		policy := crashfs.Policies[j.rotation%len(crashfs.Policies)]
		j.points.second.Add(1)
		second := image.Crashed(policy, uint64(j.rotation))
		j.reopen(second, now, func() string {
			return fmt.Sprintf("%s, then before operation %d of recovery (%s %s %d+%d), %s", where(), op-1, o.Kind, o.Name, o.Offset, o.Length, policy.Name)
		})
	}
	s, found, ok := j.open(image, v, where)
	if !ok {
		return
	}
	now = view{history: []entry{found}, mode: v.mode, named: applied(v.named, last(s, found))}
	err := j.goOn(s, &now)
	if err == nil && j.rotation%5 == 0 {
		_, err = s.Snapshot(context.Background())
	}
	if err = joinClose(err, s); err != nil {
		j.report(where() + ": the recovered store does not go on: " + err.Error())
	}
}

// goOn writes a little under a name: one transaction, or now and then a
// statement of two. now is what a crash in between may leave.
func (j *judge) goOn(s *storage.Store, now *view) error {
	at := now.history[0].sequence
	request := origin(probeRequest+at, true)
	tx, err := s.BeginOnce(context.Background(), request)
	if err != nil {
		return err
	}
	now.named = append(now.named, named{request: request.Request})
	name := &now.named[len(now.named)-1]
	for parts := j.rotation % 3 / 2; parts >= 0; parts-- {
		if err := create("Probe", "n", probeValue)(tx); err != nil {
			tx.Rollback()
			return err
		}
		at++
		now.history = append(now.history, entry{at, j.digest(tx)})
		if parts > 0 {
			name.parts = []uint64{at}
			told := make(chan error, 1) // while it is not told, crashes come on another goroutine
			next, err := tx.Next(func(_ uint64, err error) { told <- err })
			if err = errors.Join(err, <-told); err != nil {
				if next != nil {
					next.Rollback()
				}
				return err
			}
			tx = next
			continue
		}
		name.last = at
		tx.Answers(request, outcomeOf(request.Request), nil)
		if _, err := tx.Commit(); err != nil {
			return err
		}
	}
	if j.options.Durability == storage.Strict || s.Sync() == nil {
		now.floor = len(now.history) - 1
	}
	return nil
}

// reopen is the recovery behind the second crash.
func (j *judge) reopen(image *crashfs.FS, v view, where func() string) {
	if s, _, ok := j.open(image, v, where); ok {
		if err := s.Close(); err != nil {
			j.report(where() + ": closing: " + err.Error())
		}
	}
}

// open recovers and compares.
func (j *judge) open(image *crashfs.FS, v view, where func() string) (*storage.Store, entry, bool) {
	if j.points.failed.Load() {
		return nil, entry{}, false
	}
	o := j.options
	o.Recovery = v.mode
	s, err := storage.Open(context.Background(), image, o)
	if err != nil {
		j.report(where() + ": " + err.Error())
		return nil, entry{}, false
	}
	found := entry{s.Sequence(), j.digest(s.State())}
	if v.find(found) < 0 {
		j.report(fmt.Sprintf("%s: found %v, %v; %+v", where(), found, v, *s.Report()))
	}
	s.State().Check(func(problem string) { j.report(where() + ": " + problem) })
	if wrong := misanswered(v.named, s, found); wrong != "" {
		j.report(where() + ": " + wrong)
	}
	return s, found, !j.points.failed.Load()
}

func joinClose(err error, s *storage.Store) error {
	if cerr := s.Close(); err == nil {
		return cerr
	}
	return err
}

func tortureOptions(rnd *rand.Rand) storage.Options {
	o := storage.Options{StoreID: [16]byte{7, 7, byte(rnd.Uint32()), byte(rnd.Uint32())}, SnapshotInterval: -1, LockWait: -1, FlushInterval: time.Hour,
		Tuning: wal.Tuning{SnapshotBytes: 6 << 10, SnapshotEntries: 8, ReserveAfter: 5 << 10, ReserveLeast: 4 << 10, ReserveMost: 8 << 10}}
	var ticks atomic.Int64
	o.Now = func() time.Time { return time.UnixMicro(1_700_000_000_000_000 + ticks.Add(1)) }
	if rnd.IntN(4) == 0 {
		o.Durability = storage.Relaxed
	}
	return o
}

package storage

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hack-pad/hackpadfs"

	"github.com/pocketgraph/pocketgraph/storage/mem"
	"github.com/pocketgraph/pocketgraph/storage/once"
	"github.com/pocketgraph/pocketgraph/wal"
)

// Durability says when a commit is acknowledged.
type Durability uint8

const (
	// Strict acknowledges after the log was flushed: the transaction survives
	// a power cut.
	Strict Durability = iota
	// Relaxed acknowledges once the record is in the file: the transaction
	// survives the death of the process or of the browser, and a power cut
	// after the next flush, Options.FlushInterval later at most.
	Relaxed
)

// Defaults of Options.
const (
	DefaultFlushInterval    = 100 * time.Millisecond
	DefaultSnapshotInterval = time.Hour
)

// Options of Open. The zero value creates or recovers a strict store.
type Options struct {
	Create   wal.CreateMode
	Recovery wal.RecoveryMode
	// StoreID names the store when it is created: 16 random bytes.
	StoreID    [16]byte
	Durability Durability
	// FlushInterval bounds what a power cut can take in relaxed mode.
	FlushInterval time.Duration
	// SnapshotInterval is how long changes may wait for an automatic
	// snapshot; negative switches all automatic snapshots off.
	SnapshotInterval time.Duration
	// History says how much of the log is kept beyond what recovery needs, with
	// before images. Without it Feed reaches back as far as the logs happen to.
	History wal.Retention
	// Tuning says, among others, after how much log a snapshot is due.
	Tuning wal.Tuning
	// LockWait is how long Open waits for another owner to let go.
	LockWait time.Duration
	// Yield is called after about every megabyte of streamed work; see wal.
	Yield func()
	// OnTimer is called when a commit has set a timer, or has woken somebody who
	// waits for commits, for a host whose event loop must be told (see package
	// jsbridge); may be nil.
	OnTimer func()
	// Progress is told how far opening is: see the stages. It must not call
	// the store. total is 0 where it is not known.
	Progress func(stage string, done, total int64)
	Now      func() time.Time
}

// Errors of the store, beside those of package wal.
var (
	// ErrStopped: a flush failed; the store reads but no longer writes.
	ErrStopped = errors.New("writing has stopped because a flush failed; open the store again to go on")
	// ErrOutcomeUnknown: the flush that should have made the transaction
	// durable failed. It may or may not be there after the next open.
	ErrOutcomeUnknown = errors.New("the outcome of the transaction is not known until the store is opened again")
)

// Store is an open durable graph. Its methods may be called from any number
// of goroutines.
type Store struct {
	log     journal
	options Options
	report  *wal.Report

	graph     *mem.Graph                // guarded by writer
	headLost  bool                      // its head is not to stay; guarded by writer
	headSeen  int                       // how often it was lost that it has been taken back for; guarded by writer
	writer    chan struct{}             // holds one token; who took it is the writer
	published atomic.Pointer[mem.State] // what readers see
	shown     atomic.Uint64             // the last transaction in it
	watching  watchers
	watchful  watchfulness

	flushing sync.Mutex // one flush or cut at a time; taken after writer, before group's
	group    commitGroup
	answers  *once.Table
	stopped  atomic.Bool // a flush failed
	closed   atomic.Bool

	background sync.WaitGroup // the flusher and automatic snapshots
	stop       chan struct{}  // closed by Close
	snapshots  snapshotState
}

// Options are what the store was opened with, with the defaults of what was not said.
func (s *Store) Options() Options { return s.options }

// Open creates the store in fs, or recovers it. The caller's context bounds
// waiting for the owner's lock and the recovery.
func Open(ctx context.Context, fs hackpadfs.FS, o Options) (*Store, error) {
	if o.FlushInterval <= 0 {
		o.FlushInterval = DefaultFlushInterval
	}
	if o.SnapshotInterval == 0 {
		o.SnapshotInterval = DefaultSnapshotInterval
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	r := newRecoverer(&o)
	log, report, err := wal.Open(ctx, wal.Options{
		FS: fs, Create: o.Create, Recovery: o.Recovery, StoreID: o.StoreID,
		Now: o.Now, Yield: o.Yield, LockWait: o.LockWait, Tuning: o.Tuning,
		Relaxed: o.Durability == Relaxed, History: o.History,
	}, r)
	if err != nil {
		return nil, err
	}
	g, err := r.finish(elementPrefix(log.StoreID()))
	if err != nil {
		return nil, errors.Join(err, log.Close())
	}
	s := start(durable{log}, report, g, o, r.answers)
	if report.Salvage != nil {
		s.saveSalvaged(ctx)
	}
	return s, nil
}

// saveSalvaged writes what was salvaged as a snapshot: the log behind the
// damage takes no record before. Where there is no room for it the store reads
// and exports, and writing gets wal.ErrSalvaged.
func (s *Store) saveSalvaged(ctx context.Context) {
	_, err := s.Snapshot(ctx)
	s.snapshots.finished(s.options.Now(), err)
}

// OpenMemory makes an empty store that keeps nothing: for tests, and for pages
// that have nowhere to keep anything.
func OpenMemory(o Options) *Store {
	if o.Now == nil {
		o.Now = time.Now
	}
	o.SnapshotInterval = -1
	return start(&nothing{id: o.StoreID, keep: o.History}, &wal.Report{}, mem.New(elementPrefix(o.StoreID)), o, new(once.Table))
}

func start(log journal, report *wal.Report, g *mem.Graph, o Options, answers *once.Table) *Store {
	s := &Store{log: log, options: o, report: report, graph: g, answers: answers,
		writer: make(chan struct{}, 1), stop: make(chan struct{})}
	s.writer <- struct{}{}
	s.watching.woken = o.OnTimer
	s.published.Store(g.State())
	s.shown.Store(log.Sequence())
	s.group.newest = g.State()
	s.group.wake, s.group.released = make(chan struct{}, 1), make(chan struct{}, 1)
	s.snapshots.init(o.Now())
	s.background.Add(1)
	go s.flushLoop()
	return s
}

// elementPrefix prints a store id as element ids begin with it.
func elementPrefix(id [16]byte) string {
	const hex = "0123456789abcdef"
	out := make([]byte, 0, 32)
	for _, b := range id {
		out = append(out, hex[b>>4], hex[b&15])
	}
	return string(out)
}

// State returns the newest acknowledged state. It never changes, and stays
// readable for as long as somebody holds it.
func (s *Store) State() *mem.State { return s.published.Load() }

// Report says what recovery found when the store was opened.
func (s *Store) Report() *wal.Report { return s.report }

// KeptReport is the last recovery that had something to tell and that nobody has
// read; see wal.Store.KeptReport.
func (s *Store) KeptReport(read bool) *wal.KeptReport { return s.log.KeptReport(read) }

// StoreID returns the identity that the store got when it was created.
func (s *Store) StoreID() [16]byte { return s.log.StoreID() }

// Sequence returns the sequence number of the newest record in the log,
// flushed or not.
func (s *Store) Sequence() uint64 { return s.log.Sequence() }

// LogStats returns what the log counts.
func (s *Store) LogStats() wal.Stats { return s.log.Stats() }

// Files says in words what of each file is in use; nothing in memory.
func (s *Store) Files() []string { return s.log.Files() }

// Stopped reports whether a failed flush has ended writing.
func (s *Store) Stopped() bool { return s.stopped.Load() }

// Begin waits until no other transaction writes and starts one.
func (s *Store) Begin(ctx context.Context) (*Tx, error) {
	if err := s.lockWriter(ctx); err != nil {
		return nil, err
	}
	return s.begin()
}

// begin starts the writing transaction of whoever has the writer's token, and
// gives the token back when it cannot.
func (s *Store) begin() (*Tx, error) {
	if s.stopped.Load() {
		s.unlockWriter()
		return nil, ErrStopped
	}
	s.restoreHead()
	tx := &Tx{Tx: s.graph.Begin(), store: s, lost: s.headSeen}
	if s.watching.some.Load() {
		tx.touched = &Touched{}
	}
	return tx, nil
}

// lockWriter takes the writer's token, first come first served.
func (s *Store) lockWriter(ctx context.Context) error {
	select {
	case <-s.stop:
		return wal.ErrClosed
	default:
	}
	select {
	case <-s.writer:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-s.stop:
		return wal.ErrClosed
	}
}

func (s *Store) unlockWriter() { s.writer <- struct{}{} }

// Close flushes what was acknowledged, marks the store as cleanly closed and
// releases it. It waits for the running transaction and snapshot; transactions
// that wait for the writer's lock get wal.ErrClosed.
func (s *Store) Close() error {
	if s.closed.Swap(true) {
		return nil
	}
	<-s.writer // kept: nobody writes any more
	s.snapshots.close()
	close(s.stop)
	s.background.Wait()
	s.flushing.Lock()
	defer s.flushing.Unlock()
	err := s.flushGroup()
	err = errors.Join(err, s.log.Close())
	s.watching.tell(nil)
	return err
}

// Done is closed when the store closes.
func (s *Store) Done() <-chan struct{} { return s.stop }

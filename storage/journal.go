package storage

import (
	"bytes"
	"context"
	"sync"

	"github.com/pocketgraph/pocketgraph/wal"
)

// journal is what the store needs of a log. Buffer, Append, Write
// and Flush are each called by one goroutine at a time, cut by one that holds all rights.
type journal interface {
	Buffer(*wal.Record) error // assigns the sequence number
	Append(*wal.Record) error // Buffer and Write of a large one
	Write() error             // puts what is buffered into the file, or forgets it
	Flush() error
	cut() (snapshotWriter, error)
	Archive(context.Context) error // to be called before cut
	feed(ctx context.Context, incarnation, after uint64) (recordFeed, error)
	Oldest(context.Context) (uint64, error)
	Incarnation() uint64
	KeptReport(read bool) *wal.KeptReport
	Files() []string // a line for each, for a person
	SnapshotDue() bool
	Sequence() uint64
	Stats() wal.Stats
	StoreID() [16]byte
	Close() error
}

// durable is the log on a file system.
type durable struct{ *wal.Store }

func (d durable) cut() (snapshotWriter, error) { return d.Cut() }

func (d durable) feed(ctx context.Context, incarnation, after uint64) (recordFeed, error) {
	return d.Feed(ctx, incarnation, after)
}

// nothing is the log of a store that keeps nothing: it only numbers, and
// remembers the last records where a history is asked for.
type nothing struct {
	id   [16]byte
	keep wal.Retention

	mu       sync.Mutex
	sequence uint64
	records  []wal.Record // the last ones
	bytes    int64        // of them
	closed   bool
}

// rememberBytes bounds what a history takes in memory where only its age is bounded.
const rememberBytes = 16 << 20

func (n *nothing) Buffer(r *wal.Record) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.sequence++
	r.Sequence = n.sequence
	if !n.keep.On() {
		return nil
	}
	kept := *r
	kept.Outcome = nil // no feed reads it
	kept.Payload, kept.Before, kept.Metadata = bytes.Clone(r.Payload), bytes.Clone(r.Before), bytes.Clone(r.Metadata)
	n.records = append(n.records, kept)
	n.bytes += recordBytes(r)
	most := n.keep.Bytes
	if most <= 0 {
		most = rememberBytes
	}
	drop := 0
	for drop < len(n.records) && (n.bytes > most || n.keep.Age > 0 && r.UnixMicros-n.records[drop].UnixMicros > n.keep.Age.Microseconds()) {
		n.bytes -= recordBytes(&n.records[drop])
		n.records[drop] = wal.Record{}
		drop++
	}
	n.records = n.records[drop:]
	return nil
}

func recordBytes(r *wal.Record) int64 {
	return 128 + int64(len(r.Payload)+len(r.Before)+len(r.Metadata))
}

func (n *nothing) Append(r *wal.Record) error      { return n.Buffer(r) }
func (n *nothing) Write() error                    { return nil }
func (n *nothing) Flush() error                    { return nil }
func (n *nothing) Archive(context.Context) error   { return nil }
func (n *nothing) cut() (snapshotWriter, error)    { return noSnapshot{n.Sequence()}, nil }
func (n *nothing) SnapshotDue() bool               { return false }
func (n *nothing) Incarnation() uint64             { return 0 }
func (n *nothing) KeptReport(bool) *wal.KeptReport { return nil }
func (n *nothing) Files() []string                 { return nil }
func (n *nothing) Stats() wal.Stats                { return wal.Stats{} }
func (n *nothing) StoreID() [16]byte               { return n.id }

func (n *nothing) Sequence() uint64 {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.sequence
}

func (n *nothing) Close() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.closed = true
	return nil
}

func (n *nothing) Oldest(context.Context) (uint64, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.sequence + 1 - uint64(len(n.records)), nil
}

func (n *nothing) feed(_ context.Context, incarnation, after uint64) (recordFeed, error) {
	if incarnation != 0 || after > n.Sequence() {
		return nil, wal.ErrHistoryChanged
	}
	return &memoryFeed{n, after + 1}, nil
}

type memoryFeed struct {
	n    *nothing
	next uint64
}

func (f *memoryFeed) Next(limit uint64) (*wal.Record, error) {
	f.n.mu.Lock()
	defer f.n.mu.Unlock()
	oldest := f.n.sequence + 1 - uint64(len(f.n.records))
	switch {
	case f.n.closed:
		return nil, wal.ErrClosed
	case f.next > min(limit, f.n.sequence):
		return nil, nil
	case f.next < oldest:
		return nil, &wal.DroppedError{Wanted: f.next, Oldest: oldest}
	}
	f.next++
	r := f.n.records[f.next-1-oldest]
	return &r, nil
}

// noSnapshot takes the sections and drops them.
type noSnapshot struct{ sequence uint64 }

func (noSnapshot) Require(uint64)               {}
func (noSnapshot) Section(uint32, []byte) error { return nil }
func (noSnapshot) Abort()                       {}
func (s noSnapshot) Commit() (wal.SnapshotInfo, error) {
	return wal.SnapshotInfo{Sequence: s.sequence}, nil
}

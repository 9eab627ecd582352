package storage

import (
	"sync/atomic"

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
	SnapshotDue() bool
	Sequence() uint64
	Stats() wal.Stats
	StoreID() [16]byte
	Close() error
}

// durable is the log on a file system.
type durable struct{ *wal.Store }

func (d durable) cut() (snapshotWriter, error) { return d.Cut() }

// nothing is the log of a store that keeps nothing: it only numbers.
type nothing struct {
	id       [16]byte
	sequence atomic.Uint64
}

func (n *nothing) Buffer(r *wal.Record) error {
	r.Sequence = n.sequence.Add(1)
	return nil
}

func (n *nothing) Append(r *wal.Record) error   { return n.Buffer(r) }
func (n *nothing) Write() error                 { return nil }
func (n *nothing) Flush() error                 { return nil }
func (n *nothing) cut() (snapshotWriter, error) { return noSnapshot{n.sequence.Load()}, nil }
func (n *nothing) SnapshotDue() bool            { return false }
func (n *nothing) Sequence() uint64             { return n.sequence.Load() }
func (n *nothing) Stats() wal.Stats             { return wal.Stats{} }
func (n *nothing) StoreID() [16]byte            { return n.id }
func (n *nothing) Close() error                 { return nil }

// noSnapshot takes the sections and drops them.
type noSnapshot struct{ sequence uint64 }

func (noSnapshot) Require(uint64)               {}
func (noSnapshot) Section(uint32, []byte) error { return nil }
func (noSnapshot) Abort()                       {}
func (s noSnapshot) Commit() (wal.SnapshotInfo, error) {
	return wal.SnapshotInfo{Sequence: s.sequence}, nil
}

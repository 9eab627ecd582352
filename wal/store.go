package wal

import "context"

// MaxRecord bounds the bytes of one record with its header. It bounds what
// recovery allocates for one record. A larger load is several transactions.
const MaxRecord = 256 << 20

// MaxSection bounds one chunk given to Snapshot.Section: a reader holds one
// chunk in memory.
const MaxSection = 8 << 20

// Store is an open log with its snapshots. See the package comment for who may call what.
type Store struct{}

// Open takes the files, recovers their state into r, and makes it durable
// before it returns. The Report is given with some errors too.
func Open(ctx context.Context, o Options, r Replayer) (*Store, *Report, error) { panic("soon") }

// Append writes one record and assigns its Sequence. It is durable after the
// next Flush. On an error nothing changed: the next record takes the same
// place and sequence (ErrDiskFull, ErrIO, ErrTooLarge), unless the error is
// ErrFlush: then writing has ended and the outcome of this record is unknown.
func (s *Store) Append(r *Record) error { panic("soon") }

// Buffer encodes one record into memory and assigns its Sequence. Write puts
// all buffered records into the file with one call. (Append is Buffer and Write.)
// Strict group commit: Buffer each, Write, Flush.
func (s *Store) Buffer(r *Record) error { panic("soon") }

// Write writes what was buffered. On an error (as of Append) none of the
// buffered records happened: all are forgotten, their sequences are given again.
func (s *Store) Write() error { panic("soon") }

// Flush makes everything appended before the call durable. A failure ends
// writing: ErrFlush now, ErrPoisoned from then on.
func (s *Store) Flush() error { panic("soon") }

// Cut flushes, marks the state after the last record as the one to save, and
// lets the log go on in the other file if that is free.
func (s *Store) Cut() (*Snapshot, error) { panic("soon") }

// SnapshotDue reports that the log since the last snapshot is long.
func (s *Store) SnapshotDue() bool { panic("soon") }

// Sequence of the last record appended (or buffered).
func (s *Store) Sequence() uint64 { panic("soon") }

// StoreID as it was given when the store was created.
func (s *Store) StoreID() [16]byte { panic("soon") }

// Incarnation grows when a recovery dropped records that a relaxed reader may
// have seen, and at a salvage.
func (s *Store) Incarnation() uint64 { panic("soon") }

// Stats of now.
func (s *Store) Stats() Stats { panic("soon") }

// Close flushes, marks the end of the log in meta, closes the files and gives
// up ownership. After a failed flush it only closes, and says so.
func (s *Store) Close() error { panic("soon") }

// Snapshot is one being written. Its methods belong to one goroutine at a
// time; appends to the Store go on beside it.
type Snapshot struct{}

// Sequence of the last record whose effects belong into the snapshot.
func (s *Snapshot) Sequence() uint64 { panic("soon") }

// Section appends a chunk of at most MaxSection bytes; kind is the caller's, not 0 and not the largest.
func (s *Snapshot) Section(kind uint32, data []byte) error { panic("soon") }

// Commit makes the snapshot durable and the newest. On an error the one before stays it.
func (s *Snapshot) Commit() (SnapshotInfo, error) { panic("soon") }

// Abort ends a snapshot that was not committed. After Commit it does nothing.
func (s *Snapshot) Abort() { panic("soon") }

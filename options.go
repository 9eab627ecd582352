package pocketgraph

import (
	"time"

	"github.com/pocketgraph/pocketgraph/cypher"
	"github.com/pocketgraph/pocketgraph/storage"
	"github.com/pocketgraph/pocketgraph/wal"
)

// CreateMode says what Open does about a store that is or is not there.
type CreateMode = wal.CreateMode

const (
	CreateIfMissing = wal.CreateIfMissing // create or recover
	MustCreate      = wal.MustCreate      // EXISTS when there is one
	MustExist       = wal.MustExist       // NOT_FOUND when there is none
)

// RecoveryMode says what Open does about damage.
type RecoveryMode = wal.RecoveryMode

const (
	RecoverStrict  = wal.RecoverStrict  // CORRUPT, with file, offset and sequence
	RecoverSalvage = wal.RecoverSalvage // take what is whole, keep the damaged files aside
)

// Durability says when a write is acknowledged; see package storage.
type Durability = storage.Durability

const (
	Strict  = storage.Strict
	Relaxed = storage.Relaxed
)

// Limits bound what one query may use; see package cypher.
type Limits = cypher.Limits

// Options of Open. The zero value creates or recovers a strict store.
type Options struct {
	Name             string // what SHOW DATABASES calls it
	Create           CreateMode
	Recovery         RecoveryMode
	Durability       Durability
	FlushInterval    time.Duration // relaxed: the most a power cut can take; 0 is 100 ms
	SnapshotInterval time.Duration // 0 is an hour; negative: no automatic snapshots
	SnapshotBytes    int64         // a snapshot is due when the log outgrows this and half the last one; 0 is 32 MiB
	SnapshotEntries  uint64        // a snapshot is due after so many transactions; 0 is 500,000
	// HistoryBytes and HistoryAge bound the history that the change feed reads,
	// beyond what the log happens to hold. Either switches it on: committed
	// transactions are then kept with what was there before each change.
	HistoryBytes int64         // bytes of transactions kept, give or take an eighth; 0: no bound
	HistoryAge   time.Duration // transactions younger than this are kept; 0: no bound
	// ReserveAfter is the length from which the log is written ahead, so that its
	// space is taken before it is needed: bytes; 0: 64 KiB.
	ReserveAfter int64
	LockWait     time.Duration // how long to wait for another owner; 0 is 2 s
	Limits       Limits        // zero fields have the defaults of package cypher

	// Importer opens what LOAD CSV names; nil: nothing can be loaded. ImportDir
	// makes one for a directory.
	Importer cypher.Importer

	// Yield is called after every few thousand rows or about a megabyte of
	// work. In a page it lets the event loop and the collector run; elsewhere
	// it may be nil.
	Yield func()
	// OnTimer is called when a commit has set a timer, for a host whose event
	// loop must be told; may be nil.
	OnTimer func()
	// OnEvent hears of what happens in the database, and of statements slower
	// than SlowerThan (0: 100 ms); see DB.Listen. May be nil.
	OnEvent    func(Event)
	SlowerThan time.Duration
	// Progress is told how far opening is: "snapshot" (with done and total, in
	// a unit of its own), "indexes" (once), "replay" (done in bytes of changes;
	// total 0 until the end of the log is found). It must not call the database.
	Progress func(stage string, done, total int64)
	Now      func() time.Time
}

func (o Options) storage(id [16]byte) storage.Options {
	return storage.Options{
		Create: o.Create, Recovery: o.Recovery, StoreID: id,
		Durability: o.Durability, FlushInterval: o.FlushInterval,
		SnapshotInterval: o.SnapshotInterval, LockWait: o.LockWait,
		History: wal.Retention{Bytes: o.HistoryBytes, Age: o.HistoryAge},
		Tuning:  wal.Tuning{SnapshotBytes: o.SnapshotBytes, SnapshotEntries: o.SnapshotEntries, ReserveAfter: o.ReserveAfter},
		Yield:   o.Yield, Progress: o.Progress, OnTimer: o.OnTimer, Now: o.Now,
	}
}

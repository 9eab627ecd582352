package wal

import (
	"time"

	"github.com/hack-pad/hackpadfs"
)

// CreateMode says what Open does when there is no store, or one already.
type CreateMode uint8

const (
	CreateIfMissing CreateMode = iota
	MustCreate                 // ErrExists if there is one
	MustExist                  // ErrAbsent if there is none
)

// RecoveryMode says what Open does with a damaged store.
type RecoveryMode uint8

const (
	// RecoverStrict refuses damage with a *CorruptError.
	RecoverStrict RecoveryMode = iota
	// RecoverSalvage takes the longest state that is whole, keeps copies of
	// the damaged files, and reports what is missing. A store that is not
	// damaged opens as in RecoverStrict.
	RecoverSalvage
)

// Options of Open. FS is required, StoreID too where a store may be created.
type Options struct {
	// FS is rooted at the store's directory. Beside hackpadfs.FS it has
	// OpenFile (hackpadfs.OpenFileFS), and
	//
	//	Lock(name string) (io.Closer, error) // syscall.EBUSY when held elsewhere
	//	SyncDir() error                      // makes file names durable
	//
	// Its files have ReadAt, WriteAt, Sync and Truncate. Open checks this once.
	// Salvage also needs Stat.
	FS hackpadfs.FS

	Create   CreateMode
	Recovery RecoveryMode
	StoreID  [16]byte         // random; used when a store is created
	Now      func() time.Time // nil: time.Now
	Yield    func()           // called about every MiB of streamed work; may park; nil: nothing
	LockWait time.Duration    // how long to wait for another owner before ErrLocked; 0: 2 s; < 0: not at all

	// Relaxed says that the caller shows records before they are flushed. A
	// store that was written so and not closed begins a new incarnation.
	Relaxed bool
	// History says how much of the log is kept beyond what recovery needs.
	History Retention

	Tuning Tuning
}

// Retention bounds the history, which lies in files of its own. The zero value
// keeps none. Where both bounds are set, what is beyond one of them goes.
type Retention struct {
	Bytes int64         // at most so many bytes of records, give or take an eighth; 0: no bound
	Age   time.Duration // records younger than this; 0: no bound
}

// On reports that there is to be a history.
func (r Retention) On() bool { return r.Bytes > 0 || r.Age > 0 }

// Tuning are sizes that a caller rarely changes. Zero means the default.
type Tuning struct {
	SnapshotBytes   int64  // SnapshotDue when the log since the snapshot outgrows max(this, half the snapshot); 32 MiB
	SnapshotEntries uint64 // SnapshotDue when so many records came since the snapshot; 500,000
	ReserveAfter    int64  // no space is reserved before a log is this long; 64 KiB
	ReserveLeast    int64  // smallest step of reservation; 256 KiB
	ReserveMost     int64  // largest step of reservation; 4 MiB
}

// OrDefault gives sizes that are zero their defaults.
func (t Tuning) OrDefault() Tuning {
	if t.SnapshotBytes <= 0 {
		t.SnapshotBytes = 32 << 20
	}
	if t.SnapshotEntries == 0 {
		t.SnapshotEntries = 500_000
	}
	if t.ReserveAfter <= 0 {
		t.ReserveAfter = 64 << 10
	}
	if t.ReserveLeast <= 0 {
		t.ReserveLeast = 256 << 10
	}
	if t.ReserveMost < t.ReserveLeast {
		t.ReserveMost = max(4<<20, t.ReserveLeast)
	}
	return t
}

// Record is one committed transaction. The caller fills everything but
// Sequence. Slices of a replayed Record are valid during the call only.
type Record struct {
	Sequence   uint64 // previous + 1; set by Append
	UnixMicros int64  // commit time; 0: Append asks the clock
	Flags      uint32 // the caller's
	KeyID      uint32 // encryption key of Payload and Before; 0: none. Room kept by format 1
	Client     [16]byte
	Request    uint64
	Part       uint32
	Outcome    []byte // what was answered, for a repeated request
	Metadata   []byte // of the transaction
	Before     []byte // images before the change
	Payload    []byte // the change itself
}

// Replayer receives the recovered state during Open: the sections of the
// snapshot, then the records behind it. An error ends Open and is returned
// wrapped, unless errors.Is(err, ErrCorrupt): then it counts as a damaged
// snapshot or record.
type Replayer interface {
	// Reset forgets everything delivered: recovery begins again another way.
	Reset() error
	// Section gets one snapshot chunk, as given to Snapshot.Section, in order.
	Section(kind uint32, data []byte) error
	// Record gets one committed record, in order of sequence.
	Record(r *Record) error
}

// Report says what Open found.
type Report struct {
	Created  bool   // a new, empty store was made
	Clean    bool   // the log ends where the last Close said
	Sequence uint64 // of the last record recovered
	Row      string // the row of the recovery table that ended the log

	SnapshotSequence uint64 // 0: no snapshot yet
	SnapshotBytes    int64
	Records          uint64 // replayed behind the snapshot
	LogBytes         int64  // read behind the snapshot

	DroppedBytes   int64  // of an unfinished tail nothing attests
	DroppedRecords uint64 // whole records among them (never acknowledged as durable)

	Fallback       bool   // the newest snapshot was bad; the older one and the log gave the same state
	FallbackReason string // why
	MetaDamaged    bool   // one meta slot could not be read (a torn write, or damage)

	Salvage *SalvageReport // nil unless damage was salvaged
}

// SalvageReport says what RecoverSalvage met and what is missing.
type SalvageReport struct {
	Reason       string   // the error that strict recovery would have returned
	Kept         []string // names of the copies of the damaged files
	LastSequence uint64   // the state delivered is the one after this record
	LostFrom     uint64   // first and last sequence known to have existed and missing; 0, 0: none known
	LostTo       uint64
}

// SnapshotInfo describes a snapshot that is durable.
type SnapshotInfo struct {
	Sequence uint64
	Bytes    int64
	Sections uint64 // chunks
}

// Stats are counters since Open, and sizes now.
type Stats struct {
	Sequence         uint64 // last appended
	DurableSequence  uint64 // last known flushed
	SnapshotSequence uint64
	SnapshotBytes    int64
	LogBytes         int64 // log behind the newest snapshot, written
	LogEntries       uint64
	LogReserved      int64 // bytes of the current log file that are written ahead
	FileBytes        int64 // all five files

	Appends       uint64
	AppendedBytes uint64
	Writes        uint64 // write calls on the log
	Flushes       uint64 // of the log
	Reservations  uint64
	Cuts          uint64
	Switches      uint64 // cuts that changed the log file
	Snapshots     uint64
	Incarnation   uint64
	Poisoned      bool

	HistoryBytes int64  // of records in the history files; 0 until somebody asked for them
	HistoryFirst uint64 // the oldest record that can be read: in the history, or in a log
	HistoryError string // why nothing is added to the history, or empty
}

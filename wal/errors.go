package wal

import (
	"errors"
	"strconv"
	"syscall"
)

// What a caller can tell apart with errors.Is.
var (
	// ErrLocked: another process, tab or Store owns the files.
	ErrLocked = errors.New("the store is open elsewhere")
	// ErrExists: MustCreate found a store, or something that may be one.
	ErrExists = errors.New("a store exists already")
	// ErrAbsent: MustExist found no store.
	ErrAbsent = errors.New("no store here")
	// ErrCorrupt: what had been made durable cannot be read. See CorruptError.
	ErrCorrupt = errors.New("the store is damaged")
	// ErrNotStore: the files are not of this format at all.
	ErrNotStore = errors.New("not a store")
	// ErrNewerFormat: a newer version wrote the files.
	ErrNewerFormat = errors.New("the store needs a newer version of this software")
	// ErrDiskFull: no space or quota for the write. The store stays usable.
	ErrDiskFull = errors.New("no space left for the store")
	// ErrIO: the file system failed otherwise. After an Append the store stays usable.
	ErrIO = errors.New("the file system reported an error")
	// ErrFlush: it is unknown whether what was appended is durable. Nothing
	// more can be written until the store is opened again.
	ErrFlush = errors.New("a flush failed: what it covered may or may not be durable")
	// ErrPoisoned: an earlier ErrFlush ended writing.
	ErrPoisoned = errors.New("an earlier flush failed: the store must be opened again before it is written")
	// ErrClosed: the store was closed.
	ErrClosed = errors.New("the store is closed")
	// ErrTooLarge: a record or section chunk exceeds MaxRecord or MaxSection.
	ErrTooLarge = errors.New("too large")
	// ErrSalvaged: a salvaged store takes no record before its first snapshot.
	ErrSalvaged = errors.New("a salvaged store must be saved as a snapshot before it is written")
	// ErrHistoryDropped: records that were asked for are not kept any more. See DroppedError.
	ErrHistoryDropped = errors.New("the history does not reach back so far")
	// ErrHistoryChanged: what was seen up to the place that was asked for is not what the store holds.
	ErrHistoryChanged = errors.New("the history is another one than the one that was followed")
	// ErrSnapshotRunning: a snapshot is being written already.
	ErrSnapshotRunning = errors.New("a snapshot is being written already")
	// ErrSnapshotFailed: the snapshot met an error before, or was ended.
	ErrSnapshotFailed = errors.New("the snapshot has failed or ended")
	// ErrFileSystem: the file system lacks something the store needs.
	ErrFileSystem = errors.New("the file system cannot carry a store")
)

// CorruptError says where durable bytes cannot be read, and why that is
// damage and not the end of the log. errors.Is(err, ErrCorrupt) holds.
type CorruptError struct {
	File     string // one of the five names
	Offset   int64  // first byte that cannot be believed
	Sequence uint64 // sequence of the first record that is missing; 0 if not about a record
	Reason   string
}

func (e *CorruptError) Error() string {
	s := e.File + " is damaged at byte " + strconv.FormatInt(e.Offset, 10)
	if e.Sequence != 0 {
		s += " (record " + strconv.FormatUint(e.Sequence, 10) + ")"
	}
	return s + ": " + e.Reason
}

// Is makes every CorruptError an ErrCorrupt.
func (e *CorruptError) Is(target error) bool { return target == ErrCorrupt }

// DroppedError says where the history begins. errors.Is(err, ErrHistoryDropped)
// holds.
type DroppedError struct {
	Wanted uint64 // sequence of the record that was asked for
	Oldest uint64 // and of the oldest that is there; the next to come if there is none
}

func (e *DroppedError) Error() string {
	return "record " + strconv.FormatUint(e.Wanted, 10) + " is not kept any more, the oldest is " + strconv.FormatUint(e.Oldest, 10)
}

// Is makes every DroppedError an ErrHistoryDropped.
func (e *DroppedError) Is(target error) bool { return target == ErrHistoryDropped }

// ioError is an error of the file system with what was being done, and the
// kind a caller can act on.
type ioError struct {
	doing string
	kind  error // ErrDiskFull, ErrIO, ErrFlush, …
	cause error // may be nil: a short write comes without one
	need  int   // bytes that were still to be written
}

// Needed is how many bytes a write wanted that did not fit.
func (e *ioError) Needed() int { return e.need }

func (e *ioError) Error() string {
	s := e.doing + ": " + e.kind.Error()
	if e.cause != nil {
		s += ": " + e.cause.Error()
	}
	return s
}

func (e *ioError) Unwrap() []error {
	if e.cause == nil {
		return []error{e.kind}
	}
	return []error{e.kind, e.cause}
}

// wrap gives err the words of what was being done and its kind.
func wrap(doing string, kind, err error) error { return &ioError{doing: doing, kind: kind, cause: err} }

// kindOf sorts a file system's error: no space, or anything else.
func kindOf(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return ErrDiskFull
	}
	return ErrIO
}

package jsbridge

import (
	"errors"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/jsbridge/wire"
)

// Errors of the codec. Hostile bytes end in one of them, never in a panic.
var (
	// ErrTruncated: the bytes end before what they announce.
	ErrTruncated = errors.New("message is cut short")
	// ErrMalformed: the bytes are not what the protocol says.
	ErrMalformed = wire.ErrMalformed
	// ErrTooDeep: lists and maps nest deeper than MaxDepth.
	ErrTooDeep = wire.ErrTooDeep
	// ErrTooLarge: a message or one row is larger than its limit.
	ErrTooLarge = errors.New("message is too large")
)

// errFull stops the encoding of a batch whose frame outgrew its target, so
// that it is tried again with fewer rows.
var errFull = wire.ErrFull

// Failure is an error as it crosses the border: what the map of an ERROR
// answer holds. Only Code and Message are always there.
type Failure struct {
	Code    string // see PROTOCOL.md, section 3
	Message string
	Hint    string
	Phase   string // "compile" or "runtime", of a query
	Detail  string // the conformance suite's detail, of a query
	Excerpt string // the line of the query and a caret below the place
	File    string // of a damaged store
	Oldest  uint64 // of HISTORY_DROPPED: the oldest transaction that is kept
	Needed  int    // of DISK_FULL: bytes that did not fit

	// Position in the query's text, when Line is not 0: Offset counts bytes
	// from 0, Line and Column count characters from 1.
	Offset, Line, Column int

	// Of a write that was applied, when Sequence is not 0; Counters is a map or null.
	Sequence uint64
	Counters graph.Value
}

func (f *Failure) Error() string { return f.Message }

// Codes that this package itself gives. The engine has more.
const (
	codeProtocol       = "PROTOCOL"
	codeInvalid        = "INVALID_ARGUMENT"
	codeLimit          = "LIMIT"
	codeClosed         = "CLOSED"
	codeCancelled      = "CANCELLED"
	codeTimeout        = "TIMEOUT"
	codeInternal       = "INTERNAL"
	codeNotFound       = "NOT_FOUND"
	codeExists         = "EXISTS"
	codeLocked         = "LOCKED"
	codeTxExpired      = "TX_EXPIRED"
	codeNotImplemented = "NOT_IMPLEMENTED"
	codeUnavailable    = "UNAVAILABLE"
	codeAlreadyApplied = "ALREADY_APPLIED"
	codePartlyApplied  = "PARTLY_APPLIED"
	codeOwnerChanged   = "OWNER_CHANGED"
)

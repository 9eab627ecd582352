package pocketgraph

import (
	"context"
	"errors"
	"io/fs"

	"github.com/pocketgraph/pocketgraph/cypher"
	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/storage"
	"github.com/pocketgraph/pocketgraph/wal"
)

// Code says what kind of error it is. Codes are stable: programs may test for
// them. Errors in a query carry the code of the openCypher conformance suite
// (SyntaxError, TypeError, …) with Phase and Detail beside it.
type Code string

const (
	CodeLocked          Code = "LOCKED"           // another tab, worker or process holds the store
	CodeExists          Code = "EXISTS"           // the store, or a schema rule, is there already
	CodeNotFound        Code = "NOT_FOUND"        // the store, an element or a schema rule is not there
	CodeCorrupt         Code = "CORRUPT"          // acknowledged data is damaged; recovery in salvage mode takes what is whole
	CodeNotAStore       Code = "NOT_A_STORE"      // the files are not PocketGraph's
	CodeNewerFormat     Code = "NEWER_FORMAT"     // a newer version wrote the store
	CodeDiskFull        Code = "DISK_FULL"        // no space or quota; nothing was changed
	CodeIO              Code = "IO"               // the file system refused; nothing was changed
	CodeOutcomeUnknown  Code = "OUTCOME_UNKNOWN"  // a flush failed: reopen to learn whether the write is there
	CodeReadOnly        Code = "READ_ONLY"        // the store or transaction does not write
	CodeClosed          Code = "CLOSED"           // the store or transaction has ended
	CodeCancelled       Code = "CANCELLED"        // the caller cancelled
	CodeTimeout         Code = "TIMEOUT"          // the caller's time was up
	CodeLimit           Code = "LIMIT"            // a documented limit was exceeded
	CodeInvalidArgument Code = "INVALID_ARGUMENT" // the caller's argument makes no sense
	CodeConstraint      Code = "CONSTRAINT"       // data would break a constraint
	CodeNotImplemented  Code = "NOT_IMPLEMENTED"  // the language construct is known and not executed yet
	CodeHistoryDropped  Code = "HISTORY_DROPPED"  // the change feed does not reach back so far: see Error.Oldest
	CodeHistoryChanged  Code = "HISTORY_CHANGED"  // the cursor is of another store, or of what this one has lost
	CodeImport          Code = "IMPORT"           // LOAD CSV could not, or must not, read the file
	CodeFunction        Code = "FUNCTION"         // a registered function or procedure failed, or gave what its signature does not allow
	CodeInternal        Code = "INTERNAL"         // a fault of PocketGraph itself
)

// Error is the error that every method of this package returns.
type Error struct {
	Code    Code
	Message string
	Hint    string // what to do about it, or empty
	File    string // of a damaged store, or empty
	Oldest  uint64 // of HISTORY_DROPPED: the oldest transaction that is kept
	Needed  int    // of DISK_FULL: bytes that did not fit, or 0 where that is not known

	// The rest is set for errors in a query.
	Phase   string // "compile" or "runtime"
	Detail  string // the conformance suite's word, such as UndefinedVariable
	Offset  int    // byte offset in the query, -1 when unknown
	Line    int    // from 1, 0 when unknown
	Column  int    // in characters from 1, 0 when unknown
	Excerpt string // the line of the query, and a caret below the place

	cause error
}

func (e *Error) Error() string {
	if e.Excerpt != "" {
		return e.Message + "\n" + e.Excerpt
	}
	return e.Message
}

// Unwrap returns the error below.
func (e *Error) Unwrap() error { return e.cause }

// CodeOf returns the code of an error that this package returned.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	if err == nil {
		return ""
	}
	return CodeInternal
}

// known orders the errors of the packages below by how much they say: the
// first that matches decides.
var known = []struct {
	err  error
	code Code
	hint string
}{
	{storage.ErrOutcomeUnknown, CodeOutcomeUnknown, "Close the store and open it again; then look whether the write is there."},
	{storage.ErrOutcomeForgotten, CodeOutcomeUnknown, "Look whether the write is there."},
	{storage.ErrStopped, CodeReadOnly, "Close the store and open it again. Reading still works."},
	{wal.ErrPoisoned, CodeReadOnly, "Close the store and open it again. Reading still works."},
	{wal.ErrFlush, CodeOutcomeUnknown, "Close the store and open it again. Reading still works."},
	{wal.ErrSalvaged, CodeReadOnly, "Free some space and write a snapshot: a salvaged store is written only after it was saved."},
	{wal.ErrFileSystem, CodeIO, ""},
	{wal.ErrLocked, CodeLocked, "Close the other tab or process that uses this store, or wait for it to end."},
	{wal.ErrNewerFormat, CodeNewerFormat, "Update PocketGraph."},
	{wal.ErrCorrupt, CodeCorrupt, "Recover in salvage mode: it takes everything whole and keeps the damaged files aside."},
	{wal.ErrNotStore, CodeNotAStore, ""},
	{wal.ErrExists, CodeExists, ""},
	{wal.ErrAbsent, CodeNotFound, ""},
	{wal.ErrDiskFull, CodeDiskFull, "Nothing was changed. Free some space; reading and deleting still work."},
	{wal.ErrTooLarge, CodeLimit, "Split the work into several transactions."},
	{storage.ErrMetadataTooLarge, CodeLimit, ""},
	{storage.ErrTxTooLarge, CodeLimit, "Split the work into several transactions."},
	{wal.ErrHistoryDropped, CodeHistoryDropped, "Read the data anew and follow from there; keep more history if this happens often."},
	{wal.ErrHistoryChanged, CodeHistoryChanged, "Read the data anew and follow from there."},
	{wal.ErrClosed, CodeClosed, ""},
	{storage.ErrTxDone, CodeClosed, ""},
	{wal.ErrIO, CodeIO, ""},
	{graph.ErrConstraint, CodeConstraint, ""},
	{graph.ErrLimit, CodeLimit, ""},
	{graph.ErrPropertyType, CodeInvalidArgument, ""},
	{graph.ErrNotFound, CodeNotFound, ""},
	{graph.ErrExists, CodeExists, ""},
	{graph.ErrHasRelationships, CodeConstraint, "Delete its relationships first, or use DETACH DELETE."},
	{context.DeadlineExceeded, CodeTimeout, ""},
	{context.Canceled, CodeCancelled, ""},
	{fs.ErrNotExist, CodeNotFound, ""},
}

// wrap gives an error of the packages below its code. doing says what was
// being done, and begins the message.
func wrap(doing string, err error) error {
	if err == nil {
		return nil
	}
	var own *Error
	if errors.As(err, &own) {
		return own
	}
	if _, repeated := err.(*Repeated); repeated {
		return err
	}
	var query *cypher.Error
	if errors.As(err, &query) {
		return queryError(query)
	}
	e := &Error{Code: CodeInternal, Message: doing + ": " + err.Error(), Offset: -1, cause: err}
	for _, k := range known {
		if errors.Is(err, k.err) {
			e.Code, e.Hint = k.code, k.hint
			break
		}
	}
	var full interface{ Needed() int }
	if e.Code == CodeDiskFull && errors.As(err, &full) {
		e.Needed = full.Needed()
	}
	if e.Code == CodeLocked {
		// What the file system said about its handles tells nobody anything.
		e.Message = doing + ": " + wal.ErrLocked.Error()
		var held interface{ HeldBy() string }
		if errors.As(err, &held) {
			e.Message += ", held by " + held.HeldBy()
		}
	}
	var damage *wal.CorruptError
	if errors.As(err, &damage) {
		e.File = damage.File
	}
	return e
}

// WithCode gives an error of a transaction's Writer its code: otherwise, where
// it has none. The message stays as it is.
func WithCode(err error, otherwise Code) error {
	e, ok := wrap("", err).(*Error)
	if !ok || e.cause != err {
		return err
	}
	if e.Message = err.Error(); e.Code == CodeInternal {
		e.Code = otherwise
	}
	return e
}

// openError is wrap for opening a store. A flush that fails there is one more
// thing that the file system refused: no write waits for its outcome.
func openError(err error) error {
	e := wrap("opening the store", err)
	if own, ok := e.(*Error); ok && errors.Is(err, wal.ErrFlush) {
		own.Code, own.Hint = CodeIO, ""
	}
	return e
}

func queryError(q *cypher.Error) error {
	e := &Error{Code: Code(q.Code), Message: q.Message, Hint: q.Hint, Phase: q.Phase, Detail: q.Detail,
		Offset: q.Offset, Line: q.Line, Column: q.Column, Excerpt: q.Excerpt(), cause: q}
	if code, ok := queryCodes[q.Code]; ok {
		e.Code = code
	}
	return e
}

// queryCodes are the codes of the query engine that are not the conformance
// suite's but have a meaning beyond queries.
var queryCodes = map[string]Code{
	"NotImplemented":   CodeNotImplemented,
	"Timeout":          CodeTimeout,
	"Cancelled":        CodeCancelled,
	"TransactionError": CodeReadOnly,
	"LimitError":       CodeLimit,
	"InternalError":    CodeInternal,
	"ImportError":      CodeImport,
	"FunctionError":    CodeFunction,
	"FunctionExists":   CodeExists,
}

func newError(code Code, message string) *Error {
	return &Error{Code: code, Message: message, Offset: -1}
}

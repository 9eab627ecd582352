//go:build js && wasm

package opfs

import (
	"errors"
	"io/fs"
	"syscall"

	"github.com/pocketgraph/pocketgraph/internal/jsutil"
)

// invalid is an error that is both fs.ErrInvalid and syscall.EINVAL, which,
// unlike their siblings, do not know each other.
type invalid string

func (e invalid) Error() string { return string(e) }

func (invalid) Is(target error) bool {
	return target == fs.ErrInvalid || target == syscall.EINVAL
}

const (
	errPath     = invalid("invalid path")
	errNegative = invalid("negative offset")
	errOffset   = invalid("offset too large")
	errAppend   = invalid("WriteAt on a file opened for appending")
	errWhence   = invalid("invalid whence")
	errRoot     = invalid("not possible with the root")
)

var (
	errFull  = &exception{kind: syscall.ENOSPC, text: "the browser wrote less than it was given"}
	errCount = &exception{kind: syscall.EIO, text: "the browser read more than it was asked for"}
)

// exception is what went wrong in Go's words, with the browser's text.
type exception struct {
	kind error
	text string
}

func (e *exception) Error() string { return e.kind.Error() + " (" + e.text + ")" }
func (e *exception) Unwrap() error { return e.kind }

// fromJS says what a JavaScript exception means. Errors that are none pass.
func fromJS(err error) error {
	if err == nil {
		return nil
	}
	thrown, ok := err.(*jsutil.Error)
	if !ok {
		return err
	}
	return &exception{kind: kindOf(thrown.Name), text: thrown.Error()}
}

// kindOf maps the names that the File System standard lists, and those that
// browsers throw beyond it.
func kindOf(name string) error {
	switch name {
	case "NotFoundError":
		return fs.ErrNotExist
	case "NoModificationAllowedError":
		return syscall.EBUSY
	case "QuotaExceededError",
		"NS_ERROR_FILE_NO_DEVICE_SPACE", "NS_ERROR_DOM_QUOTA_EXCEEDED_ERR": // Firefox, raw
		return syscall.ENOSPC
	case "InvalidStateError":
		return fs.ErrClosed
	case "InvalidModificationError":
		return syscall.ENOTEMPTY
	case "NotAllowedError", "SecurityError":
		return fs.ErrPermission
	case "TypeError", "RangeError":
		return invalid("invalid argument")
	case "TypeMismatchError": // callers that know whether a file or a directory was wanted say it better
		return syscall.ENOTDIR
	case "NotSupportedError":
		return errors.ErrUnsupported
	}
	return syscall.EIO
}

func isMismatch(err error) bool { return jsutil.NameOf(err) == "TypeMismatchError" }
func isNotFound(err error) bool { return jsutil.NameOf(err) == "NotFoundError" }

// pathError wraps err, which may come from JavaScript, with what was being done.
func pathError(op, name string, err error) error {
	if err == nil {
		return nil
	}
	if p, ok := err.(*fs.PathError); ok && p.Op == op && p.Path == name {
		return err
	}
	return &fs.PathError{Op: op, Path: name, Err: fromJS(err)}
}

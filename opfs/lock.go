//go:build js && wasm

package opfs

import (
	"io"

	"github.com/hack-pad/hackpadfs"
)

// Lock holds the file name exclusively against other workers and tabs until
// Close, creating it empty if it is missing. It is the file's own exclusive
// handle: files of that name that this worker opens share it, and a worker that
// dies gives it back. If another worker has the file open, the error is
// syscall.EBUSY at once; waiting and trying again is the caller's. Browsers have
// been seen to keep the handles of a page that was just reloaded for a while.
func (f *FS) Lock(name string) (io.Closer, error) {
	return f.OpenFile(name, hackpadfs.FlagReadWrite|hackpadfs.FlagCreate, 0o666)
}

//go:build js && wasm

package opfs

import (
	"io"
	"sync"
	"syscall"

	"github.com/hack-pad/hackpadfs"
)

// locked are the paths from the root of the origin that this worker holds by
// Lock. Opens of one worker share a handle, so the browser would let a second
// owner in the same worker pass.
var locked = struct {
	sync.Mutex
	paths map[string]bool
}{paths: map[string]bool{}}

// Lock holds the file name exclusively until Close, creating it empty if it is
// missing. It is the file's own exclusive handle: files of that name that this
// worker opens share it, and a worker that dies gives it back. If another
// worker has the file open, or this one holds a lock on it, the error is
// syscall.EBUSY at once; waiting and trying again is the caller's. Browsers have
// been seen to keep the handles of a page that was just reloaded for a while.
func (f *FS) Lock(name string) (io.Closer, error) {
	l := &lock{path: f.full(name)}
	locked.Lock()
	held := locked.paths[l.path]
	locked.paths[l.path] = true
	locked.Unlock()
	if held {
		return nil, &hackpadfs.PathError{Op: "lock", Path: name, Err: syscall.EBUSY}
	}
	file, err := f.OpenFile(name, hackpadfs.FlagReadWrite|hackpadfs.FlagCreate, 0o666)
	if err != nil {
		l.release()
		return nil, err
	}
	l.file = file
	return l, nil
}

// lock is a held lock. Closing it twice does nothing the second time.
type lock struct {
	path string
	file io.Closer
	once sync.Once
	err  error
}

func (l *lock) Close() error {
	l.once.Do(func() {
		l.err = l.file.Close()
		l.release()
	})
	return l.err
}

func (l *lock) release() {
	locked.Lock()
	delete(locked.paths, l.path)
	locked.Unlock()
}

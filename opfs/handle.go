//go:build js && wasm

package opfs

import (
	"io"
	"syscall/js"
	"time"

	"github.com/pocketgraph/pocketgraph/internal/jsutil"
)

// maxOffset is the largest integer that a JavaScript number holds exactly.
const maxOffset = 1<<53 - 1

// handle is a sync access handle, shared by all open files of one path in this
// worker. Its methods return errors without a path.
type handle struct {
	path     string
	uses     int
	length   int64     // of the file at the least: as far as the browser has said
	modified time.Time // of the file at open, then of the last change through it that somebody asked about
	changed  bool      // since then

	raw js.Value // the FileSystemSyncAccessHandle

	transfer                              *transfer
	read, write, truncate, flush, getSize js.Value
	stage                                 js.Value // undefined but over IndexedDB
	closer                                js.Value
}

// handles are the open ones by path from the root of the origin. Files that
// share one find it here.
var handles = map[string]*handle{}

func newHandle(path string, sync js.Value, modified time.Time) (h *handle, err error) {
	defer jsutil.Recover(&err)
	t, err := sharedTransfer()
	if err != nil {
		return nil, err
	}
	bind := func(method string, args ...any) js.Value {
		return sync.Get(method).Call("bind", append([]any{sync}, args...)...)
	}
	h = &handle{
		path: path, modified: modified, raw: sync, transfer: t,
		read: t.bind(sync, "read"), write: t.bind(sync, "write"),
		truncate: bind("truncate", t.offset), flush: bind("flush"),
		getSize: bind("getSize"), closer: bind("close"),
	}
	if sync.Get("stage").Type() == js.TypeFunction {
		h.stage = t.bind(sync, "stage")
	}
	return h, h.synchronous()
}

// release gives one use back; the last one closes the handle.
func (h *handle) release() error {
	h.uses--
	if h.uses > 0 {
		return nil
	}
	delete(handles, h.path)
	_, err := number(h.closer)
	return err
}

func (h *handle) size() (int64, error) { return number(h.getSize) }

// lastChange is when the file was changed last, or, if nobody has asked since,
// now: a clock for every write would be two calls into JavaScript.
func (h *handle) lastChange() time.Time {
	if h.changed {
		h.modified, h.changed = time.Now(), false
	}
	return h.modified
}

func (h *handle) sync() error {
	_, err := number(h.flush)
	return err
}

func (h *handle) resize(size int64) error {
	if err := checkOffset(size, 0); err != nil {
		return err
	}
	h.transfer.set(0, size)
	if _, err := number(h.truncate); err != nil {
		return err
	}
	h.length, h.changed = size, true
	return nil
}

// readAt fills p from offset; io.EOF if the file ends before p is full.
func (h *handle) readAt(p []byte, offset int64) (done int, err error) {
	if err := checkOffset(offset, len(p)); err != nil {
		return 0, err
	}
	t := h.transfer
	for done < len(p) {
		want := min(len(p)-done, bufferSize)
		t.set(want, offset+int64(done))
		v, n, err := call(h.read)
		if err != nil {
			return done, err
		}
		from := t.bytes
		if v.Type() == js.TypeObject { // of a file in IndexedDB, which came later
			from, n = v, int64(v.Length())
		}
		if n > int64(want) {
			return done, errCount
		}
		if n <= 0 {
			return done, io.EOF
		}
		done += js.CopyBytesToGo(p[done:done+int(n)], from)
	}
	return done, nil
}

// writeAt writes all of p at offset. Less is an error: a full disk. Chromium
// throws then. Firefox does not: out of quota its answer is 0, and where the
// disk itself is full, any number, also one above what it was given, or just
// that. So its word is not taken for a file that has to grow: the length is.
func (h *handle) writeAt(p []byte, offset int64) (done int, err error) {
	if err := checkOffset(offset, len(p)); err != nil {
		return 0, err
	}
	for done < len(p) {
		want := min(len(p)-done, bufferSize)
		put := h.write
		if done+want < len(p) && h.atomic() {
			put = h.stage
		}
		n, err := h.put(put, p[done:done+want], offset+int64(done))
		if err != nil && h.atomic() {
			return 0, err
		}
		if err != nil {
			return done, err
		}
		if n != int64(want) {
			if n < 0 || n > int64(want) {
				n = 0
			}
			return h.written(offset, done+int(n), len(p))
		}
		done += want
	}
	if done > 0 {
		h.changed = true
	}
	return h.written(offset, done, len(p))
}

// written is how much of a write is there, of which the browser says that so
// much is done.
func (h *handle) written(offset int64, done, want int) (int, error) {
	if end := offset + int64(done); end > h.length {
		size, err := h.size()
		if err != nil {
			return 0, err
		}
		h.length = size
		done = int(max(0, min(int64(done), size-offset)))
	}
	if done < want {
		return done, errFull
	}
	return done, nil
}

// atomic says that a write happens as a whole or not at all.
func (h *handle) atomic() bool { return h.stage.Type() == js.TypeFunction }

// put gives at most bufferSize bytes to the handle's write or stage.
func (h *handle) put(method js.Value, p []byte, offset int64) (int64, error) {
	h.transfer.put(p, offset)
	return number(method)
}

// stageAt keeps bytes for the next writeAt, which goes on where they end.
func (h *handle) stageAt(p []byte, offset int64) error {
	if err := checkOffset(offset, len(p)); err != nil {
		return err
	}
	for done := 0; done < len(p); done += bufferSize {
		if _, err := h.put(h.stage, p[done:min(done+bufferSize, len(p))], offset+int64(done)); err != nil {
			return err
		}
	}
	return nil
}

func checkOffset(offset int64, length int) error {
	if offset < 0 {
		return errNegative
	}
	if offset > maxOffset-int64(length) {
		return errOffset
	}
	return nil
}

// busy says whether path, or anything below it, is open in this worker.
func busy(path string) bool {
	if handles[path] != nil {
		return true
	}
	for open := range handles {
		if below(open, path) {
			return true
		}
	}
	return false
}

func below(path, dir string) bool {
	return dir == "." || len(path) > len(dir) && path[len(dir)] == '/' && path[:len(dir)] == dir
}

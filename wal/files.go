package wal

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/hack-pad/hackpadfs"
)

// directory is what the store needs of the file system.
type directory interface {
	hackpadfs.OpenFileFS
	Lock(name string) (io.Closer, error)
	SyncDir() error
}

// handle is what the store needs of a file. Its methods may park only where
// whoever uses the store may park too: in a page's exported calls nobody does.
type handle interface {
	hackpadfs.File
	io.ReaderAt
	io.WriterAt
	Sync() error
	Truncate(size int64) error
}

// file is an open handle with its name and the length it has. The length is
// tracked, because asking costs a call into JavaScript.
type file struct {
	name string
	h    handle
	size int64        // belongs to whoever writes the file
	seen atomic.Int64 // the same, for Stats

	syncing sync.Mutex
	failed  error // of the first flush that failed
}

// readAt fills p from off, or as much as the file has. n < len(p) only at the end.
func (f *file) readAt(p []byte, off int64) (int, error) {
	n := 0
	for n < len(p) {
		m, err := f.h.ReadAt(p[n:], off+int64(n))
		n += m
		if err == io.EOF || m == 0 && err == nil {
			return n, nil
		}
		if err != nil {
			return n, wrap("reading "+f.name, ErrIO, err)
		}
	}
	return n, nil
}

// writeAt writes all of p or fails. A write that is short without an error
// (Firefox out of quota) is a full disk. It returns what was written.
func (f *file) writeAt(p []byte, off int64) (int, error) {
	n, err := f.h.WriteAt(p, off)
	if n > 0 {
		f.setSize(max(f.size, off+int64(n)))
	}
	switch {
	case err != nil:
		return n, &ioError{doing: "writing " + f.name, kind: kindOf(err), cause: err, need: len(p) - n}
	case n < len(p):
		return n, &ioError{doing: "writing " + f.name, kind: ErrDiskFull, need: len(p) - n}
	}
	return n, nil
}

// stager is what files have whose writes are all or nothing (see package opfs).
type stager interface {
	// StageAt keeps bytes for the next WriteAt, which goes on where they end. It
	// reports false where that cannot be.
	StageAt(p []byte, off int64) (bool, error)
}

// stageAt adds to what the next writeAt writes at once, if the file can do that.
func (f *file) stageAt(p []byte, off int64) (bool, error) {
	able, ok := f.h.(stager)
	if !ok {
		return false, nil
	}
	staged, err := able.StageAt(p, off)
	if err != nil {
		return false, wrap("writing "+f.name, kindOf(err), err)
	}
	return staged, nil
}

// sync flushes. Once that failed it always fails: systems tell of a lost write
// once, and to one caller only.
func (f *file) sync() error {
	f.syncing.Lock()
	defer f.syncing.Unlock()
	if f.failed == nil {
		f.failed = f.h.Sync()
	}
	if f.failed != nil {
		return wrap("flushing "+f.name, ErrFlush, f.failed)
	}
	return nil
}

func (f *file) truncate(size int64) error {
	if err := f.h.Truncate(size); err != nil {
		return wrap("truncating "+f.name, kindOf(err), err)
	}
	f.setSize(size)
	return nil
}

func (f *file) setSize(size int64) {
	f.size = size
	f.seen.Store(size)
}

// zeros is what space is reserved and remains are overwritten with.
var zeros [64 << 10]byte

// writeZeros fills [from, to).
func (f *file) writeZeros(from, to int64) error {
	for from < to {
		n := min(int64(len(zeros)), to-from)
		if _, err := f.writeAt(zeros[:n], from); err != nil {
			return err
		}
		from += n
	}
	return nil
}

// rewrite writes [from, to) again as it is. What a process wrote that died, or
// whose flush failed, may be read here and still be lost with the power; the
// next flush covers it for certain only when it is dirty again.
func (f *file) rewrite(from, to int64) error {
	buf := make([]byte, min(windowSize, max(0, to-from)))
	for off := from; off < to; off += int64(len(buf)) {
		b := buf[:min(int64(len(buf)), to-off)]
		if _, err := f.readAt(b, off); err != nil {
			return err
		}
		if _, err := f.writeAt(b, off); err != nil {
			return err
		}
	}
	return nil
}

// disk is the owned directory with the five open files; a file that is
// missing is nil.
type disk struct {
	dir  directory
	lock io.Closer
	meta *file
	log  [2]*file
	snap [2]*file
	hist []*file // empty where no history is kept
}

func (d *disk) each(fn func(name string, f **file)) {
	fn(metaName, &d.meta)
	for i := range d.log {
		fn(logNames[i], &d.log[i])
	}
	for i := range d.snap {
		fn(snapNames[i], &d.snap[i])
	}
}

// missing names the first file that is not there, or "".
func (d *disk) missing() (name string) {
	d.each(func(n string, f **file) {
		if *f == nil && name == "" {
			name = n
		}
	})
	return name
}

func (d *disk) close() error {
	var errs []error
	d.each(func(_ string, f **file) {
		if *f != nil {
			errs = append(errs, (*f).h.Close())
			*f = nil
		}
	})
	for _, f := range d.hist {
		errs = append(errs, f.h.Close())
	}
	d.hist = nil
	if d.lock != nil {
		errs = append(errs, d.lock.Close())
		d.lock = nil
	}
	return errors.Join(errs...)
}

// openFile opens one file; a missing one is (nil, nil) unless flags create it.
func openFile(dir directory, name string, flags int) (*file, error) {
	h, err := dir.OpenFile(name, flags, 0o600)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, wrap("opening "+name, kindOf(err), err)
	}
	able, ok := h.(handle)
	if !ok {
		h.Close()
		return nil, wrap("opening "+name, ErrFileSystem, errors.New("its files lack ReadAt, WriteAt, Sync or Truncate"))
	}
	info, err := able.Stat()
	if err != nil {
		able.Close()
		return nil, wrap("asking the length of "+name, ErrIO, err)
	}
	f := &file{name: name, h: able}
	f.setSize(info.Size())
	return f, nil
}

// How own waits for another owner: it asks again after firstWait, then twice
// as long each time up to mostWait. A reloaded page frees its handles within
// some ten milliseconds, rarely seconds.
const (
	firstWait    = 5 * time.Millisecond
	mostWait     = 250 * time.Millisecond
	defaultOwner = 2 * time.Second
)

// own takes the lock and opens what is there, waiting for another owner as
// long as the options say.
func own(ctx context.Context, o *Options) (*disk, error) {
	dir, ok := o.FS.(directory)
	if !ok {
		return nil, wrap("opening the store", ErrFileSystem, errors.New("it lacks OpenFile, Lock or SyncDir"))
	}
	patience := o.LockWait
	if patience == 0 {
		patience = defaultOwner
	}
	deadline := time.Now().Add(patience)
	for wait := firstWait; ; wait = min(2*wait, mostWait) {
		d, err := tryOwn(dir)
		if err == nil || !errors.Is(err, syscall.EBUSY) {
			return d, err
		}
		if !time.Now().Add(wait).Before(deadline) {
			return nil, wrap("owning the store", ErrLocked, err)
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil, wrap("waiting for the store's owner", ctx.Err(), nil)
		}
	}
}

func tryOwn(dir directory) (*disk, error) {
	lock, err := dir.Lock(metaName)
	if err != nil {
		return nil, wrap("locking "+metaName, kindOf(err), err)
	}
	d := &disk{dir: dir, lock: lock}
	d.each(func(name string, f **file) {
		if err == nil {
			*f, err = openFile(dir, name, openFlags)
		}
	})
	if err != nil {
		d.close()
		return nil, err
	}
	return d, nil
}

// anything reports that at least one of the five files exists, without
// owning or creating anything.
func anything(o *Options) (bool, error) {
	for _, name := range fileNames {
		h, err := o.FS.Open(name)
		if err == nil {
			h.Close()
			return true, nil
		}
		if errors.Is(err, syscall.EBUSY) {
			return true, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return false, wrap("looking for "+name, ErrIO, err)
		}
	}
	return false, nil
}

// windowSize is what is read at a time: large enough that a call into
// JavaScript for each does not show, small enough to sit in a cache.
const windowSize = 256 << 10

// yieldBytes is the streamed work after which the caller gets a turn.
const yieldBytes = 1 << 20

// work counts streamed bytes and gives the caller its turns.
type work struct {
	ctx   context.Context
	yield func()
	bytes int64
}

func (w *work) did(n int64) error {
	if w.bytes += n; w.bytes < yieldBytes {
		return nil
	}
	w.bytes = 0
	if w.yield != nil {
		w.yield()
	}
	if err := w.ctx.Err(); err != nil {
		return wrap("reading the store", err, nil)
	}
	return nil
}

// window reads a file front to back through one buffer.
type window struct {
	f    *file
	work *work
	buf  []byte
	from int64
}

// at returns n bytes from off, or fewer at the end of the file. They are valid
// until the next call.
func (w *window) at(off int64, n int) ([]byte, error) {
	if off >= w.from && off+int64(n) <= w.from+int64(len(w.buf)) {
		return w.buf[off-w.from:][:n], nil
	}
	want := max(n, windowSize)
	if left := w.f.size - off; int64(want) > left {
		want = max(int(left), 0)
	}
	if cap(w.buf) < want || cap(w.buf) > 16*windowSize && want == windowSize {
		w.buf = make([]byte, want)
	}
	m, err := w.f.readAt(w.buf[:want], off)
	w.buf, w.from = w.buf[:m], off
	if err != nil {
		return nil, err
	}
	if err := w.work.did(int64(m)); err != nil {
		return nil, err
	}
	return w.buf[:min(n, m)], nil
}

// zeroFrom reports whether the file holds only zeros from off on.
func (w *window) zeroFrom(off int64) (bool, error) {
	for off < w.f.size {
		b, err := w.at(off, windowSize)
		if err != nil {
			return false, err
		}
		if !allZero(b) {
			return false, nil
		}
		if len(b) == 0 {
			break
		}
		off += int64(len(b))
	}
	return true, nil
}

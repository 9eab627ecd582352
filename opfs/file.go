//go:build js && wasm

package opfs

import (
	"io"
	"io/fs"
	"path"
	"syscall"

	"github.com/hack-pad/hackpadfs"
)

// file is an open file. Like an os.File it may be used by several goroutines;
// since no method parks, each is one step.
type file struct {
	handle *handle // nil after Close
	name   string
	flag   int
	offset int64
}

var (
	_ hackpadfs.ReadWriterFile = (*file)(nil)
	_ hackpadfs.ReaderAtFile   = (*file)(nil)
	_ hackpadfs.WriterAtFile   = (*file)(nil)
	_ hackpadfs.SeekerFile     = (*file)(nil)
	_ hackpadfs.SyncerFile     = (*file)(nil)
	_ hackpadfs.TruncaterFile  = (*file)(nil)
	_ hackpadfs.DirReaderFile  = (*file)(nil) // to refuse it
)

const accessMode = hackpadfs.FlagReadOnly | hackpadfs.FlagWriteOnly | hackpadfs.FlagReadWrite

// readable and writable say why the file cannot be used so, or nil.
func (f *file) readable() error {
	if f.handle == nil {
		return fs.ErrClosed
	}
	if f.flag&accessMode == hackpadfs.FlagWriteOnly {
		return syscall.EBADF
	}
	return nil
}

func (f *file) writable() error {
	if f.handle == nil {
		return fs.ErrClosed
	}
	if f.flag&accessMode == hackpadfs.FlagReadOnly {
		return syscall.EBADF
	}
	return nil
}

func (f *file) fail(op string, err error) error { return pathError(op, f.name, err) }

// ReadAt implements io.ReaderAt.
func (f *file) ReadAt(p []byte, offset int64) (int, error) {
	if err := f.readable(); err != nil {
		return 0, f.fail("readat", err)
	}
	n, err := f.handle.readAt(p, offset)
	if err != nil && err != io.EOF {
		err = f.fail("readat", err)
	}
	return n, err
}

// Read implements io.Reader.
func (f *file) Read(p []byte) (int, error) {
	if err := f.readable(); err != nil {
		return 0, f.fail("read", err)
	}
	n, err := f.handle.readAt(p, f.offset)
	f.offset += int64(n)
	switch {
	case err == io.EOF && n > 0:
		return n, nil
	case err != nil && err != io.EOF:
		err = f.fail("read", err)
	}
	return n, err
}

// WriteAt implements io.WriterAt. n < len(p) comes with an error, syscall.ENOSPC
// if the disk is full; bytes before n have been written then.
func (f *file) WriteAt(p []byte, offset int64) (int, error) {
	if err := f.writable(); err != nil {
		return 0, f.fail("writeat", err)
	}
	if f.flag&hackpadfs.FlagAppend != 0 {
		return 0, f.fail("writeat", errAppend)
	}
	n, err := f.put(p, offset)
	return n, f.fail("writeat", err)
}

// StageAt keeps bytes that the next WriteAt, which goes on where they end,
// writes with its own: all of it or nothing. It reports false where files
// cannot do that, which is everywhere but over IndexedDB.
func (f *file) StageAt(p []byte, offset int64) (bool, error) {
	if err := f.writable(); err != nil {
		return false, f.fail("writeat", err)
	}
	if !f.handle.atomic() {
		return false, nil
	}
	return true, f.fail("writeat", f.handle.stageAt(p, offset))
}

// Write implements io.Writer.
func (f *file) Write(p []byte) (int, error) {
	if err := f.writable(); err != nil {
		return 0, f.fail("write", err)
	}
	if f.flag&hackpadfs.FlagAppend != 0 {
		end, err := f.handle.size()
		if err != nil {
			return 0, f.fail("write", err)
		}
		f.offset = end
	}
	n, err := f.put(p, f.offset)
	f.offset += int64(n)
	return n, f.fail("write", err)
}

func (f *file) put(p []byte, offset int64) (int, error) {
	n, err := f.handle.writeAt(p, offset)
	if err == nil && f.flag&hackpadfs.FlagSync != 0 {
		err = f.handle.sync()
	}
	return n, err
}

// Seek implements io.Seeker.
func (f *file) Seek(offset int64, whence int) (int64, error) {
	if f.handle == nil {
		return 0, f.fail("seek", fs.ErrClosed)
	}
	base := int64(0)
	switch whence {
	case io.SeekStart:
	case io.SeekCurrent:
		base = f.offset
	case io.SeekEnd:
		end, err := f.handle.size()
		if err != nil {
			return 0, f.fail("seek", err)
		}
		base = end
	default:
		return 0, f.fail("seek", errWhence)
	}
	if err := checkOffset(base+offset, 0); err != nil {
		return 0, f.fail("seek", err)
	}
	f.offset = base + offset
	return f.offset, nil
}

// Truncate changes the size; what is new reads as zeros.
func (f *file) Truncate(size int64) error {
	err := f.writable()
	if err == nil {
		err = f.handle.resize(size)
	}
	return f.fail("truncate", err)
}

// Sync makes all bytes that were written durable.
func (f *file) Sync() error {
	if f.handle == nil {
		return f.fail("sync", fs.ErrClosed)
	}
	return f.fail("sync", f.handle.sync())
}

// Size returns the size in bytes.
func (f *file) Size() (int64, error) {
	if f.handle == nil {
		return 0, f.fail("stat", fs.ErrClosed)
	}
	n, err := f.handle.size()
	return n, f.fail("stat", err)
}

// Stat returns the current size, and when the file was changed last: of a change
// that nobody has asked about yet, the time of the question.
func (f *file) Stat() (hackpadfs.FileInfo, error) {
	n, err := f.Size()
	if err != nil {
		return nil, err
	}
	return &info{name: path.Base(f.name), size: n, modified: f.handle.lastChange()}, nil
}

// Close gives the file back; the last one of those that share the handle
// releases it.
func (f *file) Close() error {
	if f.handle == nil {
		return f.fail("close", fs.ErrClosed)
	}
	h := f.handle
	f.handle = nil
	return f.fail("close", h.release())
}

// ReadDir fails: a file has no entries.
func (f *file) ReadDir(int) ([]hackpadfs.DirEntry, error) {
	return nil, f.fail("readdir", syscall.ENOTDIR)
}

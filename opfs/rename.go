//go:build js && wasm

package opfs

import (
	"io"
	"io/fs"
	"syscall"
	"syscall/js"

	"github.com/hack-pad/hackpadfs"
	"github.com/pocketgraph/pocketgraph/internal/jsutil"
)

// Rename moves a file that is not open anywhere; a file at newName is replaced
// if it is not open either. Directories are not moved (ErrNotImplemented): two
// of three browsers cannot.
//
// Where the browser has no move, the file is copied, flushed and removed; a
// crash in between leaves both. In no browser is a new name durable when
// Rename returns, see SyncDir: never make it the commit point.
func (f *FS) Rename(oldName, newName string) error {
	if err := f.rename(oldName, newName); err != nil {
		return &hackpadfs.LinkError{Op: "rename", Old: oldName, New: newName, Err: fromJS(err)}
	}
	return nil
}

func (f *FS) rename(oldName, newName string) error {
	if !validPath(oldName) || !validPath(newName) {
		return errPath
	}
	names.Lock()
	defer names.Unlock()
	source, isDir, err := f.entryAt(oldName)
	if err != nil {
		return err
	}
	_, ontoDir, err := f.entryAt(newName)
	switch {
	case err != nil && !isNotFound(err):
		return err
	case ontoDir:
		return fs.ErrExist
	case isDir && err == nil:
		return syscall.ENOTDIR
	case isDir:
		return hackpadfs.ErrNotImplemented
	case oldName == newName:
		return nil
	case handles[f.full(oldName)] != nil || handles[f.full(newName)] != nil:
		return syscall.EBUSY
	}
	return f.move(source, oldName, newName)
}

func (f *FS) move(source js.Value, oldName, newName string) error {
	dir, base, err := f.parent(newName)
	if err != nil {
		return err
	}
	if source.Get("move").Type() == js.TypeFunction {
		_, err := jsutil.AwaitCall(source, "move", dir, base)
		return err
	}
	return f.moveByCopy(oldName, newName)
}

func (f *FS) moveByCopy(oldName, newName string) error {
	from, err := f.acquire(oldName, hackpadfs.FlagReadOnly)
	if err != nil {
		return err
	}
	err = f.copyTo(from, newName)
	if closed := from.release(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	dir, base, err := f.parent(oldName)
	if err != nil {
		return err
	}
	_, err = jsutil.AwaitCall(dir, "removeEntry", base)
	return err
}

func (f *FS) copyTo(from *handle, newName string) error {
	to, err := f.acquire(newName, hackpadfs.FlagWriteOnly|hackpadfs.FlagCreate|hackpadfs.FlagTruncate)
	if err != nil {
		return err
	}
	err = copyBytes(to, from)
	if err == nil {
		err = to.sync()
	}
	if closed := to.release(); err == nil {
		err = closed
	}
	return err
}

func copyBytes(to, from *handle) error {
	piece := make([]byte, bufferSize)
	for offset := int64(0); ; {
		n, err := from.readAt(piece, offset)
		if err != nil && err != io.EOF {
			return err
		}
		if _, werr := to.writeAt(piece[:n], offset); werr != nil {
			return werr
		}
		if err == io.EOF {
			return nil
		}
		offset += int64(n)
	}
}

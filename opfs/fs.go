//go:build js && wasm

package opfs

import (
	"path"
	"strings"
	"sync"
	"syscall"
	"syscall/js"

	"github.com/hack-pad/hackpadfs"
	"github.com/pocketgraph/pocketgraph/internal/jsutil"
)

// FS is a directory of the origin private file system, as a file system.
type FS struct {
	root   js.Value // FileSystemDirectoryHandle
	prefix string   // its path from the origin's root, "." for the root itself
}

// names is held by everything that awaits promises about names, so that, within
// this worker, an exclusive create or a remove is one step and two opens of a
// file cannot both ask for its handle. What works on open files never waits
// for it.
var names sync.Mutex

var (
	_ hackpadfs.OpenFileFS  = (*FS)(nil)
	_ hackpadfs.SubFS       = (*FS)(nil)
	_ hackpadfs.MkdirFS     = (*FS)(nil)
	_ hackpadfs.MkdirAllFS  = (*FS)(nil)
	_ hackpadfs.RemoveFS    = (*FS)(nil)
	_ hackpadfs.RemoveAllFS = (*FS)(nil)
	_ hackpadfs.RenameFS    = (*FS)(nil)
	_ hackpadfs.StatFS      = (*FS)(nil)
	_ hackpadfs.ReadDirFS   = (*FS)(nil)
)

// New returns the origin's private file system. The error is
// errors.ErrUnsupported outside a dedicated worker or in a browser that lacks a
// part of what is needed (the message names it), and fs.ErrPermission where the
// browser refuses storage, as in private windows.
//
// Only opening a file proves that files can be opened: New asks for the root
// directory and looks whether the methods are there.
func New() (*FS, error) {
	if err := checkPlatform(); err != nil {
		return nil, pathError("opfs", ".", err)
	}
	storage, err := jsutil.Get(js.Global(), "navigator", "storage")
	if err == nil && storage.Type() != js.TypeObject {
		err = unsupported("navigator.storage is missing")
	}
	if err != nil {
		return nil, pathError("opfs", ".", err)
	}
	root, err := jsutil.AwaitCall(storage, "getDirectory")
	if err != nil {
		return nil, pathError("opfs", ".", err)
	}
	return &FS{root: root, prefix: "."}, nil
}

// Over returns a file system over an object that has the methods of the root's
// FileSystemDirectoryHandle, and whose files are kept elsewhere: in IndexedDB.
// Methods of its sync access handles may return promises, which park the
// goroutine: read one of a Uint8Array, the others one of their result. Arguments
// are to be taken before the method returns. They have one method more, stage,
// with write's arguments: what it is given is written by the next write, which
// goes on where it ends, all of it or nothing. space tells its paths from those
// of other file systems of this worker.
func Over(root js.Value, space string) *FS { return &FS{root: root, prefix: space} }

// Sub returns the directory dir, which must exist, as a file system.
func (f *FS) Sub(dir string) (hackpadfs.FS, error) {
	if !validPath(dir) {
		return nil, pathError("sub", dir, errPath)
	}
	names.Lock()
	defer names.Unlock()
	root, err := f.directory(dir)
	if err != nil {
		return nil, pathError("sub", dir, err)
	}
	return &FS{root: root, prefix: f.full(dir)}, nil
}

// SyncDir would make the names of files durable, if OPFS could. It does
// nothing: no browser lets a page flush names, and Chromium itself does not
// (its table of names is never synced, so after a power cut a file that was
// just created can be gone with its flushed bytes; Firefox syncs it with each
// change). So create files early, keep them, and commit by writing into them.
func (f *FS) SyncDir() error { return nil }

// full returns the path from the origin's root.
func (f *FS) full(name string) string { return path.Join(f.prefix, name) }

// directory walks to a directory. It needs names to be held, like all below.
// Its errors come from JavaScript, or say that a part of the path is a file.
func (f *FS) directory(name string) (js.Value, error) {
	dir := f.root
	if name == "." {
		return dir, nil
	}
	for part := range strings.SplitSeq(name, "/") {
		next, err := jsutil.AwaitCall(dir, "getDirectoryHandle", part)
		if isMismatch(err) {
			return js.Value{}, syscall.ENOTDIR
		}
		if err != nil {
			return js.Value{}, err
		}
		dir = next
	}
	return dir, nil
}

// parent walks to the directory that holds name and returns its base name.
func (f *FS) parent(name string) (dir js.Value, base string, err error) {
	dir, err = f.directory(path.Dir(name))
	return dir, path.Base(name), err
}

// validPath refuses NUL on top of what io/fs refuses: Chromium takes it for
// the end of the name.
func validPath(name string) bool {
	return hackpadfs.ValidPath(name) && strings.IndexByte(name, 0) < 0
}

//go:build js && wasm

package opfs

import (
	"io/fs"
	"path"
	"strings"
	"syscall"
	"syscall/js"

	"github.com/hack-pad/hackpadfs"
	"github.com/pocketgraph/pocketgraph/internal/jsutil"
)

// Mkdir makes a directory whose parent exists. Permissions have no meaning.
func (f *FS) Mkdir(name string, _ hackpadfs.FileMode) error {
	if !validPath(name) {
		return pathError("mkdir", name, errPath)
	}
	names.Lock()
	defer names.Unlock()
	return pathError("mkdir", name, f.mkdir(name))
}

func (f *FS) mkdir(name string) error {
	if name == "." {
		return fs.ErrExist
	}
	dir, base, err := f.parent(name)
	if err != nil {
		return err
	}
	_, err = jsutil.AwaitCall(dir, "getDirectoryHandle", base)
	if err == nil || isMismatch(err) {
		return fs.ErrExist
	}
	if !isNotFound(err) {
		return err
	}
	_, err = jsutil.AwaitCall(dir, "getDirectoryHandle", base, map[string]any{"create": true})
	return err
}

// MkdirAll makes a directory and the ones above it that are missing.
func (f *FS) MkdirAll(name string, _ hackpadfs.FileMode) error {
	if !validPath(name) {
		return pathError("mkdir", name, errPath)
	}
	if name == "." {
		return nil
	}
	names.Lock()
	defer names.Unlock()
	dir, at := f.root, ""
	for part := range strings.SplitSeq(name, "/") {
		at = path.Join(at, part)
		next, err := jsutil.AwaitCall(dir, "getDirectoryHandle", part, map[string]any{"create": true})
		if isMismatch(err) {
			err = syscall.ENOTDIR
		}
		if err != nil {
			return pathError("mkdir", at, err)
		}
		dir = next
	}
	return nil
}

// Remove removes a file that is not open anywhere, or an empty directory.
func (f *FS) Remove(name string) error {
	return pathError("remove", name, f.remove(name, false))
}

// RemoveAll removes a file, or a directory with all below it, if none of it is
// open anywhere. It is no error if there is nothing.
func (f *FS) RemoveAll(name string) error {
	err := f.remove(name, true)
	if isNotFound(err) {
		return nil
	}
	return pathError("removeall", name, err)
}

func (f *FS) remove(name string, all bool) error {
	if !validPath(name) {
		return errPath
	}
	if name == "." {
		return errRoot
	}
	names.Lock()
	defer names.Unlock()
	if full := f.full(name); handles[full] != nil || all && busy(full) {
		return syscall.EBUSY
	}
	dir, base, err := f.parent(name)
	if err != nil {
		return err
	}
	_, err = jsutil.AwaitCall(dir, "removeEntry", base, map[string]any{"recursive": all})
	return err
}

// entryAt returns the handle of a file or directory and which it is.
func (f *FS) entryAt(name string) (entry js.Value, isDir bool, err error) {
	if name == "." {
		return f.root, true, nil
	}
	dir, base, err := f.parent(name)
	if err != nil {
		return js.Value{}, false, err
	}
	entry, err = jsutil.AwaitCall(dir, "getFileHandle", base)
	if isMismatch(err) {
		return js.Value{}, true, nil
	}
	return entry, false, err
}

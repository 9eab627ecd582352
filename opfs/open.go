//go:build js && wasm

package opfs

import (
	"io/fs"
	"syscall"
	"syscall/js"
	"time"

	"github.com/hack-pad/hackpadfs"
	"github.com/pocketgraph/pocketgraph/internal/jsutil"
)

// Open opens a file or a directory for reading. A file is held exclusively.
func (f *FS) Open(name string) (hackpadfs.File, error) {
	return f.OpenFile(name, hackpadfs.FlagReadOnly, 0)
}

// OpenFile opens a file with any of hackpadfs's flags; permissions have no
// meaning in OPFS. FlagSync flushes after every write. A directory opens for
// reading only.
func (f *FS) OpenFile(name string, flag int, _ hackpadfs.FileMode) (hackpadfs.File, error) {
	if !validPath(name) {
		return nil, pathError("open", name, errPath)
	}
	names.Lock()
	defer names.Unlock()
	h, err := f.acquire(name, flag)
	if err == syscall.EISDIR && flag == hackpadfs.FlagReadOnly {
		return &dir{fs: f, name: name}, nil
	}
	if err != nil {
		return nil, pathError("open", name, err)
	}
	return &file{handle: h, name: name, flag: flag}, nil
}

// acquire returns the handle of a file with one more use. syscall.EISDIR is
// returned bare if name is a directory.
func (f *FS) acquire(name string, flag int) (*handle, error) {
	if name == "." {
		return nil, syscall.EISDIR
	}
	exclusive := flag&hackpadfs.FlagCreate != 0 && flag&hackpadfs.FlagExclusive != 0
	h := handles[f.full(name)]
	if h != nil && exclusive {
		return nil, fs.ErrExist
	}
	if h == nil {
		entry, err := f.fileHandle(name, flag&hackpadfs.FlagCreate != 0, exclusive)
		if err != nil {
			return nil, err
		}
		if h, err = openHandle(f.full(name), entry); err != nil {
			return nil, err
		}
	}
	h.uses++
	if flag&hackpadfs.FlagTruncate != 0 {
		if err := h.resize(0); err != nil {
			h.release()
			return nil, err
		}
	}
	return h, nil
}

// fileHandle returns the FileSystemFileHandle of name.
func (f *FS) fileHandle(name string, create, exclusive bool) (js.Value, error) {
	dir, base, err := f.parent(name)
	if err != nil {
		return js.Value{}, err
	}
	if exclusive {
		_, err := jsutil.AwaitCall(dir, "getFileHandle", base)
		if err == nil || isMismatch(err) {
			return js.Value{}, fs.ErrExist
		}
		if !isNotFound(err) {
			return js.Value{}, err
		}
	}
	entry, err := jsutil.AwaitCall(dir, "getFileHandle", base, map[string]any{"create": create})
	if isMismatch(err) {
		return js.Value{}, syscall.EISDIR
	}
	return entry, err
}

// openHandle takes the file's exclusive handle and registers it, without a use.
func openHandle(full string, entry js.Value) (*handle, error) {
	// Both are questions to another process: they are asked at once.
	told := make(chan time.Time, 1)
	go func() { told <- lastModified(entry) }()
	sync, err := jsutil.AwaitCall(entry, "createSyncAccessHandle")
	modified := <-told
	if err != nil {
		return nil, err
	}
	h, err := newHandle(full, sync, modified)
	if err != nil {
		_, _ = jsutil.Call(sync, "close")
		return nil, err
	}
	handles[full] = h
	return h, nil
}

// lastModified is the zero time where that cannot be found out: nothing but
// what Stat says hangs on it.
func lastModified(entry js.Value) time.Time {
	blob, err := jsutil.AwaitCall(entry, "getFile")
	if err != nil {
		return time.Time{}
	}
	ms, err := jsutil.Get(blob, "lastModified")
	if err != nil || ms.Type() != js.TypeNumber {
		return time.Time{}
	}
	return time.UnixMilli(int64(ms.Float()))
}

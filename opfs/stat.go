//go:build js && wasm

package opfs

import (
	"path"
	"sort"
	"syscall"
	"syscall/js"
	"time"

	"github.com/hack-pad/hackpadfs"
	"github.com/pocketgraph/pocketgraph/internal/jsutil"
)

// Stat describes a file or directory, also one that another worker has open.
func (f *FS) Stat(name string) (hackpadfs.FileInfo, error) {
	if !validPath(name) {
		return nil, pathError("stat", name, errPath)
	}
	names.Lock()
	defer names.Unlock()
	i, err := f.stat(name)
	if err != nil {
		return nil, pathError("stat", name, err)
	}
	return i, nil
}

func (f *FS) stat(name string) (*info, error) {
	if name == "." {
		return &info{name: ".", dir: true}, nil
	}
	if h := handles[f.full(name)]; h != nil {
		size, err := h.size()
		return &info{name: path.Base(name), size: size, modified: h.lastChange()}, err
	}
	dir, base, err := f.parent(name)
	if err != nil {
		return nil, err
	}
	entry, err := jsutil.AwaitCall(dir, "getFileHandle", base)
	if isMismatch(err) {
		return &info{name: base, dir: true}, nil
	}
	if err != nil {
		return nil, err
	}
	return statFile(base, entry)
}

func statFile(base string, entry js.Value) (i *info, err error) {
	blob, err := jsutil.AwaitCall(entry, "getFile")
	if err != nil {
		return nil, err
	}
	defer jsutil.Recover(&err)
	ms := int64(blob.Get("lastModified").Float())
	return &info{name: base, size: int64(blob.Get("size").Float()), modified: time.UnixMilli(ms)}, nil
}

// ReadDir lists a directory in the order of names.
func (f *FS) ReadDir(name string) ([]hackpadfs.DirEntry, error) {
	if !validPath(name) {
		return nil, pathError("open", name, errPath)
	}
	names.Lock()
	defer names.Unlock()
	dir, err := f.directory(name)
	if err == syscall.ENOTDIR {
		return nil, pathError("readdir", name, err)
	}
	if err != nil {
		return nil, pathError("open", name, err)
	}
	entries, err := f.list(name, dir)
	return entries, pathError("readdir", name, err)
}

func (f *FS) list(name string, dir js.Value) (entries []hackpadfs.DirEntry, err error) {
	defer jsutil.Recover(&err)
	iterator, err := jsutil.Call(dir, "values")
	if err != nil {
		return nil, err
	}
	for {
		next, err := jsutil.AwaitCall(iterator, "next")
		if err != nil {
			return nil, err
		}
		if next.Get("done").Truthy() {
			break
		}
		child := next.Get("value")
		base := child.Get("name").String()
		isDir := child.Get("kind").String() == "directory"
		entries = append(entries, &entry{fs: f, path: path.Join(name, base), name: base, dir: isDir})
	}
	sort.Slice(entries, func(i, j int) bool { return entries[i].Name() < entries[j].Name() })
	return entries, nil
}

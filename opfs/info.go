//go:build js && wasm

package opfs

import (
	"time"

	"github.com/hack-pad/hackpadfs"
)

// Modes of everything: OPFS has no permissions.
const (
	fileMode = hackpadfs.FileMode(0o666)
	dirMode  = hackpadfs.ModeDir | 0o777
)

// info implements fs.FileInfo.
type info struct {
	name     string
	size     int64
	dir      bool
	modified time.Time // zero for directories: OPFS does not know
}

func (i *info) Name() string       { return i.name }
func (i *info) Size() int64        { return i.size }
func (i *info) ModTime() time.Time { return i.modified }
func (i *info) IsDir() bool        { return i.dir }
func (i *info) Sys() any           { return nil }

func (i *info) Mode() hackpadfs.FileMode {
	if i.dir {
		return dirMode
	}
	return fileMode
}

// entry implements fs.DirEntry.
type entry struct {
	fs   *FS
	path string // from fs
	name string
	dir  bool
}

func (e *entry) Name() string { return e.name }
func (e *entry) IsDir() bool  { return e.dir }

func (e *entry) Type() hackpadfs.FileMode {
	if e.dir {
		return hackpadfs.ModeDir
	}
	return 0
}

// Info asks for the size and the time now; it awaits promises.
func (e *entry) Info() (hackpadfs.FileInfo, error) { return e.fs.Stat(e.path) }

//go:build js && wasm

package opfs

import (
	"io"
	"io/fs"
	"path"
	"syscall"

	"github.com/hack-pad/hackpadfs"
)

// dir is an open directory. It holds nothing in the browser.
type dir struct {
	fs      *FS
	name    string
	entries []hackpadfs.DirEntry // what ReadDir has not returned yet
	listed  bool
	closed  bool
}

var _ hackpadfs.DirReaderFile = (*dir)(nil)

// Read fails: a directory has no bytes.
func (d *dir) Read([]byte) (int, error) {
	return 0, pathError("read", d.name, syscall.EISDIR)
}

// Stat describes the directory.
func (d *dir) Stat() (hackpadfs.FileInfo, error) {
	if d.closed {
		return nil, pathError("stat", d.name, fs.ErrClosed)
	}
	return &info{name: path.Base(d.name), dir: true}, nil
}

// ReadDir returns the next n entries, or all that are left if n <= 0. The
// first call lists the directory and awaits promises.
func (d *dir) ReadDir(n int) ([]hackpadfs.DirEntry, error) {
	if d.closed {
		return nil, pathError("readdir", d.name, fs.ErrClosed)
	}
	if !d.listed {
		entries, err := d.fs.ReadDir(d.name)
		if err != nil {
			return nil, err
		}
		d.entries, d.listed = entries, true
	}
	if n <= 0 {
		n = len(d.entries)
	} else if len(d.entries) == 0 {
		return nil, io.EOF
	}
	n = min(n, len(d.entries))
	out := d.entries[:n:n]
	d.entries = d.entries[n:]
	return out, nil
}

// Close ends the use of d.
func (d *dir) Close() error {
	if d.closed {
		return pathError("close", d.name, fs.ErrClosed)
	}
	d.closed = true
	return nil
}

//go:build !js

// Package nativefs is the operating system's file system, rooted at one
// directory, with the two things a store needs beside hackpadfs: a lock that
// dies with its process, and a flush of the directory so that file names
// survive a power cut.
package nativefs

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"github.com/gofrs/flock"
	"github.com/hack-pad/hackpadfs"
	hackpados "github.com/hack-pad/hackpadfs/os"
)

// FS is one directory. Its methods may be called from any goroutine.
type FS struct {
	*hackpados.FS
	dir string // absolute
}

// New roots a file system at dir, which exists. Errors: fs.ErrNotExist, and
// syscall.ENOTDIR where dir is a file.
func New(dir string) (*FS, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(abs)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, &fs.PathError{Op: "open", Path: abs, Err: syscall.ENOTDIR}
	}
	rooted, err := root(abs)
	if err != nil {
		return nil, err
	}
	return &FS{rooted, abs}, nil
}

// Create is New, and makes dir and its parents first where they are missing;
// their names are flushed.
func Create(dir string) (*FS, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	var made []string // the parents whose new entries must be flushed
	for d := abs; ; d = filepath.Dir(d) {
		if _, err := os.Stat(d); err == nil || !errors.Is(err, fs.ErrNotExist) {
			break
		}
		made = append(made, filepath.Dir(d))
	}
	if err := os.MkdirAll(abs, 0o700); err != nil {
		return nil, err
	}
	for _, parent := range made {
		if err := syncDir(parent); err != nil {
			return nil, err
		}
	}
	return New(abs)
}

// root gives hackpadfs's view of an absolute path.
func root(abs string) (*hackpados.FS, error) {
	base := hackpados.NewFS()
	if volume := filepath.VolumeName(abs); volume != "" {
		sub, err := base.SubVolume(volume)
		if err != nil {
			return nil, err
		}
		base, abs = sub.(*hackpados.FS), abs[len(volume):]
	}
	name := strings.Trim(filepath.ToSlash(abs), "/")
	if name == "" {
		return base, nil
	}
	sub, err := base.Sub(name)
	if err != nil {
		return nil, err
	}
	return sub.(*hackpados.FS), nil
}

// Open opens a file. (The embedded one returns a file beside an error.)
func (f *FS) Open(name string) (hackpadfs.File, error) {
	file, err := f.FS.Open(name)
	if err != nil {
		return nil, err
	}
	return file, nil
}

// OpenFile opens or creates a file.
func (f *FS) OpenFile(name string, flag int, perm hackpadfs.FileMode) (hackpadfs.File, error) {
	file, err := f.FS.OpenFile(name, flag, perm)
	if err != nil {
		return nil, err
	}
	return file, nil
}

// Lock makes this process the owner of name until the closer is closed or the
// process ends; the file is created if missing. syscall.EBUSY where there is
// another owner, in this process too; its text says who, as far as is known.
func (f *FS) Lock(name string) (io.Closer, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "lock", Path: name, Err: fs.ErrInvalid}
	}
	l := flock.New(filepath.Join(f.dir, filepath.FromSlash(name)), flock.SetPermissions(0o600), flock.SetFlag(os.O_CREATE|os.O_RDWR))
	ok, err := l.TryLock()
	if err == nil && !ok {
		err = &heldError{readOwner(l.Path() + ownerSuffix)}
	}
	if err != nil {
		return nil, &fs.PathError{Op: "lock", Path: name, Err: err}
	}
	writeOwner(l.Path() + ownerSuffix)
	return &lock{l}, nil
}

type lock struct{ *flock.Flock }

// Close takes the note away while nobody else can have written it.
func (l *lock) Close() error {
	if l.Locked() {
		_ = os.Remove(l.Path() + ownerSuffix)
	}
	return l.Flock.Close()
}

// SyncDir makes the names in the directory durable.
func (f *FS) SyncDir() error { return syncDir(f.dir) }

func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // a directory cannot be flushed there; NTFS journals names
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	return errors.Join(err, d.Close())
}

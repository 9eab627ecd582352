//go:build !js

package nativefs

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
)

// WriteFile writes a file that appears under its name only when fill has
// returned nil and everything is flushed. A file of that name is replaced.
func WriteFile(name string, fill func(io.Writer) error) error {
	part := name + ".part"
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	err = fill(f)
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = Publish(part, name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(part))
	}
	return nil
}

// File is a file that is read, and its length.
type File struct {
	*os.File
	Size int64
}

// OpenFile opens a file for reading.
func OpenFile(name string) (*File, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "open", Path: name, Err: errors.New("no file")}
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &File{f, info.Size()}, nil
}

// Occupied says whether there is anything in a directory. One that is not
// there is not.
func Occupied(dir string) (bool, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return len(entries) > 0, err
}

// Has says whether a directory holds a file.
func Has(dir, name string) bool {
	info, err := os.Stat(filepath.Join(dir, name))
	return err == nil && info.Mode().IsRegular()
}

// maxNames bounds the search for a free name.
const maxNames = 10_000

// FreeName returns the name of a directory with something behind it, and a
// number, that nothing has yet.
func FreeName(dir, behind string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for i := 1; i <= maxNames; i++ {
		name := abs + behind + strconv.Itoa(i)
		if _, err := os.Lstat(name); errors.Is(err, fs.ErrNotExist) {
			return name, nil
		} else if err != nil {
			return "", err
		}
	}
	return "", fs.ErrExist
}

// Remove removes a directory that was made and is not wanted, with everything
// in it.
func Remove(dir string) error { return os.RemoveAll(dir) }

// Publish gives what is finished its name, durably. A file of that name, or an
// empty directory, makes room.
func Publish(from, to string) error {
	abs, err := filepath.Abs(to)
	if err != nil {
		return err
	}
	if info, err := os.Lstat(abs); err == nil && info.IsDir() {
		if err := os.Remove(abs); err != nil {
			return err
		}
	}
	if err := os.Rename(from, abs); err != nil {
		return err
	}
	return syncDir(filepath.Dir(abs))
}

// Swap puts the directory from in the place of to, which goes on under the name
// kept. The three lie in one directory. Should the machine stop in between, the
// old one is under kept and the new one still under from.
func Swap(from, to, kept string) error {
	if err := os.Rename(to, kept); err != nil {
		return err
	}
	if err := Publish(from, to); err != nil {
		return errors.Join(err, os.Rename(kept, to))
	}
	return nil
}

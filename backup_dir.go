//go:build !js

package pocketgraph

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"github.com/pocketgraph/pocketgraph/internal/nativefs"
	"github.com/pocketgraph/pocketgraph/wal"
)

// ExportFile writes a backup of db to a file, which appears under its name only
// when it is whole and flushed. A file of that name is replaced.
func ExportFile(ctx context.Context, db *DB, name string) (info BackupInfo, err error) {
	part := name + ".part"
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return BackupInfo{}, wrap("writing the backup "+name, err)
	}
	info, err = db.Export(ctx, f)
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = nativefs.Publish(part, name)
	}
	if err != nil {
		return BackupInfo{}, errors.Join(wrap("writing the backup "+name, err), os.Remove(part))
	}
	return info, nil
}

// Restored tells about ImportFile.
type Restored struct {
	BackupInfo
	Kept string // directory under which the store that was replaced is, or empty
}

// ImportFile makes the directory dir a store from the backup in a file. The
// backup is checked, the new store is built beside dir and opened once, and only
// then it takes its place. A store that is there is replaced only when replace
// says so; it is not deleted but kept beside under the name that is returned.
// Errors: EXISTS, LOCKED, those of CheckBackup; dir is then as it was.
func ImportFile(ctx context.Context, name, dir string, replace bool) (Restored, error) {
	there, err := occupied(dir)
	if err != nil {
		return Restored{}, wrap("looking at "+dir, err)
	}
	if there && !replace {
		return Restored{}, newError(CodeExists, dir+" exists already")
	}
	f, err := os.Open(name)
	if err != nil {
		return Restored{}, wrap("reading the backup "+name, err)
	}
	defer f.Close() // read only: nothing can be lost
	info, err := f.Stat()
	if err != nil {
		return Restored{}, wrap("reading the backup "+name, err)
	}
	dir, err = filepath.Abs(dir)
	if err != nil {
		return Restored{}, wrap("looking at "+dir, err)
	}
	fresh, err := freeName(dir, ".importing-")
	if err != nil {
		return Restored{}, wrap("looking for a name beside "+dir, err)
	}
	backup, err := build(ctx, fresh, f, info.Size())
	if err != nil {
		return Restored{}, errors.Join(err, os.RemoveAll(fresh))
	}
	kept, err := place(dir, fresh, there)
	if err != nil {
		return Restored{}, errors.Join(wrap("putting the store in place", err), os.RemoveAll(fresh))
	}
	return Restored{backup, kept}, nil
}

// build makes the store and opens it once, which reads all of it again.
func build(ctx context.Context, dir string, backup io.ReaderAt, size int64) (BackupInfo, error) {
	fsys, err := nativefs.Create(dir)
	if err != nil {
		return BackupInfo{}, wrap("creating "+dir, err)
	}
	info, err := Restore(ctx, fsys, backup, size, Options{})
	if err != nil {
		return BackupInfo{}, err
	}
	db, err := Open(ctx, fsys, Options{Create: MustExist, SnapshotInterval: -1})
	if err != nil {
		return BackupInfo{}, err
	}
	return info, db.Close()
}

// place gives the finished directory its name.
func place(dir, fresh string, there bool) (kept string, err error) {
	if !there {
		// An empty directory may be in the way.
		if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		return "", nativefs.Publish(fresh, dir)
	}
	if _, err := os.Stat(filepath.Join(dir, "meta")); err != nil {
		return "", newError(CodeNotAStore, dir+" holds something that is no store: it is not replaced")
	}
	old, err := nativefs.New(dir)
	if err != nil {
		return "", err
	}
	lock, err := old.Lock("meta")
	if err != nil {
		return "", newError(CodeLocked, dir+" is open elsewhere")
	}
	if kept, err = freeName(dir, ".before-"); err == nil {
		err = nativefs.Swap(fresh, dir, kept)
	}
	return kept, errors.Join(err, lock.Close())
}

// occupied says whether there is anything in a directory.
func occupied(dir string) (bool, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return len(entries) > 0, err
}

// maxNames bounds the search for a free name.
const maxNames = 10_000

// freeName is dir with something behind it that is not there yet.
func freeName(dir, behind string) (string, error) {
	for i := 1; i <= maxNames; i++ {
		name := dir + behind + strconv.Itoa(i)
		if _, err := os.Lstat(name); errors.Is(err, fs.ErrNotExist) {
			return name, nil
		} else if err != nil {
			return "", err
		}
	}
	return "", fs.ErrExist
}

// IsBackup says whether a file begins as a backup does. A folder is none.
func IsBackup(name string) (bool, error) {
	f, err := os.Open(name)
	if err != nil {
		return false, wrap("looking at "+name, err)
	}
	defer f.Close() // read only: nothing can be lost
	var begin [8]byte
	n, err := f.Read(begin[:])
	if err != nil { // empty, or a folder: the importers say what is wrong with it
		return false, nil
	}
	return wal.BeginsBackup(begin[:n]), nil
}

//go:build !js

package pocketgraph

import (
	"context"
	"errors"
	"io"

	"github.com/pocketgraph/pocketgraph/internal/nativefs"
	"github.com/pocketgraph/pocketgraph/wal"
)

// ExportFile writes a backup of the database to a file, which appears under its
// name only when it is whole and flushed. A file of that name is replaced.
func (db *DB) ExportFile(ctx context.Context, name string) (info BackupInfo, err error) {
	err = nativefs.WriteFile(name, func(w io.Writer) error {
		info, err = db.Export(ctx, w)
		return err
	})
	return info, wrap("writing the backup "+name, err)
}

// Imported tells about ImportFile.
type Imported struct {
	BackupInfo
	Kept string // directory of the store that was replaced, or empty
}

// ImportFile makes the directory dir a store from the backup in a file. The
// backup is checked, the new store is built beside dir and opened once, and only
// then it takes its place. A store that is there is replaced only when replace
// says so; it is not deleted but kept beside, under the name that is returned.
// Errors: EXISTS, LOCKED, NOT_A_STORE, those of CheckBackup; dir is then as it
// was.
func ImportFile(ctx context.Context, name, dir string, replace bool) (Imported, error) {
	there, err := nativefs.Occupied(dir)
	switch {
	case err != nil:
		return Imported{}, wrap("looking at "+dir, err)
	case there && !replace:
		return Imported{}, newError(CodeExists, dir+" holds something already")
	case there && !nativefs.Has(dir, "meta"):
		return Imported{}, newError(CodeNotAStore, dir+" holds something that is no store: it is not replaced")
	}
	backup, err := nativefs.OpenFile(name)
	if err != nil {
		return Imported{}, wrap("reading the backup "+name, err)
	}
	defer backup.Close() // read only: nothing can be lost
	fresh, err := nativefs.FreeName(dir, ".importing-")
	if err != nil {
		return Imported{}, wrap("looking for a name beside "+dir, err)
	}
	info, err := build(ctx, fresh, backup)
	kept := ""
	if err == nil {
		kept, err = place(fresh, dir, there)
	}
	if err != nil {
		return Imported{}, errors.Join(err, nativefs.Remove(fresh))
	}
	return Imported{info, kept}, nil
}

// build makes the store and opens it once, which reads all of it again.
func build(ctx context.Context, dir string, backup *nativefs.File) (BackupInfo, error) {
	fsys, err := nativefs.Create(dir)
	if err != nil {
		return BackupInfo{}, wrap("creating "+dir, err)
	}
	info, err := Restore(ctx, fsys, backup, backup.Size, Options{})
	if err != nil {
		return BackupInfo{}, err
	}
	db, err := Open(ctx, fsys, Options{Create: MustExist, SnapshotInterval: -1})
	if err != nil {
		return BackupInfo{}, err
	}
	return info, db.Close()
}

// place gives the finished directory its name. Who owns the store there keeps
// it from being replaced.
func place(fresh, dir string, there bool) (kept string, err error) {
	const doing = "putting the store in place"
	if !there {
		return "", wrap(doing, nativefs.Publish(fresh, dir))
	}
	old, err := nativefs.New(dir)
	if err != nil {
		return "", wrap(doing, err)
	}
	lock, err := old.Lock("meta")
	if err != nil {
		return "", newError(CodeLocked, dir+" is open elsewhere")
	}
	if kept, err = nativefs.FreeName(dir, ".before-"); err == nil {
		err = nativefs.Swap(fresh, dir, kept)
	}
	return kept, wrap(doing, errors.Join(err, lock.Close()))
}

// IsBackup says whether a file begins as a backup does. A folder is none.
func IsBackup(name string) (bool, error) {
	f, err := nativefs.OpenFile(name)
	if err != nil {
		return false, nil // who reads it says what is wrong with it
	}
	var begin [8]byte
	n, err := f.ReadAt(begin[:], 0)
	if err == io.EOF {
		err = nil
	}
	return wal.BeginsBackup(begin[:n]), wrap("looking at "+name, errors.Join(err, f.Close()))
}

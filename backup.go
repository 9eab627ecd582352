package pocketgraph

import (
	"context"
	"io"
	"time"

	"github.com/hack-pad/hackpadfs"

	"github.com/pocketgraph/pocketgraph/storage"
	"github.com/pocketgraph/pocketgraph/wal"
)

// BackupInfo tells about a backup.
type BackupInfo struct {
	Sequence uint64    // of the last transaction in it
	Written  time.Time // when it was taken
	Bytes    int64
}

// Export writes a backup: the whole graph and its schema as they are after one
// transaction, in the format of a snapshot file, every part with its checksum.
// Readers and writers go on meanwhile. It works on a store that can no longer be
// written, too. A stream that ends early is no backup, and restoring says so.
func (db *DB) Export(ctx context.Context, w io.Writer) (BackupInfo, error) {
	info, err := db.store.Export(ctx, w)
	return backupInfo(info), wrap("writing a backup", err)
}

func backupInfo(i wal.BackupInfo) BackupInfo { return BackupInfo{i.Sequence, i.Written, i.Bytes} }

// CheckBackup reads a whole backup of the given length and checks everything
// that is checked when it is restored: all checksums, that the graph can be
// built from it, and that it breaks no invariant. Errors: CORRUPT, NOT_A_STORE
// for what is no backup, NEWER_FORMAT.
func CheckBackup(ctx context.Context, in io.ReaderAt, size int64) (BackupInfo, error) {
	info, problems, err := storage.CheckBackup(ctx, in, size, nil)
	if err != nil {
		return BackupInfo{}, wrap("checking the backup", err)
	}
	if len(problems) > 0 {
		return BackupInfo{}, newError(CodeCorrupt, "checking the backup: "+problems[0])
	}
	return backupInfo(info), nil
}

// Restore creates a store at the root of fsys from a backup, after CheckBackup
// has found nothing wrong with it. The store has an id of its own, so that it
// never gives an element id that the store of the backup gives to another;
// numeric identities and sequence numbers go on from the backup. Errors: those
// of CheckBackup, and EXISTS where there is anything already.
func Restore(ctx context.Context, fsys hackpadfs.FS, in io.ReaderAt, size int64, o Options) (BackupInfo, error) {
	if _, err := CheckBackup(ctx, in, size); err != nil {
		return BackupInfo{}, err
	}
	info, err := storage.Restore(ctx, fsys, o.storage(newStoreID()), in, size)
	return backupInfo(info), wrap("restoring the backup", err)
}

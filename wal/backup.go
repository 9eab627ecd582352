package wal

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/hack-pad/hackpadfs"
)

// A backup is a snapshot file by itself (see snapshot.go), with a serial of 1
// and no position in a log: nothing goes on behind it. So a snapshot file that
// was copied out of a store is one, too.

// BackupInfo describes a backup.
type BackupInfo struct {
	StoreID  [16]byte // of the store it was taken from
	Sequence uint64   // of the last transaction in it
	Written  time.Time
	Bytes    int64
	Sections uint64 // chunks
}

// BackupWriter writes a backup to a stream, front to back.
type BackupWriter struct {
	snap *Snapshot
	out  *streamed
}

// NewBackup begins a backup of the state after a transaction.
func NewBackup(w io.Writer, store [16]byte, sequence uint64, now time.Time, yield func()) *BackupWriter {
	if yield == nil {
		yield = func() {}
	}
	out := &streamed{w: w}
	snap := &Snapshot{
		s: &Store{yield: yield}, f: &file{name: "the backup", h: out},
		header: snapshotHeader{version: FormatVersion, store: store, serial: 1, sequence: sequence, written: now.UnixMicro()},
	}
	snap.begin()
	return &BackupWriter{snap, out}
}

// Section appends a chunk; see Snapshot.Section.
func (b *BackupWriter) Section(kind uint32, data []byte) error { return b.snap.Section(kind, data) }

// Finish writes the trailer. Only then is the backup one.
func (b *BackupWriter) Finish() (BackupInfo, error) {
	s := b.snap
	if s.err != nil {
		return BackupInfo{}, wrap("finishing a backup", ErrSnapshotFailed, s.err)
	}
	if _, err := s.trailer(); err != nil {
		s.err = err
		return BackupInfo{}, err
	}
	s.err = errSnapshotOver
	return s.header.backup(s.offset, s.index), nil
}

func (h *snapshotHeader) backup(bytes int64, sections uint64) BackupInfo {
	return BackupInfo{StoreID: h.store, Sequence: h.sequence, Written: time.UnixMicro(h.written), Bytes: bytes, Sections: sections}
}

// streamed is a handle that takes writes one behind the other.
type streamed struct {
	hackpadfs.File
	w  io.Writer
	at int64
}

var errOutOfOrder = errors.New("it is written front to back only")

func (s *streamed) WriteAt(p []byte, off int64) (int, error) {
	if off != s.at {
		return 0, errOutOfOrder
	}
	n, err := s.w.Write(p)
	s.at += int64(n)
	return n, err
}

func (s *streamed) ReadAt([]byte, int64) (int, error) { return 0, errOutOfOrder }
func (s *streamed) Sync() error                       { return nil }
func (s *streamed) Truncate(int64) error              { return errOutOfOrder }

// ReadBackup checks a backup of the given length while it delivers its chunks:
// who keeps what was delivered must forget it on an error. Errors: ErrCorrupt
// with the place, ErrNewerFormat, ErrNotStore for what is no backup at all.
func ReadBackup(ctx context.Context, in io.ReaderAt, size int64, yield func(), emit func(kind uint32, data []byte) error) (BackupInfo, error) {
	f := &file{name: "the backup", h: readOnly{nil, in}, size: size}
	h, err := backupHeader(in, size)
	if err != nil {
		return BackupInfo{}, err
	}
	if yield == nil {
		yield = func() {}
	}
	r := &snapshotReader{f: f, store: h.store, work: &work{ctx: ctx, yield: yield}}
	sections := uint64(0)
	w, err := r.read(func(kind uint32, data []byte) error {
		sections++
		return emit(kind, data)
	})
	switch {
	case err != nil:
		return BackupInfo{}, err
	case w.length != size:
		return BackupInfo{}, r.damage(w.length, "something follows the trailer of the backup")
	case h.serial == 0:
		return BackupInfo{}, r.damage(0, "the snapshot was never written")
	}
	return h.backup(w.length, sections), nil
}

// CreateFrom makes a store whose first snapshot is a backup. It is a store of
// its own, with the id that the options give; sequence numbers go on from those
// of the backup. The state changes with one meta slot: what an interruption or
// an error leaves is an empty store, or nothing. ErrExists where there is
// anything already.
func CreateFrom(ctx context.Context, o Options, in io.ReaderAt, size int64) (BackupInfo, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Yield == nil {
		o.Yield = func() {}
	}
	d, err := own(ctx, &o)
	if err != nil {
		return BackupInfo{}, err
	}
	info, err := createFrom(ctx, d, &o, in, size)
	return info, errors.Join(err, d.close())
}

func createFrom(ctx context.Context, d *disk, o *Options, in io.ReaderAt, size int64) (BackupInfo, error) {
	empty := true
	d.each(func(_ string, f **file) { empty = empty && (*f == nil || (*f).size == 0) })
	if !empty {
		return BackupInfo{}, wrap("creating the store", ErrExists, nil)
	}
	s, err := create(d, o)
	if err != nil {
		return BackupInfo{}, err
	}
	h, err := backupHeader(in, size)
	if err != nil {
		return BackupInfo{}, err
	}
	// The log goes on from the backup's sequence, where it has no record yet.
	s.end.sequence, s.durable.sequence = h.sequence, h.sequence
	snap := &Snapshot{
		s: s, f: d.snap[0],
		header: snapshotHeader{version: FormatVersion, store: o.StoreID, serial: 1, sequence: h.sequence, log: s.end, written: o.Now().UnixMicro()},
	}
	snap.begin()
	info, err := ReadBackup(ctx, in, size, o.Yield, snap.Section)
	if err != nil {
		return info, err
	}
	sum, err := snap.trailer()
	if err != nil {
		return info, err
	}
	if err := snap.f.sync(); err != nil {
		return info, err
	}
	m := s.m
	m.current = way{kind: waySnapshot, length: snap.offset, checksum: sum, log: s.end}
	return info, s.writeMeta(m)
}

// backupHeader reads the beginning of a backup. ReadBackup says more about what
// is wrong with it.
func backupHeader(in io.ReaderAt, size int64) (snapshotHeader, error) {
	f := &file{name: "the backup", h: readOnly{nil, in}, size: size}
	var block [blockSize]byte
	n, err := f.readAt(block[:], 0)
	switch {
	case err != nil:
		return snapshotHeader{}, err
	case !hasMagic(block[:n], snapshotMagic):
		return snapshotHeader{}, wrap("reading the backup", ErrNotStore, nil)
	}
	h, _ := decodeSnapshotHeader(block[:n])
	return h, nil
}

// BeginsBackup says whether a file that begins so is meant to be a backup.
func BeginsBackup(b []byte) bool { return hasMagic(b, snapshotMagic) }

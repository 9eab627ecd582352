package wal

import "errors"

// snapshotWrite is how many bytes of small chunks are gathered for one write.
const snapshotWrite = 256 << 10

// Snapshot is one being written. Its methods belong to one goroutine at a
// time; appends to the Store go on beside it.
type Snapshot struct {
	s       *Store
	slot    uint32
	f       *file
	before  int64 // length of the file when the snapshot began
	header  snapshotHeader
	running uint32
	index   uint64
	offset  int64  // of the next chunk
	buf     []byte // gathered bytes
	bufAt   int64  // where they go
	entries uint64 // Store.entries at the cut
	turn    int64  // bytes since the caller's last turn

	newLog *logHeader // after a salvage the log begins anew, with this header
	err    error      // what ended it
}

var errSnapshotOver = errors.New("it was committed or aborted")

// begin puts the header in front.
func (s *Snapshot) begin() {
	s.buf = make([]byte, blockSize, snapshotWrite+blockSize)
	encodeSnapshotHeader(s.buf, &s.header)
	s.running = s.header.checksum
	s.offset = blockSize
}

// Sequence of the last record whose effects belong into the snapshot.
func (s *Snapshot) Sequence() uint64 { return s.header.sequence }

// Require says that only a reader that knows these features may read the
// snapshot. It is called before the first Section.
func (s *Snapshot) Require(features uint64) {
	s.header.required |= features
	encodeSnapshotHeader(s.buf, &s.header)
	s.running = s.header.checksum
}

// Section appends a chunk of at most MaxSection bytes; kind is the caller's,
// not 0 and not the largest. After an error of the file system the snapshot
// cannot be committed.
func (s *Snapshot) Section(kind uint32, data []byte) error {
	if s.err != nil {
		return wrap("writing a snapshot section", ErrSnapshotFailed, s.err)
	}
	if len(data) > MaxSection {
		return wrap("writing a snapshot section", ErrTooLarge, nil)
	}
	if kind == 0 || kind == trailerKind {
		return wrap("writing a snapshot section", ErrSnapshotFailed, errors.New("kinds 0 and 0xFFFFFFFF are the format's own"))
	}
	if err := s.chunk(kind, data); err != nil {
		s.err = err
		return err
	}
	if s.turn += int64(len(data)); s.turn >= yieldBytes {
		s.turn = 0
		s.s.yield()
	}
	return nil
}

func (s *Snapshot) chunk(kind uint32, data []byte) error {
	pad := zeros[:align8(int64(len(data)))-int64(len(data))]
	if len(s.buf)+chunkHeader+len(data)+len(pad) > snapshotWrite {
		if err := s.writeOut(); err != nil {
			return err
		}
	}
	at := len(s.buf)
	s.buf = append(s.buf, zeros[:chunkHeader]...)
	encodeChunkHeader(s.buf[at:], &s.header, s.offset, kind, len(data), s.index, crcMore(crcOf(data), pad))
	if kind != trailerKind {
		s.running = crcMore(s.running, s.buf[at:])
		s.index++
	}
	s.offset += chunkHeader + int64(len(data)+len(pad))
	if len(data) < snapshotWrite {
		s.buf = append(append(s.buf, data...), pad...)
		return nil
	}
	// A large chunk is written from where it is: no second copy of it.
	if err := s.writeOut(); err != nil {
		return err
	}
	if err := s.write(data); err != nil {
		return err
	}
	s.buf = append(s.buf, pad...)
	return nil
}

func (s *Snapshot) writeOut() error {
	err := s.write(s.buf)
	s.buf = s.buf[:0]
	return err
}

func (s *Snapshot) write(b []byte) error {
	if len(b) == 0 {
		return nil
	}
	_, err := s.f.writeAt(b, s.bufAt)
	s.bufAt += int64(len(b))
	return err
}

// Commit makes the snapshot durable and the newest. On an error the one before
// stays the newest, unless the error is ErrFlush: then writing has ended, and
// the next Open finds one of the two. A failed flush of the snapshot file
// itself is ErrIO: nothing refers to it yet.
func (s *Snapshot) Commit() (SnapshotInfo, error) {
	if s.err != nil {
		return SnapshotInfo{}, wrap("committing a snapshot", ErrSnapshotFailed, s.err)
	}
	info, err := s.commit()
	if err != nil {
		s.err = err
		s.giveUp()
		return SnapshotInfo{}, err
	}
	s.err = errSnapshotOver
	s.s.ended(s)
	return info, nil
}

func (s *Snapshot) commit() (SnapshotInfo, error) {
	checksum, err := s.trailer()
	if err != nil {
		return SnapshotInfo{}, err
	}
	if err := s.f.h.Sync(); err != nil {
		return SnapshotInfo{}, wrap("flushing "+s.f.name, ErrIO, err)
	}
	w := way{kind: waySnapshot, snap: s.slot, length: s.offset, checksum: checksum, log: s.header.log}
	if err := s.s.adopt(s, w); err != nil {
		return SnapshotInfo{}, err
	}
	return SnapshotInfo{Sequence: s.header.sequence, Bytes: s.offset, Sections: s.index}, nil
}

// trailer ends the file and returns the snapshot's checksum.
func (s *Snapshot) trailer() (uint32, error) {
	var data [trailerData]byte
	putU64(data[:], 0, s.index)
	putU64(data[:], 8, uint64(s.offset+chunkHeader+trailerData))
	putU32(data[:], 16, s.running)
	if err := s.chunk(trailerKind, data[:]); err != nil {
		return 0, err
	}
	checksum := getU32(s.buf, len(s.buf)-trailerData-4)
	return checksum, s.writeOut()
}

// Abort ends a snapshot that was not committed. After Commit it does nothing.
func (s *Snapshot) Abort() {
	if s.err == errSnapshotOver {
		return
	}
	s.err = errSnapshotOver
	s.giveUp()
}

// giveUp releases the space this attempt took beyond what its slot owned,
// unless meta may name it. Housekeeping: an error here changes nothing.
func (s *Snapshot) giveUp() {
	if s.f.size > s.before && !s.s.inDoubt() {
		_ = s.f.truncate(s.before)
	}
	s.s.ended(s)
}

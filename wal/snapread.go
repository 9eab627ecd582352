package wal

// snapshotReader walks a snapshot file, checking everything before it shows it.
type snapshotReader struct {
	f     *file
	store [16]byte
	work  *work
}

// damage is what is wrong with the file, at an offset.
func (r *snapshotReader) damage(off int64, reason string) error {
	return &CorruptError{File: r.f.name, Offset: off, Reason: reason}
}

func (r *snapshotReader) header(win *window) (snapshotHeader, error) {
	b, err := win.at(0, blockSize)
	if err != nil {
		return snapshotHeader{}, err
	}
	h, ok := decodeSnapshotHeader(b)
	switch {
	case !ok:
		return h, r.damage(0, "the header of the snapshot cannot be read")
	case h.newer():
		return h, wrap("reading "+r.f.name, ErrNewerFormat, nil)
	case h.store != r.store:
		return h, r.damage(0, "the snapshot belongs to another store")
	}
	return h, nil
}

// read delivers every chunk and returns the way this snapshot is, without its
// slot number: length and checksum as they are in the file.
func (r *snapshotReader) read(emit func(kind uint32, data []byte) error) (way, error) {
	win := &window{f: r.f, work: r.work}
	h, err := r.header(win)
	if err != nil {
		return way{}, err
	}
	running, off := h.checksum, int64(blockSize)
	for index := uint64(0); ; index++ {
		b, err := win.at(off, chunkHeader)
		if err != nil {
			return way{}, err
		}
		if len(b) < chunkHeader {
			return way{}, r.damage(off, "the snapshot ends before its trailer")
		}
		if getU32(b, 20) != chunkChecksum(b, &h, off) || getU64(b, 8) != index {
			return way{}, r.damage(off, "the header of a snapshot chunk has a wrong checksum")
		}
		kind, length, body, sum := getU32(b, 0), int(getU32(b, 4)), getU32(b, 16), getU32(b, 20)
		if length > MaxSection {
			return way{}, r.damage(off, "a snapshot chunk is longer than any may be")
		}
		if kind != trailerKind {
			running = crcMore(running, b)
		}
		padded := int(align8(int64(length)))
		if b, err = win.at(off+chunkHeader, padded); err != nil {
			return way{}, err
		}
		if len(b) < padded || crcOf(b) != body {
			return way{}, r.damage(off+chunkHeader, "a snapshot chunk has a wrong checksum")
		}
		off += chunkHeader + int64(padded)
		if kind == trailerKind {
			if length != trailerData || getU64(b, 0) != index || int64(getU64(b, 8)) != off || getU32(b, 16) != running {
				return way{}, r.damage(off, "the trailer does not fit what is before it")
			}
			return way{kind: waySnapshot, length: off, checksum: sum, log: h.log}, nil
		}
		if err := emit(kind, b[:length]); err != nil {
			return way{}, wrap("replaying "+r.f.name, err, nil)
		}
	}
}

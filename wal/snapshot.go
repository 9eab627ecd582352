package wal

// A snapshot file is a header block and chunks, each at a multiple of eight.
//
//	  0  8 magic "PGsnap\r\n"
//	  8  4 format version
//	 12  4 zero
//	 16  8 required features
//	 24 16 store id
//	 40  8 serial: grows with each snapshot begun; 0: never used yet
//	 48  8 sequence of the last record whose effects are inside
//	 56 40 position in the log of the first record that is not (see meta.go)
//	 96  8 written, microseconds since 1970
//	104  4 encryption key id, 0: none
//	4092 4 CRC-32C of the 4092 bytes before it
//
// A chunk is 24 bytes of header, its data, and zeros up to a multiple of eight:
//
//	 0  4 kind, the caller's; 0 is invalid, 0xFFFFFFFF is the trailer
//	 4  4 length of the data
//	 8  8 index, from 0
//	16  4 CRC-32C of data and zeros
//	20  4 CRC-32C of store id, this chunk's offset, serial, and bytes 0 to 19
//
// The trailer's data is
//
//	 0  8 number of chunks before it
//	 8  8 length of the whole snapshot
//	16  4 running CRC-32C: header checksum, then every chunk header before it
//	20  4 zero
//
// and its header checksum is the snapshot's checksum in meta.
const (
	chunkHeader = 24
	trailerData = 24
	trailerKind = ^uint32(0)
)

type snapshotHeader struct {
	version  uint32
	required uint64
	store    [16]byte
	serial   uint64
	sequence uint64
	log      position
	written  int64
	checksum uint32
}

func encodeSnapshotHeader(b []byte, h *snapshotHeader) {
	clear(b[:blockSize])
	copy(b, snapshotMagic)
	putU32(b, 8, h.version)
	putU64(b, featureOffset, h.required)
	copy(b[24:], h.store[:])
	putU64(b, 40, h.serial)
	putU64(b, 48, h.sequence)
	h.log.encode(b[56:])
	putU64(b, 96, uint64(h.written))
	sealBlock(b)
	h.checksum = getU32(b, blockSize-4)
}

func decodeSnapshotHeader(b []byte) (h snapshotHeader, ok bool) {
	if !hasMagic(b, snapshotMagic) || !blockSound(b) {
		return snapshotHeader{}, false
	}
	return snapshotHeader{
		version:  getU32(b, 8),
		required: getU64(b, featureOffset),
		store:    get16(b, 24),
		serial:   getU64(b, 40),
		sequence: getU64(b, 48),
		log:      decodePosition(b[56:]),
		written:  int64(getU64(b, 96)),
		checksum: getU32(b, blockSize-4),
	}, true
}

func (h *snapshotHeader) newer() bool {
	return h.version > FormatVersion || h.required&^knownRequired != 0
}

// encodeChunkHeader fills the 24 bytes of the chunk at offset.
func encodeChunkHeader(b []byte, h *snapshotHeader, offset int64, kind uint32, length int, index uint64, body uint32) {
	putU32(b, 0, kind)
	putU32(b, 4, uint32(length))
	putU64(b, 8, index)
	putU32(b, 16, body)
	putU32(b, 20, chunkChecksum(b, h, offset))
}

func chunkChecksum(b []byte, h *snapshotHeader, offset int64) uint32 {
	return crcMore(crcU64(place(h.store, offset), h.serial), b[:20])
}

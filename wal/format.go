package wal

import (
	"hash/crc32"

	"github.com/hack-pad/hackpadfs"
)

// What all five files share. Integers are little-endian. Everything begins
// with a magic of eight bytes, a version, and has a CRC-32C over all its bytes.
//
// FormatVersion grows when an older reader would misread the files. A change
// an older reader can live with sets an optional feature bit instead; one it
// cannot live with sets a required bit.
const (
	FormatVersion = 1

	// FeatureAnswers: the snapshot has the newest answers to named requests
	// (package storage). Only in headers of snapshots, and only where there are any.
	FeatureAnswers = uint64(1) << 0

	knownRequired = FeatureAnswers

	metaMagic     = "PGmeta\r\n"
	logMagic      = "PGlog\x00\r\n"
	snapshotMagic = "PGsnap\r\n"
	historyMagic  = "PGhist\r\n"

	// blockSize is the unit no two things share that are written at different
	// times: a header, a meta slot. It is the largest piece a disk tears.
	blockSize = 4096
)

// The five files. Index 0 and 1 of a log or snapshot is its name's digit.
const metaName = "meta"

var (
	logNames  = [2]string{"wal.0", "wal.1"}
	snapNames = [2]string{"snap.0", "snap.1"}
	fileNames = [5]string{metaName, logNames[0], logNames[1], snapNames[0], snapNames[1]}
)

// castagnoli is the one table for which hash/crc32 uses the processor's
// instruction, and eight bytes at a time where there is none (wasm).
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func crcOf(b []byte) uint32                { return crc32.Update(0, castagnoli, b) }
func crcMore(sum uint32, b []byte) uint32  { return crc32.Update(sum, castagnoli, b) }
func align8(n int64) int64                 { return (n + 7) &^ 7 }
func get16(b []byte, at int) (id [16]byte) { copy(id[:], b[at:]); return id }
func getU32(b []byte, at int) uint32 {
	_ = b[at+3]
	return uint32(b[at]) | uint32(b[at+1])<<8 | uint32(b[at+2])<<16 | uint32(b[at+3])<<24
}
func getU64(b []byte, at int) uint64 { return uint64(getU32(b, at)) | uint64(getU32(b, at+4))<<32 }
func putU32(b []byte, at int, v uint32) {
	_ = b[at+3]
	b[at], b[at+1], b[at+2], b[at+3] = byte(v), byte(v>>8), byte(v>>16), byte(v>>24)
}
func putU64(b []byte, at int, v uint64) { putU32(b, at, uint32(v)); putU32(b, at+4, uint32(v>>32)) }
func hasMagic(b []byte, magic string) bool {
	return len(b) >= len(magic) && string(b[:len(magic)]) == magic
}

// place seeds the checksum of something inside a file with the store and the
// offset, so that bytes from another store or another place never fit.
func place(store [16]byte, offset int64) uint32 {
	sum := ^uint32(0)
	for _, b := range store {
		sum = castagnoli[byte(sum)^b] ^ sum>>8
	}
	return crcU64(^sum, uint64(offset))
}

// crcU64 goes on over the eight bytes of v. (A slice given to hash/crc32
// escapes to the heap: this would be one allocation for each record.)
func crcU64(sum uint32, v uint64) uint32 {
	sum = ^sum
	for range 8 {
		sum = castagnoli[byte(sum)^byte(v)] ^ sum>>8
		v >>= 8
	}
	return ^sum
}

// sealBlock puts the checksum into the last four bytes of a block.
func sealBlock(b []byte) { putU32(b, blockSize-4, crcOf(b[:blockSize-4])) }

// blockSound reports that a whole block has its checksum.
func blockSound(b []byte) bool {
	return len(b) == blockSize && getU32(b, blockSize-4) == crcOf(b[:blockSize-4])
}

func allZero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}

const (
	openFlags  = hackpadfs.FlagReadWrite
	createFlag = hackpadfs.FlagCreate
)

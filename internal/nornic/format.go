package nornic

import "hash/crc32"

// A log is a sequence of records, each in one of three forms. Numbers are
// little-endian. The payload of all is one JSON object, see entry.go.
//
// Legacy, a line of JSON:
//
//	payload '\n'            any white space between objects
//
// WALE version 1:
//
//	0  4 magic "WALE"
//	4  1 version 1
//	5  4 length of the payload
//	9  n payload
//	   4 CRC-32C of the payload
//
// WALE version 2 goes on with
//
//	  8 trailer CE FA ED FE EF BE AD DE
//	0-7 zeros, so that the record is a multiple of eight long
//
// The header has no checksum: its length is believed only when the checksum of
// what it frames holds.
const (
	magic          = "WALE"
	recordHeader   = 9 // magic, version, length
	recordChecksum = 4
	trailer        = "\xce\xfa\xed\xfe\xef\xbe\xad\xde"
)

// MaxRecord bounds the payload of one record in bytes. NornicDB writes records
// of any length (a bulk of 100,000 small nodes has 16.9 MB) and reads none above
// 16 MiB; this is sixteen times that.
const MaxRecord = 256 << 20

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func checksum(b []byte) uint32 { return crc32.Checksum(b, castagnoli) }

func u32(b []byte) uint32 {
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
}

// form says how a record is framed.
type form uint8

const (
	legacy form = iota
	version1
	version2
)

// padded is where a version 2 record ends that begins at 0 and has a payload
// of n bytes.
func padded(n int64) int64 {
	return (recordHeader + n + recordChecksum + int64(len(trailer)) + 7) &^ 7
}

// update continues a checksum.
func update(sum uint32, b []byte) uint32 { return crc32.Update(sum, castagnoli, b) }

package wal

// A log file is a header block and records, each at a multiple of eight.
//
//	  0  8 magic "PGlog\0\r\n"
//	  8  4 format version
//	 12  4 zero
//	 16  8 required features
//	 24 16 store id
//	 40  8 generation: 1 for the first log of the store, then growing; 0: never used yet
//	 48  8 salt: makes the checksum of this header, where the chain begins, unlike any other's
//	 56  8 sequence of the first record (the last one before, plus 1)
//	 64 40 position where the log before this one ends (see meta.go); zero if there is none
//	104  8 written, microseconds since 1970; in history files the time of the first record
//	112  8 incarnation, in history files only (see history.go)
//	4092 4 CRC-32C of the 4092 bytes before it
//
// A record is a header of 96 bytes, the four parts one after the other, and
// zeros up to a multiple of eight:
//
//	 0  4 length of all that, a multiple of 8
//	 4  4 low half of the session's number, or of the log's generation if that is later (see meta.go)
//	 8  4 chain: header checksum of the record before, or checksum of the log header
//	12  4 flags, the caller's
//	16  8 sequence: that of the record before, plus 1
//	24  8 time, microseconds since 1970
//	32  8 durableTo: every byte of this file before it had been flushed when this was written
//	40  8 request \
//	48 16 client   | who asked for this transaction
//	64  4 part    /
//	68  4 encryption key id, 0: none
//	72  4 length of the outcome
//	76  4 length of the metadata
//	80  4 length of the before images
//	84  4 length of the payload
//	88  4 body checksum: CRC-32C of everything behind the header
//	92  4 header checksum: CRC-32C of store id, this record's offset, and bytes 0 to 91
//
// The header has a checksum of its own so that its length can be believed
// before memory is taken, and so that it attests durableTo even where the body
// is damaged. The offset in it keeps copies of records inside payloads from ever
// looking like one, the session what is left of an earlier use of the file, or of
// a record that was torn at this very place: its number is in the first eight
// bytes, which no disk tears.
const (
	recordHeader = 96

	featureOffset = 16
)

type logHeader struct {
	version       uint32
	required      uint64
	store         [16]byte
	generation    uint64
	salt          uint64
	firstSequence uint64
	previous      position
	written       int64
	incarnation   uint64 // history files
	checksum      uint32 // decoded or sealed; begins the chain
}

func encodeLogHeader(b []byte, h *logHeader) { encodeHeader(b, h, logMagic) }

func encodeHeader(b []byte, h *logHeader, magic string) {
	clear(b[:blockSize])
	copy(b, magic)
	putU32(b, 8, h.version)
	putU64(b, featureOffset, h.required)
	copy(b[24:], h.store[:])
	putU64(b, 40, h.generation)
	putU64(b, 48, h.salt)
	putU64(b, 56, h.firstSequence)
	h.previous.encode(b[64:])
	putU64(b, 104, uint64(h.written))
	putU64(b, 112, h.incarnation)
	sealBlock(b)
	h.checksum = getU32(b, blockSize-4)
}

func decodeLogHeader(b []byte) (h logHeader, ok bool) { return decodeHeader(b, logMagic) }

func decodeHeader(b []byte, magic string) (h logHeader, ok bool) {
	if !hasMagic(b, magic) || !blockSound(b) {
		return logHeader{}, false
	}
	return logHeader{
		version:       getU32(b, 8),
		required:      getU64(b, featureOffset),
		store:         get16(b, 24),
		generation:    getU64(b, 40),
		salt:          getU64(b, 48),
		firstSequence: getU64(b, 56),
		previous:      decodePosition(b[64:]),
		written:       int64(getU64(b, 104)),
		incarnation:   getU64(b, 112),
		checksum:      getU32(b, blockSize-4),
	}, true
}

func (h *logHeader) newer() bool {
	return h.version > FormatVersion || h.required&^knownRequired != 0
}

// head is a decoded record header.
type head struct {
	length    int64
	session   uint32
	chain     uint32
	flags     uint32
	sequence  uint64
	micros    int64
	durableTo int64
	request   uint64
	client    [16]byte
	part      uint32
	keyID     uint32
	parts     [4]int64 // outcome, metadata, before, payload
	body      uint32
	checksum  uint32
}

// begin is the place of the first record of the log (or segment), in the file of that index.
func (h *logHeader) begin(file uint32) position {
	return position{file: file, chain: h.checksum, generation: h.generation, offset: blockSize, sequence: h.firstSequence - 1}
}

// goesOn reports that the record is the next one at p.
func (h *head) goesOn(p position) bool { return h.chain == p.chain && h.sequence == p.sequence+1 }

// pass moves p behind a record that is written there, or read.
func (p *position) pass(length int64, sequence uint64, checksum uint32) {
	p.offset += length
	p.sequence, p.chain = sequence, checksum
}

// recordLength is the bytes a record takes in the log.
func recordLength(r *Record) int64 {
	return align8(recordHeader + int64(len(r.Outcome)) + int64(len(r.Metadata)) + int64(len(r.Before)) + int64(len(r.Payload)))
}

// encodeRecordHeader fills the 96 bytes and returns the header checksum, the
// next record's chain. body is the checksum of parts and padding.
func encodeRecordHeader(b []byte, r *Record, store [16]byte, session uint64, chain uint32, offset, durableTo int64, body uint32) uint32 {
	putU32(b, 0, uint32(recordLength(r)))
	putU32(b, 4, uint32(session))
	putU32(b, 8, chain)
	putU32(b, 12, r.Flags)
	putU64(b, 16, r.Sequence)
	putU64(b, 24, uint64(r.UnixMicros))
	putU64(b, 32, uint64(durableTo))
	putU64(b, 40, r.Request)
	copy(b[48:64], r.Client[:])
	putU32(b, 64, r.Part)
	putU32(b, 68, r.KeyID)
	putU32(b, 72, uint32(len(r.Outcome)))
	putU32(b, 76, uint32(len(r.Metadata)))
	putU32(b, 80, uint32(len(r.Before)))
	putU32(b, 84, uint32(len(r.Payload)))
	putU32(b, 88, body)
	sum := crcMore(place(store, offset), b[:92])
	putU32(b, 92, sum)
	return sum
}

// appendRecord puts a record behind what is in buf, and moves p, where it will
// be in the file, behind it.
func appendRecord(buf []byte, r *Record, store [16]byte, session uint64, p *position, durableTo int64) []byte {
	at, length := len(buf), recordLength(r)
	buf = append(buf, zeros[:recordHeader]...)
	buf = append(append(append(append(buf, r.Outcome...), r.Metadata...), r.Before...), r.Payload...)
	buf = append(buf, zeros[:int64(at)+length-int64(len(buf))]...)
	sum := encodeRecordHeader(buf[at:], r, store, session, p.chain, p.offset, durableTo, crcOf(buf[at+recordHeader:]))
	p.pass(length, r.Sequence, sum)
	return buf
}

// bodyChecksum covers the parts and the padding.
func bodyChecksum(r *Record) uint32 {
	sum := crcMore(crcMore(crcMore(crcOf(r.Outcome), r.Metadata), r.Before), r.Payload)
	size := int64(len(r.Outcome) + len(r.Metadata) + len(r.Before) + len(r.Payload))
	return crcMore(sum, zeros[:align8(size)-size])
}

// decodeHead reads the header of the record at offset. ok is false where the
// checksum does not hold or a length is out of bounds.
func decodeHead(b []byte, store [16]byte, offset int64) (h head, ok bool) {
	length := int64(getU32(b, 0))
	if length < recordHeader || length > MaxRecord || length%8 != 0 {
		return head{}, false
	}
	if crcMore(place(store, offset), b[:92]) != getU32(b, 92) {
		return head{}, false
	}
	h = head{
		length:    length,
		session:   getU32(b, 4),
		chain:     getU32(b, 8),
		flags:     getU32(b, 12),
		sequence:  getU64(b, 16),
		micros:    int64(getU64(b, 24)),
		durableTo: int64(getU64(b, 32)),
		request:   getU64(b, 40),
		client:    get16(b, 48),
		part:      getU32(b, 64),
		keyID:     getU32(b, 68),
		parts:     [4]int64{int64(getU32(b, 72)), int64(getU32(b, 76)), int64(getU32(b, 80)), int64(getU32(b, 84))},
		body:      getU32(b, 88),
		checksum:  getU32(b, 92),
	}
	sum := recordHeader + h.parts[0] + h.parts[1] + h.parts[2] + h.parts[3]
	return h, align8(sum) == length
}

// record fills r from a header and the bytes behind it, whose checksum the
// caller has checked. The slices share body.
func (h *head) record(body []byte, r *Record) {
	*r = Record{
		Sequence: h.sequence, UnixMicros: h.micros, Flags: h.flags, KeyID: h.keyID,
		Client: h.client, Request: h.request, Part: h.part,
	}
	for i, to := range [4]*[]byte{&r.Outcome, &r.Metadata, &r.Before, &r.Payload} {
		*to, body = body[:h.parts[i]:h.parts[i]], body[h.parts[i]:]
	}
}

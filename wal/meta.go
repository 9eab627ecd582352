package wal

// The file meta is two slots of one block each, at bytes 0 and 4096, written
// alternately. The valid slot with the higher epoch counts.
//
//	  0  8 magic "PGmeta\r\n"
//	  8  4 format version                       \
//	 12  4 flags: bit 0 closed cleanly,          | these places, and the checksum's,
//	       bit 1 written in relaxed mode         | are the same in every version
//	 16  8 required features                     |
//	 24  8 optional features                     |
//	 32  8 epoch, grows with each slot written  /
//	 40 16 store id
//	 56  8 incarnation
//	 64  8 created, microseconds since 1970
//	 72  8 written, microseconds since 1970
//	 80 64 current way
//	144 64 older way
//	208 40 attested position
//	248  8 session: the highest number given to a session or a log so far
//	256 128 where the last 16 incarnations began: sequence of incarnation i at place i%16
//	384  8 the last incarnation that upholds nothing of those before it (a salvage); 0: none,
//	       or an older program did not note it (see oldLine)
//	512    a report that nobody has read yet (see kept.go)
//	4092 4 CRC-32C of the 4092 bytes before it
//
// A way leads to the newest state: a snapshot and where the log goes on.
//
//	 0  4 kind: 0 none, 1 begins empty, 2 begins with a snapshot
//	 4  4 snapshot file, 0 or 1
//	 8  8 snapshot length
//	16  4 snapshot checksum (of its trailer)
//	20  4 zero
//	24 40 position in the log of the first record behind the snapshot
//
// A position is a point between two records of a log.
//
//	 0  4 log file, 0 or 1
//	 4  4 chain: checksum of the record (or header) that ends here
//	 8  8 generation of the log
//	16  8 offset
//	24  8 sequence of the last record before it
//	32  8 zero
//
// The attested position was flushed before the slot was written: a log that
// ends before it has lost something.
//
// Sessions and logs are numbered by one counter. A session (from Open to the
// next) writes its number here before its first record, unless it begins a log
// first, whose generation is then its number. So no two sessions write records
// of the same number, and what one left half written never completes what
// another writes at the same place.
const (
	metaSlots = 2
	metaSize  = metaSlots * blockSize

	flagClean   = 1 << 0
	flagRelaxed = 1 << 1

	incarnations = 16 // whose beginnings are kept
	unwritten    = 8  // more than ever begin between two writes of meta
)

type wayKind uint32

const (
	wayNone wayKind = iota
	wayEmpty
	waySnapshot
)

type position struct {
	file       uint32
	chain      uint32
	generation uint64
	offset     int64
	sequence   uint64
}

type way struct {
	kind     wayKind
	snap     uint32
	length   int64
	checksum uint32
	log      position
}

type meta struct {
	version     uint32
	flags       uint32
	required    uint64
	optional    uint64
	epoch       uint64
	store       [16]byte
	incarnation uint64
	created     int64
	written     int64
	current     way
	older       way
	attested    position
	session     uint64
	begins      [incarnations]uint64
	line        uint64
	kept        []byte // a report, encoded; never changed in place
}

func (p position) encode(b []byte) {
	putU32(b, 0, p.file)
	putU32(b, 4, p.chain)
	putU64(b, 8, p.generation)
	putU64(b, 16, uint64(p.offset))
	putU64(b, 24, p.sequence)
}

func decodePosition(b []byte) position {
	return position{getU32(b, 0), getU32(b, 4), getU64(b, 8), int64(getU64(b, 16)), getU64(b, 24)}
}

func (p position) sound() bool {
	return p.file < 2 && p.offset >= blockSize && p.offset%8 == 0
}

func (w way) encode(b []byte) {
	putU32(b, 0, uint32(w.kind))
	putU32(b, 4, w.snap)
	putU64(b, 8, uint64(w.length))
	putU32(b, 16, w.checksum)
	w.log.encode(b[24:])
}

func decodeWay(b []byte) way {
	return way{wayKind(getU32(b, 0)), getU32(b, 4), int64(getU64(b, 8)), getU32(b, 16), decodePosition(b[24:])}
}

func (w way) sound() bool {
	switch w.kind {
	case wayNone:
		return true
	case wayEmpty:
		return w.log.sound()
	case waySnapshot:
		return w.snap < 2 && w.length >= blockSize && w.log.sound()
	}
	return false
}

// encodeMeta fills one slot, a block.
func encodeMeta(b []byte, m *meta) {
	clear(b[:blockSize])
	copy(b, metaMagic)
	putU32(b, 8, m.version)
	putU32(b, 12, m.flags)
	putU64(b, 16, m.required)
	putU64(b, 24, m.optional)
	putU64(b, 32, m.epoch)
	copy(b[40:], m.store[:])
	putU64(b, 56, m.incarnation)
	putU64(b, 64, uint64(m.created))
	putU64(b, 72, uint64(m.written))
	m.current.encode(b[80:])
	m.older.encode(b[144:])
	m.attested.encode(b[208:])
	putU64(b, 248, m.session)
	for i, sequence := range m.begins {
		putU64(b, 256+8*i, sequence)
	}
	putU64(b, 384, m.line)
	putU32(b, keptAt, uint32(copy(b[keptAt+4:blockSize-4], m.kept)))
	sealBlock(b)
}

// decodeMeta reads a slot whose checksum holds. Of a newer version only the
// first five fields mean anything. ok is false where the checksum or a bound
// does not hold.
func decodeMeta(b []byte) (m meta, ok bool) {
	if !hasMagic(b, metaMagic) || !blockSound(b) {
		return meta{}, false
	}
	m = meta{
		version:     getU32(b, 8),
		flags:       getU32(b, 12),
		required:    getU64(b, 16),
		optional:    getU64(b, 24),
		epoch:       getU64(b, 32),
		store:       get16(b, 40),
		incarnation: getU64(b, 56),
		created:     int64(getU64(b, 64)),
		written:     int64(getU64(b, 72)),
		current:     decodeWay(b[80:]),
		older:       decodeWay(b[144:]),
		attested:    decodePosition(b[208:]),
		session:     getU64(b, 248),
	}
	for i := range m.begins {
		m.begins[i] = getU64(b, 256+8*i)
	}
	if m.line = getU64(b, 384); m.line == 0 {
		m.line = m.oldLine()
	}
	if n := getU32(b, keptAt); n > 0 && n <= keptMost {
		m.kept = append([]byte(nil), b[keptAt+4:][:n]...)
	}
	if m.newer() {
		return m, true
	}
	return m, m.version != 0 && m.current.kind != wayNone && m.current.sound() && m.older.sound() && m.attested.sound()
}

// newer reports that this software must not touch the store.
func (m *meta) newer() bool {
	return m.version > FormatVersion || m.required&^knownRequired != 0
}

// beginIncarnation notes that somebody may have seen records that are gone:
// what goes on behind the record of that sequence is not what they saw.
func (m *meta) beginIncarnation(sequence uint64) {
	m.incarnation++
	m.begins[m.incarnation%incarnations] = sequence
	if sequence == 0 {
		m.line = m.incarnation
	}
}

// pastLost goes on above every incarnation that a slot which cannot be read any
// more may have named, so that a cursor of one of those is never taken for one
// of an incarnation to come.
func (m *meta) pastLost(sequence uint64) {
	for range unwritten {
		m.beginIncarnation(sequence)
	}
}

// oldLine finds the last salvage in what programs wrote that did not note it:
// an incarnation that began behind nothing.
func (m *meta) oldLine() uint64 {
	for i := m.incarnation; i > 0 && m.incarnation-i < incarnations; i-- {
		if m.begins[i%incarnations] == 0 {
			return i
		}
	}
	return 0
}

// sameLine reports that no salvage lies between an incarnation and now: what
// was durable then, and attested by meta, is still as it was.
func (m *meta) sameLine(incarnation uint64) bool {
	return incarnation >= m.line && incarnation <= m.incarnation
}

// upholds reports that everything up to a record that was seen in an
// incarnation is still as it was then.
func (m *meta) upholds(incarnation, sequence uint64) bool {
	if incarnation > m.incarnation || m.incarnation-incarnation > incarnations {
		return false
	}
	for i := incarnation + 1; i <= m.incarnation; i++ {
		if sequence > m.begins[i%incarnations] {
			return false
		}
	}
	return true
}

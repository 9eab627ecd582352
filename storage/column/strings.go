package column

import (
	"encoding/binary"
	"errors"
	"math/bits"
	"unsafe"

	"github.com/pocketgraph/pocketgraph/graph"
)

const (
	arenaBytes  = 1 << 16 // of one piece of the arena
	offsetsPage = 1 << 10 // offsets of one page
	segments    = 256     // parts of the hash table, each of which grows alone

	// MaxStringBytes is the longest string, and the longest encoded value,
	// that a property can have: one value must not crowd out a graph that
	// lives in 4 GiB.
	MaxStringBytes = 64 << 20
	// maxPieces bounds the arena to what a 32-bit offset reaches.
	maxPieces = 1 << 16
)

var (
	errTooLong   = errors.New("longer than 64 MiB")
	errArenaFull = errors.New("4 GiB of text")
)

// Strings interns strings: equal strings get equal ids, counted from 0. It
// only grows; rolled-back transactions leave theirs behind, and what nobody
// refers to any more is left out of the next snapshot, and given back if it is
// much (see reclaim.go). It belongs to the writer; readers use a View.
type Strings struct {
	view  View
	piece int // of the arena, where the next short string goes
	room  int // bytes left in that piece; 0 while there is none
	table [segments]segment
	watch *Watch // or nil
	added hashes // of what Append has added, for Index
}

// View reads the strings that were interned before it was taken. It may be
// used while others are being added.
type View struct {
	arena   [][]byte               // a long string takes several pieces in a row
	offsets []*[offsetsPage]uint32 // of strings: a length (uvarint), then the bytes
	n       uint32
}

// segment is an open-addressing hash table. A slot has an id+1, and above it the
// hash: what a text does not equal is seen without looking at it, and a table
// grows without looking at any.
type segment struct {
	slots []uint64
	n     int
}

// View returns a view of all strings there are now.
func (s *Strings) View() View { return s.view }

// Len returns the number of strings.
func (s *Strings) Len() int { return int(s.view.n) }

// Len returns the number of strings.
func (v *View) Len() int { return int(v.n) }

// Get returns a string, without copying it. id must be below Len.
func (v *View) Get(id uint32) string {
	off := v.offsets[id/offsetsPage][id%offsetsPage]
	b := v.arena[off/arenaBytes][off%arenaBytes:]
	n, k := uint64(b[0]), 1
	if n >= 0x80 {
		n, k = binary.Uvarint(b)
	}
	if n == 0 {
		return ""
	}
	// A long string runs on into the pieces that follow, which are one
	// allocation; b is only the first of them.
	return unsafe.String((*byte)(unsafe.Add(unsafe.Pointer(unsafe.SliceData(b)), k)), int(n))
}

// hash mixes eight bytes at a time by multiplication, as wyhash does. The heap
// of one page is not worth a defence against chosen collisions. Its highest eight
// bits are the segment of the table, its lowest ones the place in it.
func hash(s string) uint32 {
	const m1, m2 = 0xa0761d6478bd642f, 0xe7037ed1a0b428db
	h := uint64(len(s)) * m2
	b := unsafe.Slice(unsafe.StringData(s), len(s))
	for ; len(b) >= 8; b = b[8:] {
		hi, lo := bits.Mul64(h^binary.LittleEndian.Uint64(b), m1)
		h = hi ^ lo
	}
	var tail uint64
	for i, c := range b {
		tail |= uint64(c) << (8 * i)
	}
	hi, lo := bits.Mul64(h^tail^m1, m2)
	h = hi ^ lo
	hi, lo = bits.Mul64(h^m2, m1)
	return uint32(hi ^ lo)
}

// find returns the slot of s in its segment, or the free one where it belongs.
func (s *Strings) find(g *segment, h uint32, text string) (slot int, found bool) {
	mask := uint32(len(g.slots) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		e := g.slots[i]
		if e == 0 {
			return int(i), false
		}
		if uint32(e>>32) == h && s.view.Get(uint32(e)-1) == text {
			return int(i), true
		}
	}
}

// Lookup returns the id of a string, if it was interned.
func (s *Strings) Lookup(text string) (uint32, bool) {
	h := hash(text)
	g := &s.table[h>>24]
	if g.n == 0 {
		return 0, false
	}
	i, ok := s.find(g, h, text)
	if !ok {
		return 0, false
	}
	return uint32(g.slots[i]) - 1, true
}

// Intern returns the id of a string, which it keeps a copy of.
func (s *Strings) Intern(text string) (uint32, error) {
	h := hash(text)
	g := &s.table[h>>24]
	if g.n*4 >= len(g.slots)*3 {
		s.grow(g)
	}
	i, ok := s.find(g, h, text)
	if ok {
		id := uint32(g.slots[i]) - 1
		s.watch.given(id)
		return id, nil
	}
	if err := s.add(text); err != nil {
		return 0, err
	}
	g.slots[i] = slotOf(h, s.view.n)
	g.n++
	return s.view.n - 1, nil
}

// InternBytes is Intern for text in a buffer that will change.
func (s *Strings) InternBytes(text []byte) (uint32, error) {
	return s.Intern(unsafe.String(unsafe.SliceData(text), len(text)))
}

// Append adds a string that is not there, for loading: nothing finds it until
// Index has been called. All strings there are must have come so.
func (s *Strings) Append(text []byte) error {
	view := unsafe.String(unsafe.SliceData(text), len(text))
	if err := s.add(view); err != nil {
		return err
	}
	s.added.set(s.view.n-1, hash(view))
	return nil
}

// hashes has that of each string by id.
type hashes []*[offsetsPage]uint32

func (h hashes) at(id uint32) uint32 { return h[id/offsetsPage][id%offsetsPage] }

func (h *hashes) set(id, hash uint32) {
	if id%offsetsPage == 0 {
		*h = append(*h, new([offsetsPage]uint32))
	}
	(*h)[id/offsetsPage][id%offsetsPage] = hash
}

// Index makes the table of what Append has added, where nothing was before: all
// at once, so that nothing is moved into a larger one, and by hashes alone. It
// returns false when two strings are equal.
func (s *Strings) Index() (distinct bool) {
	added := s.added
	s.added = nil
	var counts [segments]uint32
	for id := range s.view.n {
		counts[added.at(id)>>24]++
	}
	for i, n := range counts {
		if n > 0 {
			s.table[i] = segment{slots: make([]uint64, roomOf(n)), n: int(n)}
		}
	}
	for id := range s.view.n {
		h := added.at(id)
		slots := s.table[h>>24].slots
		mask := uint32(len(slots) - 1)
		i := h & mask
		for ; slots[i] != 0; i = (i + 1) & mask {
			if e := slots[i]; uint32(e>>32) == h && s.view.Get(uint32(e)-1) == s.view.Get(id) {
				return false
			}
		}
		slots[i] = slotOf(h, id+1)
	}
	return true
}

// roomOf is how many slots the table of a segment with n strings has grown to.
func roomOf(n uint32) int {
	slots := 8
	for uint32(slots)*3 <= (n-1)*4 {
		slots *= 2
	}
	return slots
}

func (s *Strings) grow(g *segment) {
	old := g.slots
	g.slots = make([]uint64, max(8, len(old)*2))
	for _, e := range old {
		if e != 0 {
			g.put(e)
		}
	}
}

func slotOf(hash, e uint32) uint64 { return uint64(hash)<<32 | uint64(e) }

// put enters what is not there, where there is room.
func (g *segment) put(slot uint64) {
	mask := uint32(len(g.slots) - 1)
	i := uint32(slot>>32) & mask
	for g.slots[i] != 0 {
		i = (i + 1) & mask
	}
	g.slots[i] = slot
}

// add appends a string that is not there, as number view.n.
func (s *Strings) add(text string) error {
	offset, err := s.store(text)
	if err != nil {
		return err
	}
	n := s.view.n
	if n%offsetsPage == 0 {
		s.view.offsets = append(s.view.offsets, new([offsetsPage]uint32))
	}
	s.view.offsets[n/offsetsPage][n%offsetsPage] = offset
	s.view.n++
	return nil
}

// store writes a string into the arena and returns where.
func (s *Strings) store(text string) (offset uint32, err error) {
	if len(text) > MaxStringBytes {
		return 0, wrapLimit("string", errTooLong)
	}
	if n := len(text); n < 0x80 && n < s.room { // as most are
		used := arenaBytes - s.room
		dst := s.view.arena[s.piece][used:]
		dst[0] = byte(n)
		copy(dst[1:], text)
		s.room -= n + 1
		return uint32(s.piece)*arenaBytes + uint32(used), nil
	}
	var head [binary.MaxVarintLen64]byte
	k := binary.PutUvarint(head[:], uint64(len(text)))
	size := k + len(text)
	piece, used := s.piece, arenaBytes-s.room
	switch {
	case size > arenaBytes/4: // pieces of its own
		if piece, err = s.reserve(size); err != nil {
			return 0, err
		}
		used = 0
	case s.room < size:
		if piece, err = s.reserve(arenaBytes); err != nil {
			return 0, err
		}
		used = 0
		s.piece, s.room = piece, arenaBytes-size
	default:
		s.room -= size
	}
	dst := unsafe.Slice(unsafe.SliceData(s.view.arena[piece]), max(size+used, len(s.view.arena[piece])))[used:]
	copy(dst, head[:k])
	copy(dst[k:], text)
	return uint32(piece)*arenaBytes + uint32(used), nil
}

// reserve adds as many pieces in a row as size bytes need and returns the first.
func (s *Strings) reserve(size int) (int, error) {
	pieces := (size + arenaBytes - 1) / arenaBytes
	first := len(s.view.arena)
	if first+pieces > maxPieces {
		return 0, wrapLimit("strings", errArenaFull)
	}
	all := make([]byte, size)
	for i := 0; i < pieces; i++ {
		s.view.arena = append(s.view.arena, all[i*arenaBytes:min((i+1)*arenaBytes, len(all))])
	}
	return first, nil
}

// Bytes is about what the strings and their table occupy.
func (s *Strings) Bytes() int {
	n := s.view.Bytes()
	for i := range s.table {
		n += 32 + len(s.table[i].slots)*8
	}
	return n
}

// Bytes is about what the strings occupy.
func (v *View) Bytes() int {
	n := len(v.offsets) * (8 + offsetsPage*4)
	for _, p := range v.arena {
		n += 24 + len(p)
	}
	return n
}

type limitError struct {
	what string
	why  error
}

func (e *limitError) Error() string { return e.what + ": " + e.why.Error() }
func (e *limitError) Unwrap() error { return graph.ErrLimit }

func wrapLimit(what string, why error) error { return &limitError{what, why} }

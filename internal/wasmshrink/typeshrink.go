package wasmshrink

import (
	"encoding/binary"
	"fmt"
	"strings"
)

// shrinkTypes takes from the descriptors of types what only package reflect
// reads: names of types, fields of structs, methods that no interface reaches,
// the list of all types. Names of methods, which the runtime compares when it
// converts an interface to another, become short codes. The message of a failed
// conversion says "?" where it named a type. If anything of reflect is linked,
// nothing is done. (Package internal/reflectlite, of errors.As and sort.Slice,
// asks for kinds, sizes and methods; for the fields of two structs only where
// one has no name, and no error is one.)
func (m *module) shrinkTypes(t *pclntab) error {
	for _, name := range m.names {
		if strings.HasPrefix(name, "reflect.") && !strings.HasPrefix(name, "reflect.init") {
			return nil
		}
	}
	types, err := findTypes(t)
	if err != nil {
		return err
	}
	s := &typeShrinker{typeTable: types, entries: map[name]int{}, codes: map[string]string{}}
	for _, at := range types.ordered() {
		s.descriptor(at)
	}
	s.dropTypelinks()
	constants, err := m.constants()
	if err != nil {
		return err
	}
	s.renumber(constants)
	return s.finish()
}

// An extent is a part of the image.
type extent struct{ from, to int }

// A typeShrinker collects which bytes are no longer needed and which names are,
// and then writes these into the place of those.
type typeShrinker struct {
	*typeTable
	freed   []extent
	table   []byte       // the names that are needed
	entries map[name]int // where they are in it
	codes   map[string]string
	uses    []nameUse
}

// A nameUse is a place that says where a name is: as an offset of four bytes
// from the first descriptor, or as an address of eight.
type nameUse struct {
	at, entry int
	address   bool
}

// anyName stands for names that only messages have.
var anyName = name{text: "*?"}

func (s *typeShrinker) set(at, v int)     { binary.LittleEndian.PutUint64(s.image[at:], uint64(v)) }
func (s *typeShrinker) setHalf(at, v int) { binary.LittleEndian.PutUint32(s.image[at:], uint32(v)) }

// free says that a name is not read any more from where it is.
func (s *typeShrinker) free(at int) name {
	n, extents := s.readName(at)
	s.freed = append(s.freed, extents...)
	return n
}

// put adds a name to the table.
func (s *typeShrinker) put(n name) int {
	if at, ok := s.entries[n]; ok {
		return at
	}
	at := len(s.table)
	s.entries[n] = at
	flags := byte(0)
	if n.exported {
		flags |= nameExported
	}
	if n.pkgPath != "" {
		flags |= namePath
	}
	s.table = append(append(s.table, flags, byte(len(n.text))), n.text...)
	if n.pkgPath != "" {
		where := len(s.table)
		s.table = append(s.table, 0, 0, 0, 0)
		// A negative place is one in the table itself.
		s.uses = append(s.uses, nameUse{at: ^where, entry: s.put(name{text: n.pkgPath})})
	}
	return at
}

// code gives a short text, the same for the same and another for every other.
func (s *typeShrinker) code(text string) string {
	if text == "" {
		return ""
	}
	code, ok := s.codes[text]
	if !ok {
		for v := len(s.codes); ; v = v>>7 - 1 {
			code += string([]byte{byte(v & 0x7f)})
			if v < 1<<7 {
				break
			}
		}
		s.codes[text] = code
	}
	return code
}

// rename puts the code of a method's name into the place of the name.
func (s *typeShrinker) rename(at int) (exported bool) {
	n := s.free(s.from + s.half(at))
	s.uses = append(s.uses, nameUse{at: at, entry: s.put(name{text: s.code(n.text), exported: n.exported, pkgPath: s.code(n.pkgPath)})})
	return n.exported
}

// descriptor takes from one descriptor what is not needed.
func (s *typeShrinker) descriptor(at int) {
	s.free(s.from + s.half(at+typeStr))
	s.uses = append(s.uses, nameUse{at: at + typeStr, entry: s.put(anyName)})
	s.setHalf(at+typePtrTo, 0)
	own, wanted, uncommon := s.methods(at)
	switch s.image[at+typeKind] {
	case kindStruct:
		s.fields(at)
	case kindInterface:
		s.interfaceMethods(at, wanted)
	}
	if uncommon != 0 {
		s.ownMethods(uncommon, own)
	}
}

// fields drops the fields of a struct, unless the runtime goes through them to
// hash a value or to make the collector's mask.
func (s *typeShrinker) fields(at int) {
	if path := s.word(at + typeBytes); path != 0 {
		s.free(path)
		s.set(at+typeBytes, 0)
	}
	list, n := s.word(at+typeBytes+8), s.word(at+typeBytes+16)
	flags := s.image[at+typeTFlag]
	needed := flags&flagOnDemand != 0 || flags&flagRegular == 0 && s.word(at+typeEqual) != 0
	for i := range n {
		field := list + i*fieldBytes
		n := s.free(s.word(field))
		if !needed {
			continue
		}
		kept := anyName
		if n.text == "_" { // is left out of hashes
			kept = name{text: "_"}
		}
		s.uses = append(s.uses, nameUse{at: field, entry: s.put(kept), address: true})
	}
	if !needed {
		clear(s.image[list:][:n*fieldBytes])
		clear(s.image[at+typeBytes:][:more[kindStruct]])
	}
}

func (s *typeShrinker) interfaceMethods(at int, wanted []method) {
	exported := true
	for _, m := range wanted {
		exported = s.rename(m.at) && exported
	}
	path := s.word(at + typeBytes)
	if path == 0 {
		return
	}
	n := s.free(path)
	if exported { // paths are compared for other methods only
		s.set(at+typeBytes, 0)
		return
	}
	s.uses = append(s.uses, nameUse{at: at + typeBytes, entry: s.put(name{text: s.code(n.text)}), address: true})
}

func (s *typeShrinker) ownMethods(uncommon int, own []method) {
	kept, exported := 0, true
	for _, m := range own {
		if m.kind == unreachable {
			s.free(s.from + m.name)
			continue
		}
		to := own[kept].at
		copy(s.image[to:][:methodBytes], s.image[m.at:])
		s.setHalf(to+12, 0) // how reflect calls it
		exported = s.rename(to) && exported
		kept++
	}
	for _, m := range own[kept:] {
		clear(s.image[m.at:][:methodBytes])
	}
	s.setHalf(uncommon+4, kept) // and none that reflect would list
	if s.half(uncommon) == 0 {
		return
	}
	n := s.free(s.from + s.half(uncommon))
	if exported {
		s.setHalf(uncommon, 0)
		return
	}
	s.uses = append(s.uses, nameUse{at: uncommon, entry: s.put(name{text: s.code(n.text)})})
}

// renumber gives types small numbers for hashes. A type switch looks its cases
// up by hash and then compares the type itself
// (cmd/compile/internal/walk.(*typeSwitch)), so types that are cases, whose
// hashes are constants of the code, keep theirs, and what others have is as
// good as anything. The runtime finds caches and tables of itabs by it: any
// numbers do that differ. In an itab it is read by type switches only.
func (s *typeShrinker) renumber(constants map[uint32]bool) {
	for i, at := range s.ordered() {
		if !constants[uint32(s.half(at+typeHash))] {
			s.setHalf(at+typeHash, i)
		}
	}
	for i := range s.nitabs {
		if itab := s.word(s.itablinks + 8*i); !constants[uint32(s.half(itab+itabHash))] {
			s.setHalf(itab+itabHash, 0)
		}
	}
}

// constants gives the numbers of 32 bits that the code has.
func (m *module) constants() (map[uint32]bool, error) {
	found := map[uint32]bool{}
	for i, f := range m.funcs {
		r := &reader{b: f.body}
		parseLocals(r)
		code, err := parseInstrs(f.body[r.at:])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.names[i], err)
		}
		for _, in := range code {
			if in.op == opI64Const || in.op == opI32Const {
				found[uint32(in.a)] = true
			}
		}
	}
	return found, nil
}

func (s *typeShrinker) dropTypelinks() {
	clear(s.image[s.typelinks:][:4*s.nlinks])
	clear(s.image[s.module+8*moduleTypelinks:][:3*8])
}

// finish clears the bytes that were freed, puts the table of names into the
// first room that is large enough, and says everywhere where they are.
func (s *typeShrinker) finish() error {
	free := make([]bool, s.to-s.from)
	for _, e := range s.freed {
		clear(s.image[e.from:e.to])
		for at := e.from; at < e.to; at++ {
			free[at-s.from] = true
		}
	}
	free[0] = false // offset 0 says that there is no name
	base, run := -1, 0
	for at, f := range free {
		if run++; !f {
			run = 0
		}
		if run == len(s.table) {
			base = s.from + at + 1 - run
			break
		}
	}
	if base < 0 {
		return errTypes
	}
	copy(s.image[base:], s.table)
	for _, u := range s.uses {
		switch to := base + u.entry; {
		case u.at < 0:
			s.setHalf(base+^u.at, to-s.from)
		case u.address:
			s.set(u.at, to)
		default:
			s.setHalf(u.at, to-s.from)
		}
	}
	return nil
}

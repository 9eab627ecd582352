package wasmshrink

import (
	"encoding/binary"
	"errors"
	"maps"
	"slices"
	"strings"
)

// A typeTable is what the runtime knows of types, in the image of the initial
// memory (internal/abi.Type and what follows it; the layout is that of Go 1.26).
// The fields of type int are addresses, or numbers of things at them.
type typeTable struct {
	image             []byte
	from, to          int // where descriptors are, and names
	module            int // runtime.moduledata
	typelinks, nlinks int
	itablinks, nitabs int
	found             map[int]bool
}

// A name is an internal/abi.Name without its tag.
type name struct {
	text     string
	exported bool
	pkgPath  string // of a method of another package than its type's
}

var errTypes = errors.New("wasmshrink: the descriptors of types are not of a Go version that is known")

// Of runtime.moduledata: the words that are used here.
const (
	moduleTypes     = 37
	moduleEndTypes  = 38
	moduleTypelinks = 45
	moduleItablinks = 48
	moduleWords     = 51
)

// Of an internal/abi.Type: offsets.
const (
	typeSize     = 0
	typePtrBytes = 8
	typeHash     = 16
	typeTFlag    = 20
	typeAlign    = 21
	typeFAlign   = 22
	typeKind     = 23
	typeEqual    = 24
	typeGCData   = 32
	typeStr      = 40
	typePtrTo    = 44
	typeBytes    = 48
)

const (
	flagUncommon  = 1 << 0
	flagExtraStar = 1 << 1
	flagRegular   = 1 << 3 // equal where the bytes are
	flagOnDemand  = 1 << 4 // the collector's mask is made of the fields
	mostFlags     = 1 << 6
)

const (
	kindArray     = 17
	kindChan      = 18
	kindFunc      = 19
	kindInterface = 20
	kindMap       = 21
	kindPointer   = 22
	kindSlice     = 23
	kindStruct    = 25
	kinds         = 27
)

// more is how long a descriptor is beyond typeBytes, by kind.
var more = [kinds]int{kindArray: 24, kindChan: 16, kindFunc: 8, kindInterface: 32, kindMap: 64, kindPointer: 8, kindSlice: 8, kindStruct: 32}

// refers is how many pointers to types a descriptor has at typeBytes, by kind.
var refers = [kinds]int{kindArray: 2, kindChan: 1, kindMap: 3, kindPointer: 1, kindSlice: 1}

// Flags of an internal/abi.Name. A path is one of a name without a path, so reading one ends.
const (
	nameExported  = 1 << 0
	nameTag       = 1 << 1
	namePath      = 1 << 2
	mostNameFlags = 1 << 4
)

// Of an internal/abi.ITab: the offset of its hash.
const itabHash = 16

const (
	fieldBytes   = 24
	methodBytes  = 16
	imethodBytes = 8
)

// findTypes looks for descriptors wherever one may be. That all types which
// anything refers to are among those found is verified.
func findTypes(t *pclntab) (*typeTable, error) {
	if t.module+8*moduleWords > len(t.image) {
		return nil, errTypes
	}
	word := func(i int) int { return int(binary.LittleEndian.Uint64(t.image[t.module+8*i:])) }
	table := &typeTable{
		image: t.image, from: word(moduleTypes), to: word(moduleEndTypes),
		typelinks: word(moduleTypelinks), nlinks: word(moduleTypelinks + 1), itablinks: word(moduleItablinks), nitabs: word(moduleItablinks + 1),
		module: t.module, found: map[int]bool{},
	}
	if table.from < 8 || table.from%8 != 0 || table.to < table.from || table.to > len(t.image) ||
		!table.holds(table.typelinks, table.nlinks, 4) || !table.holds(table.itablinks, table.nitabs, 8) {
		return nil, errTypes
	}
	for at := table.from; at+typeBytes <= table.to; at += 8 {
		if table.isType(at) {
			table.found[at] = true
		}
	}
	return table, table.verify()
}

func (t *typeTable) holds(at, n, size int) bool {
	return n >= 0 && n <= len(t.image) && at >= 0 && at <= len(t.image)-n*size
}

func (t *typeTable) word(at int) int { return int(binary.LittleEndian.Uint64(t.image[at:])) }
func (t *typeTable) half(at int) int { return int(binary.LittleEndian.Uint32(t.image[at:])) }

// ordered gives the found types in the order of their addresses.
func (t *typeTable) ordered() []int { return slices.Sorted(maps.Keys(t.found)) }

// isType reports whether what is at an address can only be a descriptor.
func (t *typeTable) isType(at int) bool {
	b := t.image[at : at+typeBytes]
	kind, flags := b[typeKind], b[typeTFlag]
	powerOfTwo := func(v byte) bool { return v != 0 && v <= 8 && v&(v-1) == 0 }
	size, pointers := t.word(at+typeSize), t.word(at+typePtrBytes)
	if kind == 0 || kind >= kinds || flags >= mostFlags || !powerOfTwo(b[typeAlign]) || b[typeFAlign] != b[typeAlign] ||
		size < 0 || pointers < 0 || pointers > size || size > mostMemory || at+typeBytes+more[kind] > t.to {
		return false
	}
	within := func(p, to int) bool { return p == 0 || p >= t.from && p < to }
	if !within(t.word(at+typeEqual), t.to) || !within(t.word(at+typeGCData), len(t.image)) || t.half(at+typePtrTo) >= t.to-t.from {
		return false
	}
	text, ok := t.nameAt(t.from + t.half(at+typeStr))
	if !ok || text.text == "" || flags&flagExtraStar != 0 && text.text[0] != '*' {
		return false
	}
	return !strings.ContainsFunc(text.text, func(r rune) bool { return r < ' ' })
}

// nameAt reads a name.
func (t *typeTable) nameAt(at int) (name, bool) {
	n, extents := t.readName(at)
	return n, extents != nil
}

// readName reads a name and says which bytes it takes, with those of its path;
// none where there is no name.
func (t *typeTable) readName(at int) (name, []extent) {
	if at < t.from || at >= t.to {
		return name{}, nil
	}
	r := &reader{b: t.image[:t.to], at: at}
	flags := r.byte()
	n := name{exported: flags&nameExported != 0, text: string(r.bytes(int(r.unsigned())))}
	if flags&nameTag != 0 {
		r.bytes(int(r.unsigned()))
	}
	var extents []extent
	if flags&namePath != 0 {
		path := r.bytes(4)
		if path == nil {
			return name{}, nil
		}
		var p name
		if p, extents = t.readName(t.from + int(binary.LittleEndian.Uint32(path))); extents == nil || p.pkgPath != "" {
			return name{}, nil
		}
		n.pkgPath = p.text
	}
	if r.err != nil || flags >= mostNameFlags {
		return name{}, nil
	}
	return n, append(extents, extent{at, r.at})
}

// A method is of a type or of an interface. Where it is, the offset of its
// name, and the one of its type from the first descriptor.
type method struct{ at, name, kind int }

// unreachable is the type of a method that no interface reaches: the linker
// left it out.
const unreachable = 1<<32 - 1

// methods gives the methods that a descriptor lists, and the address of its
// uncommon part or 0.
func (t *typeTable) methods(at int) (own, wanted []method, uncommon int) {
	kind := int(t.image[at+typeKind])
	if kind == kindInterface {
		list, n := t.word(at+typeBytes+8), t.word(at+typeBytes+16)
		for i := range n {
			p := list + i*imethodBytes
			wanted = append(wanted, method{p, t.half(p), t.half(p + 4)})
		}
	}
	if t.image[at+typeTFlag]&flagUncommon == 0 {
		return nil, wanted, 0
	}
	uncommon = at + typeBytes + more[kind]
	list := uncommon + t.half(uncommon+8)
	for i := range t.half(uncommon+4) & 0xffff {
		p := list + i*methodBytes
		own = append(own, method{p, t.half(p), t.half(p + 4)})
	}
	return own, wanted, uncommon
}

// verify tests that every type which is referred to was found, and every name
// can be read.
func (t *typeTable) verify() error {
	for i := range t.nlinks {
		if !t.found[t.from+t.half(t.typelinks+4*i)] {
			return errTypes
		}
	}
	for i := range t.nitabs {
		itab := t.word(t.itablinks + 8*i)
		if !t.holds(itab, 3, 8) || !t.found[t.word(itab)] || !t.found[t.word(itab+8)] {
			return errTypes
		}
	}
	for at := range t.found {
		if !t.verifyType(at) {
			return errTypes
		}
	}
	return nil
}

func (t *typeTable) verifyType(at int) bool {
	kind := int(t.image[at+typeKind])
	for i := range refers[kind] {
		if !t.found[t.word(at+typeBytes+8*i)] {
			return false
		}
	}
	switch kind {
	case kindStruct:
		list, n := t.word(at+typeBytes+8), t.word(at+typeBytes+16)
		if !t.holds(list, n, fieldBytes) || !t.optional(t.word(at+typeBytes)) {
			return false
		}
		for i := range n {
			if _, ok := t.nameAt(t.word(list + i*fieldBytes)); !ok || !t.found[t.word(list+i*fieldBytes+8)] {
				return false
			}
		}
	case kindInterface:
		if list, n := t.word(at+typeBytes+8), t.word(at+typeBytes+16); !t.holds(list, n, imethodBytes) || !t.optional(t.word(at+typeBytes)) {
			return false
		}
	}
	if flags := t.image[at+typeTFlag]; flags&flagUncommon != 0 {
		uncommon := at + typeBytes + more[kind]
		if !t.holds(uncommon, 1, 16) || !t.holds(uncommon+t.half(uncommon+8), t.half(uncommon+4)&0xffff, methodBytes) ||
			t.half(uncommon) != 0 && !t.optional(t.from+t.half(uncommon)) {
			return false
		}
	}
	own, wanted, _ := t.methods(at)
	for _, m := range append(own, wanted...) {
		if _, ok := t.nameAt(t.from + m.name); m.kind != unreachable && (!ok || !t.found[t.from+m.kind]) {
			return false
		}
	}
	return true
}

// optional reports whether an address is one of a name, or none.
func (t *typeTable) optional(at int) bool {
	_, ok := t.nameAt(at)
	return at == 0 || ok
}

package wasmshrink

import (
	"bytes"
	"errors"
	"fmt"
)

const (
	sectionCustom   = 0
	sectionType     = 1
	sectionImport   = 2
	sectionFunction = 3
	sectionTable    = 4
	sectionMemory   = 5
	sectionGlobal   = 6
	sectionExport   = 7
	sectionStart    = 8
	sectionElement  = 9
	sectionCode     = 10
	sectionData     = 11
)

var magic = []byte{0, 'a', 's', 'm', 1, 0, 0, 0}

// A module is a WebAssembly module with those sections taken apart that are
// rewritten; the others are kept as bytes.
type module struct {
	raw     map[byte][]byte // sections that stay as they are
	types   [][]byte        // each from its 0x60 on
	imports int             // imported functions; other imports Go has not
	funcs   []function
	names   map[int]string // by index among funcs
	data    []segment
}

// A function is one that the module defines. PC_F of function i is firstPC+i.
type function struct {
	kind uint64 // index of its type
	body []byte
}

// firstPC is cmd/link/internal/wasm.funcValueOffset.
const firstPC = 0x1000

// A segment is initial memory.
type segment struct {
	to   int
	data []byte
}

func parseModule(b []byte) (*module, error) {
	if !bytes.HasPrefix(b, magic) {
		return nil, errors.New("wasmshrink: this is not WebAssembly")
	}
	m := &module{raw: map[byte][]byte{}, names: map[int]string{}}
	var names []byte
	r := &reader{b: b, at: len(magic)}
	for !r.done() {
		id := r.byte()
		s := &reader{b: r.bytes(int(r.unsigned()))}
		switch id {
		case sectionCustom:
			if s.name() == "name" {
				names = s.b[s.at:]
			}
		case sectionType:
			m.parseTypes(s)
		case sectionImport:
			m.parseImports(s)
			m.raw[id] = s.b
		case sectionFunction:
			for n := s.count(); n > 0; n-- {
				m.funcs = append(m.funcs, function{kind: s.unsigned()})
			}
		case sectionCode:
			m.parseCode(s)
		case sectionData:
			m.parseData(s)
		default:
			m.raw[id] = s.b
		}
		if s.err != nil {
			return nil, fmt.Errorf("section %d: %w", id, s.err)
		}
	}
	m.parseNames(&reader{b: names})
	return m, r.err
}

func (m *module) parseTypes(r *reader) {
	for n := r.count(); n > 0; n-- {
		start := r.at
		if r.byte() != 0x60 {
			r.fail(errors.New("wasmshrink: a type is not of a function"))
			return
		}
		r.bytes(r.count())
		r.bytes(r.count())
		m.types = append(m.types, r.b[start:r.at])
	}
}

func (m *module) parseImports(r *reader) {
	m.imports = r.count()
	for range m.imports {
		r.name()
		r.name()
		if r.byte() != 0 {
			r.fail(errors.New("wasmshrink: an import is not a function"))
		}
		r.unsigned()
	}
}

func (m *module) parseCode(r *reader) {
	if n := r.count(); n != len(m.funcs) {
		r.fail(fmt.Errorf("wasmshrink: %d functions have %d bodies", len(m.funcs), n))
		return
	}
	for i := range m.funcs {
		m.funcs[i].body = r.bytes(r.count())
	}
}

func (m *module) parseData(r *reader) {
	for n := r.count(); n > 0 && r.err == nil; n-- {
		if r.unsigned() != 0 || r.byte() != byte(opI32Const) {
			r.fail(errors.New("wasmshrink: a data segment is of a kind that Go does not write"))
			return
		}
		to := int(r.signed())
		if r.byte() != byte(opEnd) || to < 0 {
			r.fail(errors.New("wasmshrink: a data segment is of a kind that Go does not write"))
			return
		}
		m.data = append(m.data, segment{to, r.bytes(r.count())})
	}
}

// parseNames reads the names of functions; without a name section there are none.
func (m *module) parseNames(r *reader) {
	for !r.done() {
		kind, part := r.byte(), &reader{b: r.bytes(r.count())}
		if kind != 1 {
			continue
		}
		for n := part.count(); n > 0 && part.err == nil; n-- {
			i := int(part.unsigned()) - m.imports
			m.names[i] = part.name()
		}
	}
}

// named gives the index of the function that has the name, among those the module defines.
func (m *module) named(name string) (int, bool) {
	for i := range m.funcs {
		if m.names[i] == name {
			return i, true
		}
	}
	return 0, false
}

// typeOf gives the index of a type, which is added if it is not there.
func (m *module) typeOf(params, results string) uint64 {
	t := append([]byte{0x60, byte(len(params))}, params...)
	t = append(append(t, byte(len(results))), results...)
	for i, other := range m.types {
		if bytes.Equal(t, other) {
			return uint64(i)
		}
	}
	m.types = append(m.types, t)
	return uint64(len(m.types) - 1)
}

// encode writes the module, without custom sections: names and producers are for debuggers.
func (m *module) encode() []byte {
	out := bytes.Clone(magic)
	for id := byte(1); id <= sectionData; id++ {
		body, ok := m.section(id)
		if !ok {
			continue
		}
		out = appendUnsigned(append(out, id), uint64(len(body)))
		out = append(out, body...)
	}
	return out
}

func (m *module) section(id byte) ([]byte, bool) {
	var b []byte
	switch id {
	case sectionType:
		b = appendUnsigned(b, uint64(len(m.types)))
		for _, t := range m.types {
			b = append(b, t...)
		}
	case sectionFunction:
		b = appendUnsigned(b, uint64(len(m.funcs)))
		for _, f := range m.funcs {
			b = appendUnsigned(b, f.kind)
		}
	case sectionCode:
		b = appendUnsigned(b, uint64(len(m.funcs)))
		for _, f := range m.funcs {
			b = appendUnsigned(b, uint64(len(f.body)))
			b = append(b, f.body...)
		}
	case sectionData:
		b = appendUnsigned(b, uint64(len(m.data)))
		for _, s := range m.data {
			b = append(b, 0, byte(opI32Const))
			b = append(appendSigned(b, int64(s.to)), byte(opEnd))
			b = append(appendUnsigned(b, uint64(len(s.data))), s.data...)
		}
	default:
		raw, ok := m.raw[id]
		return raw, ok
	}
	return b, true
}

// Package wasmshrink rewrites a WebAssembly module of Go's linker into a
// smaller one that does the same.
package wasmshrink

import (
	"errors"
	"fmt"
)

// Shrink rewrites a module that `go build` made for js/wasm, with its names
// (without -ldflags=-s).
func Shrink(b []byte) ([]byte, error) {
	m, err := parseModule(b)
	if err != nil {
		return nil, err
	}
	if err := m.rewriteCode(); err != nil {
		return nil, err
	}
	return m.encode(), nil
}

func (m *module) rewriteCode() error {
	sigpanic, ok := m.named("runtime.sigpanic")
	if !ok {
		return errors.New("wasmshrink: there is no runtime.sigpanic: the module has no names, or is not of Go")
	}
	call := int64(m.imports + sigpanic)
	panics := int64(m.imports + len(m.funcs))
	left := 0
	for i := range m.funcs {
		f, err := parseGoFunc(m.funcs[i].body, firstPC+int64(i), call)
		if errors.Is(err, errLayout) {
			left++
			continue
		}
		if err != nil {
			return fmt.Errorf("%s: %w", m.names[i], err)
		}
		var resumed []int
		for pc := range f.table {
			_ = pc
		}
		m.funcs[i].body = f.emit(f.analyse(resumed...), panics)
	}
	m.addPanics(call)
	fmt.Println("left", left, "of", len(m.funcs))
	return nil
}

// addPanics adds the function that nil checks call: it puts its argument on the
// Go stack as return address and calls sigpanic.
func (m *module) addPanics(sigpanic int64) {
	kind := m.typeOf(string([]byte{typeI64}), string([]byte{typeI32}))
	body := appendInstrs([]byte{0},
		instr{op: opGlobalGet, a: 0}, instr{op: opI32Const, a: 8}, instr{op: opI32Sub}, instr{op: opGlobalSet, a: 0},
		instr{op: opGlobalGet, a: 0}, instr{op: opLocalGet, a: 0}, pushEnd,
		instr{op: opI32Const, a: 0}, instr{op: opCall, a: sigpanic}, instr{op: opEnd})
	m.funcs = append(m.funcs, function{kind, body})
}

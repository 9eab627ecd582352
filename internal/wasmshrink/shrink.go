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
	image, err := m.image()
	if err != nil {
		return nil, err
	}
	table, err := findPclntab(image)
	if err != nil {
		return nil, err
	}
	uses, err := m.rewriteCode(table)
	if err != nil {
		return nil, err
	}
	if err := table.rebuild(uses); err != nil {
		return nil, err
	}
	m.addStart(table)
	m.setImage(image)
	return m.encode(), nil
}

// rewriteCode rewrites the functions of Go's calling convention and says what
// they push on the stack.
func (m *module) rewriteCode(t *pclntab) ([]usage, error) {
	sigpanic, ok := m.named("runtime.sigpanic")
	if !ok {
		return nil, errors.New("wasmshrink: there is no runtime.sigpanic: the module has no names, or is not of Go")
	}
	recover, _ := m.named("runtime.gorecover")
	if t.n > len(m.funcs) {
		return nil, errTable
	}
	call := int64(m.imports + sigpanic)
	panics := int64(m.imports + len(m.funcs))
	uses := make([]usage, len(m.funcs))
	for i := range m.funcs[:t.n] {
		f, err := parseGoFunc(m.funcs[i].body, firstPC+int64(i), call)
		if errors.Is(err, errLayout) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.names[i], err)
		}
		f.dropReturns(func(call int64) bool { return neverReturns(m.names[int(call)-m.imports]) })
		uses[i] = f.usage(int64(m.imports + recover))
		var resumed []int
		if pc := int(t.u32(t.funcAt(i) + funcDeferReturn)); pc != 0 {
			if pc >= len(f.table) {
				return nil, fmt.Errorf("%s: %w", m.names[i], errTable)
			}
			resumed = append(resumed, pc)
		}
		f.unrotate(f.resumed(resumed...))
		m.funcs[i].body = f.emit(f.analyse(f.resumed(resumed...)), panics)
	}
	m.addPanics(call)
	return uses, nil
}

func (f *goFunc) usage(recover int64) usage {
	u := usage{known: true}
	for _, code := range f.segments {
		for _, in := range code {
			switch {
			case in.op == opPush || in.op == opPanicAt:
				u.pushed = append(u.pushed, int(in.a))
			case in.op == opCall && in.a == recover:
				u.recovers = true
			}
		}
	}
	return u
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

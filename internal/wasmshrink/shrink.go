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
	if err := m.shrinkTypes(table); err != nil {
		return nil, err
	}
	m.addStart(table)
	m.setImage(image)
	return m.encode(), nil
}

// rewriteCode rewrites the functions of Go's calling convention and says what
// they push on the stack.
func (m *module) rewriteCode(t *pclntab) ([]usage, error) {
	if t.n > len(m.funcs) {
		return nil, errTable
	}
	helpers, err := m.addCallers()
	if err != nil {
		return nil, err
	}
	uses := make([]usage, t.n)
	dropped := m.dropUnused()
	for i := range uses {
		if dropped[i] {
			uses[i] = usage{known: true} // and pushes nothing
			continue
		}
		f, err := parseGoFunc(m.funcs[i].body, firstPC+int64(i))
		if errors.Is(err, errLayout) {
			continue
		}
		if err == nil {
			uses[i], err = m.rewriteFunc(i, f, t, helpers)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.names[i], err)
		}
	}
	return uses, nil
}

// addCallers adds a function for each that unwinds, and gives their indices by those of the ones that they call.
func (m *module) addCallers() (map[int64]int64, error) {
	callers := map[int64]int64{}
	for _, name := range []string{"runtime.sigpanic", "runtime.morestack", "runtime.morestack_noctxt"} {
		f, ok := m.named(name)
		if !ok {
			return nil, fmt.Errorf("wasmshrink: there is no %s: the module has no names, or is not of Go", name)
		}
		callers[int64(m.imports+f)] = m.addCaller(int64(m.imports + f))
	}
	return callers, nil
}

func (m *module) rewriteFunc(i int, f *goFunc, t *pclntab, helpers map[int64]int64) (usage, error) {
	never := func(call int64) bool { return neverReturns(m.names[int(call)-m.imports]) }
	f.dropReturns(never)
	f.liftUnwinding(helpers)
	sp, err := t.runs(int(t.u32(t.funcAt(i) + funcPCSP)))
	if err != nil {
		return usage{}, err
	}
	samePush := func(a, b int64) bool { return a == b || a > 0 && b > 0 && valueAt(sp, int(a)) == valueAt(sp, int(b)) }
	f.shareUnwinding(samePush)
	var further []int
	if pc := int(t.u32(t.funcAt(i) + funcDeferReturn)); pc != 0 {
		if pc >= len(f.table) {
			return usage{}, errTable
		}
		further = append(further, pc)
	}
	entries := f.entries(further...)
	f.unrotate(f.resumed(entries))
	gorecover, _ := m.named("runtime.gorecover")
	use := f.usage(int64(m.imports + gorecover))
	flow := f.analyse(f.resumed(entries))
	if use.numbers, err = m.renumber(i, f, flow, t, use, sp); err != nil {
		return usage{}, err
	}
	now := use.numbers.entries(entries)
	body, base := f.emit(flow)

	before, err := newWalker(m.funcs[i].body, f.pcF, -1)
	if err != nil {
		return usage{}, err
	}
	after, err := newWalker(body, f.pcF, base)
	if err != nil {
		return usage{}, err
	}
	before.callers, before.never, before.entries, before.numbers = helpers, never, entries, use.numbers
	after.callers, after.never, after.entries = helpers, never, now
	if n := use.numbers; n != nil {
		samePush = func(a, b int64) bool {
			return a == 0 && b == 0 || a > 0 && b > 0 && valueAt(sp, int(a)) == n.sp[int(b)]
		}
	}
	if err := validate(before, after, samePush); err != nil {
		return usage{}, err
	}
	m.funcs[i].body = body
	return use, nil
}

// shareUnwinding gives the nil checks of a function one return address, so
// that they are the same bytes. The frame of whom sigpanic is called by is as
// good as gone: of its PC_B only the frame's size is asked
// (runtime.(*unwinder).resolveInternal), and that is the same everywhere after
// the start of the function.
func (f *goFunc) shareUnwinding(same func(a, b int64) bool) {
	for _, code := range f.segments {
		for i, in := range code {
			if in.op == opUnwindBy && in.a > 1 && same(in.a, 1) {
				code[i].a = 1
			}
		}
	}
}

func (f *goFunc) usage(recover int64) usage {
	u := usage{known: true}
	for _, code := range f.segments {
		for _, in := range code {
			switch {
			case in.op == opPush || in.op == opUnwindBy:
				u.pushed = append(u.pushed, int(in.a))
			case in.op == opCall && in.a == recover:
				u.recovers = true
			}
		}
	}
	return u
}

// addCaller adds a function that puts its argument on the Go stack as return
// address and calls a function, and gives its index.
func (m *module) addCaller(of int64) int64 {
	kind := m.typeOf(string([]byte{typeI64}), string([]byte{typeI32}))
	body := appendInstrs([]byte{0},
		instr{op: opGlobalGet, a: 0}, instr{op: opI32Const, a: 8}, instr{op: opI32Sub}, instr{op: opGlobalSet, a: 0},
		instr{op: opGlobalGet, a: 0}, instr{op: opLocalGet, a: 0}, pushEnd,
		instr{op: opI32Const, a: 0}, instr{op: opCall, a: of}, instr{op: opEnd})
	m.funcs = append(m.funcs, function{kind, body})
	return int64(m.imports + len(m.funcs) - 1)
}

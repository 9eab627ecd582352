package wasmshrink

import "slices"

// An emitter writes a goFunc anew:
//   - a jump forwards leaves the block that ends before its target, instead of
//     going through PC_B and br_table; so does a jump back to the start of a
//     loop that has no other way in;
//   - unwinding returns on the spot: br_if with the depth of its block is
//     another byte at every call, this is always the same;
//   - a return address is the local base, PC_F<<16, and a small number.
type emitter struct {
	f      *goFunc
	w      *flow
	out    []instr
	scopes []scope // open blocks and loops, the innermost last
	base   int64   // local with PC_F<<16, or -1
	dead   bool    // the segment before does not end in the next
}

// A scope ends before a segment (a block) or begins with it (a loop).
type scope struct {
	segment int
	loop    bool
}

// explicit is the segment of a scope that was in the code before.
const explicit = -1

// emit gives the body and the local that is the base, -1 if there is none.
func (f *goFunc) emit(w *flow) (body []byte, base int64) {
	e := &emitter{f: f, w: w, base: -1}
	locals := f.locals
	if f.pushes() > 1 {
		locals = e.makeBase()
	}
	f.numberLoops(w)
	e.out = append(e.out, updateSP...)
	if e.base >= 0 {
		e.out = append(e.out, instr{op: opI64Const, a: f.pcF << 16}, instr{op: opLocalSet, a: e.base})
	}
	e.open()
	for s := range f.segments {
		e.segment(s)
	}
	for range e.scopes {
		e.out = append(e.out, instr{op: opEnd})
	}
	if e.out[len(e.out)-1].op == opEnd {
		e.out = append(e.out, instr{op: opUnreachable})
	}
	e.out = append(e.out, instr{op: opEnd})

	body = appendUnsigned(nil, uint64(len(locals)))
	for _, d := range locals {
		body = append(appendUnsigned(body, d.count), d.typ)
	}
	return appendInstrs(body, e.out...), e.base
}

// numberLoops gives a PC_B to each segment that is jumped back to through the dispatch.
func (f *goFunc) numberLoops(w *flow) {
	for s, rejected := range w.rejected {
		if rejected && !slices.Contains(f.table, s) {
			f.table = append(f.table, s)
		}
	}
}

// pushes counts return addresses.
func (f *goFunc) pushes() int {
	n := 0
	for _, code := range f.segments {
		for _, in := range code {
			if in.op == opPush || in.op == opUnwindBy {
				n++
			}
		}
	}
	return n
}

// makeBase declares local 2, an i64, after PC_B and SP.
func (e *emitter) makeBase() []localDecl {
	e.base = 2
	for _, code := range e.f.segments {
		for i := range code {
			if code[i].op >= opLocalGet && code[i].op <= opLocalTee && code[i].a >= e.base {
				code[i].a++
			}
		}
	}
	locals := slices.Clone(e.f.locals)
	if len(locals) > 1 && locals[1].typ == typeI64 {
		locals[1].count++
		return locals
	}
	return slices.Insert(locals, 1, localDecl{1, typeI64})
}

// open begins the function: blocks that end before segments outside of loops, and the dispatch.
func (e *emitter) open() {
	if slices.Contains(e.w.rejected, true) {
		e.push(opLoop, scope{dispatchLoop, true})
	}
	e.blocks(1, len(e.f.segments)-1)
	if !slices.Contains(e.w.dispatched[1:], true) {
		return
	}
	e.push(opBlock, scope{0, false})
	e.out = append(e.out, instr{op: opLocalGet, a: 0}, e.table(), instr{op: opEnd})
	e.pop()
}

const dispatchLoop = -2

func (e *emitter) push(op opcode, s scope) {
	e.out = append(e.out, instr{op: op, a: emptyType})
	e.scopes = append(e.scopes, s)
}

func (e *emitter) pop() { e.scopes = e.scopes[:len(e.scopes)-1] }

// blocks opens those that end before a segment from first to last and not within a loop there.
func (e *emitter) blocks(first, last int) {
	for _, s := range slices.Backward(e.w.ends(first, last)) {
		e.push(opBlock, scope{s, false})
	}
}

// table leads from PC_B to segments. PC_B that never occur lead where the one before does.
func (e *emitter) table() instr {
	t := instr{op: opBrTable}
	before := uint32(0)
	for _, s := range e.f.table {
		if i := slices.Index(e.scopes, scope{s, false}); i >= 0 {
			before = uint32(len(e.scopes) - 1 - i)
		}
		t.table = append(t.table, before)
	}
	return t
}

// depth is how far out a scope is.
func (e *emitter) depth(s scope) int64 {
	for i := len(e.scopes) - 1; i >= 0; i-- {
		if e.scopes[i] == s {
			return int64(len(e.scopes) - 1 - i)
		}
	}
	panic("wasmshrink: a jump to a scope that is not open")
}

func (e *emitter) segment(s int) {
	if n := len(e.scopes); n > 0 && e.scopes[n-1] == (scope{s, false}) {
		e.out = append(e.out, instr{op: opEnd})
		e.pop()
	}
	if last := e.w.loopEnd[s]; last > 0 {
		e.push(opLoop, scope{s, true})
		e.blocks(s+1, last)
	}
	code := e.f.segments[s]
	e.dead = e.dead && !e.w.targets[s] && !e.w.dispatched[s]
	if !e.dead {
		for i := 0; i < len(code); i++ {
			if i == len(code)-2 && code[i].op == opJumpIf && int(code[i].a) == s+1 && code[i+1].op == opJump {
				e.invert()
				e.instr(s, instr{op: opJumpIf, a: code[i+1].a}, true)
				break
			}
			e.instr(s, code[i], i == len(code)-1)
		}
		e.dead = len(code) > 0 && ends(code[len(code)-1].op)
	}
	for n := len(e.scopes); n > 0 && e.scopes[n-1].loop && e.scopes[n-1].segment > 0 && e.w.loopEnd[e.scopes[n-1].segment] == s; n-- {
		e.out = append(e.out, instr{op: opEnd})
		e.pop()
	}
}

// invert negates the condition on the stack.
func (e *emitter) invert() {
	if n := len(e.out); e.out[n-1].op == opI32Eqz {
		e.out = e.out[:n-1]
		return
	}
	e.out = append(e.out, instr{op: opI32Eqz})
}

// ends reports whether nothing follows the instruction.
func ends(op opcode) bool { return op == opJump || op == opReturn || op == opUnreachable }

func (e *emitter) instr(s int, in instr, last bool) {
	switch in.op {
	case opBlock, opLoop, opIf:
		e.push(in.op, scope{explicit, in.op == opLoop})
	case opEnd:
		e.out = append(e.out, in)
		e.pop()
	case opJump, opJumpIf:
		to := int(in.a)
		if last && to == s+1 && in.op == opJump {
			return
		}
		e.jump(s, to, in.op)
	case opUnwindIf:
		e.out = append(e.out, instr{op: opIf, a: emptyType}, instr{op: opI32Const, a: 1}, instr{op: opReturn}, instr{op: opEnd})
	case opPush:
		e.out = append(e.out, pushStart...)
		e.pc(in.a)
		e.out = append(e.out, pushEnd)
	case opUnwindBy:
		e.pc(in.a)
		e.out = append(e.out, instr{op: opCall, a: in.b}, instr{op: opReturn})
	default:
		e.out = append(e.out, in)
	}
}

func (e *emitter) jump(s, to int, op opcode) {
	branch := opBr
	if op == opJumpIf {
		branch = opBrIf
	}
	target := scope{to, false}
	if to <= s {
		target = scope{to, true}
		if e.w.rejected[to] {
			target.segment = dispatchLoop
			pc := slices.Index(e.f.table, to)
			e.out = append(e.out, instr{op: opI32Const, a: int64(pc)}, instr{op: opLocalSet, a: 0})
		}
	}
	e.out = append(e.out, instr{op: branch, a: e.depth(target)})
}

// pc puts a return address on the stack.
func (e *emitter) pc(pcB int64) {
	if e.base < 0 {
		e.out = append(e.out, instr{op: opI64Const, a: e.f.pcF<<16 | pcB})
		return
	}
	e.out = append(e.out, instr{op: opLocalGet, a: e.base})
	if pcB != 0 {
		e.out = append(e.out, instr{op: opI64Const, a: pcB}, instr{op: opI64Add})
	}
}

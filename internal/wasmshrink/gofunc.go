package wasmshrink

import (
	"errors"
	"slices"
	"strings"
)

// A goFunc is a function that follows Go's calling convention, taken apart
// (cmd/internal/obj/wasm, preprocess and assemble):
//
//	copy SP to local 1
//	block                          unwindExit: the function returns 1
//	  loop                         entryPointLoop: where jumps go
//	    block × (n+1)
//	      local.get 0; br_table    PC_B to the segment that it lies in
//	    end
//	    segment 0
//	    end
//	    segment 1 …
//	  end
//	  unreachable
//	end
//	i32.const 1
//
// unwindExit is there if there are calls, the loop if there are jumps.
type goFunc struct {
	pcF      int64
	locals   []localDecl
	table    []int     // PC_B to segment
	segments [][]instr // with opJump, opUnwindIf, opPush and opUnwindBy
}

type localDecl struct {
	count uint64
	typ   byte
}

var (
	errLayout = errors.New("wasmshrink: not the layout of a Go function")
	updateSP  = []instr{{op: opGlobalGet, a: 0}, {op: opLocalSet, a: 1}}
	// pushStart is what the return address comes after, pushEnd what comes after it.
	pushStart = []instr{{op: opLocalGet, a: 1}, {op: opI32Const, a: 8}, {op: opI32Sub}, {op: opLocalTee, a: 1}, {op: opGlobalSet, a: 0}, {op: opLocalGet, a: 1}}
	pushEnd   = instr{op: opI64Store, a: 3, b: 0}
	// unwinds comes after calls.
	unwinds = []instr{updateSP[0], updateSP[1], {op: opUnwindIf}}
)

func parseLocals(r *reader) []localDecl {
	var decls []localDecl
	for n := r.count(); n > 0; n-- {
		decls = append(decls, localDecl{r.unsigned(), r.byte()})
	}
	return decls
}

// parseGoFunc takes a body apart. errLayout says that it is of another kind.
func parseGoFunc(body []byte, pcF int64) (*goFunc, error) {
	r := &reader{b: body}
	f := &goFunc{pcF: pcF, locals: parseLocals(r)}
	if r.err != nil {
		return nil, r.err
	}
	code, err := parseInstrs(body[r.at:])
	if err != nil {
		return nil, err
	}
	if len(f.locals) == 0 || f.locals[0].typ != typeI32 || f.locals[0].count != 1 || !hasPrefix(code, updateSP) {
		return nil, errLayout
	}
	return f, f.split(code[2:])
}

const (
	typeI32 = 0x7f
	typeI64 = 0x7e
)

func equal(a, b instr) bool { return a.op == b.op && a.a == b.a && a.b == b.b }

func hasPrefix(code, prefix []instr) bool {
	return len(code) >= len(prefix) && slices.EqualFunc(code[:len(prefix)], prefix, equal)
}

// split finds the frame around the segments and then the segments.
func (f *goFunc) split(code []instr) error {
	outer := 0
	loop := -1
	for outer < len(code) && (code[outer].op == opBlock || code[outer].op == opLoop) && code[outer].a == emptyType {
		if code[outer].op == opLoop {
			if loop >= 0 {
				return errLayout
			}
			loop = outer
		}
		outer++
	}
	head := code[outer:]
	if len(head) < 3 || !equal(head[0], instr{op: opLocalGet, a: 0}) || head[1].op != opBrTable || head[2].op != opEnd {
		return errLayout
	}
	table := head[1].table
	last := int(table[len(table)-1])
	unwind := outer - last - 1
	if loop >= 0 {
		unwind--
		if loop != unwind {
			return errLayout
		}
	}
	if unwind != 0 && unwind != 1 {
		return errLayout
	}
	for _, t := range table {
		if int(t) > last {
			return errLayout
		}
		f.table = append(f.table, int(t))
	}
	rest := head[3:]
	tail := []instr{{op: opUnreachable}, {op: opEnd}}
	if unwind == 1 {
		tail = []instr{{op: opUnreachable}, {op: opEnd}, {op: opI32Const, a: 1}, {op: opEnd}}
	}
	if loop >= 0 {
		tail = append([]instr{{op: opEnd}}, tail...)
	}
	if len(rest) < len(tail) || !hasPrefix(rest[len(rest)-len(tail):], tail) {
		return errLayout
	}
	return f.cut(rest[:len(rest)-len(tail)], last, loop >= 0, unwind == 1)
}

// cut divides what is between the dispatch and the tail into last+1 segments.
func (f *goFunc) cut(code []instr, last int, loop, unwind bool) error {
	depth, start := 0, 0
	for i, in := range code {
		switch in.op {
		case opBlock, opLoop, opIf:
			depth++
		case opEnd:
			if depth--; depth < 0 {
				depth = 0
				f.segments = append(f.segments, code[start:i])
				start = i + 1
			}
		}
	}
	f.segments = append(f.segments, code[start:])
	if depth != 0 || len(f.segments) != last+1 {
		return errLayout
	}
	for i, s := range f.segments {
		lifted, err := f.lift(s, last-i, loop, unwind)
		if err != nil {
			return err
		}
		f.segments[i] = lifted
	}
	f.segments[last] = append(f.segments[last], instr{op: opUnreachable})
	return nil
}

// dropReturns ends a segment with its call if that is of a function that never
// returns: the call unwinds, if it does anything.
func (f *goFunc) dropReturns(never func(call int64) bool) {
	for i, code := range f.segments {
		n := len(code) - len(unwinds)
		if n > 0 && hasPrefix(code[n:], unwinds) && code[n-1].op == opCall && never(code[n-1].a) {
			f.segments[i] = append(code[:n:n], instr{op: opReturn})
		}
	}
}

// neverReturns reports whether a function of the runtime never returns to its
// caller. Where they are called, the compiler leaves off what would come after.
func neverReturns(name string) bool {
	switch name {
	case "runtime.gopanic", "runtime.panicdivide", "runtime.panicshift", "runtime.panicwrap", "runtime.panicdottypeE", "runtime.panicdottypeI",
		"runtime.panicnildottype", "runtime.panicunsafeslicelen", "runtime.panicunsafestringlen", "runtime.block":
		return true
	}
	return strings.HasPrefix(name, "runtime.goPanic")
}

// lift replaces the sequences for jumps, calls and unwinding by one instruction each.
// around is the number of segments' blocks that the segment lies in.
func (f *goFunc) lift(code []instr, around int, loop, unwind bool) ([]instr, error) {
	var out []instr
	depth := 0
	for i := 0; i < len(code); i++ {
		in := code[i]
		outside := in.a - int64(depth) - int64(around) // of br and br_if: 0 is the loop, if there is one
		switch in.op {
		case opBlock, opLoop, opIf:
			if in.a != emptyType {
				return nil, errLayout
			}
			depth++
		case opEnd:
			depth--
		case opElse, opBrTable:
			return nil, errLayout
		case opBr:
			if in.a < int64(depth) {
				break
			}
			n := len(out)
			if !loop || outside != 0 || n < 2 || !equal(out[n-1], instr{op: opLocalSet, a: 0}) || out[n-2].op != opI32Const ||
				out[n-2].a < 0 || out[n-2].a >= int64(len(f.table)) {
				return nil, errLayout
			}
			out = append(out[:n-2], instr{op: opJump, a: int64(f.table[out[n-2].a])})
			continue
		case opBrIf:
			if in.a < int64(depth) {
				break
			}
			if loop {
				outside--
			}
			if !unwind || outside != 0 {
				return nil, errLayout
			}
			in = instr{op: opUnwindIf}
		case opLocalGet:
			if n := len(pushStart); hasPrefix(code[i:], pushStart) && len(code) > i+n+1 && code[i+n].op == opI64Const && equal(code[i+n+1], pushEnd) {
				pc := code[i+n].a
				if pc>>16 != f.pcF {
					return nil, errLayout
				}
				in = instr{op: opPush, a: pc & 0xffff}
				i += n + 1
			}
		}
		out = append(out, in)
	}
	if depth != 0 {
		return nil, errLayout
	}
	return liftBranches(out), nil
}

// liftBranches makes one instruction of if, jump, end.
func liftBranches(code []instr) []instr {
	out := code[:0:0]
	for i := 0; i < len(code); i++ {
		in := code[i]
		if in.op == opIf && i+2 < len(code) && code[i+1].op == opJump && code[i+2].op == opEnd {
			in = instr{op: opJumpIf, a: code[i+1].a}
			i += 2
		}
		out = append(out, in)
	}
	return out
}

// liftUnwinding finds calls within a segment that never return to it: they
// unwind. Those are of sigpanic and of morestack, after which the function is
// entered again. by gives for a function's index that of its helper.
func (f *goFunc) liftUnwinding(by map[int64]int64) {
	for s, code := range f.segments {
		out := code[:0:0]
		for i := 0; i < len(code); i++ {
			in := code[i]
			if in.op == opPush && hasPrefix(code[i+3:], unwinds) && equal(code[i+1], instr{op: opI32Const}) && code[i+2].op == opCall && by[code[i+2].a] != 0 {
				in = instr{op: opUnwindBy, a: in.a, b: by[code[i+2].a]}
				i += 2 + len(unwinds)
			}
			out = append(out, in)
		}
		f.segments[s] = out
	}
}

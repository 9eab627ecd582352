package wasmshrink

import (
	"errors"
	"fmt"
	"slices"
)

// A walker follows a function's body from event to event. Events are what a
// function does: instructions that compute, load, store and call, conditions,
// ends. How it gets from one to the next (blocks, jumps, the dispatch on PC_B)
// is not an event, nor is where a return address comes from.
type walker struct {
	code    []instr
	targets []int // of block, loop and if: where a br to it leads; of if: where it leads when it is not taken
	blocks  [][]int
	pcF     int64
	base    int64 // local that holds PC_F<<16; -1 if there is none
	callers map[int64]int64
	never   func(call int64) bool
	entries []int      // the PC_B that it may be entered with
	numbers *numbering // what the return addresses are in the other body
}

// A place is the next instruction and, if known, PC_B.
type place struct {
	at int
	pc int
}

const unknownPC = -1

// An event is an instruction, or what stands for several.
type event struct {
	instr
	next []place // the places after it: none after an end, two after a condition (not taken, taken)
}

const (
	eventCondition opcode = 0xff10
	eventDispatch  opcode = 0xff11 // on the PC_B that the function was entered with
	eventReturn    opcode = 0xff12
)

// validate proves that a rewritten body does what the original does: from the
// entry, with each PC_B that it has, and from each pair of places reached, both
// have the same event next. samePush says which return addresses are as good as
// another where sigpanic and morestack are called.
func validate(before, after *walker, samePush func(a, b int64) bool) error {
	type pair struct{ a, b place }
	seen := map[pair]bool{}
	work := []pair{{place{0, unknownPC}, place{0, unknownPC}}}
	for len(work) > 0 {
		p := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[p] {
			continue
		}
		seen[p] = true
		x, err := before.next(p.a)
		if err != nil {
			return err
		}
		y, err := after.next(p.b)
		if err != nil {
			return err
		}
		if y.op != x.op || x.op == opUnwindBy && (x.b != y.b || !samePush(x.a, y.a)) || x.op != opUnwindBy && !equal(x.instr, y.instr) || len(x.next) != len(y.next) {
			// A function with one entry has no dispatch.
			if x.op == eventDispatch && len(x.next) == 1 {
				work = append(work, pair{x.next[0], p.b})
				continue
			}
			return fmt.Errorf("%w: at %v there was %v, now at %v there is %v", errProof, p.a, x, p.b, y)
		}
		for i := range x.next {
			work = append(work, pair{x.next[i], y.next[i]})
		}
	}
	return nil
}

var errProof = errors.New("wasmshrink: a function that was rewritten does something else")

func newWalker(body []byte, pcF, base int64) (*walker, error) {
	r := &reader{b: body}
	parseLocals(r)
	if r.err != nil {
		return nil, r.err
	}
	code, err := parseInstrs(body[r.at:])
	if err != nil {
		return nil, err
	}
	w := &walker{code: code, targets: make([]int, len(code)), blocks: make([][]int, len(code)), pcF: pcF, base: base}
	var open []int
	for i, in := range code {
		w.blocks[i] = open
		switch in.op {
		case opBlock, opLoop, opIf:
			open = append(slices.Clone(open), i)
		case opEnd:
			if len(open) == 0 {
				if i != len(code)-1 {
					return nil, errLayout
				}
				break
			}
			begin := open[len(open)-1]
			open = open[:len(open)-1]
			w.targets[begin] = i + 1
			if code[begin].op == opLoop {
				w.targets[begin] = begin + 1
			}
		case opElse:
			return nil, errLayout
		}
	}
	return w, nil
}

// target is where a br leads; -1 is the end of the function.
func (w *walker) target(at int, depth int64) int {
	open := w.blocks[at]
	if int(depth) >= len(open) {
		return len(w.code) - 1
	}
	return w.targets[open[len(open)-1-int(depth)]]
}

// next gives the event at a place, after what is none.
func (w *walker) next(p place) (event, error) {
	for steps := 0; steps <= 4*len(w.code); steps++ {
		in := w.code[p.at]
		rest := w.code[p.at:]
		switch in.op {
		case opBlock, opLoop:
			p.at++
		case opEnd:
			if p.at == len(w.code)-1 {
				return event{instr: instr{op: eventReturn}}, nil
			}
			p.at++
		case opReturn:
			return event{instr: instr{op: eventReturn}}, nil
		case opUnreachable:
			return event{instr: in}, nil
		case opBr:
			p.at = w.target(p.at, in.a)
		case opIf, opBrIf, opI32Eqz:
			if e, ok := w.condition(p); ok {
				return e, nil
			}
			return event{in, []place{{p.at + 1, unknownPC}}}, nil
		case opI32Const:
			if !w.setsPC(p.at) {
				return event{in, []place{{p.at + 1, unknownPC}}}, nil
			}
			p = place{p.at + 2, int(in.a)}
		case opLocalGet:
			if len(rest) > 1 && in.a == 0 && rest[1].op == opBrTable {
				if p.pc == unknownPC {
					e := event{instr: instr{op: eventDispatch}}
					for _, pc := range w.entries {
						e.next = append(e.next, place{w.dispatch(p.at+1, pc), unknownPC})
					}
					return e, nil
				}
				p = place{w.dispatch(p.at+1, p.pc), unknownPC}
				continue
			}
			return w.value(p)
		case opI64Const:
			if w.base >= 0 && in.a == w.pcF<<16 && len(rest) > 1 && equal(rest[1], instr{op: opLocalSet, a: w.base}) && p.at == len(updateSP) {
				p.at += 2 // the base gets its value, once, before all else
				continue
			}
			return w.value(p)
		case opCall:
			if w.never(in.a) && (len(rest) > 1 && rest[1].op == opReturn || len(rest) > 3 && hasPrefix(rest[1:], updateSP) && rest[3].op == opBrIf) {
				return event{instr: in}, nil
			}
			return event{in, []place{{p.at + 1, unknownPC}}}, nil
		default:
			return event{w.mapped(in), []place{{p.at + 1, unknownPC}}}, nil
		}
	}
	return event{}, fmt.Errorf("%w: it goes round without doing anything", errProof)
}

// mapped gives locals the numbers that they had before there was a base.
func (w *walker) mapped(in instr) instr {
	if in.op >= opLocalGet && in.op <= opLocalTee && w.base >= 0 {
		switch {
		case in.a == w.base:
			in.a = -1 // matches nothing
		case in.a > w.base:
			in.a--
		}
	}
	return in
}

func (w *walker) dispatch(table, pc int) int {
	t := w.code[table].table
	return w.target(table, int64(t[min(pc, len(t)-1)]))
}

// setsPC reports whether PC_B is set for a jump.
func (w *walker) setsPC(at int) bool {
	c := w.code[at:]
	return len(c) > 2 && c[0].op == opI32Const && equal(c[1], instr{op: opLocalSet, a: 0}) && (c[2].op == opBr || c[2].op == opBrIf)
}

// condition gives the event of if and br_if, negated as often as eqz is in front of them.
func (w *walker) condition(p place) (event, bool) {
	at, pc, negated := p.at, p.pc, false
	for w.code[at].op == opI32Eqz {
		at++
		negated = !negated
	}
	if w.setsPC(at) {
		at, pc = at+2, int(w.code[at].a)
	}
	var taken, not place
	switch in := w.code[at]; in.op {
	case opIf:
		taken, not = place{at + 1, unknownPC}, place{w.targets[at], unknownPC}
	case opBrIf:
		taken, not = place{w.target(at, in.a), pc}, place{at + 1, unknownPC}
	default:
		return event{}, false
	}
	if negated {
		taken, not = not, taken
	}
	return event{instr{op: eventCondition}, []place{not, taken}}, true
}

// value gives the event of local.get and i64.const: the instruction, or what a return address is for.
func (w *walker) value(p place) (event, error) {
	code := w.code[p.at:]
	if n := len(pushStart); hasPrefix(code, pushStart) {
		if pc, used := w.pc(code[n:]); used > 0 && len(code) > n+used && equal(code[n+used], pushEnd) {
			after := code[n+used+1:]
			if len(after) > 4 && equal(after[0], instr{op: opI32Const}) && after[1].op == opCall && hasPrefix(after[2:], updateSP) && after[4].op == opBrIf {
				if helper := w.callers[after[1].a]; helper != 0 {
					return event{instr: instr{op: opUnwindBy, a: pc, b: helper}}, nil
				}
			}
			return event{instr{op: opPush, a: w.numbers.to(pc)}, []place{{p.at + n + used + 1, unknownPC}}}, nil
		}
	}
	if pc, used := w.pc(code); used > 0 && len(code) > used+1 && code[used].op == opCall && code[used+1].op == opReturn {
		for _, helper := range w.callers {
			if helper == code[used].a {
				return event{instr: instr{op: opUnwindBy, a: pc, b: helper}}, nil
			}
		}
	}
	return event{w.mapped(code[0]), []place{{p.at + 1, unknownPC}}}, nil
}

// pc reads a return address of the function: its PC_B and of how many instructions it is made.
func (w *walker) pc(code []instr) (pcB int64, used int) {
	switch {
	case len(code) > 0 && code[0].op == opI64Const && code[0].a>>16 == w.pcF:
		return code[0].a & 0xffff, 1
	case len(code) > 0 && w.base >= 0 && equal(code[0], instr{op: opLocalGet, a: w.base}):
		if len(code) > 2 && code[1].op == opI64Const && code[2].op == opI64Add && code[1].a>>16 == 0 {
			return code[1].a, 3
		}
		return 0, 1
	}
	return 0, 0
}

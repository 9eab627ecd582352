package wasmshrink

import (
	"maps"
	"slices"
)

// A numbering gives the return addresses of a function small numbers. PC_B is
// any number that tells them apart: the compiler counts instructions, and so
// its numbers were in the code at each call, in the dispatch up to the largest
// and in the table of functions. nil is the numbering that leaves all as it is.
type numbering struct {
	of map[int]int // PC_B as it was to what it is
	// What the runtime asks the table of functions, by PC_B as it is.
	sp, maps map[int]int32
	conflict bool // something has two answers
}

// sharedUnwinding is the PC_B that shareUnwinding gives nil checks.
const sharedUnwinding = 1

// renumber numbers the return addresses of function i, unless somebody knows
// them: whom recover counts inlined calls of (the tree of these has PC_B of
// other instructions), and runtime.goexit, which goroutines begin in the middle of.
func (m *module) renumber(i int, f *goFunc, w *flow, t *pclntab, use usage, sp []run) (*numbering, error) {
	if m.names[i] == "runtime.goexit" {
		return nil, nil
	}
	inlined, err := t.inlined(t.funcAt(i), use)
	if err != nil || inlined != nil {
		return nil, err
	}
	index, err := t.runs(t.pcdata(t.funcAt(i), stackMapIndex))
	if err != nil {
		return nil, err
	}
	return f.renumber(w, sp, index, int(t.u32(t.funcAt(i)+funcDeferReturn))), nil
}

// renumber takes the tables of the frame's size and of the pointer maps. The
// runtime asks the first at a return address, the second one before it; at the
// entry and, for deferReturn, at the number itself (runtime.(*stkframe).getStackMap).
//
// Calls that the function is not entered after come first, all with the same
// answers as one: most functions have one such number. The number of a place
// that it may be entered at is, behind those, how many blocks end before it: so
// the br_table of every function counts up. nil says that two places would get
// one number that the answers differ at: the compiler's numbers stay.
func (f *goFunc) renumber(w *flow, sp, index []run, deferReturn int) *numbering {
	n := &numbering{of: map[int]int{0: 0}, sp: map[int]int32{0: valueAt(sp, 0)}, maps: map[int]int32{0: valueAt(index, 0)}}
	resumed, shares := f.returnAddresses()
	if shares {
		n.of[sharedUnwinding], n.sp[sharedUnwinding] = sharedUnwinding, valueAt(sp, sharedUnwinding)
	}
	last := sharedUnwinding + 1
	pcs := slices.Sorted(maps.Keys(resumed))
	shared := map[[2]int32]int{}
	for _, pc := range pcs {
		if resumed[pc] {
			continue
		}
		answers := [2]int32{valueAt(sp, pc), valueAt(index, pc-1)}
		if shared[answers] == 0 {
			shared[answers] = sharedUnwinding + 1 + len(shared)
			last = shared[answers]
		}
		n.of[pc] = shared[answers]
		n.answer(shared[answers], answers)
	}
	number := map[int]int{} // of a segment
	for i, s := range w.ends(1, len(f.segments)-1) {
		number[s] = last + 1 + i
	}
	for _, pc := range pcs {
		if resumed[pc] {
			n.of[pc] = number[f.table[pc]]
			n.answer(n.of[pc], [2]int32{valueAt(sp, pc), valueAt(index, pc-1)})
		}
	}
	if deferReturn != 0 {
		now := number[f.table[deferReturn]]
		n.of[deferReturn] = now
		n.ask(n.sp, now, valueAt(sp, deferReturn))
		n.ask(n.maps, now, valueAt(index, deferReturn))
	}
	if n.conflict || n.of[deferReturn] == 0 && deferReturn != 0 {
		return nil
	}
	f.apply(n, w, last)
	return n
}

// answer says what is asked for a return address.
func (n *numbering) answer(pc int, answers [2]int32) {
	n.ask(n.sp, pc, answers[0])
	n.ask(n.maps, pc-1, answers[1])
}

// ask says that v is the answer of a table at PC_B.
func (n *numbering) ask(of map[int]int32, pc int, v int32) {
	if other, ok := of[pc]; pc < 0 || ok && other != v {
		n.conflict = true
	}
	of[pc] = v
}

// returnAddresses gives the PC_B that are pushed, and whether the function may
// be entered there; without that of the entry and the one that nil checks share, if they do.
func (f *goFunc) returnAddresses() (resumed map[int]bool, shares bool) {
	resumed = map[int]bool{}
	for _, code := range f.segments {
		for i, in := range code {
			switch in.op {
			case opPush:
				resumed[int(in.a)] = resumed[int(in.a)] || resumes(code[i+1:])
			case opUnwindBy:
				if in.a == sharedUnwinding {
					shares = true
				} else {
					resumed[int(in.a)] = resumed[int(in.a)]
				}
			}
		}
	}
	delete(resumed, 0)
	return resumed, shares
}

// apply puts the numbers into the function. The table has blocks that the function is not entered behind as well.
func (f *goFunc) apply(n *numbering, w *flow, last int) {
	table := append(make([]int, last+1), w.ends(1, len(f.segments)-1)...)
	for len(table) > last+1 && !w.dispatched[table[len(table)-1]] {
		table = table[:len(table)-1]
	}
	f.table = table
	for _, code := range f.segments {
		for i, in := range code {
			if in.op == opPush || in.op == opUnwindBy {
				code[i].a = n.to(in.a)
			}
		}
	}
}

// to gives what PC_B is now; -1 for none.
func (n *numbering) to(pc int64) int64 {
	if n == nil {
		return pc
	}
	if now, ok := n.of[int(pc)]; ok {
		return int64(now)
	}
	return -1
}

func (n *numbering) entries(of []int) []int {
	now := make([]int, len(of))
	for i, pc := range of {
		now[i] = int(n.to(int64(pc)))
	}
	return now
}

// runsOf gives the table that has the answers where they are asked for.
func runsOf(answers map[int]int32) []run {
	var out []run
	for _, pc := range slices.Sorted(maps.Keys(answers)) {
		if k := len(out); k > 0 && out[k-1].value == answers[pc] {
			out[k-1].until = pc + 1
			continue
		}
		out = append(out, run{answers[pc], pc + 1})
	}
	out[len(out)-1].until = beyond
	return out
}

package wasmshrink

import "slices"

// A flow is how the segments of a function follow each other.
type flow struct {
	dispatched []bool // PC_B may be of the segment: at the entry, or by a jump back
	targets    []bool // a block ends before the segment, or a loop begins with it
	loopEnd    []int  // of a segment that begins a loop, the loop's last segment; else 0
	rejected   []bool // jumps back to the segment are dispatched
	jumps      []edge
}

type edge struct{ from, to int }

// entries gives the PC_B at which the function may be entered: its start, the
// return addresses of its calls, and further ones.
func (f *goFunc) entries(further ...int) []int {
	pcs := append([]int{0}, further...)
	for _, code := range f.segments {
		for i, in := range code {
			if in.op == opPush && resumes(code[i+1:]) {
				pcs = append(pcs, int(in.a))
			}
		}
	}
	slices.Sort(pcs)
	return slices.Compact(pcs)
}

// resumed finds the segments that PC_B are of.
func (f *goFunc) resumed(entries []int) []bool {
	segments := make([]bool, len(f.segments))
	for _, pc := range entries {
		segments[f.table[pc]] = true
	}
	return segments
}

// analyse finds the flow, given at which segments the function may be entered.
func (f *goFunc) analyse(resumed []bool) *flow {
	n := len(f.segments)
	w := &flow{resumed, make([]bool, n), make([]int, n), make([]bool, n), nil}
	for s, code := range f.segments {
		for _, in := range code {
			if in.op == opJump || in.op == opJumpIf {
				w.jumps = append(w.jumps, edge{s, int(in.a)})
			}
		}
	}
	for !w.findLoops() {
	}
	for _, j := range w.jumps {
		if j.to > j.from || !w.rejected[j.to] {
			w.targets[j.to] = true
		}
	}
	return w
}

// ends gives the segments from first to last that a block ends before, but
// those within a loop there.
func (w *flow) ends(first, last int) []int {
	var ends []int
	for s := first; s <= last; s++ {
		if w.targets[s] || w.dispatched[s] {
			ends = append(ends, s)
		}
		if to := w.loopEnd[s]; to > s {
			s = to
		}
	}
	return ends
}

// resumes reports whether the function may be entered again at a return
// address, given what follows its push: the call is one that unwinds. Others
// do not come back, or come back at once.
func resumes(code []instr) bool {
	for _, in := range code {
		switch in.op {
		case opUnwindIf:
			return true
		case opPush, opUnwindBy, opIf, opReturn:
			return false
		}
	}
	return false
}

// findLoops decides which jumps back can be those of a WebAssembly loop: where
// nothing enters it but at its start. It reports false when it rejected one,
// after which all are to be looked at again.
func (w *flow) findLoops() bool {
	clear(w.loopEnd)
	var heads []int
	for _, j := range w.jumps {
		if j.to > j.from || w.rejected[j.to] {
			continue
		}
		if j.to == 0 { // the dispatch is in front of it
			w.reject(0)
			return false
		}
		if w.loopEnd[j.to] == 0 {
			heads = append(heads, j.to)
		}
		w.loopEnd[j.to] = max(w.loopEnd[j.to], j.from)
	}
	slices.Sort(heads)
	for i := len(heads) - 1; i >= 0; i-- { // of loops that overlap, the outer one ends with the inner one
		for _, inner := range heads[i+1:] {
			if inner <= w.loopEnd[heads[i]] {
				w.loopEnd[heads[i]] = max(w.loopEnd[heads[i]], w.loopEnd[inner])
			}
		}
	}
	for _, h := range slices.Backward(heads) {
		if w.entered(h, w.loopEnd[h]) {
			w.reject(h)
			return false
		}
	}
	return true
}

func (w *flow) reject(head int) { w.rejected[head], w.dispatched[head] = true, true }

// entered reports whether a segment of the loop other than its first has a way in from outside.
func (w *flow) entered(first, last int) bool {
	if slices.Contains(w.dispatched[first+1:last+1], true) {
		return true
	}
	return slices.ContainsFunc(w.jumps, func(j edge) bool {
		return j.to > first && j.to <= last && (j.from < first || j.from > last)
	})
}

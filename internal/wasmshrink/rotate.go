package wasmshrink

import "slices"

// unrotate puts the condition of a loop in front of it. The compiler lays
// loops out with the condition last, and enters them by a jump to it:
//
//	jump c;  b: body;  c: if condition, jump b
//
// WebAssembly has loops that are entered at their start only:
//
//	c: if not condition, jump out;  b: body;  jump c;  out:
//
// resumed are the segments that may be entered from outside: a loop that has
// one is dispatched anyway, and stays as it is.
func (f *goFunc) unrotate(resumed []bool) {
	moves := 0
	for from := 0; from < len(f.segments) && moves < len(f.segments); from++ {
		if first, last := f.rotated(from, resumed); first > 0 {
			f.move(first, last, from+1)
			resumed = moved(resumed, first, last, from+1)
			moves++
			from = -1 // what is inside may be rotated too
		}
	}
}

// rotated gives the segments from the condition to the loop's end, if the
// segment ends with a jump into a loop that begins after it; else 0.
func (f *goFunc) rotated(from int, resumed []bool) (first, last int) {
	code := f.segments[from]
	if len(code) == 0 || code[len(code)-1].op != opJump {
		return 0, 0
	}
	first = int(code[len(code)-1].a)
	if first <= from+1 {
		return 0, 0
	}
	for s := from + 1; s < len(f.segments); s++ {
		for _, in := range f.segments[s] {
			if (in.op == opJumpIf || in.op == opJump) && int(in.a) == from+1 {
				last = s
			}
		}
	}
	if last < first || slices.Contains(resumed[from+1:last+1], true) {
		return 0, 0
	}
	return first, last
}

// move puts segments in front of others before them. What they fell through to, and what fell into them, jumps.
func (f *goFunc) move(first, last, to int) {
	f.fallsThrough(last)
	f.fallsThrough(first - 1)
	f.segments = moved(f.segments, first, last, to)
	order := make([]int, len(f.segments))
	for i := range order {
		order[i] = i
	}
	place := make([]int, len(order))
	for now, before := range moved(order, first, last, to) {
		place[before] = now
	}
	for i, s := range f.table {
		f.table[i] = place[s]
	}
	for _, code := range f.segments {
		for i := range code {
			if code[i].op == opJump || code[i].op == opJumpIf {
				code[i].a = int64(place[code[i].a])
			}
		}
	}
}

// fallsThrough ends a segment with a jump to the next, if it does not end otherwise.
func (f *goFunc) fallsThrough(s int) {
	code := f.segments[s]
	if n := len(code); n == 0 || !ends(code[n-1].op) {
		f.segments[s] = append(code[:n:n], instr{op: opJump, a: int64(s + 1)})
	}
}

// moved gives a list with the elements from first to last in front of that at to.
func moved[T any](list []T, first, last, to int) []T {
	return slices.Concat(list[:to], list[first:last+1], list[to:first], list[last+1:])
}

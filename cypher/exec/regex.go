package exec

import (
	"unicode/utf8"

	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// regexStep is an instruction of a compiled pattern: 'c' takes a character of
// set, 'j' goes on at x, 's' at x and at y, 'e' is the end; all others are
// assertions of regexNode.
type regexStep struct {
	op   byte
	set  *runeSet
	x, y int32
}

// regex is a compiled pattern, with the buffers of its matcher: it is for one
// goroutine. The matcher goes through all ways at once (Thompson, 1968).
type regex struct {
	steps     []regexStep
	now, next []int32 // steps to try on the next character
	stack     []int32
	work      int     // parts compiled
	seen      []int32 // by step: the position at which it was added, plus one
}

// compileRegex gives what is wrong with a pattern, or the empty text.
func compileRegex(text string) (*regex, string) {
	p := &regexParser{text: text}
	n := p.alternatives()
	if p.wrong == "" && p.more() {
		p.wrong = "a ) without ("
	}
	if p.wrong != "" {
		return nil, p.wrong
	}
	x := &regex{}
	if !x.compile(n) {
		return nil, "it is too long"
	}
	x.emit(regexStep{op: 'e'})
	x.seen = make([]int32, len(x.steps))
	return x, ""
}

func (x *regex) emit(s regexStep) int32 {
	x.steps = append(x.steps, s)
	return int32(len(x.steps) - 1)
}

func (x *regex) here() int32 { return int32(len(x.steps)) }

// compile appends the steps of a part; false when there are too many.
func (x *regex) compile(n *regexNode) bool {
	if x.work++; x.work > 4*maxRegexSteps || len(x.steps) > maxRegexSteps {
		return false
	}
	switch n.op {
	case 'c':
		x.emit(regexStep{op: 'c', set: n.set})
	case '&':
		for _, s := range n.subs {
			if !x.compile(s) {
				return false
			}
		}
	case '|':
		return x.alternatives(n)
	case '*':
		return x.repeated(n)
	default:
		x.emit(regexStep{op: n.op})
	}
	return true
}

func (x *regex) alternatives(n *regexNode) bool {
	var ends []int32
	for i, s := range n.subs {
		split := int32(-1)
		if i < len(n.subs)-1 {
			split = x.emit(regexStep{op: 's', x: x.here() + 1})
		}
		if !x.compile(s) {
			return false
		}
		if split >= 0 {
			ends = append(ends, x.emit(regexStep{op: 'j'}))
			x.steps[split].y = x.here()
		}
	}
	for _, e := range ends {
		x.steps[e].x = x.here()
	}
	return true
}

func (x *regex) repeated(n *regexNode) bool {
	for i := 0; i < n.min; i++ {
		if !x.compile(n.subs[0]) {
			return false
		}
	}
	if n.max < 0 {
		split := x.emit(regexStep{op: 's', x: x.here() + 1})
		if !x.compile(n.subs[0]) {
			return false
		}
		x.emit(regexStep{op: 'j', x: split})
		x.steps[split].y = x.here()
		return true
	}
	var splits []int32
	for i := n.min; i < n.max; i++ {
		splits = append(splits, x.emit(regexStep{op: 's', x: x.here() + 1}))
		if !x.compile(n.subs[0]) {
			return false
		}
	}
	for _, s := range splits {
		x.steps[s].y = x.here()
	}
	return true
}

// match says whether the whole text matches.
func (x *regex) match(r *Run, text string) bool {
	clear(x.seen)
	before := rune(-1)
	x.next = x.add(x.next[:0], 0, 0, before, text)
	for at, c := range text {
		size := utf8.RuneLen(c)
		if c == utf8.RuneError {
			_, size = utf8.DecodeRuneInString(text[at:])
		}
		x.now, x.next = x.next, x.now[:0]
		if len(x.now) == 0 {
			return false
		}
		r.tick(1 + len(x.now)/16)
		if r.err != nil {
			return false
		}
		for _, s := range x.now {
			if step := &x.steps[s]; step.op == 'c' && step.set.has(c) {
				x.next = x.add(x.next, s+1, at+size, c, text[at+size:])
			}
		}
	}
	for _, s := range x.next {
		if x.steps[s].op == 'e' {
			return true
		}
	}
	return false
}

// add notes a step and all that it leads to without taking a character. at is
// where the text stands, before is the character there, after the rest.
func (x *regex) add(list []int32, first int32, at int, before rune, after string) []int32 {
	work := append(x.stack[:0], first)
	for len(work) > 0 {
		s := work[len(work)-1]
		work = work[:len(work)-1]
		if x.seen[s] == int32(at+1) {
			continue
		}
		x.seen[s] = int32(at + 1)
		switch step := &x.steps[s]; step.op {
		case 'c', 'e':
			list = append(list, s)
		case 'j':
			work = append(work, step.x)
		case 's':
			work = append(work, step.y, step.x)
		default:
			if holds(step.op, before, after) {
				work = append(work, s+1)
			}
		}
	}
	x.stack = work
	return list
}

// holds decides an assertion between the character before, -1 at the beginning,
// and the text after.
func holds(op byte, before rune, after string) bool {
	next, _ := utf8.DecodeRuneInString(after)
	if after == "" {
		next = -1
	}
	switch op {
	case '^':
		return before < 0
	case '$':
		return next < 0
	case '^' + 'm':
		return before < 0 || before == '\n'
	case '$' + 'm':
		return next < 0 || next == '\n'
	}
	return (isWord(before) != isWord(next)) == (op == 'b')
}

// keptRegexes is how many patterns a run remembers.
const keptRegexes = 32

// matches is text =~ pattern.
func matches(r *Run, text, pattern graph.Value, at syntax.Range) graph.Value {
	if text.IsNull() || pattern.IsNull() {
		return graph.Null
	}
	if text.Kind() != graph.KindString || pattern.Kind() != graph.KindString {
		return graph.Null
	}
	x := r.regexes[pattern.AsString()]
	if x == nil {
		var wrong string
		if x, wrong = compileRegex(pattern.AsString()); x == nil {
			return r.fail("ArgumentError", "InvalidArgumentValue", "this is no regular expression that =~ takes: "+wrong, at)
		}
		if r.regexes == nil || len(r.regexes) >= keptRegexes {
			r.regexes = map[string]*regex{}
		}
		r.regexes[pattern.AsString()] = x
	}
	return graph.Bool(x.match(r, text.AsString()))
}

package exec

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Regular expressions for =~ in the syntax that Java, JavaScript and Go share,
// matched without backtracking: time grows with the length of the text times
// that of the pattern, whatever they are. Package regexp would add more to the
// module than the rest of the functions together.

// Limits of one pattern: steps of the compiled program, groups in each other.
const (
	maxRegexSteps = 10_000
	maxRegexDepth = 100
)

// runeSet is what one step accepts.
type runeSet struct {
	ranges []rune // pairs
	kinds  []func(rune) bool
	not    bool
	fold   bool // upper and lower case are the same
}

func (s *runeSet) has(c rune) bool {
	found := s.holds(c)
	if !found && s.fold {
		found = s.holds(unicode.ToLower(c)) || s.holds(unicode.ToUpper(c))
	}
	return found != s.not
}

func (s *runeSet) holds(c rune) bool {
	for i := 0; i < len(s.ranges); i += 2 {
		if s.ranges[i] <= c && c <= s.ranges[i+1] {
			return true
		}
	}
	for _, is := range s.kinds {
		if is(c) {
			return true
		}
	}
	return false
}

// regexNode is a part of a pattern.
type regexNode struct {
	op       byte // 'c' a set, '&' one after the other, '|' alternatives, '*' repeated, or an assertion: ^ $ b B
	set      *runeSet
	subs     []*regexNode
	min, max int // of '*'; max < 0: any number
}

type regexParser struct {
	text  string
	at    int
	depth int
	wrong string
	fold  bool // (?i)
	dots  bool // (?s)
	lines bool // (?m)
}

//go:noinline
func (p *regexParser) fail(what string) *regexNode {
	if p.wrong == "" {
		p.wrong = what
	}
	p.at = len(p.text)
	return &regexNode{op: '&'}
}

func (p *regexParser) more() bool { return p.at < len(p.text) }

//go:noinline
func (p *regexParser) got(word string) bool {
	if strings.HasPrefix(p.text[p.at:], word) {
		p.at += len(word)
		return true
	}
	return false
}

func (p *regexParser) rune() rune {
	c, n := utf8.DecodeRuneInString(p.text[p.at:])
	p.at += n
	return c
}

// alternatives reads up to a closing parenthesis or the end.
func (p *regexParser) alternatives() *regexNode {
	if p.depth++; p.depth > maxRegexDepth {
		return p.fail("too many groups in each other")
	}
	defer func(fold, dots, lines bool) { p.depth--; p.fold, p.dots, p.lines = fold, dots, lines }(p.fold, p.dots, p.lines)
	alt := &regexNode{op: '|'}
	for {
		seq := &regexNode{op: '&'}
		for p.more() && p.text[p.at] != '|' && p.text[p.at] != ')' {
			seq.subs = append(seq.subs, p.repeated(p.atom()))
		}
		alt.subs = append(alt.subs, seq)
		if !p.got("|") {
			return alt
		}
	}
}

func (p *regexParser) atom() *regexNode {
	switch c := p.rune(); c {
	case '(':
		return p.group()
	case '[':
		return &regexNode{op: 'c', set: p.class()}
	case '.':
		s := &runeSet{not: true}
		if !p.dots {
			s.ranges = []rune{'\n', '\n', '\r', '\r', 0x85, 0x85, 0x2028, 0x2029}
		}
		return &regexNode{op: 'c', set: s}
	case '^', '$':
		op := byte(c)
		if p.lines {
			op += 'm' // ^ and $ of a line
		}
		return &regexNode{op: op}
	case '*', '+', '?', '{':
		return p.fail("nothing to repeat before " + string(c))
	case '\\':
		if p.more() && (p.text[p.at] == 'b' || p.text[p.at] == 'B') {
			p.at++
			return &regexNode{op: p.text[p.at-1]}
		}
		s := &runeSet{fold: p.fold}
		p.escape(s)
		return &regexNode{op: 'c', set: s}
	default:
		return &regexNode{op: 'c', set: &runeSet{ranges: []rune{c, c}, fold: p.fold}}
	}
}

func (p *regexParser) group() *regexNode {
	if p.got("?") {
		on := true
		switch {
		case p.got("<") && !(strings.HasPrefix(p.text[p.at:], "=") || strings.HasPrefix(p.text[p.at:], "!")):
			end := strings.IndexByte(p.text[p.at:], '>')
			if end < 0 {
				return p.fail("a group name without >")
			}
			p.at += end + 1
		default:
			fold, dots, lines := p.fold, p.dots, p.lines
			for p.more() && p.text[p.at] != ':' && p.text[p.at] != ')' {
				switch p.rune() {
				case 'i':
					fold = on
				case 's':
					dots = on
				case 'm':
					lines = on
				case 'u':
				case '-':
					on = false
				default:
					return p.fail("look-around and atomic groups are not supported")
				}
			}
			if p.got(")") { // for the rest of the group around
				p.fold, p.dots, p.lines = fold, dots, lines
				return &regexNode{op: '&'}
			}
			p.got(":")
			defer func(fold, dots, lines bool) { p.fold, p.dots, p.lines = fold, dots, lines }(p.fold, p.dots, p.lines)
			p.fold, p.dots, p.lines = fold, dots, lines
		}
	}
	n := p.alternatives()
	if !p.got(")") {
		return p.fail("a group without )")
	}
	return n
}

// repeated reads what says how often something may come. A match is of the
// whole text, so greedy or not makes no difference.
func (p *regexParser) repeated(n *regexNode) *regexNode {
	for p.more() {
		from, to := 0, -1
		switch {
		case p.got("*"):
		case p.got("+"):
			from = 1
		case p.got("?"):
			to = 1
		case p.text[p.at] == '{':
			p.at++
			from, to = p.bounds()
		default:
			return n
		}
		if p.got("+") {
			return p.fail("possessive quantifiers are not supported")
		}
		p.got("?")
		n = &regexNode{op: '*', subs: []*regexNode{n}, min: from, max: to}
	}
	return n
}

func (p *regexParser) bounds() (from, to int) {
	from, ok := p.number()
	to = from
	if p.got(",") {
		if to, okTo := p.number(); okTo {
			if !p.got("}") || to < from || !ok {
				p.fail("a repetition is {n}, {n,} or {n,m}")
			}
			return from, to
		}
		to = -1
	}
	if !ok || !p.got("}") {
		p.fail("a repetition is {n}, {n,} or {n,m}")
	}
	return from, to
}

func (p *regexParser) number() (n int, ok bool) {
	for p.more() && p.text[p.at] >= '0' && p.text[p.at] <= '9' {
		n = min(n*10+int(p.text[p.at]-'0'), maxRegexSteps)
		p.at++
		ok = true
	}
	return n, ok
}

// class reads [a-z…] behind the bracket.
func (p *regexParser) class() *runeSet {
	s := &runeSet{fold: p.fold}
	s.not = p.got("^")
	for first := true; p.more(); first = false {
		switch c := p.rune(); {
		case c == ']' && !first:
			return s
		case c == '[' || c == '&' && strings.HasPrefix(p.text[p.at:], "&"):
			p.fail("sets of sets are not supported")
		default:
			if c == '\\' {
				single := p.escape(s)
				if single < 0 {
					continue
				}
				c = single
			}
			to := c
			if p.at+1 < len(p.text) && p.text[p.at] == '-' && p.text[p.at+1] != ']' {
				p.at++
				if to = p.rune(); to == '\\' {
					to = p.escape(&runeSet{})
				}
				if to < c {
					p.fail("a range that ends before it begins")
				}
			}
			s.ranges = append(s.ranges, c, to)
		}
	}
	p.fail("a set without ]")
	return s
}

// escape adds what stands behind a backslash to a set, and gives the character
// if it is a single one, else -1.
func (p *regexParser) escape(s *runeSet) rune {
	if !p.more() {
		p.fail("a backslash at the end")
		return -1
	}
	c := p.rune()
	lower := unicode.ToLower(c)
	switch lower {
	case 'd', 'w', 's':
		is := func(x rune) bool { return x >= '0' && x <= '9' }
		if lower == 'w' {
			is = isWord
		} else if lower == 's' {
			is = func(x rune) bool { return x == ' ' || x >= '\t' && x <= '\r' }
		}
		return s.add(is, c != lower)
	case 'p':
		return p.property(s, c == 'P')
	}
	switch c {
	case 'n':
		c = '\n'
	case 't':
		c = '\t'
	case 'r':
		c = '\r'
	case 'f':
		c = '\f'
	case 'x':
		c = p.hex(2)
	case 'u':
		c = p.hex(4)
	case 'A', 'z', 'Z', 'Q', 'E', 'G', 'k', 'h', 'v', 'R', 'X':
		p.fail("\\" + string(c) + " is not supported")
	default:
		if c >= '1' && c <= '9' {
			p.fail("references to groups are not supported")
		}
	}
	s.ranges = append(s.ranges, c, c)
	return c
}

func (s *runeSet) add(is func(rune) bool, not bool) rune {
	if not {
		s.kinds = append(s.kinds, func(c rune) bool { return !is(c) })
	} else {
		s.kinds = append(s.kinds, is)
	}
	return -1
}

func (p *regexParser) hex(n int) (c rune) {
	for ; n > 0; n-- {
		d := -1
		if p.more() {
			d = strings.IndexByte("0123456789abcdef", byte(unicode.ToLower(p.rune())))
		}
		if d < 0 {
			p.fail("\\x takes two hexadecimal digits, \\u four")
			return 0
		}
		c = c<<4 | rune(d)
	}
	return c
}

// regexProperties are the classes of \p{…}: those whose tables the module has
// anyway.
var regexProperties = map[string]func(rune) bool{
	"L": unicode.IsLetter, "Lu": unicode.IsUpper, "Ll": unicode.IsLower, "Nd": unicode.IsDigit, "Z": unicode.IsSpace,
	"Alpha": unicode.IsLetter, "Digit": unicode.IsDigit, "Upper": unicode.IsUpper, "Lower": unicode.IsLower, "Space": unicode.IsSpace,
	"Alnum": func(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) },
}

func (p *regexParser) property(s *runeSet, not bool) rune {
	name := ""
	if p.got("{") {
		end := strings.IndexByte(p.text[p.at:], '}')
		if end >= 0 {
			name = strings.TrimPrefix(p.text[p.at:p.at+end], "Is")
			p.at += end + 1
		}
	} else if p.more() {
		name = string(p.rune())
	}
	is := regexProperties[name]
	if is == nil {
		p.fail("\\p{" + name + "} is not supported")
		return -1
	}
	return s.add(is, not)
}

func isWord(c rune) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
}

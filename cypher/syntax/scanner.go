package syntax

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// scan cuts a text into tokens; the last one is endOfText. Malformed input
// becomes badToken: the parser says what is wrong when it gets there.
func scan(text string) []token {
	s := scanner{text: text, tokens: make([]token, 0, 16+len(text)/4)}
	for s.next() {
	}
	s.emit(endOfText, len(text))
	return s.tokens
}

// scanner is the state of one scan.
type scanner struct {
	text   string
	pos    int // of the next byte
	tokens []token
	open   []int // indexes of brackets not yet closed
}

// next scans one token, or white space. It is false at the end of the text.
func (s *scanner) next() bool {
	if s.pos >= len(s.text) {
		return false
	}
	c := s.text[s.pos]
	switch {
	case c == ' ' || c-'\t' < 5:
		s.pos++
	case c-'0' < 10 || c == '.' && s.digitAt(s.pos+1):
		s.number()
	case isNameByte(c):
		s.name()
	case c == '\'' || c == '"':
		s.quoted(stringToken, c)
	case c == '`':
		s.quoted(quotedName, c)
	case c == '/' && s.byteAt(s.pos+1) == '/':
		s.lineComment()
	case c == '/' && s.byteAt(s.pos+1) == '*':
		s.blockComment()
	case c >= utf8.RuneSelf:
		s.foreign()
	default:
		s.symbol(c)
	}
	return true
}

// emit adds a token that begins where the scanner is and moves behind it.
func (s *scanner) emit(k kind, end int) *token {
	s.tokens = append(s.tokens, token{pos: int32(s.pos), end: int32(end), kind: k})
	s.pos = end
	return &s.tokens[len(s.tokens)-1]
}

func (s *scanner) byteAt(i int) byte {
	if i < len(s.text) {
		return s.text[i]
	}
	return 0
}

func (s *scanner) digitAt(i int) bool { return s.byteAt(i)-'0' < 10 }

// isNameByte reports whether an ASCII byte can be inside a name, digits
// included.
func isNameByte(c byte) bool {
	return c-'a' < 26 || c-'A' < 26 || c-'0' < 10 || c == '_'
}

// isNameRune reports whether a character beyond ASCII can be inside a name, or
// with first begin one.
func isNameRune(r rune, first bool) bool {
	if unicode.IsLetter(r) || unicode.In(r, unicode.Nl, unicode.Pc) {
		return true
	}
	return !first && unicode.In(r, unicode.Nd, unicode.Mn, unicode.Mc)
}

// nameEnd returns the end of the name that goes on at i.
func (s *scanner) nameEnd(i int) int {
	for i < len(s.text) {
		c := s.text[i]
		if isNameByte(c) {
			i++
			continue
		}
		if c < utf8.RuneSelf {
			break
		}
		r, size := utf8.DecodeRuneInString(s.text[i:])
		if !isNameRune(r, false) {
			break
		}
		i += size
	}
	return i
}

func (s *scanner) name() { s.emit(nameToken, s.nameEnd(s.pos)) }

// number scans everything that could be meant as one number: 12, .5, 1.5e-3,
// 0x1F, 12abc. A dot belongs to it only before a digit, so that 1..3 is a
// range.
func (s *scanner) number() {
	hex := s.text[s.pos] == '0' && s.byteAt(s.pos+1)|0x20 == 'x'
	dotted := false
	i := s.pos
	for i < len(s.text) {
		c := s.text[i]
		switch {
		case !hex && c|0x20 == 'e' && i > s.pos && signAt(s.byteAt(i+1)) && s.digitAt(i+2):
			i += 2
		case isNameByte(c):
			i++
		case !hex && c == '.' && !dotted && s.digitAt(i+1):
			dotted = true
			i++
		default:
			s.emit(numberToken, s.nameEnd(i))
			return
		}
	}
	s.emit(numberToken, i)
}

func signAt(c byte) bool { return c == '+' || c == '-' }

// quoted scans a string or a quoted name up to its closing quote. In strings a
// backslash takes the next byte with it; in names a doubled backquote does not
// close.
func (s *scanner) quoted(k kind, quote byte) {
	for i := s.pos + 1; i < len(s.text); i++ {
		switch {
		case s.text[i] == '\\' && k == stringToken:
			i++
		case s.text[i] != quote:
		case k == quotedName && s.byteAt(i+1) == quote:
			i++
		default:
			s.emit(k, i+1)
			return
		}
	}
	s.emit(badToken, len(s.text))
}

func (s *scanner) lineComment() {
	end := strings.IndexByte(s.text[s.pos:], '\n')
	if end < 0 {
		s.pos = len(s.text)
		return
	}
	s.pos += end + 1
}

func (s *scanner) blockComment() {
	end := strings.Index(s.text[s.pos+2:], "*/")
	if end < 0 {
		s.emit(badToken, len(s.text))
		return
	}
	s.pos += 2 + end + 2
}

// foreign scans what begins beyond ASCII: a name, white space, or one of the
// dashes and arrow heads that patterns may be drawn with.
func (s *scanner) foreign() {
	r, size := utf8.DecodeRuneInString(s.text[s.pos:])
	switch {
	case r == utf8.RuneError && size <= 1:
		s.emit(badToken, s.pos+size).foreign = true
	case isNameRune(r, true):
		s.name()
	case unicode.IsSpace(r) || r == '\uFEFF' || r == '\u180E':
		s.pos += size
	case strings.ContainsRune(dashes, r):
		s.emit(minus, s.pos+size).foreign = true
	case strings.ContainsRune(leftHeads, r):
		s.emit(less, s.pos+size).foreign = true
	case strings.ContainsRune(rightHeads, r):
		s.emit(greater, s.pos+size).foreign = true
	default:
		s.emit(badToken, s.pos+size).foreign = true
	}
}

// The characters openCypher 9 allows in patterns in place of -, < and >.
const (
	dashes     = "\u00AD\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uFE58\uFE63\uFF0D"
	leftHeads  = "\u27E8\u3008\uFE64\uFF1C"
	rightHeads = "\u27E9\u3009\uFE65\uFF1E"
)

// pairs are the symbols of two bytes.
var pairs = [...]struct {
	text string
	kind kind
}{
	{"<>", notEquals}, {"!=", notEquals}, {"<=", lessEquals}, {">=", greaterEquals}, {"=~", matches},
	{"+=", plusEquals}, {"..", dotDot}, {"||", doubleBar}, {"::", doubleColon},
}

// symbol scans a token with a fixed text.
func (s *scanner) symbol(c byte) {
	rest := s.text[s.pos:]
	for _, p := range pairs {
		if p.text[0] == c && strings.HasPrefix(rest, p.text) {
			// != is no operator of Cypher; the parser says what is.
			s.emit(p.kind, s.pos+2).foreign = p.text == "!="
			return
		}
	}
	k := single[c]
	if k == endOfText {
		s.emit(badToken, s.pos+1)
		return
	}
	s.emit(k, s.pos+1)
	s.match(k)
}

// single are the symbols of one byte.
var single = func() (table [utf8.RuneSelf]kind) {
	for k, text := range symbols {
		if len(text) == 1 {
			table[text[0]] = kind(k)
		}
	}
	return table
}()

// match pairs brackets, so that the parser can look past them. A bracket that
// closes another kind than was opened last is left alone.
func (s *scanner) match(k kind) {
	at := len(s.tokens) - 1
	switch k {
	case leftParen, leftBracket, leftBrace:
		s.open = append(s.open, at)
	case rightParen, rightBracket, rightBrace:
		if n := len(s.open); n > 0 && s.tokens[s.open[n-1]].kind == k-1 {
			opened := s.open[n-1]
			s.tokens[opened].close = int32(at - opened)
			s.open = s.open[:n-1]
		}
	}
}

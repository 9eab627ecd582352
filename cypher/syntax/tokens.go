package syntax

// kind is what a token is. Keywords are names: the parser knows them by where
// they stand, so that nearly all of them can be used as names too.
type kind uint8

const (
	endOfText kind = iota
	badToken       // a character no token begins with, or an unclosed string or comment
	nameToken
	quotedName  // `name`
	numberToken // begins with a digit or a dot and a digit; may still be malformed
	stringToken
	leftParen
	rightParen
	leftBracket
	rightBracket
	leftBrace
	rightBrace
	comma
	semicolon
	colon
	doubleColon // ::
	dot
	dotDot
	dollar
	equals
	notEquals
	less
	lessEquals
	greater
	greaterEquals
	matches    // =~
	plus       // +
	plusEquals // +=
	minus      // and, in patterns, the dashes of Unicode
	star
	slash
	percent
	caret
	bar
	doubleBar // ||
	ampersand
	exclamation
	kinds
)

// token is one token: the bytes [pos, end) of the text.
type token struct {
	pos  int32
	end  int32
	kind kind
	// foreign marks a dash or arrow head of Unicode, which patterns may use
	// and expressions may not; of a badToken, that it is not ASCII.
	foreign bool
	// close is the distance in tokens to the bracket that closes this one; 0
	// when there is none.
	close int32
}

// symbols are the tokens with a fixed text.
var symbols = [kinds]string{
	leftParen: "(", rightParen: ")", leftBracket: "[", rightBracket: "]", leftBrace: "{", rightBrace: "}",
	comma: ",", semicolon: ";", colon: ":", doubleColon: "::", dot: ".", dotDot: "..", dollar: "$",
	equals: "=", notEquals: "<>", less: "<", lessEquals: "<=", greater: ">", greaterEquals: ">=",
	matches: "=~", plus: "+", plusEquals: "+=", minus: "-", star: "*", slash: "/", percent: "%",
	caret: "^", bar: "|", doubleBar: "||", ampersand: "&", exclamation: "!",
}

// reserved are the words that cannot be a variable or function without
// backquotes: each could begin or go on with something else where a variable
// may stand. Labels, types and property keys may be any word.
var reserved = map[string]bool{
	"and": true, "as": true, "case": true, "contains": true, "create": true, "delete": true,
	"detach": true, "distinct": true, "else": true, "ends": true, "false": true, "in": true,
	"is": true, "match": true, "merge": true, "not": true, "null": true, "or": true,
	"remove": true, "return": true, "set": true, "starts": true, "then": true, "true": true,
	"union": true, "unwind": true, "when": true, "where": true, "with": true, "xor": true,
}

// longestReserved bounds the look-ups in reserved.
const longestReserved = len("contains") + len("x")

// isReserved reports whether a word is reserved, in any case.
func isReserved(word string) bool {
	if len(word) > longestReserved {
		return false
	}
	return reserved[lower(word)]
}

// lower makes ASCII letters small.
func lower(s string) string {
	for i := range len(s) {
		if s[i]-'A' < 26 {
			return string(appendLower(make([]byte, 0, len(s)), s))
		}
	}
	return s
}

func appendLower(b []byte, s string) []byte {
	for i := range len(s) {
		c := s[i]
		if c-'A' < 26 {
			c += 'a' - 'A'
		}
		b = append(b, c)
	}
	return b
}

// sameWord compares a word with one in capitals, without regard to the case of
// ASCII letters.
func sameWord(word, capitals string) bool {
	if len(word) != len(capitals) {
		return false
	}
	for i := range len(word) {
		c := word[i]
		if c-'a' < 26 {
			c -= 'a' - 'A'
		}
		if c != capitals[i] {
			return false
		}
	}
	return true
}

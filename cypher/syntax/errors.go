package syntax

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Error is what is wrong with a statement before it runs. Package bind makes
// it too.
type Error struct {
	Code    string // the conformance suite's type, nearly always "SyntaxError"
	Detail  string // the suite's word, such as "UnexpectedSyntax"
	Message string // what is wrong, in words
	Hint    string // what might be meant, or empty
	Range   Range  // where
	Text    string // the source
}

// Details of errors this package makes itself.
const (
	UnexpectedSyntax           = "UnexpectedSyntax"
	InvalidNumberLiteral       = "InvalidNumberLiteral"
	IntegerOverflow            = "IntegerOverflow"
	FloatingPointOverflow      = "FloatingPointOverflow"
	InvalidUnicodeLiteral      = "InvalidUnicodeLiteral"
	InvalidUnicodeCharacter    = "InvalidUnicodeCharacter"
	InvalidRelationshipPattern = "InvalidRelationshipPattern"
	// TooDeep is ours: the suite has no word for a statement nested deeper
	// than MaxDepth.
	TooDeep = "NestingTooDeep"
	// TooLong is ours: the statement is longer than MaxText.
	TooLong = "StatementTooLong"
)

// Error is one line: where, what, code and detail.
func (e *Error) Error() string {
	at := e.Position()
	return "line " + strconv.Itoa(at.Line) + ", column " + strconv.Itoa(at.Column) + ": " +
		e.Message + " (" + e.Code + ": " + e.Detail + ")"
}

// Position is where the error is.
func (e *Error) Position() Position { return PositionOf(e.Text, e.Range.Pos) }

// maxRenderedLine is how many bytes of a line an error shows at most: a script
// of one long line would fill the screen.
const maxRenderedLine = 120

// Render shows the error with its line and a caret below the place:
//
//	SyntaxError (UnexpectedSyntax): expected an expression, found ','
//	1 | RETURN [, ] AS literal
//	  |         ^
//	hint: …
func (e *Error) Render() string {
	text := e.Code + " (" + e.Detail + "): " + e.Message + "\n" + e.Excerpt()
	if e.Hint != "" {
		text += "\nhint: " + e.Hint
	}
	return text
}

// Excerpt is the line of the query and, below it, carets under the place.
func (e *Error) Excerpt() string {
	var b strings.Builder
	number := strconv.Itoa(e.Position().Line)
	line, start := lineAt(e.Text, e.Range.Pos)
	from := min(e.Range.Pos-start, len(line))
	line, from = clipLine(line, max(from, 0))
	b.WriteString(number + " | " + line + "\n")
	b.WriteString(strings.Repeat(" ", len(number)) + " | " + indentLike(line[:from]))
	width := min(e.Range.End, start+len(line)) - e.Range.Pos
	b.WriteString(strings.Repeat("^", max(1, runesIn(line[from:], width))))
	return b.String()
}

// runesIn counts the characters in the first width bytes of s.
func runesIn(s string, width int) int {
	return utf8.RuneCountInString(s[:max(0, min(width, len(s)))])
}

// clipLine cuts a long line around a place in it.
func clipLine(line string, at int) (clipped string, place int) {
	if len(line) <= maxRenderedLine {
		return line, at
	}
	from := max(0, at-maxRenderedLine/2)
	to := min(len(line), from+maxRenderedLine)
	for from > 0 && !utf8.RuneStart(line[from]) {
		from--
	}
	for to < len(line) && !utf8.RuneStart(line[to]) {
		to++
	}
	clipped, place = line[from:to], at-from
	if from > 0 {
		clipped, place = "…"+clipped, place+len("…")
	}
	if to < len(line) {
		clipped += "…"
	}
	return clipped, place
}

// indentLike is white space as wide as s: tabs stay tabs.
func indentLike(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r == '\t' {
			b.WriteByte('\t')
		} else {
			b.WriteByte(' ')
		}
	}
	return b.String()
}

package syntax

import (
	"strings"
	"unicode/utf8"
)

// Position is a place in a text as people count it: lines and columns from 1,
// columns in characters.
type Position struct {
	Line   int
	Column int
}

// PositionOf finds the line and column of a byte offset. An offset behind the
// end counts as the end.
func PositionOf(text string, offset int) Position {
	offset = max(0, min(offset, len(text)))
	before := text[:offset]
	start := strings.LastIndexByte(before, '\n') + 1
	return Position{
		Line:   1 + strings.Count(before, "\n"),
		Column: 1 + utf8.RuneCountInString(before[start:]),
	}
}

// lineAt returns the line that contains an offset, without its end, and where
// it begins.
func lineAt(text string, offset int) (line string, start int) {
	offset = max(0, min(offset, len(text)))
	start = strings.LastIndexByte(text[:offset], '\n') + 1
	line = text[start:]
	if end := strings.IndexByte(line, '\n'); end >= 0 {
		line = line[:end]
	}
	return strings.TrimSuffix(line, "\r"), start
}

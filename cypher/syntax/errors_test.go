package syntax

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// syntaxErrors are texts that do not parse, and all that is said of them.
var syntaxErrors = []struct{ text, rendered string }{
	{"RETURN [, ] AS literal", `
SyntaxError (UnexpectedSyntax): expected an expression, found ','
1 | RETURN [, ] AS literal
  |         ^`},
	{"", `
SyntaxError (UnexpectedSyntax): expected a clause (MATCH, RETURN, CREATE, …), found the end of the statement
1 | 
  | ^`},
	{"MTACH (n)\nRETURN n", `
SyntaxError (UnexpectedSyntax): expected a clause (MATCH, RETURN, CREATE, …), found 'MTACH'
1 | MTACH (n)
  | ^^^^^
hint: did you mean MATCH?`},
	{"MATCH (n)\n\tWHER n.x = 1\nRETURN n", `
SyntaxError (UnexpectedSyntax): expected a clause (MATCH, RETURN, CREATE, …), found 'WHER'
2 | 	WHER n.x = 1
  | 	^^^^
hint: did you mean WHERE?`},
	{"MATCH (n:Person RETURN n", `
SyntaxError (UnexpectedSyntax): expected properties, WHERE or ')', found 'RETURN'
1 | MATCH (n:Person RETURN n
  |                 ^^^^^^`},
	{"RETURN 'abc", `
SyntaxError (UnexpectedSyntax): this string is never closed: expected '
1 | RETURN 'abc
  |        ^`},
	{"RETURN 1 /* comment", `
SyntaxError (UnexpectedSyntax): this comment is never closed: expected */
1 | RETURN 1 /* comment
  |          ^`},
	{"RETURN 1 != 2", `
SyntaxError (UnexpectedSyntax): expected a clause (MATCH, RETURN, CREATE, …), found '!='
1 | RETURN 1 != 2
  |          ^^
hint: not equal is written <>`},
	{"RETURN 9223372036854775808", `
SyntaxError (IntegerOverflow): the integer 9223372036854775808 does not fit 64 bits
1 | RETURN 9223372036854775808
  |        ^^^^^^^^^^^^^^^^^^^`},
	{"RETURN 1e400", `
SyntaxError (FloatingPointOverflow): the number 1e400 is too large for a float
1 | RETURN 1e400
  |        ^^^^^`},
	{"RETURN 12abc", `
SyntaxError (InvalidNumberLiteral): 12abc is not a number
1 | RETURN 12abc
  |        ^^^^^`},
	{`RETURN 'é\uH'`, `
SyntaxError (InvalidUnicodeLiteral): \u needs four hexadecimal digits that are a character, \U eight
1 | RETURN 'é\uH'
  |          ^^`},
	{`RETURN '\q'`, `
SyntaxError (UnexpectedSyntax): there is no such escape
1 | RETURN '\q'
  |         ^^
hint: a backslash is written \\`},
	{"RETURN 42 — 41", `
SyntaxError (InvalidUnicodeCharacter): the character — is no minus sign
1 | RETURN 42 — 41
  |           ^
hint: minus is written -`},
	{"RETURN 1 → 2", `
SyntaxError (InvalidUnicodeCharacter): the character → has no place here
1 | RETURN 1 → 2
  |          ^`},
	{"MATCH (a)-[:T..]->(b) RETURN a", `
SyntaxError (InvalidRelationshipPattern): a range of lengths begins with *, as in [:T*1..3]
1 | MATCH (a)-[:T..]->(b) RETURN a
  |              ^^`},
	{"MATCH (a)-[*-2]->(b) RETURN a", `
SyntaxError (InvalidRelationshipPattern): a length cannot be negative
1 | MATCH (a)-[*-2]->(b) RETURN a
  |             ^`},
	{"MATCH (a)-[r:T RETURN a", `
SyntaxError (UnexpectedSyntax): expected properties, WHERE or ']', found 'RETURN'
1 | MATCH (a)-[r:T RETURN a
  |                ^^^^^^`},
	{"UNWIND [1] AS match RETURN 1", `
SyntaxError (UnexpectedSyntax): expected a variable, found 'match'
1 | UNWIND [1] AS match RETURN 1
  |               ^^^^^
hint: a reserved word can be used as a name in backquotes: ` + "`…`"},
	{"RETURN (1 + 2", `
SyntaxError (UnexpectedSyntax): expected ')', found the end of the statement
1 | RETURN (1 + 2
  |              ^`},
	{"RETURN CASE x THEN 1 END", `
SyntaxError (UnexpectedSyntax): expected WHEN, found 'THEN'
1 | RETURN CASE x THEN 1 END
  |               ^^^^`},
	{"RETURN 'x' IS NFX NORMALIZED", `
SyntaxError (UnexpectedSyntax): expected a clause (MATCH, RETURN, CREATE, …), found 'NORMALIZED'
1 | RETURN 'x' IS NFX NORMALIZED
  |                   ^^^^^^^^^^`},
	{"RETURN 1; RETURN 2", `
SyntaxError (UnexpectedSyntax): expected a clause (MATCH, RETURN, CREATE, …), found 'RETURN'
1 | RETURN 1; RETURN 2
  |           ^^^^^^`},
	{"CREATE CONSTRAINT FOR (n:A) REQUIRE n.x IS SOMETHING", `
SyntaxError (UnexpectedSyntax): expected UNIQUE, NOT NULL, NODE KEY or a type (:: …), found 'SOMETHING'
1 | CREATE CONSTRAINT FOR (n:A) REQUIRE n.x IS SOMETHING
  |                                            ^^^^^^^^^`},
}

func TestErrors(t *testing.T) {
	for _, c := range syntaxErrors {
		_, err := Parse(c.text)
		require.Error(t, err, c.text)
		require.Equal(t, strings.TrimPrefix(c.rendered, "\n"), err.(*Error).Render())
	}
}

func TestErrorLine(t *testing.T) {
	_, err := Parse("MATCH (n)\nRETURN ]")
	require.EqualError(t, err, "line 2, column 8: expected an expression, found ']' (SyntaxError: UnexpectedSyntax)")
}

func TestLongLineIsClipped(t *testing.T) {
	_, err := Parse("RETURN '" + strings.Repeat("é", 500) + "' ] " + strings.Repeat("x", 500))
	lines := strings.Split(err.(*Error).Render(), "\n")
	require.Less(t, len(lines[1]), 2*maxRenderedLine)
	caret := []rune(lines[2])
	require.Equal(t, "]", string([]rune(lines[1])[len(caret)-1:len(caret)]))
}

func TestNestingIsLimited(t *testing.T) {
	for _, c := range []struct{ before, inside, after string }{
		{"RETURN ", "(", ""}, {"RETURN ", "[", ""}, {"RETURN ", "{a:", ""}, {"RETURN ", "-", ""}, {"RETURN ", "NOT ", ""},
		{"RETURN ", "f(", ""}, {"RETURN ", "CASE ", ""}, {"RETURN ", "[x IN ", ""}, {"RETURN ", "x[", ""},
		{"RETURN ", "EXISTS { MATCH (n) WHERE ", ""}, {"", "CALL { ", ""}, {"", "FOREACH (x IN [] | ", ""},
		{"MATCH (n:", "!", ""}, {"MATCH (n:", "(", ""}, {"MATCH ", "((a)", ""}, {"MATCH ", "(", ""},
		{"MATCH (n ", "{a: [(b ", ""}, {"RETURN x IS :: ", "LIST<", ""}, {"RETURN ", "reduce(a = ", ""},
		{"RETURN 1", " + 1", ""}, {"RETURN x", ".a", ""}, {"RETURN x", " IS NULL", ""}, {"RETURN n", ":A", ""},
	} {
		_, err := Parse(c.before + strings.Repeat(c.inside, 100_000) + c.after)
		require.Error(t, err, c.inside)
	}
}

// Rows of logical operators are balanced, so they may be long.
func TestLongConditions(t *testing.T) {
	s, err := Parse("RETURN " + strings.Repeat("x = 1 OR ", 20_000) + "x = 2")
	require.NoError(t, err)
	require.False(t, tooHigh(s))
	require.Contains(t, Print(s), "x = 1 OR x = 1 OR x = 1")
}

func TestNearest(t *testing.T) {
	names := []string{"person", "movie", "rating"}
	require.Equal(t, "person", Nearest("preson", names))
	require.Equal(t, "movie", Nearest("Movie", names))
	require.Equal(t, "", Nearest("x", names))
	require.Equal(t, "", Nearest("director", names))
}

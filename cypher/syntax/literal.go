package syntax

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// parseNumber gives a number token its value. A minus sign before it belongs
// to it, so that the smallest integer can be written. It returns the detail of
// an error, or nothing.
func parseNumber(text string, negative bool) (value Expr, detail string) {
	digits := text
	if strings.Contains(text, "_") {
		if !separatesDigits(text) {
			return nil, InvalidNumberLiteral
		}
		digits = strings.ReplaceAll(text, "_", "")
	}
	if len(digits) > 1 && digits[0] == '0' {
		switch digits[1] {
		case 'x', 'X':
			return parseInteger(digits[2:], 16, negative)
		case 'o', 'O':
			return parseInteger(digits[2:], 8, negative)
		}
	}
	if strings.ContainsAny(digits, ".eE") {
		return parseFloat(digits, negative)
	}
	return parseInteger(digits, 10, negative)
}

// separatesDigits reports whether each underscore stands between two letters
// or digits, as in 1_000.
func separatesDigits(text string) bool {
	return !strings.Contains(text, "__") && !strings.HasSuffix(text, "_") && !strings.Contains(text, "_.")
}

func parseInteger(digits string, base int, negative bool) (Expr, string) {
	n, err := strconv.ParseUint(digits, base, 64)
	limit := uint64(math.MaxInt64)
	if negative {
		limit++
	}
	switch {
	case errors.Is(err, strconv.ErrRange), err == nil && n > limit:
		return nil, IntegerOverflow
	case err != nil:
		return nil, InvalidNumberLiteral
	case negative:
		return &IntLiteral{Value: -int64(n)}, ""
	}
	return &IntLiteral{Value: int64(n)}, ""
}

// parseFloat knows decimal floats only; strconv would take more: hexadecimal
// ones, and the words that isDecimal refuses.
func parseFloat(digits string, negative bool) (Expr, string) {
	digits = strings.TrimRight(digits, "fFdD")
	if !isDecimal(digits) {
		return nil, InvalidNumberLiteral
	}
	f, err := strconv.ParseFloat(digits, 64)
	switch {
	case errors.Is(err, strconv.ErrRange) && math.IsInf(f, 0):
		return nil, FloatingPointOverflow
	case err != nil && !errors.Is(err, strconv.ErrRange):
		return nil, InvalidNumberLiteral
	}
	if negative {
		f = -f
	}
	return &FloatLiteral{Value: f}, ""
}

func isDecimal(s string) bool { return strings.Trim(s, "0123456789.eE+-") == "" }

// unquoteName takes the backquotes off a quoted name.
func unquoteName(text string) string {
	return strings.ReplaceAll(text[1:len(text)-1], "``", "`")
}

// unquoteString resolves the escapes of a string. When one is wrong it returns
// the offset of its backslash in text and the detail of the error.
func unquoteString(text string) (value string, at int, detail string) {
	inner := text[1 : len(text)-1]
	if strings.IndexByte(inner, '\\') < 0 {
		return inner, 0, ""
	}
	b := make([]byte, 0, len(inner))
	for i := 0; i < len(inner); {
		if inner[i] != '\\' {
			b = append(b, inner[i])
			i++
			continue
		}
		r, size := unescape(inner[i:])
		if size == 0 {
			return "", i + 1, escapeDetail(inner[i:])
		}
		b = utf8.AppendRune(b, r)
		i += size
	}
	return string(b), 0, ""
}

// escapes are the escapes of one letter.
const (
	escapeLetters = `\'"` + "`bfnrt/0"
	escapeValues  = `\'"` + "`\b\f\n\r\t/\x00"
)

// unescape resolves the escape at the start of s. A size of 0 means that it is
// none.
func unescape(s string) (r rune, size int) {
	if len(s) < 2 {
		return 0, 0
	}
	if i := strings.IndexByte(escapeLetters, s[1]); i >= 0 {
		return rune(escapeValues[i]), 2
	}
	switch s[1] {
	case 'B', 'F', 'N', 'R', 'T':
		return unescape(`\` + lower(s[1:2]))
	case 'u':
		return unescapePair(s)
	case 'U':
		return unescapeHex(s, 8)
	}
	return 0, 0
}

// unescapePair resolves \uXXXX, and two of them when they are the halves of
// one character beyond the basic plane.
func unescapePair(s string) (r rune, size int) {
	high, size := unescapeHex(s, 4)
	if high < surrogates || high >= surrogatesEnd {
		return high, size
	}
	rest := s[size:]
	if high >= lowSurrogates || !strings.HasPrefix(rest, `\u`) {
		return 0, 0
	}
	low, lowSize := unescapeHex(rest, 4)
	if low < lowSurrogates || low >= surrogatesEnd {
		return 0, 0
	}
	return (high-surrogates)<<10 + (low - lowSurrogates) + 0x10000, size + lowSize
}

// The halves of characters in UTF-16.
const (
	surrogates    = 0xD800
	lowSurrogates = 0xDC00
	surrogatesEnd = 0xE000
)

// unescapeHex resolves a backslash, a letter and so many hexadecimal digits.
func unescapeHex(s string, digits int) (r rune, size int) {
	if len(s) < 2+digits {
		return 0, 0
	}
	n, err := strconv.ParseUint(s[2:2+digits], 16, 32)
	if err != nil || n > utf8.MaxRune {
		return 0, 0
	}
	return rune(n), 2 + digits
}

// escapeDetail names what is wrong with an escape.
func escapeDetail(s string) string {
	if len(s) > 1 && (s[1] == 'u' || s[1] == 'U') {
		return InvalidUnicodeLiteral
	}
	return UnexpectedSyntax
}

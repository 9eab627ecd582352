package exec

import (
	"strings"
	"unicode/utf8"
)

// Strings may have tens of megabytes, so what goes through one does it in pieces
// of pieceBytes, and looks in between whether the statement is to end.

// pieces calls do for a String's pieces, none of which cuts a character in two.
func (r *Run) pieces(s string, do func(piece string) bool) {
	for len(s) > 0 && r.err == nil {
		n := cutAt(s, pieceBytes)
		r.tick(n / bytesPerRow)
		if !do(s[:n]) {
			return
		}
		s = s[n:]
	}
}

// cutAt is the end of the character at which s may be cut after about n bytes.
func cutAt(s string, n int) int {
	if len(s) <= n {
		return len(s)
	}
	for back := 0; back < utf8.UTFMax-1; back++ {
		if utf8.RuneStart(s[n-back]) {
			return n - back
		}
	}
	return n // no UTF-8
}

// index is strings.Index. A piece is at least as long as what is looked for, or
// that would be gone through once for every few bytes of s.
func (r *Run) index(s, part string) int {
	at, step := 0, max(pieceBytes, len(part))
	for {
		end := min(len(s), at+step+len(part))
		if i := strings.Index(s[at:end], part); i >= 0 {
			r.tick(i / bytesPerRow)
			return at + i
		}
		r.tick((end - at) / bytesPerRow)
		if end == len(s) || r.err != nil {
			return -1
		}
		at += step
	}
}

// runeCount is utf8.RuneCountInString.
func (r *Run) runeCount(s string) (n int) {
	r.pieces(s, func(piece string) bool {
		n += utf8.RuneCountInString(piece)
		return true
	})
	return n
}

// skipRunes is the byte at which the n-th character begins, or the length.
func (r *Run) skipRunes(s string, n int64) (at int) {
	if int64(len(s)) <= n {
		return len(s)
	}
	r.pieces(s, func(piece string) bool {
		if int64(len(piece)) <= n { // whatever its characters are, it is skipped whole
			n -= int64(utf8.RuneCountInString(piece))
			at += len(piece)
			return true
		}
		for i := range piece {
			if n == 0 {
				at += i
				return false
			}
			n--
		}
		at += len(piece)
		return n > 0
	})
	return at
}

// mapText makes a String of what do makes of the pieces of one.
func (r *Run) mapText(s string, do func(piece string) string) string {
	if len(s) <= pieceBytes {
		r.read(s)
		return do(s)
	}
	if !r.takeText(len(s)) {
		return ""
	}
	var b strings.Builder
	b.Grow(len(s))
	r.pieces(s, func(piece string) bool {
		b.WriteString(do(piece))
		return true
	})
	return b.String()
}

// trimStart and trimEnd take characters away as long as drop says so.
func (r *Run) trimStart(s string, drop func(rune) bool) string {
	for len(s) > 0 && r.err == nil {
		n := cutAt(s, pieceBytes)
		rest := strings.TrimLeftFunc(s[:n], drop)
		r.tick((n - len(rest)) / bytesPerRow)
		if len(rest) > 0 {
			return s[n-len(rest):]
		}
		s = s[n:]
	}
	return s
}

func (r *Run) trimEnd(s string, drop func(rune) bool) string {
	for len(s) > 0 && r.err == nil {
		from := 0
		if len(s) > pieceBytes {
			from = cutAt(s, len(s)-pieceBytes)
		}
		rest := strings.TrimRightFunc(s[from:], drop)
		r.tick((len(s) - from - len(rest)) / bytesPerRow)
		if len(rest) > 0 {
			return s[:from+len(rest)]
		}
		s = s[:from]
	}
	return s
}

package exec

import (
	"strings"
	"unicode/utf8"

	"github.com/pocketgraph/pocketgraph/cypher/bind"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// Normalize brings a text into one of Unicode's normal forms: NFC, NFD, NFKC or
// NFKD. Natively it is golang.org/x/text; its tables are a tenth of the page's
// module, so a page sets the browser's own before the first statement.
var Normalize func(form, text string) string

var normalizeFunction = &function{
	Function: bind.Function{Name: "normalize", Args: []bind.Accepts{stringArg, stringArg}, Required: 1, Result: stringType},
	fnN: func(r *Run, args []graph.Value, at syntax.Range) graph.Value {
		form := graph.String("NFC")
		if len(args) == 2 {
			form = args[1]
		}
		if args[0].Kind() != graph.KindString || form.Kind() != graph.KindString {
			return wrong(r, "normalize", args[0], at)
		}
		return r.normalize(form.AsString(), args[0].AsString(), at)
	},
}

func (r *Run) normalize(form, text string, at syntax.Range) graph.Value {
	switch {
	case form != "NFC" && form != "NFD" && form != "NFKC" && form != "NFKD":
		return r.fail("ArgumentError", "InvalidArgumentValue", "normalize() knows NFC, NFD, NFKC and NFKD, not "+form, at)
	case Normalize == nil:
		return r.fail("NotImplemented", "NotImplemented", "there are no tables of Unicode's normal forms here", at)
	}
	if len(text) <= pieceBytes {
		r.read(text)
		return graph.String(normalizePiece(form, text))
	}
	if !r.takeText(len(text)) {
		return graph.Null
	}
	var out strings.Builder
	for from := 0; from < len(text) && r.err == nil; {
		to := min(from+pieceBytes, len(text))
		for to < len(text) && !beginsText(text[to:]) {
			to++
		}
		if to-from > maxUnbroken {
			r.limit("normalize() meets a megabyte in which nothing begins a character")
			break
		}
		r.tick((to - from) / bytesPerRow)
		out.WriteString(normalizePiece(form, text[from:to]))
		from = to
	}
	return graph.String(out.String())
}

// maxUnbroken is how many bytes are brought into a normal form at a stretch when
// there is no place to cut: some milliseconds in a page. No language has that;
// marks upon marks have.
const maxUnbroken = 1 << 20

// beginners are ranges of characters that are never joined with what is before
// them, in no normal form: they are starters, so is the first of what they
// decompose into, and neither is the second of a primary composite (UAX #15,
// section 9). Not all there are: letters of the scripts in which long texts come.
var beginners = [...][2]rune{
	{0, 0x02FF}, {0x0370, 0x0482}, {0x048A, 0x052F}, // Latin, Greek, Cyrillic
	{0x05D0, 0x05EA}, {0x0621, 0x064A}, {0x0904, 0x0939}, {0x0E01, 0x0E30}, // Hebrew, Arabic, Devanagari, Thai
	{0x1E00, 0x1FFF}, {0x2010, 0x2027}, {0x3001, 0x3029}, {0x3041, 0x3096}, {0x30A1, 0x30FA}, // more Latin and Greek, Kana
	{0x3400, 0x9FFF}, {0xAC00, 0xD7A3}, {0xFF01, 0xFF9D}, {0x1F300, 0x1FAFF}, {0x20000, 0x2A6DF}, // Han, Hangul, wide forms, pictures
}

// beginsText reports whether text begins with a character of beginners.
func beginsText(text string) bool {
	c, size := utf8.DecodeRuneInString(text)
	for _, b := range beginners {
		if c <= b[1] {
			return c >= b[0] && (c != utf8.RuneError || size > 1)
		}
	}
	return false
}

func normalizePiece(form, text string) string {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return Normalize(form, text)
		}
	}
	return text
}

// isNormalized compiles IS NORMALIZED: null for what is no String.
func (c *compiler) isNormalized(e *syntax.IsNormalized) *expr {
	x, at := c.expr(e.Expr), e.Span()
	return rowExpr(func(f *frame) graph.Value {
		v := x.row(f)
		if v.Kind() != graph.KindString {
			return graph.Null
		}
		n := f.run.normalize(e.Form, v.AsString(), at)
		if f.run.err != nil {
			return graph.Null
		}
		return graph.Bool((n.AsString() == v.AsString()) != e.Not)
	})
}

package exec

import (
	"strings"

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
		for to < len(text) && text[to] >= 0x80 {
			to++ // nothing before an ASCII character is joined with it
		}
		r.tick((to - from) / bytesPerRow)
		out.WriteString(normalizePiece(form, text[from:to]))
		from = to
	}
	return graph.String(out.String())
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

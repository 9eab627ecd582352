package bind

import (
	"strconv"

	"github.com/pocketgraph/pocketgraph/cypher/syntax"
)

// fingerprint is a text that two expressions of the statement share when they
// are written the same way; spaces, case of function names and brackets count
// only inside what is rare.
func (b *binder) fingerprint(e syntax.Node) string {
	return string(appendPrint(nil, e, b.stmt.Syntax.Text))
}

func appendPrint(b []byte, n syntax.Node, text string) []byte {
	b = append(b, '(')
	b, known := appendHead(b, n)
	if !known {
		// The rest is literals, and what is rare: the source will do. The
		// printer would cost the page's module 4 % of its size.
		at := n.Span()
		return append(append(b, text[at.Pos:at.End]...), ')')
	}
	syntax.Children(n, func(child syntax.Node) { b = appendPrint(b, child, text) })
	return append(b, ')')
}

// appendHead appends what distinguishes a node beside its children. It is false
// for the kinds it does not know.
func appendHead(b []byte, n syntax.Node) (head []byte, known bool) {
	switch n := n.(type) {
	case *syntax.Variable:
		b = strconv.AppendQuote(append(b, 'v'), n.Name)
	case *syntax.Name:
		b = strconv.AppendQuote(append(b, 'n'), n.Name)
	case *syntax.Unary:
		b = strconv.AppendInt(append(b, 'u'), int64(n.Op), 10)
	case *syntax.Binary:
		b = strconv.AppendInt(append(b, 'o'), int64(n.Op), 10)
	case *syntax.FunctionCall:
		b = strconv.AppendBool(append(b, 'f'), n.Distinct)
		b = strconv.AppendQuote(b, lowerName(n.Name))
	case *syntax.Property:
		b = append(b, '.')
	case *syntax.Index:
		b = append(b, '[')
	case *syntax.ListLiteral:
		b = append(b, 'l')
	case *syntax.MapLiteral:
		b = append(b, 'm')
	case *syntax.MapEntry:
		b = append(b, ':')
	case *syntax.CountStar:
		b = append(b, '*')
	case *syntax.IsNull:
		b = strconv.AppendBool(append(b, '0'), n.Not)
	default:
		return append(b, '='), false
	}
	return b, true
}

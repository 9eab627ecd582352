package bind

import (
	"strconv"

	"github.com/pocketgraph/pocketgraph/cypher/syntax"
)

// fingerprint is a text that two expressions share when they are written the
// same way, spaces, case of function names and brackets aside.
func fingerprint(e syntax.Node) string { return string(appendPrint(nil, e)) }

func appendPrint(b []byte, n syntax.Node) []byte {
	b = append(b, '(')
	b, known := appendHead(b, n)
	if !known {
		// The rest is rare: its text will do.
		return append(append(b, syntax.Print(n)...), ')')
	}
	syntax.Children(n, func(child syntax.Node) { b = appendPrint(b, child) })
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

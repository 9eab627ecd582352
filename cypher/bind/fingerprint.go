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
	b = appendHead(b, n)
	syntax.Children(n, func(child syntax.Node) { b = appendPrint(b, child) })
	return append(b, ')')
}

// appendHead appends what distinguishes a node beside its children.
func appendHead(b []byte, n syntax.Node) []byte {
	switch n := n.(type) {
	case *syntax.Variable:
		return strconv.AppendQuote(append(b, 'v'), n.Name)
	case *syntax.Parameter:
		return strconv.AppendQuote(append(b, '$'), n.Name)
	case *syntax.Name:
		return strconv.AppendQuote(append(b, 'n'), n.Name)
	case *syntax.IntLiteral:
		return strconv.AppendInt(append(b, 'i'), n.Value, 10)
	case *syntax.FloatLiteral:
		return strconv.AppendFloat(append(b, 'f'), n.Value, 'g', -1, 64)
	case *syntax.StringLiteral:
		return strconv.AppendQuote(append(b, 's'), n.Value)
	case *syntax.BoolLiteral:
		return strconv.AppendBool(append(b, 'b'), n.Value)
	case *syntax.NullLiteral:
		return append(b, '0')
	case *syntax.Unary:
		return strconv.AppendInt(append(b, 'u'), int64(n.Op), 10)
	case *syntax.Binary:
		return strconv.AppendInt(append(b, 'o'), int64(n.Op), 10)
	case *syntax.FunctionCall:
		b = strconv.AppendBool(append(b, 'F'), n.Distinct)
		return append(append(b, lowerName(n.Name)...), ' ')
	case *syntax.Property:
		return append(b, '.')
	case *syntax.Index:
		return append(b, '[')
	case *syntax.ListLiteral:
		return append(b, 'L')
	case *syntax.MapLiteral:
		return append(b, 'M')
	case *syntax.MapEntry:
		return append(b, ':')
	case *syntax.CountStar:
		return append(b, '*')
	case *syntax.IsNull:
		return strconv.AppendBool(append(b, 'N'), n.Not)
	}
	// All others are told apart by where they stand: two of them are never
	// taken for the same.
	return strconv.AppendInt(append(b, '@'), int64(n.Span().Pos), 10)
}

package syntax

import (
	"math"
	"strconv"
	"unicode/utf8"
)

// Print writes a tree as Cypher on one line. Parsing it again gives the same
// tree, positions aside.
func Print(n Node) string {
	var p printer
	p.node(n)
	return string(p.b)
}

// printer collects the text.
type printer struct{ b []byte }

// put appends words with nothing between them.
func (p *printer) put(words ...string) {
	for _, w := range words {
		p.b = append(p.b, w...)
	}
}

// list puts something for each item, with a separator between.
func list[T any](p *printer, items []T, separator string, print func(T)) {
	for i, item := range items {
		if i > 0 {
			p.put(separator)
		}
		print(item)
	}
}

func (p *printer) node(n Node) {
	switch n := n.(type) {
	case *Statement:
		switch n.Mode {
		case Explain:
			p.put("EXPLAIN ")
		case Profile:
			p.put("PROFILE ")
		}
		p.node(n.Body)
	case *Query:
		p.query(n)
	case *SingleQuery:
		list(p, n.Clauses, " ", p.clause)
	case Clause:
		p.clause(n)
	case Expr:
		p.expr(n, precLowest)
	case LabelExpr:
		p.label(n, labelLowest)
	case PatternElement:
		p.element(n)
	case *PatternPart:
		p.part(n)
	case *Type:
		p.typeName(n)
	case Body:
		p.command(n)
	}
}

func (p *printer) query(q *Query) {
	for i, part := range q.Parts {
		if i > 0 {
			p.put(" UNION ")
			if q.Unions[i-1].All {
				p.put("ALL ")
			}
		}
		list(p, part.Clauses, " ", p.clause)
	}
}

// variable puts a name that is a variable, in backquotes where the bare word
// would be read as something else.
func (p *printer) variable(v *Variable) {
	word := lower(v.Name)
	special := isReserved(v.Name) || words[word] != nil || clauseParsers[upper(v.Name)] != nil
	p.quotedIf(v.Name, special)
}

// name puts a name where any word may be one.
func (p *printer) name(s string) { p.quotedIf(s, false) }

func (p *printer) quotedIf(s string, quote bool) {
	if !quote && isPlainName(s) {
		p.put(s)
		return
	}
	p.b = append(p.b, '`')
	for i := range len(s) {
		if s[i] == '`' {
			p.b = append(p.b, '`')
		}
		p.b = append(p.b, s[i])
	}
	p.b = append(p.b, '`')
}

// isPlainName reports whether a name needs no backquotes.
func isPlainName(s string) bool {
	for i, r := range s {
		switch {
		case r < utf8.RuneSelf:
			if !isNameByte(byte(r)) || i == 0 && r >= '0' && r <= '9' {
				return false
			}
		case r == utf8.RuneError || !isNameRune(r, i == 0):
			return false
		}
	}
	return s != ""
}

// dotted puts a name with its namespace. Names that contain dots themselves
// cannot be told apart any more.
func (p *printer) dotted(s string) {
	start := 0 // of the next segment
	for i := range len(s) + 1 {
		if i == len(s) || s[i] == '.' {
			if start > 0 {
				p.put(".")
			}
			p.quotedIf(s[start:i], start == 0 && isReserved(s[:i]))
			start = i + 1
		}
	}
}

func (p *printer) str(s string) {
	p.b = append(p.b, '\'')
	for i := range len(s) {
		switch c := s[i]; c {
		case '\'', '\\':
			p.b = append(p.b, '\\', c)
		case '\n':
			p.put(`\n`)
		case '\r':
			p.put(`\r`)
		case '\t':
			p.put(`\t`)
		default:
			p.b = append(p.b, c)
		}
	}
	p.b = append(p.b, '\'')
}

func (p *printer) int(i int64) { p.b = strconv.AppendInt(p.b, i, 10) }

func (p *printer) float(f float64) {
	switch {
	case math.IsNaN(f):
		p.put("NaN")
	case math.IsInf(f, 0):
		p.put("INF")
	default:
		before := len(p.b)
		p.b = strconv.AppendFloat(p.b, f, 'g', -1, 64)
		for _, c := range p.b[before:] {
			if c == '.' || c == 'e' {
				return
			}
		}
		p.put(".0")
	}
}

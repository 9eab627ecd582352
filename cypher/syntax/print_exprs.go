package syntax

// precedence is how tightly an expression holds together, loosest first.
type precedence uint8

const (
	precLowest precedence = iota
	precOr
	precXor
	precAnd
	precNot
	precComparison
	precPredicate
	precSum
	precProduct
	precPower
	precUnary
	precLabelled
	precPostfix
	precPrimary
)

// operators are the texts and levels of the binary operators.
var operators = [...]struct {
	text string
	prec precedence
}{
	Or: {"OR", precOr}, Xor: {"XOR", precXor}, And: {"AND", precAnd},
	Equal: {"=", precComparison}, NotEqual: {"<>", precComparison}, Less: {"<", precComparison},
	LessEqual: {"<=", precComparison}, Greater: {">", precComparison}, GreaterEqual: {">=", precComparison},
	StartsWith: {"STARTS WITH", precPredicate}, EndsWith: {"ENDS WITH", precPredicate},
	Contains: {"CONTAINS", precPredicate}, Matches: {"=~", precPredicate}, In: {"IN", precPredicate},
	Add: {"+", precSum}, Sub: {"-", precSum}, Concat: {"||", precSum},
	Mul: {"*", precProduct}, Div: {"/", precProduct}, Mod: {"%", precProduct}, Pow: {"^", precPower},
	Not: {"NOT", precNot}, Neg: {"-", precUnary}, Pos: {"+", precUnary},
}

// String is the operator as it is written.
func (op Op) String() string {
	if int(op) < len(operators) {
		return operators[op].text
	}
	return ""
}

// precOf is the level of an expression.
func precOf(e Expr) precedence {
	switch e := e.(type) {
	case *Unary:
		return operators[e.Op].prec
	case *Binary:
		return operators[e.Op].prec
	case *Chain:
		return precComparison
	case *IsNull, *IsNormalized:
		return precPredicate
	case *IsTyped:
		if hasUnion(e.Type) {
			return precLowest // the bars would be taken for a comprehension's
		}
		return precPredicate
	case *LabelTest:
		return precLabelled
	case *Property, *Index, *Slice:
		return precPostfix
	case *PatternExpr:
		if !e.Part.Function {
			return precNot // a dash behind it would be another relationship
		}
	case *IntLiteral, *FloatLiteral:
		return precUnary // it may have a sign, and a dot behind it is unclear
	}
	return precPrimary
}

func hasUnion(t *Type) bool { return t != nil && (len(t.Union) > 0 || hasUnion(t.Element)) }

// expr puts an expression where only levels from least up may stand.
func (p *printer) expr(e Expr, least precedence) {
	if precOf(e) < least || precOf(e) == precLowest {
		p.put("(")
		defer p.put(")")
	}
	switch e := e.(type) {
	case *Variable:
		p.variable(e)
	case *Parameter:
		p.parameter(e.Name)
	case *NullLiteral:
		p.put("null")
	case *BoolLiteral:
		if e.Value {
			p.put("true")
		} else {
			p.put("false")
		}
	case *IntLiteral:
		p.int(e.Value)
	case *FloatLiteral:
		p.float(e.Value)
	case *StringLiteral:
		p.str(e.Value)
	case *ListLiteral:
		p.listLiteral(e)
	case *MapLiteral:
		p.mapLiteral(e)
	case *Property:
		p.expr(e.Subject, precPostfix)
		p.put(".")
		p.name(e.Key.Name)
	case *Index:
		p.expr(e.Subject, precPostfix)
		p.put("[")
		p.expr(e.Index, precLowest)
		p.put("]")
	case *Slice:
		p.slice(e)
	default:
		p.operation(e)
	}
}

func (p *printer) parameter(name string) {
	p.put("$")
	if name != "" && allDigits(name) {
		p.put(name)
		return
	}
	p.name(name)
}

// listLiteral puts a list. A single item gets brackets of its own, lest
// [x IN xs] be read as a comprehension.
func (p *printer) listLiteral(l *ListLiteral) {
	p.put("[")
	if len(l.Items) == 1 {
		p.expr(l.Items[0], precUnary)
	} else {
		p.exprs(l.Items)
	}
	p.put("]")
}

func (p *printer) mapLiteral(m *MapLiteral) {
	p.put("{")
	list(p, m.Entries, ", ", func(e *MapEntry) {
		p.name(e.Key.Name)
		p.put(": ")
		p.expr(e.Value, precLowest)
	})
	p.put("}")
}

func (p *printer) slice(s *Slice) {
	p.expr(s.Subject, precPostfix)
	p.put("[")
	if s.From != nil {
		p.expr(s.From, precLowest)
	}
	p.put("..")
	if s.To != nil {
		p.expr(s.To, precLowest)
	}
	p.put("]")
}

func (p *printer) operation(e Expr) {
	switch e := e.(type) {
	case *Unary:
		p.unary(e)
	case *Binary:
		p.binary(e)
	case *Chain:
		for i, operand := range e.Operands {
			if i > 0 {
				p.put(" ", e.Ops[i-1].String(), " ")
			}
			p.expr(operand, precPredicate)
		}
	case *IsNull:
		p.expr(e.Expr, precPredicate)
		p.is(e.Not)
		p.put("NULL")
	case *IsTyped:
		p.expr(e.Expr, precPredicate)
		p.is(e.Not)
		p.put(":: ")
		p.typeName(e.Type)
	case *IsNormalized:
		p.expr(e.Expr, precPredicate)
		p.is(e.Not)
		p.put(e.Form, " NORMALIZED")
	case *LabelTest:
		if onCaseSubject(e.Subject) { // a colon after WHEN begins nothing
			p.expr(e.Subject, precPredicate)
			p.is(false)
		} else {
			p.expr(e.Subject, precPostfix)
			p.put(":")
		}
		p.labelTest(e.Labels)
	case *FunctionCall:
		p.functionCall(e)
	case *CountStar:
		p.put("count(*)")
	default:
		p.compound(e)
	}
}

// onCaseSubject reports whether an expression begins with the subject of a CASE,
// which has no text.
func onCaseSubject(e Expr) bool {
	for {
		switch x := e.(type) {
		case *CaseSubject:
			return true
		case *LabelTest:
			e = x.Subject
		case *IsNull:
			e = x.Expr
		case *IsTyped:
			e = x.Expr
		case *IsNormalized:
			e = x.Expr
		case *Binary:
			e = x.Left
		default:
			return false
		}
	}
}

func (p *printer) is(not bool) {
	p.put(" IS ")
	if not {
		p.put("NOT ")
	}
}

func (p *printer) unary(u *Unary) {
	if u.Op == Not {
		p.put("NOT ")
		p.expr(u.Expr, precNot)
		return
	}
	p.put(u.Op.String())
	switch u.Expr.(type) {
	case *IntLiteral, *FloatLiteral:
		p.expr(u.Expr, precPrimary) // in brackets: -(1) is not the literal -1
	default:
		p.expr(u.Expr, precUnary)
	}
}

// binary puts an operator and its operands. Logical operators in a row were
// made a balanced tree: such a tree is put as a row again.
func (p *printer) binary(e *Binary) {
	op := operators[e.Op]
	space := " " + op.text + " "
	switch op.prec {
	case precOr, precXor, precAnd:
		if row := operandRow(e); row != nil {
			list(p, row, space, func(x Expr) { p.expr(x, op.prec+1) })
			return
		}
		p.expr(e.Left, op.prec+1)
		p.put(space)
		p.expr(e.Right, op.prec+1)
	case precComparison:
		p.expr(e.Left, precPredicate)
		p.put(space)
		p.expr(e.Right, precPredicate)
	default:
		p.expr(e.Left, op.prec)
		p.put(space)
		p.expr(e.Right, op.prec+1)
	}
}

// operandRow is the row of operands that balanced makes this very tree of, or
// nil.
func operandRow(e *Binary) []Expr {
	var row []Expr
	var collect func(x Expr)
	collect = func(x Expr) {
		if b, ok := x.(*Binary); ok && b.Op == e.Op {
			collect(b.Left)
			collect(b.Right)
			return
		}
		row = append(row, x)
	}
	collect(e)
	if !isBalanced(e, e.Op, len(row)) {
		return nil
	}
	return row
}

// isBalanced reports whether a tree of n operands has the shape balanced
// gives it.
func isBalanced(e Expr, op Op, n int) bool {
	b, ok := e.(*Binary)
	inner := ok && b.Op == op
	if n == 1 || !inner {
		return n == 1 && !inner
	}
	half := (n + 1) / 2
	return isBalanced(b.Left, op, half) && isBalanced(b.Right, op, n-half)
}

// labelTest puts the labels of a test, alternatives in brackets: a bare bar
// could be a comprehension's.
func (p *printer) labelTest(l LabelExpr) {
	level := labelLowest
	if and, ok := l.(*LabelAnd); !ok || !and.Colon {
		level = labelAnd
	}
	p.label(l, level)
}

func (p *printer) functionCall(f *FunctionCall) {
	// A word that begins an expression of its own, such as reduce, is a call
	// in backquotes; the three that are followed by braces then are not.
	switch word := lower(f.Name); {
	case word == "count", word == "exists", word == "collect", words[word] == nil:
		p.dotted(f.Name)
	default:
		p.quotedIf(f.Name, true)
	}
	p.put("(")
	if f.Distinct {
		p.put("DISTINCT ")
	}
	p.exprs(f.Args)
	p.put(")")
}

func (p *printer) compound(e Expr) {
	switch e := e.(type) {
	case *Case:
		p.caseExpr(e)
	case *CaseTest:
		p.expr(e.Expr, precComparison)
	case *ListComprehension:
		p.put("[")
		p.variable(e.Variable)
		p.put(" IN ")
		p.expr(e.List, precLowest)
		p.where(e.Where)
		p.result(e.Result)
		p.put("]")
	case *PatternComprehension:
		p.put("[")
		p.part(e.Part)
		p.where(e.Where)
		p.result(e.Result)
		p.put("]")
	case *PatternExpr:
		p.part(e.Part)
	case *Quantified:
		p.put(quantifiedWords[e.Kind], "(")
		p.variable(e.Variable)
		p.put(" IN ")
		p.expr(e.List, precLowest)
		p.where(e.Where)
		p.put(")")
	case *Reduce:
		p.reduce(e)
	case *Subquery:
		p.subquery(e)
	case *MapProjection:
		p.mapProjection(e)
	}
}

// quantifiedWords are the words of the quantifiers.
var quantifiedWords = [...]string{All: "all", Any: "any", None: "none", Single: "single"}

// result puts what a comprehension makes of an item; it may be nil.
func (p *printer) result(e Expr) {
	if e != nil {
		p.put(" | ")
		p.expr(e, precLowest)
	}
}

func (p *printer) caseExpr(c *Case) {
	p.put("CASE")
	if c.Subject != nil {
		p.put(" ")
		p.expr(c.Subject, precLowest)
	}
	for _, w := range c.Whens {
		p.put(" WHEN ")
		p.exprs(w.Values)
		p.put(" THEN ")
		p.expr(w.Then, precLowest)
	}
	if c.Else != nil {
		p.put(" ELSE ")
		p.expr(c.Else, precLowest)
	}
	p.put(" END")
}

func (p *printer) reduce(r *Reduce) {
	p.put("reduce(")
	p.variable(r.Accumulator)
	p.put(" = ")
	p.expr(r.Init, precLowest)
	p.put(", ")
	p.variable(r.Variable)
	p.put(" IN ")
	p.expr(r.List, precLowest)
	p.put(" | ")
	p.expr(r.Step, precLowest)
	p.put(")")
}

// subqueryWords are the words of the subqueries.
var subqueryWords = [...]string{ExistsSubquery: "EXISTS", CountSubquery: "COUNT", CollectSubquery: "COLLECT"}

func (p *printer) subquery(s *Subquery) {
	p.put(subqueryWords[s.Kind], " { ")
	if s.Short {
		m := s.Query.Parts[0].Clauses[0].(*Match)
		list(p, m.Pattern, ", ", p.part)
		p.where(m.Where)
	} else {
		p.query(s.Query)
	}
	p.put(" }")
}

func (p *printer) mapProjection(m *MapProjection) {
	p.variable(m.Subject)
	p.put("{")
	list(p, m.Items, ", ", func(item *MapProjectionItem) {
		switch {
		case item.All:
			p.put(".*")
		case item.Value == nil:
			p.put(".")
			p.name(item.Key.Name)
		default:
			p.name(item.Key.Name)
			p.put(": ")
			p.expr(item.Value, precLowest)
		}
	})
	p.put("}")
}

func (p *printer) typeName(t *Type) {
	if len(t.Union) > 0 {
		list(p, t.Union, " | ", p.typeName)
		return
	}
	p.put(t.Name)
	if t.Element != nil {
		p.put("<")
		p.typeName(t.Element)
		p.put(">")
	}
	if t.NotNull {
		p.put(" NOT NULL")
	}
}

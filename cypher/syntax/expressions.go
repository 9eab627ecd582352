package syntax

// Expressions, loosest first. Each level names its operators; the grammar is
// that of openCypher 9, and ^ is left-associative as it says.
//
//	expr      = xor { OR xor }
//	xor       = and { XOR and }
//	and       = not { AND not }
//	not       = { NOT } comparison
//	comparison = predicate { ( = <> < <= > >= ) predicate }
//	predicate = sum { STARTS WITH sum | ENDS WITH sum | CONTAINS sum | =~ sum | IN sum | IS … | :: type }
//	sum       = product { ( + - || ) product }
//	product   = power { ( * / % ) power }
//	power     = unary { ^ unary }
//	unary     = { + - } labelled
//	labelled  = postfix [ labels ]
//	postfix   = primary { '.' key | '[' … ']' }

// expr reads any expression.
func (p *parser) expr() Expr {
	p.enter()
	defer p.leave()
	return p.logical(Or)
}

// inBrackets reads an expression where a bar means nothing but what it means
// inside.
func (p *parser) inBrackets(read func() Expr) Expr {
	defer func(old bool) { p.noBar = old }(p.noBar)
	p.noBar = false
	return read()
}

// beforeBar reads an expression that a bar ends.
func (p *parser) beforeBar() Expr {
	defer func(old bool) { p.noBar = old }(p.noBar)
	p.noBar = true
	return p.expr()
}

// logicalWords are the words of the logical operators, loosest first.
var logicalWords = [...]string{Or: "OR", Xor: "XOR", And: "AND"}

// logical reads operands joined by op or by what is tighter. The operators are
// associative, so that a long row of operands becomes a balanced tree: a
// thousand alternatives are ten levels high.
func (p *parser) logical(loosest Op) Expr {
	e := p.not()
	for op := And; op >= loosest; op-- {
		if !p.isWord(logicalWords[op]) {
			continue
		}
		row := []Expr{e}
		for p.gotWord(logicalWords[op]) {
			row = append(row, p.logical(op+1))
		}
		e = balanced(op, row)
	}
	return e
}

// balanced joins operands by an associative operator.
func balanced(op Op, operands []Expr) Expr {
	if len(operands) == 1 {
		return operands[0]
	}
	half := (len(operands) + 1) / 2
	return binary(op, balanced(op, operands[:half]), balanced(op, operands[half:]))
}

func binary(op Op, left, right Expr) *Binary {
	return &Binary{Range: Range{left.Span().Pos, right.Span().End}, Op: op, Left: left, Right: right}
}

func (p *parser) not() Expr {
	pos := p.here()
	if !p.gotWord("NOT") {
		return p.comparison()
	}
	p.enter()
	defer p.leave()
	e := p.not()
	return &Unary{Range: p.from(pos), Op: Not, Expr: e}
}

// comparisons are the operators of comparison.
var comparisons = [kinds]Op{
	equals: Equal, notEquals: NotEqual, less: Less, lessEquals: LessEqual, greater: Greater, greaterEquals: GreaterEqual,
}

// comparisonOp is the comparison that begins here, or OpNone.
func (p *parser) comparisonOp() Op {
	t := p.peek()
	if t.foreign {
		return OpNone
	}
	return comparisons[t.kind]
}

func (p *parser) comparison() Expr { return p.comparisonOf(p.predicate()) }

// comparisonOf reads the comparisons after their first operand.
func (p *parser) comparisonOf(first Expr) Expr {
	op := p.comparisonOp()
	if op == OpNone {
		return first
	}
	p.take()
	second := p.predicate()
	next := p.comparisonOp()
	if next == OpNone {
		return binary(op, first, second)
	}
	chain := &Chain{Operands: []Expr{first, second}, Ops: []Op{op}}
	for next != OpNone {
		p.take()
		chain.Ops = append(chain.Ops, next)
		chain.Operands = append(chain.Operands, p.predicate())
		next = p.comparisonOp()
	}
	chain.Range = p.from(first.Span().Pos)
	return chain
}

func (p *parser) predicate() Expr { return p.predicateOf(p.sum()) }

// predicateOf reads the predicates after their subject.
func (p *parser) predicateOf(e Expr) Expr {
	for {
		op := p.predicateOp()
		switch {
		case op != OpNone:
			p.chained++
			e = binary(op, e, p.sum())
		case p.isWord("IS"):
			p.chained++
			e = p.isPredicate(e)
		case p.is(doubleColon):
			p.chained++
			p.take()
			t := p.typeName()
			e = &IsTyped{Range: p.from(e.Span().Pos), Expr: e, Type: t}
		default:
			return e
		}
	}
}

// predicateOp consumes an operator of this level, or gives OpNone.
func (p *parser) predicateOp() Op {
	switch {
	case p.gotWord("IN"):
		return In
	case p.isWord("STARTS"):
		p.wantWord("STARTS", "WITH")
		return StartsWith
	case p.isWord("ENDS"):
		p.wantWord("ENDS", "WITH")
		return EndsWith
	case p.gotWord("CONTAINS"):
		return Contains
	case p.got(matches):
		return Matches
	}
	return OpNone
}

// isPredicate reads what begins with IS.
func (p *parser) isPredicate(e Expr) Expr {
	pos := e.Span().Pos
	p.take()
	not := p.gotWord("NOT")
	switch {
	case p.gotWord("NULL"):
		return &IsNull{Range: p.from(pos), Expr: e, Not: not}
	case p.got(doubleColon), p.gotWord("TYPED"):
		t := p.typeName()
		return &IsTyped{Range: p.from(pos), Expr: e, Not: not, Type: t}
	case p.gotWord("NORMALIZED"):
		return &IsNormalized{Range: p.from(pos), Expr: e, Not: not, Form: "NFC"}
	case p.isNormalForm() && p.isWordAt(1, "NORMALIZED"):
		form := upper(p.textOf(p.take()))
		p.take()
		return &IsNormalized{Range: p.from(pos), Expr: e, Not: not, Form: form}
	case !not && p.isLabel():
		labels := p.labelOr()
		return &LabelTest{Range: p.from(pos), Subject: e, Labels: labels}
	}
	p.expected("NULL, NOT NULL or a type (:: …)")
	return e
}

// isNormalForm reports whether one of Unicode's forms stands here.
func (p *parser) isNormalForm() bool {
	return p.isWord("NFC") || p.isWord("NFD") || p.isWord("NFKC") || p.isWord("NFKD")
}

// arithmeticOps are the arithmetic operators.
var arithmeticOps = [kinds]Op{
	plus: Add, minus: Sub, doubleBar: Concat, star: Mul, slash: Div, percent: Mod, caret: Pow,
}

func (p *parser) sum() Expr { return p.arithmetic(precSum) }

// arithmetic reads operands joined by operators of a level or tighter ones,
// all of them left-associative.
func (p *parser) arithmetic(loosest precedence) Expr {
	e := p.unary()
	for {
		t := p.peek()
		op := arithmeticOps[t.kind]
		if op == OpNone || operators[op].prec < loosest {
			return e
		}
		p.refuseForeign(t)
		p.chained++
		p.take()
		e = binary(op, e, p.arithmetic(operators[op].prec+1))
	}
}

// refuseForeign fails for a dash that only patterns may use.
func (p *parser) refuseForeign(t token) {
	if t.foreign {
		p.failAt(t.span(), InvalidUnicodeCharacter, "the character "+p.textOf(t)+" is no minus sign")
		p.hint("minus is written -")
	}
}

func (p *parser) unary() Expr {
	t := p.peek()
	if t.kind != minus && t.kind != plus {
		return p.labelled()
	}
	p.refuseForeign(t)
	if t.kind == minus && p.peekAt(1).kind == numberToken {
		p.take()
		return p.labelsOf(p.postfixOf(p.number(true)))
	}
	p.enter()
	defer p.leave()
	p.take()
	op := Neg
	if t.kind == plus {
		op = Pos
	}
	e := p.unary()
	return &Unary{Range: p.from(int(t.pos)), Op: op, Expr: e}
}

func (p *parser) labelled() Expr { return p.labelsOf(p.postfix()) }

// labelsOf reads the labels after their subject, if any.
func (p *parser) labelsOf(e Expr) Expr {
	if !p.is(colon) {
		return e
	}
	labels := p.colonLabels()
	return &LabelTest{Range: p.from(e.Span().Pos), Subject: e, Labels: labels}
}

func (p *parser) postfix() Expr { return p.postfixOf(p.primary()) }

// postfixOf reads property look-ups, indexes and slices.
func (p *parser) postfixOf(e Expr) Expr {
	pos := e.Span().Pos
	for {
		switch {
		case p.got(dot):
			p.chained++
			key := p.name("a property key")
			e = &Property{Range: p.from(pos), Subject: e, Key: key}
		case p.is(leftBracket):
			p.chained++
			e = p.index(e)
		default:
			return e
		}
	}
}

// index reads [i] or [from..to].
func (p *parser) index(e Expr) Expr {
	return p.inBrackets(func() Expr {
		pos := e.Span().Pos
		p.take()
		var from, to Expr
		if !p.is(dotDot) {
			from = p.expr()
		}
		if !p.got(dotDot) {
			p.want(rightBracket)
			return &Index{Range: p.from(pos), Subject: e, Index: from}
		}
		if !p.is(rightBracket) {
			to = p.expr()
		}
		p.want(rightBracket)
		return &Slice{Range: p.from(pos), Subject: e, From: from, To: to}
	})
}

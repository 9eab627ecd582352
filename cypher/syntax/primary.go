package syntax

import "math"

// primary reads what operators work on: literals, variables, calls and
// everything in brackets. It never returns nil.
func (p *parser) primary() Expr {
	t := p.peek()
	switch t.kind {
	case numberToken:
		return p.number(false)
	case stringToken:
		return p.stringLiteral()
	case dollar:
		return p.parameter()
	case leftBracket:
		return p.inBrackets(p.bracketed)
	case leftBrace:
		return p.inBrackets(func() Expr { return p.mapLiteral() })
	case leftParen:
		return p.parenthesized()
	case nameToken, quotedName:
		return p.inBrackets(p.named)
	}
	return p.noExpr()
}

// noExpr fails where an expression should begin.
func (p *parser) noExpr() Expr {
	pos := p.here()
	p.expected("an expression")
	return &NullLiteral{Range: Range{pos, pos}}
}

// number reads a number whose minus sign, if it has one, is already consumed.
func (p *parser) number(negative bool) Expr {
	t := p.take()
	e, detail := parseNumber(p.textOf(t), negative)
	r := t.span()
	if negative {
		r.Pos = int(p.tokens[p.at-2].pos)
	}
	text := p.text[r.Pos:r.End]
	switch e := e.(type) {
	case *IntLiteral:
		e.Range = r
		return e
	case *FloatLiteral:
		e.Range = r
		return e
	}
	switch detail {
	case IntegerOverflow:
		p.failAt(r, detail, "the integer "+text+" does not fit 64 bits")
	case FloatingPointOverflow:
		p.failAt(r, detail, "the number "+text+" is too large for a float")
	default:
		p.failAt(r, detail, text+" is not a number")
	}
	return &NullLiteral{Range: r}
}

func (p *parser) stringLiteral() *StringLiteral {
	t := p.take()
	value, at, detail := unquoteString(p.textOf(t))
	place := Range{int(t.pos) + at, min(int(t.pos)+at+2, int(t.end))}
	switch detail {
	case InvalidUnicodeLiteral:
		p.failAt(place, detail, `\u needs four hexadecimal digits that are a character, \U eight`)
	case UnexpectedSyntax:
		p.failAt(place, detail, "there is no such escape")
		p.hint(`a backslash is written \\`)
	}
	return &StringLiteral{Range: t.span(), Value: value}
}

// parenthesized reads a pattern or an expression in parentheses, which leave
// no trace in the tree.
func (p *parser) parenthesized() Expr {
	if _, rels := p.pathEnd(p.at); rels > 0 {
		pos := p.here()
		elements := p.path()
		r := p.from(pos)
		return &PatternExpr{Range: r, Part: &PatternPart{Range: r, Elements: elements}}
	}
	return p.inBrackets(func() Expr {
		p.take()
		e := p.expr()
		p.want(rightParen)
		return e
	})
}

// bracketed reads a list, a list comprehension or a pattern comprehension.
func (p *parser) bracketed() Expr {
	pos := p.here()
	p.take()
	if p.isVariable() && p.isWordAt(1, "IN") {
		if e := p.listComprehension(pos); e != nil {
			return e
		}
	}
	if p.isPatternComprehension() {
		return p.patternComprehension(pos)
	}
	l := &ListLiteral{}
	if !p.is(rightBracket) {
		l.Items = p.exprs()
	}
	if !p.got(rightBracket) {
		p.expected("',' or ']'")
	}
	l.Range = p.from(pos)
	return l
}

// listComprehension reads one after its bracket. [x IN xs] is one too: the
// grammar prefers it to a list of one Boolean; [x IN xs, …] is none.
func (p *parser) listComprehension(pos int) Expr {
	if !p.endsComprehension(p.at + 2) {
		return nil
	}
	c := &ListComprehension{Variable: p.variable()}
	p.take()
	c.List = p.beforeBar()
	if p.gotWord("WHERE") {
		c.Where = p.beforeBar()
	}
	if p.got(bar) {
		c.Result = p.expr()
	}
	if !p.got(rightBracket) {
		p.expected("WHERE, '|' or ']'")
	}
	c.Range = p.from(pos)
	return c
}

// endsComprehension looks from tokens[i] for what makes a bracket a
// comprehension: no comma before it closes.
func (p *parser) endsComprehension(i int) bool {
	for ; i < len(p.tokens); i++ {
		switch t := p.tokens[i]; t.kind {
		case leftParen, leftBracket, leftBrace:
			i += int(t.close)
		case comma:
			return false
		case rightBracket, endOfText:
			return true
		}
	}
	return true
}

// isPatternComprehension looks for a path and then WHERE or a bar.
func (p *parser) isPatternComprehension() bool {
	i := p.at
	if p.isVariable() && p.peekAt(1).kind == equals {
		i += 2
	}
	end, rels := p.pathEnd(i)
	if rels == 0 {
		return false
	}
	t := p.tokens[end]
	return t.kind == bar || t.kind == nameToken && sameWord(p.textOf(t), "WHERE")
}

func (p *parser) patternComprehension(pos int) Expr {
	c := &PatternComprehension{Part: &PatternPart{}}
	partPos := p.here()
	if p.isVariable() {
		c.Part.Variable = p.variable()
		p.take()
	}
	c.Part.Elements = p.path()
	c.Part.Range = p.from(partPos)
	if p.gotWord("WHERE") {
		c.Where = p.beforeBar()
	}
	p.want(bar)
	c.Result = p.expr()
	p.want(rightBracket)
	c.Range = p.from(pos)
	return c
}

func (p *parser) mapLiteral() *MapLiteral {
	p.enter()
	defer p.leave()
	m := &MapLiteral{}
	pos := p.here()
	p.want(leftBrace)
	for p.err == nil && !p.is(rightBrace) {
		m.Entries = append(m.Entries, p.mapEntry())
		if !p.got(comma) {
			break
		}
		if p.is(rightBrace) {
			p.expected("a property key")
		}
	}
	if !p.got(rightBrace) {
		p.expected("',' or '}'")
	}
	m.Range = p.from(pos)
	return m
}

func (p *parser) mapEntry() *MapEntry {
	e := &MapEntry{}
	pos := p.here()
	e.Key = p.name("a property key")
	p.want(colon)
	e.Value = p.expr()
	e.Range = p.from(pos)
	return e
}

// words are the expressions that begin with a word of their own. It is filled
// at start-up because expressions contain expressions.
var words map[string]func(*parser) Expr

func init() {
	words = map[string]func(*parser) Expr{
		"null":             func(p *parser) Expr { return &NullLiteral{p.take().span()} },
		"true":             func(p *parser) Expr { return &BoolLiteral{p.take().span(), true} },
		"false":            func(p *parser) Expr { return &BoolLiteral{p.take().span(), false} },
		"case":             (*parser).caseExpr,
		"inf":              func(p *parser) Expr { return p.floatWord(math.Inf(1)) },
		"infinity":         func(p *parser) Expr { return p.floatWord(math.Inf(1)) },
		"nan":              func(p *parser) Expr { return p.floatWord(math.NaN()) },
		"all":              func(p *parser) Expr { return p.quantified(All) },
		"any":              func(p *parser) Expr { return p.quantified(Any) },
		"none":             func(p *parser) Expr { return p.quantified(None) },
		"single":           func(p *parser) Expr { return p.quantified(Single) },
		"trim":             (*parser).trim,
		"filter":           (*parser).oldComprehension,
		"extract":          (*parser).oldComprehension,
		"reduce":           (*parser).reduce,
		"exists":           func(p *parser) Expr { return p.subquery(ExistsSubquery) },
		"count":            (*parser).count,
		"collect":          func(p *parser) Expr { return p.subquery(CollectSubquery) },
		"shortestpath":     (*parser).pathExpr,
		"allshortestpaths": (*parser).pathExpr,
	}
}

// longestWord bounds the look-ups in words.
const longestWord = len("allshortestpaths")

// named reads what begins with a name. A word of the table that is not
// followed by what makes it special is a name like any other.
func (p *parser) named() Expr {
	t := p.peek()
	if t.kind == nameToken && t.end-t.pos <= int32(longestWord) {
		if parse := words[lower(p.textOf(t))]; parse != nil {
			if e := parse(p); e != nil {
				return e
			}
		}
	}
	if !p.isVariable() {
		return p.noExpr()
	}
	if p.isCall() {
		return p.functionCall()
	}
	v := p.variable()
	if p.is(leftBrace) {
		return p.mapProjection(v)
	}
	return v
}

// isCall looks for name{.name}( ahead.
func (p *parser) isCall() bool {
	i := p.at + 1
	for p.tokens[i].kind == dot && (p.tokens[i+1].kind == nameToken || p.tokens[i+1].kind == quotedName) {
		i += 2
	}
	return p.tokens[i].kind == leftParen
}

func (p *parser) functionCall() Expr {
	f := &FunctionCall{}
	pos := p.here()
	f.Name, f.NameRange = p.dottedName("a function")
	p.want(leftParen)
	f.Distinct = p.gotWord("DISTINCT")
	if !p.is(rightParen) {
		f.Args = p.exprs()
	}
	if !p.got(rightParen) {
		p.expected("',' or ')'")
	}
	f.Range = p.from(pos)
	if len(f.Args) == 2 && sameWord(f.Name, "NORMALIZE") {
		f.Args[1] = normalForm(f.Args[1])
	}
	return f
}

// normalForm is the name of one of Unicode's forms, as normalize(text, NFC) has
// it, as a string.
func normalForm(e Expr) Expr {
	if v, ok := e.(*Variable); ok {
		switch name := upper(v.Name); name {
		case "NFC", "NFD", "NFKC", "NFKD":
			return &StringLiteral{Range: v.Range, Value: name}
		}
	}
	return e
}

// floatWord reads INF and NAN where they are no name.
func (p *parser) floatWord(f float64) Expr {
	switch p.peekAt(1).kind {
	case dot, leftParen, leftBrace, leftBracket, equals:
		return nil
	}
	return &FloatLiteral{Range: p.take().span(), Value: f}
}

// count reads count(*) and COUNT { … }; other calls of count are functions.
func (p *parser) count() Expr {
	if p.peekAt(1).kind == leftParen && p.peekAt(2).kind == star && p.peekAt(3).kind == rightParen {
		pos := p.here()
		p.skip(4)
		return &CountStar{p.from(pos)}
	}
	return p.subquery(CountSubquery)
}

// subquery reads EXISTS { … } and its like; without the brace it is none.
func (p *parser) subquery(k SubqueryKind) Expr {
	if p.peekAt(1).kind != leftBrace || p.isProjectionAt(p.at+2) {
		return nil
	}
	p.enter()
	defer p.leave()
	s := &Subquery{Kind: k}
	pos := p.here()
	p.skip(2)
	if clauseParsers[upper(p.textOf(p.peek()))] != nil && p.peekAt(1).kind != equals {
		s.Query = p.query()
	} else {
		s.Short = true
		s.Query = p.shortQuery()
	}
	p.want(rightBrace)
	s.Range = p.from(pos)
	return s
}

// isProjectionAt tells the items of a map projection from a query: a variable
// may be called count.
func (p *parser) isProjectionAt(i int) bool {
	return p.tokens[i].kind == dot || p.tokens[i].kind == rightBrace
}

// shortQuery reads a pattern and its condition as a query of one MATCH.
func (p *parser) shortQuery() *Query {
	pos := p.here()
	m := &Match{Pattern: p.pattern()}
	m.Where = p.where()
	m.Range = p.from(pos)
	single := &SingleQuery{Range: m.Range, Clauses: []Clause{m}}
	return &Query{Range: m.Range, Parts: []*SingleQuery{single}}
}

// quantified reads all(x IN xs WHERE …) and its like; any other call of such a
// name is a function.
func (p *parser) quantified(k QuantifiedKind) Expr {
	if !p.iterates() {
		return nil
	}
	q := &Quantified{Kind: k}
	pos := p.here()
	p.skip(2)
	q.Variable = p.variable()
	p.take()
	q.List = p.expr()
	q.Where = p.where()
	if !p.got(rightParen) {
		p.expected("WHERE or ')'")
	}
	q.Range = p.from(pos)
	return q
}

// iterates looks for word(x IN ahead.
func (p *parser) iterates() bool {
	return p.peekAt(1).kind == leftParen && p.canBeVariable(p.peekAt(2)) && p.isWordAt(3, "IN")
}

// oldComprehension reads filter(x IN xs WHERE …) and extract(x IN xs | …),
// which are list comprehensions by older names.
func (p *parser) oldComprehension() Expr {
	if !p.iterates() {
		return nil
	}
	c := &ListComprehension{}
	pos := p.here()
	p.skip(2)
	c.Variable = p.variable()
	p.take()
	c.List = p.beforeBar()
	if p.gotWord("WHERE") {
		c.Where = p.beforeBar()
	}
	if p.got(bar) {
		c.Result = p.expr()
	}
	p.want(rightParen)
	c.Range = p.from(pos)
	return c
}

func (p *parser) reduce() Expr {
	if p.peekAt(1).kind != leftParen || !p.canBeVariable(p.peekAt(2)) || p.peekAt(3).kind != equals {
		return nil
	}
	r := &Reduce{}
	pos := p.here()
	p.skip(2)
	r.Accumulator = p.variable()
	p.want(equals)
	r.Init = p.expr()
	p.want(comma)
	r.Variable = p.variable()
	p.wantWord("IN")
	r.List = p.beforeBar()
	p.want(bar)
	r.Step = p.expr()
	p.want(rightParen)
	r.Range = p.from(pos)
	return r
}

// pathExpr reads shortestPath(…) as an expression.
func (p *parser) pathExpr() Expr {
	if !p.isPathFunction() {
		return nil
	}
	part := &PatternPart{}
	pos := p.here()
	p.pathFunction(part)
	part.Range = p.from(pos)
	return &PatternExpr{Range: part.Range, Part: part}
}

func (p *parser) caseExpr() Expr {
	p.enter()
	defer p.leave()
	c := &Case{}
	pos := p.here()
	p.take()
	if !p.isWord("WHEN") {
		c.Subject = p.expr()
	}
	for p.isWord("WHEN") {
		c.Whens = append(c.Whens, p.when(c.Subject != nil))
	}
	if len(c.Whens) == 0 {
		p.expected("WHEN")
	}
	if p.gotWord("ELSE") {
		c.Else = p.expr()
	}
	if !p.gotWord("END") {
		p.expected("WHEN, ELSE or END")
	}
	c.Range = p.from(pos)
	return c
}

func (p *parser) when(hasSubject bool) *When {
	w := &When{}
	pos := p.here()
	p.take()
	w.Values = []Expr{p.whenValue(hasSubject)}
	for hasSubject && p.got(comma) {
		w.Values = append(w.Values, p.whenValue(true))
	}
	p.wantWord("THEN")
	w.Then = p.expr()
	w.Range = p.from(pos)
	return w
}

// whenValue reads a value, or an operator that is applied to the subject.
func (p *parser) whenValue(hasSubject bool) Expr {
	if !hasSubject || !p.isTest() {
		return p.expr()
	}
	p.enter()
	defer p.leave()
	pos := p.here()
	subject := &CaseSubject{Range{pos, pos}}
	e := p.comparisonOf(p.predicateOf(subject))
	return &CaseTest{Range: p.from(pos), Expr: e}
}

// isTest reports whether an operator begins here.
func (p *parser) isTest() bool {
	if p.comparisonOp() != OpNone || p.is(matches) || p.is(doubleColon) {
		return true
	}
	return p.isWord("IS") || p.isWord("STARTS", "WITH") || p.isWord("ENDS", "WITH") || p.isWord("CONTAINS") || p.isWord("IN")
}

// mapProjection reads the braces after a variable.
func (p *parser) mapProjection(v *Variable) Expr {
	p.enter()
	defer p.leave()
	m := &MapProjection{Subject: v}
	p.want(leftBrace)
	for p.err == nil && !p.is(rightBrace) {
		m.Items = append(m.Items, p.mapProjectionItem())
		if !p.got(comma) {
			break
		}
	}
	if !p.got(rightBrace) {
		p.expected("',' or '}'")
	}
	m.Range = p.from(v.Pos)
	return m
}

func (p *parser) mapProjectionItem() *MapProjectionItem {
	item := &MapProjectionItem{}
	pos := p.here()
	switch {
	case p.got(dot):
		if item.All = p.got(star); !item.All {
			item.Key = p.name("a property key or *")
		}
	case p.peekAt(1).kind == colon:
		item.Key = p.name("a key")
		p.want(colon)
		item.Value = p.expr()
	default:
		v := p.variable()
		item.Key = &Name{Range: v.Range, Name: v.Name}
		item.Value = v
	}
	item.Range = p.from(pos)
	return item
}

package syntax

import "strconv"

// pattern reads the parts of a pattern.
func (p *parser) pattern() []*PatternPart {
	parts := []*PatternPart{p.patternPart()}
	for p.got(comma) {
		parts = append(parts, p.patternPart())
	}
	return parts
}

func (p *parser) patternPart() *PatternPart {
	part := &PatternPart{}
	pos := p.here()
	if p.isVariable() && p.peekAt(1).kind == equals {
		part.Variable = p.variable()
		p.take()
	}
	if p.isPathFunction() {
		p.pathFunction(part)
	} else {
		p.selector(part)
		part.Elements = p.path()
	}
	part.Range = p.from(pos)
	return part
}

// isPathFunction looks for shortestPath( and allShortestPaths(.
func (p *parser) isPathFunction() bool {
	return (p.isWord("SHORTESTPATH") || p.isWord("ALLSHORTESTPATHS")) && p.peekAt(1).kind == leftParen
}

func (p *parser) pathFunction(part *PatternPart) {
	part.Function = true
	part.Selector = AnyShortest
	if p.isWord("ALLSHORTESTPATHS") {
		part.Selector = AllShortest
	}
	p.take()
	p.want(leftParen)
	part.Elements = p.path()
	p.want(rightParen)
}

// selector reads which of the paths are wanted, or nothing.
func (p *parser) selector(part *PatternPart) {
	switch {
	case p.gotWord("ALL", "SHORTEST"):
		part.Selector = AllShortest
	case p.gotWord("ANY", "SHORTEST"):
		part.Selector = AnyShortest
	case p.gotWord("ALL"):
	case p.gotWord("ANY"):
		part.Selector = AnyPath
		part.Count = p.pathCount()
	case p.gotWord("SHORTEST"):
		part.Selector = AnyShortest
		part.Count = p.pathCount()
	default:
		return
	}
	p.gotAnyWord("PATHS", "PATH")
	if p.gotAnyWord("GROUPS", "GROUP") {
		part.Selector = ShortestGroups
	}
}

// pathCount reads the number of ANY n and SHORTEST n, or nothing.
func (p *parser) pathCount() Expr {
	switch {
	case p.is(numberToken):
		return p.number(false)
	case p.is(dollar):
		return p.parameter()
	}
	return nil
}

// path reads nodes, relationships and groups up to what is none.
func (p *parser) path() []PatternElement {
	p.enter()
	defer p.leave()
	defer func(old bool) { p.noBar = old }(p.noBar)
	p.noBar = false
	elements := []PatternElement{p.nodeOrGroup()}
	for p.err == nil {
		_, afterNode := elements[len(elements)-1].(*NodePattern)
		switch {
		case afterNode && p.isRel():
			elements = append(elements, p.rel(), p.node())
		case p.is(leftParen) && (!afterNode || p.isGroup()):
			elements = append(elements, p.nodeOrGroup())
		default:
			return elements
		}
	}
	return elements
}

// isRel reports whether a relationship begins here.
func (p *parser) isRel() bool {
	return p.is(minus) || p.is(less) && p.peekAt(1).kind == minus
}

// isGroup tells a group from a node, both in parentheses.
func (p *parser) isGroup() bool {
	return p.peekAt(1).kind == leftParen || p.canBeVariable(p.peekAt(1)) && p.peekAt(2).kind == equals
}

func (p *parser) nodeOrGroup() PatternElement {
	if p.is(leftParen) && p.isGroup() {
		return p.group()
	}
	return p.node()
}

func (p *parser) group() *GroupPattern {
	g := &GroupPattern{}
	pos := p.here()
	p.want(leftParen)
	if !p.is(leftParen) {
		g.Variable = p.variable()
		p.want(equals)
	}
	g.Elements = p.path()
	g.Where = p.where()
	p.want(rightParen)
	g.Quantifier = p.quantifier()
	g.Range = p.from(pos)
	return g
}

func (p *parser) node() *NodePattern {
	n := &NodePattern{}
	pos := p.here()
	if !p.got(leftParen) {
		p.expected("a node: (…)")
		return n
	}
	if p.isVariable() {
		n.Variable = p.variable()
	}
	n.Labels = p.labels()
	n.Properties = p.properties()
	n.Where = p.where()
	if !p.got(rightParen) {
		p.expected(afterElement(n.Variable, n.Labels, n.Properties, n.Where) + "')'")
	}
	n.Range = p.from(pos)
	return n
}

// afterElement names what could still come in a node or relationship, before
// its closing bracket.
func afterElement(v *Variable, labels LabelExpr, properties, where Expr) string {
	switch {
	case where != nil:
		return ""
	case properties != nil:
		return "WHERE or "
	case labels != nil:
		return "properties, WHERE or "
	case v != nil:
		return "a label, properties, WHERE or "
	}
	return "a variable, a label, properties, WHERE or "
}

// labels reads a label expression with its colon or IS, or nothing.
func (p *parser) labels() LabelExpr {
	if p.gotWord("IS") {
		return p.labelOr()
	}
	if !p.is(colon) {
		return nil
	}
	return p.colonLabels()
}

// colonLabels reads :A, :A:B, :A|B, :A&!B.
func (p *parser) colonLabels() LabelExpr {
	p.want(colon)
	pos := p.here()
	e := p.labelOr()
	for p.got(colon) {
		p.chained++
		right := p.labelOr()
		e = &LabelAnd{Range: p.from(pos), Left: e, Right: right, Colon: true}
	}
	return e
}

func (p *parser) labelOr() LabelExpr {
	pos := p.here()
	e := p.labelAnd()
	for p.is(bar) && p.barIsLabel() {
		p.chained++
		p.take()
		p.got(colon)
		right := p.labelAnd()
		e = &LabelOr{Range: p.from(pos), Left: e, Right: right}
	}
	return e
}

// barIsLabel tells whether a bar joins labels. Where a bar ends the expression
// only the last one does: [x IN xs WHERE x:A|B | x.name].
func (p *parser) barIsLabel() bool {
	if !p.noBar {
		return true
	}
	for i := p.at + 1; i < len(p.tokens); i++ {
		switch t := p.tokens[i]; t.kind {
		case bar:
			return true
		case leftParen, leftBracket, leftBrace:
			i += int(t.close)
		case rightParen, rightBracket, rightBrace, endOfText:
			return false
		}
	}
	return false
}

func (p *parser) labelAnd() LabelExpr {
	pos := p.here()
	e := p.labelNot()
	for p.got(ampersand) {
		p.chained++
		right := p.labelNot()
		e = &LabelAnd{Range: p.from(pos), Left: e, Right: right}
	}
	return e
}

// isLabel reports whether a label expression begins here.
func (p *parser) isLabel() bool {
	return p.isAnyName() || p.is(exclamation) || p.is(percent) || p.is(leftParen) || p.is(dollar)
}

func (p *parser) labelNot() LabelExpr {
	p.enter()
	defer p.leave()
	pos := p.here()
	switch {
	case p.got(exclamation):
		e := p.labelNot()
		return &LabelNot{Range: p.from(pos), Expr: e}
	case p.got(percent):
		return &LabelAny{Range: p.from(pos)}
	case p.got(leftParen):
		defer func(old bool) { p.noBar = old }(p.noBar)
		p.noBar = false
		e := p.labelOr()
		p.want(rightParen)
		return e
	}
	return p.labelName()
}

// labelName reads a label, or $(…) for a computed one.
func (p *parser) labelName() *LabelName {
	pos := p.here()
	if !p.is(dollar) {
		n := p.name("a label or type")
		return &LabelName{Range: n.Range, Name: n.Name}
	}
	p.take()
	l := &LabelName{}
	if !p.gotWord("ALL") {
		l.AnyOf = p.gotWord("ANY")
	}
	p.want(leftParen)
	l.Dynamic = p.expr()
	p.want(rightParen)
	l.Range = p.from(pos)
	return l
}

// properties reads the map or parameter of a node or relationship, or nothing.
func (p *parser) properties() Expr {
	switch {
	case p.is(leftBrace):
		return p.mapLiteral()
	case p.is(dollar):
		return p.parameter()
	}
	return nil
}

func (p *parser) rel() *RelPattern {
	r := &RelPattern{}
	pos := p.here()
	left := p.got(less)
	p.dash()
	if p.got(leftBracket) {
		p.relDetail(r)
		p.want(rightBracket)
	}
	p.dash()
	right := p.got(greater)
	if left != right {
		r.Direction = Right
		if left {
			r.Direction = Left
		}
	}
	r.Quantifier = p.quantifier()
	r.Range = p.from(pos)
	return r
}

// dash reads one of the two dashes of a relationship.
func (p *parser) dash() {
	if !p.got(minus) {
		p.expected("a relationship: -[…]-> or -->")
	}
}

// relDetail reads what stands between the brackets.
func (p *parser) relDetail(r *RelPattern) {
	if p.isVariable() {
		r.Variable = p.variable()
	}
	r.Types = p.labels()
	r.Length = p.length()
	r.Properties = p.properties()
	r.Where = p.where()
	switch {
	case p.is(rightBracket):
	case p.is(dotDot):
		p.failAt(p.peek().span(), InvalidRelationshipPattern, "a range of lengths begins with *, as in [:T*1..3]")
	default:
		p.expected(afterElement(r.Variable, r.Types, r.Properties, r.Where) + "']'")
	}
}

// length reads *, *2, *1..3, or nothing.
func (p *parser) length() *Length {
	pos := p.here()
	if !p.got(star) {
		return nil
	}
	l := &Length{Min: NoBound, Max: NoBound}
	if p.is(numberToken) {
		l.Min = p.lengthBound()
		l.Max = l.Min
	}
	if p.got(dotDot) {
		l.Max = NoBound
		if p.is(numberToken) {
			l.Max = p.lengthBound()
		}
	}
	switch {
	case p.is(minus):
		p.failAt(p.peek().span(), InvalidRelationshipPattern, "a length cannot be negative")
	case p.is(numberToken), p.is(dollar) && p.peekAt(1).kind == numberToken:
		p.failAt(p.peek().span(), InvalidRelationshipPattern, "expected a range of lengths such as *1..3")
	}
	l.Range = p.from(pos)
	return l
}

// lengthBound reads one whole number.
func (p *parser) lengthBound() int64 {
	t := p.take()
	e, detail := parseNumber(p.textOf(t), false)
	n, ok := e.(*IntLiteral)
	switch {
	case ok:
		return n.Value
	case detail == IntegerOverflow:
		p.failAt(t.span(), detail, "the length "+p.textOf(t)+" is larger than 9223372036854775807")
	default:
		p.failAt(t.span(), InvalidRelationshipPattern, "a length is a whole number, found "+p.quote(t))
	}
	return 0
}

// quantifier reads how often something is repeated, or nothing.
func (p *parser) quantifier() *Quantifier {
	q := &Quantifier{Max: NoBound}
	pos := p.here()
	switch {
	case p.got(plus):
		q.Min = 1
	case p.got(star):
	case p.got(leftBrace):
		p.quantifierBounds(q)
		p.want(rightBrace)
	default:
		return nil
	}
	q.Range = p.from(pos)
	return q
}

// quantifierBounds reads n or n,m or n, or ,m.
func (p *parser) quantifierBounds(q *Quantifier) {
	given := p.is(numberToken)
	if given {
		q.Min = p.lengthBound()
	}
	if !p.got(comma) {
		if !given {
			p.expected("how often: {2} or {1,3}")
		}
		q.Max = q.Min
		return
	}
	if p.is(numberToken) {
		at := p.peek().span()
		if q.Max = p.lengthBound(); q.Max < q.Min {
			p.failAt(at, UnexpectedSyntax, "the upper bound "+strconv.FormatInt(q.Max, 10)+" is below the lower bound")
		}
	}
}

// pathEnd returns the index of the token behind the path that begins at
// tokens[i], going by brackets alone, and how many relationships it has. It
// tells patterns from expressions in parentheses: (a)-[x]-(b) is a pattern.
// No relationship means that it is none.
func (p *parser) pathEnd(i int) (end, rels int) {
	if !p.looksLikeNode(i) {
		return i, 0
	}
	i += int(p.tokens[i].close) + 1
	for {
		next, ok := p.relEnd(i)
		if !ok || !p.looksLikeNode(next) {
			return i, rels
		}
		rels++
		i = next + int(p.tokens[next].close) + 1
	}
}

// looksLikeNode reports whether tokens[i] opens what can be a node.
func (p *parser) looksLikeNode(i int) bool {
	if p.tokens[i].kind != leftParen || p.tokens[i].close == 0 {
		return false
	}
	i++
	if p.canBeVariable(p.tokens[i]) {
		i++
	}
	switch t := p.tokens[i]; t.kind {
	case rightParen, colon, leftBrace, dollar:
		return true
	case nameToken:
		return sameWord(p.textOf(t), "WHERE") || sameWord(p.textOf(t), "IS")
	}
	return false
}

// relEnd skips a relationship at tokens[i].
func (p *parser) relEnd(i int) (end int, ok bool) {
	if p.tokens[i].kind == less {
		i++
	}
	if p.tokens[i].kind != minus {
		return i, false
	}
	i++
	if t := p.tokens[i]; t.kind == leftBracket && t.close > 0 {
		i += int(t.close) + 1
	}
	if p.tokens[i].kind != minus {
		return i, false
	}
	i++
	if p.tokens[i].kind == greater {
		i++
	}
	switch t := p.tokens[i]; t.kind {
	case plus, star:
		i++
	case leftBrace:
		i += int(t.close) + 1
	}
	return i, true
}

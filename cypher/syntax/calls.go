package syntax

// call reads a procedure call or a subquery.
func (p *parser) call() Clause {
	pos := p.here()
	optional := p.gotWord("OPTIONAL")
	p.wantWord("CALL")
	if p.is(leftBrace) || p.is(leftParen) {
		return p.callSubquery(pos, optional)
	}
	c := &Call{Optional: optional}
	c.Name, c.NameRange = p.dottedName("a procedure")
	if p.got(leftParen) {
		c.HasArgs = true
		if !p.is(rightParen) {
			c.Args = p.exprs()
		}
		if !p.got(rightParen) {
			p.expected("',' or ')'")
		}
	}
	if p.gotWord("YIELD") {
		p.yield(c)
	}
	c.Range = p.from(pos)
	return c
}

func (p *parser) yield(c *Call) {
	c.HasYield = true
	switch {
	case p.got(star):
		c.YieldAll = true
	case p.got(minus):
	default:
		c.Yield = []*YieldItem{p.yieldItem()}
		for p.got(comma) {
			c.Yield = append(c.Yield, p.yieldItem())
		}
	}
	c.Where = p.where()
}

func (p *parser) yieldItem() *YieldItem {
	y := &YieldItem{}
	pos := p.here()
	y.Field = p.name("a column of the procedure")
	y.Alias = &Variable{Range: y.Field.Range, Name: y.Field.Name}
	if p.gotWord("AS") {
		y.Alias = p.variable()
	}
	y.Range = p.from(pos)
	return y
}

func (p *parser) callSubquery(pos int, optional bool) Clause {
	c := &CallSubquery{Optional: optional}
	if p.got(leftParen) {
		c.Scoped = true
		switch {
		case p.got(star):
			c.ImportAll = true
		case !p.is(rightParen):
			c.Imports = p.variables()
		}
		p.want(rightParen)
	}
	p.want(leftBrace)
	c.Query = p.query()
	p.want(rightBrace)
	if p.isWord("IN") {
		c.InTransactions = p.inTransactions()
	}
	c.Range = p.from(pos)
	return c
}

func (p *parser) inTransactions() *InTransactions {
	t := &InTransactions{}
	pos := p.here()
	p.wantWord("IN")
	if !p.isWord("TRANSACTIONS") && !p.isWord("CONCURRENT") {
		t.Concurrency = p.expr()
	}
	t.Concurrent = p.gotWord("CONCURRENT")
	p.wantWord("TRANSACTIONS")
	if p.gotWord("OF") {
		t.Rows = p.expr()
		if !p.gotAnyWord("ROWS", "ROW") {
			p.expected("ROWS")
		}
	}
	if p.isWord("ON", "ERROR") {
		p.skip(2)
		t.OnError = p.onError()
	}
	if p.isWord("REPORT", "STATUS") {
		p.skip(2)
		p.wantWord("AS")
		t.Status = p.variable()
	}
	t.Range = p.from(pos)
	return t
}

func (p *parser) onError() OnError {
	switch {
	case p.gotWord("CONTINUE"):
		return OnErrorContinue
	case p.gotWord("BREAK"):
		return OnErrorBreak
	case p.gotWord("FAIL"):
	default:
		p.expected("CONTINUE, BREAK or FAIL")
	}
	return OnErrorFail
}

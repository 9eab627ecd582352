package syntax

// trimNames are the functions that the words of trim() stand for.
var trimNames = map[string]string{"leading": "ltrim", "trailing": "rtrim", "both": "btrim"}

// trim reads trim(LEADING 'x' FROM text) as ltrim(text, 'x'), and so on. Without
// such a word it is a call like any other.
func (p *parser) trim() Expr {
	if p.peekAt(1).kind != leftParen || p.peekAt(2).kind != nameToken {
		return nil
	}
	name := trimNames[lower(p.textOf(p.peekAt(2)))]
	next := p.peekAt(3)
	if name == "" || next.kind != nameToken && next.kind != stringToken && next.kind != dollar {
		return nil
	}
	pos := p.here()
	e := &FunctionCall{Name: name, NameRange: p.peek().span()}
	p.skip(3)
	var cut []Expr
	if !p.isWord("FROM") {
		cut = append(cut, p.expr())
	}
	p.wantWord("FROM")
	e.Args = append([]Expr{p.expr()}, cut...)
	p.want(rightParen)
	e.Range = p.from(pos)
	return e
}

package syntax

// isVariable reports whether the next token can be a variable.
func (p *parser) isVariable() bool { return p.canBeVariable(p.peek()) }

func (p *parser) canBeVariable(t token) bool {
	return t.kind == quotedName || t.kind == nameToken && !isReserved(p.textOf(t))
}

// nameText is the name a token stands for.
func (p *parser) nameText(t token) string {
	if t.kind == quotedName {
		return unquoteName(p.textOf(t))
	}
	return p.textOf(t)
}

// variable reads a variable.
func (p *parser) variable() *Variable {
	t := p.peek()
	if !p.canBeVariable(t) {
		p.expected("a variable")
		if t.kind == nameToken {
			p.hint("a reserved word can be used as a name in backquotes: `…`")
		}
		return &Variable{}
	}
	p.take()
	return &Variable{Range: t.span(), Name: p.nameText(t)}
}

// variables reads variables between commas.
func (p *parser) variables() []*Variable {
	list := []*Variable{p.variable()}
	for p.got(comma) {
		list = append(list, p.variable())
	}
	return list
}

// isAnyName reports whether the next token is a name where every word may be
// one: labels, types, property keys.
func (p *parser) isAnyName() bool { return p.is(nameToken) || p.is(quotedName) }

// name reads a name where every word may be one.
func (p *parser) name(what string) *Name {
	if !p.isAnyName() {
		p.expected(what)
		return &Name{}
	}
	t := p.take()
	return &Name{Range: t.span(), Name: p.nameText(t)}
}

// dottedName reads a name with its namespace.
func (p *parser) dottedName(what string) (string, Range) {
	pos := p.here()
	name := p.name(what).Name
	for p.got(dot) {
		name += "." + p.name(what).Name
	}
	return name, p.from(pos)
}

// parameter reads $name, $`name` or $0.
func (p *parser) parameter() *Parameter {
	pos := p.here()
	p.want(dollar)
	t := p.peek()
	switch {
	case t.kind == nameToken || t.kind == quotedName || t.kind == numberToken && allDigits(p.textOf(t)):
		p.take()
	default:
		p.expected("the name of a parameter")
	}
	return &Parameter{Range: p.from(pos), Name: p.nameText(t)}
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i]-'0' >= 10 {
			return false
		}
	}
	return true
}

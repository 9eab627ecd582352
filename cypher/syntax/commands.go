package syntax

// createCommand reads CREATE INDEX and CREATE CONSTRAINT.
func (p *parser) createCommand() Body {
	pos := p.here()
	p.wantWord("CREATE")
	replace := p.gotWord("OR", "REPLACE")
	if p.gotWord("CONSTRAINT") {
		return p.createConstraint(pos, replace)
	}
	kind := p.indexKind()
	if !p.gotWord("INDEX") {
		p.expected("INDEX, CONSTRAINT or a pattern")
	}
	return p.createIndex(pos, replace, kind)
}

// indexKinds are the words before INDEX.
var indexKinds = [...]string{
	RangeIndex: "RANGE", TextIndex: "TEXT", PointIndex: "POINT", LookupIndex: "LOOKUP",
	FulltextIndex: "FULLTEXT", VectorIndex: "VECTOR",
}

// indexKind reads the word before INDEX, or nothing.
func (p *parser) indexKind() IndexKind {
	for k := RangeIndex; k <= VectorIndex; k++ {
		if p.gotWord(indexKinds[k]) {
			return k
		}
	}
	if p.gotWord("BTREE") {
		return RangeIndex
	}
	return AnyIndex
}

// schemaName reads the name of an index or constraint, which may be left out.
func (p *parser) schemaName() *Name {
	if !p.isAnyName() || p.isWord("FOR") || p.isWord("ON") || p.isWord("IF") && p.isWordAt(1, "NOT") {
		return nil
	}
	return p.name("a name")
}

func (p *parser) createIndex(pos int, replace bool, kind IndexKind) Body {
	c := &CreateIndex{Kind: kind, OrReplace: replace}
	c.Name = p.schemaName()
	c.IfNotExists = p.gotWord("IF", "NOT", "EXISTS")
	if p.gotWord("FOR") {
		c.Target = p.schemaTarget()
		p.wantWord("ON")
		p.indexedKeys(&c.Target)
	} else {
		if !p.gotWord("ON") {
			p.expected("FOR")
		}
		c.Target = p.oldTarget()
	}
	c.Options = p.options()
	c.Range = p.from(pos)
	return c
}

// options reads OPTIONS and its map, or nothing.
func (p *parser) options() Expr {
	if !p.gotWord("OPTIONS") {
		return nil
	}
	if o := p.properties(); o != nil {
		return o
	}
	p.expected("a map")
	return nil
}

// oldTarget reads :Label(key, …).
func (p *parser) oldTarget() SchemaTarget {
	t := SchemaTarget{}
	pos := p.here()
	t.Labels = []*LabelName{p.colonLabel()}
	t.Keys = p.keyList()
	t.Range = p.from(pos)
	return t
}

// schemaTarget reads (n:Label) or ()-[r:TYPE]-().
func (p *parser) schemaTarget() SchemaTarget {
	t := SchemaTarget{}
	pos := p.here()
	p.want(leftParen)
	if p.got(rightParen) {
		t.Relationship = true
		p.got(less)
		p.want(minus)
		p.want(leftBracket)
		p.targetNames(&t)
		p.want(rightBracket)
		p.want(minus)
		p.got(greater)
		p.want(leftParen)
		p.want(rightParen)
	} else {
		p.targetNames(&t)
		p.want(rightParen)
	}
	t.Range = p.from(pos)
	return t
}

// targetNames reads n:A|B, or only n for a look-up index.
func (p *parser) targetNames(t *SchemaTarget) {
	t.Variable = p.variable()
	if !p.is(colon) {
		return
	}
	t.Labels = []*LabelName{p.colonLabel()}
	for p.got(bar) {
		t.Labels = append(t.Labels, p.labelName())
	}
}

// indexedKeys reads what an index is on: (n.a, n.b), EACH [n.a, n.b] or
// EACH labels(n).
func (p *parser) indexedKeys(t *SchemaTarget) {
	each := p.gotWord("EACH")
	switch {
	case each && p.isAnyName():
		p.take()
		p.want(leftParen)
		p.targetVariable(t)
		p.want(rightParen)
	case each:
		t.Keys = p.targetKeys(t, leftBracket)
	default:
		t.Keys = p.targetKeys(t, leftParen)
	}
}

// targetKeys reads n.a, n.b in brackets.
func (p *parser) targetKeys(t *SchemaTarget, open kind) []*Name {
	p.want(open)
	keys := []*Name{p.targetKey(t)}
	for p.got(comma) {
		keys = append(keys, p.targetKey(t))
	}
	p.want(open + 1)
	return keys
}

// targetKey reads n.key.
func (p *parser) targetKey(t *SchemaTarget) *Name {
	p.targetVariable(t)
	p.want(dot)
	return p.name("a property key")
}

// targetVariable reads the variable of the target again.
func (p *parser) targetVariable(t *SchemaTarget) {
	v := p.variable()
	if p.err == nil && (t.Variable == nil || v.Name != t.Variable.Name) {
		p.failAt(v.Range, "UndefinedVariable", "the variable "+v.Name+" is not the one that FOR names")
	}
}

func (p *parser) createConstraint(pos int, replace bool) Body {
	c := &CreateConstraint{OrReplace: replace}
	c.Name = p.schemaName()
	c.IfNotExists = p.gotWord("IF", "NOT", "EXISTS")
	if !p.gotAnyWord("FOR", "ON") {
		p.expected("FOR")
	}
	c.Target = p.schemaTarget()
	c.Kind, c.Type = p.requirement(&c.Target)
	c.Options = p.options()
	c.Range = p.from(pos)
	return c
}

// requirement reads what is demanded of which properties.
func (p *parser) requirement(t *SchemaTarget) (ConstraintKind, *Type) {
	if !p.gotAnyWord("REQUIRE", "ASSERT") {
		p.expected("REQUIRE")
	}
	if p.isWord("EXISTS") && p.peekAt(1).kind == leftParen {
		p.take()
		t.Keys = p.targetKeys(t, leftParen)
		return NotNullConstraint, nil
	}
	if p.is(leftParen) {
		t.Keys = p.targetKeys(t, leftParen)
	} else {
		t.Keys = []*Name{p.targetKey(t)}
	}
	if p.got(doubleColon) {
		return TypeConstraint, p.typeName()
	}
	p.wantWord("IS")
	return p.condition()
}

// condition reads what follows IS.
func (p *parser) condition() (ConstraintKind, *Type) {
	if p.gotWord("NOT", "NULL") {
		return NotNullConstraint, nil
	}
	if p.got(doubleColon) || p.gotWord("TYPED") {
		return TypeConstraint, p.typeName()
	}
	p.gotAnyWord("NODE", "RELATIONSHIP", "REL")
	switch {
	case p.gotWord("UNIQUE"):
		return UniqueConstraint, nil
	case p.gotWord("KEY"):
		return KeyConstraint, nil
	}
	p.expected("UNIQUE, NOT NULL, NODE KEY or a type (:: …)")
	return UniqueConstraint, nil
}

// dropCommand reads DROP INDEX and DROP CONSTRAINT.
func (p *parser) dropCommand() Body {
	pos := p.here()
	p.wantWord("DROP")
	switch {
	case p.gotWord("INDEX"):
		return p.dropIndex(pos)
	case p.gotWord("CONSTRAINT"):
		return p.dropConstraint(pos)
	}
	p.expected("INDEX or CONSTRAINT")
	return &DropIndex{}
}

func (p *parser) dropIndex(pos int) Body {
	d := &DropIndex{}
	if p.isWord("ON") && p.peekAt(1).kind == colon {
		p.take()
		t := p.oldTarget()
		d.Target = &t
	} else {
		d.Name = p.name("the name of an index")
	}
	d.IfExists = p.gotWord("IF", "EXISTS")
	d.Range = p.from(pos)
	return d
}

func (p *parser) dropConstraint(pos int) Body {
	d := &DropConstraint{}
	if p.isWord("ON") && p.peekAt(1).kind == leftParen {
		p.take()
		t := p.schemaTarget()
		d.Kind, _ = p.requirement(&t)
		d.Target = &t
	} else {
		d.Name = p.name("the name of a constraint")
	}
	d.IfExists = p.gotWord("IF", "EXISTS")
	d.Range = p.from(pos)
	return d
}

// shown are the words after SHOW that end it, singular and plural.
var shown = map[string]ShowKind{
	"index": ShowIndexes, "indexes": ShowIndexes,
	"constraint": ShowConstraints, "constraints": ShowConstraints,
	"function": ShowFunctions, "functions": ShowFunctions,
	"procedure": ShowProcedures, "procedures": ShowProcedures,
	"database": ShowDatabases, "databases": ShowDatabases,
	"transaction": ShowTransactions, "transactions": ShowTransactions,
	"setting": ShowSettings, "settings": ShowSettings,
}

func (p *parser) show() Body {
	s := &Show{}
	pos := p.here()
	if p.gotWord("TERMINATE") {
		if !p.gotWord("TRANSACTIONS") && !p.gotWord("TRANSACTION") {
			p.expected("TRANSACTIONS")
		}
		s.What = TerminateTransactions
		s.IDs = p.exprs()
	} else {
		p.take()
		s.Filter, s.What = p.showWhat()
		if s.What == ShowTransactions && (p.is(stringToken) || p.is(dollar)) {
			s.IDs = p.exprs()
		}
	}
	if p.gotWord("YIELD") {
		var j Projection
		if j.Star = p.got(star); !j.Star {
			j.Items = p.projectionItems()
		}
		p.tail(&j)
		s.Yield = &j
	}
	s.Where = p.where()
	if p.isWord("RETURN") {
		s.Return = p.returns().(*Return)
	}
	s.Range = p.from(pos)
	return s
}

// showWhat reads the filter and what is shown.
func (p *parser) showWhat() (filter string, what ShowKind) {
	for p.is(nameToken) {
		word := p.textOf(p.peek())
		if len(word) > len("transactions") {
			break
		}
		if what, ok := shown[lower(word)]; ok {
			p.take()
			return filter, what
		}
		if p.isWord("YIELD") || p.isWord("WHERE") || p.isWord("RETURN") {
			break
		}
		if filter != "" {
			filter += " "
		}
		filter += capitals(word)
		p.take()
	}
	p.expected("INDEXES, CONSTRAINTS, FUNCTIONS, PROCEDURES, TRANSACTIONS, SETTINGS or DATABASES")
	return "", ShowIndexes
}

// capitals makes ASCII letters capital.
func capitals(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c-'a' < 26 {
			b[i] = c - ('a' - 'A')
		}
	}
	return string(b)
}

package syntax

func (p *printer) command(b Body) {
	switch b := b.(type) {
	case *CreateIndex:
		p.createIndex(b)
	case *DropIndex:
		p.put("DROP INDEX ")
		p.dropped(b.Name, b.Target, func() { p.oldTarget(b.Target) })
		p.ifExists(b.IfExists)
	case *CreateConstraint:
		p.createConstraint(b)
	case *DropConstraint:
		p.put("DROP CONSTRAINT ")
		p.dropped(b.Name, b.Target, func() {
			p.target(b.Target)
			p.put(" ASSERT ")
			p.requirement(b.Target, b.Kind, nil)
		})
		p.ifExists(b.IfExists)
	case *Show:
		p.show(b)
	}
}

func (p *printer) ifExists(yes bool) {
	if yes {
		p.put(" IF EXISTS")
	}
}

// dropped puts what is dropped: by name, or by what it is on.
func (p *printer) dropped(name *Name, target *SchemaTarget, old func()) {
	if target == nil {
		p.schemaName(name)
		return
	}
	p.put("ON ")
	old()
}

// schemaName puts a name that stands before other words.
func (p *printer) schemaName(n *Name) {
	p.quotedIf(n.Name, sameWord(n.Name, "FOR") || sameWord(n.Name, "ON") || sameWord(n.Name, "IF"))
}

// head puts CREATE up to IF NOT EXISTS.
func (p *printer) head(replace bool, kind IndexKind, what string, name *Name, ifNotExists bool) {
	p.put("CREATE ")
	if replace {
		p.put("OR REPLACE ")
	}
	p.indexKind(kind)
	p.put(what)
	if name != nil {
		p.put(" ")
		p.schemaName(name)
	}
	if ifNotExists {
		p.put(" IF NOT EXISTS")
	}
}

func (p *printer) indexKind(k IndexKind) {
	if k != AnyIndex {
		p.put(indexKinds[k], " ")
	}
}

func (p *printer) createIndex(c *CreateIndex) {
	p.head(c.OrReplace, c.Kind, "INDEX", c.Name, c.IfNotExists)
	if c.Target.Variable == nil {
		p.put(" ON ")
		p.oldTarget(&c.Target)
	} else {
		p.put(" FOR ")
		p.target(&c.Target)
		p.put(" ON ")
		p.indexed(&c.Target)
	}
	p.options(c.Options)
}

func (p *printer) options(e Expr) {
	if e != nil {
		p.put(" OPTIONS ")
		p.expr(e, precPrimary)
	}
}

// oldTarget puts :Label(key, …).
func (p *printer) oldTarget(t *SchemaTarget) {
	p.put(":")
	p.label(t.Labels[0], labelLowest)
	p.keys(t.Keys)
}

// target puts (n:Label) or ()-[r:TYPE]-().
func (p *printer) target(t *SchemaTarget) {
	before, after := "(", ")"
	if t.Relationship {
		before, after = "()-[", "]-()"
	}
	p.put(before)
	p.variable(t.Variable)
	if len(t.Labels) > 0 {
		p.put(":")
		list(p, t.Labels, "|", p.labelName)
	}
	p.put(after)
}

// indexed puts what an index is on.
func (p *printer) indexed(t *SchemaTarget) {
	if len(t.Keys) > 0 {
		p.targetKeys(t)
		return
	}
	p.put("EACH ")
	if t.Relationship {
		p.put("type(")
	} else {
		p.put("labels(")
	}
	p.variable(t.Variable)
	p.put(")")
}

func (p *printer) targetKeys(t *SchemaTarget) {
	p.put("(")
	list(p, t.Keys, ", ", func(k *Name) {
		p.variable(t.Variable)
		p.put(".")
		p.name(k.Name)
	})
	p.put(")")
}

func (p *printer) createConstraint(c *CreateConstraint) {
	p.head(c.OrReplace, AnyIndex, "CONSTRAINT", c.Name, c.IfNotExists)
	p.put(" FOR ")
	p.target(&c.Target)
	p.put(" REQUIRE ")
	p.requirement(&c.Target, c.Kind, c.Type)
	p.options(c.Options)
}

func (p *printer) requirement(t *SchemaTarget, k ConstraintKind, typ *Type) {
	p.targetKeys(t)
	switch k {
	case UniqueConstraint:
		p.put(" IS UNIQUE")
	case NotNullConstraint:
		p.put(" IS NOT NULL")
	case KeyConstraint:
		p.put(" IS NODE KEY")
	case TypeConstraint:
		p.put(" IS ::")
		if typ != nil {
			p.put(" ")
			p.typeName(typ)
		}
	}
}

// shownWords are the words of what SHOW lists.
var shownWords = [...]string{
	ShowIndexes: "INDEXES", ShowConstraints: "CONSTRAINTS", ShowFunctions: "FUNCTIONS", ShowProcedures: "PROCEDURES",
	ShowDatabases: "DATABASES", ShowTransactions: "TRANSACTIONS", ShowSettings: "SETTINGS", TerminateTransactions: "TRANSACTIONS",
}

func (p *printer) show(s *Show) {
	if s.What == TerminateTransactions {
		p.put("TERMINATE ")
	} else {
		p.put("SHOW ")
	}
	if s.Filter != "" {
		p.put(s.Filter, " ")
	}
	p.put(shownWords[s.What])
	for i, e := range s.IDs {
		p.put([]string{" ", ", "}[min(i, 1)])
		p.expr(e, precLowest)
	}
	if s.Yield != nil {
		p.put(" YIELD ")
		p.projection(s.Yield)
	}
	p.where(s.Where)
	if s.Return != nil {
		p.put(" ")
		p.clause(s.Return)
	}
}

package syntax

// clauseParsers are the clauses by the word they begin with. It is filled at
// start-up because clauses contain clauses.
var clauseParsers map[string]func(*parser) Clause

func init() {
	clauseParsers = map[string]func(*parser) Clause{
		"OPTIONAL": (*parser).optional,
		"MATCH":    (*parser).match,
		"UNWIND":   (*parser).unwind,
		"WITH":     (*parser).with,
		"RETURN":   (*parser).returns,
		"CREATE":   (*parser).create,
		"INSERT":   (*parser).create,
		"MERGE":    (*parser).merge,
		"SET":      func(p *parser) Clause { return p.set() },
		"REMOVE":   (*parser).remove,
		"DELETE":   (*parser).deletes,
		"DETACH":   (*parser).deletes,
		"NODETACH": (*parser).deletes,
		"CALL":     (*parser).call,
		"FOREACH":  (*parser).foreach,
		"LOAD":     (*parser).loadCSV,
		"FINISH":   (*parser).finish,
	}
}

// clauseWords are the words of clauseParsers as a message lists them.
const clauseWords = "a clause (MATCH, RETURN, CREATE, …)"

// clause reads one clause. It is nil where none begins.
func (p *parser) clause() Clause {
	t := p.peek()
	if t.kind != nameToken {
		return nil
	}
	parse := clauseParsers[upper(p.textOf(t))]
	if parse == nil {
		return nil
	}
	return parse(p)
}

// upper makes ASCII letters capital, for words no longer than a clause's.
func upper(s string) string {
	const longest = len("OPTIONAL")
	if len(s) > longest {
		return ""
	}
	var b [longest]byte
	for i := range len(s) {
		c := s[i]
		if c-'a' < 26 {
			c -= 'a' - 'A'
		}
		b[i] = c
	}
	return string(b[:len(s)])
}

// expectedClause fails where a clause or the end should be.
func (p *parser) expectedClause() {
	t := p.peek()
	p.expected(clauseWords)
	if t.kind == nameToken {
		if near := nearestClause(p.textOf(t)); near != "" {
			p.hint("did you mean " + near + "?")
		}
	}
}

// nearestClause finds the clause a misspelt word could be.
func nearestClause(word string) string {
	words := [...]string{
		"MATCH", "OPTIONAL", "UNWIND", "WITH", "RETURN", "CREATE", "MERGE", "SET", "REMOVE", "DELETE",
		"DETACH", "CALL", "FOREACH", "LOAD", "WHERE", "ORDER", "UNION", "LIMIT", "SKIP", "DROP", "SHOW", "TERMINATE",
	}
	return Nearest(word, words[:])
}

func (p *parser) optional() Clause {
	switch {
	case p.isWordAt(1, "MATCH"):
		return p.match()
	case p.isWordAt(1, "CALL"):
		return p.call()
	}
	p.take()
	p.expected("MATCH")
	return &Match{}
}

func (p *parser) match() Clause {
	m := &Match{}
	pos := p.here()
	m.Optional = p.gotWord("OPTIONAL")
	p.wantWord("MATCH")
	m.Repeatable = p.matchMode()
	m.Pattern = p.pattern()
	for p.isWord("USING") {
		m.Hints = append(m.Hints, p.usingHint())
	}
	m.Where = p.where()
	m.Range = p.from(pos)
	return m
}

// matchMode reads how often a relationship may be met.
func (p *parser) matchMode() (repeatable bool) {
	switch {
	case p.isWord("REPEATABLE") && p.isWordAt(1, "ELEMENTS"), p.isWord("REPEATABLE") && p.isWordAt(1, "ELEMENT"):
		p.skip(2)
		p.gotWord("BINDINGS")
		return true
	case p.isWord("DIFFERENT") && p.isWordAt(1, "RELATIONSHIPS"), p.isWord("DIFFERENT") && p.isWordAt(1, "RELATIONSHIP"):
		p.skip(2)
		p.gotWord("BINDINGS")
	}
	return false
}

// where reads WHERE and its condition, or nothing.
func (p *parser) where() Expr {
	if !p.gotWord("WHERE") {
		return nil
	}
	return p.expr()
}

func (p *parser) usingHint() *Hint {
	h := &Hint{}
	pos := p.here()
	p.wantWord("USING")
	switch {
	case p.gotWord("SCAN"):
		h.Kind = HintScan
		h.Variables = []*Variable{p.variable()}
		h.Label = p.colonLabel()
	case p.gotWord("JOIN"):
		h.Kind = HintJoin
		p.wantWord("ON")
		h.Variables = p.variables()
	default:
		h.Index = p.indexKind()
		p.wantWord("INDEX")
		h.Seek = p.isWord("SEEK") && p.peekAt(1).kind != colon && p.gotWord("SEEK")
		h.Variables = []*Variable{p.variable()}
		h.Label = p.colonLabel()
		h.Keys = p.keyList()
	}
	h.Range = p.from(pos)
	return h
}

// colonLabel reads ':' and one label.
func (p *parser) colonLabel() *LabelName {
	p.want(colon)
	return p.labelName()
}

// keyList reads property keys in parentheses.
func (p *parser) keyList() []*Name {
	p.want(leftParen)
	keys := []*Name{p.name("a property key")}
	for p.got(comma) {
		keys = append(keys, p.name("a property key"))
	}
	p.want(rightParen)
	return keys
}

func (p *parser) unwind() Clause {
	u := &Unwind{}
	pos := p.here()
	p.take()
	u.List = p.expr()
	p.wantWord("AS")
	u.Variable = p.variable()
	u.Range = p.from(pos)
	return u
}

func (p *parser) with() Clause {
	w := &With{}
	pos := p.here()
	p.take()
	w.Projection = p.projection()
	w.Where = p.where()
	w.Range = p.from(pos)
	return w
}

func (p *parser) returns() Clause {
	r := &Return{}
	pos := p.here()
	p.take()
	r.Projection = p.projection()
	r.Range = p.from(pos)
	return r
}

func (p *parser) projection() Projection {
	var j Projection
	j.Distinct = p.gotWord("DISTINCT")
	if j.Star = p.got(star); !j.Star || p.got(comma) {
		j.Items = p.projectionItems()
	}
	p.tail(&j)
	return j
}

func (p *parser) projectionItems() []*ProjectionItem {
	items := []*ProjectionItem{p.projectionItem()}
	for p.got(comma) {
		items = append(items, p.projectionItem())
	}
	return items
}

func (p *parser) projectionItem() *ProjectionItem {
	item := &ProjectionItem{}
	pos := p.here()
	item.Expr = p.expr()
	text := p.from(pos)
	item.Text = p.text[text.Pos:text.End]
	if p.gotWord("AS") {
		item.Alias = p.variable()
	}
	item.Range = p.from(pos)
	return item
}

// tail reads ORDER BY, SKIP and LIMIT.
func (p *parser) tail(j *Projection) {
	if p.isWord("ORDER", "BY") {
		p.skip(2)
		j.OrderBy = []*SortItem{p.sortItem()}
		for p.got(comma) {
			j.OrderBy = append(j.OrderBy, p.sortItem())
		}
	}
	if p.gotAnyWord("SKIP", "OFFSET") {
		j.Skip = p.expr()
	}
	if p.gotWord("LIMIT") {
		j.Limit = p.expr()
	}
}

func (p *parser) sortItem() *SortItem {
	s := &SortItem{}
	pos := p.here()
	s.Expr = p.expr()
	if !p.gotAnyWord("ASC", "ASCENDING") {
		s.Desc = p.gotAnyWord("DESC", "DESCENDING")
	}
	s.Range = p.from(pos)
	return s
}

func (p *parser) create() Clause {
	c := &Create{}
	pos := p.here()
	p.take()
	c.Pattern = p.pattern()
	c.Range = p.from(pos)
	return c
}

func (p *parser) merge() Clause {
	m := &Merge{}
	pos := p.here()
	p.take()
	m.Part = p.patternPart()
	for p.isWord("ON", "CREATE") || p.isWord("ON", "MATCH") {
		a := &MergeAction{}
		actionPos := p.here()
		a.OnCreate = p.isWordAt(1, "CREATE")
		p.skip(2)
		if !p.isWord("SET") {
			p.expected("SET")
			break
		}
		a.Set = p.set()
		a.Range = p.from(actionPos)
		m.Actions = append(m.Actions, a)
	}
	m.Range = p.from(pos)
	return m
}

func (p *parser) set() *Set {
	s := &Set{}
	pos := p.here()
	p.take()
	s.Items = []SetItem{p.setItem()}
	for p.got(comma) {
		s.Items = append(s.Items, p.setItem())
	}
	s.Range = p.from(pos)
	return s
}

func (p *parser) setItem() SetItem {
	pos := p.here()
	if p.isVariable() && p.labelsFollow(1) {
		v := p.variable()
		labels := p.labelList()
		return &SetLabels{Range: p.from(pos), Variable: v, Labels: labels}
	}
	target := p.postfix()
	add := p.is(plusEquals)
	if !add && !p.is(equals) {
		p.expected("=, += or a label")
	}
	p.take()
	value := p.expr()
	r := p.from(pos)
	switch target := target.(type) {
	case *Variable:
		return &SetProperties{Range: r, Variable: target, Add: add, Value: value}
	case *Property, *Index:
		if !add {
			return &SetProperty{Range: r, Target: target, Value: value}
		}
	}
	p.failAt(target.Span(), UnexpectedSyntax, "SET changes a property (n.key = …), all properties (n = …, n += …) or labels (n:Label)")
	return &SetLabels{}
}

// labelsFollow reports whether a label list begins n tokens ahead.
func (p *parser) labelsFollow(n int) bool {
	return p.peekAt(n).kind == colon || p.isWordAt(n, "IS")
}

// labelList reads :A:B or IS A.
func (p *parser) labelList() []*LabelName {
	if p.gotWord("IS") {
		return []*LabelName{p.labelName()}
	}
	var labels []*LabelName
	for p.got(colon) {
		labels = append(labels, p.labelName())
	}
	for p.got(ampersand) {
		labels = append(labels, p.labelName())
	}
	return labels
}

func (p *parser) remove() Clause {
	r := &Remove{}
	pos := p.here()
	p.take()
	r.Items = []RemoveItem{p.removeItem()}
	for p.got(comma) {
		r.Items = append(r.Items, p.removeItem())
	}
	r.Range = p.from(pos)
	return r
}

func (p *parser) removeItem() RemoveItem {
	pos := p.here()
	if p.isVariable() && p.labelsFollow(1) {
		v := p.variable()
		labels := p.labelList()
		return &RemoveLabels{Range: p.from(pos), Variable: v, Labels: labels}
	}
	target := p.postfix()
	switch target.(type) {
	case *Property, *Index:
	default:
		p.failAt(target.Span(), UnexpectedSyntax, "REMOVE takes a property (n.key) or labels (n:Label)")
	}
	return &RemoveProperty{Range: p.from(pos), Target: target}
}

func (p *parser) deletes() Clause {
	d := &Delete{}
	pos := p.here()
	if d.Detach = p.gotWord("DETACH"); !d.Detach {
		p.gotWord("NODETACH")
	}
	p.wantWord("DELETE")
	d.Exprs = p.exprs()
	d.Range = p.from(pos)
	return d
}

// exprs reads expressions between commas.
func (p *parser) exprs() []Expr {
	list := []Expr{p.expr()}
	for p.got(comma) {
		list = append(list, p.expr())
	}
	return list
}

func (p *parser) foreach() Clause {
	p.enter()
	defer p.leave()
	f := &Foreach{}
	pos := p.here()
	p.take()
	p.want(leftParen)
	f.Variable = p.variable()
	p.wantWord("IN")
	f.List = p.expr()
	p.want(bar)
	for c := p.clause(); c != nil; c = p.clause() {
		f.Clauses = append(f.Clauses, c)
		if p.err != nil {
			break
		}
	}
	if len(f.Clauses) == 0 {
		p.expected("an updating clause (CREATE, SET, …)")
	}
	p.want(rightParen)
	f.Range = p.from(pos)
	return f
}

func (p *parser) loadCSV() Clause {
	l := &LoadCSV{}
	pos := p.here()
	p.wantWord("LOAD", "CSV")
	if p.gotWord("WITH") {
		p.wantWord("HEADERS")
		l.Headers = true
	}
	p.wantWord("FROM")
	l.URL = p.expr()
	p.wantWord("AS")
	l.Variable = p.variable()
	if p.gotWord("FIELDTERMINATOR") {
		s, ok := p.expr().(*StringLiteral)
		if !ok {
			p.failAt(p.from(pos), UnexpectedSyntax, "FIELDTERMINATOR needs a string")
		}
		l.Terminator = s
	}
	l.Range = p.from(pos)
	return l
}

func (p *parser) finish() Clause { return &Finish{Range: p.take().span()} }

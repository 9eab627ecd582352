package syntax

func (p *printer) clause(c Clause) {
	switch c := c.(type) {
	case *Match:
		p.match(c)
	case *Unwind:
		p.put("UNWIND ")
		p.expr(c.List, precLowest)
		p.put(" AS ")
		p.variable(c.Variable)
	case *With:
		p.put("WITH ")
		p.projection(&c.Projection)
		p.where(c.Where)
	case *Return:
		p.put("RETURN ")
		p.projection(&c.Projection)
	case *Create:
		p.put("CREATE ")
		list(p, c.Pattern, ", ", p.part)
	case *Merge:
		p.merge(c)
	case *Set:
		p.put("SET ")
		list(p, c.Items, ", ", p.setItem)
	case *Remove:
		p.put("REMOVE ")
		list(p, c.Items, ", ", p.removeItem)
	case *Delete:
		if c.Detach {
			p.put("DETACH ")
		}
		p.put("DELETE ")
		p.exprs(c.Exprs)
	default:
		p.otherClause(c)
	}
}

func (p *printer) otherClause(c Clause) {
	switch c := c.(type) {
	case *Call:
		p.call(c)
	case *CallSubquery:
		p.callSubquery(c)
	case *Foreach:
		p.put("FOREACH (")
		p.variable(c.Variable)
		p.put(" IN ")
		p.expr(c.List, precLowest)
		p.put(" | ")
		list(p, c.Clauses, " ", p.clause)
		p.put(")")
	case *LoadCSV:
		p.put("LOAD CSV ")
		if c.Headers {
			p.put("WITH HEADERS ")
		}
		p.put("FROM ")
		p.expr(c.URL, precLowest)
		p.put(" AS ")
		p.variable(c.Variable)
		if c.Terminator != nil {
			p.put(" FIELDTERMINATOR ")
			p.str(c.Terminator.Value)
		}
	case *Finish:
		p.put("FINISH")
	}
}

// where puts a condition, which may be nil.
func (p *printer) where(e Expr) {
	if e != nil {
		p.put(" WHERE ")
		p.expr(e, precLowest)
	}
}

func (p *printer) exprs(exprs []Expr) {
	list(p, exprs, ", ", func(e Expr) { p.expr(e, precLowest) })
}

func (p *printer) match(m *Match) {
	if m.Optional {
		p.put("OPTIONAL ")
	}
	p.put("MATCH ")
	if m.Repeatable {
		p.put("REPEATABLE ELEMENTS ")
	}
	list(p, m.Pattern, ", ", p.part)
	for _, h := range m.Hints {
		p.hint(h)
	}
	p.where(m.Where)
}

func (p *printer) hint(h *Hint) {
	p.put(" USING ")
	switch h.Kind {
	case HintJoin:
		p.put("JOIN ON ")
		list(p, h.Variables, ", ", p.variable)
		return
	case HintScan:
		p.put("SCAN ")
	case HintIndex:
		p.indexKind(h.Index)
		p.put("INDEX ")
		if h.Seek {
			p.put("SEEK ")
		}
	}
	p.variable(h.Variables[0])
	p.put(":")
	p.label(h.Label, labelLowest)
	if h.Kind == HintIndex {
		p.keys(h.Keys)
	}
}

func (p *printer) keys(keys []*Name) {
	p.put("(")
	list(p, keys, ", ", func(k *Name) { p.name(k.Name) })
	p.put(")")
}

func (p *printer) projection(j *Projection) {
	if j.Distinct {
		p.put("DISTINCT ")
	}
	if j.Star {
		p.put("*")
		if len(j.Items) > 0 {
			p.put(", ")
		}
	}
	list(p, j.Items, ", ", func(item *ProjectionItem) {
		p.expr(item.Expr, precLowest)
		if item.Alias != nil {
			p.put(" AS ")
			p.variable(item.Alias)
		}
	})
	if len(j.OrderBy) > 0 {
		p.put(" ORDER BY ")
		list(p, j.OrderBy, ", ", p.sortItem)
	}
	if j.Skip != nil {
		p.put(" SKIP ")
		p.expr(j.Skip, precLowest)
	}
	if j.Limit != nil {
		p.put(" LIMIT ")
		p.expr(j.Limit, precLowest)
	}
}

func (p *printer) sortItem(s *SortItem) {
	p.expr(s.Expr, precLowest)
	if s.Desc {
		p.put(" DESC")
	}
}

func (p *printer) merge(m *Merge) {
	p.put("MERGE ")
	p.part(m.Part)
	for _, a := range m.Actions {
		p.put(" ON MATCH ")
		if a.OnCreate {
			p.b = p.b[:len(p.b)-len("MATCH ")]
			p.put("CREATE ")
		}
		p.clause(a.Set)
	}
}

func (p *printer) setItem(s SetItem) {
	switch s := s.(type) {
	case *SetProperty:
		p.expr(s.Target, precPostfix)
		p.put(" = ")
		p.expr(s.Value, precLowest)
	case *SetProperties:
		p.variable(s.Variable)
		p.put(" ")
		if s.Add {
			p.put("+")
		}
		p.put("= ")
		p.expr(s.Value, precLowest)
	case *SetLabels:
		p.variable(s.Variable)
		p.labels(s.Labels)
	}
}

func (p *printer) labels(labels []*LabelName) {
	for _, l := range labels {
		p.put(":")
		p.label(l, labelLowest)
	}
}

func (p *printer) removeItem(r RemoveItem) {
	switch r := r.(type) {
	case *RemoveProperty:
		p.expr(r.Target, precPostfix)
	case *RemoveLabels:
		p.variable(r.Variable)
		p.labels(r.Labels)
	}
}

func (p *printer) call(c *Call) {
	if c.Optional {
		p.put("OPTIONAL ")
	}
	p.put("CALL ")
	p.dotted(c.Name)
	if c.HasArgs {
		p.put("(")
		p.exprs(c.Args)
		p.put(")")
	}
	if !c.HasYield {
		return
	}
	p.put(" YIELD ")
	switch {
	case c.YieldAll:
		p.put("*")
	case len(c.Yield) == 0:
		p.put("-")
	}
	list(p, c.Yield, ", ", func(y *YieldItem) {
		p.name(y.Field.Name)
		if y.Alias.Range != y.Field.Range || y.Alias.Name != y.Field.Name {
			p.put(" AS ")
			p.variable(y.Alias)
		}
	})
	p.where(c.Where)
}

func (p *printer) callSubquery(c *CallSubquery) {
	if c.Optional {
		p.put("OPTIONAL ")
	}
	p.put("CALL ")
	if c.Scoped {
		p.put("(")
		if c.ImportAll {
			p.put("*")
		}
		list(p, c.Imports, ", ", p.variable)
		p.put(") ")
	}
	p.put("{ ")
	p.query(c.Query)
	p.put(" }")
	if c.InTransactions != nil {
		p.inTransactions(c.InTransactions)
	}
}

func (p *printer) inTransactions(t *InTransactions) {
	p.put(" IN ")
	if t.Concurrency != nil {
		p.expr(t.Concurrency, precLowest)
		p.put(" ")
	}
	if t.Concurrent {
		p.put("CONCURRENT ")
	}
	p.put("TRANSACTIONS")
	if t.Rows != nil {
		p.put(" OF ")
		p.expr(t.Rows, precLowest)
		p.put(" ROWS")
	}
	switch t.OnError {
	case OnErrorContinue:
		p.put(" ON ERROR CONTINUE")
	case OnErrorBreak:
		p.put(" ON ERROR BREAK")
	}
	if t.Status != nil {
		p.put(" REPORT STATUS AS ")
		p.variable(t.Status)
	}
}

func (p *printer) part(part *PatternPart) {
	if part.Variable != nil {
		p.variable(part.Variable)
		p.put(" = ")
	}
	if part.Function {
		p.put("shortestPath(")
		if part.Selector == AllShortest {
			p.b = p.b[:len(p.b)-len("shortestPath(")]
			p.put("allShortestPaths(")
		}
		list(p, part.Elements, "", p.element)
		p.put(")")
		return
	}
	p.selector(part)
	list(p, part.Elements, "", p.element)
}

func (p *printer) selector(part *PatternPart) {
	switch part.Selector {
	case AllShortest:
		p.put("ALL SHORTEST ")
	case AnyPath:
		p.put("ANY ")
	case AnyShortest, ShortestGroups:
		p.put("SHORTEST ")
	}
	if part.Count != nil {
		p.expr(part.Count, precUnary)
		p.put(" ")
	}
	switch part.Selector {
	case AllPaths:
	case ShortestGroups:
		p.put("GROUPS ")
	default:
		p.put("PATHS ")
	}
}

func (p *printer) element(e PatternElement) {
	switch e := e.(type) {
	case *NodePattern:
		p.put("(")
		p.inside(e.Variable, e.Labels, nil, e.Properties, e.Where)
		p.put(")")
	case *RelPattern:
		p.rel(e)
	case *GroupPattern:
		p.put("(")
		if e.Variable != nil {
			p.variable(e.Variable)
			p.put(" = ")
		}
		list(p, e.Elements, "", p.element)
		p.where(e.Where)
		p.put(")")
		p.quantifier(e.Quantifier)
	}
}

// inside puts what stands between the brackets of a node or relationship.
func (p *printer) inside(v *Variable, labels LabelExpr, length *Length, properties, where Expr) {
	if v != nil {
		p.variable(v)
	}
	if labels != nil {
		p.put(":")
		p.label(labels, labelLowest)
	}
	if length != nil {
		p.length(length)
	}
	if properties != nil {
		p.put(" ")
		p.expr(properties, precPrimary)
	}
	p.where(where)
}

func (p *printer) rel(r *RelPattern) {
	if r.Direction == Left {
		p.put("<")
	}
	p.put("-")
	if r.Variable != nil || r.Types != nil || r.Length != nil || r.Properties != nil || r.Where != nil {
		p.put("[")
		p.inside(r.Variable, r.Types, r.Length, r.Properties, r.Where)
		p.put("]")
	}
	p.put("-")
	if r.Direction == Right {
		p.put(">")
	}
	p.quantifier(r.Quantifier)
}

func (p *printer) length(l *Length) {
	p.put("*")
	if l.Min != NoBound {
		p.int(l.Min)
	}
	if l.Min == l.Max {
		return
	}
	p.put("..")
	if l.Max != NoBound {
		p.int(l.Max)
	}
}

func (p *printer) quantifier(q *Quantifier) {
	if q == nil {
		return
	}
	p.put("{")
	p.int(q.Min)
	if q.Max != q.Min {
		p.put(",")
		if q.Max != NoBound {
			p.int(q.Max)
		}
	}
	p.put("}")
}

// The levels of label expressions, loosest first.
const (
	labelLowest = iota
	labelOr
	labelAnd
	labelPrimary
)

func (p *printer) label(l LabelExpr, level int) {
	switch l := l.(type) {
	case *LabelName:
		p.labelName(l)
	case *LabelAny:
		p.put("%")
	case *LabelNot:
		p.put("!")
		p.label(l.Expr, labelPrimary)
	case *LabelAnd:
		if l.Colon {
			p.labelPair(l.Left, ":", l.Right, labelLowest, labelOr, level)
		} else {
			p.labelPair(l.Left, "&", l.Right, labelAnd, labelPrimary, level)
		}
	case *LabelOr:
		p.labelPair(l.Left, "|", l.Right, labelOr, labelAnd, level)
	}
}

// labelPair puts two label expressions. own is the level of the operator and
// of what may stand on its left, right what may stand on its right.
func (p *printer) labelPair(left LabelExpr, op string, right LabelExpr, own, rightLevel, level int) {
	if own < level {
		p.put("(")
		defer p.put(")")
	}
	p.label(left, own)
	p.put(op)
	p.label(right, rightLevel)
}

func (p *printer) labelName(l *LabelName) {
	if l.Dynamic == nil {
		p.name(l.Name)
		return
	}
	p.put("$")
	if l.AnyOf {
		p.put("any")
	}
	p.put("(")
	p.expr(l.Dynamic, precLowest)
	p.put(")")
}

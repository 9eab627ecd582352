package syntax

// Walk calls visit for a node and, where that returns true, for everything
// below it, in the order of the text.
func Walk(n Node, visit func(Node) bool) {
	if visit(n) {
		Children(n, func(child Node) { Walk(child, visit) })
	}
}

// Children calls visit for each node directly below n, in the order of the
// text. The words between them (Union, Projection) are no nodes; what they
// contain is.
func Children(n Node, visit func(Node)) {
	w := walker{visit}
	switch n := n.(type) {
	case *Statement:
		w.one(n.Body)
	case *Query:
		each(w, n.Parts)
	case *SingleQuery:
		each(w, n.Clauses)
	case Clause:
		w.clause(n)
	case Expr:
		w.expr(n)
	case PatternElement:
		w.element(n)
	case SetItem:
		w.setItem(n)
	default:
		w.rest(n)
	}
}

// tooHigh reports whether a tree is higher than MaxHeight, without going deep
// into it itself.
func tooHigh(root Node) bool {
	level, below := []Node{root}, []Node(nil)
	for height := 0; len(level) > 0; height++ {
		if height > MaxHeight {
			return true
		}
		below = below[:0]
		for _, n := range level {
			Children(n, func(child Node) { below = append(below, child) })
		}
		level, below = below, level
	}
	return false
}

// walker visits what is there of a node.
type walker struct{ visit func(Node) }

// one visits an interface that may be nil.
func (w walker) one(n Node) {
	if n != nil {
		w.visit(n)
	}
}

// each visits a list of nodes.
func each[N Node](w walker, list []N) {
	for _, n := range list {
		w.visit(n)
	}
}

// maybe visits a pointer that may be nil.
func maybe[N any, P interface {
	*N
	Node
}](w walker, n P) {
	if n != nil {
		w.visit(n)
	}
}

func (w walker) clause(c Clause) {
	switch c := c.(type) {
	case *Match:
		each(w, c.Pattern)
		each(w, c.Hints)
		w.one(c.Where)
	case *Unwind:
		w.one(c.List)
		w.one(c.Variable)
	case *With:
		w.projection(&c.Projection)
		w.one(c.Where)
	case *Return:
		w.projection(&c.Projection)
	case *Create:
		each(w, c.Pattern)
	case *Merge:
		w.one(c.Part)
		each(w, c.Actions)
	case *Set:
		each(w, c.Items)
	case *Remove:
		each(w, c.Items)
	case *Delete:
		each(w, c.Exprs)
	case *Call:
		each(w, c.Args)
		each(w, c.Yield)
		w.one(c.Where)
	case *CallSubquery:
		each(w, c.Imports)
		w.one(c.Query)
		maybe(w, c.InTransactions)
	case *Foreach:
		w.one(c.Variable)
		w.one(c.List)
		each(w, c.Clauses)
	case *LoadCSV:
		w.one(c.URL)
		w.one(c.Variable)
		maybe(w, c.Terminator)
	}
}

func (w walker) projection(j *Projection) {
	each(w, j.Items)
	each(w, j.OrderBy)
	w.one(j.Skip)
	w.one(j.Limit)
}

func (w walker) element(e PatternElement) {
	switch e := e.(type) {
	case *NodePattern:
		maybe(w, e.Variable)
		w.one(e.Labels)
		w.one(e.Properties)
		w.one(e.Where)
	case *RelPattern:
		maybe(w, e.Variable)
		w.one(e.Types)
		maybe(w, e.Length)
		w.one(e.Properties)
		w.one(e.Where)
		maybe(w, e.Quantifier)
	case *GroupPattern:
		maybe(w, e.Variable)
		each(w, e.Elements)
		w.one(e.Where)
		maybe(w, e.Quantifier)
	}
}

func (w walker) setItem(s SetItem) {
	switch s := s.(type) {
	case *SetProperty:
		w.one(s.Target)
		w.one(s.Value)
	case *SetProperties:
		w.one(s.Variable)
		w.one(s.Value)
	case *SetLabels:
		w.one(s.Variable)
		each(w, s.Labels)
	}
}

func (w walker) expr(e Expr) {
	switch e := e.(type) {
	case *ListLiteral:
		each(w, e.Items)
	case *MapLiteral:
		each(w, e.Entries)
	case *Property:
		w.one(e.Subject)
		w.one(e.Key)
	case *Index:
		w.one(e.Subject)
		w.one(e.Index)
	case *Slice:
		w.one(e.Subject)
		w.one(e.From)
		w.one(e.To)
	case *Unary:
		w.one(e.Expr)
	case *Binary:
		w.one(e.Left)
		w.one(e.Right)
	case *Chain:
		each(w, e.Operands)
	case *IsNull:
		w.one(e.Expr)
	case *IsTyped:
		w.one(e.Expr)
		w.one(e.Type)
	case *IsNormalized:
		w.one(e.Expr)
	case *LabelTest:
		w.one(e.Subject)
		w.one(e.Labels)
	case *FunctionCall:
		each(w, e.Args)
	default:
		w.compound(e)
	}
}

// compound visits the expressions that bind variables or contain clauses.
func (w walker) compound(e Expr) {
	switch e := e.(type) {
	case *Case:
		w.one(e.Subject)
		each(w, e.Whens)
		w.one(e.Else)
	case *CaseTest:
		w.one(e.Expr)
	case *ListComprehension:
		w.one(e.Variable)
		w.one(e.List)
		w.one(e.Where)
		w.one(e.Result)
	case *PatternComprehension:
		w.one(e.Part)
		w.one(e.Where)
		w.one(e.Result)
	case *PatternExpr:
		w.one(e.Part)
	case *Quantified:
		w.one(e.Variable)
		w.one(e.List)
		w.one(e.Where)
	case *Reduce:
		w.one(e.Accumulator)
		w.one(e.Init)
		w.one(e.Variable)
		w.one(e.List)
		w.one(e.Step)
	case *Subquery:
		w.one(e.Query)
	case *MapProjection:
		w.one(e.Subject)
		each(w, e.Items)
	}
}

// rest visits the parts of clauses and expressions that are nodes of their
// own, and commands.
func (w walker) rest(n Node) {
	switch n := n.(type) {
	case *PatternPart:
		maybe(w, n.Variable)
		w.one(n.Count)
		each(w, n.Elements)
	case *Hint:
		each(w, n.Variables)
		maybe(w, n.Label)
		each(w, n.Keys)
	case *ProjectionItem:
		w.one(n.Expr)
		maybe(w, n.Alias)
	case *SortItem:
		w.one(n.Expr)
	case *MergeAction:
		w.one(n.Set)
	case *RemoveProperty:
		w.one(n.Target)
	case *RemoveLabels:
		w.one(n.Variable)
		each(w, n.Labels)
	case *YieldItem:
		w.one(n.Field)
		w.one(n.Alias)
	case *InTransactions:
		w.one(n.Concurrency)
		w.one(n.Rows)
		maybe(w, n.Status)
	case *MapEntry:
		w.one(n.Key)
		w.one(n.Value)
	case *MapProjectionItem:
		maybe(w, n.Key)
		w.one(n.Value)
	case *When:
		each(w, n.Values)
		w.one(n.Then)
	case *Type:
		maybe(w, n.Element)
		each(w, n.Union)
	case LabelExpr:
		w.label(n)
	case Body:
		w.command(n)
	}
}

func (w walker) label(l LabelExpr) {
	switch l := l.(type) {
	case *LabelName:
		w.one(l.Dynamic)
	case *LabelAnd:
		w.one(l.Left)
		w.one(l.Right)
	case *LabelOr:
		w.one(l.Left)
		w.one(l.Right)
	case *LabelNot:
		w.one(l.Expr)
	}
}

func (w walker) command(b Body) {
	switch b := b.(type) {
	case *CreateIndex:
		maybe(w, b.Name)
		w.target(&b.Target)
		w.one(b.Options)
	case *DropIndex:
		maybe(w, b.Name)
		w.target(b.Target)
	case *CreateConstraint:
		maybe(w, b.Name)
		w.target(&b.Target)
		maybe(w, b.Type)
		w.one(b.Options)
	case *DropConstraint:
		maybe(w, b.Name)
		w.target(b.Target)
	case *Show:
		for _, e := range b.IDs {
			w.one(e)
		}
		if b.Yield != nil {
			w.projection(b.Yield)
		}
		w.one(b.Where)
		maybe(w, b.Return)
	}
}

func (w walker) target(t *SchemaTarget) {
	if t == nil {
		return
	}
	maybe(w, t.Variable)
	each(w, t.Labels)
	each(w, t.Keys)
}

package bind

import (
	"slices"

	"github.com/pocketgraph/pocketgraph/cypher/syntax"
)

// clause binds a clause in scope s and returns the scope of the next one: s
// itself with more in it, or after WITH a new one.
func (b *binder) clause(c syntax.Clause, s *scope) (Clause, *scope) {
	in := s.visible()
	var bound Clause
	next := s
	switch c := c.(type) {
	case *syntax.Match:
		bound = b.match(c, s)
	case *syntax.Unwind:
		bound = b.unwind(c, s)
	case *syntax.With:
		bound, next = b.with(c, s)
	case *syntax.Return:
		bound, next = b.returns(c, s)
	case *syntax.Create:
		bound = b.create(c, s)
	case *syntax.Merge:
		bound = b.merge(c, s)
	case *syntax.Set:
		b.setItems(c.Items, s)
		bound = &Set{Syntax: c}
	case *syntax.Remove:
		b.removeItems(c.Items, s)
		bound = &Remove{Syntax: c}
	case *syntax.Delete:
		bound = b.delete(c, s)
	default:
		bound = b.otherClause(c, s)
	}
	scopes := bound.Scopes()
	scopes.In, scopes.Out = in, next.visible()
	return bound, next
}

func (b *binder) otherClause(c syntax.Clause, s *scope) Clause {
	switch c := c.(type) {
	case *syntax.Call:
		return b.call(c, s)
	case *syntax.CallSubquery:
		return b.callSubquery(c, s)
	case *syntax.Foreach:
		return b.foreach(c, s)
	case *syntax.LoadCSV:
		return b.loadCSV(c, s)
	}
	return &Finish{Syntax: c.(*syntax.Finish)}
}

func (b *binder) match(c *syntax.Match, s *scope) Clause {
	m := &Match{Syntax: c}
	p := patternBinder{binder: b, scope: s}
	for _, part := range c.Pattern {
		m.Paths = append(m.Paths, p.path(part))
	}
	p.conditions(m.Paths)
	for _, h := range c.Hints {
		for _, v := range h.Variables {
			b.use(s, v)
		}
	}
	b.where(c.Where, s)
	return m
}

// where binds a condition, which may be nil.
func (b *binder) where(e syntax.Expr, s *scope) {
	if e != nil {
		b.condition(e, s)
	}
}

func (b *binder) unwind(c *syntax.Unwind, s *scope) Clause {
	t := b.expr(c.List, s)
	return &Unwind{Syntax: c, Var: b.declare(s, c.Variable, t.Elem())}
}

func (b *binder) delete(c *syntax.Delete, s *scope) Clause {
	for _, e := range c.Exprs {
		if _, ok := e.(*syntax.LabelTest); ok {
			b.fail(e, invalidDelete, "DELETE takes nodes, relationships and paths; labels are taken away by REMOVE")
			continue
		}
		b.wantType(e, b.expr(e, s), Takes(NodeBase, RelBase, PathBase), "DELETE")
	}
	return &Delete{Syntax: c}
}

func (b *binder) setItems(items []syntax.SetItem, s *scope) {
	for _, item := range items {
		switch item := item.(type) {
		case *syntax.SetProperty:
			b.propertyTarget(item.Target, s)
			b.checkStorable(item.Value, b.expr(item.Value, s))
		case *syntax.SetProperties:
			b.element(item.Variable, s, Takes(NodeBase, RelBase))
			b.wantType(item.Value, b.expr(item.Value, s), Takes(MapBase, NodeBase, RelBase), "SET")
		case *syntax.SetLabels:
			b.element(item.Variable, s, Takes(NodeBase))
			b.labelExprs(item.Labels, s)
		}
	}
}

func (b *binder) removeItems(items []syntax.RemoveItem, s *scope) {
	for _, item := range items {
		switch item := item.(type) {
		case *syntax.RemoveProperty:
			b.propertyTarget(item.Target, s)
		case *syntax.RemoveLabels:
			b.element(item.Variable, s, Takes(NodeBase))
			b.labelExprs(item.Labels, s)
		}
	}
}

// element uses a variable that has to be an element of the graph.
func (b *binder) element(v *syntax.Variable, s *scope, want Accepts) {
	b.wantType(v, b.use(s, v).Type, want, v.Name)
}

// labelExprs binds the computed ones of a list of labels.
func (b *binder) labelExprs(labels []*syntax.LabelName, s *scope) {
	for _, l := range labels {
		b.labels(l, s)
	}
}

// propertyTarget binds n.key or n[key] where a property is written.
func (b *binder) propertyTarget(e syntax.Expr, s *scope) {
	var subject syntax.Expr
	switch e := e.(type) {
	case *syntax.Property:
		subject = e.Subject
	case *syntax.Index:
		subject = e.Subject
		b.expr(e.Index, s)
	}
	b.wantType(subject, b.expr(subject, s), Takes(NodeBase, RelBase), "a property to be written")
}

// checkStorable refuses what cannot be a property.
func (b *binder) checkStorable(e syntax.Expr, t Type) {
	switch t.Base {
	case MapBase, NodeBase, RelBase, PathBase:
		b.failAs(typeError, e, invalidPropertyType, "a property cannot hold a value of type "+t.String())
	}
}

func (b *binder) foreach(c *syntax.Foreach, s *scope) Clause {
	t := b.expr(c.List, s)
	b.wantType(c.List, t, Lists, "FOREACH")
	inner := newScope(s)
	f := &Foreach{Syntax: c, Var: b.declare(inner, c.Variable, t.Elem())}
	for _, clause := range c.Clauses {
		bound, next := b.clause(clause, inner)
		if !writes(bound) {
			b.fail(clause, invalidComposition, "FOREACH takes only clauses that write, not "+clauseName(clause))
		}
		f.Clauses = append(f.Clauses, bound)
		inner = next
	}
	return f
}

func (b *binder) loadCSV(c *syntax.LoadCSV, s *scope) Clause {
	b.stmt.Waits = true
	b.wantType(c.URL, b.expr(c.URL, s), Takes(String), "LOAD CSV")
	t := ListOf(Of(String))
	if c.Headers {
		t = Of(MapBase)
	}
	l := &LoadCSV{Syntax: c, Var: b.declare(s, c.Variable, t)}
	l.Line, l.File = b.place(s, "linenumber", Of(Integer), c), b.place(s, "file", Of(String), c)
	return l
}

// place makes the variable behind linenumber() or file(): it is visible where
// what LOAD CSV reads is, under a name that nobody can write.
func (b *binder) place(s *scope, name string, t Type, c *syntax.LoadCSV) *Var {
	v := b.generated(name, t, c.Pos)
	s.add(v)
	s.byName[v.Name] = v
	return v
}

func (b *binder) callSubquery(c *syntax.CallSubquery, s *scope) Clause {
	r := &CallSubquery{Syntax: c}
	if c.Scoped {
		r.Query = b.query(c.Query, b.imports(c, s), scopedCall)
	} else {
		r.Query = b.query(c.Query, s, importingCall)
	}
	r.Imports = r.Query.Outer
	for _, part := range r.Query.Parts {
		if len(part.Clauses) > 0 {
			b.checkAliases(part.Clauses[len(part.Clauses)-1])
		}
	}
	for _, inner := range r.Query.Parts[0].Results {
		if s.byName[inner.Name] != nil {
			b.fail(c, alreadyBound, "the subquery returns "+inner.Name+", which is already bound outside")
		}
		v := b.newVar(inner.Name, inner.Type, inner.Pos)
		s.add(v)
		r.Results = append(r.Results, v)
	}
	b.inTransactions(c.InTransactions, r, s)
	return r
}

// imports is the scope of what the parentheses of a CALL subquery name.
func (b *binder) imports(c *syntax.CallSubquery, s *scope) *scope {
	if c.ImportAll {
		return s
	}
	named := newScope(nil)
	for _, v := range c.Imports {
		outside := b.use(s, v)
		if slices.Contains(named.list, outside) {
			b.fail(v, alreadyBound, "the variable "+v.Name+" is imported twice")
		}
		named.add(outside)
	}
	return named
}

// checkAliases checks that a RETURN names its columns by itself.
func (b *binder) checkAliases(last Clause) {
	r, ok := last.(*Return)
	if !ok {
		return
	}
	for _, item := range r.Syntax.Items {
		if _, isVariable := item.Expr.(*syntax.Variable); item.Alias == nil && !isVariable {
			b.fail(item, noExpressionAlias, "an expression a subquery returns needs a name")
			b.hint("add AS name")
		}
	}
}

func (b *binder) inTransactions(t *syntax.InTransactions, r *CallSubquery, s *scope) {
	if t == nil {
		return
	}
	if b.nested > 0 {
		b.fail(t, invalidComposition, "CALL IN TRANSACTIONS stands in no subquery")
	}
	b.inBatches, b.stmt.Waits = true, true
	b.constant(t.Concurrency, "IN CONCURRENT TRANSACTIONS")
	b.constant(t.Rows, "IN TRANSACTIONS OF")
	if t.Status != nil {
		r.Status = b.declare(s, t.Status, Of(MapBase))
	}
}

func (b *binder) call(c *syntax.Call, s *scope) Clause {
	r := &Call{Syntax: c, Procedure: b.catalog.Procedure(c.Name), Where: c.Where}
	if r.Procedure == nil {
		b.failAs(procedureError, c.NameRange, procedureNotFound, "there is no procedure "+c.Name)
		b.suggest(c.Name, b.catalog.Names(true))
		return r
	}
	if c.HasArgs {
		b.procedureArgs(c, r, s)
	} else {
		b.implicitArgs(c, r)
	}
	b.yields(c, r, s)
	b.where(c.Where, s)
	return r
}

func (b *binder) procedureArgs(c *syntax.Call, r *Call, s *scope) {
	r.Args = c.Args
	fields := r.Procedure.Args
	required := 0
	for _, f := range fields {
		if !f.Optional {
			required++
		}
	}
	if len(c.Args) < required || len(c.Args) > len(fields) {
		b.fail(c, invalidNumberOfArgs, "the procedure "+c.Name+" takes "+counts(required, len(fields))+", here are "+number(len(c.Args)))
		return
	}
	for i, e := range c.Args {
		b.wantType(e, b.expr(e, s), fields[i].Accepts, "the argument "+fields[i].Name+" of "+c.Name)
	}
}

// implicitArgs makes the parameters a call without parentheses takes.
func (b *binder) implicitArgs(c *syntax.Call, r *Call) {
	if !c.Standalone {
		b.fail(c.NameRange, invalidArgumentPassing, "a procedure call inside a query needs its arguments in parentheses")
		return
	}
	for _, f := range r.Procedure.Args {
		if !f.Optional {
			r.Args = append(r.Args, &syntax.Parameter{Range: c.NameRange, Name: f.Name})
		}
	}
}

// yields declares the columns a call brings into scope.
func (b *binder) yields(c *syntax.Call, r *Call, s *scope) {
	if c.YieldAll && !c.Standalone {
		b.fail(c, unexpectedSyntax, "YIELD * is for calls that stand alone: name the columns")
	}
	if c.YieldAll || c.Standalone && !c.HasYield {
		for i, f := range r.Procedure.Results {
			if !f.Hidden {
				v := b.newVar(f.Name, f.Type, c.Pos)
				s.add(v)
				r.Yields = append(r.Yields, Yield{i, v})
			}
		}
		return
	}
	for _, y := range c.Yield {
		i := slices.IndexFunc(r.Procedure.Results, func(f Field) bool { return f.Name == y.Field.Name })
		if i < 0 {
			b.fail(y.Field, undefinedVariable, "the procedure "+c.Name+" has no column "+y.Field.Name)
			b.suggest(y.Field.Name, fieldNames(r.Procedure.Results))
			return
		}
		r.Yields = append(r.Yields, Yield{i, b.declare(s, y.Alias, r.Procedure.Results[i].Type)})
	}
}

func fieldNames(fields []Field) []string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Name
	}
	return names
}

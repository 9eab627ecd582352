package bind

import "github.com/pocketgraph/pocketgraph/cypher/syntax"

// Patterns that are created: CREATE and MERGE. Elements are made in the order
// of the text, so an expression sees what comes before it only.

func (b *binder) create(c *syntax.Create, s *scope) Clause {
	r := &Create{Syntax: c}
	for _, part := range c.Pattern {
		r.Paths = append(r.Paths, b.createdPath(part, s, false))
	}
	return r
}

func (b *binder) merge(c *syntax.Merge, s *scope) Clause {
	r := &Merge{Syntax: c, Path: b.createdPath(c.Part, s, true)}
	for _, a := range c.Actions {
		b.setItems(a.Set.Items, s)
		if a.OnCreate {
			r.OnCreate = append(r.OnCreate, a.Set.Items...)
		} else {
			r.OnMatch = append(r.OnMatch, a.Set.Items...)
		}
	}
	return r
}

// createdPath binds one path of CREATE or MERGE.
func (b *binder) createdPath(part *syntax.PatternPart, s *scope, merge bool) *Path {
	r := &Path{Syntax: part}
	if part.Function || part.Selector != syntax.AllPaths {
		b.fail(part, unexpectedSyntax, "a shortest path can only be searched for")
	}
	for _, e := range part.Elements {
		switch e := e.(type) {
		case *syntax.NodePattern:
			r.Elements = append(r.Elements, b.createdNode(e, s, merge, len(part.Elements) == 1))
		case *syntax.RelPattern:
			r.Elements = append(r.Elements, b.createdRel(e, s, merge))
		default:
			b.fail(e, unexpectedSyntax, "a group can only be searched for")
		}
	}
	if part.Variable != nil {
		r.Var = b.declare(s, part.Variable, Of(PathBase))
	}
	return r
}

// createdNode binds a node. One that is bound already is only an end of a
// relationship: nothing can be said of it.
func (b *binder) createdNode(e *syntax.NodePattern, s *scope, merge, alone bool) *Node {
	n := &Node{Syntax: e}
	if _, ok := syntax.WrittenLabels(e.Labels); !ok {
		b.fail(e.Labels, unexpectedSyntax, "a node is created with a list of labels: :A:B")
	}
	if e.Where != nil {
		b.fail(e.Where, unexpectedSyntax, "WHERE has no place in a pattern that is created")
	}
	if e.Variable == nil {
		b.createdProperties(e.Properties, s, merge)
		b.labels(e.Labels, s)
		n.Var = b.generated("node", Of(NodeBase), e.Pos)
		s.add(n.Var)
		return n
	}
	if v := s.find(e.Variable.Name); v != nil {
		b.stmt.vars[e.Variable] = v
		p := patternBinder{binder: b, scope: s}
		p.checkElement(e.Variable, v, Of(NodeBase))
		if alone || e.Labels != nil || e.Properties != nil {
			b.fail(e.Variable, alreadyBound, "the variable "+v.Name+" is already bound and cannot be created again")
		}
		n.Var, n.Bound = v, true
		return n
	}
	b.createdProperties(e.Properties, s, merge)
	b.labels(e.Labels, s)
	n.Var = b.declare(s, e.Variable, Of(NodeBase))
	return n
}

// createdRel binds a relationship, which is always new.
func (b *binder) createdRel(e *syntax.RelPattern, s *scope, merge bool) *Rel {
	r := &Rel{Syntax: e}
	if e.Variable != nil && s.find(e.Variable.Name) != nil {
		b.fail(e.Variable, alreadyBound, "the variable "+e.Variable.Name+" is already bound and cannot be created again")
	}
	names, plain := syntax.TypeNames(e.Types)
	_, single := e.Types.(*syntax.LabelName)
	switch {
	case e.Length != nil || e.Quantifier != nil:
		b.fail(e, creatingVarLength, "a relationship that is created has one step: it takes no length")
	case !single || plain && len(names) != 1:
		b.fail(e, noSingleType, "a relationship that is created has exactly one type")
		b.hint("write -[:TYPE]->")
	case e.Direction == syntax.Both && !merge:
		b.fail(e, requiresDirection, "a relationship that is created has one direction: --> or <--")
	case e.Where != nil:
		b.fail(e.Where, unexpectedSyntax, "WHERE has no place in a pattern that is created")
	}
	b.createdProperties(e.Properties, s, merge)
	b.labels(e.Types, s)
	if e.Variable == nil {
		r.Var = b.generated("relationship", Of(RelBase), e.Pos)
		s.add(r.Var)
		return r
	}
	r.Var = b.declare(s, e.Variable, Of(RelBase))
	return r
}

// createdProperties binds the properties of a new element. MERGE searches by
// them too, so it has to know which they are.
func (b *binder) createdProperties(e syntax.Expr, s *scope, merge bool) {
	if merge {
		p := patternBinder{binder: b, scope: s}
		p.matchedProperties(e)
		return
	}
	switch e := e.(type) {
	case *syntax.MapLiteral:
		for _, entry := range e.Entries {
			b.checkStorable(entry.Value, b.expr(entry.Value, s))
		}
	case *syntax.Parameter:
		b.expr(e, s)
	}
}

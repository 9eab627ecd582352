package bind

import "github.com/pocketgraph/pocketgraph/cypher/syntax"

// patternBinder binds the patterns of one MATCH, or of one pattern in an
// expression.
type patternBinder struct {
	*binder
	scope *scope
	// closed patterns bring no names into scope: pattern predicates.
	closed bool
	// rels are the relationships named in this clause so far.
	rels map[*Var]bool
}

// path declares the variables of a part. What stands inside its elements is
// left to conditions, since it may name what comes later.
func (p *patternBinder) path(part *syntax.PatternPart) *Path {
	r := &Path{Syntax: part}
	r.Elements = p.elements(part.Elements)
	if part.Function && !isSingleHop(part) {
		p.fail(part, unexpectedSyntax, "a shortest path goes along one relationship pattern: shortestPath((a)-[*]->(b))")
	}
	if part.Variable != nil {
		r.Var = p.pathVar(part.Variable)
	}
	if part.Count != nil {
		p.constant(part.Count, "SHORTEST")
	}
	return r
}

// isSingleHop reports whether a part is a node, a relationship and a node.
func isSingleHop(part *syntax.PatternPart) bool {
	if len(part.Elements) != 3 {
		return false
	}
	_, ok := part.Elements[1].(*syntax.RelPattern)
	return ok
}

// pathVar declares the variable of a path, which must be new.
func (p *patternBinder) pathVar(name *syntax.Variable) *Var {
	if p.scope.find(name.Name) != nil {
		p.fail(name, alreadyBound, "the variable "+name.Name+" is already bound")
	}
	return p.declare(p.scope, name, Of(PathBase))
}

func (p *patternBinder) elements(list []syntax.PatternElement) []Element {
	elements := make([]Element, 0, len(list))
	for _, e := range list {
		switch e := e.(type) {
		case *syntax.NodePattern:
			n := &Node{Syntax: e}
			n.Var, n.Bound = p.elementVar(e.Variable, "node", Of(NodeBase), e.Pos)
			elements = append(elements, n)
		case *syntax.RelPattern:
			elements = append(elements, p.rel(e))
		case *syntax.GroupPattern:
			elements = append(elements, p.group(e)...)
		}
	}
	return elements
}

// elementVar finds or makes the variable of an element.
func (p *patternBinder) elementVar(name *syntax.Variable, kind string, t Type, pos int) (v *Var, bound bool) {
	if name == nil {
		v := p.generated(kind, t, pos)
		p.scope.add(v)
		return v, false
	}
	v = p.scope.find(name.Name)
	switch {
	case v != nil:
		p.stmt.vars[name] = v
		p.checkElement(name, v, t)
		return v, true
	case p.closed:
		return p.use(p.scope, name), true
	}
	return p.declare(p.scope, name, t), false
}

// checkElement checks that a bound variable can be the element it stands for.
func (p *patternBinder) checkElement(name *syntax.Variable, v *Var, t Type) {
	fits := v.Type == t || !v.Type.Known()
	if t.IsList() && v.Type.IsList() {
		fits = fits || !v.Type.Elem().Known()
	}
	if !fits {
		p.fail(name, typeConflict, "the variable "+name.Name+" is a "+v.Type.String()+" already and cannot be a "+t.String()+" here")
	}
}

// rel binds a relationship. One with a quantifier becomes a group.
func (p *patternBinder) rel(e *syntax.RelPattern) Element {
	if e.Quantifier != nil || e.Length != nil && e.Where != nil {
		return p.quantifiedRel(e)
	}
	t := Of(RelBase)
	if e.Length != nil {
		t = ListOf(t)
	}
	r := &Rel{Syntax: e}
	r.Var, r.Bound = p.elementVar(e.Variable, "relationship", t, e.Pos)
	if p.rels[r.Var] && r.Var.Type == t {
		p.fail(e, relationshipTwice, "the relationship "+r.Var.Name+" stands twice in one pattern")
	}
	if p.rels == nil {
		p.rels = map[*Var]bool{}
	}
	p.rels[r.Var] = true
	return r
}

// quantifiedRel makes a group of -[r]->+ and of -[r* WHERE r.key = 1]-> , whose
// condition is about each relationship.
func (p *patternBinder) quantifiedRel(e *syntax.RelPattern) Element {
	inner := p.inner()
	left := &Node{Var: p.generated("node", Of(NodeBase), e.Pos)}
	right := &Node{Var: p.generated("node", Of(NodeBase), e.Pos)}
	one := *e
	one.Length, one.Quantifier = nil, nil
	r := &Rel{Syntax: &one}
	r.Var, r.Bound = inner.elementVar(e.Variable, "relationship", Of(RelBase), e.Pos)
	if r.Bound {
		p.fail(e, alreadyBound, "the variable "+r.Var.Name+" is already bound and cannot be repeated")
	}
	g := &Group{Quantifier: times(e), Path: &Path{Elements: []Element{left, r, right}}}
	inner.conditions([]*Path{g.Path})
	g.Lists = p.lists(inner.scope)
	return g
}

// times is how often a relationship is repeated.
func times(e *syntax.RelPattern) *syntax.Quantifier {
	if e.Quantifier != nil {
		return e.Quantifier
	}
	q := &syntax.Quantifier{Range: e.Length.Range, Min: e.Length.Min, Max: e.Length.Max}
	if q.Min == syntax.NoBound {
		q.Min = 1
	}
	return q
}

// inner is a binder for what is inside a repeated group.
func (p *patternBinder) inner() *patternBinder {
	return &patternBinder{binder: p.binder, scope: newScope(p.scope), closed: p.closed}
}

// group binds a path in parentheses. Without a quantifier its elements are
// simply part of the path.
func (p *patternBinder) group(e *syntax.GroupPattern) []Element {
	if e.Quantifier == nil {
		g := &Group{Syntax: e, Where: e.Where, Path: &Path{Elements: p.elements(e.Elements)}}
		if e.Variable != nil {
			g.Path.Var = p.pathVar(e.Variable)
		}
		return []Element{g}
	}
	if len(e.Elements) == 1 {
		p.fail(e, unexpectedSyntax, "a repeated group needs a relationship")
	}
	inner := p.inner()
	g := &Group{Syntax: e, Quantifier: e.Quantifier, Where: e.Where, Path: &Path{}}
	g.Path.Elements = inner.elements(e.Elements)
	if e.Variable != nil {
		g.Path.Var = inner.pathVar(e.Variable)
	}
	inner.conditions([]*Path{g.Path})
	p.where(e.Where, inner.scope)
	g.Lists = p.lists(inner.scope)
	return []Element{g}
}

// lists declares, outside, the lists of what a repeated group binds.
func (p *patternBinder) lists(inner *scope) []GroupList {
	var lists []GroupList
	for _, each := range inner.list {
		if each.Anonymous {
			continue
		}
		all := p.newVar(each.Name, ListOf(each.Type), each.Pos)
		p.scope.add(all)
		lists = append(lists, GroupList{each, all})
	}
	return lists
}

// conditions binds what stands inside the elements of paths: labels,
// properties, WHERE.
func (p *patternBinder) conditions(paths []*Path) {
	for _, path := range paths {
		for _, e := range path.Elements {
			switch e := e.(type) {
			case *Node:
				p.nodeConditions(e)
			case *Rel:
				p.relConditions(e)
			case *Group:
				if e.Quantifier == nil {
					p.conditions([]*Path{e.Path})
					p.where(e.Where, p.scope)
				}
			}
		}
	}
}

func (p *patternBinder) nodeConditions(n *Node) {
	if n.Syntax == nil {
		return
	}
	p.labels(n.Syntax.Labels, p.scope)
	p.matchedProperties(n.Syntax.Properties)
	p.where(n.Syntax.Where, p.scope)
}

func (p *patternBinder) relConditions(r *Rel) {
	p.labels(r.Syntax.Types, p.scope)
	p.matchedProperties(r.Syntax.Properties)
	p.where(r.Syntax.Where, p.scope)
}

// matchedProperties binds the properties a pattern asks for. Which they are
// must be known at compile time.
func (p *patternBinder) matchedProperties(e syntax.Expr) {
	if _, ok := e.(*syntax.Parameter); ok {
		p.fail(e, invalidParameterUse, "a parameter cannot stand for all properties in a pattern that is searched for")
		p.hint("name the properties: {key: $parameter.key}")
		return
	}
	if e != nil {
		p.expr(e, p.scope)
	}
}

// labels binds the computed labels of a label expression, which may be nil.
func (b *binder) labels(l syntax.LabelExpr, s *scope) {
	switch l := l.(type) {
	case *syntax.LabelName:
		if l.Dynamic != nil {
			b.expr(l.Dynamic, s)
		}
	case *syntax.LabelAnd:
		b.labels(l.Left, s)
		b.labels(l.Right, s)
	case *syntax.LabelOr:
		b.labels(l.Left, s)
		b.labels(l.Right, s)
	case *syntax.LabelNot:
		b.labels(l.Expr, s)
	}
}

package bind

import (
	"slices"

	"github.com/pocketgraph/pocketgraph/cypher/syntax"
)

// scope is what names stand for at one place. Scopes nest: a comprehension's
// in the clause's, a subquery's in that of the place where it stands.
type scope struct {
	outer  *scope
	list   []*Var          // declared here, in order; grows at the end only
	byName map[string]*Var // of list, but for anonymous ones
	border *Query          // outer is outside this query: what is found there is its Outer
}

func newScope(outer *scope) *scope { return &scope{outer: outer, byName: map[string]*Var{}} }

// find finds a name here or further out.
func (s *scope) find(name string) *Var {
	if s == nil {
		return nil
	}
	if v := s.byName[name]; v != nil {
		return v
	}
	v := s.outer.find(name)
	if v != nil && s.border != nil && !slices.Contains(s.border.Outer, v) {
		s.border.Outer = append(s.border.Outer, v)
	}
	return v
}

// add makes a variable visible.
func (s *scope) add(v *Var) {
	s.list = append(s.list, v)
	if !v.Anonymous {
		s.byName[v.Name] = v
	}
}

// visible is a copy-free view of what is declared here so far.
func (s *scope) visible() []*Var { return s.list[:len(s.list):len(s.list)] }

// names lists every name that can be seen.
func (s *scope) names() []string {
	var names []string
	for ; s != nil; s = s.outer {
		for _, v := range s.list {
			if !v.Anonymous {
				names = append(names, v.Name)
			}
		}
	}
	return names
}

// newVar makes a variable of the statement, visible nowhere yet.
func (b *binder) newVar(name string, t Type, pos int) *Var {
	v := &Var{ID: len(b.stmt.Vars), Name: name, Type: t, Pos: pos}
	b.stmt.Vars = append(b.stmt.Vars, v)
	return v
}

// generated makes a variable no user named.
func (b *binder) generated(kind string, t Type, pos int) *Var {
	v := b.newVar(" "+kind, t, pos)
	v.Anonymous = true
	return v
}

// declare makes a new variable visible in s. The name must not be bound in
// this part of the query.
func (b *binder) declare(s *scope, name *syntax.Variable, t Type) *Var {
	if s.byName[name.Name] != nil {
		b.fail(name, alreadyBound, "the variable "+name.Name+" is already bound")
	}
	v := b.newVar(name.Name, t, name.Pos)
	b.stmt.vars[name] = v
	s.add(v)
	return v
}

// use resolves a name where it is used. It never returns nil.
func (b *binder) use(s *scope, name *syntax.Variable) *Var {
	v := s.find(name.Name)
	if v == nil {
		b.fail(name, undefinedVariable, "the variable "+name.Name+" is not defined")
		b.suggest(name.Name, s.names())
		if b.wasDeclared(name.Name) {
			b.hint(name.Name + " is not visible here: pass it on, by WITH " + name.Name + " or CALL (" + name.Name + ")")
		}
		v = &Var{Name: name.Name}
	}
	b.stmt.vars[name] = v
	return v
}

// wasDeclared reports whether a name was bound anywhere so far.
func (b *binder) wasDeclared(name string) bool {
	return slices.ContainsFunc(b.stmt.Vars, func(v *Var) bool { return !v.Anonymous && v.Name == name })
}

package bind

import (
	"strconv"

	"github.com/pocketgraph/pocketgraph/cypher/syntax"
)

// Print shows what was bound: a line per clause, each variable as name#ID,
// with ! where an element of a pattern was bound before. It is a function, not
// a String method: the linker keeps those of every type that meets an
// interface, and the page's module never prints a bound tree.
func Print(s *Statement) string {
	p := printer{stmt: s}
	switch {
	case s.Query != nil:
		p.query(s.Query, "")
	case s.Show != nil:
		p.line("", "Show "+p.columns(s.Show.Yield.Items))
	default:
		p.line("", syntax.Print(s.Syntax.Body))
	}
	return string(p.b)
}

// printer collects the lines.
type printer struct {
	stmt *Statement
	b    []byte
}

func (p *printer) line(indent, text string) {
	p.b = append(append(append(p.b, indent...), text...), '\n')
}

// name is a variable as it is shown.
func name(v *Var) string {
	if v == nil {
		return ""
	}
	return v.Name + "#" + strconv.Itoa(v.ID)
}

func names(list []*Var) string {
	text := ""
	for _, v := range list {
		text += " " + name(v)
	}
	return text
}

func (p *printer) query(q *Query, indent string) {
	for i, part := range q.Parts {
		if i > 0 {
			p.line(indent, "Union")
		}
		for _, c := range part.Clauses {
			p.clause(c, indent)
		}
	}
}

func (p *printer) clause(c Clause, indent string) {
	switch c := c.(type) {
	case *Match:
		p.line(indent, "Match"+p.paths(c.Paths))
	case *Create:
		p.line(indent, "Create"+p.paths(c.Paths))
	case *Merge:
		p.line(indent, "Merge"+p.paths([]*Path{c.Path}))
	case *Unwind:
		p.line(indent, "Unwind "+name(c.Var)+" "+c.Var.Type.String())
	case *With:
		p.line(indent, "With"+p.projection(&c.Projection))
	case *Return:
		p.line(indent, "Return"+p.projection(&c.Projection))
	case *Call:
		p.line(indent, "Call "+c.Procedure.Name+p.yields(c.Yields))
	case *CallSubquery:
		p.line(indent, "CallSubquery imports"+names(c.Imports)+" results"+names(c.Results))
		p.query(c.Query, indent+"  ")
	case *Foreach:
		p.line(indent, "Foreach "+name(c.Var)+" "+c.Var.Type.String())
		for _, inner := range c.Clauses {
			p.clause(inner, indent+"  ")
		}
	case *LoadCSV:
		p.line(indent, "LoadCSV "+name(c.Var)+" "+c.Var.Type.String())
	default:
		p.line(indent, clauseName(syntaxOf(c)))
	}
}

// syntaxOf is the clause that was bound, of the kinds that show nothing more.
func syntaxOf(c Clause) syntax.Clause {
	switch c := c.(type) {
	case *Set:
		return c.Syntax
	case *Remove:
		return c.Syntax
	case *Delete:
		return c.Syntax
	}
	return c.(*Finish).Syntax
}

func (p *printer) yields(list []Yield) string {
	text := ""
	for _, y := range list {
		text += " " + name(y.Var)
	}
	return text
}

func (p *printer) paths(paths []*Path) string {
	text := ""
	for i, path := range paths {
		if i > 0 {
			text += ","
		}
		text += " "
		if path.Var != nil {
			text += name(path.Var) + " = "
		}
		text += p.elements(path.Elements)
	}
	return text
}

func (p *printer) elements(list []Element) string {
	text := ""
	for _, e := range list {
		switch e := e.(type) {
		case *Node:
			text += "(" + bound(e.Var, e.Bound) + ")"
		case *Rel:
			text += "-[" + bound(e.Var, e.Bound) + "]-"
		case *Group:
			text += "{" + p.elements(e.Path.Elements) + "}"
			for _, l := range e.Lists {
				text += "[" + name(l.All) + " of " + name(l.Each) + "]"
			}
		}
	}
	return text
}

func bound(v *Var, before bool) string {
	if before {
		return name(v) + "!"
	}
	return name(v)
}

func (p *printer) projection(j *Projection) string {
	text := ""
	if j.Distinct {
		text += " distinct"
	}
	if j.Aggregated {
		text += " keys" + p.columns(j.Keys) + " aggregates"
		for _, a := range j.Aggregates {
			text += " " + name(a.Var)
		}
	}
	text += " items" + p.columns(j.Items)
	for i, o := range j.OrderBy {
		if i == 0 {
			text += " order"
		}
		text += " " + p.expr(o.Expr)
	}
	return text
}

func (p *printer) columns(items []*Item) string {
	text := ""
	for _, item := range items {
		text += " " + name(item.Var)
		if _, isVariable := item.Expr.(*syntax.Variable); !isVariable {
			text += "=" + p.expr(item.Expr)
		}
	}
	return text
}

// expr shows an expression and the parts of it that are computed already.
func (p *printer) expr(e syntax.Expr) string {
	if v := p.stmt.Computed(e); v != nil {
		return name(v)
	}
	text := "`" + syntax.Print(e) + "`"
	syntax.Walk(e, func(n syntax.Node) bool {
		part, ok := n.(syntax.Expr)
		if !ok {
			return true
		}
		if v := p.stmt.Computed(part); v != nil {
			text += "<" + name(v) + ">"
			return false
		}
		return true
	})
	return text
}

package cypher

import (
	"slices"
	"strings"

	"github.com/pocketgraph/pocketgraph/cypher/bind"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
)

// Dependencies are what can change the answer to a statement that reads. Where
// none of it is touched the answer stays, but for functions that give another
// value at each call.
type Dependencies struct {
	Everything bool // no telling: it calls a procedure, or lists the schema
	Nodes      bool // which nodes there are, whatever their labels
	AllLabels  bool // the labels of nodes, whichever
	AllTypes   bool // which relationships there are, whatever their type
	AllKeys    bool // properties, whatever their key

	Labels []string // which nodes have them
	Types  []string // which relationships there are of them
	Keys   []string // properties of nodes and relationships
}

// Dependencies finds what the answer depends on. What holds an element may show
// all of it; names of elements that are only passed on, looked up a property in,
// counted or compared with each other show nothing else.
//
// A node can be met only by a label, by being one of all, or at the end of a
// relationship; so for a pattern with a relationship that must be there the
// relationship's type is enough.
func (s *Statement) Dependencies() *Dependencies {
	d := &depends{bound: s.bound, plain: map[*bind.Var]bool{}}
	if s.bound.Query == nil || s.Writes() {
		d.Everything = true
		return &d.Dependencies
	}
	d.look(s.bound.Syntax.Body)
	for _, list := range []*[]string{&d.Labels, &d.Types, &d.Keys} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	return &d.Dependencies
}

type depends struct {
	Dependencies
	bound *bind.Statement
	plain map[*bind.Var]bool // variables without an element in them
	shown int                // how many elements were shown so far
}

// look takes in a node of the tree. A variable that it meets is shown whole.
func (d *depends) look(n syntax.Node) {
	switch n := n.(type) {
	case *syntax.Call, *syntax.LoadCSV:
		d.Everything = true
	case *syntax.Variable:
		if d.mayHold(n) {
			d.show()
		}
	case *syntax.With:
		d.projection(&n.Projection, true)
		d.maybe(n.Where)
	case *syntax.Return:
		if n.Star {
			d.show()
		}
		d.projection(&n.Projection, false)
	case *syntax.Unwind:
		d.each(n.List, n.Variable)
	case *syntax.CallSubquery:
		d.look(n.Query) // what it imports shows where it is used
	case *syntax.Hint:
	case *syntax.PatternPart:
		d.pattern(n.Elements)
	case *syntax.ListComprehension:
		d.each(n.List, n.Variable)
		d.maybe(n.Where)
		d.maybe(n.Result)
	case *syntax.Quantified:
		d.each(n.List, n.Variable)
		d.maybe(n.Where)
	case syntax.LabelExpr:
		d.labels(n)
	case *syntax.Property:
		d.Keys = append(d.Keys, n.Key.Name)
		d.through(n.Subject)
	case *syntax.Index:
		if at, ok := n.Index.(*syntax.StringLiteral); ok {
			d.Keys = append(d.Keys, at.Value)
		} else {
			d.AllKeys = d.AllKeys || d.holds(n.Subject)
		}
		if v, ok := n.Subject.(*syntax.Variable); ok && !d.holds(v) {
			d.look(v) // an item of a list, which is shown
		} else {
			d.through(n.Subject)
		}
		d.look(n.Index)
	case *syntax.MapProjection:
		d.mapProjection(n)
	case *syntax.LabelTest:
		d.labels(n.Labels)
		d.through(n.Subject)
	case *syntax.IsNull:
		d.through(n.Expr)
	case *syntax.Binary:
		if n.Op == syntax.Equal || n.Op == syntax.NotEqual {
			d.through(n.Left)
			d.through(n.Right)
			return
		}
		syntax.Children(n, d.look)
	case *syntax.FunctionCall:
		d.call(n)
	default:
		syntax.Children(n, d.look)
	}
}

func (d *depends) maybe(e syntax.Expr) {
	if e != nil {
		d.look(e)
	}
}

// each takes in a list, whose items are in the variable then.
func (d *depends) each(list syntax.Expr, v *syntax.Variable) {
	before := d.shown
	d.look(list)
	if bound := d.bound.Var(v); bound != nil && d.shown == before {
		d.plain[bound] = true
	}
}

func (d *depends) show() {
	d.AllKeys, d.AllLabels = true, true
	d.shown++
}

// through takes in what is used without being shown.
func (d *depends) through(e syntax.Expr) {
	switch e := e.(type) {
	case *syntax.Variable:
	case *syntax.FunctionCall:
		if name := strings.ToLower(e.Name); name == "startnode" || name == "endnode" {
			for _, arg := range e.Args {
				d.through(arg)
			}
			return
		}
		d.look(e)
	default:
		d.look(e)
	}
}

// mayHold reports that a variable can stand for an element or hold one.
func (d *depends) mayHold(v *syntax.Variable) bool {
	bound := d.bound.Var(v)
	if bound == nil {
		return true
	}
	switch bound.Type.Base {
	case bind.Any, bind.MapBase, bind.NodeBase, bind.RelBase, bind.PathBase:
		return !d.plain[bound]
	}
	return false
}

func (d *depends) holds(e syntax.Expr) bool {
	v, ok := e.(*syntax.Variable)
	if !ok {
		return true
	}
	bound := d.bound.Var(v)
	return d.mayHold(v) && (bound == nil || bound.Type.Lists == 0)
}

// projection takes in columns; passing says that a variable alone is passed on
// and not shown.
func (d *depends) projection(p *syntax.Projection, passing bool) {
	for _, item := range p.Items {
		v, alone := item.Expr.(*syntax.Variable)
		if alone && passing {
			if item.Alias != nil && !d.mayHold(v) {
				d.plain[d.bound.Var(item.Alias)] = true
			}
			continue
		}
		before := d.shown
		d.look(item.Expr)
		if item.Alias != nil && d.shown == before {
			if bound := d.bound.Var(item.Alias); bound != nil {
				d.plain[bound] = true
			}
		}
	}
	for _, by := range p.OrderBy {
		d.look(by.Expr)
	}
	d.maybe(p.Skip)
	d.maybe(p.Limit)
}

func (d *depends) call(n *syntax.FunctionCall) {
	switch strings.ToLower(n.Name) {
	case "id", "elementid", "type", "count", "length":
	case "labels":
		d.AllLabels = true
	case "keys", "properties":
		d.AllKeys = true
	case "startnode", "endnode":
		d.show()
	default:
		syntax.Children(n, d.look)
		return
	}
	for _, arg := range n.Args {
		d.through(arg)
	}
}

func (d *depends) mapProjection(n *syntax.MapProjection) {
	for _, item := range n.Items {
		switch {
		case item.All:
			d.AllKeys = true
		case item.Value != nil:
			d.look(item.Value)
		case item.Key != nil:
			d.Keys = append(d.Keys, item.Key.Name)
		}
	}
}

// pattern takes in one path, or the inside of a group.
func (d *depends) pattern(elements []syntax.PatternElement) {
	tied := mustCross(elements)
	for _, e := range elements {
		switch e := e.(type) {
		case *syntax.NodePattern:
			if !d.labels(e.Labels) && !tied {
				d.Nodes = true
			}
			d.properties(e.Properties)
			d.maybe(e.Where)
		case *syntax.RelPattern:
			d.types(e.Types)
			d.properties(e.Properties)
			d.maybe(e.Where)
		case *syntax.GroupPattern:
			d.pattern(e.Elements)
			d.maybe(e.Where)
		}
	}
}

// mustCross reports that a path has a relationship that must be there, so that
// each of its nodes is at the end of one, or joined to such a node.
func mustCross(elements []syntax.PatternElement) bool {
	for _, e := range elements {
		switch e := e.(type) {
		case *syntax.RelPattern:
			if (e.Length == nil || e.Length.Min != 0) && (e.Quantifier == nil || e.Quantifier.Min > 0) {
				return true
			}
		case *syntax.GroupPattern:
			if (e.Quantifier == nil || e.Quantifier.Min > 0) && mustCross(e.Elements) {
				return true
			}
		}
	}
	return false
}

// properties of a pattern are keys and values.
func (d *depends) properties(e syntax.Expr) {
	switch e := e.(type) {
	case nil:
	case *syntax.MapLiteral:
		for _, entry := range e.Entries {
			d.Keys = append(d.Keys, entry.Key.Name)
			d.look(entry.Value)
		}
	default:
		d.AllKeys = true
		d.look(e)
	}
}

// labels takes in a condition on labels and reports whether it can hold only for
// nodes that have one of the labels that it names.
func (d *depends) labels(l syntax.LabelExpr) (named bool) {
	switch l := l.(type) {
	case nil:
		return false
	case *syntax.LabelName:
		if l.Dynamic != nil {
			d.AllLabels, d.Nodes = true, true
			d.look(l.Dynamic)
			return false
		}
		d.Labels = append(d.Labels, l.Name)
		return true
	case *syntax.LabelAnd:
		left, right := d.labels(l.Left), d.labels(l.Right)
		return left || right
	case *syntax.LabelOr:
		left, right := d.labels(l.Left), d.labels(l.Right)
		return left && right
	case *syntax.LabelNot:
		d.labels(l.Expr)
	default: // any
		d.AllLabels = true
	}
	return false
}

func (d *depends) types(l syntax.LabelExpr) {
	switch l := l.(type) {
	case *syntax.LabelName:
		if l.Dynamic == nil {
			d.Types = append(d.Types, l.Name)
			return
		}
		d.AllTypes = true
		d.look(l.Dynamic)
	case *syntax.LabelOr:
		d.types(l.Left)
		d.types(l.Right)
	case *syntax.LabelAnd:
		d.types(l.Left)
		d.types(l.Right)
	default: // none, not, any
		d.AllTypes = true
	}
}

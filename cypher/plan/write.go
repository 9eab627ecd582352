package plan

import (
	"github.com/pocketgraph/pocketgraph/cypher/bind"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
)

// create plans CREATE: elements without a value before it are made.
func (b *builder) create(op Op, c *bind.Create) (Op, error) {
	bound := b.before(&c.Scope)
	out := &Create{Common: Common{In: op}}
	var paths []*BindPath
	for _, p := range c.Paths {
		path, err := b.creation(p, bound, &out.Nodes, &out.Rels)
		if err != nil {
			return nil, err
		}
		if path != nil {
			paths = append(paths, path)
		}
	}
	op = out
	for _, p := range paths {
		p.In = op
		op = p
	}
	return op, nil
}

// creation lists what a path has to make. Elements met are added to bound.
func (b *builder) creation(p *bind.Path, bound map[Slot]bool, nodes *[]NewNode, rels *[]NewRel) (*BindPath, error) {
	var path *BindPath
	last := Slot(-1)
	var open *bind.Rel
	for _, e := range p.Elements {
		switch e := e.(type) {
		case *bind.Node:
			if !bound[e.Var.ID] {
				bound[e.Var.ID] = true
				n, err := newNode(e)
				if err != nil {
					return nil, err
				}
				*nodes = append(*nodes, n)
			}
			if open != nil {
				r, err := newRel(open, last, e.Var.ID)
				if err != nil {
					return nil, err
				}
				*rels = append(*rels, r)
				if path != nil {
					path.Steps = append(path.Steps, PathStep{Rel: r.Slot, Node: e.Var.ID})
				}
			} else if p.Var != nil {
				path = &BindPath{Path: p.Var.ID, Start: e.Var.ID}
			}
			last, open = e.Var.ID, nil
		case *bind.Rel:
			open = e
		case *bind.Group:
			return nil, NotImplemented("a group in CREATE", syntax.Range{})
		}
	}
	return path, nil
}

func newNode(n *bind.Node) (NewNode, error) {
	out := NewNode{Slot: n.Var.ID}
	if n.Syntax == nil {
		return out, nil
	}
	names, ok := syntax.WrittenLabels(n.Syntax.Labels)
	if !ok {
		return out, NotImplemented("this label expression in CREATE", n.Syntax.Labels.Span())
	}
	out.Labels, out.Properties = names, n.Syntax.Properties
	return out, nil
}

func newRel(r *bind.Rel, left, right Slot) (NewRel, error) {
	name, ok := r.Syntax.Types.(*syntax.LabelName)
	if !ok {
		return NewRel{}, NotImplemented("a relationship without exactly one type in CREATE", r.Syntax.Span())
	}
	out := NewRel{Slot: r.Var.ID, Start: left, End: right, Type: name, Properties: r.Syntax.Properties, Pos: r.Syntax.Span()}
	if r.Syntax.Direction == syntax.Left {
		out.Start, out.End = right, left
	}
	return out, nil
}

// merge plans MERGE: a match on the row, and what to make when it finds nothing.
func (b *builder) merge(op Op, c *bind.Merge) (Op, error) {
	out := &Merge{Common: Common{In: op}, OnCreate: c.OnCreate, OnMatch: c.OnMatch, New: added(&c.Scope)}
	bound := b.before(&c.Scope)
	for _, e := range c.Path.Elements {
		if n, ok := e.(*bind.Node); ok && bound[n.Var.ID] {
			out.Required = append(out.Required, n.Var.ID)
		}
	}
	var err error
	out.Inner, err = b.match(&Argument{Slots: sorted(bound)}, b.before(&c.Scope), []*bind.Path{c.Path}, nil, false)
	if err != nil {
		return nil, err
	}
	path, err := b.creation(c.Path, b.before(&c.Scope), &out.Nodes, &out.Rels)
	if path != nil {
		out.Paths = append(out.Paths, path)
	}
	// Anonymous elements are bound too: creating needs somewhere to keep them.
	for _, n := range out.Nodes {
		out.New = addSlot(out.New, n.Slot)
	}
	for _, r := range out.Rels {
		out.New = addSlot(out.New, r.Slot)
	}
	return out, err
}

func addSlot(slots []Slot, s Slot) []Slot {
	if contains(slots, s) {
		return slots
	}
	return append(slots, s)
}

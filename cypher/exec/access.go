package exec

import (
	"github.com/pocketgraph/pocketgraph/cypher/plan"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/graph/temporal"
)

// property is subject.key.
func (c *compiler) property(e *syntax.Property) *expr {
	return c.propertyOf(c.expr(e.Subject), e.Key.Name, e.Span())
}

func (c *compiler) propertyOf(x *expr, name string, at syntax.Range) *expr {
	key := c.keys.add(name)
	out := rowExpr(func(f *frame) graph.Value { return property(f.run, x.row(f), key, name, at) })
	if x.slot < 0 {
		return out
	}
	slot := x.slot
	out.safe = !c.stmt.Writes && (c.kinds[slot] == plan.Node || c.kinds[slot] == plan.Rel)
	out.of = &propertyRef{slot, key}
	out.words = func(f *frame, w *graph.Words) bool {
		col := &f.b.cols[slot]
		id, known := f.run.key(key)
		switch {
		case !known || f.run.deleted:
			return false
		case col.kind == plan.Node:
			return f.run.reader.NodeWords(id, col.nodes[:f.b.n], w)
		case col.kind == plan.Rel:
			return f.run.reader.RelWords(id, col.rels[:f.b.n], w)
		}
		return false
	}
	out.vec = func(f *frame, out []graph.Value) {
		col := &f.b.cols[slot]
		id, known := f.run.key(key)
		if !known || f.run.deleted || col.kind != plan.Node && col.kind != plan.Rel {
			for i := 0; i < f.b.n; i++ {
				out[i] = property(f.run, col.value(i), key, name, at)
			}
			return
		}
		if col.kind == plan.Node {
			f.run.reader.NodeProperties(id, col.nodes[:f.b.n], out)
		} else {
			f.run.reader.RelProperties(id, col.rels[:f.b.n], out)
		}
	}
	return out
}

func property(r *Run, v graph.Value, key int, name string, at syntax.Range) graph.Value {
	switch v.Kind() {
	case graph.KindNull:
		return graph.Null
	case graph.KindNode:
		if r.deleted && !r.hasNode(v.AsNode()) {
			return deletedAccess(r, at)
		}
		if id, ok := r.key(key); ok {
			return r.reader.NodeProperty(v.AsNode(), id)
		}
		return graph.Null
	case graph.KindRel:
		if r.deleted && !r.reader.HasRel(v.AsRel()) {
			return deletedAccess(r, at)
		}
		if id, ok := r.key(key); ok {
			return r.reader.RelProperty(v.AsRel(), id)
		}
		return graph.Null
	case graph.KindMap:
		got, _ := v.AsMap().Get(name)
		return got
	case graph.KindPoint:
		return pointPart(v.AsPoint(), name)
	case graph.KindDate, graph.KindLocalTime, graph.KindTime, graph.KindLocalDateTime, graph.KindDateTime, graph.KindDuration:
		return r.temporal(at).of(temporal.Component(v, name))
	}
	return r.fail("TypeError", "InvalidArgumentType", article(v)+" has no properties", at)
}

func deletedAccess(r *Run, at syntax.Range) graph.Value {
	return r.fail("EntityNotFound", "DeletedEntityAccess", "the element was deleted in this statement", at)
}

// index is subject[index].
func (c *compiler) index(e *syntax.Index) *expr {
	x, i, at := c.expr(e.Subject), c.expr(e.Index), e.Span()
	return rowExpr(func(f *frame) graph.Value {
		v := x.row(f)
		return item(f.run, v, i.row(f), at)
	})
}

func item(r *Run, v, i graph.Value, at syntax.Range) graph.Value {
	switch v.Kind() {
	case graph.KindNull:
		return graph.Null
	case graph.KindList:
		if i.IsNull() {
			return graph.Null
		}
		if i.Kind() != graph.KindInt {
			return r.fail("TypeError", "InvalidArgumentType", "a List is indexed by an Integer, found "+article(i), at)
		}
		return listItem(v.AsList(), i.AsInt())
	case graph.KindMap, graph.KindNode, graph.KindRel, graph.KindPoint,
		graph.KindDate, graph.KindLocalTime, graph.KindTime, graph.KindLocalDateTime, graph.KindDateTime, graph.KindDuration:
		if i.IsNull() {
			return graph.Null
		}
		if i.Kind() != graph.KindString {
			return r.fail("TypeError", "MapElementAccessByNonString", "a "+v.Kind().String()+" is indexed by a String, found "+article(i), at)
		}
		return dynamicProperty(r, v, i.AsString(), at)
	}
	return r.fail("TypeError", "InvalidArgumentType", "cannot take an item of a "+v.Kind().String(), at)
}

func listItem(items []graph.Value, i int64) graph.Value {
	if i < 0 {
		i += int64(len(items))
	}
	if i < 0 || i >= int64(len(items)) {
		return graph.Null
	}
	return items[i]
}

func dynamicProperty(r *Run, v graph.Value, name string, at syntax.Range) graph.Value {
	switch v.Kind() {
	case graph.KindMap:
		got, _ := v.AsMap().Get(name)
		return got
	case graph.KindPoint:
		return pointPart(v.AsPoint(), name)
	case graph.KindDate, graph.KindLocalTime, graph.KindTime, graph.KindLocalDateTime, graph.KindDateTime, graph.KindDuration:
		return r.temporal(at).of(temporal.Component(v, name))
	}
	id, ok := r.reader.LookKey(name)
	if v.Kind() == graph.KindNode {
		if r.deleted && !r.hasNode(v.AsNode()) {
			return deletedAccess(r, at)
		}
		if ok {
			return r.reader.NodeProperty(v.AsNode(), id)
		}
		return graph.Null
	}
	if r.deleted && !r.reader.HasRel(v.AsRel()) {
		return deletedAccess(r, at)
	}
	if ok {
		return r.reader.RelProperty(v.AsRel(), id)
	}
	return graph.Null
}

// slice is subject[from..to].
func (c *compiler) slice(e *syntax.Slice) *expr {
	x, at := c.expr(e.Subject), e.Span()
	var from, to *expr
	if e.From != nil {
		from = c.expr(e.From)
	}
	if e.To != nil {
		to = c.expr(e.To)
	}
	bound := func(f *frame, e *expr, without int64, n int) (int64, bool) {
		if e == nil {
			return without, true
		}
		v := e.row(f)
		if v.IsNull() {
			return 0, false
		}
		if v.Kind() != graph.KindInt {
			f.run.fail("TypeError", "InvalidArgumentType", "a List is sliced by Integers, found "+article(v), at)
			return 0, false
		}
		i := v.AsInt()
		if i < 0 {
			i += int64(n)
		}
		return min(max(i, 0), int64(n)), true
	}
	return rowExpr(func(f *frame) graph.Value {
		v := x.row(f)
		if v.IsNull() {
			return graph.Null
		}
		if v.Kind() != graph.KindList {
			return f.run.fail("TypeError", "InvalidArgumentType", "cannot slice a "+v.Kind().String(), at)
		}
		items := v.AsList()
		a, okA := bound(f, from, 0, len(items))
		b, okB := bound(f, to, int64(len(items)), len(items))
		if !okA || !okB {
			return graph.Null
		}
		if a >= b {
			return graph.List(nil)
		}
		return graph.List(items[a:b:b])
	})
}

// labelTest is subject:Label, of nodes and of relationships.
func (c *compiler) labelTest(x *expr, labels syntax.LabelExpr, at syntax.Range) *expr {
	test := c.labelExpr(labels)
	out := rowExpr(func(f *frame) graph.Value {
		v := x.row(f)
		switch v.Kind() {
		case graph.KindNull:
			return graph.Null
		case graph.KindNode, graph.KindRel:
			return graph.Bool(test(f, v))
		}
		return f.run.fail("TypeError", "InvalidArgumentType", "only nodes and relationships have labels, found "+article(v), at)
	})
	if name, ok := labels.(*syntax.LabelName); ok && name.Dynamic == nil && x.slot >= 0 {
		out.label = &labelRef{x.slot, c.labels.add(name.Name)}
	}
	return out
}

// labelRef is one label of the node in a slot.
type labelRef struct {
	slot  plan.Slot
	label int
}

// pick appends the rows whose node has the label. It reports false when the
// column is none of nodes.
func (l *labelRef) pick(f *frame, rows []int32) ([]int32, bool) {
	col := &f.b.cols[l.slot]
	if col.kind != plan.Node {
		return rows, false
	}
	if id, ok := f.run.label(l.label); ok {
		rows = f.run.reader.PickLabel(rows, id, col.nodes[:f.b.n])
	}
	return rows, true
}

// labelExpr compiles a condition on labels or on a type.
func (c *compiler) labelExpr(e syntax.LabelExpr) func(f *frame, v graph.Value) bool {
	switch e := e.(type) {
	case *syntax.LabelName:
		if e.Dynamic != nil {
			return c.computedLabel(e)
		}
		return c.labelName(e.Name)
	case *syntax.LabelAnd:
		a, b := c.labelExpr(e.Left), c.labelExpr(e.Right)
		return func(f *frame, v graph.Value) bool { return a(f, v) && b(f, v) }
	case *syntax.LabelOr:
		a, b := c.labelExpr(e.Left), c.labelExpr(e.Right)
		return func(f *frame, v graph.Value) bool { return a(f, v) || b(f, v) }
	case *syntax.LabelNot:
		a := c.labelExpr(e.Expr)
		return func(f *frame, v graph.Value) bool { return !a(f, v) }
	}
	return func(f *frame, v graph.Value) bool {
		return v.Kind() == graph.KindRel || len(f.run.reader.AppendLabels(nil, v.AsNode())) > 0
	}
}

func (c *compiler) labelName(name string) func(f *frame, v graph.Value) bool {
	label, typ := c.labels.add(name), c.types.add(name)
	return func(f *frame, v graph.Value) bool {
		if v.Kind() == graph.KindRel {
			id, ok := f.run.typ(typ)
			return ok && f.run.reader.RelType(v.AsRel()) == id
		}
		id, ok := f.run.label(label)
		return ok && f.run.reader.HasLabel(v.AsNode(), id)
	}
}

// mapProjection is subject{.key, .*, key: expr, variable}.
func (c *compiler) mapProjection(e *syntax.MapProjection) *expr {
	type part struct {
		all   bool
		key   string
		id    int
		value *expr
	}
	x, at := c.expr(e.Subject), e.Span()
	parts := make([]part, len(e.Items))
	for i, it := range e.Items {
		p := part{all: it.All}
		if it.Key != nil {
			p.key, p.id = it.Key.Name, c.keys.add(it.Key.Name)
		}
		if it.Value != nil {
			p.value = c.expr(it.Value)
		}
		parts[i] = p
	}
	return rowExpr(func(f *frame) graph.Value {
		v := x.row(f)
		if v.IsNull() {
			return v
		}
		var entries []graph.Entry
		for _, p := range parts {
			switch {
			case p.all:
				m := propertiesOf(f.run, v, at)
				for i := 0; m.Kind() == graph.KindMap && i < m.AsMap().Len(); i++ {
					k, item := m.AsMap().At(i)
					entries = append(entries, graph.Entry{Key: k, Value: item})
				}
			case p.value != nil:
				entries = append(entries, graph.Entry{Key: p.key, Value: p.value.row(f)})
			default:
				entries = append(entries, graph.Entry{Key: p.key, Value: property(f.run, v, p.id, p.key, at)})
			}
		}
		return graph.MapValue(graph.NewMap(entries))
	})
}

// propertiesOf makes a map of the properties of an element; a map is itself.
func propertiesOf(r *Run, v graph.Value, at syntax.Range) graph.Value {
	var props []graph.Property
	switch v.Kind() {
	case graph.KindNull, graph.KindMap:
		return v
	case graph.KindNode:
		if r.deleted && !r.hasNode(v.AsNode()) {
			return deletedAccess(r, at)
		}
		props = r.reader.AppendNodeProperties(nil, v.AsNode())
	case graph.KindRel:
		if r.deleted && !r.reader.HasRel(v.AsRel()) {
			return deletedAccess(r, at)
		}
		props = r.reader.AppendRelProperties(nil, v.AsRel())
	default:
		return r.fail("TypeError", "InvalidArgumentType", article(v)+" has no properties", at)
	}
	entries := make([]graph.Entry, len(props))
	for i, p := range props {
		entries[i] = graph.Entry{Key: r.reader.KeyName(p.Key), Value: p.Value}
	}
	return graph.MapValue(graph.NewMap(entries))
}

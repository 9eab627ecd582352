package exec

import (
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// writer gives the writer, or fails the run.
func (r *Run) writer() graph.Writer {
	if r.rt.Writer == nil && r.err == nil {
		r.err = &Error{Code: "TransactionError", Detail: "ReadOnly", Message: "this transaction only reads"}
	}
	return r.rt.Writer
}

func (r *Run) writeKey(i int, at syntax.Range) graph.KeyID {
	id, ok := r.key(i)
	if ok {
		return id
	}
	return r.writeKeyName(r.program.keys.list[i], at)
}

func (r *Run) writeKeyName(name string, at syntax.Range) graph.KeyID {
	w := r.writer()
	if w == nil {
		return 0
	}
	id, err := w.Key(name)
	r.failWith(err, at)
	return id
}

// propertyMap computes the properties of a new element into dst.
type propertyMap func(f *frame, dst []graph.Property) []graph.Property

// propertyMap compiles the map of a pattern that is created: a literal without
// making a map value, or a parameter.
func (c *compiler) propertyMap(e syntax.Expr, merge bool) propertyMap {
	if e == nil {
		return func(_ *frame, dst []graph.Property) []graph.Property { return dst }
	}
	at := e.Span()
	literal, ok := e.(*syntax.MapLiteral)
	if !ok {
		x := c.expr(e)
		return func(f *frame, dst []graph.Property) []graph.Property { return appendMap(f.run, dst, x.row(f), at) }
	}
	keys := make([]int, len(literal.Entries))
	values := make([]*expr, len(literal.Entries))
	for i, entry := range literal.Entries {
		keys[i], values[i] = c.keys.add(entry.Key.Name), c.expr(entry.Value)
	}
	return func(f *frame, dst []graph.Property) []graph.Property {
		for i, k := range keys {
			v := values[i].row(f)
			if v.IsNull() {
				if merge {
					f.run.fail("SemanticError", "MergeReadOwnWrites", "MERGE cannot use null for a property", at)
				}
				continue
			}
			if f.run.err != nil || !f.run.storable(v, at) {
				return dst
			}
			dst = append(dst, graph.Property{Key: f.run.writeKey(k, at), Value: v})
		}
		return dst
	}
}

func appendMap(r *Run, dst []graph.Property, v graph.Value, at syntax.Range) []graph.Property {
	v = propertiesOf(r, v, at)
	m := v.AsMap()
	if m == nil {
		return dst
	}
	for i := 0; i < m.Len() && r.err == nil; i++ {
		k, item := m.At(i)
		if !item.IsNull() && r.storable(item, at) {
			dst = append(dst, graph.Property{Key: r.writeKeyName(k, at), Value: item})
		}
	}
	return dst
}

// storable checks that a value can be a property.
func (r *Run) storable(v graph.Value, at syntax.Range) bool {
	bad := false
	switch v.Kind() {
	case graph.KindNode, graph.KindRel, graph.KindPath, graph.KindMap:
		bad = true
	case graph.KindList:
		for _, item := range v.AsList() {
			switch item.Kind() {
			case graph.KindNode, graph.KindRel, graph.KindPath, graph.KindMap, graph.KindList, graph.KindNull:
				bad = true
			}
		}
	}
	if bad {
		r.fail("TypeError", "InvalidPropertyType", article(v)+" like this cannot be stored as a property", at)
	}
	return !bad
}

// setter changes elements of one row.
type setter func(f *frame)

func (c *compiler) setters(items []syntax.SetItem) []setter {
	out := make([]setter, len(items))
	for i, it := range items {
		switch it := it.(type) {
		case *syntax.SetProperty:
			out[i] = c.setProperty(it.Target, c.expr(it.Value), it.Span())
		case *syntax.SetProperties:
			out[i] = c.setProperties(it)
		case *syntax.SetLabels:
			out[i] = c.setLabels(it.Variable, it.Labels, true)
		}
	}
	return out
}

// target compiles what stands before the equals sign: the element and the key.
func (c *compiler) target(e syntax.Expr) (element *expr, key func(f *frame) (graph.KeyID, bool)) {
	switch e := e.(type) {
	case *syntax.Property:
		k, at := c.keys.add(e.Key.Name), e.Key.Span()
		return c.expr(e.Subject), func(f *frame) (graph.KeyID, bool) { return f.run.writeKey(k, at), true }
	case *syntax.Index:
		x, at := c.expr(e.Index), e.Span()
		return c.expr(e.Subject), func(f *frame) (graph.KeyID, bool) {
			v := x.row(f)
			if v.Kind() != graph.KindString {
				f.run.fail("TypeError", "MapElementAccessByNonString", "a property key is a String, found "+article(v), at)
				return 0, false
			}
			return f.run.writeKeyName(v.AsString(), at), true
		}
	}
	c.unsupported("SET of this", e.Span())
	return constant(graph.Null), nil
}

func (c *compiler) setProperty(target syntax.Expr, value *expr, at syntax.Range) setter {
	element, key := c.target(target)
	return func(f *frame) {
		v := element.row(f)
		x := value.row(f)
		if v.IsNull() || f.run.err != nil {
			return
		}
		if k, ok := key(f); ok {
			f.run.setProperty(v, k, x, at)
		}
	}
}

func (r *Run) setProperty(element graph.Value, k graph.KeyID, v graph.Value, at syntax.Range) {
	w := r.writer()
	if w == nil || r.err != nil || !r.storable(v, at) || r.refuseCondemned(element, at) {
		return
	}
	switch element.Kind() {
	case graph.KindNode:
		r.failWith(w.SetNodeProperty(element.AsNode(), k, v), at)
	case graph.KindRel:
		r.failWith(w.SetRelProperty(element.AsRel(), k, v), at)
	default:
		r.fail("TypeError", "InvalidArgumentType", "only nodes and relationships have properties to set, found "+article(element), at)
	}
	r.counters.PropertiesSet++
}

// setProperties is n = map and n += map.
func (c *compiler) setProperties(it *syntax.SetProperties) setter {
	element, value, add, at := c.expr(it.Variable), c.expr(it.Value), it.Add, it.Span()
	return func(f *frame) {
		r := f.run
		e, v := element.row(f), propertiesOf(f.run, value.row(f), at)
		if e.IsNull() || v.IsNull() || r.err != nil || r.writer() == nil {
			return
		}
		m := v.AsMap()
		if !add {
			r.clearProperties(e, m, at)
		}
		for i := 0; i < m.Len() && r.err == nil; i++ {
			k, item := m.At(i)
			r.setProperty(e, r.writeKeyName(k, at), item, at)
		}
	}
}

// clearProperties removes the properties that are not in m.
func (r *Run) clearProperties(e graph.Value, m *graph.Map, at syntax.Range) {
	var props []graph.Property
	if e.Kind() == graph.KindNode {
		props = r.reader.AppendNodeProperties(nil, e.AsNode())
	} else if e.Kind() == graph.KindRel {
		props = r.reader.AppendRelProperties(nil, e.AsRel())
	}
	for _, p := range props {
		if _, stays := m.Get(r.reader.KeyName(p.Key)); !stays {
			r.setProperty(e, p.Key, graph.Null, at)
		}
	}
}

func (c *compiler) setLabels(v *syntax.Variable, labels []*syntax.LabelName, add bool) setter {
	element, at := c.expr(v), v.Span()
	ids := c.writtenLabels(labels)
	var buffer []graph.LabelID
	return func(f *frame) {
		r := f.run
		e := element.row(f)
		if e.IsNull() || r.err != nil || r.writer() == nil {
			return
		}
		if e.Kind() != graph.KindNode {
			r.fail("TypeError", "InvalidArgumentType", "only nodes have labels, found "+article(e), at)
			return
		}
		if r.refuseCondemned(e, at) {
			return
		}
		for _, l := range ids {
			buffer = buffer[:0]
			if add {
				buffer = l.appendLabels(f, buffer)
			} else {
				buffer = l.knownLabels(f, buffer)
			}
			for _, id := range buffer {
				switch has := r.reader.HasLabel(e.AsNode(), id); {
				case r.err != nil:
				case add && !has:
					r.failWith(r.rt.Writer.AddLabel(e.AsNode(), id), at)
					r.counters.LabelsAdded++
				case !add && has:
					r.failWith(r.rt.Writer.RemoveLabel(e.AsNode(), id), at)
					r.counters.LabelsRemoved++
				}
			}
		}
	}
}

func (c *compiler) removers(items []syntax.RemoveItem) []setter {
	out := make([]setter, len(items))
	for i, it := range items {
		switch it := it.(type) {
		case *syntax.RemoveProperty:
			out[i] = c.setProperty(it.Target, constant(graph.Null), it.Span())
		case *syntax.RemoveLabels:
			out[i] = c.setLabels(it.Variable, it.Labels, false)
		}
	}
	return out
}

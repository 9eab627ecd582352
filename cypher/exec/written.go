package exec

import (
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// written is a label or a type that a clause writes: a name of the program, or
// one or several that are computed.
type written struct {
	id      int
	dynamic *expr // nil for a name
	at      syntax.Range
}

func (c *compiler) written(l *syntax.LabelName, names *nameTable) written {
	w := written{at: l.Span()}
	if l.Dynamic != nil {
		w.dynamic = c.expr(l.Dynamic)
	} else {
		w.id = names.add(l.Name)
	}
	return w
}

func (c *compiler) writtenLabels(labels []*syntax.LabelName) []written {
	out := make([]written, len(labels))
	for i, l := range labels {
		out[i] = c.written(l, &c.labels)
	}
	return out
}

// names evaluates a computed label: a String or a List of them.
func names(f *frame, dynamic *expr, at syntax.Range) []graph.Value {
	v := dynamic.row(f)
	list := []graph.Value{v}
	if v.Kind() == graph.KindList {
		list = v.AsList()
	}
	for _, item := range list {
		if item.Kind() != graph.KindString || item.AsString() == "" {
			f.run.fail("TypeError", "InvalidArgumentType", "a computed label or type is a String, and not an empty one; found "+article(item), at)
			return nil
		}
	}
	return list
}

// appendLabels appends the ids, made where they are new.
func (w *written) appendLabels(f *frame, dst []graph.LabelID) []graph.LabelID {
	r := f.run
	if w.dynamic == nil {
		if id, ok := r.label(w.id); ok {
			return append(dst, id)
		}
		return w.newLabel(r, dst, r.program.labels.list[w.id])
	}
	for _, name := range names(f, w.dynamic, w.at) {
		dst = w.newLabel(r, dst, name.AsString())
	}
	return dst
}

func (w *written) newLabel(r *Run, dst []graph.LabelID, name string) []graph.LabelID {
	writer := r.writer()
	if writer == nil {
		return dst
	}
	id, err := writer.Label(name)
	r.failWith(err, w.at)
	return append(dst, id)
}

// knownLabels appends the ids of labels that there are.
func (w *written) knownLabels(f *frame, dst []graph.LabelID) []graph.LabelID {
	if w.dynamic == nil {
		if id, ok := f.run.label(w.id); ok {
			dst = append(dst, id)
		}
		return dst
	}
	for _, name := range names(f, w.dynamic, w.at) {
		if id, ok := f.run.reader.LookLabel(name.AsString()); ok {
			dst = append(dst, id)
		}
	}
	return dst
}

// typ is the one type of a new relationship.
func (w *written) typ(f *frame) graph.TypeID {
	r := f.run
	name := ""
	if w.dynamic == nil {
		if id, ok := r.typ(w.id); ok {
			return id
		}
		name = r.program.types.list[w.id]
	} else {
		list := names(f, w.dynamic, w.at)
		if len(list) != 1 && r.err == nil {
			r.fail("SyntaxError", "NoSingleRelationshipType", "a relationship that is created has exactly one type", w.at)
		}
		if r.err != nil {
			return 0
		}
		name = list[0].AsString()
	}
	writer := r.writer()
	if writer == nil {
		return 0
	}
	id, err := writer.Type(name)
	r.failWith(err, w.at)
	return id
}

// computedLabel tests for computed labels: for all of them, or for any.
func (c *compiler) computedLabel(e *syntax.LabelName) func(f *frame, v graph.Value) bool {
	x, at, any := c.expr(e.Dynamic), e.Span(), e.AnyOf
	return func(f *frame, v graph.Value) bool {
		for _, name := range names(f, x, at) {
			if hasName(f.run.reader, v, name.AsString()) == any {
				return any
			}
		}
		return !any && f.run.err == nil
	}
}

// hasName says whether a node has a label, or a relationship a type.
func hasName(r graph.Reader, v graph.Value, name string) bool {
	if v.Kind() == graph.KindRel {
		return r.TypeName(r.RelType(v.AsRel())) == name
	}
	id, ok := r.LookLabel(name)
	return ok && r.HasLabel(v.AsNode(), id)
}

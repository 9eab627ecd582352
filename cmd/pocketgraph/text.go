package main

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/graph/temporal"
)

// valueText renders a value in the notation of the query language.
func valueText(r graph.Reader, v graph.Value) string {
	var b strings.Builder
	writeValue(&b, r, v)
	return b.String()
}

func writeValue(b *strings.Builder, r graph.Reader, v graph.Value) {
	switch v.Kind() {
	case graph.KindNode:
		writeNode(b, r, v.AsNode())
	case graph.KindRel:
		writeRel(b, r, v.AsRel())
	case graph.KindPath:
		writePath(b, r, v.AsPath())
	case graph.KindList:
		b.WriteByte('[')
		for i, item := range v.AsList() {
			if i > 0 {
				b.WriteString(", ")
			}
			writeValue(b, r, item)
		}
		b.WriteByte(']')
	case graph.KindMap:
		writeMap(b, r, v.AsMap())
	default:
		b.WriteString(scalarText(v))
	}
}

func scalarText(v graph.Value) string {
	switch v.Kind() {
	case graph.KindNull:
		return "null"
	case graph.KindBool:
		return strconv.FormatBool(v.AsBool())
	case graph.KindInt:
		return strconv.FormatInt(v.AsInt(), 10)
	case graph.KindFloat:
		return floatText(v.AsFloat())
	case graph.KindString:
		return "'" + visible(strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(v.AsString())) + "'"
	case graph.KindBytes:
		return fmt.Sprintf("bytes[%d]", len(v.AsBytes()))
	case graph.KindVector:
		return fmt.Sprint(v.AsVector())
	case graph.KindPoint:
		p := v.AsPoint()
		return fmt.Sprintf("point({srid: %d, x: %s, y: %s, z: %s})", p.SRID, floatText(p.X), floatText(p.Y), floatText(p.Z))
	}
	return temporal.Text(v)
}

// nameText puts a name that is no plain word between backquotes.
func nameText(name string) string {
	for i, c := range name {
		if c != '_' && !unicode.IsLetter(c) && (i == 0 || !unicode.IsDigit(c)) {
			return "`" + visible(strings.ReplaceAll(name, "`", "``")) + "`"
		}
	}
	if name == "" {
		return "``"
	}
	return name
}

// visible writes what would move the cursor, change the terminal or turn the
// direction of the text as the query language escapes it: data must not
// command the terminal of the one who reads it.
func visible(text string) string {
	hidden := func(c rune) bool {
		return unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c) || c == '\u2028' || c == '\u2029' || c == utf8.RuneError
	}
	if strings.IndexFunc(text, hidden) < 0 {
		return text
	}
	var b strings.Builder
	for _, c := range text {
		switch {
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\r':
			b.WriteString(`\r`)
		case c == '\t':
			b.WriteString(`\t`)
		case hidden(c):
			fmt.Fprintf(&b, `\u%04X`, c)
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

// floatText always shows that the number is a float.
func floatText(f float64) string {
	text := strconv.FormatFloat(f, 'g', -1, 64)
	if strings.ContainsAny(text, ".eIN") {
		return text
	}
	return text + ".0"
}

func writeMap(b *strings.Builder, r graph.Reader, m *graph.Map) {
	b.WriteByte('{')
	for i := range m.Len() {
		if i > 0 {
			b.WriteString(", ")
		}
		key, item := m.At(i)
		b.WriteString(nameText(key) + ": ")
		writeValue(b, r, item)
	}
	b.WriteByte('}')
}

func writeNode(b *strings.Builder, r graph.Reader, n graph.Node) {
	b.WriteByte('(')
	for _, l := range r.AppendLabels(nil, n) {
		b.WriteString(":" + nameText(r.LabelName(l)))
	}
	writeProperties(b, r, r.AppendNodeProperties(nil, n))
	b.WriteByte(')')
}

func writeRel(b *strings.Builder, r graph.Reader, rel graph.Rel) {
	b.WriteString("[:" + nameText(r.TypeName(r.RelType(rel))))
	writeProperties(b, r, r.AppendRelProperties(nil, rel))
	b.WriteByte(']')
}

func writePath(b *strings.Builder, r graph.Reader, p *graph.Path) {
	for i, n := range p.Nodes {
		if i > 0 {
			rel := p.Rels[i-1]
			start, _ := r.RelEnds(rel)
			if start == p.Nodes[i-1] {
				b.WriteByte('-')
				writeRel(b, r, rel)
				b.WriteString("->")
			} else {
				b.WriteString("<-")
				writeRel(b, r, rel)
				b.WriteByte('-')
			}
		}
		writeNode(b, r, n)
	}
}

func writeProperties(b *strings.Builder, r graph.Reader, properties []graph.Property) {
	if len(properties) == 0 {
		return
	}
	b.WriteString(" {")
	for i, p := range properties {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(nameText(r.KeyName(p.Key)) + ": ")
		writeValue(b, r, p.Value)
	}
	b.WriteByte('}')
}

// plain turns a value into what encoding/json prints for a person's program:
// numbers are numbers, elements are objects, times are texts.
func plain(r graph.Reader, v graph.Value) any {
	switch v.Kind() {
	case graph.KindNull:
		return nil
	case graph.KindBool:
		return v.AsBool()
	case graph.KindInt:
		return v.AsInt()
	case graph.KindFloat:
		if f, ok := encodeFloat(v.AsFloat()).(float64); ok {
			return f
		}
		return strconv.FormatFloat(v.AsFloat(), 'g', -1, 64)
	case graph.KindString:
		return v.AsString()
	case graph.KindBytes:
		return v.AsBytes()
	case graph.KindVector:
		return v.AsVector()
	case graph.KindList:
		items := []any{}
		for _, item := range v.AsList() {
			items = append(items, plain(r, item))
		}
		return items
	case graph.KindMap:
		m := v.AsMap()
		out := map[string]any{}
		for i := range m.Len() {
			key, item := m.At(i)
			out[key] = plain(r, item)
		}
		return out
	case graph.KindNode, graph.KindRel, graph.KindPath:
		return plainElement(r, v)
	}
	return scalarText(v)
}

func plainElement(r graph.Reader, v graph.Value) any {
	switch v.Kind() {
	case graph.KindNode:
		labels := []string{}
		for _, l := range r.AppendLabels(nil, v.AsNode()) {
			labels = append(labels, r.LabelName(l))
		}
		return map[string]any{"id": r.NodeID(v.AsNode()), "labels": labels,
			"properties": plainProperties(r, r.AppendNodeProperties(nil, v.AsNode()))}
	case graph.KindRel:
		start, end := r.RelEnds(v.AsRel())
		return map[string]any{"id": r.RelID(v.AsRel()), "type": r.TypeName(r.RelType(v.AsRel())),
			"start": r.NodeID(start), "end": r.NodeID(end),
			"properties": plainProperties(r, r.AppendRelProperties(nil, v.AsRel()))}
	}
	nodes, rels := []any{}, []any{}
	for _, n := range v.AsPath().Nodes {
		nodes = append(nodes, plainElement(r, graph.NodeValue(n)))
	}
	for _, rel := range v.AsPath().Rels {
		rels = append(rels, plainElement(r, graph.RelValue(rel)))
	}
	return map[string]any{"nodes": nodes, "relationships": rels}
}

func plainProperties(r graph.Reader, properties []graph.Property) any {
	out := map[string]any{}
	for _, p := range properties {
		out[r.KeyName(p.Key)] = plain(r, p.Value)
	}
	return out
}

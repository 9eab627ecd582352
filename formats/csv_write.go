package formats

import (
	"strings"

	"github.com/pocketgraph/pocketgraph/graph"
)

// writeCSV writes a file with neo4j-admin's header: nodes and relationships in
// one, or those that are asked for. The list delimiter is the semicolon.
func writeCSV(x *writer) error {
	c := &csvWriter{writer: x, nodes: x.o.Elements != "relationships", rels: x.o.Elements != "nodes"}
	c.rels = c.rels && (x.o.Elements != "" || x.r.RelCount() > 0)
	c.keys = newTypedKeys(csvType)
	if err := c.walk(func() error { c.keys.collect(c.properties); return nil }, func(_, _ graph.ID, _ string) error {
		c.keys.collect(c.properties)
		return nil
	}); err != nil {
		return err
	}
	c.keys.order(x.r)
	c.header()
	x.counting = true
	return c.rows()
}

type csvWriter struct {
	*writer
	nodes, rels bool
	keys        *typedKeys
	fields      []csvField
	id          graph.ID
}

// csvField is a field of a line. Null fields are empty without quotes.
type csvField struct {
	text string
	null bool
}

func (c *csvWriter) walk(node func() error, rel func(start, end graph.ID, typ string) error) error {
	if c.nodes {
		err := c.eachNode(func(_ graph.Node, id graph.ID) error {
			c.id = id
			return node()
		})
		if err != nil {
			return err
		}
	}
	if !c.rels {
		return nil
	}
	return c.eachRel(func(_ graph.Rel, _, start, end graph.ID, typ string) error { return rel(start, end, typ) })
}

// csvType is the type of a value's column.
func csvType(v graph.Value) string {
	if v.Kind() != graph.KindList {
		return kindTypes[v.Kind()]
	}
	items := v.AsList()
	if len(items) == 0 {
		return emptyList
	}
	for _, item := range items {
		text := item.AsString() + string(item.AsBytes())
		if item.Kind() == graph.KindString && strings.Contains(text, ";") || len(items) == 1 && text == "" && item.Kind() <= graph.KindBytes && item.Kind() >= graph.KindString {
			return typeJSON // the delimiter, or what reads as the empty list
		}
	}
	return kindTypes[items[0].Kind()] + "[]"
}

func (c *csvWriter) header() {
	var fields []string
	if c.nodes {
		fields = append(fields, ":ID", ":LABEL")
	}
	if c.rels {
		fields = append(fields, ":START_ID", ":END_ID", ":TYPE")
	}
	for _, k := range c.keys.list {
		if c.keys.several(k.key) || strings.HasPrefix(k.typ, typeBytes) || strings.HasPrefix(k.typ, typeVector) || k.typ == typeJSON {
			c.report.note(NoteExtension, "the column "+quoteShort(k.name+":"+k.typ))
		}
		if k.name == "" || strings.TrimSpace(k.name) != k.name {
			c.report.note(NoteName, "the property "+quoteShort(k.name))
		}
		fields = append(fields, k.name+":"+k.typ)
	}
	for _, f := range fields {
		c.fields = append(c.fields, csvField{text: f})
	}
	c.row()
}

func (c *csvWriter) rows() error {
	return c.walk(func() error {
		c.fields = append(c.fields, csvField{text: idText(c.id)}, c.labelField())
		if c.rels {
			c.fields = append(c.fields, csvField{null: true}, csvField{null: true}, csvField{null: true})
		}
		return c.finish()
	}, func(start, end graph.ID, typ string) error {
		if c.nodes {
			c.fields = append(c.fields, csvField{null: true}, csvField{null: true})
		}
		c.fields = append(c.fields, csvField{text: idText(start)}, csvField{text: idText(end)}, csvField{text: typ})
		if typ == "" {
			c.report.note(NoteName, "a relationship whose type is the empty text")
		}
		return c.finish()
	})
}

func (c *csvWriter) labelField() csvField {
	names := make([]string, len(c.labels))
	for i, l := range c.labels {
		if names[i] = c.r.LabelName(l); names[i] == "" || strings.Contains(names[i], ";") {
			c.report.note(NoteDelimiter, "the label "+quoteShort(names[i]))
		}
	}
	return csvField{strings.Join(names, ";"), len(names) == 0}
}

// finish adds the properties at hand and writes the line.
func (c *csvWriter) finish() error {
	first := len(c.fields)
	for range c.keys.list {
		c.fields = append(c.fields, csvField{null: true})
	}
	for _, p := range c.properties {
		c.fields[first+c.keys.place(p)] = csvField{text: csvText(p.Value)}
	}
	return c.row()
}

func csvText(v graph.Value) string {
	if v.Kind() != graph.KindList || csvType(v) == typeJSON {
		return string(appendText(nil, v))
	}
	var b []byte
	for i, item := range v.AsList() {
		if i > 0 {
			b = append(b, ';')
		}
		b = appendText(b, item)
	}
	return string(b)
}

func (c *csvWriter) row() error {
	b := c.buf[:0]
	for i, f := range c.fields {
		if i > 0 {
			b = append(b, ',')
		}
		switch {
		case f.null:
		case f.text == "" || strings.ContainsAny(f.text, ",\"\r\n"):
			b = append(append(append(b, '"'), strings.ReplaceAll(f.text, `"`, `""`)...), '"')
		default:
			b = append(b, f.text...)
		}
	}
	c.fields = c.fields[:0]
	return c.line(append(b, '\n'))
}

package formats

import (
	"encoding/xml"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pocketgraph/pocketgraph/graph"
)

// xmlKeys are the typed keys of nodes and of relationships, each collected in a
// first walk.
type xmlKeys struct{ nodes, rels *typedKeys }

func (x *writer) collectXML(classify func(graph.Value) string) (*xmlKeys, error) {
	k := &xmlKeys{newTypedKeys(classify), newTypedKeys(classify)}
	err := x.eachNode(func(graph.Node, graph.ID) error { k.nodes.collect(x.properties); return nil })
	if err == nil {
		err = x.eachRel(func(graph.Rel, graph.ID, graph.ID, graph.ID, string) error { k.rels.collect(x.properties); return nil })
	}
	k.nodes.order(x.r)
	k.rels.order(x.r)
	x.counting = true
	return k, err
}

// holdable reports whether XML can hold a text: it has no control characters.
func holdable(s string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	for _, c := range s {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' || c == 0xFFFE || c == 0xFFFF {
			return false
		}
	}
	return true
}

// escaped writes text so that it comes back as it was; what XML cannot hold at
// all, in names of labels and types, becomes U+FFFD and is noted.
func (x *writer) escaped(s string) {
	if !holdable(s) {
		x.report.note(NoteText, "the text "+quoteShort(s))
	}
	_ = xml.EscapeText(x.out, []byte(s)) // errors of the buffer come up at its Flush
}

// xmlType is the type of a value where lists are JSON of one type.
func xmlType(v graph.Value) string {
	switch v.Kind() {
	case graph.KindString:
		if !holdable(v.AsString()) {
			return typeJSON
		}
	case graph.KindList:
		items := v.AsList()
		if len(items) == 0 {
			return emptyList
		}
		switch items[0].Kind() {
		case graph.KindBool, graph.KindInt, graph.KindFloat, graph.KindString:
			return kindTypes[items[0].Kind()] + "[]"
		}
		return typeJSON
	}
	return kindTypes[v.Kind()]
}

// xmlText is a value as its key has it.
func xmlText(v graph.Value) string {
	if v.Kind() == graph.KindString && !holdable(v.AsString()) {
		return string(appendJSON(nil, v, false))
	}
	return string(appendText(nil, v))
}

// xmlLabels is a list of labels as JSON.
func (x *writer) xmlLabels() string { return string(x.appendLabels(nil)) }

// colonLabels is a list of labels as APOC writes it; ok is false when it cannot
// be read back.
func (x *writer) colonLabels() (text string, ok bool) {
	ok = true
	for _, l := range x.labels {
		name := x.r.LabelName(l)
		ok = ok && name != "" && !strings.Contains(name, ":") && holdable(name)
		text += ":" + name
	}
	return text, ok
}

// graphMLWords and gexfWords are the formats' words for types; what has none is
// a string with a type of ours.
var (
	graphMLWords = map[string]string{typeBoolean: "boolean", typeInteger: "long", typeFloat: "double", typeString: "string"}
	gexfWords    = map[string]string{typeBoolean: "boolean", typeInteger: "long", typeFloat: "double", typeString: "string"}
)

func writeGraphML(x *writer) error {
	keys, err := x.collectXML(xmlType)
	if err != nil {
		return err
	}
	x.text(xml.Header, `<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:pg="`, extension,
		"\"\n xsi:schemaLocation=\"http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd\">\n",
		`<key id="labels" for="node" attr.name="labels" attr.type="string"/>`, "\n", `<key id="label" for="edge" attr.name="label" attr.type="string"/>`, "\n")
	x.graphMLKeys("node", "n", keys.nodes)
	x.graphMLKeys("edge", "e", keys.rels)
	x.text(`<graph id="G" edgedefault="directed">`, "\n")
	err = x.eachNode(func(_ graph.Node, id graph.ID) error {
		x.text(`<node id="n`, idText(id), `"`)
		if len(x.labels) > 0 {
			text, ok := x.colonLabels()
			x.text(` labels="`)
			x.escaped(text)
			x.text(`"`)
			if !ok {
				x.text(` pg:labels="`)
				x.escaped(x.xmlLabels())
				x.text(`"`)
			}
			x.text(`><data key="labels">`)
			x.escaped(text)
			x.text("</data>")
		} else {
			x.text(">")
		}
		x.graphMLData("n", keys.nodes)
		x.text("</node>\n")
		return nil
	})
	if err != nil {
		return err
	}
	err = x.eachRel(func(_ graph.Rel, id, start, end graph.ID, typ string) error {
		x.text(`<edge id="e`, idText(id), `" source="n`, idText(start), `" target="n`, idText(end), `" label="`)
		x.escaped(typ)
		x.text(`"><data key="label">`)
		x.escaped(typ)
		x.text("</data>")
		x.graphMLData("e", keys.rels)
		x.text("</edge>\n")
		return nil
	})
	x.text("</graph>\n</graphml>\n")
	return err
}

func (x *writer) graphMLKeys(of, prefix string, keys *typedKeys) {
	for i, k := range keys.list {
		x.text(`<key id="`, prefix, strconv.Itoa(i), `" for="`, of, `" attr.name="`)
		x.escaped(k.name)
		item, list := strings.CutSuffix(k.typ, "[]")
		word := graphMLWords[k.typ]
		if word == "" {
			word = "string"
		}
		x.text(`" attr.type="`, word, `"`)
		if list {
			x.text(` attr.list="`, graphMLWords[item], `"`)
		} else if graphMLWords[k.typ] == "" {
			x.text(` pg:type="`, k.typ, `"`)
			x.report.note(NoteExtension, "the key "+quoteShort(k.name)+" of type "+k.typ)
		}
		x.text("/>\n")
	}
}

func (x *writer) graphMLData(prefix string, keys *typedKeys) {
	for _, p := range keys.arrange(x.properties) {
		x.text(`<data key="`, prefix, strconv.Itoa(keys.place(p)), `">`)
		x.escaped(xmlText(p.Value))
		x.text("</data>")
	}
}

// gexfClass is xmlType for GEXF, whose lists have no way to escape what is
// between them.
func gexfClass(v graph.Value) string {
	if v.Kind() == graph.KindList {
		return typeJSON
	}
	return xmlType(v)
}

func writeGEXF(x *writer) error {
	keys, err := x.collectXML(gexfClass)
	if err != nil {
		return err
	}
	x.text(xml.Header, `<gexf xmlns="http://gexf.net/1.3" xmlns:pg="`, extension, `" version="1.3">`, "\n",
		`<meta><creator>PocketGraph</creator></meta>`, "\n", `<graph mode="static" defaultedgetype="directed">`, "\n")
	x.gexfKeys("node", gexfLabels, typeJSON, keys.nodes)
	x.gexfKeys("edge", gexfType, typeString, keys.rels)
	x.text("<nodes>\n")
	err = x.eachNode(func(_ graph.Node, id graph.ID) error {
		x.text(`<node id="`, idText(id), `" label="`)
		x.escaped(x.drawn(id))
		x.text(`"><attvalues><attvalue for="0" value="`)
		x.escaped(x.xmlLabels())
		x.text(`"/>`)
		x.gexfValues(keys.nodes)
		x.text("</attvalues></node>\n")
		return nil
	})
	if err != nil {
		return err
	}
	x.text("</nodes>\n<edges>\n")
	err = x.eachRel(func(_ graph.Rel, id, start, end graph.ID, typ string) error {
		x.text(`<edge id="`, idText(id), `" source="`, idText(start), `" target="`, idText(end), `" label="`)
		x.escaped(typ)
		x.text(`"><attvalues><attvalue for="0" value="`)
		x.escaped(typ)
		x.text(`"/>`)
		x.gexfValues(keys.rels)
		x.text("</attvalues></edge>\n")
		return nil
	})
	x.text("</edges>\n</graph>\n</gexf>\n")
	return err
}

// drawn is what a drawing shows for a node: its name or title, or its number.
func (x *writer) drawn(id graph.ID) string {
	for _, name := range []string{"name", "title"} {
		for _, p := range x.properties {
			if p.Value.Kind() == graph.KindString && x.r.KeyName(p.Key) == name && holdable(p.Value.AsString()) {
				return p.Value.AsString()
			}
		}
	}
	return idText(id)
}

func (x *writer) gexfKeys(class, first, firstType string, keys *typedKeys) {
	x.text(`<attributes class="`, class, `">`, "\n", `<attribute id="0" title="`, first, `" type="string"`)
	if firstType != typeString {
		x.text(` pg:type="`, firstType, `"`)
	}
	x.text("/>\n")
	for i, k := range keys.list {
		name := k.name
		if strings.HasPrefix(name, "@") {
			name = "@" + name
		}
		word := gexfWords[k.typ]
		x.text(`<attribute id="`, strconv.Itoa(i+1), `" title="`)
		x.escaped(name)
		if word == "" {
			x.text(`" type="string" pg:type="`, k.typ, `"/>`, "\n")
			x.report.note(NoteExtension, "the attribute "+quoteShort(k.name)+" of type "+k.typ)
			continue
		}
		x.text(`" type="`, word, `"/>`, "\n")
	}
	x.text("</attributes>\n")
}

func (x *writer) gexfValues(keys *typedKeys) {
	for _, p := range keys.arrange(x.properties) {
		x.text(`<attvalue for="`, strconv.Itoa(keys.place(p)+1), `" value="`)
		x.escaped(xmlText(p.Value))
		x.text(`"/>`)
	}
}

package formats

import (
	"encoding/xml"
	"io"
	"strings"

	"github.com/pocketgraph/pocketgraph/graph"
)

// Names of the attributes that labels and types have in our GEXF files.
const (
	gexfLabels = "@labels"
	gexfType   = "@type"
)

// readGEXF reads GEXF 1.1 to 1.3 (https://gexf.net/schema.html) as Gephi,
// NetworkX and we write it. Drawings and times are left out and noted.
func readGEXF(in io.Reader, file string, o *Options, report *Report, to sink) error {
	r := &gexfReader{xmlReader: newXMLReader(in, file, o, report, to), keys: map[string]*attributeKeys{"node": {}, "edge": {}}}
	if err := r.root("gexf"); err != nil {
		return err
	}
	return r.children(func(child xml.StartElement) error {
		switch child.Name.Local {
		case "graph":
			return r.graph(child)
		case "meta":
			return r.skip()
		}
		return r.skipNoted(child)
	})
}

type gexfReader struct {
	*xmlReader
	keys       map[string]*attributeKeys // by class
	ours       bool                      // labels are in an attribute: what is drawn is no property
	undirected bool
}

func (r *gexfReader) graph(start xml.StartElement) error {
	word, _ := attribute(start, "defaultedgetype")
	r.undirected = word == "undirected" || word == ""
	return r.children(func(child xml.StartElement) error {
		switch child.Name.Local {
		case "attributes":
			return r.attributes(child)
		case "nodes":
			return r.children(func(child xml.StartElement) error {
				if child.Name.Local != "node" {
					return r.skipNoted(child)
				}
				return r.graphNode(child)
			})
		case "edges":
			return r.children(func(child xml.StartElement) error {
				if child.Name.Local != "edge" {
					return r.skipNoted(child)
				}
				return r.graphEdge(child)
			})
		}
		return r.skipNoted(child)
	})
}

func (r *gexfReader) attributes(start xml.StartElement) error {
	class, _ := attribute(start, "class")
	keys := r.keys[class]
	if keys == nil {
		return r.mistake("expected node or edge as the class of <attributes>, found " + quoteShort(class))
	}
	return r.children(func(child xml.StartElement) error {
		if child.Name.Local != "attribute" {
			return r.skipNoted(child)
		}
		return r.attribute(child, keys)
	})
}

func (r *gexfReader) attribute(start xml.StartElement, keys *attributeKeys) error {
	id, ok := attribute(start, "id")
	title, titled := attribute(start, "title")
	if !titled {
		title = id
	}
	if !ok || keys.byID[id] != nil {
		return r.mistake("expected an <attribute> with an id of its own, found " + quoteShort(id))
	}
	word, _ := attribute(start, "type")
	k := &attributeKey{name: title, typ: xmlTypes[word]}
	switch {
	case word == "" || word == "date":
		k.typ = typeString
	case strings.HasPrefix(word, "list"):
		k.typ = gexfList
	case k.typ == "":
		return r.mistake("expected integer, long, double, float, boolean, string, liststring or anyURI as type, found " + quoteShort(word))
	}
	r.ours = r.ours || title == gexfLabels
	return r.declare(keys, id, k, start)
}

// gexfList is the type of a list in another program's notation.
const gexfList = "GEXF LIST"

func (r *gexfReader) graphNode(start xml.StartElement) error {
	e, err := r.node(start)
	if err != nil {
		return err
	}
	drawn, _ := attribute(start, "label")
	if err := r.values(e, "node"); err != nil {
		return err
	}
	if !r.ours && drawn != "" && !e.has("label") {
		e.set("label", graph.String(drawn))
	}
	return r.give()
}

func (r *gexfReader) graphEdge(start xml.StartElement) error {
	word, said := attribute(start, "type")
	e, err := r.edge(start, said && word != "directed" || !said && r.undirected)
	if err != nil {
		return err
	}
	e.typ, _ = attribute(start, "label")
	if kind, ok := attribute(start, "kind"); ok && kind != "" {
		e.typ = kind
	}
	if err := r.values(e, "edge"); err != nil {
		return err
	}
	if weight, ok := attribute(start, "weight"); ok && !e.has("weight") {
		if err := r.value(e, &attributeKey{name: "weight", typ: typeFloat}, weight); err != nil {
			return err
		}
	}
	if e.typ == "" && !r.ours {
		untyped(e, r.options, r.report)
	}
	return r.give()
}

// values reads the <attvalues> of an element.
func (r *gexfReader) values(e *element, class string) error {
	seen := map[string]bool{}
	err := r.children(func(child xml.StartElement) error {
		if child.Name.Local != "attvalues" {
			return r.skipNoted(child)
		}
		return r.children(func(child xml.StartElement) error {
			id, _ := attribute(child, "for")
			if old, ok := attribute(child, "id"); id == "" && ok {
				id = old
			}
			text, _ := attribute(child, "value")
			key := r.keys[class].byID[id]
			if key == nil {
				return r.mistake("no <attribute> has the id " + quoteShort(id))
			}
			if err := r.skip(); err != nil {
				return err
			}
			seen[id] = true
			return r.attvalue(e, key, text)
		})
	})
	if err != nil {
		return err
	}
	return r.keys[class].fallbacks(class, seen, func(key *attributeKey, text string) error { return r.attvalue(e, key, text) })
}

func (r *gexfReader) attvalue(e *element, key *attributeKey, text string) error {
	switch {
	case key.name == gexfLabels:
		list, ok := decodeJSON(text)
		if err := labels(e, list); err != nil || !ok {
			return r.mistake("expected a JSON list of strings as labels, found " + quoteShort(text))
		}
		return nil
	case key.name == gexfType:
		e.typ = text
		return nil
	case key.typ == gexfList:
		return r.put(e, key.name, gexfItems(text))
	}
	name := key.name
	if r.ours && strings.HasPrefix(name, "@@") { // a property whose name is one of those above
		key = &attributeKey{name: name[1:], typ: key.typ}
	}
	return r.value(e, key, text)
}

// gexfItems reads a list such as "[a, b]", "a|b", "a;b" or "a,b".
func gexfItems(text string) graph.Value {
	text = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(text), "["), "]")
	separator := ","
	for _, s := range []string{"|", ";"} {
		if strings.Contains(text, s) {
			separator = s
			break
		}
	}
	items := []graph.Value{}
	for item := range strings.SplitSeq(text, separator) {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, graph.String(item))
		}
	}
	return graph.List(items)
}

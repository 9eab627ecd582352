package formats

import (
	"encoding/xml"
	"io"
	"strings"
)

// readGraphML reads GraphML 1.0 (Brandes and others, "GraphML Progress Report",
// 2001) as APOC, yEd, Gephi, NetworkX and we write it. Ports, hyperedges,
// nested graphs and drawings are left out and noted.
func readGraphML(in io.Reader, file string, o *Options, report *Report, to sink) error {
	r := &graphMLReader{xmlReader: newXMLReader(in, file, o, report, to)}
	if err := r.root("graphml"); err != nil {
		return err
	}
	return r.children(func(child xml.StartElement) error {
		switch child.Name.Local {
		case "key":
			return r.key(child)
		case "graph":
			return r.graph(child)
		case "desc":
			return r.skip()
		}
		return r.skipNoted(child)
	})
}

type graphMLReader struct {
	*xmlReader
	keys       attributeKeys
	undirected bool
}

func (r *graphMLReader) key(start xml.StartElement) error {
	id, _ := attribute(start, "id")
	name, named := attribute(start, "attr.name")
	if !named {
		name = id
	}
	if id == "" || r.keys.byID[id] != nil {
		return r.mistake("expected a <key> with an id of its own, found " + quoteShort(id))
	}
	word, _ := attribute(start, "attr.type")
	typ, known := xmlTypes[word]
	if !known && word != "" {
		return r.mistake("expected boolean, int, long, float, double or string as attr.type, found " + quoteShort(word))
	}
	if typ == "" {
		typ = typeString
	}
	k := &attributeKey{name: name, typ: typ}
	_, k.list = attribute(start, "attr.list")
	k.of, _ = attribute(start, "for")
	return r.declare(&r.keys, id, k, start)
}

func (r *graphMLReader) graph(start xml.StartElement) error {
	word, _ := attribute(start, "edgedefault")
	r.undirected = word == "undirected"
	return r.children(func(child xml.StartElement) error {
		switch child.Name.Local {
		case "node":
			return r.graphNode(child)
		case "edge":
			return r.graphEdge(child)
		case "desc":
			return r.skip()
		case "key":
			return r.key(child)
		}
		return r.skipNoted(child)
	})
}

func (r *graphMLReader) graphNode(start xml.StartElement) error {
	e, err := r.node(start)
	if err != nil {
		return err
	}
	text, labelled := attribute(start, "labels")
	if labelled && len(e.labels) == 0 {
		colonLabels(e, text)
	}
	err = r.data(e, "node", func(key, text string) bool {
		if key != "labels" || !labelled && !strings.HasPrefix(text, ":") {
			return false
		}
		if !labelled {
			colonLabels(e, text)
		}
		return true
	})
	if err != nil {
		return err
	}
	return r.give()
}

func (r *graphMLReader) graphEdge(start xml.StartElement) error {
	word, said := attribute(start, "directed")
	e, err := r.edge(start, said && word == "false" || !said && r.undirected)
	if err != nil {
		return err
	}
	typ, typed := attribute(start, "label")
	e.typ = typ
	err = r.data(e, "edge", func(key, text string) bool {
		if key != "label" {
			return false
		}
		if !typed {
			e.typ, typed = text, true
		}
		return true
	})
	if err != nil {
		return err
	}
	if !typed {
		untyped(e, r.options, r.report)
	}
	return r.give()
}

// data reads the <data> of an element. special takes what is no property.
func (r *graphMLReader) data(e *element, of string, special func(key, text string) bool) error {
	seen := map[string]bool{}
	err := r.children(func(child xml.StartElement) error {
		if child.Name.Local != "data" {
			return r.skipNoted(child)
		}
		id, _ := attribute(child, "key")
		key := r.keys.byID[id]
		text, whole, err := r.text()
		switch {
		case err != nil:
			return err
		case !whole:
			r.report.note(NoteSkipped, "elements in the <data> of "+quoteShort(id))
			return nil
		case special(id, text):
			return nil
		case key == nil:
			return r.mistake("no <key> has the id " + quoteShort(id))
		}
		seen[id] = true
		return r.value(e, key, text)
	})
	if err != nil {
		return err
	}
	return r.keys.fallbacks(of, seen, func(key *attributeKey, text string) error { return r.value(e, key, text) })
}

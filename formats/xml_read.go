package formats

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"github.com/pocketgraph/pocketgraph/graph"
)

// extension is the namespace of what GraphML and GEXF files say for
// PocketGraph alone: the type of a value where the format has no word for it,
// and labels that its notation cannot hold.
const extension = "https://pocketgraph.dev/xml"

// xmlReader walks an XML file. encoding/xml expands no entities but those of
// XML itself and reads nothing from elsewhere.
type xmlReader struct {
	d       *xml.Decoder
	limit   *bounded
	file    string
	options *Options
	report  *Report
	to      sink
	e       element
	depth   int
}

func newXMLReader(in io.Reader, file string, o *Options, report *Report, to sink) *xmlReader {
	limit := &bounded{in: in}
	limit.again()
	d := xml.NewDecoder(skipMark(limit))
	d.CharsetReader = func(charset string, in io.Reader) (io.Reader, error) {
		return nil, errors.New("the file is in " + charset + "; expected UTF-8")
	}
	return &xmlReader{d: d, limit: limit, file: file, options: o, report: report, to: to}
}

// wrong gives an error the place where the reader is.
func (r *xmlReader) wrong(err error) error {
	if _, placed := err.(*PlaceError); placed {
		return err
	}
	line, column := r.d.InputPos()
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		err = errors.New(syntax.Msg)
	}
	return &PlaceError{File: r.file, Line: line, Column: column, Err: err}
}

func (r *xmlReader) mistake(text string) error { return r.wrong(errors.New(text)) }

// root reads up to the root element, which must have a name.
func (r *xmlReader) root(name string) error {
	t, err := r.next()
	if err == io.EOF || err == nil && t == nil {
		return r.mistake("the file is empty; expected <" + name + ">")
	}
	if err != nil {
		return err
	}
	if start, ok := t.(xml.StartElement); !ok || start.Name.Local != name {
		return r.mistake("expected <" + name + ">")
	}
	return nil
}

// next is the next beginning or end of an element, or text that is not white
// space.
func (r *xmlReader) next() (xml.Token, error) {
	for {
		t, err := r.d.Token()
		if err == io.EOF {
			return nil, err
		}
		if err != nil {
			return nil, r.wrong(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if r.depth++; r.depth > MaxDepth {
				return nil, r.mistake("elements nest deeper than 100")
			}
			return t, nil
		case xml.EndElement:
			r.depth--
			return t, nil
		case xml.CharData:
			if strings.TrimSpace(string(t)) != "" {
				return t, nil
			}
		}
	}
}

// children calls visit for every child of the element that was begun, until
// its end. visit reads the child to its own end.
func (r *xmlReader) children(visit func(xml.StartElement) error) error {
	for {
		t, err := r.next()
		if err == io.EOF {
			return r.mistake("the file ends inside of an element")
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.EndElement:
			return nil
		case xml.StartElement:
			if err := visit(t); err != nil {
				return err
			}
		}
	}
}

// skip passes over the element that was begun.
func (r *xmlReader) skip() error {
	return r.children(func(xml.StartElement) error { return r.skip() })
}

// skipNoted does so and says it.
func (r *xmlReader) skipNoted(what xml.StartElement) error {
	r.report.note(NoteSkipped, "<"+what.Name.Local+">")
	return r.skip()
}

// text reads the text of the element that was begun to its end. whole is false
// when there were elements in it.
func (r *xmlReader) text() (text string, whole bool, err error) {
	var b strings.Builder
	whole = true
	for {
		t, err := r.d.Token()
		if err != nil {
			if err == io.EOF {
				return "", false, r.mistake("the file ends inside of an element")
			}
			return "", false, r.wrong(err)
		}
		switch t := t.(type) {
		case xml.CharData:
			b.Write(t)
		case xml.StartElement:
			whole = false
			r.depth++
			if err := r.skip(); err != nil {
				return "", false, err
			}
		case xml.EndElement:
			r.depth--
			return b.String(), whole, nil
		}
	}
}

// attribute is the value of an attribute outside of namespaces.
func attribute(e xml.StartElement, name string) (string, bool) { return spaced(e, "", name) }

// own is an attribute of ours.
func own(e xml.StartElement, name string) (string, bool) { return spaced(e, extension, name) }

func spaced(e xml.StartElement, space, name string) (string, bool) {
	for _, a := range e.Attr {
		if a.Name.Space == space && a.Name.Local == name {
			return a.Value, true
		}
	}
	return "", false
}

// begin starts an element of the graph where the reader is.
func (r *xmlReader) begin(rel bool) *element {
	r.e.reset()
	r.limit.again()
	line, column := r.d.InputPos()
	r.e.place = place{file: r.file, line: line, column: column, startColumn: column, endColumn: column}
	r.e.rel = rel
	return &r.e
}

// give gives the element on.
func (r *xmlReader) give() error {
	if err := r.to.element(&r.e); err != nil {
		if _, placed := err.(*PlaceError); placed {
			return err
		}
		return &PlaceError{File: r.file, Line: r.e.place.line, Column: r.e.place.column, Err: err}
	}
	return nil
}

// node begins a node and gives it its identifier.
func (r *xmlReader) node(start xml.StartElement) (*element, error) {
	e := r.begin(false)
	id, ok := attribute(start, "id")
	if !ok || id == "" {
		return nil, r.mistake("expected the attribute id of a <node>")
	}
	e.self.id = id
	if r.options.IDProperty != "" {
		e.set(r.options.IDProperty, graph.String(id))
	}
	if text, ok := own(start, "labels"); ok {
		list, _ := decodeJSON(text)
		if err := labels(e, list); err != nil {
			return nil, r.wrong(err)
		}
	}
	return e, nil
}

// edge begins a relationship and gives it its ends. directed is what the graph
// says of edges that say nothing.
func (r *xmlReader) edge(start xml.StartElement, undirected bool) (*element, error) {
	e := r.begin(true)
	var ok, okEnd bool
	e.start.id, ok = attribute(start, "source")
	e.end.id, okEnd = attribute(start, "target")
	if !ok || !okEnd {
		return nil, r.mistake("expected the attributes source and target of an <edge>")
	}
	if undirected {
		directed(e, r.report)
	}
	return e, nil
}

// colonLabels reads labels as APOC writes them: ":Person:Actor".
func colonLabels(e *element, text string) {
	for name := range strings.SplitSeq(text, ":") {
		if name != "" {
			e.labels = append(e.labels, name)
		}
	}
}

// attributeKey is a declared property of a GraphML or GEXF file.
type attributeKey struct {
	name     string
	typ      string // as of value_text.go
	list     bool   // a JSON list
	of       string // "node", "edge", …; nothing and "all" are both
	fallback *string
}

// attributeKeys are declared properties by what refers to them.
type attributeKeys struct {
	byID  map[string]*attributeKey
	order []string
}

// declare adds a key whose element was begun and reads that to its end: its type
// may be one of ours, and it may have a default.
func (r *xmlReader) declare(keys *attributeKeys, id string, k *attributeKey, start xml.StartElement) error {
	if word, ok := own(start, "type"); ok {
		if k.typ, ok = typeNamed(word); !ok {
			return r.mistake("unknown type " + quoteShort(word))
		}
	}
	if keys.byID == nil {
		keys.byID = map[string]*attributeKey{}
	}
	keys.byID[id] = k
	keys.order = append(keys.order, id)
	return r.children(func(child xml.StartElement) error {
		if child.Name.Local != "default" {
			return r.skip()
		}
		text, _, err := r.text()
		k.fallback = &text
		return err
	})
}

// fallbacks gives the defaults of what a node or an edge had no value for.
func (keys *attributeKeys) fallbacks(of string, seen map[string]bool, give func(key *attributeKey, text string) error) error {
	for _, id := range keys.order {
		key := keys.byID[id]
		if key.fallback == nil || seen[id] || key.of != of && key.of != "" && key.of != "all" {
			continue
		}
		if err := give(key, *key.fallback); err != nil {
			return err
		}
	}
	return nil
}

// value reads the text of a property.
func (r *xmlReader) value(e *element, key *attributeKey, text string) error {
	if key.list || key.typ == typeJSON {
		decoded, ok := decodeJSON(text)
		if !ok {
			return r.mistake("the property " + quoteShort(key.name) + ": expected JSON, found " + quoteShort(text))
		}
		v, change, err := fromJSON(decoded)
		if err != nil {
			return r.mistake("the property " + quoteShort(key.name) + ": " + err.Error())
		}
		changed(change, key.name, r.report)
		return r.put(e, key.name, v)
	}
	if text == "" && key.typ != typeString && key.typ != typeBytes {
		return nil
	}
	v, err := parseText(key.typ, text)
	if err != nil {
		return r.mistake("the property " + quoteShort(key.name) + ": " + err.Error())
	}
	return r.put(e, key.name, v)
}

func (r *xmlReader) put(e *element, name string, v graph.Value) error {
	if err := e.put(name, v); err != nil {
		return r.wrong(err)
	}
	return nil
}

// xmlTypes are the words of GraphML and GEXF for types.
var xmlTypes = map[string]string{
	"boolean": typeBoolean, "int": typeInteger, "integer": typeInteger, "long": typeInteger, "short": typeInteger, "byte": typeInteger,
	"float": typeFloat, "double": typeFloat, "string": typeString, "anyURI": typeString, "char": typeString,
}

package formats

import (
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/pocketgraph/pocketgraph/graph"
)

// readJSON reads every JSON form there is of a graph:
//
//   - one element after another, as apoc.export.json and NornicDB write them,
//     each on its line or in one array;
//   - one object with the members nodes and relationships (or rels, or edges),
//     as Neo4j's and NornicDB's export and graphology have it.
//
// An element is a node or a relationship by the list it is in, by "type":
// "node" or "relationship" as APOC says, or by having ends.
func readJSON(in io.Reader, file string, o *Options, report *Report, to sink) error {
	limit := &bounded{in: in}
	limit.again()
	where := newLines(skipMark(limit))
	r := &jsonReader{where: where, limit: limit, d: json.NewDecoder(where), file: file, options: o, report: report, to: to}
	r.d.UseNumber()
	for {
		err := r.value()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return r.locate(err)
		}
	}
}

type jsonReader struct {
	d       *json.Decoder
	where   *lines
	limit   *bounded
	file    string
	options *Options
	report  *Report
	to      sink
	e       element
	began   int64 // where the last Decode began; -1 when a token came last
}

// mistake is something about an element that its JSON says.
type mistake struct {
	error
	offset int64
}

func (r *jsonReader) locate(err error) error {
	var offset int64
	var syntax *json.SyntaxError
	var m mistake
	switch {
	case errors.As(err, &m):
		offset, err = m.offset, m.error
	case errors.As(err, &syntax):
		offset, err = r.slip(), errors.New(syntax.Error())
	case err == io.ErrUnexpectedEOF, err == io.EOF:
		offset, err = r.where.read, errors.New("the file ends inside of a JSON value")
	default:
		if _, ok := err.(*PlaceError); ok {
			return err
		}
		offset = r.d.InputOffset()
	}
	line, column := r.where.at(max(offset, 0))
	return &PlaceError{File: r.file, Line: line, Column: column, Err: err}
}

// slip is where a mistake of syntax is. A Decoder counts only some of what it
// passes over, so the value is looked at once more by itself.
func (r *jsonReader) slip() int64 {
	if r.began < 0 {
		return r.d.InputOffset()
	}
	start := r.began + r.space(r.began)
	var value any
	var syntax *json.SyntaxError
	if err := json.Unmarshal(r.where.text[max(start-r.where.from, 0):], &value); errors.As(err, &syntax) {
		return start + syntax.Offset - 1
	}
	return start
}

// token reads one token and gives up what was before it.
func (r *jsonReader) token() (json.Token, error) {
	r.where.mark(r.d.InputOffset())
	r.began = -1
	return r.d.Token()
}

// decode reads one whole value.
func (r *jsonReader) decode(into any) error {
	r.began = r.d.InputOffset()
	r.where.mark(r.began)
	if err := r.d.Decode(into); err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		var wrongType *json.UnmarshalTypeError
		if errors.As(err, &wrongType) {
			return mistake{errors.New("expected an object, found " + wrongType.Value), r.began + r.space(r.began)}
		}
		return err
	}
	return nil
}

// value reads one value of the top level; io.EOF when there is none.
func (r *jsonReader) value() error {
	r.limit.again()
	t, err := r.token()
	if err != nil {
		return err
	}
	switch t {
	case json.Delim('['):
		return r.list("")
	case json.Delim('{'):
		return r.object()
	}
	return mistake{errors.New("expected an object or an array of objects"), r.d.InputOffset() - 1}
}

// list reads the elements of an array and its end.
func (r *jsonReader) list(name string) error {
	for r.d.More() {
		r.limit.again()
		var m map[string]any
		if err := r.decode(&m); err != nil {
			return err
		}
		line, column := r.where.at(r.began + r.space(r.began))
		if err := r.element(m, name, line, column); err != nil {
			return err
		}
	}
	r.limit.again()
	_, err := r.token()
	return ended(err)
}

// ended makes the end of the file an error.
func ended(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// lists are the members that hold elements.
var lists = map[string]string{"nodes": "nodes", "relationships": "edges", "rels": "edges", "edges": "edges"}

// object reads an object whose beginning was read: a graph when it has lists of
// elements, else an element.
func (r *jsonReader) object() error {
	line, column := r.where.at(r.d.InputOffset() - 1)
	m, graph := map[string]any{}, false
	for r.d.More() {
		t, err := r.token()
		if err != nil {
			return ended(err)
		}
		key, _ := t.(string)
		if name, ok := lists[key]; ok && m["id"] == nil && m["type"] == nil {
			graph = true
			if err := r.opened(key); err != nil {
				return err
			}
			if err := r.list(name); err != nil {
				return err
			}
			continue
		}
		var v any
		if err := r.decode(&v); err != nil {
			return err
		}
		m[key] = v
	}
	if _, err := r.token(); err != nil {
		return ended(err)
	}
	if graph {
		if attributes, ok := m["attributes"].(map[string]any); ok && len(attributes) > 0 {
			r.report.note(NoteSkipped, "attributes of the graph itself")
		}
		return nil
	}
	return r.element(m, "", line, column)
}

// opened reads the beginning of an array.
func (r *jsonReader) opened(key string) error {
	t, err := r.token()
	if err == nil && t != json.Delim('[') {
		return mistake{errors.New("expected an array in " + quoteShort(key)), r.d.InputOffset() - 1}
	}
	return ended(err)
}

// element gives one element on, which begins at line and column. list is the
// list it is in, or empty.
func (r *jsonReader) element(m map[string]any, list string, line, column int) error {
	e := &r.e
	e.reset()
	e.place = place{file: r.file, line: line, column: column, startColumn: column, endColumn: column}
	e.rel = list == "edges" || list == "" && isRelationship(m)
	err := r.fill(e, m)
	if err == nil {
		err = r.to.element(e)
	}
	if _, placed := err.(*PlaceError); err != nil && !placed {
		return &PlaceError{File: r.file, Line: line, Column: column, Err: err}
	}
	return err
}

// space counts what stands between the value before and the one that begins.
func (r *jsonReader) space(offset int64) (n int64) {
	for i := offset - r.where.from; i >= 0 && i < int64(len(r.where.text)) && strings.IndexByte(" \t\r\n,:", r.where.text[i]) >= 0; i++ {
		n++
	}
	return n
}

func isRelationship(m map[string]any) bool {
	switch m["type"] {
	case "node":
		return m["start"] != nil || m["startNode"] != nil
	case "relationship":
		return true
	}
	return m["start"] != nil || m["startNode"] != nil || m["source"] != nil
}

func (r *jsonReader) fill(e *element, m map[string]any) (err error) {
	if e.rel {
		err = r.fillRel(e, m)
	} else {
		err = r.fillNode(e, m)
	}
	if err != nil {
		return err
	}
	properties, ok := m["properties"].(map[string]any)
	if !ok && m["properties"] != nil {
		return errors.New("expected an object in \"properties\"")
	}
	if attributes, isGraphology := m["attributes"].(map[string]any); !ok && isGraphology {
		return r.attributes(e, attributes)
	}
	return r.properties(e, properties)
}

func (r *jsonReader) fillNode(e *element, m map[string]any) error {
	id, ok := identifier(m, "id", "key")
	if !ok {
		return errors.New(`expected a node with "id", or with "key" in graphology's form`)
	}
	e.self.id = id
	if r.options.IDProperty != "" {
		e.set(r.options.IDProperty, graph.String(id))
	}
	return labels(e, m["labels"])
}

func labels(e *element, v any) error {
	list, ok := v.([]any)
	if !ok && v != nil {
		return errors.New("expected a list of strings as labels")
	}
	for _, item := range list {
		name, ok := item.(string)
		if !ok {
			return errors.New("expected a list of strings as labels")
		}
		e.labels = append(e.labels, name)
	}
	return nil
}

func (r *jsonReader) fillRel(e *element, m map[string]any) error {
	var ok, okEnd bool
	e.start.id, ok = identifier(m, "start", "startNode", "source")
	e.end.id, okEnd = identifier(m, "end", "endNode", "target")
	if !ok || !okEnd {
		return errors.New(`expected a relationship with "start" and "end", "startNode" and "endNode", or "source" and "target"`)
	}
	if label, ok := m["label"].(string); ok {
		e.typ = label
	} else if typ, ok := m["type"].(string); ok {
		e.typ = typ
	} else if _, graphology := m["attributes"]; !graphology {
		r.untyped(e)
	}
	if undirected, _ := m["undirected"].(bool); undirected {
		directed(e, r.report)
	}
	return nil
}

func (r *jsonReader) untyped(e *element) { untyped(e, r.options, r.report) }

// untyped gives a relationship the type of those that have none.
func untyped(e *element, o *Options, report *Report) {
	e.typ = o.Type
	if report.again(NoteDefaultType) {
		return
	}
	report.note(NoteDefaultType, "the relationship from "+quoteShort(e.start.id)+" to "+quoteShort(e.end.id)+" has no type in the file: "+o.Type)
}

// directed says that an edge without direction got the one it is written in.
func directed(e *element, report *Report) {
	if !report.again(NoteUndirected) {
		report.note(NoteUndirected, "the edge from "+quoteShort(e.start.id)+" to "+quoteShort(e.end.id)+" has no direction in the file")
	}
}

// identifier is the first of the members that is there: text, a number, or an
// object with an id as APOC has it.
func identifier(m map[string]any, names ...string) (string, bool) {
	for _, name := range names {
		switch v := m[name].(type) {
		case string:
			return v, v != ""
		case json.Number:
			return string(v), true
		case map[string]any:
			return identifier(v, "id")
		}
	}
	return "", false
}

// properties converts properties, in the order of their names.
func (r *jsonReader) properties(e *element, m map[string]any) error {
	for _, name := range sortedKeys(m) {
		if err := r.property(e, name, m[name]); err != nil {
			return err
		}
	}
	return nil
}

func (r *jsonReader) property(e *element, name string, content any) error {
	if depthOf(content) > MaxDepth {
		return errors.New("the property " + quoteShort(name) + " nests deeper than 100")
	}
	v, change, err := fromJSON(content)
	if err != nil {
		return errors.New("the property " + quoteShort(name) + ": " + err.Error())
	}
	changed(change, name, r.report)
	return e.put(name, v)
}

// changed says that a property is not what it was in the file; empty: it is.
func changed(kind, name string, report *Report) {
	if kind != "" && !report.again(kind) {
		report.note(kind, "the property "+quoteShort(name))
	}
}

func sortedKeys(m map[string]any) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// attributes are a graphology element's: what begins with one @ is ours, see
// graphology_write.go.
func (r *jsonReader) attributes(e *element, m map[string]any) error {
	typ := e.typ
	for _, name := range sortedKeys(m) {
		switch {
		case name == "@labels" && !e.rel:
			if err := labels(e, m[name]); err != nil {
				return err
			}
		case name == "@type" && e.rel:
			typ, _ = m[name].(string)
		default:
			if err := r.property(e, strings.TrimPrefix(name, "@"), m[name]); err != nil {
				return err
			}
		}
	}
	if e.typ = typ; e.rel && typ == "" && m["@type"] == nil {
		r.untyped(e)
	}
	return nil
}

// skipMark drops a byte order mark.
func skipMark(in io.Reader) io.Reader { return &unmarked{in: in} }

type unmarked struct {
	in   io.Reader
	seen bool
}

func (u *unmarked) Read(p []byte) (int, error) {
	if u.seen || len(p) < 3 {
		return u.in.Read(p)
	}
	u.seen = true
	n, err := io.ReadAtLeast(u.in, p, 3)
	if err == io.ErrUnexpectedEOF || err == io.EOF {
		err = nil
		if n == 0 {
			err = io.EOF
		}
	}
	if n >= 3 && string(p[:3]) == "\xef\xbb\xbf" {
		n = copy(p, p[3:n])
	}
	return n, err
}

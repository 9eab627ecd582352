package formats

import (
	"errors"
	"strings"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/csv"
)

// role says what a column is.
type role uint8

const (
	roleProperty role = iota
	roleID
	roleLabel
	roleStart
	roleEnd
	roleType
	roleIgnore
)

// column is one field of a header such as "born:INT", ":ID(Person)",
// "personId:ID(Person)", "aliases:STRING[]" or ":IGNORE".
type column struct {
	role  role
	name  string // of the property; empty when there is none
	space string // id space of ID, START_ID and END_ID
	kind  string // upper-case type of a property, without []
	array bool
	twin  bool // another column has a property of this name, too
}

// header is a whole header line. Places are indexes of columns, -1 for none.
type header struct {
	columns        []column
	id             int      // of nodes
	start, end, of int      // of relationships; of is the type
	labels         []string // of every node, by a mapping
	typ            string   // of every relationship, by a mapping
}

// rels reports whether the file holds relationships, alone or beside nodes.
func (h *header) rels() bool { return h.start >= 0 }

// mixed reports whether it holds both: lines with a start are relationships.
func (h *header) mixed() bool { return h.start >= 0 && h.id >= 0 }

// parseHeader reads a header. A mapping, which may be nil, says what columns
// are whose text does not.
func parseHeader(fields []csv.Field, m *Mapping) (*header, error) {
	h := &header{id: -1, start: -1, end: -1, of: -1}
	if m != nil {
		h.labels, h.typ = m.Labels, m.Type
		if missing := m.missing(fields); missing != "" {
			return nil, errors.New("the mapping names a column " + quoteShort(missing) + ", which the file does not have")
		}
	}
	names := map[string]bool{}
	labels := false
	for i, f := range fields {
		c, err := parseColumn(m.header(f.Text))
		if err != nil {
			return nil, err
		}
		if again := h.place(c.role, i) || c.isProperty() && names[c.typedName()]; again {
			return nil, errors.New("the header field " + quoteShort(f.Text) + " repeats another")
		}
		names[c.typedName()] = names[c.typedName()] || c.isProperty()
		labels = labels || c.role == roleLabel
		h.columns = append(h.columns, c)
	}
	columns := map[string]int{}
	for i := range h.columns {
		if h.columns[i].isProperty() {
			columns[h.columns[i].name]++
		}
	}
	for i := range h.columns {
		h.columns[i].twin = columns[h.columns[i].name] > 1
	}
	return h, h.complete(labels)
}

// typedName tells columns apart: a property may have a column for each type
// that it has in the file.
func (c *column) typedName() string {
	kind := c.kind
	if c.role == roleID {
		kind = typeString
	}
	if c.array {
		kind += "[]"
	}
	return kind + " " + c.name
}

// place notes the columns that a header has at most once, and reports whether
// this one repeats.
func (h *header) place(r role, i int) (again bool) {
	at := map[role]*int{roleID: &h.id, roleStart: &h.start, roleEnd: &h.end, roleType: &h.of}[r]
	if at == nil {
		return false
	}
	again = *at >= 0
	*at = i
	return again
}

// complete looks whether the columns together make sense.
func (h *header) complete(labels bool) error {
	typed := h.of >= 0 || h.typ != ""
	switch {
	case h.start < 0 && h.end < 0 && h.id < 0 && len(h.labels) == 0:
		return errNoRoles
	case h.start < 0 && h.end < 0 && h.of >= 0:
		return errors.New("a file of nodes has no :TYPE")
	case h.start < 0 && h.end < 0:
		return nil
	case h.start < 0 || h.end < 0 || !typed:
		return errors.New("a file of relationships needs :START_ID, :END_ID and :TYPE")
	case h.id < 0 && labels:
		return errors.New("a file of relationships has no :LABEL; one of nodes and relationships has :ID, too")
	}
	return nil
}

var errNoRoles = errors.New("the header has neither :ID (nodes) nor :START_ID and :END_ID (relationships); a mapping can say what the columns are")

func parseColumn(text string) (column, error) {
	name, kind := text, "STRING"
	if i := strings.LastIndexByte(text, ':'); i >= 0 {
		name, kind = text[:i], text[i+1:]
	}
	c := column{name: strings.TrimSpace(name)}
	kind = strings.TrimSpace(kind)
	if i := strings.IndexByte(kind, '('); i >= 0 && strings.HasSuffix(kind, ")") {
		c.space, kind = kind[i+1:len(kind)-1], kind[:i]
	}
	kind = strings.ToUpper(strings.TrimSpace(kind))
	switch kind {
	case "ID":
		c.role = roleID
	case "LABEL":
		c.role = roleLabel
	case "START_ID":
		c.role = roleStart
	case "END_ID":
		c.role = roleEnd
	case "TYPE":
		c.role = roleType
	case "IGNORE":
		c.role = roleIgnore
	default:
		return propertyColumn(c, kind, text)
	}
	return c, nil
}

func propertyColumn(c column, kind, text string) (column, error) {
	kind, c.array = strings.CutSuffix(kind, "[]")
	typ, ok := typeNamed(kind)
	if !ok {
		return c, errors.New("unknown type in the header field " + quoteShort(text) + "; known are " + knownTypes + ", each but JSON also as array with []")
	}
	if c.kind = typ; c.name == "" {
		return c, errors.New("the header field " + quoteShort(text) + " has no name")
	}
	return c, nil
}

const knownTypes = "INT, LONG, FLOAT, DOUBLE, BOOLEAN, STRING, DATE, TIME, LOCALTIME, DATETIME, LOCALDATETIME, DURATION, POINT, BASE64, VECTOR, JSON"

// isProperty reports whether the column gives its element a property.
func (c *column) isProperty() bool {
	return c.name != "" && (c.role == roleProperty || c.role == roleID)
}

// value converts a field. An empty field is no value, unless it was quoted: then
// it is an empty string or an empty array. (Many programs quote everything, so
// a quoted empty number is no value either.)
func (c *column) value(f csv.Field, arrayDelimiter string) (graph.Value, error) {
	switch {
	case f.Text == "" && !f.Quoted, f.Text == "" && !c.array && c.kind != typeString && c.kind != typeBytes:
		return graph.Null, nil
	case f.Text == "" && c.array:
		return graph.List(nil), nil
	case !c.array:
		return parseText(c.kind, f.Text)
	}
	parts := strings.Split(f.Text, arrayDelimiter)
	items := make([]graph.Value, len(parts))
	for i, part := range parts {
		var err error
		if items[i], err = parseText(c.kind, part); err != nil {
			return graph.Null, err
		}
	}
	return graph.List(items), nil
}

package importer

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

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
	key   graph.KeyID // of the property, once known to the transaction
}

// header is a whole header line. Places are indexes of columns, -1 for none.
type header struct {
	columns        []column
	id             int // of a file of nodes
	start, end, of int // of a file of relationships; of is the type
}

// rels reports whether the file holds relationships.
func (h *header) rels() bool { return h.start >= 0 }

func parseHeader(fields []csv.Field) (*header, error) {
	h := &header{id: -1, start: -1, end: -1, of: -1}
	names := map[string]bool{}
	labels := false
	for i, f := range fields {
		c, err := parseColumn(f.Text)
		if err != nil {
			return nil, err
		}
		if again := h.place(c.role, i) || c.isProperty() && names[c.name]; again {
			return nil, errors.New("the header field " + quoteShort(f.Text) + " repeats another")
		}
		names[c.name] = names[c.name] || c.isProperty()
		labels = labels || c.role == roleLabel
		h.columns = append(h.columns, c)
	}
	return h, h.complete(labels)
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
	switch {
	case h.start < 0 && h.end < 0 && h.id < 0:
		return errors.New("the header has neither :ID (nodes) nor :START_ID and :END_ID (relationships)")
	case h.start < 0 && h.end < 0 && h.of >= 0:
		return errors.New("a file of nodes has no :TYPE")
	case h.start < 0 && h.end < 0:
		return nil
	case h.start < 0 || h.end < 0 || h.of < 0:
		return errors.New("a file of relationships needs :START_ID, :END_ID and :TYPE")
	case h.id >= 0 || labels:
		return errors.New("a file of relationships has neither :ID nor :LABEL")
	}
	return nil
}

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
	switch kind {
	case "INT", "LONG", "SHORT", "BYTE", "INTEGER":
		c.kind = "INT"
	case "FLOAT", "DOUBLE":
		c.kind = "FLOAT"
	case "BOOLEAN", "BOOL":
		c.kind = "BOOLEAN"
	case "STRING", "CHAR":
		c.kind = "STRING"
	default:
		return c, errors.New("unknown type in the header field " + quoteShort(text) + "; known are INT, LONG, FLOAT, DOUBLE, BOOLEAN, STRING, each also as array with []")
	}
	if c.name == "" {
		return c, errors.New("the header field " + quoteShort(text) + " has no name")
	}
	return c, nil
}

// isProperty reports whether the column gives its element a property.
func (c *column) isProperty() bool {
	return c.name != "" && (c.role == roleProperty || c.role == roleID)
}

// value converts a field. An empty field is no value, unless it was quoted: then
// it is an empty string or an empty array. (Many programs quote everything, so
// a quoted empty number is no value either.)
func (c *column) value(f csv.Field, arrayDelimiter string) (graph.Value, error) {
	switch {
	case f.Text == "" && !f.Quoted, f.Text == "" && !c.array && c.kind != "STRING":
		return graph.Null, nil
	case f.Text == "" && c.array:
		return graph.List(nil), nil
	case !c.array:
		return c.scalar(f.Text)
	}
	parts := strings.Split(f.Text, arrayDelimiter)
	items := make([]graph.Value, len(parts))
	for i, part := range parts {
		var err error
		if items[i], err = c.scalar(part); err != nil {
			return graph.Null, err
		}
	}
	return graph.List(items), nil
}

func (c *column) scalar(text string) (graph.Value, error) {
	switch c.kind {
	case "INT":
		i, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
		if err != nil {
			return graph.Null, errors.New("expected an integer of 64 bits, found " + quoteShort(text))
		}
		return graph.Int(i), nil
	case "FLOAT":
		x, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
		if err != nil {
			return graph.Null, errors.New("expected a number, found " + quoteShort(text))
		}
		return graph.Float(x), nil
	case "BOOLEAN":
		switch strings.ToLower(strings.TrimSpace(text)) {
		case "true":
			return graph.Bool(true), nil
		case "false":
			return graph.Bool(false), nil
		}
		return graph.Null, errors.New("expected true or false, found " + quoteShort(text))
	}
	return graph.String(text), nil
}

// quoteShort quotes at most 40 bytes of a text, for messages.
func quoteShort(text string) string {
	if len(text) > 40 {
		end := 40
		for end > 36 && !utf8.RuneStart(text[end]) {
			end--
		}
		return strconv.Quote(text[:end]) + "…"
	}
	return strconv.Quote(text)
}

package importer

import (
	"errors"
	"strconv"
	"strings"

	"github.com/pocketgraph/pocketgraph/graph"
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

// header is a whole header line.
type header struct {
	columns []column
	rels    bool // START_ID and END_ID are there
	id      int  // column of the ID, -1 when there is none
	start   int
	end     int
}

func parseHeader(fields []field) (*header, error) {
	h := &header{id: -1, start: -1, end: -1}
	for i, f := range fields {
		c, err := parseColumn(f.text)
		if err != nil {
			return nil, err
		}
		for _, place := range []struct {
			role role
			at   *int
		}{{roleID, &h.id}, {roleStart, &h.start}, {roleEnd, &h.end}} {
			if c.role != place.role {
				continue
			}
			if *place.at >= 0 {
				return nil, errors.New("column " + strconv.Itoa(i+1) + " repeats " + f.text)
			}
			*place.at = i
		}
		h.columns = append(h.columns, c)
	}
	h.rels = h.start >= 0 || h.end >= 0
	switch {
	case h.rels && (h.start < 0 || h.end < 0):
		return nil, errors.New("a file of relationships needs both :START_ID and :END_ID")
	case !h.rels && h.id < 0:
		return nil, errors.New("the header has neither :ID (nodes) nor :START_ID and :END_ID (relationships)")
	}
	return h, nil
}

func parseColumn(text string) (column, error) {
	name, kind := text, "STRING"
	if i := strings.LastIndexByte(text, ':'); i >= 0 {
		name, kind = text[:i], text[i+1:]
	}
	c := column{name: strings.TrimSpace(name)}
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
		return c, errors.New("unknown type in the header field " + strconv.Quote(text) + "; known are INT, LONG, FLOAT, DOUBLE, BOOLEAN, STRING, each also as array with []")
	}
	if c.name == "" {
		return c, errors.New("the header field " + strconv.Quote(text) + " has no name")
	}
	return c, nil
}

// value converts a field. An empty field that was not quoted is no value.
func (c *column) value(f field, arrayDelimiter string) (graph.Value, error) {
	if f.text == "" && !f.quoted {
		return graph.Null, nil
	}
	if !c.array {
		return c.scalar(f.text)
	}
	parts := strings.Split(f.text, arrayDelimiter)
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
		return strconv.Quote(text[:40]) + "…"
	}
	return strconv.Quote(text)
}

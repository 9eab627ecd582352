package formats

import (
	"encoding/base64"
	"math"
	"strconv"
	"strings"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/graph/temporal"
)

// How nodes are found again while a script runs, by names that APOC gave them.
const (
	importLabel      = "`UNIQUE IMPORT LABEL`"
	importID         = "`UNIQUE IMPORT ID`"
	importConstraint = "`UNIQUE_IMPORT_NAME`"
)

// A statement of a script makes so many elements, or fewer large ones.
const (
	statementRows  = 500
	statementBytes = 256 << 10
)

// writeCypher writes a script that makes the graph and its schema.
func writeCypher(x *writer) error {
	x.counting = true
	c := &cypherWriter{writer: x}
	if x.r.RelCount() > 0 {
		x.text("CREATE CONSTRAINT ", importConstraint, " FOR (n:", importLabel, ") REQUIRE n.", importID, " IS UNIQUE;\n")
	}
	err := x.eachNode(func(_ graph.Node, id graph.ID) error {
		c.row(c.labelText(), append(strconv.AppendUint(append(x.buf[:0], "{i:"...), uint64(id), 10), ", p:"...))
		return nil
	})
	if err != nil {
		return err
	}
	c.flush()
	c.rels = true
	err = x.eachRel(func(_ graph.Rel, _, start, end graph.ID, typ string) error {
		b := strconv.AppendUint(append(x.buf[:0], "{s:"...), uint64(start), 10)
		b = strconv.AppendUint(append(b, ", e:"...), uint64(end), 10)
		c.row(":"+quotedName(typ), append(b, ", p:"...))
		return nil
	})
	if err != nil {
		return err
	}
	c.flush()
	if x.r.RelCount() > 0 {
		x.text("MATCH (n:", importLabel, ") REMOVE n:", importLabel, ", n.", importID, ";\nDROP CONSTRAINT ", importConstraint, ";\n")
	}
	for _, statement := range Schema(x.r) {
		x.text(statement, ";\n")
	}
	return nil
}

// cypherWriter gathers elements of one kind to a statement.
type cypherWriter struct {
	*writer
	rels  bool
	names string // labels or the type of the rows at hand
	rows  int
	bytes int
}

func (c *cypherWriter) labelText() string {
	text := ""
	for _, l := range c.labels {
		text += ":" + quotedName(c.r.LabelName(l))
	}
	return text
}

func (c *cypherWriter) row(names string, b []byte) {
	if c.rows > 0 && (names != c.names || c.rows == statementRows || c.bytes > statementBytes) {
		c.flush()
	}
	if c.rows == 0 {
		c.names = names
		c.text("UNWIND [\n")
	} else {
		c.text(",\n")
	}
	b = append(b, '{')
	first := true
	for _, p := range c.properties {
		if !first {
			b = append(b, ", "...)
		}
		first = false
		b = append(append(b, quotedName(c.r.KeyName(p.Key))...), ':')
		b = c.literal(b, p, p.Value)
	}
	b = append(b, "}}"...)
	c.rows++
	c.bytes += len(b)
	_ = c.line(b)
}

func (c *cypherWriter) flush() {
	if c.rows == 0 {
		return
	}
	c.text("\n] AS row\n")
	switch {
	case c.rels:
		c.text("MATCH (a:", importLabel, " {", importID, ": row.s}), (b:", importLabel, " {", importID, ": row.e})\nCREATE (a)-[x", c.names, "]->(b) SET x += row.p;\n")
	case c.r.RelCount() > 0:
		c.text("CREATE (x:", importLabel, c.names, " {", importID, ": row.i}) SET x += row.p;\n")
	default:
		c.text("CREATE (x", c.names, ") SET x += row.p;\n")
	}
	c.rows, c.bytes = 0, 0
}

// literal appends a value in Cypher. Bytes and vectors have no notation: they
// become text in base64 and lists of floats, which the report says.
func (c *cypherWriter) literal(b []byte, p graph.Property, v graph.Value) []byte {
	switch v.Kind() {
	case graph.KindBool, graph.KindInt:
		return appendJSON(b, v, true)
	case graph.KindFloat:
		return append(b, floatLiteral(v.AsFloat())...)
	case graph.KindString:
		return appendCypherString(b, v.AsString())
	case graph.KindList:
		b = append(b, '[')
		for i, item := range v.AsList() {
			if i > 0 {
				b = append(b, ", "...)
			}
			b = c.literal(b, p, item)
		}
		return append(b, ']')
	case graph.KindPoint:
		return append(b, pointLiteral(v.AsPoint())...)
	case graph.KindBytes, graph.KindVector:
		c.report.note(NotePlain, "the property "+quoteShort(c.r.KeyName(p.Key))+" is a "+v.Kind().String())
		if v.Kind() == graph.KindBytes {
			return appendCypherString(b, base64.StdEncoding.EncodeToString(v.AsBytes()))
		}
		list := make([]graph.Value, len(v.AsVector()))
		for i, f := range v.AsVector() {
			list[i] = graph.Float(float64(f))
		}
		return c.literal(b, p, graph.List(list))
	}
	function, text := temporal.Tagged(v)
	return append(append(append(append(b, function[1:]...), "('"...), text...), "')"...)
}

func floatLiteral(f float64) string {
	switch {
	case math.IsNaN(f):
		return "(0.0/0.0)"
	case math.IsInf(f, 1):
		return "(1.0/0.0)"
	case math.IsInf(f, -1):
		return "(-1.0/0.0)"
	}
	return strings.Replace(floatText(f), "e+", "e", 1)
}

func pointLiteral(c graph.Coordinates) string {
	text := "point({srid:" + strconv.Itoa(int(c.SRID)) + ", x:" + floatLiteral(c.X) + ", y:" + floatLiteral(c.Y)
	if is3D(c.SRID) {
		text += ", z:" + floatLiteral(c.Z)
	}
	return text + "})"
}

func appendCypherString(b []byte, s string) []byte {
	b = append(b, '\'')
	for _, r := range s { // ranging gives U+FFFD for each byte that is not UTF-8
		switch {
		case r == '\'' || r == '\\':
			b = append(b, '\\', byte(r))
		case r == '\n':
			b = append(b, '\\', 'n')
		case r == '\r':
			b = append(b, '\\', 'r')
		case r == '\t':
			b = append(b, '\\', 't')
		case r < ' ':
			b = appendEscape(b, byte(r))
		default:
			b = append(b, string(r)...)
		}
	}
	return append(b, '\'')
}

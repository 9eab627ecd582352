package cypher

import (
	"math"
	"sort"
	"strconv"
	"strings"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/graph/temporal"
)

// Expected values are compared with answers as canonical text. canon writes
// an answer, canonExpected reads the suite's notation and writes the same.

type canonizer struct {
	reader    graph.Reader
	unordered bool // lists are compared as multisets
}

func (c canonizer) value(v graph.Value) string {
	switch v.Kind() {
	case graph.KindNull:
		return "null"
	case graph.KindBool:
		return strconv.FormatBool(v.AsBool())
	case graph.KindInt:
		return "i" + strconv.FormatInt(v.AsInt(), 10)
	case graph.KindFloat:
		return canonFloat(v.AsFloat())
	case graph.KindString:
		return strconv.Quote(v.AsString())
	case graph.KindList:
		var parts []string
		for _, item := range v.AsList() {
			parts = append(parts, c.value(item))
		}
		return c.list(parts)
	case graph.KindMap:
		var parts []string
		for i := 0; i < v.AsMap().Len(); i++ {
			k, item := v.AsMap().At(i)
			parts = append(parts, strconv.Quote(k)+":"+c.value(item))
		}
		return canonMap(parts)
	case graph.KindNode:
		return c.node(v.AsNode())
	case graph.KindRel:
		return c.rel(v.AsRel())
	case graph.KindPath:
		p := v.AsPath()
		text := "<" + c.node(p.Nodes[0])
		for i, r := range p.Rels {
			if start, _ := c.reader.RelEnds(r); start == p.Nodes[i] {
				text += "-" + c.rel(r) + "->"
			} else {
				text += "<-" + c.rel(r) + "-"
			}
			text += c.node(p.Nodes[i+1])
		}
		return text + ">"
	}
	if text := temporal.Text(v); text != "" {
		return strconv.Quote(text)
	}
	return "?" + v.Kind().String()
}

func (c canonizer) list(parts []string) string {
	if c.unordered {
		sort.Strings(parts)
	}
	return "[" + strings.Join(parts, ",") + "]"
}

func canonMap(parts []string) string {
	sort.Strings(parts)
	return "{" + strings.Join(parts, ",") + "}"
}

func canonFloat(f float64) string {
	if f == 0 {
		f = 0 // -0.0 is 0.0
	}
	if math.IsNaN(f) {
		return "fNaN"
	}
	return "f" + strconv.FormatFloat(f+0, 'g', -1, 64)
}

func (c canonizer) properties(props []graph.Property) string {
	var parts []string
	for _, p := range props {
		parts = append(parts, strconv.Quote(c.reader.KeyName(p.Key))+":"+c.value(p.Value))
	}
	return canonMap(parts)
}

func (c canonizer) node(n graph.Node) string {
	var labels []string
	for _, l := range c.reader.AppendLabels(nil, n) {
		labels = append(labels, ":"+c.reader.LabelName(l))
	}
	sort.Strings(labels)
	return "(" + strings.Join(labels, "") + c.properties(c.reader.AppendNodeProperties(nil, n)) + ")"
}

func (c canonizer) rel(r graph.Rel) string {
	return "[:" + c.reader.TypeName(c.reader.RelType(r)) + c.properties(c.reader.AppendRelProperties(nil, r)) + "]"
}

// expected reads the suite's notation.
type expected struct {
	s string
	i int
	canonizer
}

func (e *expected) space() {
	for e.i < len(e.s) && (e.s[e.i] == ' ' || e.s[e.i] == '\t') {
		e.i++
	}
}

func (e *expected) take(text string) bool {
	e.space()
	if strings.HasPrefix(e.s[e.i:], text) {
		e.i += len(text)
		return true
	}
	return false
}

func (e *expected) value() string {
	e.space()
	switch {
	case e.i >= len(e.s):
		return "!empty"
	case e.s[e.i] == '\'':
		return strconv.Quote(e.text())
	case e.take("["):
		if e.take(":") {
			e.i -= 2
			for e.s[e.i] != '[' {
				e.i--
			}
			return e.rel()
		}
		var parts []string
		for !e.take("]") {
			parts = append(parts, e.value())
			e.take(",")
		}
		return e.list(parts)
	case e.s[e.i] == '{':
		return e.mapText()
	case e.s[e.i] == '(':
		return e.node()
	case e.take("<"):
		text := "<" + e.node()
		for !e.take(">") {
			if e.take("<-") {
				text += "<-" + e.rel() + "-"
				e.take("-")
			} else {
				e.take("-")
				text += "-" + e.rel() + "->"
				e.take("->")
			}
			text += e.node()
		}
		return text + ">"
	}
	return e.word()
}

func (e *expected) word() string {
	from := e.i
	for e.i < len(e.s) && !strings.ContainsRune(",]} )|", rune(e.s[e.i])) {
		e.i++
	}
	w := e.s[from:e.i]
	switch w {
	case "null", "true", "false":
		return w
	case "NaN":
		return "fNaN"
	}
	if i, err := strconv.ParseInt(w, 10, 64); err == nil {
		return "i" + strconv.FormatInt(i, 10)
	}
	if f, err := strconv.ParseFloat(w, 64); err == nil {
		return canonFloat(f)
	}
	return "!" + w
}

func (e *expected) text() string {
	var b strings.Builder
	for e.i++; e.i < len(e.s) && e.s[e.i] != '\''; e.i++ {
		if e.s[e.i] == '\\' && e.i+1 < len(e.s) && (e.s[e.i+1] == '\'' || e.s[e.i+1] == '\\') {
			e.i++
		}
		b.WriteByte(e.s[e.i])
	}
	e.i++
	return b.String()
}

func (e *expected) name(stop string) string {
	e.space()
	from := e.i
	for e.i < len(e.s) && !strings.ContainsRune(stop, rune(e.s[e.i])) {
		e.i++
	}
	return strings.Trim(e.s[from:e.i], "` ")
}

func (e *expected) mapText() string {
	var parts []string
	e.take("{")
	for !e.take("}") {
		k := e.name(":")
		e.take(":")
		parts = append(parts, strconv.Quote(k)+":"+e.value())
		e.take(",")
	}
	return canonMap(parts)
}

func (e *expected) optionalMap() string {
	e.space()
	if e.i < len(e.s) && e.s[e.i] == '{' {
		return e.mapText()
	}
	return "{}"
}

func (e *expected) node() string {
	e.take("(")
	var labels []string
	for e.take(":") {
		labels = append(labels, ":"+e.name(": {)"))
	}
	sort.Strings(labels)
	text := "(" + strings.Join(labels, "") + e.optionalMap() + ")"
	e.take(")")
	return text
}

func (e *expected) rel() string {
	e.take("[")
	e.take(":")
	text := "[:" + e.name(" {]") + e.optionalMap() + "]"
	e.take("]")
	return text
}

func canonExpected(s string, unordered bool) string {
	e := &expected{s: s, canonizer: canonizer{unordered: unordered}}
	return e.value()
}

// parameterText turns the suite's notation into a value, by way of RETURN.
func parameterText(s string) string { return "RETURN " + s }

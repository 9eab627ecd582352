package formats

import (
	"strconv"

	"github.com/pocketgraph/pocketgraph/graph"
)

// writeJSONLines writes an element a line, as apoc.export.json.all does.
func writeJSONLines(x *writer) error {
	x.counting = true
	err := x.eachNode(func(_ graph.Node, id graph.ID) error {
		b := append(appendID(append(x.buf[:0], `{"type":"node","id":`...), id), `,"labels":`...)
		b = x.appendProperties(x.appendLabels(b), `,"properties":`)
		return x.line(append(b, "}\n"...))
	})
	if err != nil {
		return err
	}
	return x.eachRel(func(rel graph.Rel, id, start, end graph.ID, typ string) error {
		b := appendID(append(x.buf[:0], `{"type":"relationship","id":`...), id)
		b = appendJSONString(append(b, `,"label":`...), typ)
		b = x.appendProperties(b, `,"properties":`)
		startNode, endNode := x.r.RelEnds(rel)
		b = x.appendEnd(b, "start", startNode, start)
		b = x.appendEnd(b, "end", endNode, end)
		return x.line(append(b, "}\n"...))
	})
}

// line writes what was put together in the buffer, which it keeps.
func (x *writer) line(b []byte) error {
	x.buf = b
	_, err := x.out.Write(b)
	return err
}

func appendID(b []byte, id graph.ID) []byte {
	return append(strconv.AppendUint(append(b, '"'), uint64(id), 10), '"')
}

func (x *writer) appendLabels(b []byte) []byte {
	b = append(b, '[')
	for i, l := range x.labels {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendJSONString(b, x.r.LabelName(l))
	}
	return append(b, ']')
}

func (x *writer) appendEnd(b []byte, name string, n graph.Node, id graph.ID) []byte {
	b = append(append(append(b, `,"`...), name...), `":{"id":`...)
	x.labels = x.r.AppendLabels(x.labels[:0], n)
	return append(x.appendLabels(append(appendID(b, id), `,"labels":`...)), '}')
}

// appendProperties appends x.properties as an object.
func (x *writer) appendProperties(b []byte, before string) []byte {
	b = append(append(b, before...), '{')
	for i, p := range x.properties {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendJSONString(b, x.r.KeyName(p.Key)), ':')
		b = x.appendValue(b, p)
	}
	return append(b, '}')
}

// appendValue appends a value and notes what the plain form loses.
func (x *writer) appendValue(b []byte, p graph.Property) []byte {
	if x.o.Plain && losesType(p.Value) {
		x.report.note(NotePlain, "the property "+quoteShort(x.r.KeyName(p.Key))+" is a "+p.Value.Kind().String())
	}
	return appendJSON(b, p.Value, x.o.Plain)
}

// losesType reports whether plain JSON does not show what a value is. Points
// are objects that are read as points.
func losesType(v graph.Value) bool {
	switch v.Kind() {
	case graph.KindBool, graph.KindInt, graph.KindString, graph.KindPoint:
		return false
	case graph.KindFloat:
		return v.AsFloat() != v.AsFloat() || v.AsFloat()-v.AsFloat() != 0
	case graph.KindList:
		for _, item := range v.AsList() {
			if losesType(item) {
				return true
			}
		}
		return false
	}
	return true
}

// writeNeo4jJSON writes one object, flat, as NornicDB's export and others have
// it.
func writeNeo4jJSON(x *writer) error {
	x.counting = true
	x.text(`{"nodes":[`)
	before := "\n"
	err := x.eachNode(func(_ graph.Node, id graph.ID) error {
		b := append(appendID(append(append(x.buf[:0], before...), `{"id":`...), id), `,"labels":`...)
		before = ",\n"
		return x.line(append(x.appendProperties(x.appendLabels(b), `,"properties":`), '}'))
	})
	if err != nil {
		return err
	}
	x.text("\n],\"relationships\":[")
	before = "\n"
	err = x.eachRel(func(_ graph.Rel, id, start, end graph.ID, typ string) error {
		b := appendJSONString(append(appendID(append(append(x.buf[:0], before...), `{"id":`...), id), `,"type":`...), typ)
		b = appendID(append(b, `,"startNode":`...), start)
		b = appendID(append(b, `,"endNode":`...), end)
		before = ",\n"
		return x.line(append(x.appendProperties(b, `,"properties":`), '}'))
	})
	x.text("\n]}\n")
	return err
}

// writeGraphology writes what graphology's import reads: properties are
// attributes as they are. Labels and types are the attributes @labels and
// @type, since sigma takes "type" for how a thing is drawn; a property whose
// name begins with @ gets another before it.
func writeGraphology(x *writer) error {
	x.counting = true
	x.text(`{"attributes":{},"options":{"type":"directed","multi":true,"allowSelfLoops":true},"nodes":[`)
	before := "\n"
	err := x.eachNode(func(_ graph.Node, id graph.ID) error {
		b := appendID(append(append(x.buf[:0], before...), `{"key":`...), id)
		b = x.appendLabels(append(b, `,"attributes":{"@labels":`...))
		before = ",\n"
		return x.line(append(x.appendAttributes(b), "}}"...))
	})
	if err != nil {
		return err
	}
	x.text("\n],\"edges\":[")
	before = "\n"
	err = x.eachRel(func(_ graph.Rel, id, start, end graph.ID, typ string) error {
		b := appendID(append(append(x.buf[:0], before...), `{"key":`...), id)
		b = appendID(append(b, `,"source":`...), start)
		b = appendID(append(b, `,"target":`...), end)
		b = appendJSONString(append(b, `,"attributes":{"@type":`...), typ)
		before = ",\n"
		return x.line(append(x.appendAttributes(b), "}}"...))
	})
	x.text("\n]}\n")
	return err
}

func (x *writer) appendAttributes(b []byte) []byte {
	for _, p := range x.properties {
		name := x.r.KeyName(p.Key)
		if len(name) > 0 && name[0] == '@' {
			name = "@" + name
		}
		b = append(appendJSONString(append(b, ','), name), ':')
		b = x.appendValue(b, p)
	}
	return b
}

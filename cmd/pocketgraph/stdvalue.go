package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"strconv"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/graph/temporal"
)

// Values of the stdio protocol: null, booleans and strings are themselves,
// everything else is an object with one key that says what it is, so that an
// integer never passes for a float.

func encodeValue(r graph.Reader, v graph.Value) any {
	switch v.Kind() {
	case graph.KindNull:
		return nil
	case graph.KindBool:
		return v.AsBool()
	case graph.KindString:
		return v.AsString()
	case graph.KindInt:
		return tagged("$int", strconv.FormatInt(v.AsInt(), 10))
	case graph.KindFloat:
		return tagged("$float", encodeFloat(v.AsFloat()))
	case graph.KindBytes:
		return tagged("$bytes", v.AsBytes()) // base64
	case graph.KindList:
		items := []any{}
		for _, item := range v.AsList() {
			items = append(items, encodeValue(r, item))
		}
		return tagged("$list", items)
	case graph.KindMap:
		m := v.AsMap()
		out := map[string]any{}
		for i := range m.Len() {
			key, item := m.At(i)
			out[key] = encodeValue(r, item)
		}
		return tagged("$map", out)
	case graph.KindNode, graph.KindRel, graph.KindPath:
		return encodeElement(r, v)
	}
	if tag, text := temporal.Tagged(v); tag != "" {
		return tagged(tag, text)
	}
	switch v.Kind() {
	case graph.KindPoint:
		return tagged("$point", pointMembers(v))
	case graph.KindVector:
		return tagged("$vector", v.AsVector())
	}
	return tagged("$other", v.Kind().String())
}

func tagged(tag string, v any) any { return map[string]any{tag: v} }

func pointMembers(v graph.Value) any {
	p := v.AsPoint()
	return map[string]any{"srid": p.SRID, "x": p.X, "y": p.Y, "z": p.Z}
}

func encodeFloat(f float64) any {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case f == 0 && math.Signbit(f):
		return "-0"
	}
	return f
}

func encodeElement(r graph.Reader, v graph.Value) any {
	switch v.Kind() {
	case graph.KindNode:
		return tagged("$node", encodeNode(r, v.AsNode()))
	case graph.KindRel:
		return tagged("$rel", encodeRel(r, v.AsRel()))
	}
	nodes, rels := []any{}, []any{}
	for _, n := range v.AsPath().Nodes {
		nodes = append(nodes, encodeNode(r, n))
	}
	for _, rel := range v.AsPath().Rels {
		rels = append(rels, encodeRel(r, rel))
	}
	return tagged("$path", map[string]any{"nodes": nodes, "rels": rels})
}

func encodeNode(r graph.Reader, n graph.Node) any {
	labels := []string{}
	for _, l := range r.AppendLabels(nil, n) {
		labels = append(labels, r.LabelName(l))
	}
	return map[string]any{"id": idText(r.NodeID(n)), "labels": labels,
		"props": encodeProperties(r, r.AppendNodeProperties(nil, n))}
}

func encodeRel(r graph.Reader, rel graph.Rel) any {
	start, end := r.RelEnds(rel)
	return map[string]any{"id": idText(r.RelID(rel)), "type": r.TypeName(r.RelType(rel)),
		"start": idText(r.NodeID(start)), "end": idText(r.NodeID(end)),
		"props": encodeProperties(r, r.AppendRelProperties(nil, rel))}
}

func idText(id graph.ID) string { return strconv.FormatUint(uint64(id), 10) }

func encodeProperties(r graph.Reader, properties []graph.Property) any {
	out := map[string]any{}
	for _, p := range properties {
		out[r.KeyName(p.Key)] = encodeValue(r, p.Value)
	}
	return out
}

// maxDepth bounds how deep lists and maps lie in each other: what decodes them
// calls itself, and looks at the inner ones again for each level.
const maxDepth = 128

var (
	errBadValue = errors.New("expected null, a boolean, a string, or an object with one of $int, $float, $list, $map, $bytes, $date, $localtime, $time, $localdatetime, $datetime, $duration")
	errTooDeep  = errors.New("lists and maps lie more than " + strconv.Itoa(maxDepth) + " levels deep")
)

// decodeValue reads a parameter.
func decodeValue(raw json.RawMessage) (graph.Value, error) { return decodeAt(raw, 0) }

func decodeAt(raw json.RawMessage, depth int) (graph.Value, error) {
	if depth > maxDepth {
		return graph.Null, errTooDeep
	}
	if raw = bytes.TrimSpace(raw); len(raw) == 0 || raw[0] != '{' {
		return decodePlain(raw)
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(raw, &object); err != nil {
		return graph.Null, err
	}
	if len(object) == 1 {
		for tag, content := range object {
			return decodeTagged(tag, content, depth)
		}
	}
	return graph.Null, errBadValue
}

func decodePlain(raw json.RawMessage) (graph.Value, error) {
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		return graph.Null, err
	}
	switch v := v.(type) {
	case nil:
		return graph.Null, nil
	case bool:
		return graph.Bool(v), nil
	case string:
		return graph.String(v), nil
	}
	return graph.Null, errBadValue
}

func decodeTagged(tag string, content json.RawMessage, depth int) (graph.Value, error) {
	switch tag {
	case "$int":
		var text string
		if err := json.Unmarshal(content, &text); err != nil {
			return graph.Null, err
		}
		i, err := strconv.ParseInt(text, 10, 64)
		return graph.Int(i), err
	case "$float":
		return decodeFloat(content)
	case "$bytes":
		var b []byte
		err := json.Unmarshal(content, &b)
		return graph.Bytes(b), err
	case "$list":
		return decodeList(content, depth)
	case "$map":
		return decodeMap(content, depth)
	}
	return decodeTemporal(tag, content)
}

func decodeTemporal(tag string, content json.RawMessage) (graph.Value, error) {
	var text string
	if err := json.Unmarshal(content, &text); err != nil {
		return graph.Null, errBadValue
	}
	v, known, err := temporal.FromTagged(tag, text)
	if !known {
		err = errBadValue
	}
	return v, err
}

func decodeList(content json.RawMessage, depth int) (graph.Value, error) {
	var raw []json.RawMessage
	if err := json.Unmarshal(content, &raw); err != nil {
		return graph.Null, err
	}
	items := make([]graph.Value, len(raw))
	for i := range raw {
		var err error
		if items[i], err = decodeAt(raw[i], depth+1); err != nil {
			return graph.Null, err
		}
	}
	return graph.List(items), nil
}

func decodeMap(content json.RawMessage, depth int) (graph.Value, error) {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(content, &raw); err != nil {
		return graph.Null, err
	}
	var entries []graph.Entry
	for key, item := range raw {
		v, err := decodeAt(item, depth+1)
		if err != nil {
			return graph.Null, err
		}
		entries = append(entries, graph.Entry{Key: key, Value: v})
	}
	return graph.MapValue(graph.NewMap(entries)), nil
}

func decodeFloat(content json.RawMessage) (graph.Value, error) {
	var f float64
	if err := json.Unmarshal(content, &f); err == nil {
		return graph.Float(f), nil
	}
	var text string
	if err := json.Unmarshal(content, &text); err != nil {
		return graph.Null, err
	}
	switch text {
	case "NaN":
		return graph.Float(math.NaN()), nil
	case "Infinity":
		return graph.Float(math.Inf(1)), nil
	case "-Infinity":
		return graph.Float(math.Inf(-1)), nil
	case "-0":
		return graph.Float(math.Copysign(0, -1)), nil
	}
	return graph.Null, errBadValue
}

package jsbridge

import (
	"encoding/hex"
	"math"
	"strconv"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/graph/temporal"
)

// treeBuilder makes values in the notation of the native command's stdio
// protocol: JSON for null, booleans and strings, one-key objects for the
// rest. It is what the golden messages show.
type treeBuilder struct{}

type object = map[string]any

func (treeBuilder) Null() any           { return nil }
func (treeBuilder) Bool(v bool) any     { return v }
func (treeBuilder) Int(v int64) any     { return object{"$int": strconv.FormatInt(v, 10)} }
func (treeBuilder) String(v string) any { return v }
func (treeBuilder) Bytes(v []byte) any  { return object{"$bytes": hex.EncodeToString(v)} }
func (treeBuilder) List(v []any) any    { return object{"$list": v} }
func (treeBuilder) Float(v float64) any { return object{"$float": plainFloat(v)} }
func (treeBuilder) Vector(v []float32) any {
	out := make([]any, len(v))
	for i, f := range v {
		out[i] = plainFloat(float64(f))
	}
	return object{"$vector": out}
}

func plainFloat(v float64) any {
	switch {
	case math.IsNaN(v):
		return "NaN"
	case math.IsInf(v, 1):
		return "Infinity"
	case math.IsInf(v, -1):
		return "-Infinity"
	case v == 0 && math.Signbit(v):
		return "-0"
	}
	return v
}

func (treeBuilder) Map(keys []string, values []any) any {
	return object{"$map": objectOf(keys, values)}
}

func objectOf(keys []string, values []any) object {
	m := object{}
	for i := range keys {
		m[keys[i]] = values[i]
	}
	return m
}

func (treeBuilder) Point(c graph.Coordinates) any {
	return object{"$point": object{"srid": float64(c.SRID), "x": plainFloat(c.X), "y": plainFloat(c.Y), "z": plainFloat(c.Z)}}
}

func decimal(id uint64) string { return strconv.FormatUint(id, 10) }

func (treeBuilder) Node(id uint64, labels, keys []string, values []any) any {
	l := make([]any, len(labels))
	for i := range labels {
		l[i] = labels[i]
	}
	return object{"$node": object{"id": decimal(id), "labels": l, "props": objectOf(keys, values)}}
}

func (treeBuilder) Relationship(id, start, end uint64, typ string, keys []string, values []any) any {
	return object{"$rel": object{"id": decimal(id), "type": typ, "start": decimal(start), "end": decimal(end), "props": objectOf(keys, values)}}
}

func (treeBuilder) Path(nodes, rels []any) any {
	return object{"$path": object{"nodes": nodes, "rels": rels}}
}

func (treeBuilder) Temporal(v graph.Value) any {
	if v.IsNull() { // after an error
		return nil
	}
	key, text := temporal.Tagged(v)
	return object{key: text}
}

// plainOf turns the notation of treeBuilder into what driver.js's plain shows
// of the JavaScript value.
func plainOf(v any) any {
	o, ok := v.(object)
	if !ok {
		return v
	}
	for key, inner := range o {
		switch key {
		case "$int":
			n, err := strconv.ParseInt(inner.(string), 10, 64)
			if err != nil || n > maxSafe || n < -maxSafe {
				return inner.(string) + "n"
			}
			return float64(n)
		case "$float":
			if inner == "-0" {
				return 0.0 // package syscall/js cannot hold a minus zero
			}
			return inner
		case "$list":
			out := []any{}
			for _, item := range inner.([]any) {
				out = append(out, plainOf(item))
			}
			return out
		case "$map":
			return plainMap(inner.(object))
		case "$node":
			n := inner.(object)
			return object{"id": n["id"], "labels": n["labels"], "properties": plainMap(n["props"].(object))}
		case "$rel":
			r := inner.(object)
			return object{"id": r["id"], "type": r["type"], "start": r["start"], "end": r["end"], "properties": plainMap(r["props"].(object))}
		case "$point":
			p := inner.(object)
			if p["srid"] == float64(7203) {
				delete(p, "z")
			}
		}
	}
	return v
}

func plainMap(m object) object {
	out := object{}
	for key, item := range m {
		out[key] = plainOf(item)
	}
	return out
}

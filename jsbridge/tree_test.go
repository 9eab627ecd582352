package jsbridge

import (
	"encoding/hex"
	"math"
	"strconv"
	"time"

	"github.com/pocketgraph/pocketgraph/graph"
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
	clock := func(seconds int64, nanos int32) time.Time { return time.Unix(seconds, int64(nanos)).UTC() }
	switch v.Kind() {
	case graph.KindDate:
		return object{"$date": clock(v.AsDate()*86400, 0).Format("2006-01-02")}
	case graph.KindLocalTime:
		return object{"$localtime": clock(0, 0).Add(time.Duration(v.AsLocalTime())).Format("15:04:05.999999999")}
	case graph.KindTime:
		nanos, offset := v.AsTime()
		return object{"$time": clock(0, 0).Add(time.Duration(nanos)).Format("15:04:05.999999999") + zone(offset)}
	case graph.KindLocalDateTime:
		return object{"$localdatetime": clock(v.AsLocalDateTime()).Format("2006-01-02T15:04:05.999999999")}
	case graph.KindDateTime:
		z := v.AsDateTime()
		text := clock(z.Seconds+int64(z.Offset), z.Nanos).Format("2006-01-02T15:04:05.999999999") + zone(z.Offset)
		if z.Zone != "" {
			text += "[" + z.Zone + "]"
		}
		return object{"$datetime": text}
	case graph.KindDuration:
		return object{"$duration": durationText(v.AsDuration())}
	}
	return nil
}

func zone(offset int32) string {
	if offset == 0 {
		return "Z"
	}
	return time.Unix(0, 0).In(time.FixedZone("", int(offset))).Format("-07:00")
}

// durationText is the ISO form, for parts that are not negative.
func durationText(s graph.Span) string {
	text := "P"
	part := func(n int64, unit string) {
		if n != 0 {
			text += strconv.FormatInt(n, 10) + unit
		}
	}
	part(s.Months/12, "Y")
	part(s.Months%12, "M")
	part(s.Days, "D")
	if s.Seconds != 0 || s.Nanos != 0 {
		text += "T"
		part(s.Seconds/3600, "H")
		part(s.Seconds%3600/60, "M")
		if s.Seconds%60 != 0 || s.Nanos != 0 {
			text += time.Unix(s.Seconds%60, int64(s.Nanos)).UTC().Format("5.999999999") + "S"
		}
	}
	if text == "P" {
		return "PT0S"
	}
	return text
}

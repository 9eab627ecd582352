package formats

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/graph/temporal"
)

// Types of values as text, in the words of neo4j-admin's CSV headers where it
// has them. BASE64, VECTOR and JSON are ours: JSON stands for whatever the
// others cannot hold, as value_json.go writes it.
const (
	typeBoolean       = "BOOLEAN"
	typeInteger       = "INT"
	typeFloat         = "FLOAT"
	typeString        = "STRING"
	typeDate          = "DATE"
	typeLocalTime     = "LOCALTIME"
	typeTime          = "TIME"
	typeLocalDateTime = "LOCALDATETIME"
	typeDateTime      = "DATETIME"
	typeDuration      = "DURATION"
	typePoint         = "POINT"
	typeBytes         = "BASE64"
	typeVector        = "VECTOR"
	typeJSON          = "JSON"
)

// kindTypes are the types of scalars.
var kindTypes = map[graph.Kind]string{
	graph.KindBool: typeBoolean, graph.KindInt: typeInteger, graph.KindFloat: typeFloat, graph.KindString: typeString,
	graph.KindDate: typeDate, graph.KindLocalTime: typeLocalTime, graph.KindTime: typeTime,
	graph.KindLocalDateTime: typeLocalDateTime, graph.KindDateTime: typeDateTime, graph.KindDuration: typeDuration,
	graph.KindPoint: typePoint, graph.KindBytes: typeBytes, graph.KindVector: typeVector,
}

// temporalKinds are the kinds of the types that package temporal reads.
var temporalKinds = map[string]graph.Kind{
	typeDate: graph.KindDate, typeLocalTime: graph.KindLocalTime, typeTime: graph.KindTime,
	typeLocalDateTime: graph.KindLocalDateTime, typeDateTime: graph.KindDateTime, typeDuration: graph.KindDuration,
}

// typeAliases are other words for the types.
var typeAliases = map[string]string{
	"LONG": typeInteger, "SHORT": typeInteger, "BYTE": typeInteger, "INTEGER": typeInteger,
	"DOUBLE": typeFloat, "BOOL": typeBoolean, "CHAR": typeString,
}

// typeNamed finds a type by a word in capitals.
func typeNamed(word string) (string, bool) {
	if t, ok := typeAliases[word]; ok {
		return t, true
	}
	switch word {
	case typeBoolean, typeInteger, typeFloat, typeString, typePoint, typeBytes, typeVector, typeJSON:
		return word, true
	}
	_, ok := temporalKinds[word]
	return word, ok
}

// appendText appends a scalar in the form of its type.
func appendText(b []byte, v graph.Value) []byte {
	switch v.Kind() {
	case graph.KindString:
		return append(b, strings.ToValidUTF8(v.AsString(), "\ufffd")...)
	case graph.KindFloat:
		return append(b, floatText(v.AsFloat())...)
	case graph.KindBytes:
		return base64.StdEncoding.AppendEncode(b, v.AsBytes())
	case graph.KindVector:
		return appendNumbers(b, v.AsVector())
	case graph.KindPoint:
		return append(b, pointText(v.AsPoint())...)
	case graph.KindBool, graph.KindInt, graph.KindList:
		return appendJSON(b, v, false)
	}
	return append(b, temporal.Text(v)...)
}

// pointText is a point as neo4j-admin reads it and as Cypher writes it.
func pointText(c graph.Coordinates) string {
	text := "{srid:" + strconv.Itoa(int(c.SRID)) + ", x:" + floatText(c.X) + ", y:" + floatText(c.Y)
	if is3D(c.SRID) {
		text += ", z:" + floatText(c.Z)
	}
	return text + "}"
}

// parseText reads a scalar in the form of its type.
func parseText(typ, text string) (graph.Value, error) {
	if typ == typeString {
		return graph.String(text), nil
	}
	trimmed := strings.TrimSpace(text)
	switch typ {
	case typeInteger:
		i, err := strconv.ParseInt(trimmed, 10, 64)
		if err != nil {
			return graph.Null, errors.New("expected an integer of 64 bits, found " + quoteShort(text))
		}
		return graph.Int(i), nil
	case typeFloat:
		x, err := strconv.ParseFloat(trimmed, 64)
		if err != nil {
			return graph.Null, errors.New("expected a number, found " + quoteShort(text))
		}
		return graph.Float(x), nil
	case typeBoolean:
		switch strings.ToLower(trimmed) {
		case "true":
			return graph.Bool(true), nil
		case "false":
			return graph.Bool(false), nil
		}
		return graph.Null, errors.New("expected true or false, found " + quoteShort(text))
	case typePoint:
		return parsePoint(trimmed)
	case typeBytes:
		p, err := base64.StdEncoding.DecodeString(trimmed)
		if err != nil {
			return graph.Null, errors.New("expected base64, found " + quoteShort(text))
		}
		return graph.Bytes(p), nil
	case typeVector:
		numbers, ok := decodeJSON(trimmed)
		list, isList := numbers.([]any)
		if !ok || !isList {
			return graph.Null, errors.New("expected a vector such as [0.5,1], found " + quoteShort(text))
		}
		return vectorOf(list)
	case typeJSON:
		decoded, ok := decodeJSON(trimmed)
		if !ok {
			return graph.Null, errors.New("expected JSON, found " + quoteShort(text))
		}
		v, _, err := fromJSON(decoded)
		return v, err
	}
	v, err := temporal.Parse(temporalKinds[typ], trimmed)
	if err != nil {
		return graph.Null, errors.New("expected a " + typ + ", found " + quoteShort(text) + ": " + err.Error())
	}
	return v, nil
}

// decodeJSON reads one whole JSON text.
func decodeJSON(text string) (any, bool) {
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, false
	}
	_, err := d.Token()
	return v, err == io.EOF && depthOf(v) <= MaxDepth
}

func depthOf(v any) (depth int) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			depth = max(depth, depthOf(item))
		}
		depth++
	case map[string]any:
		for _, item := range v {
			depth = max(depth, depthOf(item))
		}
		depth++
	}
	return depth
}

// parsePoint reads {name: value, …}: srid or crs, and x, y, z or longitude,
// latitude, height. Without either the names say which system is meant.
func parsePoint(text string) (graph.Value, error) {
	wrong := errors.New("expected a point such as {srid:4326, x:1.5, y:2}, found " + quoteShort(text))
	body, ok := strings.CutPrefix(text, "{")
	body, ok2 := strings.CutSuffix(body, "}")
	if !ok || !ok2 {
		return graph.Null, wrong
	}
	m := map[string]any{}
	for part := range strings.SplitSeq(body, ",") {
		name, value, ok := strings.Cut(part, ":")
		name, value = strings.Trim(strings.TrimSpace(name), `"'`), strings.Trim(strings.TrimSpace(value), `"'`)
		if !ok || m[name] != nil {
			return graph.Null, wrong
		}
		if m[name] = any(json.Number(value)); name == "crs" {
			m[name] = strings.ToLower(value)
		}
	}
	if m["srid"] == nil && m["crs"] == nil {
		m["crs"] = impliedSystem(m)
	}
	v, known := pointOf(m)
	if !known {
		return graph.Null, wrong
	}
	return v, nil
}

func impliedSystem(m map[string]any) string {
	name, third := "cartesian", m["z"]
	if m["longitude"] != nil {
		name = "wgs-84"
		if third == nil {
			third = m["height"]
		}
	}
	if third != nil {
		name += "-3d"
	}
	return name
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

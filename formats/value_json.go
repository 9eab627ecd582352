package formats

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/graph/temporal"
)

// Values in JSON. Strings, booleans, lists, integers and finite floats are what
// JSON has for them: integers digit by digit, floats always with a point or an
// exponent, so that both come back as what they were. For the rest there are
// objects of one member, which no property can be mistaken for because a
// property is never a map: {"$date": "2020-01-31"} and the other temporal kinds
// (temporal.Tagged), {"$float": "NaN"}, {"$bytes": base64}, {"$vector": […]},
// {"$point": {"srid", "x", "y", "z"}}.
const (
	tagFloat  = "$float"
	tagBytes  = "$bytes"
	tagVector = "$vector"
	tagPoint  = "$point"
)

// appendJSON appends a value. Plain leaves the tags away, as APOC writes.
func appendJSON(b []byte, v graph.Value, plain bool) []byte {
	switch v.Kind() {
	case graph.KindNull:
		return append(b, "null"...)
	case graph.KindBool:
		return strconv.AppendBool(b, v.AsBool())
	case graph.KindInt:
		return strconv.AppendInt(b, v.AsInt(), 10)
	case graph.KindFloat:
		return appendJSONFloat(b, v.AsFloat(), plain)
	case graph.KindString:
		return appendJSONString(b, v.AsString())
	case graph.KindBytes:
		return appendTagged(b, tagBytes, plain, func(b []byte) []byte {
			return append(base64.StdEncoding.AppendEncode(append(b, '"'), v.AsBytes()), '"')
		})
	case graph.KindVector:
		return appendTagged(b, tagVector, plain, func(b []byte) []byte { return appendNumbers(b, v.AsVector()) })
	case graph.KindPoint:
		if plain {
			return appendPointPlain(b, v.AsPoint())
		}
		return appendTagged(b, tagPoint, false, func(b []byte) []byte { return appendPoint(b, v.AsPoint()) })
	case graph.KindList:
		b = append(b, '[')
		for i, item := range v.AsList() {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendJSON(b, item, plain)
		}
		return append(b, ']')
	}
	key, text := temporal.Tagged(v)
	return appendTagged(b, key, plain, func(b []byte) []byte { return appendJSONString(b, text) })
}

func appendTagged(b []byte, key string, plain bool, content func([]byte) []byte) []byte {
	if plain {
		return content(b)
	}
	return append(content(append(append(append(b, `{"`...), key...), `":`...)), '}')
}

// floatText always shows that the number is a float, and is JSON where it is
// finite.
func floatText(f float64) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	}
	text := strconv.FormatFloat(f, 'g', -1, 64)
	for _, c := range text {
		if c == '.' || c == 'e' {
			return text
		}
	}
	return text + ".0"
}

func appendJSONFloat(b []byte, f float64, plain bool) []byte {
	text := floatText(f)
	if !math.IsNaN(f) && !math.IsInf(f, 0) {
		return append(b, text...)
	}
	return appendTagged(b, tagFloat, plain, func(b []byte) []byte { return append(append(append(b, '"'), text...), '"') })
}

func appendNumbers(b []byte, v []float32) []byte {
	b = append(b, '[')
	for i, f := range v {
		if i > 0 {
			b = append(b, ',')
		}
		if math.IsNaN(float64(f)) || math.IsInf(float64(f), 0) {
			b = append(append(append(b, '"'), floatText(float64(f))...), '"')
			continue
		}
		b = strconv.AppendFloat(b, float64(f), 'g', -1, 32)
	}
	return append(b, ']')
}

func is3D(srid int32) bool { return srid == 9157 || srid == 4979 }

func appendPoint(b []byte, c graph.Coordinates) []byte {
	b = strconv.AppendInt(append(b, `{"srid":`...), int64(c.SRID), 10)
	names := []string{`,"x":`, `,"y":`, `,"z":`}
	for i, f := range []float64{c.X, c.Y, c.Z} {
		if i < 2 || is3D(c.SRID) {
			b = appendJSONFloat(append(b, names[i]...), f, true)
		}
	}
	return append(b, '}')
}

// systems are the coordinate systems with the names and the coordinates that
// APOC gives them.
var systems = []struct {
	srid   int32
	name   string
	places []string
}{
	{7203, "cartesian", []string{"x", "y"}}, {9157, "cartesian-3d", []string{"x", "y", "z"}},
	{4326, "wgs-84", []string{"longitude", "latitude"}}, {4979, "wgs-84-3d", []string{"longitude", "latitude", "height"}},
}

func appendPointPlain(b []byte, c graph.Coordinates) []byte {
	for _, s := range systems {
		if s.srid == c.SRID {
			b = append(append(append(b, `{"crs":"`...), s.name...), '"')
			for i, f := range []float64{c.X, c.Y, c.Z}[:len(s.places)] {
				b = append(append(append(b, `,"`...), s.places[i]...), `":`...)
				b = appendJSONFloat(b, f, true)
			}
			return append(b, '}')
		}
	}
	return appendPoint(b, c)
}

// appendJSONString escapes no more than JSON demands. Bytes that are not UTF-8
// become U+FFFD, as everywhere.
func appendJSONString(b []byte, s string) []byte {
	b = append(b, '"')
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				b = append(append(b, s[from:i]...), "\ufffd"...)
				from = i + 1
			}
			i += size
			continue
		}
		b = append(b, s[from:i]...)
		b = appendEscape(b, c)
		i++
		from = i
	}
	return append(append(b, s[from:]...), '"')
}

func appendEscape(b []byte, c byte) []byte {
	const hex = "0123456789abcdef"
	switch c {
	case '"', '\\':
		return append(b, '\\', c)
	case '\n':
		return append(b, '\\', 'n')
	case '\r':
		return append(b, '\\', 'r')
	case '\t':
		return append(b, '\\', 't')
	}
	return append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
}

// What becomes of JSON that no property can hold.
const (
	asText  = "json-text"     // a map, a nested or mixed list: kept as JSON text
	asFloat = "large-integer" // an integer beyond 64 bits: a Float where that is exact, else text
)

// fromJSON converts what encoding/json decoded with UseNumber. change says what
// could not be held as it was; it is empty where nothing is lost.
func fromJSON(v any) (value graph.Value, change string, err error) {
	switch v := v.(type) {
	case nil:
		return graph.Null, "", nil
	case bool:
		return graph.Bool(v), "", nil
	case string:
		return graph.String(v), "", nil
	case json.Number:
		value, change = fromNumber(string(v))
		return value, change, nil
	case []any:
		return fromArray(v)
	case map[string]any:
		return fromObject(v)
	}
	return graph.Null, "", errors.New("expected a value")
}

func fromNumber(text string) (graph.Value, string) {
	if i, err := strconv.ParseInt(text, 10, 64); err == nil {
		return graph.Int(i), ""
	}
	f, err := strconv.ParseFloat(text, 64)
	whole := true
	for _, c := range text {
		whole = whole && (c == '-' || c >= '0' && c <= '9')
	}
	switch {
	case err != nil, whole && strconv.FormatFloat(f, 'f', -1, 64) != text:
		return graph.String(text), asText
	case whole:
		return graph.Float(f), asFloat
	}
	return graph.Float(f), ""
}

// fromArray makes a list of one kind: integers beside floats become floats
// where that is exact.
func fromArray(items []any) (graph.Value, string, error) {
	list := make([]graph.Value, 0, len(items))
	changes := ""
	kinds := map[graph.Kind]bool{}
	for _, item := range items {
		v, change, err := fromJSON(item)
		if err != nil {
			return graph.Null, "", err
		}
		if change == asText || v.Kind() == graph.KindList || v.IsNull() {
			return textOf(items)
		}
		if change != "" {
			changes = change
		}
		kinds[v.Kind()] = true
		list = append(list, v)
	}
	if len(kinds) < 2 {
		return graph.List(list), changes, nil
	}
	if len(kinds) > 2 || !kinds[graph.KindInt] || !kinds[graph.KindFloat] {
		return textOf(items)
	}
	for i, v := range list {
		if v.Kind() == graph.KindInt {
			if f := float64(v.AsInt()); f >= 1<<63 || int64(f) != v.AsInt() {
				return textOf(items)
			}
			list[i] = graph.Float(float64(v.AsInt()))
		}
	}
	return graph.List(list), changes, nil
}

// textOf keeps what no property can hold as compact JSON, its members sorted.
func textOf(v any) (graph.Value, string, error) {
	text, err := json.Marshal(v)
	return graph.String(string(text)), asText, err
}

func fromObject(m map[string]any) (graph.Value, string, error) {
	if v, known := pointOf(m); known {
		return v, "", nil
	}
	if len(m) != 1 {
		return textOf(m)
	}
	for key, content := range m {
		v, known, err := fromTag(key, content)
		if known || err != nil {
			return v, "", err
		}
	}
	return textOf(m)
}

// fromTag reads an object of one member whose name is a tag.
func fromTag(key string, content any) (v graph.Value, known bool, err error) {
	switch key {
	case tagVector:
		numbers, ok := content.([]any)
		if !ok {
			return graph.Null, false, nil
		}
		v, err := vectorOf(numbers)
		return v, true, err
	case tagPoint:
		m, _ := content.(map[string]any)
		v, known := pointOf(m)
		if !known {
			return graph.Null, true, errors.New(`expected {"srid", "x", "y"} in a $point`)
		}
		return v, true, nil
	}
	text, ok := content.(string)
	if !ok {
		return graph.Null, false, nil
	}
	switch key {
	case tagFloat:
		f, err := strconv.ParseFloat(text, 64)
		if err != nil {
			err = errors.New("expected a number in a $float, found " + quoteShort(text))
		}
		return graph.Float(f), true, err
	case tagBytes:
		p, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			err = errors.New("expected base64 in $bytes, found " + quoteShort(text))
		}
		return graph.Bytes(p), true, err
	}
	return temporal.FromTagged(key, text)
}

func vectorOf(numbers []any) (graph.Value, error) {
	out := make([]float32, len(numbers))
	for i, n := range numbers {
		text, ok := n.(json.Number)
		if s, isText := n.(string); isText {
			text, ok = json.Number(s), true
		}
		f, err := strconv.ParseFloat(string(text), 32)
		if !ok || err != nil {
			return graph.Null, errors.New("expected numbers of 32 bits in a $vector")
		}
		out[i] = float32(f)
	}
	return graph.Vector(out), nil
}

// pointOf reads a point as we write it or as APOC does, which also gives a
// height or z that is null.
func pointOf(m map[string]any) (graph.Value, bool) {
	if m == nil {
		return graph.Null, false
	}
	srid, hasSRID := jsonNumber(m["srid"])
	crs, hasCRS := m["crs"].(string)
	for _, s := range systems {
		if !(hasCRS && crs == s.name || hasSRID && srid == float64(s.srid)) {
			continue
		}
		c, seen := graph.Coordinates{SRID: s.srid}, 1
		for i, place := range s.places {
			f, ok := coordinate(m, place, "xyz"[i:i+1])
			if !ok {
				return graph.Null, false
			}
			*[]*float64{&c.X, &c.Y, &c.Z}[i] = f
			seen++
		}
		for _, extra := range []string{"height", "z"} {
			if v, there := m[extra]; there && v == nil {
				seen++
			}
		}
		return graph.Point(c), seen == len(m)
	}
	return graph.Null, false
}

func coordinate(m map[string]any, names ...string) (float64, bool) {
	for _, name := range names {
		if f, ok := jsonNumber(m[name]); ok {
			return f, true
		}
	}
	return 0, false
}

func jsonNumber(v any) (float64, bool) {
	text, ok := v.(json.Number)
	if s, isText := v.(string); isText && (s == "NaN" || s == "Infinity" || s == "-Infinity") {
		text, ok = json.Number(s), true
	}
	if !ok {
		return 0, false
	}
	f, err := strconv.ParseFloat(string(text), 64)
	return f, err == nil
}

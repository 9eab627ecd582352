package nornic

import (
	"bytes"
	"encoding/json"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pocketgraph/pocketgraph/graph"
)

// The properties that the import adds.
const (
	idProperty        = "_nornicId"   // identity
	databaseProperty  = "_database"   // where databases are named
	jsonProperty      = "_nornicJson" // keys of the properties that are JSON text, and of those that were null
	embeddingProperty = "_embedding"  // of a node, where the file holds one: a vector of float32
)

// What a property becomes:
//
//	true, false        Boolean
//	-7                 Integer, exactly, up to 64 bits with a sign
//	0.1, 1e300, -0     Float
//	100000000000000000000   Float: beyond 64 bits, so NornicDB had a float64
//	"text"             String
//	["a", "b"]         List of one kind. Numbers of both kinds become Floats
//	                   when all integers among them are exact as such: NornicDB
//	                   writes the float 2.0 as 2
//
// What openCypher allows no property to be (maps, lists of mixed kinds, of
// lists, of nulls), and integers from 2^63, become a String that holds the JSON,
// compact, members sorted, numbers digit by digit as they were; the property
// _nornicJson lists the keys of these. A null is no property; its key is in
// the list too.

// convert returns the value of a property. verbatim says that it is JSON text,
// or Null for a null.
func convert(raw json.RawMessage) (v graph.Value, verbatim bool, err error) {
	if v, ok := simple(raw); ok {
		return v, false, nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var decoded any
	if err := d.Decode(&decoded); err != nil {
		return graph.Null, false, err
	}
	if v, ok := storable(decoded); ok {
		return v, false, nil
	}
	if decoded == nil {
		return graph.Null, true, nil
	}
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	if err := e.Encode(decoded); err != nil {
		return graph.Null, false, err
	}
	return graph.String(strings.TrimSuffix(text.String(), "\n")), true, nil
}

// simple converts what needs no decoder: most values. raw is valid JSON.
func simple(raw json.RawMessage) (graph.Value, bool) {
	switch raw[0] {
	case 't', 'f':
		return graph.Bool(raw[0] == 't'), true
	case '"':
		if text := raw[1 : len(raw)-1]; utf8.Valid(text) && bytes.IndexByte(text, '\\') < 0 {
			return graph.String(string(text)), true
		}
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		return number(string(raw))
	}
	return graph.Null, false
}

// storable converts what a property can hold.
func storable(decoded any) (graph.Value, bool) {
	if items, ok := decoded.([]any); ok {
		return list(items)
	}
	return scalar(decoded)
}

func scalar(decoded any) (graph.Value, bool) {
	switch v := decoded.(type) {
	case bool:
		return graph.Bool(v), true
	case string:
		return graph.String(v), true
	case json.Number:
		return number(string(v))
	}
	return graph.Null, false
}

// exactFloat is the largest integer up to which all are exact as float64.
const exactFloat = 1 << 53

func list(items []any) (graph.Value, bool) {
	values := make([]graph.Value, len(items))
	floats, whole := 0, 0
	for i, item := range items {
		v, ok := scalar(item)
		if !ok {
			return graph.Null, false
		}
		values[i] = v
		switch v.Kind() {
		case graph.KindFloat:
			floats++
		case graph.KindInt:
			if n := v.AsInt(); n >= -exactFloat && n <= exactFloat {
				whole++
			}
		}
	}
	if floats > 0 && floats+whole == len(items) {
		for i, v := range values {
			f, _ := v.Number()
			values[i] = graph.Float(f)
		}
	}
	alike := !slices.ContainsFunc(values, func(v graph.Value) bool { return v.Kind() != values[0].Kind() })
	return graph.List(values), alike
}

// number converts a JSON number. It is not storable when that would change it.
func number(text string) (graph.Value, bool) {
	whole := !strings.ContainsAny(text, ".eE") && text != "-0"
	if whole {
		if i, err := strconv.ParseInt(text, 10, 64); err == nil {
			return graph.Int(i), true
		}
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(f, 0) {
		return graph.Null, false
	}
	if !whole {
		return graph.Float(f), true
	}
	// Beyond 64 bits there are only floats, which are written in their shortest
	// form; between 2^63 and 2^64 it may have been an unsigned integer.
	if _, err := strconv.ParseUint(text, 10, 64); err == nil {
		exact, ok := new(big.Int).SetString(text, 10)
		back, accuracy := new(big.Float).SetFloat64(f).Int(nil)
		return graph.Float(f), ok && accuracy == big.Exact && exact.Cmp(back) == 0
	}
	return graph.Float(f), strconv.FormatFloat(f, 'f', -1, 64) == text
}

// embedded converts the embedding of a node: a vector where it is a list of
// numbers that float32 holds, else what a property becomes. Null: there is none.
func embedded(raw json.RawMessage) (v graph.Value, verbatim bool, err error) {
	var vector []float32
	if len(raw) == 0 || string(raw) == "null" {
		return graph.Null, false, nil
	}
	if json.Unmarshal(raw, &vector) == nil {
		return graph.Vector(vector), false, nil
	}
	return convert(raw)
}

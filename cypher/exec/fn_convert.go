package exec

import (
	"math"
	"strconv"
	"strings"

	"github.com/pocketgraph/pocketgraph/cypher/bind"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/graph/temporal"
)

var (
	toNumberArg = bind.Takes(bind.Number, bind.String, bind.Boolean)
	toTextArg   = bind.Takes(bind.Number, bind.String, bind.Boolean, bind.Temporal, bind.Point)
	toBoolArg   = bind.Takes(bind.Boolean, bind.String, bind.Integer)
)

// conversionFunctions turn values into other types.
var conversionFunctions = func() []*function {
	var out []*function
	for _, k := range []struct {
		name   string
		result bind.Type
		arg    bind.Accepts
		do     func(v graph.Value) (graph.Value, bool)
	}{
		{"toInteger", intType, toNumberArg, toInteger},
		{"toFloat", floatType, bind.Takes(bind.Number, bind.String), toFloat},
		{"toBoolean", boolType, toBoolArg, toBoolean},
		{"toString", stringType, toTextArg, toText},
	} {
		out = append(out,
			&function{Function: decl(k.name, k.result, k.arg), fn1: func(r *Run, v graph.Value, at syntax.Range) graph.Value {
				got, ok := k.do(v)
				if !ok {
					return wrong(r, k.name, v, at)
				}
				return got
			}},
			&function{Function: decl(k.name+"OrNull", k.result, anything), fn1: func(_ *Run, v graph.Value, _ syntax.Range) graph.Value {
				got, _ := k.do(v)
				return got
			}},
			&function{Function: decl(k.name+"List", bind.ListOf(k.result), listArg), fn1: func(r *Run, v graph.Value, at syntax.Range) graph.Value {
				in, ok := items(r, v, at)
				if !ok {
					return graph.Null
				}
				return r.newList(len(in), func(i int) graph.Value {
					v, _ := k.do(in[i])
					return v
				})
			}})
	}
	return out
}()

// toInteger converts; a string that is no number gives Null, a value that can
// never be one gives false.
func toInteger(v graph.Value) (graph.Value, bool) {
	switch v.Kind() {
	case graph.KindInt, graph.KindNull:
		return v, true
	case graph.KindFloat:
		return floatToInt(v.AsFloat()), true
	case graph.KindBool:
		if v.AsBool() {
			return graph.Int(1), true
		}
		return graph.Int(0), true
	case graph.KindString:
		s := strings.TrimSpace(v.AsString())
		if i, err := strconv.ParseInt(s, 10, 64); err == nil {
			return graph.Int(i), true
		}
		if x, ok := parseFloat(s); ok {
			return floatToInt(x), true
		}
		return graph.Null, true
	}
	return graph.Null, false
}

func floatToInt(x float64) graph.Value {
	if x != x || x >= 1<<63 || x < -1<<63 {
		return graph.Null
	}
	return graph.Int(int64(math.Trunc(x)))
}

// parseFloat reads decimal numbers; Go's hexadecimal floats, underscores and
// spelled-out infinities are no numbers of Cypher.
func parseFloat(s string) (float64, bool) {
	for _, c := range s {
		if (c < '0' || c > '9') && !strings.ContainsRune("+-.eE", c) {
			return 0, false
		}
	}
	x, err := strconv.ParseFloat(s, 64)
	return x, err == nil
}

func toFloat(v graph.Value) (graph.Value, bool) {
	switch v.Kind() {
	case graph.KindFloat, graph.KindNull:
		return v, true
	case graph.KindInt:
		return graph.Float(float64(v.AsInt())), true
	case graph.KindString:
		if x, ok := parseFloat(strings.TrimSpace(v.AsString())); ok {
			return graph.Float(x), true
		}
		return graph.Null, true
	}
	return graph.Null, false
}

func toBoolean(v graph.Value) (graph.Value, bool) {
	switch v.Kind() {
	case graph.KindBool, graph.KindNull:
		return v, true
	case graph.KindInt:
		return graph.Bool(v.AsInt() != 0), true
	case graph.KindString:
		switch strings.ToLower(strings.TrimSpace(v.AsString())) {
		case "true":
			return graph.Bool(true), true
		case "false":
			return graph.Bool(false), true
		}
		return graph.Null, true
	}
	return graph.Null, false
}

func toText(v graph.Value) (graph.Value, bool) {
	if v.IsNull() {
		return v, true
	}
	s, ok := text(v)
	if !ok {
		return graph.Null, false
	}
	return graph.String(s), true
}

// text is toString() of the simple values.
func text(v graph.Value) (string, bool) {
	switch v.Kind() {
	case graph.KindString:
		return v.AsString(), true
	case graph.KindInt:
		return strconv.FormatInt(v.AsInt(), 10), true
	case graph.KindFloat:
		return floatText(v.AsFloat()), true
	case graph.KindBool:
		return strconv.FormatBool(v.AsBool()), true
	}
	if v.Kind() == graph.KindPoint {
		return pointText(v.AsPoint()), true
	}
	s := temporal.Text(v)
	return s, s != ""
}

// floatText always shows that it is a float: 1.0, 1.5, 1.0E25.
func floatText(x float64) string {
	switch {
	case x != x:
		return "NaN"
	case math.IsInf(x, 1):
		return "Infinity"
	case math.IsInf(x, -1):
		return "-Infinity"
	}
	if a := math.Abs(x); a != 0 && (a < 1e-3 || a >= 1e7) {
		s := strings.Replace(strconv.FormatFloat(x, 'E', -1, 64), "E+", "E", 1)
		mantissa, exponent, _ := strings.Cut(s, "E")
		if !strings.Contains(mantissa, ".") {
			mantissa += ".0"
		}
		sign := ""
		if strings.HasPrefix(exponent, "-") {
			sign, exponent = "-", exponent[1:]
		}
		return mantissa + "E" + sign + strings.TrimLeft(exponent, "0")
	}
	s := strconv.FormatFloat(x, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

func itoa(i int) string { return strconv.Itoa(i) }

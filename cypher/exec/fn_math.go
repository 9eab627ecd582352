package exec

import (
	"math"
	"strings"

	"github.com/pocketgraph/pocketgraph/cypher/bind"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// mathFunctions work on numbers.
var mathFunctions = []*function{
	{Function: bind.Function{Name: "abs", Args: []bind.Accepts{numberArg}, Required: 1, Result: numberType, ResultOf: sameAs}, fn1: abs},
	{Function: decl("sign", intType, numberArg), fn1: signOf},
	float1("ceil", math.Ceil), float1("floor", math.Floor), float1("sqrt", math.Sqrt), float1("exp", math.Exp),
	float1("log", math.Log), float1("log10", math.Log10), float1("sin", math.Sin), float1("cos", math.Cos),
	float1("tan", math.Tan), float1("asin", math.Asin), float1("acos", math.Acos), float1("atan", math.Atan),
	float1("ceiling", math.Ceil), float1("ln", math.Log), float1("sinh", math.Sinh), float1("cosh", math.Cosh), float1("tanh", math.Tanh),
	float1("cot", func(x float64) float64 { return 1 / math.Tan(x) }),
	float1("degrees", func(x float64) float64 { return x * 180 / math.Pi }),
	float1("radians", func(x float64) float64 { return x * math.Pi / 180 }),
	float1("haversin", func(x float64) float64 { return (1 - math.Cos(x)) / 2 }),
	float2("atan2", math.Atan2),
	float2("power", math.Pow),
	{Function: bind.Function{Name: "round", Args: []bind.Accepts{numberArg, integerArg, stringArg}, Required: 1, Result: floatType}, fnN: round},
	{Function: decl("isNaN", boolType, numberArg), fn1: func(r *Run, v graph.Value, at syntax.Range) graph.Value {
		x, ok := v.Number()
		if !ok {
			return wrong(r, "isNaN", v, at)
		}
		return graph.Bool(x != x)
	}},
	{Function: bind.Function{Name: "pi", Result: floatType}, fn0: func(*Run, syntax.Range) graph.Value { return graph.Float(math.Pi) }},
	{Function: bind.Function{Name: "e", Result: floatType}, fn0: func(*Run, syntax.Range) graph.Value { return graph.Float(math.E) }},
	{Function: bind.Function{Name: "rand", Result: floatType, Volatile: true},
		fn0: func(r *Run, _ syntax.Range) graph.Value { return graph.Float(r.rand().Float64()) }},
}

//go:noinline
func float2(name string, do func(x, y float64) float64) *function {
	return &function{Function: decl(name, floatType, numberArg, numberArg), fn2: func(r *Run, a, b graph.Value, at syntax.Range) graph.Value {
		x, ok := a.Number()
		if !ok {
			return wrong(r, name, a, at)
		}
		y, ok := b.Number()
		if !ok {
			return wrong(r, name, b, at)
		}
		return graph.Float(do(x, y))
	}}
}

//go:noinline
func float1(name string, do func(float64) float64) *function {
	return &function{Function: decl(name, floatType, numberArg), fn1: func(r *Run, v graph.Value, at syntax.Range) graph.Value {
		x, ok := v.Number()
		if !ok {
			return wrong(r, name, v, at)
		}
		return graph.Float(do(x))
	}}
}

func abs(r *Run, v graph.Value, at syntax.Range) graph.Value {
	switch v.Kind() {
	case graph.KindInt:
		if v.AsInt() < 0 {
			return negate(r, v, at)
		}
		return v
	case graph.KindFloat:
		return graph.Float(math.Abs(v.AsFloat()))
	}
	return wrong(r, "abs", v, at)
}

func signOf(r *Run, v graph.Value, at syntax.Range) graph.Value {
	x, ok := v.Number()
	switch {
	case !ok:
		return wrong(r, "sign", v, at)
	case x > 0:
		return graph.Int(1)
	case x < 0:
		return graph.Int(-1)
	}
	return graph.Int(0)
}

// roundings are the modes of round(), of the digits before the point.
var roundings = map[string]func(x float64) float64{
	"CEILING": math.Ceil, "FLOOR": math.Floor, "DOWN": math.Trunc, "HALF_UP": math.Round, "HALF_EVEN": math.RoundToEven,
	"UP":        func(x float64) float64 { return math.Copysign(math.Ceil(math.Abs(x)), x) },
	"HALF_DOWN": func(x float64) float64 { return math.Copysign(math.Ceil(math.Abs(x)-0.5), x) },
}

// round rounds half up (towards positive infinity), to so many decimals half
// away from zero, or as a mode says.
func round(r *Run, args []graph.Value, at syntax.Range) graph.Value {
	x, ok := args[0].Number()
	if !ok {
		return wrong(r, "round", args[0], at)
	}
	if len(args) == 1 {
		return graph.Float(math.Floor(x + 0.5))
	}
	if args[1].Kind() != graph.KindInt || args[1].AsInt() < 0 {
		return wrong(r, "round", args[1], at)
	}
	do := math.Round
	if len(args) == 3 {
		if do = roundings[strings.ToUpper(args[2].AsString())]; do == nil {
			return r.fail("ArgumentError", "InvalidArgumentValue", "round() knows the modes UP, DOWN, CEILING, FLOOR, HALF_UP, HALF_DOWN and HALF_EVEN", at)
		}
	}
	scale := math.Pow(10, float64(args[1].AsInt()))
	if scaled := x * scale; !math.IsInf(scale, 0) && !math.IsInf(scaled, 0) {
		return graph.Float(do(scaled) / scale)
	}
	return graph.Float(x)
}

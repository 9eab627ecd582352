package exec

import (
	"github.com/pocketgraph/pocketgraph/cypher/bind"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// scalarFunctions belong to no family.
var scalarFunctions = []*function{
	{Function: decl("linenumber", intType)}, {Function: decl("file", stringType)}, // bound to columns of LOAD CSV
	{Function: bind.Function{Name: "coalesce", Args: []bind.Accepts{anything}, Required: 1, Variadic: true, Result: anyType}, nulls: true,
		fnN: func(_ *Run, args []graph.Value, _ syntax.Range) graph.Value {
			for _, v := range args {
				if !v.IsNull() {
					return v
				}
			}
			return graph.Null
		}},
	{Function: decl("exists", boolType, anything), nulls: true,
		fn1: func(_ *Run, v graph.Value, _ syntax.Range) graph.Value { return graph.Bool(!v.IsNull()) }},
	{Function: bind.Function{Name: "timestamp", Result: intType, Volatile: true},
		fn0: func(r *Run, _ syntax.Range) graph.Value { return graph.Int(r.time().UnixMilli()) }},
	{Function: bind.Function{Name: "randomUUID", Result: stringType, Volatile: true}, fn0: randomUUID},
	{Function: decl("nullIf", anyType, anything, anything), nulls: true,
		fn2: func(r *Run, a, b graph.Value, _ syntax.Range) graph.Value {
			if r.equal(a, b) == graph.True {
				return graph.Null
			}
			return a
		}},
	{Function: decl("valueType", stringType, anything), nulls: true,
		fn1: func(r *Run, v graph.Value, _ syntax.Range) graph.Value { return graph.String(r.typeText(v)) }},
}

// randomUUID makes a version 4 UUID (RFC 9562).
func randomUUID(r *Run, _ syntax.Range) graph.Value {
	const digits = "0123456789abcdef"
	hi, lo := r.rand().Uint64(), r.rand().Uint64()
	hi = hi&^0xF000 | 0x4000
	lo = lo&^(3<<62) | 2<<62
	out := make([]byte, 0, 36)
	for i := 0; i < 32; i++ {
		switch i {
		case 8, 12, 16, 20:
			out = append(out, '-')
		}
		word := hi
		if i >= 16 {
			word = lo
		}
		out = append(out, digits[word>>(60-4*(i%16))&15])
	}
	return graph.String(string(out))
}

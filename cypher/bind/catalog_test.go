package bind

import (
	"sort"
	"strings"
)

// testCatalog is a small table of functions and procedures for the tests of
// this package; the real one belongs to whoever runs queries.
type testCatalog struct {
	functions  map[string]*Function
	procedures map[string]*Procedure
}

func (c testCatalog) Function(name string) *Function   { return c.functions[name] }
func (c testCatalog) Procedure(name string) *Procedure { return c.procedures[name] }

func (c testCatalog) Names(procedures bool) []string {
	var names []string
	if procedures {
		for n := range c.procedures {
			names = append(names, n)
		}
	} else {
		for n := range c.functions {
			names = append(names, n)
		}
	}
	sort.Strings(names)
	return names
}

// newTestCatalog has the functions of openCypher 9.
func newTestCatalog() testCatalog {
	c := testCatalog{map[string]*Function{}, map[string]*Procedure{}}
	add := func(f Function, names ...string) {
		for _, name := range names {
			g := f
			g.Name = name
			c.functions[strings.ToLower(name)] = &g
		}
	}
	one := func(a Accepts, result Type) Function {
		return Function{Args: []Accepts{a}, Required: 1, Result: result}
	}
	many := func(least int, n int, result Type) Function {
		f := Function{Required: least, Result: result}
		for range n {
			f.Args = append(f.Args, Anything)
		}
		return f
	}
	agg := one(Anything, Type{})
	agg.Aggregate = true
	add(agg, "sum", "min", "max", "avg", "stdev", "stdevp")
	agg.Result = Of(Integer)
	add(agg, "count")
	agg.Result = ListOf(Type{})
	agg.ResultOf = func(args []Type) Type { return ListOf(args[0]) }
	add(agg, "collect")
	percentile := many(2, 2, Of(Float))
	percentile.Aggregate = true
	add(percentile, "percentileDisc", "percentileCont")
	element := Takes(NodeBase, RelBase)
	add(one(Takes(NodeBase), ListOf(Of(String))), "labels")
	add(one(Takes(RelBase), Of(String)), "type")
	add(one(Takes(RelBase), Of(NodeBase)), "startNode", "endNode")
	add(one(element, Of(Integer)), "id")
	add(one(element, Of(String)), "elementId")
	add(one(element|Takes(MapBase), Of(MapBase)), "properties")
	add(one(element|Takes(MapBase), ListOf(Of(String))), "keys")
	add(one(Takes(PathBase), ListOf(Of(NodeBase))), "nodes")
	add(one(Takes(PathBase), ListOf(Of(RelBase))), "relationships", "rels")
	add(one(Takes(PathBase), Of(Integer)), "length")
	add(one(Takes(String)|Lists, Of(Integer)), "size")
	add(one(Anything, Of(Boolean)), "toBoolean", "exists", "isNaN", "isEmpty")
	add(one(Anything, Of(Integer)), "toInteger")
	add(one(Anything, Of(Float)), "toFloat", "sqrt", "ceil", "floor", "round", "log", "exp", "sin", "cos")
	add(one(Anything, Of(String)), "toString", "toLower", "toUpper", "trim", "lTrim", "rTrim")
	add(one(Anything, Of(Integer)), "sign")
	add(one(Anything, Type{}), "abs", "head", "last", "tail", "reverse")
	add(many(2, 3, ListOf(Of(Integer))), "range")
	add(many(2, 2, ListOf(Of(String))), "split")
	add(many(2, 2, Of(String)), "left", "right")
	add(many(2, 3, Of(String)), "substring")
	add(many(3, 3, Of(String)), "replace")
	volatile := many(0, 0, Of(Float))
	volatile.Volatile = true
	add(volatile, "rand")
	coalesce := many(1, 1, Type{})
	coalesce.Variadic = true
	add(coalesce, "coalesce")
	add(many(0, 1, Of(Temporal)), "date", "time", "localtime", "datetime", "localdatetime", "duration")
	for _, t := range []string{"date", "time", "localtime", "datetime", "localdatetime"} {
		add(many(1, 3, Of(Temporal)), t+".truncate")
		add(many(0, 1, Of(Temporal)), t+".statement", t+".transaction", t+".realtime")
	}
	add(many(1, 2, Of(Temporal)), "datetime.fromepoch", "datetime.fromepochmillis")
	add(many(2, 2, Of(Temporal)), "duration.between", "duration.inMonths", "duration.inDays", "duration.inSeconds")
	return c
}

// withProcedure adds a procedure given as the suite writes it:
// ns.name(a :: INTEGER?) :: (b :: STRING?).
func (c testCatalog) withProcedure(signature string) {
	open := strings.IndexByte(signature, '(')
	name := strings.TrimSpace(signature[:open])
	args, results, _ := strings.Cut(signature[open+1:], ")")
	p := &Procedure{Name: name, Args: fieldsOf(args)}
	if from := strings.IndexByte(results, '('); from >= 0 {
		p.Results = fieldsOf(strings.TrimSuffix(strings.TrimSpace(results[from+1:]), ")"))
	}
	c.procedures[name] = p
}

func fieldsOf(text string) []Field {
	var fields []Field
	for _, part := range strings.Split(text, ",") {
		name, typeName, ok := strings.Cut(part, "::")
		if !ok {
			continue
		}
		f := Field{Name: strings.TrimSpace(name), Accepts: Anything}
		switch strings.TrimSuffix(strings.TrimSpace(typeName), "?") {
		case "INTEGER":
			f.Type, f.Accepts = Of(Integer), Takes(Integer)
		case "FLOAT":
			f.Type, f.Accepts = Of(Float), Takes(Number)
		case "NUMBER":
			f.Type, f.Accepts = Of(Number), Takes(Number)
		case "STRING":
			f.Type, f.Accepts = Of(String), Takes(String)
		}
		fields = append(fields, f)
	}
	return fields
}

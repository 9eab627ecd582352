package exec

import (
	"sort"
	"strings"

	"github.com/pocketgraph/pocketgraph/cypher/bind"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// function is one built-in function. Exactly one of the fn fields is set, by
// the number of arguments; most take one, and calling them makes no slice.
type function struct {
	bind.Function
	fn0 func(r *Run, at syntax.Range) graph.Value
	fn1 func(r *Run, v graph.Value, at syntax.Range) graph.Value
	fn2 func(r *Run, a, b graph.Value, at syntax.Range) graph.Value
	fnN func(r *Run, args []graph.Value, at syntax.Range) graph.Value
	// pure functions of constants are constants; nulls says that the function
	// wants to see Null arguments, else one makes the result Null.
	nulls bool
	// external is set instead when it was registered.
	external *Registered
}

// Procedure is a procedure that can be called: what it is, and what it does.
type Procedure struct {
	bind.Procedure
	// Call gives the rows of a call, each with a value for every result.
	Call func(r *Run, args []graph.Value, at syntax.Range) [][]graph.Value
}

// Library is the table of functions and procedures. It implements bind.Catalog.
// It never changes: statements that run go on with theirs when something is
// registered.
type Library struct {
	functions  map[string]*function
	procedures map[string]*Procedure
	added      []*Registered
}

// NewLibrary has everything that is built in.
func NewLibrary() *Library {
	l := &Library{functions: map[string]*function{}, procedures: map[string]*Procedure{}}
	for _, family := range families() {
		for _, f := range family.functions {
			l.functions[strings.ToLower(f.Name)] = f
		}
	}
	for _, p := range builtinProcedures {
		l.procedures[p.Name] = p
	}
	return l
}

// family is the functions that SHOW FUNCTIONS puts under one heading.
type family struct {
	name      string
	functions []*function
}

func families() []family {
	return []family{{"Scalar", scalarFunctions}, {"Graph", graphFunctions}, {"List", listFunctions}, {"String", stringFunctions},
		{"Numeric", mathFunctions}, {"Scalar", conversionFunctions}, {"Temporal", temporalFunctions}, {"Spatial", spatialFunctions},
		{"Aggregating", aggregateFunctions}}
}

// Function implements bind.Catalog.
func (l *Library) Function(lower string) *bind.Function {
	if f := l.function(lower); f != nil {
		return &f.Function
	}
	return nil
}

// Procedure implements bind.Catalog.
func (l *Library) Procedure(name string) *bind.Procedure {
	if p := l.procedure(name); p != nil {
		return &p.Procedure
	}
	return nil
}

// Names implements bind.Catalog.
func (l *Library) Names(procedures bool) []string {
	var names []string
	if procedures {
		for _, p := range l.procedures {
			names = append(names, p.Name)
		}
	} else {
		for _, f := range l.functions {
			names = append(names, f.Name)
		}
	}
	for _, r := range l.added {
		if (r.Result == nil) == procedures {
			names = append(names, r.Name)
		}
	}
	sort.Strings(names)
	return names
}

// call compiles a function call.
func (c *compiler) call(e *syntax.FunctionCall) *expr {
	fn := c.library.function(strings.ToLower(e.Name))
	if fn == nil || fn.Aggregate {
		return c.unsupported("the function "+e.Name+"()", e.Span())
	}
	args, at := c.exprs(e.Args), e.Span()
	switch {
	case len(args) == 1 && isPredicate(e.Args[0]):
		return args[0] // exists(pattern): whether it exists, not whether its truth is known
	case fn.external != nil:
		return c.external(fn.external, args, at)
	case fn.fn0 != nil && len(args) == 0:
		return rowExpr(func(f *frame) graph.Value { return fn.fn0(f.run, at) })
	case fn.fn1 != nil && len(args) == 1:
		return callOne(fn, args[0], at)
	case fn.fn2 != nil && len(args) == 2:
		a, b := args[0], args[1]
		return rowExpr(func(f *frame) graph.Value {
			x := a.row(f)
			y := b.row(f)
			if f.run.err != nil || !fn.nulls && (x.IsNull() || y.IsNull()) {
				return graph.Null
			}
			return fn.fn2(f.run, x, y, at)
		})
	case fn.fnN != nil:
		return callMany(fn, args, at)
	}
	return c.unsupported("the function "+e.Name+"()", at)
}

// isPredicate reports whether e is a pattern that is a condition. As an argument
// only exists() has one.
func isPredicate(e syntax.Expr) bool {
	p, is := e.(*syntax.PatternExpr)
	return is && !p.Part.Function
}

func callOne(fn *function, arg *expr, at syntax.Range) *expr {
	out := rowExpr(func(f *frame) graph.Value {
		v := arg.row(f)
		if f.run.err != nil || v.IsNull() && !fn.nulls {
			return graph.Null
		}
		return fn.fn1(f.run, v, at)
	})
	if arg.vec == nil {
		return out // row by row anyway, and a large argument is garbage before the next is made
	}
	out.vec = func(f *frame, out []graph.Value) {
		arg.all(f, out)
		for i := 0; i < f.b.n && f.run.err == nil; i++ {
			if fn.nulls || !out[i].IsNull() {
				out[i] = fn.fn1(f.run, out[i], at)
			}
		}
	}
	return out
}

func callMany(fn *function, args []*expr, at syntax.Range) *expr {
	return rowExpr(func(f *frame) graph.Value {
		values := f.run.borrow(len(args))
		defer f.run.release(values)
		null := false
		for i, a := range args {
			values[i] = a.row(f)
			null = null || values[i].IsNull()
		}
		if f.run.err != nil || null && !fn.nulls {
			return graph.Null
		}
		return fn.fnN(f.run, values, at)
	})
}

// decl makes the description of a function.
//
//go:noinline
func decl(name string, result bind.Type, args ...bind.Accepts) bind.Function {
	return bind.Function{Name: name, Args: args, Required: len(args), Result: result}
}

var (
	anyType     = bind.Of(bind.Any)
	intType     = bind.Of(bind.Integer)
	floatType   = bind.Of(bind.Float)
	numberType  = bind.Of(bind.Number)
	stringType  = bind.Of(bind.String)
	boolType    = bind.Of(bind.Boolean)
	nodeType    = bind.Of(bind.NodeBase)
	mapType     = bind.Of(bind.MapBase)
	listType    = bind.ListOf(bind.Of(bind.Any))
	anything    = bind.Anything
	numberArg   = bind.Takes(bind.Number)
	integerArg  = bind.Takes(bind.Integer)
	stringArg   = bind.Takes(bind.String)
	elementArg  = bind.Takes(bind.NodeBase, bind.RelBase)
	nodeArg     = bind.Takes(bind.NodeBase)
	relArg      = bind.Takes(bind.RelBase)
	pathArg     = bind.Takes(bind.PathBase)
	listArg     = bind.Lists
	elementsArg = bind.Takes(bind.NodeBase, bind.RelBase, bind.MapBase)
)

// wrong fails because an argument has a type the function does not take.
//
//go:noinline
func wrong(r *Run, name string, v graph.Value, at syntax.Range) graph.Value {
	return r.typeError(name+"() cannot take "+article(v), at)
}

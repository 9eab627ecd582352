package exec

import (
	"context"
	"strings"

	"github.com/pocketgraph/pocketgraph/cypher/bind"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// External computes a registered function for len(out) rows at once: args has a
// column for each argument. A procedure gives for each row a List of its
// result's rows, which are Lists. Handles of elements mean something to the
// reader. Neither args nor out may be kept.
type External func(ctx context.Context, reader graph.Reader, args [][]graph.Value, out []graph.Value) error

// Registered is a function or procedure that somebody registered: by Call, or a
// procedure by Rows, a table whose rows have the arguments, then the results.
type Registered struct {
	*syntax.Signature
	Call     External
	Rows     [][]graph.Value
	Function bind.Function  // of a function
	Columns  bind.Procedure // of a procedure

	function  *function
	procedure *Procedure
}

// With is the library with one more function or procedure, in place of what was
// registered under its name.
func (l *Library) With(r *Registered) *Library {
	switch {
	case r.Result != nil:
		r.function = &function{Function: r.Function, external: r}
	case r.Call != nil:
		r.procedure = &Procedure{Procedure: r.Columns, Call: r.rows}
	default:
		r.procedure = &Procedure{Procedure: r.Columns, Call: r.table}
	}
	out := l.Without(r.Name, r.Result == nil)
	out.added = append(out.added, r)
	return out
}

// Without is the library without what was registered under a name.
func (l *Library) Without(name string, procedure bool) *Library {
	out := &Library{functions: l.functions, procedures: l.procedures}
	gone := l.registered(name, procedure)
	for _, r := range l.added {
		if r != gone {
			out.added = append(out.added, r)
		}
	}
	return out
}

// registered finds what was registered; names of functions have no case.
func (l *Library) registered(name string, procedure bool) *Registered {
	for _, r := range l.added {
		if (r.Result == nil) == procedure && (r.Name == name || !procedure && strings.EqualFold(r.Name, name)) {
			return r
		}
	}
	return nil
}

// Registered tells whether something was registered under a name.
func (l *Library) Registered(name string, procedure bool) bool {
	return l.registered(name, procedure) != nil
}

// function finds a function by its name in lower case; procedure a procedure.
func (l *Library) function(lower string) *function {
	if r := l.registered(lower, false); r != nil {
		return r.function
	}
	return l.functions[lower]
}

func (l *Library) procedure(name string) *Procedure {
	if r := l.registered(name, true); r != nil {
		return r.procedure
	}
	return l.procedures[name]
}

// forms look like functions and are grammar.
const forms = " all any none single reduce exists count collect shortestpath allshortestpaths "

// BuiltIn tells whether the language has a function or procedure itself.
func (l *Library) BuiltIn(name string, procedure bool) bool {
	if procedure {
		return l.procedures[name] != nil
	}
	lower := strings.ToLower(name)
	return l.functions[lower] != nil || strings.Contains(forms, " "+lower+" ")
}

// apply calls what is registered for len(out) rows.
func (x *Registered) apply(r *Run, args [][]graph.Value, out []graph.Value, at syntax.Range) {
	for k, column := range args {
		for i := range column {
			if !conform(r, &column[i], x.Args[k].Type) {
				r.typeError(x.Name+"() cannot take "+article(column[i])+" as "+x.Args[k].Name, at)
			}
		}
	}
	if r.err != nil {
		return
	}
	ctx := r.rt.Context
	if ctx == nil {
		ctx = context.Background()
	}
	if err := x.Call(ctx, r.reader, args, out); err != nil {
		if !r.over() {
			r.err = &Error{Code: "FunctionError", Detail: "Failed", Message: x.Name + "() failed: " + err.Error(), At: at, Cause: err}
		}
	}
	for i := 0; i < len(out) && x.Result != nil; i++ {
		x.check(r, &out[i], x.Result, "", at)
	}
}

// check makes a result what its type has, or ends the run.
func (x *Registered) check(r *Run, v *graph.Value, t *syntax.Type, as string, at syntax.Range) {
	if !conform(r, v, t) {
		r.fail("FunctionError", "InvalidResult", x.Name+"() gave "+article(*v)+as+", which its signature does not allow: "+x.Text, at)
	}
}

// conform makes a value what a type has: Integers are Floats where those are
// wanted. It reports false when the value is not of the type.
func conform(r *Run, v *graph.Value, t *syntax.Type) bool {
	if r.hasType(*v, t) {
		return true
	}
	switch {
	case t.Name == "FLOAT" && v.Kind() == graph.KindInt:
		*v = graph.Float(float64(v.AsInt()))
	case t.Name == "LIST" && v.Kind() == graph.KindList:
		items := append([]graph.Value(nil), v.AsList()...)
		for i := range items {
			if !conform(r, &items[i], t.Element) {
				return false
			}
		}
		*v = graph.List(items)
	default:
		return false
	}
	return true
}

// external compiles a call of a registered function: as many rows at once as
// the expression around it is computed for.
func (c *compiler) external(x *Registered, args []*expr, at syntax.Range) *expr {
	out := rowExpr(func(f *frame) graph.Value {
		values := make([]graph.Value, len(args)+1)
		for k, a := range args {
			values[k] = a.row(f)
		}
		return x.one(f.run, values, at)
	})
	out.vec = func(f *frame, out []graph.Value) {
		columns := make([][]graph.Value, len(args))
		for k, a := range args {
			columns[k] = make([]graph.Value, f.b.n)
			a.all(f, columns[k])
		}
		if f.run.err == nil {
			x.apply(f.run, columns, out[:f.b.n], at)
		}
	}
	return out
}

// one calls for one row: the arguments, and room for the result.
func (x *Registered) one(r *Run, values []graph.Value, at syntax.Range) graph.Value {
	n := len(values) - 1
	columns := make([][]graph.Value, n)
	for k := range columns {
		columns[k] = values[k : k+1]
	}
	if r.err == nil {
		x.apply(r, columns, values[n:], at)
	}
	return values[n]
}

// rows are those of one call of a procedure.
func (x *Registered) rows(r *Run, args []graph.Value, at syntax.Range) (rows [][]graph.Value) {
	result := x.one(r, append(args, graph.Null), at)
	if result.Kind() != graph.KindList {
		return nil
	}
	for _, row := range result.AsList() {
		if row.Kind() != graph.KindList || len(row.AsList()) != len(x.Results) {
			r.fail("FunctionError", "InvalidResult", x.Name+"() gave a row that has not as many values as its signature has columns: "+x.Text, at)
			return nil
		}
		values := append([]graph.Value(nil), row.AsList()...)
		for k := range values {
			x.check(r, &values[k], x.Results[k].Type, " as "+x.Results[k].Name, at)
		}
		rows = append(rows, values)
	}
	r.tick(len(rows))
	return rows
}

// table yields the results of every row whose arguments equal those given.
func (x *Registered) table(_ *Run, args []graph.Value, _ syntax.Range) (out [][]graph.Value) {
	n := len(x.Args)
	for _, row := range x.Rows {
		same := true
		for i := range args {
			same = same && i < n && i < len(row) && graph.Equivalent(row[i], args[i])
		}
		if same && len(row) >= n {
			out = append(out, row[n:])
		}
	}
	return out
}

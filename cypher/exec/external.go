package exec

import (
	"context"
	"maps"
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

// external is an External with its signature, which it is held to.
type external struct {
	*syntax.Signature
	call External
}

// WithFunction is the library with one more function, or with another one of
// that name, and what takes it away again unless it was replaced.
func (l *Library) WithFunction(s *syntax.Signature, f bind.Function, call External) (with *Library, without func(*Library) *Library) {
	lower := strings.ToLower(s.Name)
	fn := &function{Function: f, external: &external{s, call}}
	out := &Library{functions: maps.Clone(l.functions), procedures: l.procedures}
	out.functions[lower] = fn
	return out, func(l *Library) *Library {
		if l.functions[lower] != fn {
			return l
		}
		return l.Without(lower, false)
	}
}

// WithProcedure does the same for a procedure.
func (l *Library) WithProcedure(p *Procedure) (with *Library, without func(*Library) *Library) {
	out := &Library{functions: l.functions, procedures: maps.Clone(l.procedures)}
	out.procedures[p.Name] = p
	return out, func(l *Library) *Library {
		if l.procedures[p.Name] != p {
			return l
		}
		return l.Without(p.Name, true)
	}
}

// Without is the library without a function or procedure that was registered;
// the library itself if there is none.
func (l *Library) Without(name string, procedure bool) *Library {
	out := &Library{functions: l.functions, procedures: l.procedures}
	switch lower := strings.ToLower(name); {
	case l.BuiltIn(name, procedure):
		return l
	case procedure && l.procedures[name] != nil:
		out.procedures = maps.Clone(l.procedures)
		delete(out.procedures, name)
	case !procedure && l.functions[lower] != nil:
		out.functions = maps.Clone(l.functions)
		delete(out.functions, lower)
	default:
		return l
	}
	return out
}

// forms look like functions and are grammar.
const forms = " all any none single reduce exists count collect shortestpath allshortestpaths "

// BuiltIn tells whether the language has a function or procedure itself.
func (l *Library) BuiltIn(name string, procedure bool) bool {
	if !procedure {
		f := l.functions[strings.ToLower(name)]
		return f != nil && f.external == nil || strings.Contains(forms, " "+strings.ToLower(name)+" ")
	}
	for _, p := range builtinProcedures {
		if p.Name == name {
			return true
		}
	}
	return false
}

// apply calls what is registered for len(out) rows.
func (x *external) apply(r *Run, args [][]graph.Value, out []graph.Value, at syntax.Range) {
	for k, column := range args {
		for i := range column {
			v, ok := conform(column[i], x.Args[k].Type)
			if !ok {
				r.typeError(x.Name+"() cannot take "+article(v)+" as "+x.Args[k].Name, at)
			}
			column[i] = v
		}
	}
	if r.err != nil {
		return
	}
	ctx := r.rt.Context
	if ctx == nil {
		ctx = context.Background()
	}
	if err := x.call(ctx, r.reader, args, out); err != nil {
		if r.err = ctx.Err(); r.err == nil {
			r.err = &Error{Code: "FunctionError", Detail: "Failed", Message: x.Name + "() failed: " + err.Error(), At: at, Cause: err}
		}
	}
	for i := 0; i < len(out) && x.Result != nil && r.err == nil; i++ {
		out[i] = x.checked(r, "", out[i], x.Result, at)
	}
}

// checked is a result as its type has it.
func (x *external) checked(r *Run, of string, v graph.Value, t *syntax.Type, at syntax.Range) graph.Value {
	v, ok := conform(v, t)
	if !ok {
		r.fail("FunctionError", "InvalidResult", x.Name+"() gave "+article(v)+of+", which its signature does not allow: "+x.Text, at)
	}
	return v
}

// conform gives a value as a type has it: Integers are Floats where those are
// wanted. It reports false when the value is not of the type.
func conform(v graph.Value, t *syntax.Type) (graph.Value, bool) {
	switch {
	case hasType(v, t):
		return v, true
	case t.Name == "FLOAT" && v.Kind() == graph.KindInt:
		return graph.Float(float64(v.AsInt())), true
	case t.Name == "LIST" && v.Kind() == graph.KindList:
		items := make([]graph.Value, len(v.AsList()))
		for i, item := range v.AsList() {
			var ok bool
			if items[i], ok = conform(item, t.Element); !ok {
				return v, false
			}
		}
		return graph.List(items), true
	}
	return v, false
}

// external compiles a call of a registered function: as many rows at once as
// the expression around it is computed for.
func (c *compiler) external(x *external, args []*expr, at syntax.Range) *expr {
	out := rowExpr(func(f *frame) graph.Value {
		columns := make([][]graph.Value, len(args))
		for k, a := range args {
			columns[k] = []graph.Value{a.row(f)}
		}
		result := []graph.Value{graph.Null}
		x.apply(f.run, columns, result, at)
		return result[0]
	})
	out.vec = func(f *frame, out []graph.Value) {
		columns := make([][]graph.Value, len(args))
		for k, a := range args {
			columns[k] = f.run.borrow(f.b.n)
			defer f.run.release(columns[k])
			a.all(f, columns[k])
		}
		if f.run.err == nil {
			x.apply(f.run, columns, out[:f.b.n], at)
		}
	}
	return out
}

// ExternalProcedure makes a procedure of what was registered.
func ExternalProcedure(s *syntax.Signature, p bind.Procedure, call External) *Procedure {
	return &Procedure{Procedure: p, external: &external{s, call}}
}

// rows are those of one call.
func (x *external) rows(r *Run, args []graph.Value, at syntax.Range) [][]graph.Value {
	columns := make([][]graph.Value, len(args))
	for k := range args {
		columns[k] = args[k : k+1]
	}
	result := []graph.Value{graph.Null}
	x.apply(r, columns, result, at)
	if result[0].Kind() != graph.KindList && r.err == nil {
		result[0] = graph.List(nil)
	}
	var rows [][]graph.Value
	for _, row := range result[0].AsList() {
		if r.err == nil && (row.Kind() != graph.KindList || len(row.AsList()) != len(x.Results)) {
			r.fail("FunctionError", "InvalidResult", x.Name+"() gave a row that has not as many values as its signature has columns: "+x.Text, at)
		}
		if r.err != nil {
			return nil
		}
		values := make([]graph.Value, len(x.Results))
		for k, v := range row.AsList() {
			values[k] = x.checked(r, " as "+x.Results[k].Name, v, x.Results[k].Type, at)
		}
		rows = append(rows, values)
	}
	r.tick(len(rows))
	return rows
}

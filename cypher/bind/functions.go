package bind

import (
	"strconv"

	"github.com/pocketgraph/pocketgraph/cypher/syntax"
)

func (b *binder) functionCall(e *syntax.FunctionCall, s *scope) Type {
	name := lowerName(e.Name)
	f := b.catalog.Function(name)
	if f == nil {
		b.fail(e.NameRange, unknownFunction, "there is no function "+e.Name+"()")
		b.suggest(e.Name, b.catalog.Names(false))
		return Type{}
	}
	if !b.checkCount(e, f) {
		return Type{}
	}
	if name == "linenumber" || name == "file" {
		return b.placeOf(e, name, s)
	}
	if f.Aggregate {
		return b.aggregate(e, name, e.Distinct, e.Args, s, f)
	}
	if e.Distinct {
		b.fail(e, unexpectedSyntax, "DISTINCT is for aggregates, which "+e.Name+"() is not")
	}
	b.stmt.Volatile = b.stmt.Volatile || f.Volatile
	if f.Volatile && b.inAggregate {
		b.fail(e, nonConstant, e.Name+"() gives another value at each call and cannot be aggregated")
	}
	return b.arguments(e.Args, f, name, s)
}

// placeOf binds linenumber() and file(), which are columns of LOAD CSV.
func (b *binder) placeOf(e *syntax.FunctionCall, name string, s *scope) Type {
	v := s.find(" " + name)
	if v == nil {
		b.fail(e, unexpectedSyntax, e.Name+"() needs a LOAD CSV before it, with no WITH between")
		b.hint("name it in the WITH: WITH row, " + e.Name + "() AS line")
		return Type{}
	}
	b.stmt.computed[e] = v
	return v.Type
}

// checkCount checks how many arguments a call has.
func (b *binder) checkCount(e *syntax.FunctionCall, f *Function) bool {
	most := len(f.Args)
	if len(e.Args) >= f.Required && (len(e.Args) <= most || f.Variadic) {
		return true
	}
	want := counts(f.Required, most)
	if f.Variadic {
		want = "at least " + number(f.Required)
	}
	b.fail(e, invalidNumberOfArgs, "the function "+e.Name+"() takes "+want+", here are "+number(len(e.Args)))
	return false
}

// arguments binds the arguments of a call and gives the type of its result.
func (b *binder) arguments(args []syntax.Expr, f *Function, name string, s *scope) Type {
	types := make([]Type, len(args))
	for i, arg := range args {
		if p, ok := arg.(*syntax.PatternExpr); ok && name == "exists" {
			b.condition(p, s)
			types[i] = Of(Boolean)
			continue
		}
		types[i] = b.expr(arg, s)
		if len(f.Args) > 0 {
			b.wantType(arg, types[i], f.Args[min(i, len(f.Args)-1)], f.Name+"()")
		}
	}
	if f.ResultOf != nil {
		return f.ResultOf(types)
	}
	return f.Result
}

// counts says how many arguments something takes.
func counts(least, most int) string {
	switch {
	case least == most && most == 1:
		return "1 argument"
	case least == most:
		return number(most) + " arguments"
	}
	return number(least) + " to " + number(most) + " arguments"
}

func number(n int) string { return strconv.Itoa(n) }

// lowerName makes the ASCII letters of a function's name small.
func lowerName(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c-'A' < 26 {
			b[i] = c + ('a' - 'A')
		}
	}
	return string(b)
}

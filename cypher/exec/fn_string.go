package exec

import (
	"strings"
	"unicode"

	"github.com/pocketgraph/pocketgraph/cypher/bind"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// stringFunctions work on strings; positions count characters, not bytes.
var stringFunctions = []*function{
	text1("toLower", strings.ToLower), text1("lower", strings.ToLower),
	text1("toUpper", strings.ToUpper), text1("upper", strings.ToUpper),
	trimFunction("trim", strings.TrimSpace, func(s, cut string) string { return strings.Trim(s, cut) }),
	trimFunction("btrim", strings.TrimSpace, func(s, cut string) string { return strings.Trim(s, cut) }),
	trimFunction("ltrim", func(s string) string { return strings.TrimLeftFunc(s, unicode.IsSpace) }, strings.TrimLeft),
	trimFunction("rtrim", func(s string) string { return strings.TrimRightFunc(s, unicode.IsSpace) }, strings.TrimRight),
	{Function: decl("left", stringType, stringArg, integerArg), fn2: func(r *Run, s, n graph.Value, at syntax.Range) graph.Value {
		return substring(r, "left", []graph.Value{s, graph.Int(0), n}, at)
	}},
	{Function: decl("right", stringType, stringArg, integerArg), fn2: right},
	{Function: decl("split", bind.ListOf(stringType), stringArg, stringArg|bind.Lists), fn2: split},
	{Function: decl("replace", stringType, stringArg, stringArg, stringArg), fnN: replace},
	{Function: bind.Function{Name: "substring", Args: []bind.Accepts{stringArg, integerArg, integerArg}, Required: 2, Result: stringType},
		fnN: func(r *Run, args []graph.Value, at syntax.Range) graph.Value {
			return substring(r, "substring", args, at)
		}},
	normalizeFunction,
	{Function: decl("char_length", intType, stringArg), fn1: size},
	{Function: decl("character_length", intType, stringArg), fn1: size},
}

//go:noinline
func text1(name string, do func(string) string) *function {
	return &function{Function: decl(name, stringType, stringArg), fn1: func(r *Run, v graph.Value, at syntax.Range) graph.Value {
		if v.Kind() != graph.KindString {
			return wrong(r, name, v, at)
		}
		r.read(v.AsString())
		return graph.String(do(v.AsString()))
	}}
}

// trimFunction takes space away, or the characters of a second argument.
func trimFunction(name string, space func(string) string, cut func(s, chars string) string) *function {
	return &function{Function: bind.Function{Name: name, Args: []bind.Accepts{stringArg, stringArg}, Required: 1, Result: stringType},
		fnN: func(r *Run, args []graph.Value, at syntax.Range) graph.Value {
			for _, v := range args {
				if v.Kind() != graph.KindString {
					return wrong(r, name, v, at)
				}
			}
			if len(args) == 1 {
				return graph.String(space(args[0].AsString()))
			}
			return graph.String(cut(args[0].AsString(), args[1].AsString()))
		}}
}

// split cuts a string at a separator, or at any of a list of them.
func split(r *Run, s, sep graph.Value, at syntax.Range) graph.Value {
	separators := []graph.Value{sep}
	if sep.Kind() == graph.KindList {
		separators = sep.AsList()
	}
	if s.Kind() != graph.KindString {
		return wrong(r, "split", s, at)
	}
	r.read(s.AsString())
	parts := []string{s.AsString()}
	for _, sep := range separators {
		if sep.Kind() != graph.KindString {
			return wrong(r, "split", sep, at)
		}
		var finer []string
		for _, p := range parts {
			finer = append(finer, strings.Split(p, sep.AsString())...)
		}
		parts = finer
	}
	out := make([]graph.Value, len(parts))
	for i, p := range parts {
		out[i] = graph.String(p)
	}
	return graph.List(out)
}

func replace(r *Run, args []graph.Value, at syntax.Range) graph.Value {
	for _, v := range args {
		if v.Kind() != graph.KindString {
			return wrong(r, "replace", v, at)
		}
	}
	r.read(args[0].AsString())
	if args[1].AsString() == "" {
		return args[0]
	}
	return graph.String(strings.ReplaceAll(args[0].AsString(), args[1].AsString(), args[2].AsString()))
}

// substring takes (string, start) or (string, start, length).
func substring(r *Run, name string, args []graph.Value, at syntax.Range) graph.Value {
	if args[0].Kind() != graph.KindString {
		return wrong(r, name, args[0], at)
	}
	for _, v := range args[1:] {
		if v.Kind() != graph.KindInt {
			return wrong(r, name, v, at)
		}
		if v.AsInt() < 0 {
			return r.fail("ArgumentError", "NegativeIntegerArgument", name+"() cannot take a negative number", at)
		}
	}
	s := args[0].AsString()
	start := skipRunes(s, args[1].AsInt())
	s = s[start:]
	if len(args) == 3 {
		s = s[:skipRunes(s, args[2].AsInt())]
	}
	return graph.String(s)
}

// skipRunes is the byte at which the n-th character begins, or the length.
func skipRunes(s string, n int64) int {
	for i := range s {
		if n == 0 {
			return i
		}
		n--
	}
	return len(s)
}

func right(r *Run, s, n graph.Value, at syntax.Range) graph.Value {
	if s.Kind() != graph.KindString || n.Kind() != graph.KindInt {
		return wrong(r, "right", s, at)
	}
	if n.AsInt() < 0 {
		return r.fail("ArgumentError", "NegativeIntegerArgument", "right() cannot take a negative number", at)
	}
	runes := []rune(s.AsString())
	from := max(int64(len(runes))-n.AsInt(), 0)
	return graph.String(string(runes[from:]))
}

package exec

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pocketgraph/pocketgraph/cypher/bind"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// stringFunctions work on strings; positions count characters, not bytes.
var stringFunctions = []*function{
	text1("toLower", strings.ToLower), text1("lower", strings.ToLower),
	text1("toUpper", strings.ToUpper), text1("upper", strings.ToUpper),
	trimFunction("trim", true, true), trimFunction("btrim", true, true), trimFunction("ltrim", true, false), trimFunction("rtrim", false, true),
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
		return graph.String(r.mapText(v.AsString(), do))
	}}
}

// trimFunction takes space away, or the characters of a second argument.
//
//go:noinline
func trimFunction(name string, start, end bool) *function {
	return &function{Function: bind.Function{Name: name, Args: []bind.Accepts{stringArg, stringArg}, Required: 1, Result: stringType},
		fnN: func(r *Run, args []graph.Value, at syntax.Range) graph.Value {
			for _, v := range args {
				if v.Kind() != graph.KindString {
					return wrong(r, name, v, at)
				}
			}
			s, drop := args[0].AsString(), unicode.IsSpace
			if len(args) == 2 {
				cut := args[1].AsString()
				drop = func(c rune) bool {
					r.read(cut)
					return strings.ContainsRune(cut, c)
				}
			}
			if start {
				s = r.trimStart(s, drop)
			}
			if end {
				s = r.trimEnd(s, drop)
			}
			return graph.String(s)
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
	parts := []graph.Value{s}
	for _, sep := range separators {
		if sep.Kind() != graph.KindString {
			return wrong(r, "split", sep, at)
		}
		var finer values
		for _, p := range parts {
			r.splitAt(p.AsString(), sep.AsString(), &finer)
		}
		parts = finer.list(r)
	}
	return graph.List(parts)
}

// splitAt adds the parts of s between separators; an empty one is between all
// characters.
func (r *Run) splitAt(s, sep string, parts *values) {
	for r.err == nil {
		r.tick(1)
		i := 0
		if sep != "" {
			i = r.index(s, sep)
		} else if _, i = utf8.DecodeRuneInString(s); i == len(s) {
			if i > 0 {
				parts.add(r, graph.String(s))
			}
			return
		}
		if i < 0 {
			break
		}
		parts.add(r, graph.String(s[:i]))
		s = s[i+len(sep):]
	}
	parts.add(r, graph.String(s))
}

func replace(r *Run, args []graph.Value, at syntax.Range) graph.Value {
	for _, v := range args {
		if v.Kind() != graph.KindString {
			return wrong(r, "replace", v, at)
		}
	}
	s, from, to := args[0].AsString(), args[1].AsString(), args[2].AsString()
	if from == "" {
		return args[0]
	}
	var out strings.Builder
	for n := 0; r.err == nil; n++ {
		i := r.index(s, from)
		if i < 0 && n == 0 {
			return args[0]
		}
		if i < 0 {
			i = len(s)
		}
		if r.tick(1 + len(to)/bytesPerRow); !r.growText(out.Len(), i+len(to)) {
			break
		}
		out.WriteString(s[:i])
		if i == len(s) {
			return graph.String(out.String())
		}
		out.WriteString(to)
		s = s[i+len(from):]
	}
	return graph.Null
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
	start := r.skipRunes(s, args[1].AsInt())
	s = s[start:]
	if len(args) == 3 {
		s = s[:r.skipRunes(s, args[2].AsInt())]
	}
	return graph.String(s)
}

func right(r *Run, s, n graph.Value, at syntax.Range) graph.Value {
	if s.Kind() != graph.KindString || n.Kind() != graph.KindInt {
		return wrong(r, "right", s, at)
	}
	if n.AsInt() < 0 {
		return r.fail("ArgumentError", "NegativeIntegerArgument", "right() cannot take a negative number", at)
	}
	text := s.AsString()
	return graph.String(text[r.skipRunes(text, max(int64(r.runeCount(text))-n.AsInt(), 0)):])
}

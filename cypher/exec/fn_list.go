package exec

import (
	"math"
	"unicode/utf8"

	"github.com/pocketgraph/pocketgraph/cypher/bind"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

var listOrText = bind.Lists | bind.Takes(bind.String)

func elementOf(args []bind.Type) bind.Type { return args[0].Elem() }
func sameAs(args []bind.Type) bind.Type    { return args[0] }

// listFunctions take lists; some take strings too.
var listFunctions = []*function{
	{Function: decl("size", intType, listOrText|bind.Takes(bind.MapBase, bind.Vector)), fn1: size},
	{Function: decl("isEmpty", boolType, listOrText|bind.Takes(bind.MapBase)), fn1: isEmpty},
	{Function: bind.Function{Name: "head", Args: []bind.Accepts{listArg}, Required: 1, ResultOf: elementOf},
		fn1: func(r *Run, v graph.Value, at syntax.Range) graph.Value { return endItem(r, "head", v, 0, at) }},
	{Function: bind.Function{Name: "last", Args: []bind.Accepts{listArg}, Required: 1, ResultOf: elementOf},
		fn1: func(r *Run, v graph.Value, at syntax.Range) graph.Value { return endItem(r, "last", v, -1, at) }},
	{Function: bind.Function{Name: "tail", Args: []bind.Accepts{listArg}, Required: 1, Result: listType, ResultOf: sameAs}, fn1: tail},
	{Function: bind.Function{Name: "reverse", Args: []bind.Accepts{listOrText}, Required: 1, ResultOf: sameAs}, fn1: reverse},
	{Function: bind.Function{Name: "range", Args: []bind.Accepts{anything, anything, anything}, Required: 2, Result: bind.ListOf(intType)}, fnN: rangeList},
}

func size(r *Run, v graph.Value, at syntax.Range) graph.Value {
	switch v.Kind() {
	case graph.KindList:
		return graph.Int(int64(len(v.AsList())))
	case graph.KindString:
		return graph.Int(int64(r.runeCount(v.AsString())))
	case graph.KindMap:
		return graph.Int(int64(v.AsMap().Len()))
	case graph.KindVector:
		return graph.Int(int64(len(v.AsVector())))
	}
	return wrong(r, "size", v, at)
}

func isEmpty(r *Run, v graph.Value, at syntax.Range) graph.Value {
	n := size(r, v, at)
	if n.IsNull() {
		return n
	}
	return graph.Bool(n.AsInt() == 0)
}

func endItem(r *Run, name string, v graph.Value, i int64, at syntax.Range) graph.Value {
	if v.Kind() != graph.KindList {
		return wrong(r, name, v, at)
	}
	return listItem(v.AsList(), i)
}

func tail(r *Run, v graph.Value, at syntax.Range) graph.Value {
	if v.Kind() != graph.KindList {
		return wrong(r, "tail", v, at)
	}
	if items := v.AsList(); len(items) > 0 {
		return graph.List(items[1:])
	}
	return v
}

func reverse(r *Run, v graph.Value, at syntax.Range) graph.Value {
	switch v.Kind() {
	case graph.KindList:
		items := v.AsList()
		return r.newList(len(items), func(i int) graph.Value { return items[len(items)-1-i] })
	case graph.KindString:
		s := v.AsString()
		if !r.takeText(len(s)) {
			return graph.Null
		}
		out := make([]byte, len(s))
		at := len(s)
		r.pieces(s, func(piece string) bool {
			for i, c := range piece {
				n := utf8.RuneLen(c)
				if c == utf8.RuneError {
					_, n = utf8.DecodeRuneInString(piece[i:])
				}
				at -= n
				copy(out[at:], piece[i:i+n])
			}
			return true
		})
		return graph.String(string(out))
	}
	return wrong(r, "reverse", v, at)
}

func rangeList(r *Run, args []graph.Value, at syntax.Range) graph.Value {
	l, ok := rangeLoop(r, args, at)
	if !ok {
		return graph.Null
	}
	return r.newList(l.n, l.at)
}

// newList makes a list of n items.
func (r *Run) newList(n int, item func(i int) graph.Value) graph.Value {
	if !r.takeList(n) {
		return graph.Null
	}
	out := make([]graph.Value, n)
	if !r.each(n, pieceItems, func(from, to int) {
		for i := from; i < to; i++ {
			out[i] = item(i)
		}
	}) {
		return graph.Null
	}
	return graph.List(out)
}

// rangeLoop is range() without its list.
func rangeLoop(r *Run, args []graph.Value, at syntax.Range) (l loop, ok bool) {
	l.step = 1
	for i, v := range args {
		if v.Kind() != graph.KindInt {
			r.fail("ArgumentError", "InvalidArgumentType", "range() takes Integers, found "+article(v), at)
			return l, false
		}
		if i == 2 {
			l.step = v.AsInt()
		}
	}
	if l.step == 0 {
		r.fail("ArgumentError", "NumberOutOfRange", "the step of range() cannot be 0", at)
		return l, false
	}
	to := args[1].AsInt()
	l.from = args[0].AsInt()
	if l.step > 0 && l.from > to || l.step < 0 && l.from < to {
		return l, true
	}
	n := countSteps(l.from, to, l.step)
	if n > math.MaxInt {
		r.limit("range() has too many items")
		return l, false
	}
	l.n = int(n)
	return l, true
}

// countSteps is how many items from, from+step, … to has, without overflow.
func countSteps(from, to, step int64) uint64 {
	if step > 0 {
		return (uint64(to)-uint64(from))/uint64(step) + 1
	}
	return (uint64(from)-uint64(to))/-uint64(step) + 1
}

package exec

import (
	"math"
	"strings"

	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/graph/temporal"
)

func (c *compiler) unary(e *syntax.Unary) *expr {
	x, at := c.expr(e.Expr), e.Span()
	switch e.Op {
	case syntax.Not:
		return rowExpr(func(f *frame) graph.Value { return truth(f.run, x.row(f), at).Not().Value() })
	case syntax.Pos:
		return x
	}
	return rowExpr(func(f *frame) graph.Value { return negate(f.run, x.row(f), at) })
}

func negate(r *Run, v graph.Value, at syntax.Range) graph.Value {
	switch v.Kind() {
	case graph.KindInt:
		if v.AsInt() == math.MinInt64 {
			return overflow(r, at)
		}
		return graph.Int(-v.AsInt())
	case graph.KindFloat:
		return graph.Float(-v.AsFloat())
	case graph.KindDuration:
		return r.temporal(at).of(temporal.Negate(v))
	case graph.KindNull:
		return v
	}
	return r.typeError("cannot negate a "+v.Kind().String(), at)
}

// truth reads a value as a truth value; anything but Boolean and Null fails.
//
//go:noinline
func truth(r *Run, v graph.Value, at syntax.Range) graph.Ternary {
	switch v.Kind() {
	case graph.KindBool:
		return graph.Truth(v.AsBool())
	case graph.KindNull:
		return graph.Unknown
	}
	r.fail("TypeError", "InvalidArgumentType", "expected a Boolean, found "+article(v), at)
	return graph.Unknown
}

func (c *compiler) binary(e *syntax.Binary) *expr {
	a, b, at := c.expr(e.Left), c.expr(e.Right), e.Span()
	switch e.Op {
	case syntax.And, syntax.Or:
		return logical(a, b, e.Op == syntax.And, at)
	case syntax.Xor:
		return rowExpr(func(f *frame) graph.Value {
			x, y := truth(f.run, a.row(f), at), truth(f.run, b.row(f), at)
			if x == graph.Unknown || y == graph.Unknown {
				return graph.Null
			}
			return graph.Bool(x != y)
		})
	case syntax.Equal, syntax.NotEqual, syntax.Less, syntax.LessEqual, syntax.Greater, syntax.GreaterEqual:
		return comparison(e.Op, a, b)
	case syntax.StartsWith:
		return stringTest(a, b, strings.HasPrefix)
	case syntax.EndsWith:
		return stringTest(a, b, strings.HasSuffix)
	case syntax.Contains:
		return contains(a, b)
	case syntax.In:
		return rowExpr(func(f *frame) graph.Value { return in(f.run, a.row(f), b.row(f), at) })
	case syntax.Matches:
		return rowExpr(func(f *frame) graph.Value { return matches(f.run, a.row(f), b.row(f), at) })
	}
	op := arithmetic(e.Op)
	if op == nil {
		return c.unsupported("this operator", at)
	}
	return rowExpr(func(f *frame) graph.Value {
		x := a.row(f)
		y := b.row(f)
		return op(f.run, x, y, at)
	})
}

// logical is AND (and) or OR. The second operand is not asked when the first
// decides, unless a whole batch is done at once and it cannot fail.
func logical(a, b *expr, and bool, at syntax.Range) *expr {
	decides := graph.Truth(!and)
	join := func(x, y graph.Ternary) graph.Value {
		switch {
		case x == decides || y == decides:
			return graph.Bool(!and)
		case x == graph.Unknown || y == graph.Unknown:
			return graph.Null
		}
		return graph.Bool(and)
	}
	out := rowExpr(func(f *frame) graph.Value {
		x := truth(f.run, a.row(f), at)
		if x == decides {
			return graph.Bool(!and)
		}
		return join(x, truth(f.run, b.row(f), at))
	})
	if b.safe {
		out.vec = func(f *frame, out []graph.Value) {
			a.all(f, out)
			buf := f.run.borrow(f.b.n)
			b.all(f, buf)
			for i := 0; i < f.b.n; i++ {
				out[i] = join(truth(f.run, out[i], at), truth(f.run, buf[i], at))
			}
			f.run.release(buf)
		}
	}
	return out
}

// equal is graph.Equal, with looks in between where it goes deep.
func (r *Run) equal(a, b graph.Value) graph.Ternary {
	if k := a.Kind(); (k == graph.KindList || k == graph.KindMap) && k == b.Kind() {
		return r.nested().Equal(a, b)
	}
	return graph.Equal(a, b)
}

// compare applies a comparison operator.
func compare(r *Run, op syntax.Op, a, b graph.Value) graph.Value {
	switch op {
	case syntax.Equal:
		return r.equal(a, b).Value()
	case syntax.NotEqual:
		return r.equal(a, b).Not().Value()
	}
	o := graph.Incomparable
	if a.Kind() == graph.KindList {
		o = r.nested().Order(a, b)
	} else {
		o = graph.Order(a, b)
	}
	switch o {
	case graph.Incomparable:
		return graph.Null
	case graph.Unordered:
		return graph.Bool(false)
	}
	switch op {
	case syntax.Less:
		return graph.Bool(o == graph.Less)
	case syntax.LessEqual:
		return graph.Bool(o != graph.Greater)
	case syntax.Greater:
		return graph.Bool(o == graph.Greater)
	}
	return graph.Bool(o != graph.Less)
}

func comparison(op syntax.Op, a, b *expr) *expr {
	out := rowExpr(func(f *frame) graph.Value {
		x := a.row(f)
		return compare(f.run, op, x, b.row(f))
	})
	out.safe = a.safe && b.safe
	out.test = newBound(op, a, b)
	out.vec = func(f *frame, out []graph.Value) {
		a.all(f, out)
		if f.b.n == 0 {
			return
		}
		if b.constant {
			f.i = 0
			y := b.row(f)
			if y.Kind() == graph.KindInt && op > syntax.NotEqual {
				compareInts(f.run, op, out[:f.b.n], y)
				return
			}
			for i := 0; i < f.b.n; i++ {
				out[i] = compare(f.run, op, out[i], y)
			}
			return
		}
		buf := f.run.borrow(f.b.n)
		b.all(f, buf)
		for i := 0; i < f.b.n; i++ {
			out[i] = compare(f.run, op, out[i], buf[i])
		}
		f.run.release(buf)
	}
	return out
}

// compareInts is < <= > >= against one integer, the commonest filter.
func compareInts(r *Run, op syntax.Op, values []graph.Value, y graph.Value) {
	limit := y.AsInt()
	for i, v := range values {
		if v.Kind() != graph.KindInt {
			values[i] = compare(r, op, v, y)
			continue
		}
		x, result := v.AsInt(), false
		switch op {
		case syntax.Less:
			result = x < limit
		case syntax.LessEqual:
			result = x <= limit
		case syntax.Greater:
			result = x > limit
		default:
			result = x >= limit
		}
		values[i] = graph.Bool(result)
	}
}

// chain is a < b <= c.
func (c *compiler) chain(e *syntax.Chain) *expr {
	operands := c.exprs(e.Operands)
	ops := e.Ops
	return rowExpr(func(f *frame) graph.Value {
		left := operands[0].row(f)
		result := graph.True
		for i, op := range ops {
			right := operands[i+1].row(f)
			v := compare(f.run, op, left, right)
			if v.IsNull() {
				result = graph.Unknown
			} else if !v.AsBool() {
				return v
			}
			left = right
		}
		return result.Value()
	})
}

func stringTest(a, b *expr, test func(s, t string) bool) *expr {
	out := rowExpr(func(f *frame) graph.Value {
		x, y := a.row(f), b.row(f)
		if x.Kind() != graph.KindString || y.Kind() != graph.KindString {
			return graph.Null
		}
		return graph.Bool(test(x.AsString(), y.AsString()))
	})
	out.safe = a.safe && b.safe
	return out
}

// contains is CONTAINS, which may go through much.
func contains(a, b *expr) *expr {
	out := rowExpr(func(f *frame) graph.Value {
		x, y := a.row(f), b.row(f)
		if x.Kind() != graph.KindString || y.Kind() != graph.KindString {
			return graph.Null
		}
		return graph.Bool(f.run.index(x.AsString(), y.AsString()) >= 0)
	})
	out.safe = a.safe && b.safe
	return out
}

// in is x IN list: true when an item equals x, Null when one might.
func in(r *Run, x, list graph.Value, at syntax.Range) graph.Value {
	if list.IsNull() {
		return graph.Null
	}
	if list.Kind() != graph.KindList {
		return r.typeError("IN expects a List, found "+article(list), at)
	}
	result := graph.False
	items := list.AsList()
	r.each(len(items), pieceItems, func(from, to int) {
		for i := from; i < to && result != graph.True; i++ {
			switch r.equal(x, items[i]) {
			case graph.True:
				result = graph.True
			case graph.Unknown:
				result = graph.Unknown
			}
		}
	})
	return result.Value()
}

type binaryOp func(r *Run, a, b graph.Value, at syntax.Range) graph.Value

func arithmetic(op syntax.Op) binaryOp {
	switch op {
	case syntax.Add, syntax.Concat:
		return add
	case syntax.Sub:
		return func(r *Run, a, b graph.Value, at syntax.Range) graph.Value { return numbers(r, '-', a, b, at) }
	case syntax.Mul:
		return func(r *Run, a, b graph.Value, at syntax.Range) graph.Value { return numbers(r, '*', a, b, at) }
	case syntax.Div:
		return func(r *Run, a, b graph.Value, at syntax.Range) graph.Value { return numbers(r, '/', a, b, at) }
	case syntax.Mod:
		return func(r *Run, a, b graph.Value, at syntax.Range) graph.Value { return numbers(r, '%', a, b, at) }
	case syntax.Pow:
		return func(r *Run, a, b graph.Value, at syntax.Range) graph.Value { return numbers(r, '^', a, b, at) }
	}
	return nil
}

// add is + : of numbers, strings, lists, and anything onto a list.
func add(r *Run, a, b graph.Value, at syntax.Range) graph.Value {
	if a.IsNull() || b.IsNull() {
		return graph.Null
	}
	switch {
	case a.Kind() == graph.KindList && b.Kind() == graph.KindList:
		return concat(r, a.AsList(), b.AsList())
	case a.Kind() == graph.KindList:
		return concat(r, a.AsList(), []graph.Value{b})
	case b.Kind() == graph.KindList:
		return concat(r, []graph.Value{a}, b.AsList())
	case a.Kind() == graph.KindString || b.Kind() == graph.KindString:
		x, okX := text(a)
		y, okY := text(b)
		if okX && okY {
			return r.join(x, y)
		}
	}
	return numbers(r, '+', a, b, at)
}

// itemsPerRow is how many items of a list that is copied, and bytesPerRow how
// many bytes of a text that is gone through, are about the work of one row.
const (
	itemsPerRow = 16
	bytesPerRow = 64
)

// read counts the work of going through a text.
func (r *Run) read(text string) { r.tick(len(text) / bytesPerRow) }

// join is one text after the other.
func (r *Run) join(x, y string) graph.Value {
	n := len(x) + len(y)
	if !r.takeText(n) {
		return graph.Null
	}
	if n <= pieceBytes {
		r.tick(n / bytesPerRow)
		return graph.String(x + y)
	}
	var b strings.Builder
	b.Grow(n)
	for _, part := range [2]string{x, y} {
		r.each(len(part), pieceBytes, func(from, to int) { b.WriteString(part[from:to]) })
	}
	return graph.String(b.String())
}

func concat(r *Run, a, b []graph.Value) graph.Value {
	if !r.takeList(len(a) + len(b)) {
		return graph.Null
	}
	out := make([]graph.Value, 0, len(a)+len(b))
	for _, part := range [2][]graph.Value{a, b} {
		if !r.each(len(part), pieceItems, func(from, to int) { out = append(out, part[from:to]...) }) {
			return graph.Null
		}
	}
	return graph.List(out)
}

// numbers is + - * / % ^ of numbers. Integers overflow with an error.
func numbers(r *Run, op byte, a, b graph.Value, at syntax.Range) graph.Value {
	if a.IsNull() || b.IsNull() {
		return graph.Null
	}
	if a.Kind() == graph.KindInt && b.Kind() == graph.KindInt && op != '^' {
		return integers(r, op, a.AsInt(), b.AsInt(), at)
	}
	x, okX := a.Number()
	y, okY := b.Number()
	if !okX || !okY {
		if v, ok := temporals(r, op, a, b, at); ok {
			return v
		}
		return r.fail("TypeError", "InvalidArgumentType", "cannot compute "+a.Kind().String()+" "+string(op)+" "+b.Kind().String(), at)
	}
	switch op {
	case '+':
		return graph.Float(x + y)
	case '-':
		return graph.Float(x - y)
	case '*':
		return graph.Float(x * y)
	case '/':
		return graph.Float(x / y)
	case '%':
		return graph.Float(math.Mod(x, y))
	}
	return graph.Float(math.Pow(x, y))
}

func integers(r *Run, op byte, x, y int64, at syntax.Range) graph.Value {
	switch op {
	case '+':
		if s := x + y; (s > x) == (y > 0) {
			return graph.Int(s)
		}
	case '-':
		if s := x - y; (s < x) == (y > 0) {
			return graph.Int(s)
		}
	case '*':
		if p, ok := multiply(x, y); ok {
			return graph.Int(p)
		}
	default:
		if y == 0 {
			return r.fail("ArithmeticError", "DivisionByZero", "division by zero", at)
		}
		if op == '%' {
			return graph.Int(x % y)
		}
		if x != math.MinInt64 || y != -1 {
			return graph.Int(x / y)
		}
	}
	return overflow(r, at)
}

func overflow(r *Run, at syntax.Range) graph.Value {
	return r.fail("ArithmeticError", "IntegerOverflow", "the result does not fit into a 64-bit integer", at)
}

func multiply(x, y int64) (int64, bool) {
	if x == 0 || y == 0 {
		return 0, true
	}
	p := x * y
	if p/y != x || (x == -1 && y == math.MinInt64) || (y == -1 && x == math.MinInt64) {
		return 0, false
	}
	return p, true
}

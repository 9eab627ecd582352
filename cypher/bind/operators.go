package bind

import "github.com/pocketgraph/pocketgraph/cypher/syntax"

// operator binds unary and binary operators and chains of comparisons.
func (b *binder) operator(e syntax.Expr, s *scope) Type {
	switch e := e.(type) {
	case *syntax.Unary:
		return b.unary(e, s)
	case *syntax.Chain:
		for _, operand := range e.Operands {
			b.expr(operand, s)
		}
		return Of(Boolean)
	}
	return b.binary(e.(*syntax.Binary), s)
}

func (b *binder) unary(e *syntax.Unary, s *scope) Type {
	if e.Op == syntax.Not {
		b.condition(e.Expr, s)
		return Of(Boolean)
	}
	t := b.expr(e.Expr, s)
	b.wantType(e.Expr, t, Takes(Number, Temporal), "a sign")
	return t
}

func (b *binder) binary(e *syntax.Binary, s *scope) Type {
	switch e.Op {
	case syntax.Or, syntax.Xor, syntax.And:
		b.condition(e.Left, s)
		b.condition(e.Right, s)
		return Of(Boolean)
	}
	left, right := b.expr(e.Left, s), b.expr(e.Right, s)
	switch e.Op {
	case syntax.Add, syntax.Concat:
		return b.sum(e, left, right)
	case syntax.Sub, syntax.Mul, syntax.Div, syntax.Mod, syntax.Pow:
		return b.arithmetic(e, left, right)
	case syntax.In:
		b.wantType(e.Right, right, Lists, "IN")
	}
	return Of(Boolean)
}

// sum is the type of +, which adds numbers and durations, joins strings, and
// joins or extends lists.
func (b *binder) sum(e *syntax.Binary, left, right Type) Type {
	switch {
	case left.IsList() && right.IsList():
		return join(left, right)
	case left.IsList():
		return ListOf(join(left.Elem(), right))
	case right.IsList():
		return ListOf(join(right.Elem(), left))
	}
	addable := Takes(Number, String, Temporal, Vector, Bytes)
	// What is added to something unknown may yet become an item of a list.
	if left.Known() && right.Known() {
		b.wantType(e.Left, left, addable, "+")
		b.wantType(e.Right, right, addable, "+")
	}
	switch {
	case left == Of(String) && right.Known(), right == Of(String) && left.Known():
		return Of(String)
	case isNumber(left) && isNumber(right):
		return numberOf(left, right)
	}
	return Type{}
}

func (b *binder) arithmetic(e *syntax.Binary, left, right Type) Type {
	operands := Takes(Number)
	switch e.Op {
	case syntax.Sub, syntax.Mul, syntax.Div:
		operands = Takes(Number, Temporal)
	}
	b.wantType(e.Left, left, operands, "arithmetic")
	b.wantType(e.Right, right, operands, "arithmetic")
	switch {
	case !isNumber(left) || !isNumber(right):
		return Type{}
	case e.Op == syntax.Pow:
		return Of(Float)
	}
	return numberOf(left, right)
}

// numberOf is the type of arithmetic on two numbers.
func numberOf(left, right Type) Type {
	switch {
	case left.Base == Float || right.Base == Float:
		return Of(Float)
	case left == right:
		return left
	}
	return Of(Number)
}

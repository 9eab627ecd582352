package syntax

// LabelNames returns the labels a node must all have, when the expression says
// no more than that: :A, :A:B, :A&B. It is false for every other expression,
// and true with no names for nil.
func LabelNames(e LabelExpr) ([]string, bool) {
	return plainNames(nil, e, func(e LabelExpr) (l, r LabelExpr) {
		if and, ok := e.(*LabelAnd); ok {
			return and.Left, and.Right
		}
		return nil, nil
	})
}

// TypeNames returns the types of which a relationship must have one, when the
// expression says no more than that: :A, :A|B, :A|:B. It is false for every
// other expression, and true with no names for nil.
func TypeNames(e LabelExpr) ([]string, bool) {
	return plainNames(nil, e, func(e LabelExpr) (l, r LabelExpr) {
		if or, ok := e.(*LabelOr); ok {
			return or.Left, or.Right
		}
		return nil, nil
	})
}

// plainNames appends the names of an expression made of static names joined in
// the one way that split knows.
func plainNames(names []string, e LabelExpr, split func(LabelExpr) (l, r LabelExpr)) ([]string, bool) {
	if e == nil {
		return names, true
	}
	if name, ok := e.(*LabelName); ok {
		return append(names, name.Name), name.Dynamic == nil
	}
	left, right := split(e)
	if left == nil {
		return nil, false
	}
	names, ok := plainNames(names, left, split)
	if !ok {
		return nil, false
	}
	return plainNames(names, right, split)
}

// WrittenLabels returns the labels that a node gets where it is created, static
// and computed: :A, :A:B, :A&$(expr). It is false for every other expression.
func WrittenLabels(e LabelExpr) (names []*LabelName, ok bool) {
	switch e := e.(type) {
	case nil:
		return nil, true
	case *LabelName:
		return []*LabelName{e}, !e.AnyOf
	case *LabelAnd:
		left, okLeft := WrittenLabels(e.Left)
		right, okRight := WrittenLabels(e.Right)
		return append(left, right...), okLeft && okRight
	}
	return nil, false
}

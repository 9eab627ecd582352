package exec

import (
	"strings"

	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// isTyped is the type predicate: e IS :: TYPE.
func (c *compiler) isTyped(e *syntax.IsTyped) *expr {
	x, t, not := c.expr(e.Expr), e.Type, e.Not
	return rowExpr(func(f *frame) graph.Value { return graph.Bool(f.run.hasType(x.row(f), t) != not) })
}

// hasType says whether a value is of a type. Null is of every type that is not
// NOT NULL.
func (r *Run) hasType(v graph.Value, t *syntax.Type) bool {
	if len(t.Union) > 0 {
		for _, one := range t.Union {
			if r.hasType(v, one) {
				return true
			}
		}
		return false
	}
	if v.IsNull() {
		return !t.NotNull && t.Name != "NOTHING"
	}
	switch t.Name {
	case "ANY":
		return true
	case "NOTHING", "NULL":
		return false
	case "PROPERTY VALUE":
		return r.isPropertyValue(v)
	case "LIST":
		if v.Kind() != graph.KindList {
			return false
		}
		for _, item := range v.AsList() {
			if t.Element != nil && (!r.nested().Item() || !r.hasType(item, t.Element)) {
				return false
			}
		}
		return true
	}
	return typeName(v.Kind()) == t.Name
}

func (r *Run) isPropertyValue(v graph.Value) bool {
	if v.Kind() != graph.KindList {
		return graph.TypeOf(v.Kind()) != 0
	}
	for _, item := range v.AsList() {
		if item.IsNull() || item.Kind() == graph.KindList || !r.isPropertyValue(item) || !r.nested().Item() {
			return false
		}
	}
	return true
}

// kindsInOrder is how the types of a union are written one after the other.
var kindsInOrder = [...]graph.Kind{graph.KindBool, graph.KindString, graph.KindInt, graph.KindFloat, graph.KindDate, graph.KindLocalTime,
	graph.KindTime, graph.KindLocalDateTime, graph.KindDateTime, graph.KindDuration, graph.KindPoint, graph.KindBytes, graph.KindVector,
	graph.KindNode, graph.KindRel, graph.KindMap, graph.KindList, graph.KindPath}

// typeName is a type as Cypher writes it.
func typeName(k graph.Kind) string {
	if t := graph.TypeOf(k); t != 0 {
		return t.String()
	}
	return strings.ToUpper(k.String())
}

// typeText is valueType(): INTEGER NOT NULL, LIST<STRING | FLOAT NOT NULL> NOT NULL.
func (r *Run) typeText(v graph.Value) string {
	if v.IsNull() {
		return "NULL"
	}
	if v.Kind() != graph.KindList {
		return typeName(v.Kind()) + " NOT NULL"
	}
	end := " NOT NULL"
	var inner []string
	add := func(text string) {
		for _, t := range inner {
			if t == text {
				return
			}
		}
		inner = append(inner, text)
	}
	var met [32]bool // kinds
	for _, item := range v.AsList() {
		if item.IsNull() {
			end = ""
		}
		met[item.Kind()] = true
		if !r.nested().Item() {
			return ""
		}
	}
	for _, k := range kindsInOrder {
		for i := 0; met[k] && i < len(v.AsList()) && r.nested().Item(); i++ {
			if item := v.AsList()[i]; item.Kind() == k {
				add(strings.TrimSuffix(r.typeText(item), " NOT NULL") + end)
				if k != graph.KindList {
					break // they are all named alike
				}
			}
		}
	}
	switch {
	case len(inner) == 0 && end == "":
		inner = []string{"NULL"}
	case len(inner) == 0:
		inner = []string{"NOTHING"}
	}
	return "LIST<" + strings.Join(inner, " | ") + "> NOT NULL"
}

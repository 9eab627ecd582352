package formats

import (
	"cmp"
	"slices"

	"github.com/pocketgraph/pocketgraph/graph"
)

// typedKey is a property key with a type that it has somewhere: what CSV calls
// a column, GraphML a key and GEXF an attribute. A property that has several
// types has several.
type typedKey struct {
	name string
	typ  string // as of value_text.go, with [] behind it for a list
	key  graph.KeyID
}

// emptyList is the type of a list that shows none.
const emptyList = "[]"

// typedKeys are those of nodes or of relationships, or of both.
type typedKeys struct {
	classify func(graph.Value) string
	seen     map[typedKey]bool
	list     []typedKey
	index    map[graph.KeyID]map[string]int
}

func newTypedKeys(classify func(graph.Value) string) *typedKeys {
	return &typedKeys{classify: classify, seen: map[typedKey]bool{}}
}

// collect notes the properties at hand.
func (t *typedKeys) collect(properties []graph.Property) {
	for _, p := range properties {
		t.seen[typedKey{"", t.classify(p.Value), p.Key}] = true
	}
}

// order puts them into the order of their names and gives empty lists a column.
func (t *typedKeys) order(r graph.Reader) {
	for k := range t.seen {
		if k.typ != emptyList {
			t.list = append(t.list, typedKey{r.KeyName(k.key), k.typ, k.key})
		}
	}
	for k := range t.seen {
		isList := func(c typedKey) bool { return c.key == k.key && len(c.typ) > 2 && c.typ[len(c.typ)-2:] == "[]" }
		if k.typ == emptyList && !slices.ContainsFunc(t.list, isList) {
			t.list = append(t.list, typedKey{r.KeyName(k.key), typeString + "[]", k.key})
		}
	}
	slices.SortFunc(t.list, func(a, b typedKey) int { return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.typ, b.typ)) })
	t.index = map[graph.KeyID]map[string]int{}
	for i, k := range t.list {
		if t.index[k.key] == nil {
			t.index[k.key] = map[string]int{}
		}
		t.index[k.key][k.typ] = i
		if len(k.typ) > 2 && k.typ[len(k.typ)-2:] == "[]" {
			t.index[k.key][emptyList] = i
		}
	}
}

// arrange puts properties into the order of their columns, so that equal graphs
// make equal files.
func (t *typedKeys) arrange(properties []graph.Property) []graph.Property {
	slices.SortFunc(properties, func(a, b graph.Property) int { return cmp.Compare(t.place(a), t.place(b)) })
	return properties
}

// place is the column of a property.
func (t *typedKeys) place(p graph.Property) int { return t.index[p.Key][t.classify(p.Value)] }

// several reports whether a key has more than one type.
func (t *typedKeys) several(k graph.KeyID) bool {
	n := len(t.index[k])
	if _, ok := t.index[k][emptyList]; ok {
		n--
	}
	return n > 1
}

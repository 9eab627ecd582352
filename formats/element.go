package formats

import (
	"errors"

	"github.com/pocketgraph/pocketgraph/graph"
)

// property is a property by name. A Null value is none.
type property struct {
	name  string
	value graph.Value
}

// end is an end of a relationship: an identifier in an id space of the file.
type end struct{ space, id string }

// element is a node or a relationship as a file has it. Readers use one over
// and over: who gets it keeps nothing of it but strings and values.
type element struct {
	rel        bool
	self       end // of a node; without id nothing can refer to it
	labels     []string
	start, end end // of a relationship
	typ        string
	properties []property
	places     map[string]int // of the properties beyond the first few, as far as somebody asked
	place      place
}

// place is where an element is in the file, for messages.
type place struct {
	file                   string
	line                   int
	column                 int // of the identifier, or of the element; 0 when none is known
	startColumn, endColumn int // of the ends
}

func (e *element) reset() {
	*e = element{labels: e.labels[:0], properties: e.properties[:0]}
}

func (e *element) set(name string, v graph.Value) {
	if !v.IsNull() {
		e.properties = append(e.properties, property{name, v})
	}
}

// has says whether a property of this name was set.
func (e *element) has(name string) bool {
	return e.at(name) >= 0
}

// few are as many properties as are looked through; beyond them there is a
// table, or a hostile element of 64 MiB would take hours.
const few = 32

func (e *element) at(name string) int {
	for i, p := range e.properties[:min(few, len(e.properties))] {
		if p.name == name {
			return i
		}
	}
	for i := max(few, len(e.places)+few); i < len(e.properties); i++ {
		if e.places == nil {
			e.places = map[string]int{}
		}
		e.places[e.properties[i].name] = i
	}
	if i, ok := e.places[name]; ok {
		return i
	}
	return -1
}

// put sets a property that may have a value already, the identifier that
// Options.IDProperty keeps under its name: neither is written over the other.
func (e *element) put(name string, v graph.Value) error {
	if i := e.at(name); i >= 0 {
		have := e.properties[i].value
		if v.IsNull() || v.Kind() == graph.KindString && have.Kind() == graph.KindString && v.AsString() == have.AsString() {
			return nil
		}
		return errors.New("the property " + quoteShort(name) + " has two values")
	}
	e.set(name, v)
	return nil
}

// sink takes elements one after another.
type sink interface{ element(*element) error }

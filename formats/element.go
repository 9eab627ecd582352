package formats

import "github.com/pocketgraph/pocketgraph/graph"

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

// sink takes elements one after another.
type sink interface{ element(*element) error }

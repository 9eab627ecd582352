package bind

// Catalog is what can be called. Whoever runs queries implements it.
type Catalog interface {
	// Function finds a function by its name in lower case, with its
	// namespace. It returns nil when there is none.
	Function(lower string) *Function
	// Procedure finds a procedure by its name as written. It returns nil when
	// there is none.
	Procedure(name string) *Procedure
	// Names returns the names of all functions, or of all procedures, for
	// hints about misspelt ones.
	Names(procedures bool) []string
}

// Function describes a function or aggregate.
type Function struct {
	Name      string    // as it is shown
	Args      []Accepts // one for each argument it can take
	Required  int       // how many of Args must be given
	Variadic  bool      // the last of Args may be repeated
	Result    Type
	Aggregate bool
	// Volatile functions give another value at each call: rand(), randomUUID().
	// They cannot stand where a constant must.
	Volatile bool
	// ResultOf computes the result from the arguments where Result is too
	// coarse; nil to leave it.
	ResultOf func(args []Type) Type
}

// Procedure describes a procedure.
type Procedure struct {
	Name    string
	Args    []Field
	Results []Field
	Writes  bool // changes the graph
	Schema  bool // changes the schema
}

// Field is an argument or a column of a procedure.
type Field struct {
	Name     string
	Type     Type
	Accepts  Accepts // of an argument
	Optional bool    // an argument that may be left out, as may all after it
	Hidden   bool    // a column that YIELD * leaves out
}

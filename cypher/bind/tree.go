package bind

import (
	"slices"

	"github.com/pocketgraph/pocketgraph/cypher/syntax"
)

// Var is one variable of a statement.
type Var struct {
	ID        int    // its index in Statement.Vars
	Name      string // what the user wrote; a name no user can write for generated ones
	Type      Type   // what is known of its values; null is always possible
	Anonymous bool   // generated: an unnamed pattern element, a key, an aggregate
	Pos       int    // where it is declared
}

// Statement is a statement that has been checked.
type Statement struct {
	Syntax     *syntax.Statement
	Query      *Query   // nil for schema commands and SHOW
	Show       *Show    // nil but for SHOW
	Vars       []*Var   // every variable, by ID
	Columns    []string // of the answer; empty when there is none
	Writes     bool     // may change the graph
	Volatile   bool     // calls a function that gives another value at each call
	Schema     bool     // is a schema command
	Waits      bool     // for a file, or for commits: LOAD CSV and CALL IN TRANSACTIONS
	Parameters []string // names of the parameters it uses, sorted

	vars     map[*syntax.Variable]*Var
	computed map[syntax.Expr]*Var
	queries  map[*syntax.Subquery]*Query
	paths    map[*syntax.PatternPart]*Path
}

// Parameter returns the place of a parameter in Parameters.
func (s *Statement) Parameter(name string) int {
	i, _ := slices.BinarySearch(s.Parameters, name)
	return i
}

// Var returns what a variable stands for where it is written: declared or used.
func (s *Statement) Var(v *syntax.Variable) *Var { return s.vars[v] }

// Computed returns the variable that already holds the value of an expression:
// an aggregate, or a part that equals a grouping key. It is nil for all others.
// Whoever compiles an expression asks it first at every node of Items with
// Aggregate, of OrderBy and of With.Where. Nothing in Keys or in the arguments
// of aggregates has an answer.
func (s *Statement) Computed(e syntax.Expr) *Var { return s.computed[e] }

// Subquery returns the query of an EXISTS, COUNT or COLLECT subquery. Its
// clauses see the variables of the place where it stands.
func (s *Statement) Subquery(e *syntax.Subquery) *Query { return s.queries[e] }

// Path returns the path of a pattern expression or pattern comprehension.
func (s *Statement) Path(p *syntax.PatternPart) *Path { return s.paths[p] }

// Query is one or more single queries joined by UNION. All have the same
// Columns, in the same order.
type Query struct {
	Syntax  *syntax.Query
	Parts   []*Single
	Columns []string // nil when it does not return
	Writes  bool
	Outer   []*Var // subqueries: the variables of the outside that are used inside, by ID
}

// Single is a sequence of clauses.
type Single struct {
	Syntax  *syntax.SingleQuery
	Clauses []Clause
	Results []*Var // the variables of the columns; nil when it does not return
}

// Clause is one clause: *Match, *Unwind, *With, *Return, *Create, *Merge,
// *Set, *Remove, *Delete, *Call, *CallSubquery, *Foreach, *LoadCSV, *Finish.
type Clause interface{ Scopes() *Scope }

// Scope is what is visible before and after a clause, each in order of
// declaration, anonymous variables included. What a subquery or FOREACH sees of
// the outside is not in it. The lists must not be changed.
type Scope struct {
	In  []*Var
	Out []*Var
}

// Scopes returns the scope itself; it makes what embeds it a Clause.
func (s *Scope) Scopes() *Scope { return s }

// Match is MATCH or OPTIONAL MATCH. Out is In and the new variables of Paths.
type Match struct {
	Scope
	Syntax *syntax.Match
	Paths  []*Path
}

// Path is one path of a pattern. Elements begins and ends with a node or a
// group; a relationship stands between two nodes.
type Path struct {
	Syntax   *syntax.PatternPart // nil inside a Group
	Var      *Var                // of the path, or nil
	Elements []Element
}

// Element is *Node, *Rel or *Group.
type Element interface{ anElement() }

// Node is a node of a path.
type Node struct {
	Syntax *syntax.NodePattern // nil for the ends that -[r]->+ stands for
	Var    *Var
	Bound  bool // had a value before this clause, or is met earlier in it
}

// Rel is a relationship of a path. With Syntax.Length its Var is a list of
// relationships.
type Rel struct {
	Syntax *syntax.RelPattern
	Var    *Var
	Bound  bool
}

// Group is a part of a path in parentheses, repeated when Quantifier is not
// nil. (a)-[r]->+(b) is kept as (a) (()-[r]->())+ (b).
type Group struct {
	Syntax     *syntax.GroupPattern // nil for -[r]->+
	Quantifier *syntax.Quantifier
	Path       *Path
	Where      syntax.Expr // or nil; over the variables of one repetition
	Lists      []GroupList // what is visible outside, when repeated
}

// GroupList is a variable of a repeated group: Each inside, All, the list of
// its values, outside.
type GroupList struct{ Each, All *Var }

func (*Node) anElement()  {}
func (*Rel) anElement()   {}
func (*Group) anElement() {}

// Unwind is UNWIND.
type Unwind struct {
	Scope
	Syntax *syntax.Unwind
	Var    *Var
}

// Projection is what WITH and RETURN do.
type Projection struct {
	Items      []*Item // the columns in order; * is expanded, sorted by name
	Distinct   bool
	Aggregated bool
	Keys       []*Item      // of an aggregation: the items without an aggregate
	Aggregates []*Aggregate // of an aggregation: each once, those of ORDER BY too
	OrderBy    []*Sort
	Skip       syntax.Expr // or nil; sees no variables
	Limit      syntax.Expr // or nil; sees no variables
}

// Item is one column.
type Item struct {
	Name      string
	Expr      syntax.Expr
	Var       *Var // the result; the same as that of Expr where a variable is passed on
	Aggregate bool // Expr contains an aggregate: evaluate it over Keys and Aggregates
}

// Aggregate is one aggregate to be folded per group.
type Aggregate struct {
	Expr     syntax.Expr // *syntax.FunctionCall or *syntax.CountStar
	Name     string      // lower case; "count(*)" for CountStar
	Distinct bool
	Args     []syntax.Expr // over the incoming rows
	Var      *Var
}

// Sort is one key of ORDER BY. It sees the results of Items and, unless the
// projection aggregates or is distinct, the incoming variables too.
type Sort struct {
	Expr syntax.Expr
	Desc bool
}

// With is WITH. Out is the results of Items; Where sees them, and what OrderBy
// sees.
type With struct {
	Scope
	Projection
	Syntax *syntax.With
	Where  syntax.Expr // or nil
}

// Return is RETURN.
type Return struct {
	Scope
	Projection
	Syntax *syntax.Return
}

// Create is CREATE. Bound elements exist, all others are made.
type Create struct {
	Scope
	Syntax *syntax.Create
	Paths  []*Path
}

// Merge is MERGE.
type Merge struct {
	Scope
	Syntax   *syntax.Merge
	Path     *Path
	OnCreate []syntax.SetItem
	OnMatch  []syntax.SetItem
}

// Set is SET.
type Set struct {
	Scope
	Syntax *syntax.Set
}

// Remove is REMOVE.
type Remove struct {
	Scope
	Syntax *syntax.Remove
}

// Delete is DELETE.
type Delete struct {
	Scope
	Syntax *syntax.Delete
}

// Call calls a procedure. Args is filled from parameters (*syntax.Parameter)
// where the call has no parentheses.
type Call struct {
	Scope
	Syntax    *syntax.Call
	Procedure *Procedure
	Args      []syntax.Expr
	Yields    []Yield
	Where     syntax.Expr // or nil
}

// Yield is one column of a procedure that comes into scope.
type Yield struct {
	Field int // index in Procedure.Results
	Var   *Var
}

// CallSubquery is CALL { … }. Query sees its Imports only, under the Var they
// have outside; Out is In and the results.
type CallSubquery struct {
	Scope
	Syntax  *syntax.CallSubquery
	Imports []*Var
	Query   *Query
	Results []*Var // visible outside; one for each column of Query
	Status  *Var   // of REPORT STATUS, or nil
}

// Foreach is FOREACH.
type Foreach struct {
	Scope
	Syntax  *syntax.Foreach
	Var     *Var
	Clauses []Clause
}

// LoadCSV is LOAD CSV.
type LoadCSV struct {
	Scope
	Syntax *syntax.LoadCSV
	Var    *Var
	Line   *Var // what linenumber() gives
	File   *Var // what file() gives
}

// Finish is FINISH.
type Finish struct {
	Scope
	Syntax *syntax.Finish
}

// Show is SHOW. Vars are the columns of the listing, in order; Yield and Where
// see them.
type Show struct {
	Syntax *syntax.Show
	Vars   []*Var
	Yield  *Projection // or nil
	Where  syntax.Expr // or nil
	Return *Projection // or nil
}

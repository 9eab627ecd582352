package plan

import (
	"github.com/pocketgraph/pocketgraph/cypher/bind"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// Slot is a column of the rows that flow through a plan.
type Slot = int

// Kind is what a slot holds.
type Kind uint8

// The kinds of slots. Node and Rel slots hold handles (or none, which is
// null), Any slots hold values. A column of Any may turn out to be Int: all
// Integers, none null.
const (
	Any Kind = iota
	Node
	Rel
	Int
)

// Plan is a planned query.
type Plan struct {
	Statement *bind.Statement
	Root      Op
	Kinds     []Kind   // by slot
	Names     []string // by slot, for printing
	Columns   []string // of the result
	Results   []Slot   // in the order of Columns
}

// Op is one logical operator.
type Op interface {
	// Source is the input, nil for a leaf.
	Source() Op
	setSource(Op)
	// KeepSlots are the slots of the input that are still wanted above.
	KeepSlots() []Slot
	setKeep([]Slot)
}

// Common is what every operator has: its input, and the slots of the input
// that its own output must go on carrying.
type Common struct {
	In   Op
	Keep []Slot
}

// Source implements Op.
func (c *Common) Source() Op { return c.In }

// KeepSlots implements Op.
func (c *Common) KeepSlots() []Slot { return c.Keep }

func (c *Common) setSource(in Op)  { c.In = in }
func (c *Common) setKeep(s []Slot) { c.Keep = s }

// Argument is the leaf: rows given from outside, or one empty row.
type Argument struct {
	Common
	Slots []Slot
}

// AllNodes binds Slot to every node, for each input row.
type AllNodes struct {
	Common
	Slot Slot
}

// LabelScan binds Slot to every node with Label.
type LabelScan struct {
	Common
	Slot  Slot
	Label string
}

// IndexSeek binds Slot to the nodes, or relationships, whose indexed
// properties equal Values.
type IndexSeek struct {
	Common
	Slot   Slot
	Index  graph.Index
	Label  string // or the type, as Index.Entity says
	Keys   []string
	Values []Wanted
}

// Wanted is what an indexed property is to equal.
type Wanted struct {
	Expr  syntax.Expr
	AnyOf bool       // Expr is a list, of which one is enough
	from  *Condition // that asks for it, and is answered by the seek
}

// IndexRange binds Slot to the nodes, or relationships, of a range of an
// index. A missing bound is nil; Prefix excludes Low and High.
type IndexRange struct {
	Common
	Slot                    Slot
	Index                   graph.Index
	Label                   string // or the type
	Key                     string
	Low, High, Prefix       syntax.Expr
	IncludeLow, IncludeHigh bool
}

// NodeByID binds Slot to the node with an identity, or to those with one of a list.
type NodeByID struct {
	Common
	Slot    Slot
	ID      syntax.Expr
	Element bool // it is what elementId() gives, else what id() does
	AnyOf   bool // ID is a list of them
}

// Expand follows one relationship from From, binding Rel and To. When ToBound,
// it keeps only those that lead to the node already in To.
type Expand struct {
	Common
	From, Rel, To Slot
	ToBound       bool
	Direction     graph.Direction
	Types         []string // of which it must have one; empty: any
	Distinct      []Slot   // relationships of the clause that it must differ from
	Unseen        bool     // nobody asks for Rel
}

// RelEnds binds the ends of a relationship that is already known.
type RelEnds struct {
	Common
	Rel, From, To      Slot
	FromBound, ToBound bool
	Direction          graph.Direction
	Types              []string
	Distinct           []Slot
}

// VarExpand follows Min to Max relationships, none twice, binding Rels to
// their list.
type VarExpand struct {
	Common
	From, Rels, To Slot
	ToBound        bool
	Direction      graph.Direction
	Types          []string
	Min, Max       int // Max < 0: any number
	Properties     []Property
	Distinct       []Slot
	Reversed       bool // walked from the right end: the list is turned round
}

// ShortestPath binds Rels to the relationships of one (or every) shortest path.
type ShortestPath struct {
	Common
	From, Rels, To Slot
	Direction      graph.Direction
	Types          []string
	Min, Max       int
	All            bool
	Properties     []Property
	Count          syntax.Expr  // how many, nil for one; with All how many lengths
	Loops          bool         // a way from a node to itself counts
	Each           Slot         // one relationship, for Conditions
	Conditions     []*Condition // that every relationship has to satisfy
}

// Property is a key with the expression of its value.
type Property struct {
	Key   string
	Value syntax.Expr
}

// PathStep is a relationship slot and the node slot behind it.
type PathStep struct {
	Rel, Node Slot
	Many      bool // Rel holds a list
}

// BindPath binds Path to the walk from Start over Steps.
type BindPath struct {
	Common
	Path  Slot
	Start Slot
	Steps []PathStep
}

// Filter keeps the rows for which every condition is true.
type Filter struct {
	Common
	Conditions []*Condition
}

// Optional runs Inner on the rows of the input; a row for which Inner gives
// nothing comes through once, with the slots of New null.
type Optional struct {
	Common
	Inner Op
	New   []Slot
	Row   Slot // hidden: the number of the input row
}

// Assign is one expression with the slot of its result.
type Assign struct {
	Slot Slot
	Expr syntax.Expr
}

// Project computes expressions.
type Project struct {
	Common
	Items []Assign
}

// Aggregation is one aggregate function.
type Aggregation struct {
	Slot     Slot
	Name     string // lower case
	Distinct bool
	Args     []syntax.Expr
	Expr     syntax.Expr
}

// Aggregate groups by Keys and folds Aggregates.
type Aggregate struct {
	Common
	Keys       []Assign
	Aggregates []Aggregation
}

// Distinct lets each combination of Slots through once.
type Distinct struct {
	Common
	Slots []Slot
}

// SortKey is one key of a Sort.
type SortKey struct {
	Expr syntax.Expr
	Desc bool
}

// Sort orders rows. When Top is not nil only the first Top (plus Skip) rows are wanted.
type Sort struct {
	Common
	Keys      []SortKey
	Top, Skip syntax.Expr
}

// Skip leaves rows out.
type Skip struct {
	Common
	Count syntax.Expr
}

// Limit ends after so many rows.
type Limit struct {
	Common
	Count syntax.Expr
}

// Unwind makes a row of each item of a list.
type Unwind struct {
	Common
	Slot Slot
	List syntax.Expr
}

// Eager takes every row of the input before it gives the first, so that what
// is written above is not read below, and the other way round.
type Eager struct{ Common }

// NewNode is a node to be created.
type NewNode struct {
	Slot       Slot
	Labels     []*syntax.LabelName
	Properties syntax.Expr // or nil
}

// NewRel is a relationship to be created.
type NewRel struct {
	Slot       Slot
	Start, End Slot
	Type       *syntax.LabelName
	Properties syntax.Expr // or nil
	Pos        syntax.Range
}

// Create makes elements: nodes first, then relationships.
type Create struct {
	Common
	Nodes []NewNode
	Rels  []NewRel
}

// Merge runs Inner on each row; where it gives nothing it creates.
type Merge struct {
	Common
	Inner             Op
	Nodes             []NewNode
	Rels              []NewRel
	Paths             []*BindPath
	OnCreate, OnMatch []syntax.SetItem
	New               []Slot
	Required          []Slot // bound nodes, which must not be null
}

// SetItems changes properties and labels.
type SetItems struct {
	Common
	Items []syntax.SetItem
}

// Remove takes properties and labels away.
type Remove struct {
	Common
	Items []syntax.RemoveItem
}

// Delete deletes elements.
type Delete struct {
	Common
	Exprs  []syntax.Expr
	Detach bool
}

// Call calls a procedure for each row.
type Call struct {
	Common
	Procedure *bind.Procedure
	Args      []syntax.Expr
	Yields    []bind.Yield
	Pos       syntax.Range
	Optional  bool
	Show      *syntax.Show // what SHOW lists, or nil
}

// LoadCSV makes a row of each line of a file.
type LoadCSV struct {
	Common
	Slot    Slot
	Line    Slot // its number
	File    Slot // the address
	URL     syntax.Expr
	Headers bool
	Comma   byte
}

// Part is one side of a Union, or the inside of a subquery.
type Part struct {
	Root    Op
	Results []Slot
}

// Union gives the rows of every part, in the slots of the first.
type Union struct {
	Common
	Parts []Part
	Slots []Slot
}

// Apply runs Inner once for each row, with the row as its argument.
type Apply struct {
	Common
	Inner    Op
	New      []Slot
	Unit     bool // Inner gives no rows of its own: the row goes on once
	Optional bool
	Batches  *Batches // of IN TRANSACTIONS, or nil
}

// Batches says how the rows of an Apply are committed.
type Batches struct {
	Rows    syntax.Expr // how many at a time, nil for DefaultBatch
	OnError syntax.OnError
	Status  Slot // or -1
	At      syntax.Range
}

// DefaultBatch is how many rows CALL IN TRANSACTIONS commits at a time.
const DefaultBatch = 1000

// Foreach runs Inner for each item of a list and lets the row through.
type Foreach struct {
	Common
	Slot  Slot
	List  syntax.Expr
	Inner Op
}

// CountStore answers count(*) of a scan from the counters of the store.
type CountStore struct {
	Common
	Slot  Slot
	Label string // of nodes, or
	Type  string // of relationships; both empty: all
	Rels  bool
}

// CountRange binds Slot to the number of nodes with a label whose property
// satisfies all conditions, each of which compares it with what is the same for
// every node.
type CountRange struct {
	Common
	Slot       Slot
	Node       Slot // of the conditions; bound by the operator, for itself
	Label      string
	Conditions []*Condition
}

// Degree binds Slot to how many relationships an Expand would follow, and
// drops the rows where it would follow none.
type Degree struct {
	Common
	Slot, From Slot
	Direction  graph.Direction
	Types      []string
}

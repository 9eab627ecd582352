package syntax

// The grammar beside each node is written in the usual way: literal words in
// capitals or quotes, [ ] optional, { } repeated, | alternatives.

// Range is the part of the source text a node came from: the bytes
// [Pos, End).
type Range struct {
	Pos int
	End int
}

// Span returns the range itself; it makes every struct that embeds a Range a
// Node.
func (r Range) Span() Range { return r }

// Node is any node of the tree.
type Node interface{ Span() Range }

// Statement is the root: one statement as a user sends it.
//
//	Statement = [ EXPLAIN | PROFILE ] ( Query | Command ) [ ';' ]
type Statement struct {
	Range
	Text string // the whole source; positions are offsets into it
	Mode Mode
	Body Body
}

// Mode says whether a statement is run, explained or measured.
type Mode uint8

// The modes.
const (
	Run Mode = iota
	Explain
	Profile
)

// Body is what a statement does: *Query, *CreateIndex, *DropIndex,
// *CreateConstraint, *DropConstraint or *Show.
type Body interface {
	Node
	aBody()
}

// Query is one or more single queries joined by UNION. It is also the inside
// of every kind of subquery.
//
//	Query = SingleQuery { UNION [ ALL ] SingleQuery }
type Query struct {
	Range
	Parts  []*SingleQuery // at least one
	Unions []*Union       // len(Parts)-1; Unions[i] joins Parts[i] and Parts[i+1]
}

// Union is the word between two single queries.
//
//	Union = UNION [ ALL | DISTINCT ]
type Union struct {
	Range
	All bool
}

// SingleQuery is a sequence of clauses.
//
//	SingleQuery = Clause { Clause }
type SingleQuery struct {
	Range
	Clauses []Clause // at least one
}

// Clause is one clause of a query: *Match, *Unwind, *With, *Return, *Create,
// *Merge, *Set, *Remove, *Delete, *Call, *CallSubquery, *Foreach, *LoadCSV,
// *Finish.
type Clause interface {
	Node
	aClause()
}

// Match finds patterns.
//
//	Match = [ OPTIONAL ] MATCH [ MatchMode ] Pattern { Hint } [ WHERE Expr ]
//	MatchMode = DIFFERENT RELATIONSHIP[S] | REPEATABLE ELEMENT[S]
type Match struct {
	Range
	Optional   bool
	Repeatable bool // REPEATABLE ELEMENTS: relationships may be met twice
	Pattern    []*PatternPart
	Hints      []*Hint
	Where      Expr // or nil
}

// Hint tells the planner how to find a variable.
//
//	Hint = USING [ RANGE | TEXT | POINT ] INDEX [ SEEK ] Variable ':' Label '(' Key { ',' Key } ')'
//	     | USING SCAN Variable ':' Label
//	     | USING JOIN ON Variable { ',' Variable }
type Hint struct {
	Range
	Kind      HintKind
	Index     IndexKind // of USING … INDEX; AnyIndex when not said
	Seek      bool
	Variables []*Variable // one, but for JOIN
	Label     *LabelName  // or nil
	Keys      []*Name
}

// HintKind is the kind of a Hint.
type HintKind uint8

// The hints.
const (
	HintIndex HintKind = iota
	HintScan
	HintJoin
)

// Unwind makes a row of each item of a list.
//
//	Unwind = UNWIND Expr AS Variable
type Unwind struct {
	Range
	List     Expr
	Variable *Variable
}

// With passes rows on to the next part of a query.
//
//	With = WITH Projection [ WHERE Expr ]
type With struct {
	Range
	Projection
	Where Expr // or nil
}

// Return ends a query with rows.
//
//	Return = RETURN Projection
type Return struct {
	Range
	Projection
}

// Projection is what WITH and RETURN share. It has no range of its own.
//
//	Projection = [ DISTINCT ] ( '*' { ',' Item } | Item { ',' Item } )
//	             [ ORDER BY SortItem { ',' SortItem } ] [ SKIP Expr | OFFSET Expr ] [ LIMIT Expr ]
type Projection struct {
	Distinct bool
	Star     bool
	Items    []*ProjectionItem
	OrderBy  []*SortItem
	Skip     Expr // or nil
	Limit    Expr // or nil
}

// ProjectionItem is one column.
//
//	Item = Expr [ AS Variable ]
type ProjectionItem struct {
	Range
	Expr  Expr
	Alias *Variable // or nil
	Text  string    // the source text of Expr: the name of a column without an alias
}

// SortItem is one key of ORDER BY.
//
//	SortItem = Expr [ ASC | ASCENDING | DESC | DESCENDING ]
type SortItem struct {
	Range
	Expr Expr
	Desc bool
}

// Create makes nodes and relationships.
//
//	Create = CREATE Pattern
type Create struct {
	Range
	Pattern []*PatternPart
}

// Merge finds a pattern or creates it.
//
//	Merge = MERGE PatternPart { ON ( CREATE | MATCH ) Set }
type Merge struct {
	Range
	Part    *PatternPart
	Actions []*MergeAction
}

// MergeAction is what MERGE does afterwards.
type MergeAction struct {
	Range
	OnCreate bool // else ON MATCH
	Set      *Set
}

// Set changes properties and labels.
//
//	Set = SET SetItem { ',' SetItem }
type Set struct {
	Range
	Items []SetItem
}

// SetItem is *SetProperty, *SetProperties or *SetLabels.
type SetItem interface {
	Node
	aSetItem()
}

// SetProperty gives one property a value.
//
//	SetProperty = Expr '.' Key '=' Expr | Expr '[' Expr ']' '=' Expr
type SetProperty struct {
	Range
	Target Expr // *Property or *Index
	Value  Expr
}

// SetProperties replaces all properties (=) or adds to them (+=).
//
//	SetProperties = Variable ( '=' | '+=' ) Expr
type SetProperties struct {
	Range
	Variable *Variable
	Add      bool
	Value    Expr
}

// SetLabels adds labels.
//
//	SetLabels = Variable ( ':' Label { ':' Label } | IS Label )
type SetLabels struct {
	Range
	Variable *Variable
	Labels   []*LabelName
}

// Remove takes properties and labels away.
//
//	Remove = REMOVE RemoveItem { ',' RemoveItem }
type Remove struct {
	Range
	Items []RemoveItem
}

// RemoveItem is *RemoveProperty or *RemoveLabels.
type RemoveItem interface {
	Node
	aRemoveItem()
}

// RemoveProperty takes one property away.
//
//	RemoveProperty = Expr '.' Key | Expr '[' Expr ']'
type RemoveProperty struct {
	Range
	Target Expr // *Property or *Index
}

// RemoveLabels takes labels away.
//
//	RemoveLabels = Variable ( ':' Label { ':' Label } | IS Label )
type RemoveLabels struct {
	Range
	Variable *Variable
	Labels   []*LabelName
}

// Delete deletes elements.
//
//	Delete = [ DETACH | NODETACH ] DELETE Expr { ',' Expr }
type Delete struct {
	Range
	Detach bool
	Exprs  []Expr
}

// Call calls a procedure.
//
//	Call = [ OPTIONAL ] CALL Name { '.' Name } [ '(' [ Expr { ',' Expr } ] ')' ]
//	       [ YIELD ( '*' | YieldItem { ',' YieldItem } | '-' ) [ WHERE Expr ] ]
type Call struct {
	Range
	Optional   bool
	Name       string // with its namespace: "db.labels"
	NameRange  Range
	Args       []Expr
	HasArgs    bool // there were parentheses; without them arguments come from parameters
	HasYield   bool // there was a YIELD
	YieldAll   bool // YIELD *
	Yield      []*YieldItem
	Where      Expr // or nil
	Standalone bool // the only clause of the statement
}

// YieldItem is one column a procedure call brings into scope.
//
//	YieldItem = Field [ AS Variable ]
type YieldItem struct {
	Range
	Field *Name
	Alias *Variable // never nil: without AS it has the name and range of Field
}

// CallSubquery runs a query for each row.
//
//	CallSubquery = [ OPTIONAL ] CALL [ '(' [ '*' | Variable { ',' Variable } ] ')' ] '{' Query '}' [ InTransactions ]
type CallSubquery struct {
	Range
	Optional       bool
	Scoped         bool // has the parentheses
	ImportAll      bool // CALL (*)
	Imports        []*Variable
	Query          *Query
	InTransactions *InTransactions // or nil
}

// InTransactions commits a subquery in batches.
//
//	InTransactions = IN [ [ Expr ] CONCURRENT ] TRANSACTIONS [ OF Expr ROW[S] ]
//	                 [ ON ERROR ( CONTINUE | BREAK | FAIL ) ] [ REPORT STATUS AS Variable ]
type InTransactions struct {
	Range
	Concurrent  bool
	Concurrency Expr // or nil
	Rows        Expr // or nil
	OnError     OnError
	Status      *Variable // or nil
}

// OnError says what a failing batch does.
type OnError uint8

// What may follow ON ERROR.
const (
	OnErrorFail OnError = iota
	OnErrorContinue
	OnErrorBreak
)

// Foreach runs updating clauses for each item of a list.
//
//	Foreach = FOREACH '(' Variable IN Expr '|' Clause { Clause } ')'
type Foreach struct {
	Range
	Variable *Variable
	List     Expr
	Clauses  []Clause
}

// LoadCSV makes a row of each line of a file.
//
//	LoadCSV = LOAD CSV [ WITH HEADERS ] FROM Expr AS Variable [ FIELDTERMINATOR String ]
type LoadCSV struct {
	Range
	Headers    bool
	URL        Expr
	Variable   *Variable
	Terminator *StringLiteral // or nil
}

// Finish ends a query without rows.
//
//	Finish = FINISH
type Finish struct{ Range }

// PatternPart is one path of a pattern.
//
//	PatternPart = [ Variable '=' ] [ Selector ] Path
//	            | [ Variable '=' ] ( shortestPath | allShortestPaths ) '(' Path ')'
//	Selector    = ALL SHORTEST | ANY [ n ] | ANY SHORTEST | SHORTEST n [ PATH[S] ] [ GROUP[S] ]
//	Path        = Element { Element }
type PatternPart struct {
	Range
	Variable *Variable // of the whole path, or nil
	Selector Selector
	Count    Expr // n of ANY n and SHORTEST n, or nil for one
	Function bool // written as shortestPath(…) or allShortestPaths(…)

	// Elements begins and ends with a node or a quantified path; a
	// relationship always stands between two nodes.
	Elements []PatternElement
}

// Selector says which of the paths that match are wanted.
type Selector uint8

// The selectors. shortestPath() is AnyShortest, allShortestPaths() is
// AllShortest, both with PatternPart.Function.
const (
	AllPaths Selector = iota
	AnyPath
	AnyShortest    // one of the shortest, or Count of them
	AllShortest    // every shortest
	ShortestGroups // every path of the Count smallest lengths
)

// PatternElement is *NodePattern, *RelPattern or *GroupPattern.
type PatternElement interface {
	Node
	aPatternElement()
}

// NodePattern is a node.
//
//	NodePattern = '(' [ Variable ] [ LabelExpr ] [ Map | Parameter ] [ WHERE Expr ] ')'
type NodePattern struct {
	Range
	Variable   *Variable // or nil
	Labels     LabelExpr // or nil
	Properties Expr      // *MapLiteral or *Parameter, or nil
	Where      Expr      // or nil
}

// RelPattern is a relationship, or with a Length a path of them.
//
//	RelPattern = [ '<' ] '-' [ '[' [ Variable ] [ LabelExpr ] [ Length ] [ Map | Parameter ] [ WHERE Expr ] ']' ] '-' [ '>' ] [ Quantifier ]
type RelPattern struct {
	Range
	Variable   *Variable // or nil
	Direction  Direction
	Types      LabelExpr   // or nil; see TypeNames
	Length     *Length     // or nil for exactly one
	Properties Expr        // *MapLiteral or *Parameter, or nil
	Where      Expr        // or nil
	Quantifier *Quantifier // or nil
}

// Direction is where a relationship points.
type Direction uint8

// The directions. <--> is Both, as -- is.
const (
	Both  Direction = iota
	Right           // -->
	Left            // <--
)

// NoBound stands for a bound of a Length or Quantifier that was not given.
const NoBound = -1

// Length is how many relationships a variable-length pattern may take.
//
//	Length = '*' [ n ] [ '..' [ m ] ]
type Length struct {
	Range
	Min int64 // or NoBound, which means one
	Max int64 // or NoBound, which means any number; equal to Min for *n
}

// GroupPattern is a path in parentheses, repeated when it has a Quantifier.
//
//	GroupPattern = '(' [ Variable '=' ] Path [ WHERE Expr ] ')' [ Quantifier ]
type GroupPattern struct {
	Range
	Variable   *Variable // of the inner path, or nil
	Elements   []PatternElement
	Where      Expr        // or nil
	Quantifier *Quantifier // or nil
}

// Quantifier is how often a group or relationship is repeated.
//
//	Quantifier = '+' | '*' | '{' n '}' | '{' [ n ] ',' [ m ] '}'
type Quantifier struct {
	Range
	Min int64 // never NoBound
	Max int64 // or NoBound, which means any number
}

// LabelExpr is a condition on labels, or on a relationship's type: *LabelName,
// *LabelAnd, *LabelOr, *LabelNot or *LabelAny.
//
//	LabelExpr = ( ':' | IS ) Or { ':' Or }
//	Or        = And { ( '|' | '|:' ) And }
//	And       = Not { '&' Not }
//	Not       = { '!' } ( Label | '%' | '(' Or ')' )
type LabelExpr interface {
	Node
	aLabelExpr()
}

// LabelName is a label or relationship type.
//
//	Label = Name | '$' '(' Expr ')' | '$' ( ALL | ANY ) '(' Expr ')'
type LabelName struct {
	Range
	Name    string
	Dynamic Expr // the label is the value of this; Name is empty
	AnyOf   bool // $any(…): a list of which one is enough
}

// LabelAnd is both. The labels of :A:B are And too.
type LabelAnd struct {
	Range
	Left, Right LabelExpr
	Colon       bool // written :A:B
}

// LabelOr is either.
type LabelOr struct {
	Range
	Left, Right LabelExpr
}

// LabelNot is not.
type LabelNot struct {
	Range
	Expr LabelExpr
}

// LabelAny is % : at least one label, whichever.
type LabelAny struct{ Range }

// Name is a name that is not a variable: a property key, a field.
type Name struct {
	Range
	Name string
}

// Expr is any expression.
type Expr interface {
	Node
	anExpr()
}

// Variable is a name bound to a value, where it is bound and where it is used.
type Variable struct {
	Range
	Name string
}

// Parameter is a value given with the query.
//
//	Parameter = '$' ( Name | Digits )
type Parameter struct {
	Range
	Name string
}

// NullLiteral is NULL.
type NullLiteral struct{ Range }

// BoolLiteral is TRUE or FALSE.
type BoolLiteral struct {
	Range
	Value bool
}

// IntLiteral is an integer: 12, 0x1F, 0o17. A minus sign before a literal is
// part of it.
type IntLiteral struct {
	Range
	Value int64
}

// FloatLiteral is a float: 1.5, .5, 1e9. A minus sign before a literal is part
// of it. INF, INFINITY and NAN are literals too.
type FloatLiteral struct {
	Range
	Value float64
}

// StringLiteral is a string with its escapes resolved.
type StringLiteral struct {
	Range
	Value string
}

// ListLiteral is a list.
//
//	ListLiteral = '[' [ Expr { ',' Expr } ] ']'
type ListLiteral struct {
	Range
	Items []Expr
}

// MapLiteral is a map. A key may occur twice; the last one counts.
//
//	MapLiteral = '{' [ Key ':' Expr { ',' Key ':' Expr } ] '}'
type MapLiteral struct {
	Range
	Entries []*MapEntry
}

// MapEntry is one entry of a map.
type MapEntry struct {
	Range
	Key   *Name
	Value Expr
}

// Property looks a key up in an element, map, temporal value or point.
//
//	Property = Expr '.' Key
type Property struct {
	Range
	Subject Expr
	Key     *Name
}

// Index takes an item of a list, or a property by computed key.
//
//	Index = Expr '[' Expr ']'
type Index struct {
	Range
	Subject Expr
	Index   Expr
}

// Slice takes a part of a list.
//
//	Slice = Expr '[' [ Expr ] '..' [ Expr ] ']'
type Slice struct {
	Range
	Subject Expr
	From    Expr // or nil
	To      Expr // or nil
}

// Op is an operator.
type Op uint8

// The operators, loosest first. Not, Neg and Pos are unary. StartsWith …
// In are on one level with IS NULL and label tests.
const (
	OpNone Op = iota
	Or
	Xor
	And
	Not
	Equal
	NotEqual
	Less
	LessEqual
	Greater
	GreaterEqual
	StartsWith
	EndsWith
	Contains
	Matches // =~
	In
	Add
	Sub
	Concat // ||
	Mul
	Div
	Mod
	Pow
	Neg
	Pos
)

// Unary is Not, Neg or Pos of an expression.
type Unary struct {
	Range
	Op   Op
	Expr Expr
}

// Binary is an operator between two expressions. One comparison is a Binary,
// several in a row are a Chain.
type Binary struct {
	Range
	Op          Op
	Left, Right Expr
}

// Chain is two or more comparisons in a row: a < b <= c means
// a < b AND b <= c.
type Chain struct {
	Range
	Operands []Expr // len(Ops)+1
	Ops      []Op   // Equal … GreaterEqual
}

// IsNull is IS NULL and IS NOT NULL.
type IsNull struct {
	Range
	Expr Expr
	Not  bool
}

// IsTyped is the type predicate.
//
//	IsTyped = Expr ( IS [ NOT ] ( '::' | TYPED ) | '::' ) Type
type IsTyped struct {
	Range
	Expr Expr
	Not  bool
	Type *Type
}

// IsNormalized is the normalisation predicate of strings.
//
//	IsNormalized = Expr IS [ NOT ] [ NFC | NFD | NFKC | NFKD ] NORMALIZED
type IsNormalized struct {
	Range
	Expr Expr
	Not  bool
	Form string // NFC when not said
}

// Type names a type of values, in type predicates and constraints.
//
//	Type = Words [ NOT NULL ] { '|' Type } | LIST '<' Type '>' [ NOT NULL ] | ARRAY …
type Type struct {
	Range
	Name    string // in capitals, words joined with one space: "ZONED DATETIME"; "LIST"; "" for a union
	NotNull bool
	Element *Type   // of a LIST
	Union   []*Type // alternatives
}

// LabelTest tests labels or a relationship's type.
//
//	LabelTest = Expr LabelExpr
type LabelTest struct {
	Range
	Subject Expr
	Labels  LabelExpr
}

// FunctionCall calls a function or aggregate.
//
//	FunctionCall = Name { '.' Name } '(' [ DISTINCT ] [ Expr { ',' Expr } ] ')'
type FunctionCall struct {
	Range
	Name      string // as written, with its namespace; functions are looked up without regard to case
	NameRange Range
	Distinct  bool
	Args      []Expr
}

// CountStar is count(*).
type CountStar struct{ Range }

// Case is both forms of CASE.
//
//	Case = CASE [ Expr ] When { When } [ ELSE Expr ] END
type Case struct {
	Range
	Subject Expr // or nil: each When is a predicate
	Whens   []*When
	Else    Expr // or nil
}

// When is one alternative of a Case. In the form with a subject each of Values
// is compared with the subject; a value that begins with an operator is a Test.
//
//	When = WHEN Value { ',' Value } THEN Expr
type When struct {
	Range
	Values []Expr // at least one; exactly one in the form without a subject
	Then   Expr
}

// CaseTest stands for an operator applied to the subject of a CASE, as in
// WHEN > 3 or WHEN IS NULL. It occurs only in When.Values; the subject's place
// in Expr is held by a *CaseSubject.
type CaseTest struct {
	Range
	Expr Expr
}

// CaseSubject is the value of the subject of the enclosing Case, inside a
// CaseTest. It has no text.
type CaseSubject struct{ Range }

// ListComprehension filters and maps a list.
//
//	ListComprehension = '[' Variable IN Expr [ WHERE Expr ] [ '|' Expr ] ']'
type ListComprehension struct {
	Range
	Variable *Variable
	List     Expr
	Where    Expr // or nil
	Result   Expr // or nil: the item itself
}

// PatternComprehension makes a list of what a pattern matches. The path
// variable is Part.Variable.
//
//	PatternComprehension = '[' [ Variable '=' ] Path [ WHERE Expr ] '|' Expr ']'
type PatternComprehension struct {
	Range
	Part   *PatternPart
	Where  Expr // or nil
	Result Expr
}

// PatternExpr is a pattern as an expression: a predicate, or with
// Part.Function the paths of shortestPath(…) and allShortestPaths(…).
type PatternExpr struct {
	Range
	Part *PatternPart
}

// Quantified asks how many items of a list hold.
//
//	Quantified = ( ALL | ANY | NONE | SINGLE ) '(' Variable IN Expr [ WHERE Expr ] ')'
type Quantified struct {
	Range
	Kind     QuantifiedKind
	Variable *Variable
	List     Expr
	Where    Expr // or nil: the item itself
}

// QuantifiedKind is the word of a Quantified.
type QuantifiedKind uint8

// The kinds of Quantified.
const (
	All QuantifiedKind = iota
	Any
	None
	Single
)

// Reduce folds a list.
//
//	Reduce = REDUCE '(' Variable '=' Expr ',' Variable IN Expr '|' Expr ')'
type Reduce struct {
	Range
	Accumulator *Variable
	Init        Expr
	Variable    *Variable
	List        Expr
	Step        Expr
}

// Subquery is a query inside an expression. EXISTS { (a)-->(b) WHERE … } is
// kept as a query of one Match without a Return, with Short set.
//
//	Subquery = ( EXISTS | COUNT | COLLECT ) '{' ( Query | Pattern [ WHERE Expr ] ) '}'
type Subquery struct {
	Range
	Kind  SubqueryKind
	Short bool
	Query *Query
}

// SubqueryKind is the word of a Subquery.
type SubqueryKind uint8

// The kinds of Subquery.
const (
	ExistsSubquery SubqueryKind = iota
	CountSubquery
	CollectSubquery
)

// MapProjection makes a map of an element or map.
//
//	MapProjection = Variable '{' [ Item { ',' Item } ] '}'
//	Item          = '.' Key | '.' '*' | Key ':' Expr | Variable
type MapProjection struct {
	Range
	Subject *Variable
	Items   []*MapProjectionItem
}

// MapProjectionItem is one item: .* has All; .key has Key and no Value;
// key: expr has both; a variable has its name as Key and itself as Value.
type MapProjectionItem struct {
	Range
	All   bool
	Key   *Name
	Value Expr // or nil
}

// CreateIndex is CREATE INDEX.
//
//	CreateIndex = CREATE [ OR REPLACE ] [ Kind ] INDEX [ Name ] [ IF NOT EXISTS ]
//	              FOR Target ON [ EACH ] ( '(' Property { ',' Property } ')' | '[' … ']' | labels(x) | type(x) )
//	              [ OPTIONS Map ]
//	            | CREATE INDEX [ Name ] ON ':' Label '(' Key { ',' Key } ')'
//	Target      = '(' Variable ':' Label { '|' Label } ')'
//	            | '(' ')' [ '<' ] '-' '[' Variable ':' Type { '|' Type } ']' '-' [ '>' ] '(' ')'
type CreateIndex struct {
	Range
	Kind        IndexKind
	Name        *Name // or nil
	OrReplace   bool
	IfNotExists bool
	Target      SchemaTarget
	Options     Expr // *MapLiteral or *Parameter, or nil
}

// IndexKind is the word before INDEX.
type IndexKind uint8

// The kinds of index. AnyIndex is a plain CREATE INDEX, which is a range
// index; BTREE is read as RangeIndex.
const (
	AnyIndex IndexKind = iota
	RangeIndex
	TextIndex
	PointIndex
	LookupIndex
	FulltextIndex
	VectorIndex
)

// SchemaTarget is what an index or constraint is about.
type SchemaTarget struct {
	Range
	Relationship bool
	Variable     *Variable    // or nil in the older forms
	Labels       []*LabelName // several only for full-text indexes; none for lookup indexes
	Keys         []*Name
}

// DropIndex is DROP INDEX.
//
//	DropIndex = DROP INDEX Name [ IF EXISTS ] | DROP INDEX ON ':' Label '(' Key { ',' Key } ')'
type DropIndex struct {
	Range
	Name     *Name // or nil in the older form
	IfExists bool
	Target   *SchemaTarget // of the older form, or nil
}

// CreateConstraint is CREATE CONSTRAINT.
//
//	CreateConstraint = CREATE [ OR REPLACE ] CONSTRAINT [ Name ] [ IF NOT EXISTS ]
//	                   ( FOR | ON ) Target ( REQUIRE | ASSERT ) Properties IS Condition [ OPTIONS Map ]
//	Properties       = Property | '(' Property { ',' Property } ')'
//	Condition        = [ NODE | RELATIONSHIP | REL ] UNIQUE | NOT NULL | [ NODE | … ] KEY | ( '::' | TYPED ) Type
type CreateConstraint struct {
	Range
	Name        *Name // or nil
	OrReplace   bool
	IfNotExists bool
	Target      SchemaTarget
	Kind        ConstraintKind
	Type        *Type // of PropertyType, or nil
	Options     Expr  // *MapLiteral or *Parameter, or nil
}

// ConstraintKind is what a constraint demands.
type ConstraintKind uint8

// The constraints.
const (
	UniqueConstraint ConstraintKind = iota
	NotNullConstraint
	KeyConstraint
	TypeConstraint
)

// DropConstraint is DROP CONSTRAINT.
//
//	DropConstraint = DROP CONSTRAINT Name [ IF EXISTS ]
//	               | DROP CONSTRAINT ON Target ASSERT Properties IS Condition
type DropConstraint struct {
	Range
	Name     *Name // or nil in the older form
	IfExists bool
	Target   *SchemaTarget // of the older form, or nil
	Kind     ConstraintKind
}

// Show lists what the store or the engine has.
//
//	Show = SHOW [ Filter ] ( INDEX[ES] | CONSTRAINT[S] | FUNCTION[S] | PROCEDURE[S] | DATABASE[S] | TRANSACTION[S] | SETTING[S] )
//	       [ YIELD ( '*' | Items ) [ ORDER BY … ] [ SKIP … ] [ LIMIT … ] ] [ WHERE Expr ] [ Return ]
type Show struct {
	Range
	Filter string // the words between SHOW and what is shown, in capitals: "BUILT IN", "RANGE", ""
	What   ShowKind
	IDs    []Expr      // of SHOW and TERMINATE TRANSACTIONS: Strings, or lists of them
	Yield  *Projection // or nil; Star for YIELD *
	Where  Expr        // or nil
	Return *Return     // or nil
}

// ShowKind is what is shown.
type ShowKind uint8

// What can be shown.
const (
	ShowIndexes ShowKind = iota
	ShowConstraints
	ShowFunctions
	ShowProcedures
	ShowDatabases
	ShowTransactions
	ShowSettings
	TerminateTransactions // which shows what it has done
)

func (*Query) aBody()            {}
func (*CreateIndex) aBody()      {}
func (*DropIndex) aBody()        {}
func (*CreateConstraint) aBody() {}
func (*DropConstraint) aBody()   {}
func (*Show) aBody()             {}

func (*Match) aClause()        {}
func (*Unwind) aClause()       {}
func (*With) aClause()         {}
func (*Return) aClause()       {}
func (*Create) aClause()       {}
func (*Merge) aClause()        {}
func (*Set) aClause()          {}
func (*Remove) aClause()       {}
func (*Delete) aClause()       {}
func (*Call) aClause()         {}
func (*CallSubquery) aClause() {}
func (*Foreach) aClause()      {}
func (*LoadCSV) aClause()      {}
func (*Finish) aClause()       {}

func (*SetProperty) aSetItem()   {}
func (*SetProperties) aSetItem() {}
func (*SetLabels) aSetItem()     {}

func (*RemoveProperty) aRemoveItem() {}
func (*RemoveLabels) aRemoveItem()   {}

func (*NodePattern) aPatternElement()  {}
func (*RelPattern) aPatternElement()   {}
func (*GroupPattern) aPatternElement() {}

func (*LabelName) aLabelExpr() {}
func (*LabelAnd) aLabelExpr()  {}
func (*LabelOr) aLabelExpr()   {}
func (*LabelNot) aLabelExpr()  {}
func (*LabelAny) aLabelExpr()  {}

func (*Variable) anExpr()             {}
func (*Parameter) anExpr()            {}
func (*NullLiteral) anExpr()          {}
func (*BoolLiteral) anExpr()          {}
func (*IntLiteral) anExpr()           {}
func (*FloatLiteral) anExpr()         {}
func (*StringLiteral) anExpr()        {}
func (*ListLiteral) anExpr()          {}
func (*MapLiteral) anExpr()           {}
func (*Property) anExpr()             {}
func (*Index) anExpr()                {}
func (*Slice) anExpr()                {}
func (*Unary) anExpr()                {}
func (*Binary) anExpr()               {}
func (*Chain) anExpr()                {}
func (*IsNull) anExpr()               {}
func (*IsTyped) anExpr()              {}
func (*IsNormalized) anExpr()         {}
func (*LabelTest) anExpr()            {}
func (*FunctionCall) anExpr()         {}
func (*CountStar) anExpr()            {}
func (*Case) anExpr()                 {}
func (*CaseTest) anExpr()             {}
func (*CaseSubject) anExpr()          {}
func (*ListComprehension) anExpr()    {}
func (*PatternComprehension) anExpr() {}
func (*PatternExpr) anExpr()          {}
func (*Quantified) anExpr()           {}
func (*Reduce) anExpr()               {}
func (*Subquery) anExpr()             {}
func (*MapProjection) anExpr()        {}

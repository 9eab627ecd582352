// Package bind gives a syntax tree its meaning: which variable a name stands
// for, what it can hold, what a projection groups by, which columns come out.
// What the language forbids at compile time is refused here, with the codes of
// the openCypher conformance suite.
//
// It never looks at a graph and does not change the tree. The answer is a
// Statement: a tree of clauses of its own, beside the syntax tree, and side
// tables for what belongs to single expressions (Statement.Var, Computed,
// Query, Path).
//
// # Variables
//
// Every declaration makes one Var: a pattern element (anonymous ones too), an
// UNWIND, an alias, the variable of a comprehension. A Var means the same value
// wherever it is in scope; a name that is bound again is another Var. WITH a
// passes the same Var on, WITH a AS b and WITH a.x AS a make a new one. So an
// executor may give each Var a slot and never thinks of names.
//
// # Aggregation
//
// A projection with an aggregate is split: Keys are evaluated over the incoming
// rows and grouped by, Aggregates are folded per group, Items are then
// evaluated over those two. An expression of an item, or of ORDER BY, whose
// value is already in a key or aggregate is found in Statement.Computed.
package bind

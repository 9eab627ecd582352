// Package exec runs plans.
//
// A plan is compiled once: every logical operator becomes a factory of
// operators, every expression a closure. A run makes the operators, which pass
// batches of up to BatchSize rows upwards, each a set of columns. Columns of
// nodes and relationships hold 4-byte handles, all others values; an
// expression over a whole batch (a kernel) reads and writes columns, and where
// it has no kernel it is called row by row. docs/executor-spike.md says why.
//
// A batch belongs to the operator that made it, until that operator is asked
// for the next one; only Filter changes a batch in place, and never a shared
// one. Errors are kept in the Run: whoever sees a nil batch looks there.
package exec

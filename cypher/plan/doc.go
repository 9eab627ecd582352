// Package plan turns a checked statement into a tree of logical operators.
//
// Every variable of the statement (bind.Var) is a slot, numbered by its ID;
// the planner adds hidden slots behind them. An operator takes the rows of its
// input and gives rows with more slots, fewer rows, or another order. The leaf
// is always Argument: one empty row for a whole query, the rows of the outside
// for a part that is run once per row or batch (OPTIONAL MATCH, MERGE,
// subqueries).
//
// Build walks the clauses in order. What makes a plan fast are rules, each in
// a file of its own with its example: pushdown.go, start.go, expandinto.go,
// topk.go, count.go, live.go. Options switch them off, for tests that compare.
// Plans print themselves; EXPLAIN shows that text.
package plan

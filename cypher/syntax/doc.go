// Package syntax turns Cypher text into a tree and back.
//
// It knows the whole openCypher 9 grammar and what users of today's Cypher
// write beyond it: schema commands, subqueries, FOREACH, LOAD CSV, map
// projections, label expressions, quantified path patterns. It knows nothing
// of meaning: scopes, types and functions are checked by package bind.
//
//	source   the text, positions as lines and columns
//	tokens   the words of the language
//	scanner  text to tokens
//	nodes    the tree, with the grammar beside each node
//	parser   tokens to tree: recursive descent, precedence climbing
//	printer  tree to text, which parses to the same tree again
//	walk     visits a tree
//	script   cuts a script into statements
//
// What it promises: no input makes it panic or recurse deeper than MaxDepth;
// every node carries the bytes of the text it came from; every error carries
// the place, the conformance suite's detail word and what was expected.
package syntax

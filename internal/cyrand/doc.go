// Package cyrand makes random small graphs and random statements over them, for
// tests that compare ways of answering: plans with rules and without, one graph
// and another, with indexes and without.
//
// Everything random is drawn from a list of choices (Choices). A statement is a
// function of that list, whatever is in it, so a finding is made small by
// making the list small (Shrink): what is left out counts as 0, and 0 is
// always the simplest there is.
//
// Statements have one answer: what the language leaves open (which of two equal
// keys stands for a group, which rows LIMIT takes of equal ones, the order of
// collect) is not asked for, and nothing that is evaluated can fail.
package cyrand

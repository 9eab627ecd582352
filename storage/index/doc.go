// Package index finds elements by name and by value: Postings are the elements
// that have a label or a type, Ordered is an index over one or more properties.
//
// Both are small roots that are copied by value and follow the rule of
// package adjacency: every transaction has its own generation number, what an
// earlier generation made is copied before it is changed, so a copy of a root
// never changes under its readers, and dropping a root is a rollback. One
// goroutine writes; any number read older roots.
//
// Elements are slots: handles of nodes or of relationships. That an element
// exists, and has the label or the values, is for the caller to know.
package index

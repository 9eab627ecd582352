// Package formats reads graphs from files and writes them to files: CSV, JSON
// as APOC, NornicDB and graphology have it, GraphML, GEXF and Cypher scripts.
// docs/formats.md has the rules and says what each format can hold.
//
// It knows a graph as graph.Reader and graph.Writer and nothing of stores, so
// that the command and the page read and write with the same code: natively in
// package importer, in the page in a module of its own (package
// wasm/formats).
//
// Readers stream: they hold one element at a time, what finds nodes by their
// identifiers in the file, and the relationships that come before their nodes.
// Files are hostile: limits.go bounds what is believed, and nothing panics.
package formats

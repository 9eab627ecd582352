// Package pocketgraph is a property-graph database that runs in a web page and
// natively from one core. Queries are openCypher; every acknowledged write is
// in a checksummed log before the answer is given.
//
// Open a store on any file system that package wal accepts (opfs in a page,
// internal/nativefs for the command), or OpenMemory for one that keeps
// nothing:
//
//	db, err := pocketgraph.OpenDir(ctx, "movies.db", pocketgraph.Options{})
//	if err != nil { … }
//	defer db.Close()
//	_, err = db.Run(ctx, "CREATE (:Person {name: $name})", pocketgraph.Params{"name": "Ada"})
//
// Transactions have the shape of View and Update: rollback belongs to them and
// cannot be forgotten. One transaction writes at a time, any number read, each
// sees one committed state for its whole life.
//
// All errors are *Error and carry a stable Code.
package pocketgraph

// Package graph is the narrow waist of PocketGraph: the values of the query
// language, the elements of a property graph, and the two interfaces, Reader
// and Writer, through which the query engine meets whatever holds the graph.
//
// It imports nothing else of this module. The query engine (package cypher)
// and the durable store (package storage) both know it and do not know each
// other, so the executor is tested on a small map-backed graph and the store
// without ever parsing a query.
//
// # Handles and identities
//
// A Node or Rel is a handle: a dense slot number, cheap to keep in columns and
// bitmaps. It is valid only inside the transaction whose Reader gave it. An ID
// is an identity: a counter that is never used again, which survives
// transactions, restarts and snapshots. Users see IDs, operators see handles.
package graph

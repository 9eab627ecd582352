// Package mem is the whole graph in memory: one committed State that many
// readers share, and one writing transaction, Tx, that prepares the next.
//
// It promises that a State never changes, that a Tx is visible to nobody until
// Commit, and that identities are never given twice. It knows nothing of
// files: package storage makes commits durable, feeds recovered ones back
// (CreateNodeWithID, CreateRelWithID) and carries the sections of a snapshot.
//
// # Versions
//
// Every transaction has its own generation number. Every chunk records the
// generation that made it, and is copied before a later generation changes it,
// so rollback and Restore are the choice of another root. Slots that no
// committed state ever knew are the exception: they are written in place,
// because no reader can look at them.
//
// # The verbs
//
// Create, get, update and delete are those of graph.Writer and graph.Reader.
// In bulk they are the same in one transaction, which is all or nothing. All
// elements, those with a label or of a type: the Scan methods. Relationships of
// a node: AppendHops; between two nodes: AppendHopsTo; degrees: Degree; one of
// the many with a label: a scan for one. Many by identity: NodeByID for each,
// which is two array lookups, and then NodeProperties for all at once.
//
// # Concurrency
//
// A State may be read from any number of goroutines. Graph, Tx and Loader
// belong to one goroutine at a time.
package mem

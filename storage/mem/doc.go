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
// # Concurrency
//
// A State may be read from any number of goroutines. Graph, Tx and Loader
// belong to one goroutine at a time.
package mem

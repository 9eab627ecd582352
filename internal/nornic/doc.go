// Package nornic reads what NornicDB (github.com/orneryd/NornicDB) keeps on
// disk, its write-ahead log in all three formats and its snapshots, and brings
// the graph they describe into a PocketGraph store.
//
// # What counts
//
// The rules, which NornicDB's own recovery does not keep:
//
//  1. Every whole record whose checksums hold is used. What cannot be read is
//     skipped up to the next record that can, and reported; with nothing good
//     behind it, it is a torn tail.
//  2. The format is decided record by record.
//  3. An update_embedding whose checksum is wrong but whose JSON can be read is
//     skipped and reported; a good one is an update of an existing node.
//  4. Records are replayed in the order of their sequence numbers. Where a
//     number comes again, a new generation of the file begins (NornicDB starts
//     numbering anew after some damage); generations are replayed in file order.
//  5. A snapshot at sequence S holds every plain record up to S, except those
//     that are younger than the snapshot: then numbering was restarted.
//  6. A transaction is applied as a whole where its tx_commit is, and is inside
//     the snapshot only if its commit is. Without a commit nothing of it is
//     applied. tx_begin opens a new scope, whatever its id was used for before.
//  7. Operations behave as the live engine did; see apply.go.
//  8. An edge of a snapshot that lacks an end is kept aside until everything is
//     replayed, then dropped and reported if the end is still missing.
//  9. Where log entries name databases, their ids have no prefix, those in the
//     snapshot have "<database>:", and entries without a name belong to the
//     default database.
//
// # What it becomes
//
// A node or an edge keeps labels, type and properties and gets its identity as
// the property _nornicId, and where databases are named _database. What no
// property can hold is kept as JSON text; see value.go.
//
// # Memory
//
// Files are streamed. In memory are: the graph, one key for each node and edge,
// 32 bytes for each record of the log, and the record at hand, MaxRecord at most.
package nornic

// Package adjacency keeps who is joined to whom: compressed sparse rows for
// one direction of the graph, as a base with a small delta, per range of 1,024
// source nodes and per relationship type.
//
// # What it promises
//
// A Lists is a small root that is copied by value. Every transaction has its
// own generation number; what an earlier generation made is copied before it
// is changed, so the copy of a root that a reader holds never changes, and
// dropping a root is a rollback. One goroutine writes; any number read older
// roots meanwhile.
//
// The relationships of one node and type come ordered by (neighbour,
// relationship), so that intersection is a merge.
//
// # Layout
//
//	Lists ─ page of 64 spans ─ span of 1,024 nodes ─ its types, ascending
//	                                               └ block for each type
//	block: base   hops ordered by (source, neighbour, rel), row offsets
//	       gone   bitmap of base hops that were removed
//	       delta  further entries, in the same order
//	       tail   the latest entries, in order of arrival
//
// An insertion appends to the tail. A full tail is folded into the delta, and
// a delta that outgrew max(256, base/8) into the base, in place when this
// generation made the base already. Seal, at commit, leaves tails of at most
// 16 entries, which a reader looks through.
//
// A hop costs 8 bytes in the base, 12 in delta and tail; a row costs 2 or 4
// bytes for its offset, and 2 more in blocks with few rows.
//
// It leaves to others: that ends exist, that a relationship is entered in both
// directions, that its handle is entered once, and handing out types.
package adjacency

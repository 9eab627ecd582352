// Package wal keeps committed records and snapshots in five files and brings
// them back after any crash. It knows nothing of graphs: a record is bytes, a
// snapshot is a list of byte sections.
//
// # What it promises
//
// A record is durable when Flush returned nil after the Append of it. Durable
// records come back, in order, whole, whatever happens to the process or to
// the power. A record that was appended and not flushed comes back whole or
// not at all, and never without the records before it. A record whose Append
// returned an error never comes back. Sequence numbers never go backwards.
//
// Damage is told apart from a torn tail: what had been flushed and cannot be
// read is refused with a *CorruptError naming file, offset and sequence. There
// is no path from "cannot read it" to "start empty". See recover.go for the
// table of cases, and docs/durability.md for what is assumed of disks.
//
// # The files
//
//	meta     two 4 KiB slots, written alternately: which snapshot, where the log starts
//	wal.0    log: a header and records; the two take turns at cuts
//	wal.1
//	snap.0   snapshots: sections with checksums; the two take turns
//	snap.1
//
//	hist.0 … hist.7  only where a history is kept: records that recovery no longer needs (history.go)
//
// They are created once and never renamed or removed, because in a browser a
// file's name may be lost with the power although its bytes were flushed.
//
// # Who may call what
//
// Append (and Buffer, Write) belong to one goroutine at a time, Flush to one
// goroutine at a time; an Append may run while a Flush runs. Cut must not run
// beside an Append; afterwards the snapshot is written by any one goroutine
// while appends go on. Stats and Sequence may be called from anywhere.
package wal

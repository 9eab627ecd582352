// Package storage is the durable graph: it joins the graph in memory (package
// storage/mem) with the log, the snapshots and the recovery of package wal.
//
// # What it promises
//
// A transaction whose Commit was acknowledged survives whatever package wal
// promises to survive; one that was not is there whole or not at all. Readers
// see one committed state for their whole life, and only states whose log
// records are durable (in relaxed mode: written). One transaction writes at a
// time; transactions that wait together share one flush.
//
// # The way of a commit
//
//	Begin      the writer lock; the transaction works on a private next version
//	Commit     1. the version is sealed and becomes the head, which only the
//	              next writer sees
//	           2. its changes become one record in the log's buffer
//	           3. the writer lock is free: the next transaction of the group
//	              may run, and sees the first
//	           4. one write and one flush for all that are in the buffer
//	           5. the newest flushed version is published to readers
//	           6. everybody who waited is told
//
// In relaxed mode the write comes before step 3, but for transactions that are
// held together (HoldFlush), and is what is waited for.
//
// A write that fails undoes step 1 for its group and fails those transactions
// and the one that is under way on top of them, and nothing else: the next
// record takes the same place. A flush that fails, be it a part of such a
// write (of reserved space, of a session's number, of what is taken back),
// ends writing until the store is opened again: nobody can know what reached
// the disk, so those who wait are told that, and every version that was not
// published is dropped.
package storage

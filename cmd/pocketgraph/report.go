package main

import (
	"fmt"
	"io"

	"github.com/pocketgraph/pocketgraph/wal"
)

// printReport says what recovery found, for a person.
func printReport(w io.Writer, r *wal.Report) {
	if r.Created {
		fmt.Fprintln(w, "a new store")
		return
	}
	snapshot := "no snapshot"
	if r.SnapshotBytes > 0 {
		snapshot = fmt.Sprintf("a snapshot of sequence %d (%s)", r.SnapshotSequence, bytesText(r.SnapshotBytes))
	}
	fmt.Fprintf(w, "recovered to sequence %d: %s, then %s from %s of log\n",
		r.Sequence, snapshot, plural(int(r.Records), "record"), bytesText(r.LogBytes))
	if !r.Clean {
		fmt.Fprintf(w, "the store was not closed; the log ends: %s\n", r.Row)
	}
	if r.DroppedBytes > 0 {
		fmt.Fprintf(w, "dropped an unfinished end of %s (%s that nothing shows to have been acknowledged)\n",
			bytesText(r.DroppedBytes), plural(int(r.DroppedRecords), "whole record"))
	}
	if r.MetaDamaged {
		fmt.Fprintln(w, "one of the two meta slots could not be read")
	}
	if r.Fallback {
		fmt.Fprintln(w, "the newest snapshot could not be used; the older one and the log gave the same state:", r.FallbackReason)
	}
	if s := r.Salvage; s != nil {
		fmt.Fprintf(w, "SALVAGED to sequence %d: %s\n", s.LastSequence, s.Reason)
		if s.LostTo > 0 {
			fmt.Fprintf(w, "lost: sequences %d to %d\n", s.LostFrom, s.LostTo)
		}
		for _, name := range s.Kept {
			fmt.Fprintln(w, "the damaged file was kept as", name)
		}
	}
}

package pocketgraph

import (
	"context"
	"strings"
	"time"
)

// Sync makes everything durable that was acknowledged so far. Only a relaxed
// store has anything to do.
func (db *DB) Sync() error { return wrap("flushing", db.store.Sync()) }

// SnapshotStats tells about the snapshots since the store was opened, those on
// demand and the automatic ones.
type SnapshotStats struct {
	Written  uint64
	Sequence uint64    // of the last transaction in the last one
	Last     time.Time // when the last one was written; the opening, if none was
	Running  bool      // an automatic one is being written
	Err      error     // why the last automatic one was not written, or nil
	RetryAt  time.Time // after such an error: not before
}

// SnapshotStats returns them.
func (db *DB) SnapshotStats() SnapshotStats {
	st := db.store.SnapshotStats()
	return SnapshotStats{st.Written, st.Sequence, st.Last, st.Running, wrap("writing a snapshot", st.Err), st.RetryAt}
}

// DeleteByPrefix deletes the nodes whose property is a string that begins with
// prefix, and their relationships, in one transaction. An empty prefix is
// refused: it would mean every node that has the property.
func (db *DB) DeleteByPrefix(ctx context.Context, property, prefix string) (nodes, relationships int64, err error) {
	if prefix == "" {
		return 0, 0, newError(CodeInvalidArgument, "deleting by an empty prefix would delete every node with the property")
	}
	values, err := Params{"prefix": prefix}.Values()
	if err != nil {
		return 0, 0, err
	}
	name := "`" + strings.ReplaceAll(property, "`", "``") + "`"
	result, err := db.Query(ctx, "MATCH (n) WHERE n."+name+" STARTS WITH $prefix DETACH DELETE n", values)
	if err != nil {
		return 0, 0, err
	}
	defer result.Close()
	c := result.Summary().Counters
	return int64(c.NodesDeleted), int64(c.RelationshipsDeleted), nil
}

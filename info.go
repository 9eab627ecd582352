package pocketgraph

import (
	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/storage/mem"
	"github.com/pocketgraph/pocketgraph/wal"
)

// Stats counts what is in the store and what it occupies.
type Stats struct {
	Nodes, Relationships int
	Labels               map[string]int // nodes by label
	Types                map[string]int // relationships by type
	Sequence             uint64         // of the newest transaction
	Memory               mem.Memory     // bytes of the graph in memory, by part
	Log                  wal.Stats
}

// Stats returns the counts of the newest acknowledged state.
func (db *DB) Stats() Stats {
	state := db.store.State()
	stats := Stats{
		Nodes: state.NodeCount(), Relationships: state.RelCount(),
		Labels: map[string]int{}, Types: map[string]int{},
		Sequence: db.store.Sequence(), Memory: state.Memory(), Log: db.store.LogStats(),
	}
	for l := range state.LabelsLen() {
		if n := state.NodeCountByLabel(graph.LabelID(l)); n > 0 {
			stats.Labels[state.LabelName(graph.LabelID(l))] = n
		}
	}
	for t := range state.TypesLen() {
		if n := state.RelCountByType(graph.TypeID(t)); n > 0 {
			stats.Types[state.TypeName(graph.TypeID(t))] = n
		}
	}
	return stats
}

// Diagnostics is what a bug report needs, and holds no user data.
type Diagnostics struct {
	StoreID              string
	Sequence             uint64
	Stopped              bool     // a flush failed, nothing is written any more
	SnapshotError        string   // why the last automatic snapshot failed, or empty
	Files                []string // meta slots, logs and snapshots in words, a line each; empty in memory
	Log                  wal.Stats
	Recovery             wal.Report
	Kept                 *wal.KeptReport // an earlier recovery that had something to tell and was not read before
	Counters             Counters
	Memory               mem.Memory
	Nodes, Relationships int
}

// Diagnostics gathers the state of the store's machinery. A kept report of a
// recovery is read with that: it is not told a second time.
func (db *DB) Diagnostics() Diagnostics {
	state := db.store.State()
	d := Diagnostics{
		StoreID: state.ElementPrefix(), Sequence: db.store.Sequence(), Stopped: db.store.Stopped(),
		Log: db.store.LogStats(), Recovery: *db.store.Report(), Kept: db.store.KeptReport(true), Counters: db.store.Counters(), Files: db.store.Files(), Memory: state.Memory(),
		Nodes: state.NodeCount(), Relationships: state.RelCount(),
	}
	if err := db.store.LastSnapshotError(); err != nil {
		d.SnapshotError = err.Error()
	}
	return d
}

// Report says what a recovery found.
type Report = wal.Report

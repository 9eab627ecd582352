package jsbridge

import (
	"context"
	"io"
	"runtime"
	"time"

	"github.com/pocketgraph/pocketgraph"
	"github.com/pocketgraph/pocketgraph/cypher"
	"github.com/pocketgraph/pocketgraph/graph"
)

// engineDB is a *pocketgraph.DB as the dispatcher sees it.
type engineDB struct {
	db        *pocketgraph.DB
	storage   string
	fallback  string // why it is not in files, when "auto" chose
	persisted bool
	relaxed   bool
	wasm      func() int64 // bytes of the module's memory, or nil
	woken     func()       // called when somebody has been woken: Dispatcher.OnTimer; or nil
}

func (e *engineDB) Query(ctx context.Context, o *pocketgraph.Origin, keep func(Result) (summary, rows []byte), text string, params map[string]graph.Value, files cypher.Importer, done func(Result, error)) (Result, error) {
	var once pocketgraph.Once
	if o != nil && o.Named() {
		once.Origin = *o
		once.Keep = func(r *pocketgraph.Result) (summary, rows []byte) { return keep(&engineResult{r, true}) }
	}
	db := e.db
	if files != nil {
		db = db.WithImporter(files)
	}
	r, err := db.QueryOnce(ctx, once, text, params, func(r *pocketgraph.Result, err error) {
		if err != nil {
			done(nil, err)
			return
		}
		done(&engineResult{r, true}, nil)
	})
	if r == nil {
		return nil, err
	}
	return &engineResult{r, false}, nil
}

func (e *engineDB) Begin(ctx context.Context, write bool, o *pocketgraph.Origin) (Transaction, error) {
	var tx *pocketgraph.Tx
	var err error
	if o != nil {
		tx, err = e.db.BeginOnce(ctx, *o)
	} else {
		tx, err = e.db.Begin(ctx, write)
	}
	if err != nil {
		return nil, err
	}
	return &engineTx{tx, e}, nil
}

func (e *engineDB) Writes(text string) bool {
	statement, err := e.db.Engine().Prepare(text) // from the cache when it runs
	return err == nil && statement.Writes()
}

func (e *engineDB) HoldFlush() func() { return e.db.HoldFlush() }

func (e *engineDB) Fork() Database {
	fork := *e
	fork.db = e.db.Fork()
	return &fork
}

func (e *engineDB) Register(r pocketgraph.Registration) error { return e.db.Register(r) }

func (e *engineDB) Unregister(name string, procedure bool) bool {
	return e.db.Engine().Unregister(name, procedure)
}

func (e *engineDB) Snapshot(ctx context.Context) (*graph.Map, error) {
	info, err := e.db.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return graph.NewMap([]graph.Entry{
		count("sequence", info.Sequence), count("bytes", info.Bytes), milliseconds("milliseconds", info.Duration)}), nil
}

func (e *engineDB) Export(ctx context.Context, w io.Writer) (*graph.Map, error) {
	info, err := e.db.Export(ctx, w)
	if err != nil {
		return nil, err
	}
	return graph.NewMap([]graph.Entry{count("sequence", info.Sequence), count("bytes", info.Bytes)}), nil
}

func (e *engineDB) Check(ctx context.Context) ([]string, error) { return e.db.Check(ctx) }
func (e *engineDB) Close() error                                { return e.db.Close() }

//go:noinline
func count[N int | int64 | uint64](key string, n N) graph.Entry {
	return graph.Entry{Key: key, Value: graph.Int(int64(n))}
}

//go:noinline
func milliseconds(key string, d time.Duration) graph.Entry {
	return graph.Entry{Key: key, Value: graph.Float(float64(d) / float64(time.Millisecond))}
}

//go:noinline
func word(key, s string) graph.Entry { return graph.Entry{Key: key, Value: graph.String(s)} }

//go:noinline
func truth(key string, b bool) graph.Entry { return graph.Entry{Key: key, Value: graph.Bool(b)} }

//go:noinline
func nested(key string, entries ...graph.Entry) graph.Entry {
	return graph.Entry{Key: key, Value: graph.MapValue(graph.NewMap(entries))}
}

func counts(key string, of map[string]int) graph.Entry {
	entries := make([]graph.Entry, 0, len(of))
	for name, n := range of {
		entries = append(entries, count(name, n))
	}
	return nested(key, entries...)
}

func (e *engineDB) Info() []graph.Entry {
	durability := "strict"
	if e.relaxed {
		durability = "relaxed"
	}
	prefix := e.db.Reader().ElementPrefix()
	entries := []graph.Entry{
		word("storage", e.storage), truth("persisted", e.persisted), word("role", "owner"),
		word("storeId", prefix), word("elementPrefix", prefix), count("sequence", e.db.Sequence()), word("cursor", e.db.Cursor().String()),
		word("durability", durability), nested("recovery", e.recovery()...)}
	if e.fallback != "" {
		entries = append(entries, word("fallback", e.fallback))
	}
	if e.wasm != nil {
		entries = append(entries, count("memory", e.wasm()))
	}
	return entries
}

func (e *engineDB) recovery() []graph.Entry {
	r := e.db.Report()
	if r == nil {
		return []graph.Entry{truth("created", true)}
	}
	return reportEntries(r)
}

func reportEntries(r *pocketgraph.Report) []graph.Entry {
	entries := []graph.Entry{
		truth("created", r.Created), truth("clean", r.Clean), count("sequence", r.Sequence), word("row", r.Row),
		count("snapshotSequence", r.SnapshotSequence), count("snapshotBytes", r.SnapshotBytes),
		count("records", r.Records), count("logBytes", r.LogBytes),
		count("droppedBytes", r.DroppedBytes), count("droppedRecords", r.DroppedRecords),
		truth("fallback", r.Fallback), truth("metaDamaged", r.MetaDamaged)}
	if r.FallbackReason != "" {
		entries = append(entries, word("fallbackReason", r.FallbackReason))
	}
	if s := r.Salvage; s != nil {
		kept := make([]graph.Value, 0, len(s.Kept))
		for _, name := range s.Kept {
			kept = append(kept, graph.String(name))
		}
		entries = append(entries, nested("salvage", word("reason", s.Reason), count("lastSequence", s.LastSequence),
			count("lostFrom", s.LostFrom), count("lostTo", s.LostTo),
			graph.Entry{Key: "kept", Value: graph.List(kept)}))
	}
	return entries
}

func (e *engineDB) Stats() []graph.Entry {
	s := e.db.Stats()
	return []graph.Entry{
		count("nodes", s.Nodes), count("relationships", s.Relationships), counts("labels", s.Labels), counts("types", s.Types),
		count("sequence", s.Sequence), e.memory(s), e.log(s), e.runtime()}
}

func (e *engineDB) memory(s pocketgraph.Stats) graph.Entry {
	m := s.Memory
	return nested("memory", count("records", m.Records), count("properties", m.Properties), count("strings", m.Strings),
		count("adjacency", m.Adjacency), count("postings", m.Postings), count("indexes", m.Indexes), count("total", m.Total))
}

func (e *engineDB) log(s pocketgraph.Stats) graph.Entry {
	l := s.Log
	return nested("log", count("sequence", l.Sequence), count("durableSequence", l.DurableSequence),
		count("snapshotSequence", l.SnapshotSequence), count("snapshotBytes", l.SnapshotBytes),
		count("logBytes", l.LogBytes), count("logEntries", l.LogEntries), count("logReserved", l.LogReserved), count("fileBytes", l.FileBytes),
		count("appends", l.Appends), count("appendedBytes", l.AppendedBytes), count("writes", l.Writes), count("flushes", l.Flushes),
		count("historyBytes", l.HistoryBytes), count("historyFirst", l.HistoryFirst), count("incarnation", l.Incarnation),
		count("reservations", l.Reservations), count("cuts", l.Cuts), count("switches", l.Switches), count("snapshots", l.Snapshots),
		truth("poisoned", l.Poisoned))
}

// runtime tells about the Go runtime: the collector's settings among it.
// wasmMemory is the size of the module's memory, which never shrinks, so it is
// the high-water of all that was ever used; allocated is the sum of everything
// that was ever asked for.
func (e *engineDB) runtime() graph.Entry {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	entries := []graph.Entry{
		count("heapInUse", m.HeapInuse), count("heapAlive", m.HeapAlloc), count("fromSystem", m.Sys), count("allocated", m.TotalAlloc),
		count("collections", int(m.NumGC)), milliseconds("paused", time.Duration(m.PauseTotalNs)), count("gcPercent", collector.percent), count("memoryLimit", collector.Limit),
		word("goVersion", runtime.Version())}
	if e.wasm != nil {
		entries = append(entries, count("wasmMemory", e.wasm()))
	}
	return nested("runtime", entries...)
}

func (e *engineDB) Diagnostics() []graph.Entry {
	d := e.db.Diagnostics()
	s := pocketgraph.Stats{Memory: d.Memory, Log: d.Log} // counted already
	entries := []graph.Entry{
		word("version", EngineVersion), count("protocol", ProtocolVersion), word("storage", e.storage), word("storeId", d.StoreID),
		count("sequence", d.Sequence), truth("stopped", d.Stopped), count("nodes", d.Nodes), count("relationships", d.Relationships),
		e.memory(s), e.log(s), nested("recovery", e.recovery()...), e.runtime()}
	var files []graph.Value
	for _, line := range d.Files {
		files = append(files, graph.String(line))
	}
	entries = append(entries, graph.Entry{Key: "files", Value: graph.List(files)})
	c := d.Counters
	entries = append(entries, nested("counters", count("commits", c.Commits), count("stalls", c.Stalls), milliseconds("longestCommit", c.LongestCommit),
		count("flushErrors", c.FlushErrors), count("snapshotErrors", c.SnapshotErrors)))
	if d.Kept != nil {
		entries = append(entries, nested("keptRecovery", append(reportEntries(&d.Kept.Report), eventTime(d.Kept.At))...))
	}
	if d.Log.HistoryError != "" {
		entries = append(entries, word("historyError", d.Log.HistoryError))
	}
	if d.SnapshotError != "" {
		entries = append(entries, word("snapshotError", d.SnapshotError))
	}
	return entries
}

// engineTx is a *pocketgraph.Tx as the dispatcher sees it.
type engineTx struct {
	tx *pocketgraph.Tx
	db *engineDB
}

func (t *engineTx) Query(text string, params map[string]graph.Value, files cypher.Importer) (Result, error) {
	t.tx.Importer = files
	r, err := t.tx.Query(text, params)
	if err != nil {
		return nil, err
	}
	return &engineResult{r, t.db.Writes(text)}, nil
}

func (t *engineTx) Reader() graph.Reader { return t.tx.Reader() }
func (t *engineTx) Writer() graph.Writer { return t.tx.Writer() }
func (t *engineTx) Rollback()            { t.tx.Rollback() }

func (t *engineTx) Commit(o *pocketgraph.Origin, summary, rows []byte) (*graph.Map, error) {
	t.tx.Answers(*o, summary, rows)
	if err := t.tx.Commit(); err != nil {
		return nil, err
	}
	return graph.NewMap([]graph.Entry{count("sequence", t.tx.Sequence()), truth("writes", t.tx.Writer() != nil)}), nil
}

// engineResult is a *pocketgraph.Result as the dispatcher sees it.
type engineResult struct {
	r      *pocketgraph.Result
	writes bool
}

func (r *engineResult) Columns() []string    { return r.r.Columns() }
func (r *engineResult) Reader() graph.Reader { return r.r.Reader() }
func (r *engineResult) Close()               { r.r.Close() }

func (r *engineResult) Next() (int, [][]graph.Value, error) {
	for {
		batch, err := r.r.Next()
		if err != nil || batch == nil {
			return 0, nil, err
		}
		if batch.Len > 0 {
			return batch.Len, batch.Columns, nil
		}
	}
}

func (r *engineResult) Summary() *graph.Map {
	s := r.r.Summary()
	entries := []graph.Entry{countersEntry(&s.Counters), truth("writes", r.writes)}
	if s.Sequence > 0 {
		entries = append(entries, count("sequence", s.Sequence))
	}
	if s.Plan != "" {
		entries = append(entries, word("plan", s.Plan))
	}
	return graph.NewMap(entries)
}

// countersEntry names the counters that are not 0.
func countersEntry(c *cypher.Counters) graph.Entry {
	entries := []graph.Entry{truth("containsUpdates", c.ContainsUpdates())}
	for _, n := range countersOf(c) {
		if n.n != 0 {
			entries = append(entries, count(n.name, n.n))
		}
	}
	return nested("counters", entries...)
}

type counter struct {
	name string
	n    int
}

// countersOf are the counters by name, ascending.
func countersOf(c *cypher.Counters) [11]counter {
	return [...]counter{{"constraintsAdded", c.ConstraintsAdded}, {"constraintsRemoved", c.ConstraintsRemoved},
		{"indexesAdded", c.IndexesAdded}, {"indexesRemoved", c.IndexesRemoved},
		{"labelsAdded", c.LabelsAdded}, {"labelsRemoved", c.LabelsRemoved},
		{"nodesCreated", c.NodesCreated}, {"nodesDeleted", c.NodesDeleted}, {"propertiesSet", c.PropertiesSet},
		{"relationshipsCreated", c.RelationshipsCreated}, {"relationshipsDeleted", c.RelationshipsDeleted}}
}

// appendSummary appends DONE with the map that Summary makes of a statement
// without a plan, and makes no map.
func appendSummary(b []byte, h header, s *pocketgraph.Summary, writes bool) []byte {
	b, start := beginFrame(b, byte(AnswerDone), h)
	return endFrame(appendSummaryEntries(b, s, writes), start)
}

// appendSummaryEntries appends the entries of that map, without its tag.
func appendSummaryEntries(b []byte, s *pocketgraph.Summary, writes bool) []byte {
	counters := countersOf(&s.Counters)
	given, entries := byte(1), byte(2)
	for i := range counters {
		if counters[i].n != 0 {
			given++
		}
	}
	if s.Sequence > 0 {
		entries++
	}
	b = append(append(b, entries), "\x08counters"...)
	b = append(b, tagMap, given)
	for i := range counters {
		if counters[i].name == "indexesAdded" { // the next in order
			b = append(append(b, "\x0fcontainsUpdates"...), tagFalse+boolByte(given > 1))
		}
		if c := &counters[i]; c.n != 0 {
			b = appendInt(append(append(b, byte(len(c.name))), c.name...), int64(c.n))
		}
	}
	if s.Sequence > 0 {
		b = appendInt(append(b, "\x08sequence"...), int64(s.Sequence))
	}
	return append(append(b, "\x06writes"...), tagFalse+boolByte(writes))
}

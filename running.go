package pocketgraph

import (
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pocketgraph/pocketgraph/cypher"
	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/storage"
)

// running is what is under way in a database, for SHOW TRANSACTIONS and TERMINATE
// TRANSACTIONS: transactions, and statements in one of their own.
type running struct {
	mu   sync.Mutex
	last uint64
	list work // the ends of a ring
}

// work is one of them. Its neighbours and its text are running's to change.
type work struct {
	of         *running
	next, prev *work
	id         uint64
	text       string // of the statement under way, or ""
	began      time.Time
	writes     bool
	stopped    atomic.Bool
}

// begin puts w into the list.
func (r *running) begin(w *work, text string, writes bool) {
	w.of, w.text, w.began, w.writes = r, text, time.Now(), writes
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.list.next == nil {
		r.list.next, r.list.prev = &r.list, &r.list
	}
	r.last++
	w.id, w.prev, w.next = r.last, r.list.prev, &r.list
	w.prev.next, w.next.prev = w, w
}

// end takes w out of the list, if it is in one.
func (w *work) end() {
	if w.of == nil {
		return
	}
	w.of.mu.Lock()
	defer w.of.mu.Unlock()
	if w.next != nil {
		w.prev.next, w.next.prev = w.next, w.prev
		w.prev, w.next = nil, nil
	}
}

// statement says what a transaction is at.
func (w *work) statement(text string) {
	w.of.mu.Lock()
	w.text = text
	w.of.mu.Unlock()
}

// err is the error of what was terminated.
func (w *work) err() error {
	if w.stopped.Load() {
		return cypher.ErrTerminated
	}
	return nil
}

// name is how a transaction is called in SHOW and TERMINATE.
func (w *work) name() string { return "transaction-" + strconv.FormatUint(w.id, 10) }

// each visits what is under way, oldest first.
func (r *running) each(visit func(w *work)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for w := r.list.next; w != nil && w != &r.list; w = w.next {
		visit(w)
	}
}

// Transactions implements cypher.Host.
func (db *DB) Transactions() (list []cypher.Transaction) {
	now := time.Now()
	db.running.each(func(w *work) {
		t := cypher.Transaction{ID: w.name(), Query: w.text, Began: w.began, Elapsed: now.Sub(w.began), Writes: w.writes, Status: "Running"}
		switch {
		case w.stopped.Load():
			t.Status = "Terminated"
		case w.text == "":
			t.Status = "Idle"
		}
		list = append(list, t)
	})
	return list
}

// Terminate implements cypher.Host: it ends a statement at its next look, and a
// transaction between two statements when it is used next. False: there is none
// of that name.
func (db *DB) Terminate(id string) (found bool) {
	db.running.each(func(w *work) {
		if w.name() == id {
			w.stopped.Store(true)
			found = true
		}
	})
	return found
}

// Name implements cypher.Host.
func (db *DB) Name() string { return db.options.Name }

// Settings implements cypher.Host: what the store was opened with.
func (db *DB) Settings() []cypher.Setting {
	o, l := db.store.Options(), db.options.Limits.WithDefaults()
	durability := "strict"
	if o.Durability == storage.Relaxed {
		durability = "relaxed"
	}
	tuning := o.Tuning.OrDefault()
	return []cypher.Setting{
		{Name: "durability", Value: graph.String(durability), About: "when a write is answered: after its flush, or before"},
		setting("flushInterval", int64(o.FlushInterval/time.Millisecond), "relaxed: milliseconds that a power cut can take at most"),
		setting("historyAge", int64(o.History.Age/time.Millisecond), "milliseconds for which committed transactions are kept for the change feed; 0: no bound"),
		setting("historyBytes", o.History.Bytes, "bytes of committed transactions that are kept for the change feed; 0: no bound"),
		setting("limits.heap", int64(l.Heap), "bytes that graph and statements may have together; 0: no bound"),
		setting("limits.list", int64(l.List), "items of one list"),
		setting("limits.memory", int64(l.Memory), "bytes that one statement may keep"),
		setting("limits.path", int64(l.Path), "relationships in one path"),
		setting("limits.rows", int64(l.Rows), "rows that one statement may keep"),
		setting("limits.text", int64(l.Text), "bytes of one String that a statement makes"),
		setting("snapshotBytes", tuning.SnapshotBytes, "bytes of log after which a snapshot is written"),
		setting("snapshotEntries", int64(tuning.SnapshotEntries), "transactions after which a snapshot is written"),
		setting("snapshotInterval", int64(o.SnapshotInterval/time.Millisecond), "milliseconds after which changes are in a snapshot; negative: never"),
	}
}

func setting(name string, value int64, about string) cypher.Setting {
	return cypher.Setting{Name: name, Value: graph.Int(value), About: about}
}

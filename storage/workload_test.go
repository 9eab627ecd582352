package storage_test

import (
	"context"
	"errors"
	"time"

	"github.com/hack-pad/hackpadfs"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/storage"
)

// change is one transaction of a workload, or several that share one write and
// one flush, or a snapshot, or a clean reopening.
type change struct {
	name     string
	run      func(w graph.Writer) error
	group    []func(w graph.Writer) error
	snapshot bool
	reopen   bool
}

// element finds a node by identity: workloads run on fresh stores, so
// identities are known.
func element(w graph.Writer, id graph.ID) graph.Node {
	n, ok := w.NodeByID(id)
	if !ok {
		return graph.NoNode
	}
	return n
}

func create(label, key string, v graph.Value) func(graph.Writer) error {
	return func(w graph.Writer) error {
		l, err := w.Label(label)
		if err != nil {
			return err
		}
		k, err := w.Key(key)
		if err != nil {
			return err
		}
		_, err = w.CreateNode([]graph.LabelID{l}, []graph.Property{{Key: k, Value: v}})
		return err
	}
}

func join(from, to graph.ID, name string) func(graph.Writer) error {
	return func(w graph.Writer) error {
		t, err := w.Type(name)
		if err != nil {
			return err
		}
		k, err := w.Key("since")
		if err != nil {
			return err
		}
		_, err = w.CreateRel(element(w, from), element(w, to), t, []graph.Property{{Key: k, Value: graph.Int(int64(from) * 1000)}})
		return err
	}
}

func set(id graph.ID, key string, v graph.Value) func(graph.Writer) error {
	return func(w graph.Writer) error {
		k, err := w.Key(key)
		if err != nil {
			return err
		}
		return w.SetNodeProperty(element(w, id), k, v)
	}
}

func all(steps ...func(graph.Writer) error) func(graph.Writer) error {
	return func(w graph.Writer) error {
		for _, step := range steps {
			if err := step(w); err != nil {
				return err
			}
		}
		return nil
	}
}

func deleteAll(id graph.ID) func(graph.Writer) error {
	return func(w graph.Writer) error {
		n := element(w, id)
		for _, hop := range w.AppendHops(nil, n, graph.Both, nil) {
			if err := w.DeleteRel(hop.Rel); err != nil {
				return err
			}
		}
		return w.DeleteNode(n)
	}
}

func bulk(count int) func(graph.Writer) error {
	return func(w graph.Writer) error {
		for i := range count {
			if err := create("Bulk", "n", graph.Int(int64(i)))(w); err != nil {
				return err
			}
		}
		return nil
	}
}

func schema(fn func(w graph.Writer, l graph.LabelID, k graph.KeyID) error) func(graph.Writer) error {
	return func(w graph.Writer) error {
		l, err := w.Label("Person")
		if err != nil {
			return err
		}
		k, err := w.Key("name")
		if err != nil {
			return err
		}
		return fn(w, l, k)
	}
}

// workload touches every operation of the record format, with snapshots and a
// clean reopening in between.
func workload() []change {
	index := schema(func(w graph.Writer, l graph.LabelID, k graph.KeyID) error {
		return w.CreateIndex(graph.IndexDefinition{Name: "by_name", Entity: graph.NodeEntity, Label: l, Keys: []graph.KeyID{k}})
	})
	unique := schema(func(w graph.Writer, l graph.LabelID, k graph.KeyID) error {
		return w.CreateConstraint(graph.ConstraintDefinition{Name: "one_name", Kind: graph.UniqueConstraint, Entity: graph.NodeEntity, Label: l, Keys: []graph.KeyID{k}})
	})
	label := func(add bool) func(graph.Writer) error {
		return func(w graph.Writer) error {
			l, err := w.Label("Admin")
			if err != nil {
				return err
			}
			if add {
				return w.AddLabel(element(w, 1), l)
			}
			return w.RemoveLabel(element(w, 1), l)
		}
	}
	relSet := func(w graph.Writer) error {
		k, err := w.Key("weight")
		if err != nil {
			return err
		}
		r, _ := w.RelByID(1)
		return w.SetRelProperty(r, k, graph.Float(0.5))
	}
	return []change{
		{name: "first", run: create("Person", "name", graph.String("Ada"))},
		{name: "two in one", run: all(create("Person", "name", graph.String("Bo")), create("Thing", "tags", graph.List([]graph.Value{graph.String("x"), graph.String("y")})))},
		{name: "join", run: all(join(1, 2, "KNOWS"), join(2, 3, "OWNS"), join(1, 1, "KNOWS"))},
		{name: "index", run: index},
		{name: "snapshot 1", snapshot: true},
		{name: "set", run: all(set(1, "name", graph.String("Ada Lovelace")), set(3, "size", graph.Vector([]float32{1, 2, 3})), relSet)},
		{name: "label", run: label(true)},
		{name: "drop index", run: func(w graph.Writer) error { return w.DropIndex("by_name") }},
		{name: "unique", run: unique},
		{name: "bulk", run: bulk(40)},
		{name: "snapshot 2", snapshot: true},
		{name: "group", group: []func(graph.Writer) error{create("Person", "name", graph.String("Di")), bulk(3), set(1, "name", graph.String("Ada L."))}},
		{name: "delete", run: deleteAll(2)},
		{name: "remove", run: all(label(false), set(3, "size", graph.Null))},
		{name: "reopen", reopen: true},
		{name: "after", run: all(create("Person", "name", graph.String("Cy")), join(1, 3, "OWNS"))},
		{name: "snapshot 3", snapshot: true},
		{name: "drop constraint", run: func(w graph.Writer) error { return w.DropConstraint("one_name") }},
		{name: "last", run: create("Person", "born", graph.Date(-1000))},
	}
}

func options() storage.Options {
	return storage.Options{StoreID: [16]byte{1, 2, 3}, SnapshotInterval: -1, LockWait: -1,
		Now: func() time.Time { return time.Unix(1_700_000_000, 0) }}
}

// outcome is what a run of a workload was told.
type outcome struct {
	acknowledged int   // transactions that were acknowledged
	inFlight     int   // so many more were begun, and their fate is open
	err          error // what ended the run early
	states       []string
}

// runWorkload opens a store in fs and makes the changes one after another,
// until the first error. states[i] is the fingerprint after i transactions.
func runWorkload(fs hackpadfs.FS, changes []change) (o outcome) {
	ctx := context.Background()
	s, err := storage.Open(ctx, fs, options())
	if err != nil {
		return outcome{err: err}
	}
	defer func() {
		if s != nil {
			_ = s.Close() // after a simulated crash closing fails too
		}
	}()
	o.states = append(o.states, fingerprint(s.State()))
	for _, c := range changes {
		switch {
		case c.snapshot:
			_, o.err = s.Snapshot(ctx)
		case c.reopen:
			if o.err = s.Close(); o.err == nil {
				s, o.err = storage.Open(ctx, fs, options())
			}
			if s == nil {
				return o
			}
		default:
			if c.group == nil {
				c.group = []func(graph.Writer) error{c.run}
			}
			var states []string
			if states, o.err = transactGroup(s, c); o.err != nil {
				o.inFlight = len(c.group)
				break
			}
			o.acknowledged += len(c.group)
			o.states = append(o.states, states...)
		}
		if o.err != nil {
			return o
		}
	}
	return o
}

// transactGroup runs transactions that are held together and returns the
// state with each of them, or an error that any of them was told.
func transactGroup(s *storage.Store, c change) (states []string, err error) {
	release := s.HoldFlush()
	told := make(chan error, len(c.group))
	for _, run := range c.group {
		tx, err := s.Begin(context.Background())
		if err != nil {
			release()
			return nil, err
		}
		if err := run(tx); err != nil {
			panic("the workload itself is wrong: " + c.name + ": " + err.Error())
		}
		states = append(states, fingerprint(tx))
		tx.CommitAsync(func(_ uint64, err error) { told <- err })
	}
	release()
	for range c.group {
		err = errors.Join(err, <-told)
	}
	return states, err
}

func transact(s *storage.Store, c change) error {
	tx, err := s.Begin(context.Background())
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := c.run(tx); err != nil {
		panic("the workload itself is wrong: " + c.name + ": " + err.Error())
	}
	_, err = tx.Commit()
	return err
}

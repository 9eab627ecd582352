// A simulation; see torture_model_test.go.

//go:build !js

package storage_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/crashfs"
	"github.com/pocketgraph/pocketgraph/storage"
	"github.com/pocketgraph/pocketgraph/wal"
)

// torture is one random workload on a store, beside the model of what it may
// hold. Before each write-side operation the judge tries what a crash leaves.
type torture struct {
	digester
	seed    uint64
	rnd     *rand.Rand
	fs      *crashfs.FS
	options storage.Options
	s       *storage.Store
	m       model
	judge   *judge // nil: no crashes, faults only
	points  *tally
	report  func(string)

	judging sync.Mutex
	op      int
	step    string
	during  func() // runs when the snapshot that is written next reaches its file
	large   bool   // now and then a record that is written without being buffered
	long    bool   // now and then a text that takes pieces of its own
	// secondWay: the last cut was that of the newest snapshot, so that what was
	// before it and both logs lead to the same state.
	secondWay bool
	auto      bool   // snapshots come by themselves, beside the workload
	requests  uint64 // given names so far
}

func newTorture(seed uint64, points *tally, report func(string)) *torture {
	t := &torture{seed: seed, rnd: rand.New(rand.NewPCG(seed, 11)), points: points}
	t.report = func(problem string) {
		if !points.failed.Swap(true) {
			report(fmt.Sprintf("seed %d: %s", seed, problem))
		}
	}
	t.options = tortureOptions(t.rnd)
	t.large, t.long, t.auto = seed%48 == 15, seed%8 == 3, seed%8 == 6
	return t
}

// judged makes crashes part of the workload.
func (t *torture) judged() *torture {
	o := t.options
	o.SnapshotInterval = -1
	t.judge = &judge{options: o, points: t.points, report: t.report}
	if t.auto {
		t.options.SnapshotInterval = 1 << 40
	}
	return t
}

// use goes on with a disk.
func (t *torture) use(fs *crashfs.FS) {
	t.fs = fs
	fs.Before = func(o crashfs.Op) {
		if during := t.during; during != nil && o.Kind == "write" && strings.HasPrefix(o.Name, "snap.") {
			t.during = nil
			during()
		}
		if t.judge == nil {
			return
		}
		t.judging.Lock()
		defer t.judging.Unlock()
		t.op++
		t.points.ops.Add(1)
		step, op := t.step, t.op
		t.judge.crash(fs, &t.m, t.seed<<20+uint64(op), func() string {
			return fmt.Sprintf("%s, operation %d (%s %s %d+%d)", step, op, o.Kind, o.Name, o.Offset, o.Length)
		})
	}
}

// open opens the store and settles the model.
func (t *torture) open() error {
	_, written := t.m.floors()
	o := t.options
	o.Recovery = t.m.mode
	s, err := storage.Open(context.Background(), t.fs, o)
	if err != nil {
		return err
	}
	t.s = s
	found := entry{s.Sequence(), t.digest(s.State())}
	if v := t.m.view(written); v.find(found) < 0 {
		t.report(fmt.Sprintf("%s: opened with %v, %v", t.step, found, v))
	}
	s.State().Check(func(problem string) { t.report(t.step + ": " + problem) })
	if wrong := misanswered(t.m.named, s, found); wrong != "" {
		t.report(t.step + ": " + wrong)
	}
	t.m.settle(found)
	t.m.mode, t.secondWay = wal.RecoverStrict, false
	return nil
}

func (t *torture) close() error {
	err := t.s.Close()
	if _, written := t.m.floors(); err == nil {
		t.m.acknowledge(written, true)
	}
	return err
}

// run does so many steps and ends with a clean reopening. An error is one that
// the workload does not know how to go on after.
func (t *torture) run(fs *crashfs.FS, steps int) error {
	t.step = "create"
	t.m.settle(entry{0, t.digest(storage.OpenMemory(t.options).State())})
	t.use(fs)
	if err := t.open(); err != nil {
		return err
	}
	for i := range steps {
		if t.points.failed.Load() {
			return nil
		}
		if err := t.one(i); err != nil {
			return fmt.Errorf("%s: %w", t.step, err)
		}
	}
	t.step = "end"
	t.points.workloads.Add(1)
	t.count()
	return t.close()
}

// count adds what the store counted since it was opened.
func (t *torture) count() {
	st := t.s.LogStats()
	t.points.snapshots.Add(int64(st.Snapshots))
	t.points.switches.Add(int64(st.Switches))
	t.points.stays.Add(int64(st.Cuts - st.Switches))
}

func (t *torture) one(i int) error {
	kind := t.rnd.IntN(27)
	name := func(s string) { t.step = fmt.Sprintf("step %d %s", i, s) }
	switch {
	case kind < 8:
		name("transaction")
		return t.commit(1, t.randomChanges)
	case kind < 11:
		name("group")
		return t.commit(2+t.rnd.IntN(4), t.randomChanges)
	case kind < 13:
		name("schema")
		return t.commit(1, t.schema)
	case kind == 13:
		name("bulk load")
		return t.commit(1, t.bulk)
	case kind < 17:
		name("snapshot")
		return t.snapshot(context.Background(), nil)
	case kind == 17:
		name("snapshot with commits beside it")
		return t.snapshot(context.Background(), func() {
			if err := t.commit(1+t.rnd.IntN(3), t.randomChanges); err != nil {
				t.report("beside a snapshot: " + err.Error())
			}
		})
	case kind == 18:
		name("cancelled snapshot")
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		return t.snapshot(ctx, cancel)
	case kind == 19:
		name("failing snapshot")
		if t.auto {
			return nil // which operation fails would be open
		}
		at := t.fs.Ops() + int64(t.rnd.IntN(5))
		t.fs.Plan(at, crashfs.Faults[t.rnd.IntN(len(crashfs.Faults))])
		defer t.fs.Plan(at, crashfs.NoFault) // it may not have come to it
		return t.snapshot(context.Background(), nil)
	case kind == 20:
		name("clean reopening")
		return t.reopen()
	case kind == 21:
		name("going on behind a crash")
		return t.crash()
	case kind == 22 && t.options.Durability == storage.Relaxed:
		name("sync")
		_, written := t.m.floors()
		err := t.s.Sync()
		if err == nil {
			t.m.acknowledge(written, true)
		}
		return t.recoverFrom(err)
	case kind == 23:
		name("salvage")
		return t.salvage()
	case kind > 23:
		name("statement of several transactions")
		return t.statement()
	}
	return nil
}

// commit runs n transactions that share one write and one flush.
func (t *torture) commit(n int, changes func(*storage.Tx) error) error {
	type outcome struct {
		index int
		entry entry
		err   error
	}
	told := make(chan outcome, n)
	release := t.s.HoldFlush()
	begun := 0
	for range n {
		request := t.request()
		tx, err := t.s.BeginOnce(context.Background(), request)
		if err != nil {
			release()
			return t.recoverFrom(err)
		}
		if err := changes(tx); err != nil || !tx.Changed() {
			tx.Rollback()
			continue
		}
		sequence := t.s.Sequence() + 1
		e := entry{sequence, t.digest(tx)}
		i := t.m.propose(e)
		if request.Request > 0 {
			t.m.name(request.Request, sequence, true)
			tx.Answers(request, outcomeOf(request.Request), make([]byte, t.rnd.IntN(200)))
		}
		begun++
		tx.CommitAsync(func(got uint64, err error) {
			if err == nil {
				if got != sequence {
					t.report(fmt.Sprintf("%s: committed as %d, not %d", t.step, got, sequence))
				}
				t.m.acknowledge(i, t.options.Durability == storage.Strict)
			}
			told <- outcome{i, e, err}
		})
	}
	release()
	var bad error
	for range begun {
		o := <-told
		t.points.transactions.Add(1)
		if o.err == nil {
			continue
		}
		bad = o.err
		if !errors.Is(o.err, storage.ErrOutcomeUnknown) {
			t.m.withdraw(o.index, o.entry)
		}
	}
	if bad == nil {
		t.repeat()
	}
	return t.recoverFrom(bad)
}

// recoverFrom goes on after an error as a careful caller does: what did not
// happen is no reason to stop; after a failed flush the store is opened again.
func (t *torture) recoverFrom(err error) error {
	switch {
	case err == nil:
		return nil
	case t.s.Stopped() || errors.Is(err, wal.ErrPoisoned) || errors.Is(err, wal.ErrFlush):
		t.count()
		_ = t.s.Close()
		return t.open()
	case errors.Is(err, wal.ErrDiskFull) || errors.Is(err, wal.ErrIO):
		return nil
	}
	return err
}

func (t *torture) snapshot(ctx context.Context, during func()) error {
	_, written := t.m.floors()
	t.during = during
	_, err := t.s.Snapshot(ctx)
	t.during = nil
	t.secondWay = false
	if err == nil {
		t.m.acknowledge(written, true) // the cut flushed it
		t.secondWay = !t.auto && t.m.last().sequence > 0
		return nil
	}
	t.points.abandoned.Add(1)
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return t.recoverFrom(err)
}

func (t *torture) reopen() error {
	t.count()
	if err := t.close(); err != nil {
		return err
	}
	second := t.secondWay
	err := t.open()
	t.secondWay = second
	return err
}

// crash goes on with what a crash leaves, so that later sessions meet the
// remains of earlier ones.
func (t *torture) crash() error {
	t.points.continued.Add(1)
	t.count()
	flushed, written := t.m.floors()
	old := t.fs
	next, floor := old.Killed(), written
	if n := t.rnd.IntN(len(crashfs.Policies) + 1); n < len(crashfs.Policies) {
		next, floor = old.Crashed(crashfs.Policies[n], t.rnd.Uint64()), flushed
	}
	old.Before = nil
	old.Plan(old.Ops(), crashfs.Crash)
	_ = t.s.Close()
	t.m.Lock()
	t.m.flushed, t.m.written = min(t.m.flushed, floor), floor
	t.m.Unlock()
	t.use(next)
	return t.open()
}

// salvage damages the closed store, which may not notice (a part that is not
// needed), and otherwise must refuse and come back in salvage mode.
func (t *torture) salvage() error {
	t.count()
	if err := t.close(); err != nil {
		return err
	}
	before := t.fs.Clone()
	t.damage()
	s, err := storage.Open(context.Background(), t.fs.Clone(), t.quiet(wal.RecoverStrict))
	if err == nil {
		_ = s.Close() // open looks at what it shows
		return t.open()
	}
	if !errors.Is(err, wal.ErrCorrupt) {
		return err
	}
	trial, err := storage.Open(context.Background(), t.fs.Clone(), t.quiet(wal.RecoverSalvage))
	if errors.Is(err, wal.ErrCorrupt) && !t.secondWay {
		t.points.hopeless.Add(1) // what was damaged is all there was to begin with
		t.use(before)
		return t.open()
	}
	if err != nil {
		return err
	}
	after := entry{trial.Sequence(), t.digest(trial.State())}
	t.m.settle(t.m.last())
	report := *trial.Report()
	_ = trial.Close()
	if report.Salvage != nil {
		t.m.Lock()
		t.m.lose(report.Salvage.LastSequence)
		t.m.Unlock()
	}
	t.points.salvages.Add(1)
	t.honest(report, after)
	t.m.settle(after)
	t.m.mode = wal.RecoverSalvage
	return t.open()
}

// honest: what salvage took was once committed, under the number it says.
func (t *torture) honest(report wal.Report, after entry) {
	last := t.m.last()
	if report.Salvage == nil {
		t.report(fmt.Sprintf("%s: refused when strict, and salvage has nothing to report", t.step))
		return
	}
	took := entry{report.Salvage.LastSequence, after.digest}
	if t.m.past[took] && after.sequence >= last.sequence {
		if took != last {
			t.points.salvagesLossy.Add(1)
		}
		return
	}
	t.report(fmt.Sprintf("%s: salvage took %v, numbered on at %d behind %d", t.step, took, after.sequence, last.sequence))
}

func (t *torture) quiet(mode wal.RecoveryMode) storage.Options {
	o := t.options
	o.SnapshotInterval, o.Recovery = -1, mode
	return o
}

// damage changes a bit of a byte that means something.
func (t *torture) damage() {
	names := t.fs.Names()
	for {
		name := names[t.rnd.IntN(len(names))]
		b := t.fs.Bytes(name)
		if len(b) == 0 {
			continue
		}
		at := t.rnd.IntN(len(b))
		for at < len(b) && b[at] == 0 {
			at++
		}
		if at == len(b) {
			continue
		}
		b[at] ^= 1 << t.rnd.IntN(8)
		next := t.fs.Clone()
		next.Put(name, b)
		t.fs.Before = nil
		t.use(next)
		return
	}
}

var words = []string{"Ada", "Bo", "", "Zoë", strings.Repeat("long ", 40)}

var probeValue = graph.String("probe")

func (t *torture) value() graph.Value {
	switch t.rnd.IntN(8) {
	case 0, 1:
		return graph.Int(t.rnd.Int64N(1000) - 500)
	case 2:
		return graph.Float(t.rnd.Float64())
	case 3:
		return graph.List([]graph.Value{graph.Int(t.rnd.Int64N(9)), graph.Int(2)})
	case 4:
		return graph.Vector([]float32{t.rnd.Float32(), 1})
	case 5:
		return graph.Date(t.rnd.Int64N(10000))
	case 6:
		return graph.Bool(t.rnd.IntN(2) == 0)
	}
	if t.long && t.rnd.IntN(3) == 0 {
		return graph.String(strings.Repeat(words[0], 6000+t.rnd.IntN(3)))
	}
	return graph.String(words[t.rnd.IntN(len(words))])
}

// randomChanges are up to three changes; one that a constraint forbids leaves
// no trace.
func (t *torture) randomChanges(tx *storage.Tx) error {
	if tx.NodeCount() > 60 {
		return t.shrink(tx, 40)
	}
	for range 1 + t.rnd.IntN(3) {
		if err := t.change(tx); err != nil && !errors.Is(err, graph.ErrConstraint) {
			return err
		}
	}
	return nil
}

func (t *torture) change(tx *storage.Tx) error {
	kind := t.rnd.IntN(12)
	node, ok := t.node(tx)
	if kind < 4 || !ok {
		label := []string{"Person", "Thing", "Bulk"}[t.rnd.IntN(3)]
		return create(label, []string{"name", "n", "code"}[t.rnd.IntN(3)], t.value())(tx)
	}
	key, err := tx.Key([]string{"name", "n", "code", "extra"}[t.rnd.IntN(4)])
	if err != nil {
		return err
	}
	switch kind {
	case 4, 5:
		other, _ := t.node(tx)
		return join(tx.NodeID(node), tx.NodeID(other), []string{"KNOWS", "OWNS"}[t.rnd.IntN(2)])(tx)
	case 6, 7:
		return tx.SetNodeProperty(node, key, t.value())
	case 8:
		return tx.SetNodeProperty(node, key, graph.Null)
	case 9:
		l, err := tx.Label([]string{"Admin", "Person"}[t.rnd.IntN(2)])
		if err != nil {
			return err
		}
		if tx.HasLabel(node, l) {
			return tx.RemoveLabel(node, l)
		}
		return tx.AddLabel(node, l)
	case 10:
		return deleteAll(tx.NodeID(node))(tx)
	}
	hops := tx.AppendHops(nil, node, graph.Both, nil)
	if len(hops) == 0 {
		return nil
	}
	if t.rnd.IntN(3) == 0 {
		return tx.DeleteRel(hops[0].Rel)
	}
	return tx.SetRelProperty(hops[0].Rel, key, t.value())
}

// node picks one of those there are.
func (t *torture) node(tx *storage.Tx) (graph.Node, bool) {
	if tx.NodeCount() == 0 {
		return 0, false
	}
	nodes := make([]graph.Node, tx.NodeCount())
	return nodes[t.rnd.IntN(tx.ScanNodes(0, nodes))], true
}

// shrink deletes nodes from the front.
func (t *torture) shrink(tx *storage.Tx, count int) error {
	nodes := make([]graph.Node, count)
	for _, n := range nodes[:tx.ScanNodes(0, nodes)] {
		if err := deleteAll(tx.NodeID(n))(tx); err != nil {
			return err
		}
	}
	return nil
}

// bulk loads many nodes in one transaction; a large load goes past the buffer.
func (t *torture) bulk(tx *storage.Tx) error {
	if tx.NodeCount() > 60 {
		return t.shrink(tx, 60)
	}
	if t.large && t.rnd.IntN(2) == 0 {
		return create("Large", "text", graph.String(strings.Repeat("0123456789abcdef", 17<<10)))(tx)
	}
	n := 20 + t.rnd.IntN(20)
	if t.rnd.IntN(2) == 0 {
		return bulk(n)(tx)
	}
	l, err := tx.Label("Bulk")
	if err != nil {
		return err
	}
	k, err := tx.Key("n")
	if err != nil {
		return err
	}
	rows := &graph.Rows{Kinds: [][]uint32{{uint32(l)}}, Columns: []graph.Column{numbersColumn(k, make([]int64, n)...)}}
	return tx.CreateRows(rows, 0, n, nil)
}

// schema makes an index or constraint, or drops it.
func (t *torture) schema(tx *storage.Tx) error {
	l, err := tx.Label([]string{"Person", "Thing"}[t.rnd.IntN(2)])
	if err != nil {
		return err
	}
	k, err := tx.Key([]string{"name", "code"}[t.rnd.IntN(2)])
	if err != nil {
		return err
	}
	if t.rnd.IntN(2) == 0 {
		d := graph.IndexDefinition{Name: "ix" + tx.KeyName(k), Entity: graph.NodeEntity, Label: l, Keys: []graph.KeyID{k}}
		if err = tx.CreateIndex(d); errors.Is(err, graph.ErrExists) {
			err = tx.DropIndex(d.Name)
		}
		return err
	}
	d := graph.ConstraintDefinition{Name: "only" + tx.KeyName(k), Kind: graph.UniqueConstraint, Entity: graph.NodeEntity, Label: l, Keys: []graph.KeyID{k}}
	if err = tx.CreateConstraint(d); errors.Is(err, graph.ErrExists) {
		err = tx.DropConstraint(d.Name)
	}
	return err
}

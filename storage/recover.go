package storage

import (
	"github.com/pocketgraph/pocketgraph/storage/mem"
	"github.com/pocketgraph/pocketgraph/storage/once"
	"github.com/pocketgraph/pocketgraph/wal"
)

// recoverer turns what the log delivers into a graph: sections of a snapshot,
// then the records after it.
type recoverer struct {
	yield    func()
	progress func(stage string, done, total int64)
	loader   *mem.Loader
	graph    *mem.Graph
	tx       *mem.Tx
	pending  int   // bytes of changes since tx began
	replayed int64 // bytes of changes
	told     int64 // of them when progress was called
	answers  *once.Table
	section  []byte // of the answers, until it is complete
}

func newRecoverer(o *Options) *recoverer {
	return &recoverer{yield: o.Yield, progress: o.Progress, answers: new(once.Table)}
}

// The stages of opening that Options.Progress hears of, in this order. The
// last one begins again where recovery does, from an older snapshot.
const (
	// StageSnapshot: the snapshot is read. Its unit is mem.Loader's.
	StageSnapshot = "snapshot"
	// StageIndexes: indexes are built, and a large adjacency. It is told once, without
	// numbers, when it begins.
	StageIndexes = "indexes"
	// StageReplay: the log behind the snapshot is read, in bytes of changes. How
	// many there are is not known before its end is found, so total is 0.
	StageReplay = "replay"
)

// replayTold is how many bytes of changes are replayed between two words about it.
const replayTold = 1 << 20

var _ wal.Replayer = (*recoverer)(nil)

// replayBatch is how many bytes of changes are applied as one version. Nobody
// reads while recovery runs, so the records need no versions of their own, and
// every version copies the chunks that it touches.
const replayBatch = 4 << 20

// Reset forgets everything: recovery starts again from another snapshot.
func (r *recoverer) Reset() error {
	*r = recoverer{yield: r.yield, progress: r.progress, answers: new(once.Table)}
	return nil
}

// Section delivers a piece of the snapshot.
func (r *recoverer) Section(kind uint32, data []byte) error {
	if kind == sectionAnswers && r.loader == nil {
		if r.section = append(r.section, data...); len(r.section) > answersMost {
			return errAnswers
		}
		return nil
	}
	if r.loader == nil {
		r.loader = mem.NewLoader("")
	}
	if err := r.loader.Section(kind, data); err != nil {
		return err
	}
	done, total := r.loader.Progress()
	r.tell(StageSnapshot, int64(done), int64(total))
	return nil
}

func (r *recoverer) tell(stage string, done, total int64) {
	if r.progress != nil {
		r.progress(stage, done, total)
	}
}

// Record repeats one transaction.
func (r *recoverer) Record(rec *wal.Record) error {
	if err := r.loaded(); err != nil {
		return err
	}
	if r.tx == nil {
		r.tx = r.graph.Begin()
	}
	if err := applyChanges(r.tx, rec.Payload); err != nil {
		return err
	}
	if rec.Client != [16]byte{} {
		r.answers.Note(rec, false)
	}
	r.pending += len(rec.Payload)
	if r.replayed += int64(len(rec.Payload)); r.replayed >= r.told+replayTold {
		r.told = r.replayed
		r.tell(StageReplay, r.replayed, 0)
	}
	if r.pending >= replayBatch {
		if r.yield != nil {
			r.yield()
		}
		return r.seal()
	}
	return nil
}

func (r *recoverer) seal() error {
	tx := r.tx
	r.tx, r.pending = nil, 0
	if tx == nil {
		return nil
	}
	_, err := tx.Commit()
	return err
}

// loaded ends the snapshot, if there was one.
func (r *recoverer) loaded() error {
	if r.graph != nil {
		return nil
	}
	if r.loader == nil {
		r.graph = mem.New("")
		return nil
	}
	if r.section != nil {
		if err := r.answers.Decode(r.section); err != nil {
			return err
		}
		r.section = nil
	}
	r.tell(StageIndexes, 0, 0)
	if r.yield != nil {
		r.yield()
	}
	g, err := r.loader.Finish()
	r.graph, r.loader = g, nil
	return err
}

// finish returns the recovered graph; its element ids begin with prefix.
func (r *recoverer) finish(prefix string) (*mem.Graph, error) {
	if err := r.loaded(); err != nil {
		return nil, err
	}
	if err := r.seal(); err != nil {
		return nil, err
	}
	if r.replayed > 0 {
		r.tell(StageReplay, r.replayed, r.replayed)
	}
	r.graph.SetPrefix(prefix)
	return r.graph, nil
}

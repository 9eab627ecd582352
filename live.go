package pocketgraph

import (
	"context"
	"iter"

	"github.com/pocketgraph/pocketgraph/cypher"
	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/storage"
)

// Watch looks for commits that may change the answer to a statement: those that
// touch a label, relationship type or property that it depends on. Close it.
type Watch struct {
	db      *DB
	on      *storage.Watch
	depends *cypher.Dependencies
	open    bool // it names something that no commit has named yet
}

// Watch begins to look. The statement must not write: INVALID_ARGUMENT. Whoever
// runs it then, and again whenever Changed has a token, misses no change; a
// value of rand() or of the clock is none.
func (db *DB) Watch(text string) (*Watch, error) {
	s, err := db.engine.Prepare(text)
	if err != nil {
		return nil, wrap("preparing the query", err)
	}
	if s.Writes() {
		return nil, newError(CodeInvalidArgument, "a live query only reads, and the statement writes")
	}
	w := &Watch{db: db, depends: s.Dependencies()}
	w.on = db.store.Watch(w.touched())
	w.Refresh() // what was named between the look and the watch
	return w, nil
}

// Changed gets a token after commits that may have changed the answer; the next
// query sees them. A burst of commits leaves one token.
func (w *Watch) Changed() <-chan struct{} { return w.on.Changed() }

// Refresh is to be called after a token and before the query: a name that the
// statement uses may have got a meaning.
func (w *Watch) Refresh() {
	if w.open {
		w.on.Depend(w.touched())
	}
}

// Close ends it.
func (w *Watch) Close() { w.on.Close() }

// touched says what it depends on by the numbers of names.
func (w *Watch) touched() storage.Touched {
	d := w.depends
	t := storage.Touched{Everything: d.Everything, Nodes: d.Nodes, AllLabels: d.AllLabels, AllTypes: d.AllTypes, AllKeys: d.AllKeys}
	state := w.db.store.State()
	w.open = false
	for _, name := range d.Labels {
		l, ok := state.LookLabel(name)
		w.note(&t.Labels, uint32(l), ok)
	}
	for _, name := range d.Types {
		r, ok := state.LookType(name)
		w.note(&t.Types, uint32(r), ok)
	}
	for _, name := range d.Keys {
		k, ok := state.LookKey(name)
		w.note(&t.Keys, uint32(k), ok)
	}
	t.Names = w.open
	return t
}

func (w *Watch) note(set interface{ Add(uint32) }, number uint32, named bool) {
	if named {
		set.Add(number)
	} else {
		w.open = true
	}
}

// Live runs a statement that reads, and again whenever a commit may have changed
// its answer, until the context ends, which is no error. Commits that come while
// an answer is looked at make one new answer. Each result is valid until the
// next one; an error ends it.
func (db *DB) Live(ctx context.Context, text string, params map[string]graph.Value) iter.Seq2[*Result, error] {
	return func(yield func(*Result, error) bool) {
		watch, err := db.Watch(text)
		if err != nil {
			yield(nil, err)
			return
		}
		defer watch.Close()
		for {
			result, err := db.Query(ctx, text, params)
			if err != nil {
				if ctx.Err() == nil {
					yield(nil, err)
				}
				return
			}
			more := yield(result, nil)
			result.Close()
			if !more {
				return
			}
			select {
			case <-watch.Changed():
				watch.Refresh()
			case <-ctx.Done():
				return
			case <-db.store.Done():
				yield(nil, newError(CodeClosed, "the database was closed"))
				return
			}
		}
	}
}

package storage

import (
	"sync"
	"sync/atomic"

	"github.com/pocketgraph/pocketgraph/graph"
)

// Touched is what transactions changed, or what somebody depends on, told by
// names and not by elements. Its zero value is nothing.
type Touched struct {
	Everything bool // no telling
	Nodes      bool // nodes were made or deleted, whatever their labels
	Names      bool // a label, type or key was named for the first time
	AllLabels  bool // depends on the labels of nodes, whichever they are
	AllTypes   bool // on relationships, whatever their type
	AllKeys    bool // on properties, whatever their key

	Labels set // of nodes made, deleted, or that got or lost the label
	Types  set // of relationships made or deleted
	Keys   set // of properties set or removed on what exists
}

// set is a set of small numbers.
type set []uint64

// Add puts a number in.
func (s *set) Add(i uint32) {
	for int(i/64) >= len(*s) {
		*s = append(*s, 0)
	}
	(*s)[i/64] |= 1 << (i % 64)
}

func (s set) meets(other set) bool {
	for i := range min(len(s), len(other)) {
		if s[i]&other[i] != 0 {
			return true
		}
	}
	return false
}

func (s *set) merge(other set) {
	for len(*s) < len(other) {
		*s = append(*s, 0)
	}
	for i, word := range other {
		(*s)[i] |= word
	}
}

// concerns reports that changes may matter to who depends on d.
func (t *Touched) concerns(d *Touched) bool {
	return t.Everything || d.Everything || t.Nodes && d.Nodes || t.Names && d.Names ||
		d.AllLabels && len(t.Labels) > 0 || d.AllTypes && len(t.Types) > 0 || d.AllKeys && len(t.Keys) > 0 ||
		t.Labels.meets(d.Labels) || t.Types.meets(d.Types) || t.Keys.meets(d.Keys)
}

func (t *Touched) merge(d *Touched) {
	t.Everything = t.Everything || d.Everything
	t.Nodes = t.Nodes || d.Nodes
	t.Names = t.Names || d.Names
	t.AllLabels = t.AllLabels || d.AllLabels
	t.AllTypes = t.AllTypes || d.AllTypes
	t.AllKeys = t.AllKeys || d.AllKeys
	t.Labels.merge(d.Labels)
	t.Types.merge(d.Types)
	t.Keys.merge(d.Keys)
}

// everything is what transactions touched that did not take notes.
var everything = &Touched{Everything: true}

// watchers are those who want to know of certain changes. As long as there is
// none, a transaction takes no notes; and a commit that nobody depends on costs
// one comparison, however many they are.
type watchers struct {
	some   atomic.Bool // somebody watches
	mu     sync.Mutex
	all    map[*Watch]struct{}
	union  Touched       // what any of them depends on
	notice chan struct{} // closed after the next commit; nil: nobody waits for it
	woken  func()        // called when somebody has been told, to let a host's event loop know; or nil
}

// Watch is one who wants to know.
type Watch struct {
	on      *watchers
	depends Touched
	hit     chan struct{} // has a token when something it depends on was touched
}

// Watch begins to look for changes to what depends names. Whoever then reads
// the state, and reads it again whenever Changed has a token, misses none.
func (s *Store) Watch(depends Touched) *Watch {
	w := &Watch{on: &s.watching, hit: make(chan struct{}, 1)}
	w.Depend(depends)
	return w
}

// Depend changes what it depends on.
func (w *Watch) Depend(depends Touched) {
	on := w.on
	on.mu.Lock()
	defer on.mu.Unlock()
	w.depends = depends
	if on.all == nil {
		on.all = map[*Watch]struct{}{}
	}
	on.all[w] = struct{}{}
	on.unite()
}

// Changed gets a token after a commit that concerns it, readable by then. A
// burst of commits leaves one.
func (w *Watch) Changed() <-chan struct{} { return w.hit }

// Close ends it.
func (w *Watch) Close() {
	w.on.mu.Lock()
	defer w.on.mu.Unlock()
	delete(w.on.all, w)
	w.on.unite()
}

func (on *watchers) unite() {
	on.union = Touched{}
	for w := range on.all {
		on.union.merge(&w.depends)
	}
	on.some.Store(len(on.all) > 0)
}

// next is closed after the next commit that readers see, the next flush, or when
// the store closes.
func (on *watchers) next() <-chan struct{} {
	on.mu.Lock()
	defer on.mu.Unlock()
	if on.notice == nil {
		on.notice = make(chan struct{})
	}
	return on.notice
}

// tell tells of commits that readers see now.
func (on *watchers) tell(commits []pendingCommit) {
	on.mu.Lock()
	defer on.mu.Unlock()
	told := on.notice != nil
	if told {
		close(on.notice)
		on.notice = nil
	}
	if len(on.all) > 0 && on.hit(commits) {
		told = true
	}
	if told && on.woken != nil {
		on.woken()
	}
}

// hit gives a token to those whom the commits concern.
func (on *watchers) hit(commits []pendingCommit) (some bool) {
	for i := range commits {
		touched := commits[i].touched
		if touched == nil {
			touched = everything
		}
		if !touched.concerns(&on.union) {
			continue
		}
		for w := range on.all {
			if touched.concerns(&w.depends) {
				signal(w.hit)
				some = true
			}
		}
	}
	return some
}

// The touch methods take the transaction's notes, if it takes any.

func (tx *Tx) touchNode(n graph.Node) {
	if t := tx.touched; t != nil {
		t.Nodes = true
		for _, l := range tx.AppendLabels(nil, n) {
			t.Labels.Add(uint32(l))
		}
	}
}

func (tx *Tx) touchLabel(l graph.LabelID) {
	if t := tx.touched; t != nil {
		t.Labels.Add(uint32(l))
	}
}

func (tx *Tx) touchType(r graph.TypeID) {
	if t := tx.touched; t != nil {
		t.Types.Add(uint32(r))
	}
}

func (tx *Tx) touchKey(k graph.KeyID) {
	if t := tx.touched; t != nil {
		t.Keys.Add(uint32(k))
	}
}

func (tx *Tx) touchName() {
	if t := tx.touched; t != nil {
		t.Names = true
	}
}

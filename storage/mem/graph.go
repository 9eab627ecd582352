package mem

import (
	"errors"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/storage/column"
)

// Graph holds the newest committed state and makes transactions. It belongs to
// one goroutine at a time; the States that it gives away do not.
type Graph struct {
	state *State
	gen   uint64 // of the newest transaction; never used twice
	tx    *Tx    // the open one

	// What transactions leave behind for good, even when rolled back.
	strs  *column.Strings
	sets  *labelSets
	next  Counters // no identity below was given, not even to be rolled back
	nodes uint32   // the most slots that any committed state knew
	rels  uint32
	spare spare
}

// spare are buffers that transactions hand on to each other.
type spare struct{ node, rel, id column.Writer }

// New returns an empty graph whose element ids begin with prefix.
func New(prefix string) *Graph {
	g := &Graph{strs: &column.Strings{}, sets: newLabelSets(), next: Counters{1, 1}}
	s := &State{version{shared: &shared{prefix: prefix}, sets: g.sets.sets, late: new(late)}}
	s.node.next, s.rel.next = 1, 1
	s.node.ids, s.rel.ids = column.NewRuns(), column.NewRuns()
	g.state = s
	return g
}

// SetPrefix changes what element ids begin with, in all states. It is for
// recovery, before the first reader.
func (g *Graph) SetPrefix(prefix string) { g.state.shared.prefix = prefix }

// State returns the newest committed state.
func (g *Graph) State() *State { return g.state }

var errForeign = errors.New("mem: a state of another graph")

// Restore makes an older state of this graph the newest one; later versions
// are dropped, and so is an open transaction. Identities that they gave are
// not given again.
func (g *Graph) Restore(s *State) error {
	if s.shared != g.state.shared {
		return errForeign
	}
	if g.tx != nil {
		g.tx.Rollback()
	}
	g.state = s
	return nil
}

// Begin starts the writing transaction on the newest committed state. There is
// one at a time; Begin panics when the one before has not ended.
func (g *Graph) Begin() *Tx {
	if g.tx != nil {
		panic("mem: a transaction is open already")
	}
	g.gen++
	tx := &Tx{State: State{g.state.version}, g: g}
	tx.base = &g.state.version
	tx.strs = g.strs.View() // reclaimed ones stay with older states
	tx.nodeW, tx.relW, tx.idW = g.spare.node, g.spare.rel, g.spare.id
	tx.nodeW.Gen, tx.relW.Gen, tx.idW.Gen = g.gen, g.gen, g.gen
	tx.nodeW.Fresh, tx.relW.Fresh = uint64(g.nodes), uint64(g.rels)
	tx.node.next, tx.rel.next = max(tx.node.next, g.next.Node), max(tx.rel.next, g.next.Rel)
	tx.freeNodes = free{left: tx.node.length - uint32(tx.node.live.Len())}
	tx.freeRels = free{left: tx.rel.length - uint32(tx.rel.live.Len())}
	g.tx = tx
	return tx
}

// Tx is the writing transaction. It reads its own writes. It belongs to one
// goroutine and ends with Commit or Rollback; its writing methods fail then.
type Tx struct {
	State // what it changes until it ends; Commit makes this one the newest
	g     *Graph
	work
}

// work is what a transaction needs until it ends.
type work struct {
	base                *version // the state it began on
	nodeW, relW, idW    column.Writer
	freeNodes, freeRels free
	missing             []missing // elements that lacked a demanded property
	props               []graph.Property
	labelBuf            []graph.LabelID
	values              []graph.Value
	slotBuf             []uint32
	touched             []*definition
}

var _ graph.Writer = (*Tx)(nil)

// KeepSlots makes new elements take slots that no element ever had, so that
// handles which were given before the transaction stay what they are.
func (tx *Tx) KeepSlots() { tx.freeNodes, tx.freeRels = free{}, free{} }

// free finds the slots that were free before the transaction began; those
// that it frees itself stay askable until it ends.
type free struct {
	left uint32
	from uint32
}

// take returns the next such slot, or a new one.
func (f *free) take(base *elements, now *elements) (uint32, error) {
	if f.left > 0 {
		if slot, ok := base.live.NextClear(f.from, base.length); ok {
			return slot, nil
		}
		f.left = 0
	}
	if now.length == 1<<32-1 {
		return 0, errFull
	}
	return now.length, nil
}

// took says that the slot is in use.
func (f *free) took(slot uint32, now *elements) {
	if slot == now.length {
		now.length++
		return
	}
	f.left--
	f.from = slot + 1
}

// Commit makes the transaction the newest state. On an error nothing happened
// and the transaction is still open.
func (tx *Tx) Commit() (*State, error) {
	if tx.ended() {
		return nil, errEnded
	}
	if err := tx.Validate(); err != nil {
		return nil, err
	}
	tx.seal()
	g, s := tx.g, &tx.State
	g.state = s
	g.nodes, g.rels = max(g.nodes, s.node.length), max(g.rels, s.rel.length)
	tx.end()
	return s, nil
}

func (tx *Tx) seal() {
	gen := tx.nodeW.Gen
	tx.node.seal(&tx.nodeW, &tx.idW, tx.base.node.next)
	tx.rel.seal(&tx.relW, &tx.idW, tx.base.rel.next)
	tx.nodeSet.Seal(&tx.nodeW, tx.node.length)
	for _, v := range [...]*column.Ints{&tx.start, &tx.stop, &tx.kind} {
		v.Seal(&tx.relW, tx.rel.length)
	}
	tx.out.Seal(gen)
	tx.in.Seal(gen)
	tx.refresh()
}

func (e *elements) seal(w, idW *column.Writer, first graph.ID) {
	e.ids.Seal(w, e.length)
	e.slots.seal(idW, first, e.next)
	e.props.owned(w.Gen, func(c *column.Column) { c.Seal(w, e.length) })
}

// refresh shows the transaction the strings and label sets that it made.
func (tx *Tx) refresh() {
	tx.strs = tx.g.strs.View()
	tx.sets = tx.g.sets.sets
}

// Rollback drops the transaction. After the end of it, it does nothing.
func (tx *Tx) Rollback() {
	if !tx.ended() {
		tx.end()
	}
}

func (tx *Tx) ended() bool { return tx.g.tx != tx }

func (tx *Tx) end() {
	g := tx.g
	g.next.Node, g.next.Rel = max(g.next.Node, tx.node.next), max(g.next.Rel, tx.rel.next)
	g.spare = spare{tx.nodeW, tx.relW, tx.idW}
	g.tx = nil
	tx.work = work{} // the newest state is a part of tx, and must not keep the one before it
}

// SetCounters raises the counters; to lower one is an error.
func (tx *Tx) SetCounters(c Counters) error {
	if tx.ended() {
		return errEnded
	}
	if c.Node < tx.node.next || c.Rel < tx.rel.next {
		return errCounter
	}
	tx.node.next, tx.rel.next = c.Node, c.Rel
	return nil
}

// Label interns the name of a label.
func (tx *Tx) Label(name string) (graph.LabelID, error) {
	id, err := tx.name(&tx.labels, name)
	return graph.LabelID(id), err
}

// Type interns the name of a relationship type.
func (tx *Tx) Type(name string) (graph.TypeID, error) {
	id, err := tx.name(&tx.types, name)
	return graph.TypeID(id), err
}

// Key interns the name of a property key.
func (tx *Tx) Key(name string) (graph.KeyID, error) {
	id, err := tx.name(&tx.keys, name)
	return graph.KeyID(id), err
}

func (tx *Tx) name(n *names, name string) (uint32, error) {
	if tx.ended() {
		return 0, errEnded
	}
	return n.intern(tx.nodeW.Gen, name)
}

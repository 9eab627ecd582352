package mem

import "github.com/pocketgraph/pocketgraph/graph"

// Signatures only, being replaced by the real thing.

// Graph holds the committed state and makes transactions.
type Graph struct{}

// New returns an empty graph whose element ids begin with prefix.
func New(prefix string) *Graph { panic("mem: not yet") }

// State returns the newest committed state.
func (g *Graph) State() *State { panic("mem: not yet") }

// Begin starts the writing transaction on the newest committed state. There
// is one at a time: the one before must have been committed or rolled back.
func (g *Graph) Begin() *Tx { panic("mem: not yet") }

// Restore makes an older state the newest one; later versions are dropped.
// Identities that they used are not given again.
func (g *Graph) Restore(s *State) {}

// State is one committed version, immutable.
type State struct{ graph.Reader }

// Counters are the identities that the next node and relationship will get.
type Counters struct{ Node, Rel graph.ID }

// Counters returns the identities that come next.
func (s *State) Counters() Counters { panic("mem: not yet") }

// Sections emits the whole state, in pieces of at most MaxSection bytes, the
// same bytes for the same state. data is valid during the call only.
func (s *State) Sections(emit func(kind uint32, data []byte) error) error { return nil }

// Check walks everything and reports every broken invariant.
func (s *State) Check(report func(problem string)) {}

// Memory says what the state occupies, in bytes.
func (s *State) Memory() Memory { return Memory{} }

// Memory is bytes by part.
type Memory struct {
	Records, Properties, Strings, Adjacency, Postings, Indexes, Total int
}

// Tx is the writing transaction.
type Tx struct{ graph.Writer }

// Validate checks what is demanded of the transaction as a whole (existence
// constraints): call it before the commit record is written. Commit calls it
// again if something was written since.
func (tx *Tx) Validate() error { return nil }

// Commit makes the transaction the newest state. On an error (a constraint)
// nothing happened and the transaction is still open.
func (tx *Tx) Commit() (*State, error) { panic("mem: not yet") }

// Rollback drops the transaction. After Commit or Rollback it does nothing.
func (tx *Tx) Rollback() {}

// Counters returns the identities that come next.
func (tx *Tx) Counters() Counters { panic("mem: not yet") }

// SetCounters raises the counters; lowering one is an error.
func (tx *Tx) SetCounters(c Counters) error { return nil }

// CreateNodeWithID and CreateRelWithID create an element with a given identity,
// which must not be below the counter; the counter moves behind it.
func (tx *Tx) CreateNodeWithID(id graph.ID, labels []graph.LabelID, properties []graph.Property) (graph.Node, error) {
	panic("mem: not yet")
}

func (tx *Tx) CreateRelWithID(id graph.ID, start, end graph.Node, t graph.TypeID, properties []graph.Property) (graph.Rel, error) {
	panic("mem: not yet")
}

// MaxSection is the largest piece that Sections emits.
const MaxSection = 1 << 20

// Loader builds a graph from the sections of a snapshot, in their order.
type Loader struct{}

// NewLoader starts with nothing.
func NewLoader(prefix string) *Loader { panic("mem: not yet") }

// Section takes one piece. data may be changed after the call.
func (l *Loader) Section(kind uint32, data []byte) error { return nil }

// Finish checks what can only be checked at the end and returns the graph.
func (l *Loader) Finish() (*Graph, error) { return nil, nil }

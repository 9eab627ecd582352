package nornic

import (
	"encoding/json"
	"errors"
	"slices"

	"github.com/pocketgraph/pocketgraph/graph"
)

// Bounds of one transaction of ours. They keep it far below the limit of a log
// record.
const (
	batchChanges = 10_000
	batchBytes   = 16 << 20
)

// key is the identity of a node or an edge; nodes and edges each have their own.
type key struct{ database, id string }

// state is the graph while it is brought together: what is in the store, and
// which element has which identity.
type state struct {
	begin     func() (Tx, error)
	report    *Report
	databases bool

	nodes, edges map[key]graph.ID
	aside        map[key]*edge // edges of the snapshot that lack an end (rule 8)
	asideOf      map[key][]key // by either end

	tx      Tx
	w       graph.Writer
	changes int
	bytes   int
	labels  map[string]graph.LabelID
	types   map[string]graph.TypeID
	keys    map[string]graph.KeyID
}

func newState(begin func() (Tx, error), report *Report, databases bool) *state {
	return &state{begin: begin, report: report, databases: databases,
		nodes: map[key]graph.ID{}, edges: map[key]graph.ID{},
		aside: map[key]*edge{}, asideOf: map[key][]key{},
		labels: map[string]graph.LabelID{}, types: map[string]graph.TypeID{}, keys: map[string]graph.KeyID{}}
}

// ready sees to it that there is a transaction to write in, and begins another
// when the one at hand has enough.
func (s *state) ready() (err error) {
	if s.changes >= batchChanges || s.bytes >= batchBytes {
		if err := s.flush(); err != nil {
			return err
		}
	}
	if s.tx == nil {
		if s.tx, err = s.begin(); err != nil {
			return err
		}
		s.w = s.tx.Writer()
	}
	s.changes++
	return nil
}

func (s *state) flush() error {
	if s.tx == nil {
		return nil
	}
	tx := s.tx
	s.tx, s.w, s.changes, s.bytes = nil, nil, 0, 0
	return tx.Commit()
}

// abandon rolls back what an error left open.
func (s *state) abandon() {
	if s.tx != nil {
		s.tx.Rollback()
	}
}

// interned finds the number of a name, which stays the same once its
// transaction is committed; after a rollback nothing goes on.
func interned[T any](known map[string]T, name string, intern func(string) (T, error)) (T, error) {
	if id, ok := known[name]; ok {
		return id, nil
	}
	id, err := intern(name)
	if err == nil {
		known[name] = id
	}
	return id, err
}

func (s *state) key(name string) (graph.KeyID, error) { return interned(s.keys, name, s.w.Key) }

func (s *state) labelsOf(n *node) ([]graph.LabelID, error) {
	ids := make([]graph.LabelID, 0, len(n.Labels))
	for _, name := range n.Labels {
		id, err := interned(s.labels, name, s.w.Label)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// properties converts the properties of an element and adds those of the
// import.
func (s *state) properties(k key, raw map[string]json.RawMessage, embedding json.RawMessage) ([]graph.Property, error) {
	g := gathered{state: s, list: make([]graph.Property, 0, len(raw)+2)}
	vector, verbatim, err := embedded(embedding)
	if err != nil {
		return nil, err
	}
	for _, name := range sortedKeys(raw) {
		s.bytes += len(name) + len(raw[name])
		kept := s.free(name, raw, !vector.IsNull())
		if kept != name {
			s.report.add(RenamedProperty, 0, -1, "the property %q of %q is %q: the import needs its name", name, k.id, kept)
		}
		v, verbatim, err := convert(raw[name])
		if err != nil {
			return nil, err
		}
		g.add(kept, v, verbatim)
	}
	s.bytes += len(embedding)
	g.add(embeddingProperty, vector, verbatim)
	g.add(idProperty, graph.String(k.id), false)
	if s.databases {
		g.add(databaseProperty, graph.String(k.database), false)
	}
	if len(g.verbatim) > 0 {
		g.add(jsonProperty, graph.List(g.verbatim), false)
	}
	return g.list, g.err
}

// gathered are the properties of one element.
type gathered struct {
	state    *state
	list     []graph.Property
	verbatim []graph.Value // keys of those that are JSON text or were null
	err      error
}

func (g *gathered) add(name string, v graph.Value, verbatim bool) {
	if verbatim {
		g.verbatim = append(g.verbatim, graph.String(name))
	}
	if v.IsNull() || g.err != nil {
		return
	}
	id, err := g.state.key(name)
	g.list, g.err = append(g.list, graph.Property{Key: id, Value: v}), err
}

func sortedKeys(m map[string]json.RawMessage) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// free is the name under which a property is kept.
func (s *state) free(name string, raw map[string]json.RawMessage, embedding bool) string {
	reserved := name == idProperty || name == jsonProperty ||
		name == databaseProperty && s.databases || name == embeddingProperty && embedding
	if !reserved {
		return name
	}
	for {
		name += "_"
		if _, used := raw[name]; !used {
			return name
		}
	}
}

// node returns the handle of a node in the transaction at hand.
func (s *state) node(k key) (graph.Node, error) {
	n, ok := s.w.NodeByID(s.nodes[k])
	if !ok {
		return graph.NoNode, errGone
	}
	return n, nil
}

func (s *state) edge(k key) (graph.Rel, error) {
	r, ok := s.w.RelByID(s.edges[k])
	if !ok {
		return graph.NoRel, errGone
	}
	return r, nil
}

var errGone = errors.New("something else deleted what was imported while the import ran")

// makeNode creates a node whose identity is free.
func (s *state) makeNode(k key, n *node) error {
	if err := s.ready(); err != nil {
		return err
	}
	labels, err := s.labelsOf(n)
	if err != nil {
		return err
	}
	properties, err := s.properties(k, n.Properties, n.Embedding)
	if err != nil {
		return err
	}
	created, err := s.w.CreateNode(labels, properties)
	if err == nil {
		s.nodes[k] = s.w.NodeID(created)
	}
	return err
}

// replaceNode gives a node that is there other labels and properties.
func (s *state) replaceNode(k key, n *node) error {
	if err := s.ready(); err != nil {
		return err
	}
	h, err := s.node(k)
	if err != nil {
		return err
	}
	labels, err := s.labelsOf(n)
	if err != nil {
		return err
	}
	properties, err := s.properties(k, n.Properties, n.Embedding)
	if err != nil {
		return err
	}
	for _, l := range s.w.AppendLabels(nil, h) {
		if !slices.Contains(labels, l) {
			err = errors.Join(err, s.w.RemoveLabel(h, l))
		}
	}
	for _, l := range labels {
		err = errors.Join(err, s.w.AddLabel(h, l))
	}
	set := func(k graph.KeyID, v graph.Value) error { return s.w.SetNodeProperty(h, k, v) }
	return errors.Join(err, replaceProperties(s.w.AppendNodeProperties(nil, h), properties, set))
}

// replaceProperties turns the properties before into those after.
func replaceProperties(before, after []graph.Property, set func(graph.KeyID, graph.Value) error) error {
	for _, p := range before {
		if !slices.ContainsFunc(after, func(q graph.Property) bool { return q.Key == p.Key }) {
			if err := set(p.Key, graph.Null); err != nil {
				return err
			}
		}
	}
	for _, p := range after {
		if err := set(p.Key, p.Value); err != nil {
			return err
		}
	}
	return nil
}

// removeNode deletes a node and its edges.
func (s *state) removeNode(k key) error {
	if err := s.ready(); err != nil {
		return err
	}
	h, err := s.node(k)
	if err != nil {
		return err
	}
	for _, hop := range s.w.AppendHops(nil, h, graph.Both, nil) {
		if err := s.dropRel(hop.Rel); err != nil {
			return err
		}
	}
	for _, e := range s.asideOf[k] {
		delete(s.aside, e)
	}
	delete(s.asideOf, k)
	delete(s.nodes, k)
	return s.w.DeleteNode(h)
}

// dropRel deletes a relationship and forgets its identity.
func (s *state) dropRel(r graph.Rel) error {
	s.changes++
	var k key
	id, err := s.key(idProperty)
	if err != nil {
		return err
	}
	k.id = s.w.RelProperty(r, id).AsString()
	if s.databases {
		if id, err = s.key(databaseProperty); err != nil {
			return err
		}
		k.database = s.w.RelProperty(r, id).AsString()
	}
	delete(s.edges, k)
	return s.w.DeleteRel(r)
}

// makeEdge creates an edge whose identity is free and whose ends are there.
func (s *state) makeEdge(k key, e *edge) error {
	if err := s.ready(); err != nil {
		return err
	}
	start, err := s.node(key{k.database, e.Start})
	if err != nil {
		return err
	}
	end, err := s.node(key{k.database, e.End})
	if err != nil {
		return err
	}
	t, err := interned(s.types, e.Type, s.w.Type)
	if err != nil {
		return err
	}
	properties, err := s.properties(k, e.Properties, nil)
	if err != nil {
		return err
	}
	r, err := s.w.CreateRel(start, end, t, properties)
	if err == nil {
		s.edges[k] = s.w.RelID(r)
	}
	return err
}

// removeEdge deletes an edge that is there.
func (s *state) removeEdge(k key) error {
	if err := s.ready(); err != nil {
		return err
	}
	r, err := s.edge(k)
	if err != nil {
		return err
	}
	return s.dropRel(r)
}

// hasEnds says whether both ends of an edge are there.
func (s *state) hasEnds(k key, e *edge) bool {
	_, start := s.nodes[key{k.database, e.Start}]
	_, end := s.nodes[key{k.database, e.End}]
	return start && end
}

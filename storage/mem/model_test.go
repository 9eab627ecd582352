package mem

import (
	"fmt"
	"math"
	"math/rand"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/mapgraph"
	"github.com/pocketgraph/pocketgraph/storage/column"
)

// model runs the same random changes on a Graph and on a mapgraph.Graph.
// Elements are known by the identity that the Graph gave them.
type model struct {
	t     *testing.T
	r     *rand.Rand
	g     *Graph
	tx    *Tx
	m     *mapgraph.Graph
	nodes map[graph.ID]graph.Node // in m
	rels  map[graph.ID]graph.Rel
	given map[string]bool // identities ever given
}

type kept struct {
	state *State
	m     *mapgraph.Graph
	nodes map[graph.ID]graph.Node
	rels  map[graph.ID]graph.Rel
	dump  string
}

func clone[K comparable, V any](m map[K]V) map[K]V {
	c := map[K]V{}
	for k, v := range m {
		c[k] = v
	}
	return c
}

func TestAgainstModel(t *testing.T) {
	for seed := int64(1); seed <= 6; seed++ {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) { runModel(t, seed, 60) })
	}
}

func runModel(t *testing.T, seed int64, steps int) {
	m := &model{t: t, r: rand.New(rand.NewSource(seed)), g: New("p"), m: mapgraph.New(),
		nodes: map[graph.ID]graph.Node{}, rels: map[graph.ID]graph.Rel{}, given: map[string]bool{}}
	m.tx = m.g.Begin()
	for _, w := range []graph.Writer{m.tx, m.m} {
		for i := 0; i < 4; i++ {
			_, _ = w.Label(fmt.Sprint("L", i))
			_, _ = w.Type(fmt.Sprint("T", i))
			_, _ = w.Key(fmt.Sprint("k", i))
		}
	}
	_, err := m.tx.Commit()
	require.NoError(t, err)
	old := []kept{m.keep()}
	for step := 0; step < steps; step++ {
		before := m.keep()
		m.tx = m.g.Begin()
		for i := m.r.Intn(60); i >= 0; i-- {
			m.change()
		}
		if step%10 == 0 {
			m.same(m.tx)
		}
		switch m.r.Intn(10) {
		case 0, 1:
			m.tx.Rollback()
			m.back(before)
		case 2:
			m.tx.Rollback()
			k := old[m.r.Intn(len(old))]
			require.NoError(t, m.g.Restore(k.state))
			m.back(k)
		default:
			_, err := m.tx.Commit()
			require.NoError(t, err)
		}
		m.same(m.g.State())
		check(t, m.g.State())
		if m.r.Intn(4) == 0 {
			old = append(old, m.keep())
		}
		if step%15 == 14 {
			m.reopen()
			old = []kept{m.keep()}
		}
		for _, k := range old {
			if m.r.Intn(5) == 0 {
				require.Equal(t, k.dump, dump(k.state, idNames(k.state)), "an old state has changed")
			}
		}
	}
}

func check(t *testing.T, s *State) {
	t.Helper()
	s.Check(func(p string) { t.Error(p) })
}

func (m *model) keep() kept {
	return kept{m.g.State(), m.m.Clone(), clone(m.nodes), clone(m.rels), dump(m.g.State(), idNames(m.g.State()))}
}

func (m *model) back(k kept) {
	m.m, m.nodes, m.rels = k.m.Clone(), clone(k.nodes), clone(k.rels)
}

// reopen goes on with what a snapshot says.
func (m *model) reopen() {
	before := sectionsOf(m.t, m.g.State())
	m.g = load(m.t, before)
	// What was only ever rolled back is no part of the snapshot.
	c := m.g.State().Counters()
	for id := c.Node; m.given[fmt.Sprint("n", id)]; id++ {
		delete(m.given, fmt.Sprint("n", id))
	}
	for id := c.Rel; m.given[fmt.Sprint("r", id)]; id++ {
		delete(m.given, fmt.Sprint("r", id))
	}
	require.Equal(m.t, sectionsBytes(before), sectionsBytes(sectionsOf(m.t, m.g.State())), "snapshot of a loaded snapshot")
	m.same(m.g.State())
	check(m.t, m.g.State())
}

type section struct {
	kind uint32
	data []byte
}

func sectionsOf(t testing.TB, s *State) (out []section) {
	require.NoError(t, s.Sections(nil, func(kind uint32, data []byte) error {
		require.LessOrEqual(t, len(data), MaxSection)
		out = append(out, section{kind, append([]byte(nil), data...)})
		return nil
	}))
	return out
}

func sectionsBytes(s []section) string {
	var b strings.Builder
	for _, x := range s {
		fmt.Fprintf(&b, "%d:%x\n", x.kind, x.data)
	}
	return b.String()
}

func load(t testing.TB, sections []section) *Graph {
	l := NewLoader("p")
	for _, s := range sections {
		require.NoError(t, l.Section(s.kind, s.data))
	}
	g, err := l.Finish()
	require.NoError(t, err)
	return g
}

// names translates handles into identities.
type elementNames struct {
	node func(graph.Node) graph.ID
	rel  func(graph.Rel) graph.ID
}

func idNames(r graph.Reader) elementNames { return elementNames{r.NodeID, r.RelID} }

func (m *model) modelNames() elementNames {
	nodes, rels := map[graph.Node]graph.ID{}, map[graph.Rel]graph.ID{}
	for id, n := range m.nodes {
		nodes[n] = id
	}
	for id, r := range m.rels {
		rels[r] = id
	}
	return elementNames{func(n graph.Node) graph.ID { return nodes[n] }, func(r graph.Rel) graph.ID { return rels[r] }}
}

func (m *model) same(r graph.Reader) {
	m.t.Helper()
	want, got := dump(m.m, m.modelNames()), dump(r, idNames(r))
	if want != got {
		require.Equal(m.t, strings.Split(want, "\n"), strings.Split(got, "\n"))
	}
}

// dump says everything that a Reader knows, without handles.
func dump(r graph.Reader, name elementNames) string {
	var lines []string
	say := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	say("%d nodes, %d rels", r.NodeCount(), r.RelCount())
	var nodes [7]graph.Node
	var rels [5]graph.Rel
	for from := graph.Node(0); ; {
		n := r.ScanNodes(from, nodes[:])
		for _, node := range nodes[:n] {
			say("node %d %v %s", name.node(node), r.AppendLabels(nil, node), props(r.AppendNodeProperties(nil, node)))
			for d := graph.Outgoing; d <= graph.Both; d++ {
				for _, types := range [][]graph.TypeID{nil, {2}, {1, 0}} {
					hops := r.AppendHops(nil, node, d, types)
					if len(hops) != r.Degree(node, d, types) {
						say("degree of %d is wrong", name.node(node))
					}
					say("node %d hops %d %v: %s", name.node(node), d, types, hopNames(hops, name))
					var buf []graph.Hop
					for _, t := range types {
						one := []graph.TypeID{t}
						if got := r.Hops(&buf, node, d, one); !slices.Equal(got, r.AppendHops(nil, node, d, one)) {
							say("node %d hops over %d are %s", name.node(node), t, hopNames(got, name))
						}
					}
					say("node %d to itself: %s", name.node(node), hopNames(r.AppendHopsTo(nil, node, node, d, types), name))
				}
			}
			out := make([]graph.Value, 2)
			r.NodeProperties(1, []graph.Node{node, graph.NoNode}, out)
			say("node %d k1 %s %v", name.node(node), show(out[0]), out[1].IsNull())
			// No words are no difference: the column may have several kinds.
			w := graph.Words{}
			if r.NodeWords(1, []graph.Node{node, graph.NoNode}, &w) && (!w.IsNull(1) || w.IsNull(0) != out[0].IsNull() || !w.IsNull(0) && w.Kind != out[0].Kind() ||
				w.Kind == graph.KindInt && w.Words[0] != out[0].AsInt() || w.Kind == graph.KindString && r.Text(w.Words[0]) != out[0].AsString()) {
				say("node %d has another word than value", name.node(node))
			}
		}
		if n < len(nodes) {
			break
		}
		from = nodes[n-1] + 1
	}
	for from := graph.Rel(0); ; {
		n := r.ScanRels(from, rels[:])
		for _, rel := range rels[:n] {
			a, b := r.RelEnds(rel)
			say("rel %d %d %d-%d %s", name.rel(rel), r.RelType(rel), name.node(a), name.node(b), props(r.AppendRelProperties(nil, rel)))
		}
		if n < len(rels) {
			break
		}
		from = rels[n-1] + 1
	}
	for i := 0; i < 4; i++ {
		var all []graph.ID
		big := make([]graph.Node, r.NodeCount()+1)
		for _, n := range big[:r.ScanLabel(graph.LabelID(i), 0, big)] {
			all = append(all, name.node(n))
		}
		slices.Sort(all)
		say("label %d: %d %v", i, r.NodeCountByLabel(graph.LabelID(i)), all)
		bigr := make([]graph.Rel, r.RelCount()+1)
		say("type %d: %d %d", i, r.RelCountByType(graph.TypeID(i)), r.ScanType(graph.TypeID(i), 0, bigr))
	}
	for _, ix := range r.Indexes() {
		say("index %s %d %v %v: %d", ix.Name, ix.Entity, ix.Keys, ix.Unique, ix.Entries)
		for v := int64(0); v < 4; v++ {
			var found []graph.ID
			for _, slot := range r.Seek(nil, ix.ID, []graph.Value{graph.Int(v), graph.Int(v)}[:len(ix.Keys)]) {
				if ix.Entity == graph.NodeEntity {
					found = append(found, name.node(graph.Node(slot)))
				} else {
					found = append(found, name.rel(graph.Rel(slot)))
				}
			}
			slices.Sort(found)
			say("index %s %d: %v", ix.Name, v, found)
		}
	}
	for _, c := range r.Constraints() {
		say("constraint %s %d", c.Name, c.Kind)
	}
	sort.Strings(lines)
	return strings.Join(lines, "\n")
}

func hopNames(hops []graph.Hop, name elementNames) string {
	var out []string
	for _, h := range hops {
		out = append(out, fmt.Sprint(name.rel(h.Rel), ">", name.node(h.Node)))
	}
	sort.Strings(out)
	return strings.Join(out, " ")
}

func show(v graph.Value) string { return fmt.Sprintf("%x", column.AppendValue(nil, v)) }

func props(list []graph.Property) string {
	var out []string
	for _, p := range list {
		out = append(out, fmt.Sprintf("%d=%s", p.Key, show(p.Value)))
	}
	return strings.Join(out, " ")
}

func (m *model) value() graph.Value {
	switch m.r.Intn(12) {
	case 0:
		return graph.Null
	case 1:
		return graph.String(fmt.Sprint("s", m.r.Intn(50)))
	case 2:
		return graph.Float(m.r.Float64())
	case 3:
		return graph.List([]graph.Value{graph.Int(1), graph.Int(int64(m.r.Intn(3)))})
	case 4:
		return graph.Float(math.NaN())
	case 5:
		return graph.List([]graph.Value{graph.Int(1), graph.String("mixed")}) // not storable
	}
	return graph.Int(int64(m.r.Intn(40)))
}

func pick[V any](r *rand.Rand, of map[graph.ID]V) (graph.ID, bool) {
	if len(of) == 0 {
		return 0, false
	}
	ids := make([]graph.ID, 0, len(of))
	for id := range of {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids[r.Intn(len(ids))], true
}

// agree checks that both did, or did not, what was asked.
func (m *model) agree(what string, mine, theirs error) bool {
	require.Equal(m.t, theirs == nil, mine == nil, "%s: model %v, graph %v", what, theirs, mine)
	return mine == nil
}

func (m *model) properties() []graph.Property {
	var out []graph.Property
	for i := m.r.Intn(4); i > 0; i-- {
		out = append(out, graph.Property{Key: graph.KeyID(m.r.Intn(4)), Value: m.value()})
	}
	return out
}

func (m *model) fresh(kind string, id graph.ID) {
	key := fmt.Sprint(kind, id)
	require.False(m.t, m.given[key], "identity %s given twice", key)
	m.given[key] = true
}

func (m *model) change() {
	k, l := graph.KeyID(m.r.Intn(4)), graph.LabelID(m.r.Intn(4))
	a, ok := pick(m.r, m.nodes)
	b, _ := pick(m.r, m.nodes)
	rel, okRel := pick(m.r, m.rels)
	mine := func(id graph.ID) graph.Node { n, ok := m.tx.NodeByID(id); require.True(m.t, ok); return n }
	mineRel := func(id graph.ID) graph.Rel { r, ok := m.tx.RelByID(id); require.True(m.t, ok); return r }
	switch op := m.r.Intn(20); {
	case op < 5 || !ok:
		var labels []graph.LabelID
		for i := m.r.Intn(3); i > 0; i-- {
			labels = append(labels, graph.LabelID(m.r.Intn(4)))
		}
		p := m.properties()
		n, err := m.tx.CreateNode(labels, slices.Clone(p))
		mn, merr := m.m.CreateNode(labels, p)
		if m.agree("create node", err, merr) {
			m.fresh("n", m.tx.NodeID(n))
			m.nodes[m.tx.NodeID(n)] = mn
		}
	case op < 10:
		p, t := m.properties(), graph.TypeID(m.r.Intn(4))
		r, err := m.tx.CreateRel(mine(a), mine(b), t, slices.Clone(p))
		mr, merr := m.m.CreateRel(m.nodes[a], m.nodes[b], t, p)
		if m.agree("create relationship", err, merr) {
			m.fresh("r", m.tx.RelID(r))
			m.rels[m.tx.RelID(r)] = mr
		}
	case op < 11:
		n := mine(a)
		if m.agree("delete node", m.tx.DeleteNode(n), m.m.DeleteNode(m.nodes[a])) {
			delete(m.nodes, a)
			m.gone(n, a)
		}
	case op < 13 && okRel:
		r := mineRel(rel)
		start, end := m.tx.RelEnds(r)
		if m.agree("delete relationship", m.tx.DeleteRel(r), m.m.DeleteRel(m.rels[rel])) {
			delete(m.rels, rel)
			s, e := m.tx.RelEnds(r)
			require.Equal(m.t, []graph.Node{start, end}, []graph.Node{s, e})
			require.False(m.t, m.tx.HasRel(r))
			require.Equal(m.t, rel, m.tx.RelID(r))
			require.Empty(m.t, m.tx.AppendRelProperties(nil, r))
		}
	case op < 15:
		v := m.value()
		m.agree("set property", m.tx.SetNodeProperty(mine(a), k, v), m.m.SetNodeProperty(m.nodes[a], k, v))
	case op < 16 && okRel:
		v := m.value()
		m.agree("set property", m.tx.SetRelProperty(mineRel(rel), k, v), m.m.SetRelProperty(m.rels[rel], k, v))
	case op < 17:
		m.agree("add label", m.tx.AddLabel(mine(a), l), m.m.AddLabel(m.nodes[a], l))
	case op < 18:
		m.agree("remove label", m.tx.RemoveLabel(mine(a), l), m.m.RemoveLabel(m.nodes[a], l))
	case op < 19 && m.r.Intn(4) == 0:
		m.define(k, l)
	}
}

func (m *model) gone(n graph.Node, id graph.ID) {
	require.False(m.t, m.tx.HasNode(n))
	require.Equal(m.t, id, m.tx.NodeID(n))
	require.Empty(m.t, m.tx.AppendLabels(nil, n))
	require.Empty(m.t, m.tx.AppendNodeProperties(nil, n))
	require.Empty(m.t, m.tx.AppendHops(nil, n, graph.Both, nil))
	require.NoError(m.t, m.tx.DeleteNode(n))
}

func (m *model) define(k graph.KeyID, l graph.LabelID) {
	name := fmt.Sprint("ix", m.r.Intn(4))
	switch m.r.Intn(6) {
	case 0:
		m.agree("drop index", m.tx.DropIndex(name), m.m.DropIndex(name))
	case 1:
		m.agree("drop constraint", m.tx.DropConstraint(name), m.m.DropConstraint(name))
	case 2:
		d := graph.ConstraintDefinition{Name: name, Kind: graph.UniqueConstraint, Entity: graph.NodeEntity, Label: l, Keys: []graph.KeyID{k}}
		m.agree("create constraint", m.tx.CreateConstraint(d), m.m.CreateConstraint(d))
	case 3:
		d := graph.IndexDefinition{Name: name, Entity: graph.RelEntity, Type: graph.TypeID(l), Keys: []graph.KeyID{k}}
		m.agree("create index", m.tx.CreateIndex(d), m.m.CreateIndex(d))
	default:
		d := graph.IndexDefinition{Name: name, Entity: graph.NodeEntity, Label: l, Keys: []graph.KeyID{k, (k + 1) % 4}[:1+m.r.Intn(2)]}
		m.agree("create index", m.tx.CreateIndex(d), m.m.CreateIndex(d))
	}
}

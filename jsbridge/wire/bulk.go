package wire

import "github.com/pocketgraph/pocketgraph/graph"

// Bulk puts elements of a graph together to bodies of BULK (PROTOCOL.md,
// section 10). Nodes come before relationships, also across bodies; a
// relationship names its nodes by their place among all nodes of all bodies.
type Bulk struct {
	r     graph.Reader
	nth   []uint32 // by handle: the place of a node
	made  uint32
	names []string
	index map[string]uint32
	nodes section
	rels  section
	// Properties counts those added so far.
	Properties int64
}

type section struct {
	count uint32
	bytes []byte
}

// NewBulk begins with the elements of a graph.
func NewBulk(r graph.Reader) *Bulk { return &Bulk{r: r, index: map[string]uint32{}} }

// Len is about how many bytes there are.
func (b *Bulk) Len() int { return len(b.nodes.bytes) + len(b.rels.bytes) }

// limits of a body; MaxRequest bounds what is sent.
const (
	maxBody  = 60 << 20
	maxDepth = 100
)

func (b *Bulk) name(s string) uint32 {
	i, ok := b.index[s]
	if !ok {
		i = uint32(len(b.names))
		b.names = append(b.names, s)
		b.index[s] = i
	}
	return i
}

// Node adds a node.
func (b *Bulk) Node(n graph.Node) error {
	for len(b.nth) <= int(n) {
		b.nth = append(b.nth, 0)
	}
	b.nth[n] = b.made
	b.made++
	labels := b.r.AppendLabels(nil, n)
	out := AppendVaruint(b.nodes.bytes, uint32(len(labels)))
	for _, l := range labels {
		out = AppendVaruint(out, b.name(b.r.LabelName(l)))
	}
	return b.properties(&b.nodes, out, b.r.AppendNodeProperties(nil, n))
}

// Relationship adds a relationship, both of whose nodes were added.
func (b *Bulk) Relationship(r graph.Rel) error {
	start, end := b.r.RelEnds(r)
	out := AppendVaruint(AppendVaruint(b.rels.bytes, b.nth[start]), b.nth[end])
	out = AppendVaruint(out, b.name(b.r.TypeName(b.r.RelType(r))))
	return b.properties(&b.rels, out, b.r.AppendRelProperties(nil, r))
}

// properties appends the properties of an element and counts it.
func (b *Bulk) properties(s *section, out []byte, list []graph.Property) (err error) {
	out = AppendVaruint(out, uint32(len(list)))
	for _, p := range list {
		out = AppendVaruint(out, b.name(b.r.KeyName(p.Key)))
		if out, err = AppendValue(out, p.Value, nil, maxBody, maxDepth); err != nil {
			return err
		}
	}
	b.Properties += int64(len(list))
	s.bytes = out
	s.count++
	return nil
}

// Take returns the body of what was added and forgets it, but for the places
// of the nodes.
func (b *Bulk) Take() []byte {
	out := AppendVaruint(nil, uint32(len(b.names)))
	for _, name := range b.names {
		out = AppendString(out, name)
	}
	for _, s := range []*section{&b.nodes, &b.rels} {
		out = append(AppendVaruint(out, s.count), s.bytes...)
		s.count, s.bytes = 0, s.bytes[:0]
	}
	b.names = b.names[:0]
	clear(b.index)
	return out
}

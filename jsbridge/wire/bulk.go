package wire

import (
	"github.com/pocketgraph/pocketgraph/graph"
)

// Bulk puts elements of a graph together to bodies of BULK (PROTOCOL.md,
// section 10). Nodes come before relationships; a relationship names its nodes
// by their place among all nodes of all bodies.
type Bulk struct {
	r     graph.Reader
	limit int
	give  func(body []byte) error

	nth   []uint32 // by handle: the place of a node
	nodes []graph.Node
	rels  []graph.Rel
	made  uint32 // nodes before this body
	bytes int    // about how many the body will have

	names  []string
	index  map[string]uint32
	kinds  []byte // labels of each set, or types
	which  []uint16
	sets   map[string]uint16 // what is in kinds
	keys   []graph.KeyID     // of the body's elements
	keyed  map[graph.KeyID]bool
	labels []graph.LabelID
	props  []graph.Property
	values []graph.Value

	// Elements and Properties count those given so far.
	Elements, Properties int64
}

// NewBulk begins with the elements of a graph. give gets bodies of about limit
// bytes; it owns them.
func NewBulk(r graph.Reader, limit int, give func(body []byte) error) *Bulk {
	return &Bulk{r: r, limit: limit, give: give, index: map[string]uint32{}, sets: map[string]uint16{}, keyed: map[graph.KeyID]bool{}}
}

// Limits of a body: its rows (jsbridge.MaxBulkRows), and its columns, each of
// which takes room for every row. MaxRequest bounds what is sent.
const (
	maxRows    = 1 << 16
	maxColumns = 1 << 10
	maxBody    = 60 << 20
	maxDepth   = 100
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
	b.props = b.r.AppendNodeProperties(b.props[:0], n)
	if err := b.fit(); err != nil {
		return err
	}
	b.nth[n] = b.made + uint32(len(b.nodes))
	b.labels = b.r.AppendLabels(b.labels[:0], n)
	kind := AppendVaruint(nil, uint32(len(b.labels)))
	for _, l := range b.labels {
		kind = AppendVaruint(kind, b.name(b.r.LabelName(l)))
	}
	b.nodes = append(b.nodes, n)
	return b.added(kind)
}

// Relationship adds a relationship, both of whose nodes were added.
func (b *Bulk) Relationship(r graph.Rel) error {
	if len(b.nodes) > 0 {
		if err := b.Flush(); err != nil {
			return err
		}
	}
	b.props = b.r.AppendRelProperties(b.props[:0], r)
	if err := b.fit(); err != nil {
		return err
	}
	kind := AppendVaruint(nil, b.name(b.r.TypeName(b.r.RelType(r))))
	b.rels = append(b.rels, r)
	b.bytes += 8
	return b.added(kind)
}

// fit gives the body away when the columns of the next element, whose properties
// are in props, would make it far larger than what is in them: where elements
// have different properties each column is mostly room.
func (b *Bulk) fit() error {
	if 8*(len(b.which)+1)*(len(b.keys)+len(b.props)) > 4*b.limit {
		return b.Flush()
	}
	return nil
}

// added counts an element, whose properties are in props, and gives the body
// away when it is full.
func (b *Bulk) added(kind []byte) error {
	set, ok := b.sets[string(kind)]
	if !ok {
		set = uint16(len(b.sets))
		b.sets[string(kind)] = set
		b.kinds = append(b.kinds, kind...)
	}
	b.which = append(b.which, set)
	for _, p := range b.props {
		b.bytes += 8 + valueBytes(p.Value)
		if !b.keyed[p.Key] {
			b.keyed[p.Key] = true
			b.keys = append(b.keys, p.Key)
		}
	}
	b.Elements++
	b.Properties += int64(len(b.props))
	if b.bytes >= b.limit || len(b.which) == maxRows || len(b.keys) >= maxColumns {
		return b.Flush()
	}
	return nil
}

// valueBytes is about how many bytes a value takes that has no fixed size.
func valueBytes(v graph.Value) int {
	switch v.Kind() {
	case graph.KindString:
		return len(v.AsString())
	case graph.KindBytes:
		return len(v.AsBytes())
	case graph.KindVector:
		return 4 * len(v.AsVector())
	case graph.KindList:
		n := 0
		for _, item := range v.AsList() {
			n += 8 + valueBytes(item)
		}
		return n
	}
	return 0
}

// Flush gives away what was added, if anything was.
func (b *Bulk) Flush() error {
	rows := len(b.which)
	if rows == 0 {
		return nil
	}
	out, err := b.columns()
	if err != nil {
		return err
	}
	b.made += uint32(len(b.nodes))
	b.nodes, b.rels, b.which = b.nodes[:0], b.rels[:0], b.which[:0]
	b.kinds, b.keys, b.names, b.bytes = b.kinds[:0], b.keys[:0], b.names[:0], 0
	clear(b.index)
	clear(b.sets)
	clear(b.keyed)
	return b.give(out)
}

// columns is the body of what was added.
func (b *Bulk) columns() ([]byte, error) {
	rows := len(b.which)
	names := make([]uint32, len(b.keys))
	for i, k := range b.keys {
		names[i] = b.name(b.r.KeyName(k))
	}
	rels := byte(0)
	if len(b.rels) > 0 {
		rels = 1
	}
	out := append(make([]byte, 0, b.bytes+b.bytes/4), 0, 0, rels) // nobody asks where it is
	out = AppendVaruint(AppendVaruint(out, uint32(rows)), uint32(len(b.names)))
	for _, name := range b.names {
		out = AppendString(out, name)
	}
	out = append(AppendVaruint(out, uint32(len(b.sets))), b.kinds...)
	for i := 0; len(b.sets) > 1 && i < rows; i++ {
		out = AppendU16(out, b.which[i])
	}
	if rels == 1 {
		out = b.ends(out)
	}
	out = AppendVaruint(out, uint32(len(b.keys)))
	for len(b.values) < rows {
		b.values = append(b.values, graph.Null)
	}
	for i, k := range b.keys {
		values := b.values[:rows]
		if rels == 1 {
			b.r.RelProperties(k, b.rels, values)
		} else {
			b.r.NodeProperties(k, b.nodes, values)
		}
		var err error
		if out, err = appendColumn(AppendVaruint(out, names[i]), values); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (b *Bulk) ends(out []byte) []byte {
	for _, start := range [...]bool{true, false} {
		out = append(out, 0)
		for _, r := range b.rels {
			from, to := b.r.RelEnds(r)
			if !start {
				from = to
			}
			out = AppendU32(out, b.nth[from])
		}
	}
	return out
}

// appendColumn appends a column in the form that fits its values.
func appendColumn(out []byte, values []graph.Value) ([]byte, error) {
	form, nulls := formOf(values)
	out = append(out, byte(form), 0)
	if nulls {
		out[len(out)-1] = 1
		for i := 0; i < len(values); i += 8 {
			var bits byte
			for j, v := range values[i:min(i+8, len(values))] {
				if v.IsNull() {
					bits |= 1 << j
				}
			}
			out = append(out, bits)
		}
	}
	var err error
	end := uint32(0)
	for _, v := range values {
		switch form {
		case graph.FormInt64, graph.FormFloat:
			out = AppendU64(out, uint64(v.AsInt())) // of a Float its bits, of Null 0
		case graph.FormText:
			end += uint32(len(ValidText(v.AsString())))
			out = AppendU32(out, end)
		default:
			if out, err = AppendValue(out, v, nil, maxBody, maxDepth); err != nil {
				return out, err
			}
		}
	}
	for i := 0; form == graph.FormText && i < len(values); i++ {
		out = append(out, ValidText(values[i].AsString())...)
	}
	if len(out) > maxBody {
		return out, ErrFull
	}
	return out, nil
}

// formOf is the form for values of one kind, and whether there are Nulls among
// them; values that are mixed, or have no form of their own, bring their Nulls.
func formOf(values []graph.Value) (f graph.Form, nulls bool) {
	kind := graph.KindNull
	for _, v := range values {
		switch k := v.Kind(); {
		case k == graph.KindNull:
			nulls = true
		case kind == graph.KindNull:
			kind = k
		case k != kind:
			return graph.FormValues, false
		}
	}
	switch kind {
	case graph.KindInt:
		return graph.FormInt64, nulls
	case graph.KindFloat:
		return graph.FormFloat, nulls
	case graph.KindString:
		return graph.FormText, nulls
	}
	return graph.FormValues, false
}

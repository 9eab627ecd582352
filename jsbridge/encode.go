package jsbridge

import (
	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/jsbridge/wire"
)

// The primitives and values of the protocol, by the names they have here.
// Where a call each counts, appendFixed does without them.

func appendU16(b []byte, v uint16) []byte     { return wire.AppendU16(b, v) }
func appendU32(b []byte, v uint32) []byte     { return wire.AppendU32(b, v) }
func appendU64(b []byte, v uint64) []byte     { return wire.AppendU64(b, v) }
func appendVaruint(b []byte, v uint32) []byte { return wire.AppendVaruint(b, v) }
func appendString(b []byte, s string) []byte  { return wire.AppendString(b, s) }
func appendInt(b []byte, v int64) []byte      { return wire.AppendInt(b, v) }
func validText(s string) string               { return wire.ValidText(s) }

func putU32(b []byte, v uint32) {
	_ = b[3]
	b[0], b[1], b[2], b[3] = byte(v), byte(v>>8), byte(v>>16), byte(v>>24)
}

// pad appends zeros until the frame that begins at start is a multiple of 8.
func pad(b []byte, start int) []byte {
	for (len(b)-start)&7 != 0 {
		b = append(b, 0)
	}
	return b
}

// elements gives nodes and relationships the indexes by which values name
// them. A nil elements refuses them: requests hold none.
type elements interface {
	node(graph.Node) uint32
	rel(graph.Rel) uint32
}

// appendValue appends a value with its tag.
func appendValue(b []byte, v graph.Value, e elements) ([]byte, error) {
	return appendNested(b, v, e, MaxFrame, MaxDepth)
}

// appendNested fails with errFull as soon as b is longer than limit.
func appendNested(b []byte, v graph.Value, e elements, limit, depth int) ([]byte, error) {
	if e == nil {
		return wire.AppendValue(b, v, nil, limit, depth)
	}
	return wire.AppendValue(b, v, func(b []byte, v graph.Value) ([]byte, error) { return appendElement(b, v, e), nil }, limit, depth)
}

func appendElement(b []byte, v graph.Value, e elements) []byte {
	switch v.Kind() {
	case graph.KindNode:
		return appendVaruint(append(b, tagNode), e.node(v.AsNode()))
	case graph.KindRel:
		return appendVaruint(append(b, tagRelationship), e.rel(v.AsRel()))
	}
	p := v.AsPath()
	b = appendVaruint(append(b, tagPath), uint32(len(p.Rels)))
	for _, n := range p.Nodes {
		b = appendVaruint(b, e.node(n))
	}
	for _, r := range p.Rels {
		b = appendVaruint(b, e.rel(r))
	}
	return b
}

// appendEntries appends a map without its tag, in the order given.
func appendEntries(b []byte, entries []graph.Entry) ([]byte, error) {
	var err error
	b = appendVaruint(b, uint32(len(entries)))
	for _, e := range entries {
		b = appendString(b, e.Key)
		if b, err = appendNested(b, e.Value, nil, MaxFrame, MaxDepth); err != nil {
			return b, err
		}
	}
	return b, nil
}

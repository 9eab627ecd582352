package mem

import (
	"github.com/pocketgraph/pocketgraph/storage/column"
	"github.com/pocketgraph/pocketgraph/storage/index"
)

// Memory is bytes by part, about. What a state shares with others is included.
type Memory struct {
	Records    int // identities, label sets, starts, ends, types
	Properties int
	Strings    int // without the table that finds them
	Adjacency  int
	Postings   int // nodes by label, relationships by type
	Indexes    int
	Total      int
}

// Memory says what the version occupies. It looks at every chunk.
func (v *version) Memory() Memory {
	var m Memory
	for _, e := range [...]*elements{&v.node, &v.rel} {
		m.Records += e.live.Bytes() + e.ids.Bytes() + e.slots.bytes()
		for _, it := range e.props.items {
			if it != nil {
				m.Properties += it.v.Bytes()
			}
		}
	}
	for _, ints := range [...]*column.Ints{&v.nodeSet, &v.start, &v.stop, &v.kind} {
		m.Records += ints.Bytes()
	}
	m.Strings = v.strs.Bytes()
	if v.linked() { // they are not built to be measured
		m.Adjacency = v.outgoing().Bytes() + v.incoming().Bytes()
	}
	for _, items := range [...][]*item[index.Postings]{v.byLabel.items, v.byType.items} {
		for _, it := range items {
			if it != nil {
				m.Postings += it.v.Bytes()
			}
		}
	}
	for _, it := range v.schema.roots.items {
		if it != nil {
			m.Indexes += it.v.Bytes()
		}
	}
	m.Total = m.Records + m.Properties + m.Strings + m.Adjacency + m.Postings + m.Indexes
	return m
}

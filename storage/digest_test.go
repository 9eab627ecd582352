package storage_test

import (
	"math"
	"slices"

	"github.com/pocketgraph/pocketgraph/graph"
)

// digester reduces everything that a state says about itself to 64 bits, as
// fingerprint does to text, fast enough for millions of states. Elements, and
// what a property list holds, are summed, so that their order does not count.
// The slices are kept from one state to the next.
type digester struct {
	nodes  []graph.Node
	rels   []graph.Rel
	labels []graph.LabelID
	props  []graph.Property
}

// hash is FNV-1a over words, with a finish that spreads every bit.
type hash uint64

const newHash hash = 14695981039346656037

func (h hash) word(v uint64) hash {
	for range 8 {
		h = (h ^ hash(v&255)) * 1099511628211
		v >>= 8
	}
	return h
}

func (h hash) text(s string) hash {
	h = h.word(uint64(len(s)))
	for i := range len(s) {
		h = (h ^ hash(s[i])) * 1099511628211
	}
	return h
}

func (h hash) sum() uint64 {
	x := uint64(h)
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func (d *digester) digest(r graph.Reader) uint64 {
	total := newHash.word(uint64(r.NodeCount())).word(uint64(r.RelCount())).sum()
	d.nodes = slices.Grow(d.nodes[:0], r.NodeCount()+1)[:r.NodeCount()+1]
	for _, n := range d.nodes[:r.ScanNodes(0, d.nodes)] {
		h := newHash.word(uint64(r.NodeID(n)))
		d.labels = r.AppendLabels(d.labels[:0], n)
		labels := uint64(0)
		for _, l := range d.labels {
			labels += newHash.text(r.LabelName(l)).sum()
		}
		d.props = r.AppendNodeProperties(d.props[:0], n)
		total += h.word(labels).word(d.properties(r)).sum()
	}
	d.rels = slices.Grow(d.rels[:0], r.RelCount()+1)[:r.RelCount()+1]
	for _, rel := range d.rels[:r.ScanRels(0, d.rels)] {
		start, end := r.RelEnds(rel)
		h := newHash.word(1).word(uint64(r.RelID(rel))).text(r.TypeName(r.RelType(rel))).word(uint64(r.NodeID(start))).word(uint64(r.NodeID(end)))
		d.props = r.AppendRelProperties(d.props[:0], rel)
		total += h.word(d.properties(r)).sum()
	}
	for _, ix := range r.Indexes() {
		total += schemaHash(r, 2, ix.Name, ix.Entity, ix.Label, ix.Type, ix.Keys).word(uint64(ix.Entries)).sum()
	}
	for _, c := range r.Constraints() {
		total += schemaHash(r, 3, c.Name, c.Entity, c.Label, c.Type, c.Keys).word(uint64(c.Kind)).word(uint64(c.Types)).sum()
	}
	return total
}

func schemaHash(r graph.Reader, what uint64, name string, e graph.Entity, l graph.LabelID, t graph.TypeID, keys []graph.KeyID) hash {
	h := newHash.word(what).text(name).word(uint64(e))
	if e == graph.NodeEntity {
		h = h.text(r.LabelName(l))
	} else {
		h = h.text(r.TypeName(t))
	}
	for _, k := range keys {
		h = h.text(r.KeyName(k))
	}
	return h
}

func (d *digester) properties(r graph.Reader) uint64 {
	total := uint64(0)
	for _, p := range d.props {
		total += valueHash(newHash.text(r.KeyName(p.Key)), p.Value).sum()
	}
	return total
}

func valueHash(h hash, v graph.Value) hash {
	h = h.word(uint64(v.Kind()))
	switch v.Kind() {
	case graph.KindInt:
		return h.word(uint64(v.AsInt()))
	case graph.KindFloat:
		return h.word(math.Float64bits(v.AsFloat()))
	case graph.KindBool:
		if v.AsBool() {
			return h.word(1)
		}
		return h.word(0)
	case graph.KindString:
		return h.text(v.AsString())
	case graph.KindBytes:
		return h.text(string(v.AsBytes()))
	case graph.KindVector:
		for _, x := range v.AsVector() {
			h = h.word(uint64(math.Float32bits(x)))
		}
		return h
	case graph.KindList:
		h = h.word(uint64(len(v.AsList())))
		for _, item := range v.AsList() {
			h = valueHash(h, item)
		}
		return h
	}
	return h.text(text(v))
}

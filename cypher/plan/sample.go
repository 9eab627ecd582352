package plan

import (
	"strings"

	"github.com/pocketgraph/pocketgraph/graph"
)

// sampleSize is how many nodes or relationships stand for all of a kind.
const sampleSize = 64

// sampleWindows is from how many places they are taken, so that those that were
// made first do not speak for all.
const sampleWindows = 16

// population is a set of nodes that a slot takes its values from: where
// relationships of some types lead in a direction, or the nodes with a label, or
// all of them.
//
// Counts by label and type are kept as the graph changes and are exact; how many
// relationships a node has is not kept and is asked of a sample, once for each
// plan. Nodes that were reached are another population than nodes with their
// label: who has many friends is met more often.
type population struct {
	label     string
	arrived   bool
	types     []string
	direction graph.Direction // of the relationships that led there
}

func (p population) key() string {
	return p.label + "|" + strings.Join(p.types, "|") + "|" + string(rune('0'+int(p.direction))) + map[bool]string{true: "+"}[p.arrived]
}

// sample gives nodes of a population, in an order that depends on nothing but
// the graph.
func (b *builder) sample(p population) []graph.Node {
	key := p.key()
	if nodes, known := b.samples[key]; known {
		return nodes
	}
	var nodes []graph.Node
	switch {
	case p.arrived:
		nodes = b.sampleEnds(p)
	case p.label != "":
		if l, known := b.reader.LookLabel(p.label); known {
			nodes = windows(b.reader.NodeCount(), sampleSize, func(from graph.Node, dst []graph.Node) int { return b.reader.ScanLabel(l, from, dst) })
		}
	default:
		nodes = windows(b.reader.NodeCount(), sampleSize, b.reader.ScanNodes)
	}
	if b.samples == nil {
		b.samples = map[string][]graph.Node{}
	}
	b.samples[key] = nodes
	return nodes
}

// sampleEnds gives the far ends of relationships.
func (b *builder) sampleEnds(p population) []graph.Node {
	var rels []graph.Rel
	count := b.reader.RelCount()
	if p.types == nil {
		rels = windows(count, sampleSize, b.reader.ScanRels)
	}
	for _, name := range p.types {
		if t, known := b.reader.LookType(name); known {
			rels = append(rels, windows(count, max(sampleWindows, sampleSize/len(p.types)), func(from graph.Rel, dst []graph.Rel) int { return b.reader.ScanType(t, from, dst) })...)
		}
	}
	nodes := make([]graph.Node, len(rels))
	for i, r := range rels {
		start, end := b.reader.RelEnds(r)
		nodes[i] = end
		if p.direction == graph.Incoming || p.direction == graph.Both && i%2 == 1 {
			nodes[i] = start
		}
	}
	return nodes
}

// windows takes up to n handles from places at equal distances, none twice.
// What was loaded at one time lies together, so it looks again, and closer, where
// most places had nothing.
func windows[H graph.Node | graph.Rel](count, n int, scan func(H, []H) int) (out []H) {
	low, high := 0, count
	for range 3 {
		got, empty := window(low, high, n, scan)
		if len(got) > len(out) {
			out = got
		}
		if len(out) == 0 || len(out) >= n/2 || empty <= int(out[0]) {
			break
		}
		low, high = int(out[0]), empty
	}
	return out
}

// window takes handles from between low and high, and says from where on it
// found none.
func window[H graph.Node | graph.Rel](low, high, n int, scan func(H, []H) int) (out []H, empty int) {
	buffer := make([]H, n/sampleWindows)
	next := H(low)
	for w := range sampleWindows {
		next = max(next, H(low+(high-low)*w/sampleWindows))
		got := buffer[:scan(next, buffer)]
		if len(got) == 0 {
			return out, int(next)
		}
		out = append(out, got...)
		next = got[len(got)-1] + 1
	}
	return out, high
}

// hops is how many relationships of the types a node of the population has, on
// average. For nodes with a label it is reckoned from the exact counts and from
// the labels of the relationships' near ends, since a sample of nodes either
// misses the hubs or takes them for the rule; for nodes that were reached it is
// the average of a sample, in which hubs come as often as they are reached.
func (b *builder) hops(p population, d graph.Direction, types []string) float64 {
	var ids []graph.TypeID
	rels := 0
	for _, name := range types {
		if t, known := b.reader.LookType(name); known {
			ids = append(ids, t)
			rels += b.reader.RelCountByType(t)
		}
	}
	if len(types) == 0 {
		rels = b.reader.RelCount()
	}
	switch {
	case rels == 0:
		return 0
	case p.arrived:
		return b.averageDegree(b.sample(p), d, ids)
	case d == graph.Both:
		return b.hops(p, graph.Outgoing, types) + b.hops(p, graph.Incoming, types)
	case p.label == "":
		return float64(rels) / float64(max(1, b.reader.NodeCount()))
	}
	l, known := b.reader.LookLabel(p.label)
	if !known {
		return 0
	}
	return float64(rels) * b.share(leaving(types, d), []string{p.label}) / float64(max(1, b.reader.NodeCountByLabel(l)))
}

func (b *builder) averageDegree(nodes []graph.Node, d graph.Direction, types []graph.TypeID) float64 {
	sum := 0
	for _, n := range nodes {
		sum += b.reader.Degree(n, d, types)
	}
	return float64(sum) / float64(max(1, len(nodes)))
}

// share is which part of the population has all the labels.
func (b *builder) share(p population, labels []string) float64 {
	nodes := b.sample(p)
	if len(labels) == 0 || len(nodes) == 0 {
		return 1
	}
	with := 0
	for _, n := range nodes {
		all := true
		for _, name := range labels {
			l, known := b.reader.LookLabel(name)
			all = all && known && b.reader.HasLabel(n, l)
		}
		if all {
			with++
		}
	}
	// None of a sample is few, not none.
	return max(float64(with), 0.5) / float64(len(nodes))
}

package mem

import "github.com/pocketgraph/pocketgraph/graph"

func (v *version) AppendHops(dst []graph.Hop, n graph.Node, d graph.Direction, types []graph.TypeID) []graph.Hop {
	switch d {
	case graph.Outgoing:
		return v.outgoing().AppendHops(dst, n, types)
	case graph.Incoming:
		return v.incoming().AppendHops(dst, n, types)
	}
	// Both directions of a type come together. Self-loops are in both lists;
	// the incoming one is left out.
	v.eachType(n, types, func(one []graph.TypeID) {
		dst = v.outgoing().AppendHops(dst, n, one)
		dst = v.incoming().AppendHopsExcept(dst, n, n, one)
	})
	return dst
}

func (v *version) Hops(buf *[]graph.Hop, n graph.Node, d graph.Direction, types []graph.TypeID) []graph.Hop {
	if len(types) == 1 && d != graph.Both {
		l := v.outgoing()
		if d == graph.Incoming {
			l = v.incoming()
		}
		if hops, ok := l.Row(n, types[0]); ok {
			return hops
		}
	}
	*buf = v.AppendHops((*buf)[:0], n, d, types)
	return *buf
}

func (v *version) AppendHopsTo(dst []graph.Hop, n, to graph.Node, d graph.Direction, types []graph.TypeID) []graph.Hop {
	switch d {
	case graph.Outgoing:
		return v.outgoing().AppendHopsTo(dst, n, to, types)
	case graph.Incoming:
		return v.incoming().AppendHopsTo(dst, n, to, types)
	}
	v.eachType(n, types, func(one []graph.TypeID) {
		dst = v.outgoing().AppendHopsTo(dst, n, to, one)
		if n != to {
			dst = v.incoming().AppendHopsTo(dst, n, to, one)
		}
	})
	return dst
}

func (v *version) Degree(n graph.Node, d graph.Direction, types []graph.TypeID) int {
	switch d {
	case graph.Outgoing:
		return v.outgoing().Degree(n, types)
	case graph.Incoming:
		return v.incoming().Degree(n, types)
	}
	return v.outgoing().Degree(n, types) + v.incoming().Degree(n, types) - v.outgoing().DegreeTo(n, n, types)
}

func (v *version) Degrees(nodes []graph.Node, d graph.Direction, types []graph.TypeID, out []int64) {
	switch d {
	case graph.Outgoing:
		v.outgoing().Degrees(nodes, types, out)
	case graph.Incoming:
		v.incoming().Degrees(nodes, types, out)
	default:
		for i, n := range nodes {
			if out[i] = 0; n != graph.NoNode {
				out[i] = int64(v.Degree(n, d, types))
			}
		}
	}
}

// eachType calls f with each of the types alone; nil types are all that the
// node may have, ascending.
func (v *version) eachType(n graph.Node, types []graph.TypeID, f func(one []graph.TypeID)) {
	if types != nil {
		for i := range types {
			f(types[i : i+1])
		}
		return
	}
	a, b := v.outgoing().SpanTypes(n), v.incoming().SpanTypes(n)
	for len(a) > 0 || len(b) > 0 {
		switch {
		case len(b) == 0 || len(a) > 0 && a[0] < b[0]:
			f(a[:1])
			a = a[1:]
		case len(a) == 0 || b[0] < a[0]:
			f(b[:1])
			b = b[1:]
		default:
			f(a[:1])
			a, b = a[1:], b[1:]
		}
	}
}

// AppendNeighbours appends the nodes that AppendHops leads to, in no
// particular order, one for each hop; d is Outgoing or Incoming.
func (v *version) AppendNeighbours(dst []graph.Node, n graph.Node, d graph.Direction, types []graph.TypeID) []graph.Node {
	if d == graph.Incoming {
		return v.incoming().AppendNeighbours(dst, n, types)
	}
	return v.outgoing().AppendNeighbours(dst, n, types)
}

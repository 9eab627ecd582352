package mapgraph

import "github.com/pocketgraph/pocketgraph/graph"

// NodeWords implements graph.Reader.
func (g *Graph) NodeWords(k graph.KeyID, elements []graph.Node, w *graph.Words) bool {
	w.Reset(len(elements))
	for i, n := range elements {
		if !g.word(w, i, g.NodeProperty(n, k)) {
			return false
		}
	}
	return true
}

// CountNodesBetween implements graph.Reader.
func (g *Graph) CountNodesBetween(l graph.LabelID, k graph.KeyID, low, high int64) (n int, ok bool) {
	for i := range g.nodes {
		if !g.HasLabel(graph.Node(i), l) {
			continue
		}
		switch v := g.NodeProperty(graph.Node(i), k); v.Kind() {
		case graph.KindNull:
		case graph.KindInt:
			if x := v.AsInt(); low <= x && x <= high {
				n++
			}
		default:
			return 0, false
		}
	}
	return n, true
}

// RelWords implements graph.Reader.
func (g *Graph) RelWords(k graph.KeyID, elements []graph.Rel, w *graph.Words) bool {
	w.Reset(len(elements))
	for i, r := range elements {
		if !g.word(w, i, g.RelProperty(r, k)) {
			return false
		}
	}
	return true
}

func (g *Graph) word(w *graph.Words, i int, v graph.Value) bool {
	word := int64(0)
	switch v.Kind() {
	case graph.KindNull:
		w.SetNull(i)
		return true
	case graph.KindBool:
		if v.AsBool() {
			word = 1
		}
	case graph.KindInt, graph.KindFloat:
		word = v.AsInt() // of a Float, its bits
	case graph.KindString:
		word = int64(g.texts.intern(v.AsString()))
	default:
		return false
	}
	if w.Kind != graph.KindNull && w.Kind != v.Kind() {
		return false
	}
	w.Kind, w.Words[i] = v.Kind(), word
	return true
}

// Text implements graph.Reader.
func (g *Graph) Text(word int64) string { return g.texts.list[word] }

package storage

import (
	"math"

	"github.com/pocketgraph/pocketgraph/graph"
)

// found finds nodes by a property, for the ends of many relationships: one
// pass over the nodes of a label, where there are more ends than that is worth,
// else by an index if there is one.
type found struct {
	label graph.LabelID
	key   graph.KeyID
	upTo  int // len(tx.changes) up to which it knows of all nodes
	asked int // how many ends of this label and key were looked for
	built bool
	by    [keyKinds]nodeTable
}

// What a key is looked up as. Numbers that are equal have the same key.
const (
	byInt     = iota // also whole Floats
	byFloat          // the bits of other Floats
	byText           // the word of a String
	keyKinds         // how many there are
	byNothing = -1   // NaN, a text that nobody has, and what is no key
)

// nodeTable finds nodes by a word: by open addressing, or in a plain array
// where words are dense, as identities mostly are.
type nodeTable struct {
	n         int
	low, high int64   // of all words
	words     []int64 // nil: node i is that of low+i
	nodes     []uint32
}

// Nodes that a table has not, or more than one of; no graph has so many nodes
// that one is called so.
const (
	none  = uint32(graph.NoNode)
	twice = none - 1
)

// indexWorth: a node is entered into a table in a small part of the time that
// an index takes to find one.
const indexWorth = 8

type noSuchNode struct{}

func (noSuchNode) Error() string { return "there is no such node" }
func (noSuchNode) Unwrap() error { return graph.ErrNotFound }

// FindNodes implements graph.BulkWriter.
func (tx *Tx) FindNodes(l graph.LabelID, k graph.KeyID, keys *graph.Column, out []uint32) error {
	f := tx.finder(l, k)
	f.asked += len(out)
	ix, indexed := graph.IndexID(0), false
	if !f.built {
		if f.asked < tx.NodeCountByLabel(l)/indexWorth {
			ix, indexed = tx.indexOn(l, k)
		}
		if !indexed {
			f.build(tx)
		}
	}
	var slots []uint32
	var words [256]int64
	plain := keys.Nulls == nil && (keys.Form == graph.FormInt32 || keys.Form == graph.FormInt64 || keys.Form == graph.FormFloat)
	for i := range out {
		by, word, n := byInt, int64(0), none
		switch {
		case indexed:
			key := keys.Value(i)
			slots = slots[:0]
			if by, _ = tx.keyOf(key); by >= 0 { // an index knows other values too
				slots = tx.Seek(slots, ix, []graph.Value{key})
			}
			if len(slots) == 1 {
				n = slots[0]
			} else if len(slots) > 1 {
				n = twice
			}
			by = byNothing
		case plain:
			if i%len(words) == 0 {
				keys.Words(i, words[:min(len(words), len(out)-i)])
			}
			if word = words[i%len(words)]; keys.Form == graph.FormFloat {
				by, word = byNumber(math.Float64frombits(uint64(word)))
			}
		default:
			by, word = tx.keyOf(keys.Value(i))
		}
		if by >= 0 {
			n = f.by[by].get(word)
		}
		switch n {
		case none:
			return &graph.RowError{Row: i, Err: noSuchNode{}}
		case twice:
			return &graph.RowError{Row: i, Err: graph.ErrAmbiguous}
		}
		out[i] = n
	}
	return nil
}

// finder is the one of a label and a key that knows of all changes, or a new one
// in the place of the one that was made first: of relationships between nodes of
// two labels there are ends of both in every body.
func (tx *Tx) finder(l graph.LabelID, k graph.KeyID) *found {
	for i := range tx.found {
		if f := &tx.found[i]; f.asked > 0 && f.label == l && f.key == k && f.upTo == len(tx.changes) {
			return f
		}
	}
	tx.found = [2]found{tx.found[1], {label: l, key: k, upTo: len(tx.changes)}}
	return &tx.found[1]
}

// indexOn returns an index over this property alone.
func (tx *Tx) indexOn(l graph.LabelID, k graph.KeyID) (graph.IndexID, bool) {
	for _, d := range tx.Indexes() {
		if d.Entity == graph.NodeEntity && d.Label == l && len(d.Keys) == 1 && d.Keys[0] == k {
			return d.ID, true
		}
	}
	return 0, false
}

// keyOf is what a value is found by.
func (tx *Tx) keyOf(x graph.Value) (by int, word int64) {
	switch x.Kind() {
	case graph.KindInt:
		return byInt, x.AsInt()
	case graph.KindFloat:
		return byNumber(x.AsFloat())
	case graph.KindString:
		if word, ok := tx.TextWord(x.AsString()); ok {
			return byText, word
		}
	}
	return byNothing, 0
}

func byNumber(x float64) (by int, word int64) {
	switch i := int64(x); {
	case float64(i) == x && x < 1<<63:
		return byInt, i
	case x == x:
		return byFloat, int64(math.Float64bits(x))
	}
	return byNothing, 0
}

// build looks at the nodes twice: how many there are of what, and which.
func (f *found) build(tx *Tx) {
	f.built = true
	for i := range f.by {
		f.by[i].low, f.by[i].high = math.MaxInt64, math.MinInt64
	}
	f.each(tx, func(t *nodeTable, word int64, _ graph.Node) {
		t.n++
		t.low, t.high = min(t.low, word), max(t.high, word)
	})
	for i := range f.by {
		t := &f.by[i]
		if t.n == 0 {
			continue
		}
		size := 16
		for size < 2*t.n {
			size *= 2
		}
		if span := uint64(t.high) - uint64(t.low); span < uint64(2*size) {
			size = int(span) + 1
		} else {
			t.words = make([]int64, size)
		}
		t.nodes = make([]uint32, size)
		for i := range t.nodes {
			t.nodes[i] = none
		}
	}
	f.each(tx, func(t *nodeTable, word int64, n graph.Node) {
		i := t.at(word)
		if t.nodes[i] != none {
			n = graph.Node(twice)
		}
		t.nodes[i] = uint32(n)
		if t.words != nil {
			t.words[i] = word
		}
	})
}

// each calls do for each node that has the label and a key.
func (f *found) each(tx *Tx, do func(t *nodeTable, word int64, n graph.Node)) {
	var words graph.Words
	var values []graph.Value
	for nodes := range graph.Batches(func(from graph.Node, dst []graph.Node) int { return tx.ScanLabel(f.label, from, dst) }) {
		whole := tx.NodeWords(f.key, nodes, &words) && words.Kind == graph.KindInt && words.Nulls == 0
		if !whole {
			if len(values) < len(nodes) {
				values = make([]graph.Value, len(nodes))
			}
			tx.NodeProperties(f.key, nodes, values)
		}
		for i, n := range nodes {
			if whole {
				do(&f.by[byInt], words.Words[i], n)
			} else if by, word := tx.keyOf(values[i]); by >= 0 {
				do(&f.by[by], word, n)
			}
		}
	}
}

// at is the place of a word that is in the table, or where it would be.
func (t *nodeTable) at(word int64) int {
	if t.words == nil {
		return int(word - t.low)
	}
	mask := len(t.nodes) - 1
	for i := int(uint64(word)*0x9e3779b97f4a7c15>>33) & mask; ; i = (i + 1) & mask {
		if t.nodes[i] == none || t.words[i] == word {
			return i
		}
	}
}

func (t *nodeTable) get(word int64) uint32 {
	if word < t.low || word > t.high {
		return none
	}
	return t.nodes[t.at(word)]
}

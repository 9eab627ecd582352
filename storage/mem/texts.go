package mem

import "github.com/pocketgraph/pocketgraph/storage/column"

// Texts and encoded values are given back as column/reclaim.go says. The graph
// belongs to the writer here too: each method needs its right, and no open
// transaction.

// WatchTexts begins to note which texts are given again. The newest committed
// state is the one whose UsedTexts counts.
func (g *Graph) WatchTexts() *column.Watch { return g.strs.Watch() }

// Texts are all there are now.
func (g *Graph) Texts() column.View { return g.strs.View() }

// AdoptTexts puts a copy in the place of the texts. The states there are keep
// the old ones; the next transaction begins with the new.
func (g *Graph) AdoptTexts(c *column.Compacted) (bool, error) {
	if g.tx != nil {
		panic("mem: a transaction is open")
	}
	return g.strs.Adopt(c)
}

// TextBytes is about what texts and encoded values occupy, with the table that
// finds them, whether something refers to them or not.
func (g *Graph) TextBytes() int { return g.strs.Bytes() }

// UsedTexts has a bit for each text and encoded value that the state refers to.
func (s *State) UsedTexts() []uint64 {
	used := make([]uint64, (s.strs.Len()+63)/64)
	for _, e := range [...]*elements{&s.node, &s.rel} {
		for _, it := range e.props.items {
			if it != nil {
				it.v.MarkInterned(used)
			}
		}
	}
	return used
}

// TextWord is the word (graph.Words) of a String, if any element has it.
func (tx *Tx) TextWord(text string) (word int64, ok bool) {
	id, ok := tx.g.strs.Lookup(text)
	return int64(id), ok
}

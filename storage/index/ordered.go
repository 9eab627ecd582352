package index

import (
	"github.com/pocketgraph/pocketgraph/graph"
)

// Ordered is an ordered index over one or more values of each element. The
// zero value is empty. All values of an element must be Indexable, and there
// must be as many for each element.
//
// It is one B+tree for each family of kinds of the first value, whose pages
// hold the first eight bytes of the key as a number and the slot: 12 bytes for
// an entry with a single number, at 70 to 100 percent of filling. What a key
// has beyond is kept whole, so an answer never needs a look at the element.
type Ordered struct {
	trees    [families]tree
	count    int
	distinct int
}

// keyRoom is the stack that most keys fit into.
const keyRoom = 96

// Len counts the entries, Distinct their different values.
func (ix *Ordered) Len() int { return ix.count }

// Distinct counts the different (combinations of) values.
func (ix *Ordered) Distinct() int { return ix.distinct }

// Insert enters an element under its values. It returns false, and does
// nothing, when it is there already or a value is not Indexable.
func (ix *Ordered) Insert(gen uint64, values []graph.Value, slot uint32) bool {
	t := ix.tree(values)
	if t == nil {
		return false
	}
	var room [keyRoom]byte
	e := entryOf(room[:0], values, slot)
	added, newKey := t.insert(gen, &e)
	if added {
		ix.count++
	}
	if newKey {
		ix.distinct++
	}
	return added
}

// AppendInts enters elements that have one Integer each, from the first one on,
// and returns how many: as long as the Integers ascend above all that is there,
// are no larger than what a float64 holds exactly, and a page has room that is
// there already. The next one then is for Insert. Each of them is a new value.
func (ix *Ordered) AppendInts(gen uint64, ints []int64, slots []uint32) int {
	n := ix.trees[numberFamily-1].appendInts(gen, ints, slots)
	ix.count += n
	ix.distinct += n
	return n
}

// Remove takes an element out from under its values and reports whether it
// was there.
func (ix *Ordered) Remove(gen uint64, values []graph.Value, slot uint32) bool {
	t := ix.tree(values)
	if t == nil {
		return false
	}
	var room [keyRoom]byte
	e := entryOf(room[:0], values, slot)
	removed, keyGone := t.remove(gen, &e)
	if removed {
		ix.count--
	}
	if keyGone {
		ix.distinct--
	}
	return removed
}

// Has reports whether the element is entered under these values.
func (ix *Ordered) Has(values []graph.Value, slot uint32) bool {
	t := ix.tree(values)
	if t == nil {
		return false
	}
	var room [keyRoom]byte
	e := entryOf(room[:0], values, slot)
	return t.has(&e)
}

// tree returns the tree for values that can be in the index, else nil.
func (ix *Ordered) tree(values []graph.Value) *tree {
	if len(values) == 0 {
		return nil
	}
	for _, v := range values {
		if !Indexable(v) {
			return nil
		}
	}
	return &ix.trees[familyOf[values[0].Kind()]-1]
}

// Seek appends the elements whose values are equal to these as Cypher's =
// says, ascending: 1 finds 1.0, Null and NaN find nothing. With fewer values
// than the index has, those that agree in the first ones are found, in the
// order of the values that follow.
func (ix *Ordered) Seek(dst []uint32, values []graph.Value) []uint32 {
	t := ix.seekTree(values)
	if t == nil || t.root == nil {
		return dst
	}
	var room [keyRoom]byte
	key := appendKey(room[:0], values)
	if len(key) == 8 {
		if found, ok := t.appendHead(dst, headOf(key)); ok {
			return found
		}
	}
	b := prefixBound(key, false)
	var w walk
	w.seek(t.root, &b)
	b.after = true
	for p, i := w.leaf(); p != nil; p, i = w.leaf() {
		end := p.runEnd(i, &b)
		dst = append(dst, p.slots[i:end]...)
		if end < p.len() {
			break
		}
		w.nextLeaf()
	}
	return dst
}

// appendHead appends the slots of the entries with this head. It gives up,
// with false, when they may go on in another leaf.
func (t *tree) appendHead(dst []uint32, head uint64) ([]uint32, bool) {
	p := t.root
	for p.kids != nil {
		p = p.kids[max(lowerHead(p.heads, head)-1, 0)]
	}
	for i := lowerHead(p.heads, head); i < len(p.heads); i++ {
		if p.heads[i] != head {
			return dst, true
		}
		dst = append(dst, p.slots[i])
	}
	return dst, false
}

// Find returns one element whose values are equal to these, the one with the
// lowest slot: what a uniqueness constraint asks.
func (ix *Ordered) Find(values []graph.Value) (uint32, bool) {
	t := ix.seekTree(values)
	if t == nil || t.root == nil {
		return 0, false
	}
	var room [keyRoom]byte
	key := appendKey(room[:0], values)
	b := prefixBound(key, false)
	var w walk
	w.seek(t.root, &b)
	p, i := w.leaf()
	b.after = true
	if p == nil || p.runEnd(i, &b) == i {
		return 0, false
	}
	return p.slots[i], true
}

// seekTree is tree for values of which each can equal something.
func (ix *Ordered) seekTree(values []graph.Value) *tree {
	if len(values) == 0 {
		return nil
	}
	for _, v := range values {
		if !findable(v) {
			return nil
		}
	}
	return &ix.trees[familyOf[values[0].Kind()]-1]
}

// Bytes is the memory that the index occupies, what it shares included.
func (ix *Ordered) Bytes() int {
	n := 0
	for i := range ix.trees {
		if r := ix.trees[i].root; r != nil {
			n += r.bytes()
		}
	}
	return n
}

package graph

// Words is one property of many elements as bare 64-bit words, for loops that
// a Value of 24 bytes would slow down. It is filled by Reader.NodeWords and
// Reader.RelWords, which reuse its memory.
type Words struct {
	// Kind is that of every element that has the property: KindBool (the word
	// is 0 or 1), KindInt, KindFloat (its bits) or KindString (a number that
	// the same text has everywhere in this Reader; Reader.Text knows it).
	// KindNull: none has it, which other kinds do not exclude. Users may put KindNode and KindRel (handles).
	Kind  Kind
	Words []int64 // by element; those of Nulls mean nothing
	Null  []bool  // by element: has not the property; meaningless while Nulls is 0
	Nulls int     // how many
}

// Reset makes room for n elements, none of which is known to be null.
func (w *Words) Reset(n int) {
	if cap(w.Words) < n {
		w.Words, w.Null = make([]int64, n), make([]bool, n)
	}
	w.Words, w.Null = w.Words[:n], w.Null[:n]
	w.Kind, w.Nulls = KindNull, 0
}

// SetNull says that element i does not have the property. The first one that
// is null clears Null.
func (w *Words) SetNull(i int) {
	if w.Nulls == 0 {
		clear(w.Null)
	}
	w.Null[i] = true
	w.Nulls++
}

// IsNull reports whether element i does not have the property.
func (w *Words) IsNull(i int) bool { return w.Nulls > 0 && w.Null[i] }

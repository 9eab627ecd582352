package mem

import (
	"sync"
	"sync/atomic"

	"github.com/pocketgraph/pocketgraph/storage/adjacency"
)

// lateRels is up to how many relationships a loaded graph builds its adjacency
// when it is first asked for: a fifth of a second in a page. Whoever asks waits
// for it, so what would take longer is built while the store is opened.
const lateRels = 1 << 20

// late is the adjacency of a loaded graph until somebody needs it. A page that
// is reloaded can answer from properties and indexes before that, and one that
// only shows them never pays. All versions share it up to the first that
// changes a relationship.
type late struct {
	once    sync.Once
	built   atomic.Bool
	v       version // that was loaded
	out, in adjacency.Lists
}

// lists builds them, once. It does not park: in a page it may be asked within
// an exported call, so nobody may find it half done.
func (l *late) lists() (out, in *adjacency.Lists) {
	l.once.Do(func() {
		var err error
		if l.out, l.in, err = buildLists(&l.v, func(s adjacency.Source) adjacency.Source { return s }); err != nil {
			panic(err) // the loader has looked at every end and type
		}
		l.v = version{} // nothing of it need be kept
		l.built.Store(true)
	})
	return &l.out, &l.in
}

// outgoing and incoming are the lists for reading.
func (v *version) outgoing() *adjacency.Lists {
	if v.late == nil {
		return &v.out
	}
	out, _ := v.late.lists()
	return out
}

func (v *version) incoming() *adjacency.Lists {
	if v.late == nil {
		return &v.in
	}
	_, in := v.late.lists()
	return in
}

// linked makes the lists this transaction's, to change them.
func (tx *Tx) linked() (out, in *adjacency.Lists) {
	if tx.late != nil {
		l, r := tx.late.lists()
		tx.out, tx.in, tx.late = *l, *r, nil
	}
	return &tx.out, &tx.in
}

// buildLists builds both directions of a version that has no gaps; through is
// what the sources are read through.
func buildLists(v *version, through func(adjacency.Source) adjacency.Source) (out, in adjacency.Lists, err error) {
	nodes := int(v.node.length)
	if out, err = adjacency.Build(1, nodes, through(&ends{v: v})); err != nil {
		return out, in, err
	}
	in, err = adjacency.Build(1, nodes, through(out.Edges(true)))
	return out, in, err
}

package mem

import (
	"sync"
	"sync/atomic"

	"github.com/pocketgraph/pocketgraph/storage/adjacency"
)

// lateRels is up to how many relationships the adjacency is built when it is
// first asked for: a fifth of a second in a page. Whoever asks waits for it, so
// what would take longer is kept up with every change.
const lateRels = 1 << 20

// late is the adjacency that nobody has needed yet. A graph begins with one, new
// or loaded: a load that follows no relationships then builds it once at the end
// instead of adding to it with each transaction, and a page that is reloaded can
// answer from properties and indexes before it is there. Versions with the same
// relationships share one.
type late struct {
	once    sync.Once
	built   atomic.Bool
	out, in adjacency.Lists
}

// ready is it, built from any version that shares it. Building does not park: in
// a page it may be asked within an exported call, so nobody may find it half done.
func (l *late) ready(v *version) *late {
	if !l.built.Load() {
		l.build(v)
	}
	return l
}

func (l *late) build(v *version) {
	v.shared.followed.Store(true)
	l.once.Do(func() {
		var err error
		if l.out, l.in, err = buildLists(v, func(s adjacency.Source) adjacency.Source { return s }); err != nil {
			panic(err) // ends and types have been looked at
		}
		l.built.Store(true)
	})
}

// outgoing and incoming are the lists for reading.
func (v *version) outgoing() *adjacency.Lists {
	if v.late != nil {
		return &v.late.ready(v).out
	}
	return &v.out
}

func (v *version) incoming() *adjacency.Lists {
	if v.late != nil {
		return &v.late.ready(v).in
	}
	return &v.in
}

// linked says whether the lists are there.
func (v *version) linked() bool { return v.late == nil || v.late.built.Load() }

// link makes the lists this transaction's, to change them.
func (tx *Tx) link() (out, in *adjacency.Lists) {
	if tx.late != nil {
		ready := tx.late.ready(&tx.version)
		tx.out, tx.in, tx.late = ready.out, ready.in, nil
	}
	return &tx.out, &tx.in
}

// linking says whether a relationship that is about to be made goes into the
// lists, because they are there or it is time. It is time too once some version
// had to build its own: what is read then is mostly older than what is written
// on, and each version that is read would build all of it again.
func (tx *Tx) linking() bool {
	switch {
	case tx.late == nil:
		return true
	case tx.linked() || tx.shared.followed.Load() || tx.rel.length >= lateRels:
		tx.link()
		return true
	case tx.late == tx.base.late:
		tx.late = new(late)
	}
	return false
}

// buildLists builds both directions of a version that has no gaps; through is
// what the sources are read through. They are of no transaction's generation.
func buildLists(v *version, through func(adjacency.Source) adjacency.Source) (out, in adjacency.Lists, err error) {
	nodes := int(v.node.length)
	if out, err = adjacency.Build(0, nodes, through(&ends{v: v})); err != nil {
		return out, in, err
	}
	in, err = adjacency.Build(0, nodes, through(out.Edges(true)))
	return out, in, err
}

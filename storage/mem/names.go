package mem

import (
	"errors"
	"maps"
	"slices"

	"github.com/pocketgraph/pocketgraph/graph"
)

const (
	// maxNames bounds the labels, the types and the keys, each: a transaction
	// that touches a key copies a directory with a word for each of them, and
	// a type has 16 bits. Programs that need more make names out of data.
	maxNames = graph.MaxTypes
	// maxNameBytes bounds a name. It leaves room for generated names.
	maxNameBytes = 16 << 10
)

// names interns the names of one kind. They are few; a transaction that adds
// one copies them all, once.
type names struct {
	gen  uint64
	list []string
	ids  map[string]uint32
}

func (n *names) look(name string) (uint32, bool) {
	id, ok := n.ids[name]
	return id, ok
}

func (n *names) intern(gen uint64, name string) (uint32, error) {
	if id, ok := n.ids[name]; ok {
		return id, nil
	}
	switch {
	case len(name) > maxNameBytes:
		return 0, &mistake{"name: longer than 16 KiB", graph.ErrLimit}
	case len(n.list) >= maxNames:
		return 0, &mistake{"name: 65,536 names of a kind", graph.ErrLimit}
	}
	if n.gen != gen {
		n.gen, n.list, n.ids = gen, slices.Clone(n.list), maps.Clone(n.ids)
	}
	if n.ids == nil {
		n.ids = map[string]uint32{}
	}
	id := uint32(len(n.list))
	name = string(append([]byte(nil), name...)) // of its own, whatever it was cut from
	n.list = append(n.list, name)
	n.ids[name] = id
	return id, nil
}

// mistake is an error of this package with the sentinel that it is.
type mistake struct {
	message string
	kind    error
}

func (e *mistake) Error() string { return e.message }
func (e *mistake) Unwrap() error { return e.kind }

var (
	errBadName  = errors.New("mem: a name that was never given")
	errBadProp  = &mistake{"property value", graph.ErrPropertyType}
	errTwice    = &mistake{"a property twice", graph.ErrPropertyType}
	errNoNode   = &mistake{"node", graph.ErrNotFound}
	errNoRel    = &mistake{"relationship", graph.ErrNotFound}
	errFull     = &mistake{"4,294,967,295 elements", graph.ErrLimit}
	errEnded    = errors.New("mem: the transaction has ended")
	errCounter  = errors.New("mem: identity below the counter")
	errIdentity = errors.New("mem: identity out of range")
)

// list is a directory of versioned roots, one for each name of a kind.
type list[T any] struct {
	gen   uint64
	items []*item[T]
}

type item[T any] struct {
	gen uint64
	v   T
}

// at returns root i, or nil.
func (l *list[T]) at(i int) *T {
	if i >= len(l.items) || l.items[i] == nil {
		return nil
	}
	return &l.items[i].v
}

// own returns root i for this generation to change.
func (l *list[T]) own(gen uint64, i int) *T {
	if l.gen != gen {
		l.items, l.gen = append(make([]*item[T], 0, max(len(l.items), i+1)), l.items...), gen
	}
	for len(l.items) <= i {
		l.items = append(l.items, nil)
	}
	it := l.items[i]
	switch {
	case it == nil:
		it = &item[T]{gen: gen}
		l.items[i] = it
	case it.gen != gen:
		it = &item[T]{gen: gen, v: it.v}
		l.items[i] = it
	}
	return &it.v
}

// owned calls f for the roots that this generation has changed.
func (l *list[T]) owned(gen uint64, f func(v *T)) {
	for _, it := range l.items {
		if it != nil && it.gen == gen {
			f(&it.v)
		}
	}
}

package graph

import "strings"

// Work goes through lists and maps on behalf of somebody who may have to stop: a
// list can have millions of items, and lists that share their items 2^60 in a few
// hundred bytes. Its methods are the functions of the same names, which a nil
// Work is enough for; what one gives after it was stopped means nothing. It is
// for one goroutine.
type Work struct {
	Every   int         // items between two calls of Turn
	Turn    func() bool // false: stop
	done    int
	stopped bool
}

// Reset makes a Work that was stopped usable again.
func (w *Work) Reset() { w.done, w.stopped = 0, false }

// Item counts an item, and says whether to go on.
//
//go:noinline
func (w *Work) Item() bool {
	if w == nil {
		return true
	}
	if w.done++; w.done >= w.Every {
		w.done = 0
		w.stopped = w.stopped || !w.Turn()
	}
	return !w.stopped
}

// Equal is the function of that name.
func (w *Work) Equal(a, b Value) Ternary {
	switch {
	case a.kind == KindList && b.kind == KindList:
		return w.equalLists(a.AsList(), b.AsList())
	case a.kind == KindMap && b.kind == KindMap:
		return w.equalMaps(a.AsMap(), b.AsMap())
	}
	return Equal(a, b)
}

func (w *Work) equalLists(a, b []Value) Ternary {
	if len(a) != len(b) {
		return False
	}
	result := True
	for i := range a {
		if !w.Item() {
			return Unknown
		}
		switch w.Equal(a[i], b[i]) {
		case False:
			return False
		case Unknown:
			result = Unknown
		}
	}
	return result
}

func (w *Work) equalMaps(a, b *Map) Ternary {
	if len(a.entries) != len(b.entries) {
		return False
	}
	for i := range a.entries {
		if a.entries[i].Key != b.entries[i].Key {
			return False
		}
	}
	result := True
	for i := range a.entries {
		if !w.Item() {
			return Unknown
		}
		switch w.Equal(a.entries[i].Value, b.entries[i].Value) {
		case False:
			return False
		case Unknown:
			result = Unknown
		}
	}
	return result
}

// Equivalent is the function of that name.
func (w *Work) Equivalent(a, b Value) bool {
	if a.kind != b.kind || a.kind != KindList && a.kind != KindMap {
		return Equivalent(a, b)
	}
	if a.kind == KindMap {
		return w.Compare(a, b) == 0
	}
	x, y := a.AsList(), b.AsList()
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		if !w.Item() || !w.Equivalent(x[i], y[i]) {
			return false
		}
	}
	return true
}

// Compare is the function of that name.
func (w *Work) Compare(a, b Value) int {
	switch {
	case a.kind == KindList && b.kind == KindList:
		return w.compareLists(a.AsList(), b.AsList())
	case a.kind == KindMap && b.kind == KindMap:
		return w.compareMaps(a.AsMap(), b.AsMap())
	}
	return Compare(a, b)
}

func (w *Work) compareLists(a, b []Value) int {
	for i := 0; i < len(a) && i < len(b) && w.Item(); i++ {
		if c := w.Compare(a[i], b[i]); c != 0 {
			return c
		}
	}
	return compareInt(int64(len(a)), int64(len(b)))
}

// compareMaps orders by size, then by keys, then by values.
func (w *Work) compareMaps(a, b *Map) int {
	if len(a.entries) != len(b.entries) {
		return sign(len(a.entries) < len(b.entries))
	}
	for i := range a.entries {
		if c := strings.Compare(a.entries[i].Key, b.entries[i].Key); c != 0 {
			return c
		}
	}
	for i := 0; i < len(a.entries) && w.Item(); i++ {
		if c := w.Compare(a.entries[i].Value, b.entries[i].Value); c != 0 {
			return c
		}
	}
	return 0
}

// Order is the function of that name.
func (w *Work) Order(a, b Value) Ordering {
	if a.kind != KindList || b.kind != KindList {
		return Order(a, b)
	}
	x, y := a.AsList(), b.AsList()
	for i := 0; i < len(x) && i < len(y) && w.Item(); i++ {
		switch w.Equal(x[i], y[i]) {
		case Unknown:
			return Incomparable
		case False:
			return w.Order(x[i], y[i])
		}
	}
	return ordering(compareInt(int64(len(x)), int64(len(y))))
}

// HashOn is the function of that name.
func (w *Work) HashOn(h uint64, v Value) uint64 {
	switch v.kind {
	case KindList:
		h = mix(h, uint64(v.kind), v.bits)
		for _, item := range v.AsList() {
			if !w.Item() {
				break
			}
			h = w.HashOn(h, item)
		}
		return h
	case KindMap:
		m := v.AsMap()
		h = mix(h, uint64(v.kind), uint64(len(m.entries)))
		for i := 0; i < len(m.entries) && w.Item(); i++ {
			h = w.HashOn(hashBytes(h, m.entries[i].Key), m.entries[i].Value)
		}
		return h
	}
	return HashOn(h, v)
}

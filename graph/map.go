package graph

import "sort"

// Map is an immutable map from text to values, kept sorted by key so that
// equal maps have equal representations. Build it with NewMap.
type Map struct {
	entries []Entry // keys ascending, distinct
}

// Entry is one key of a Map with its value.
type Entry struct {
	Key   string
	Value Value
}

// shortMap is the length up to which insertion beats package sort, which
// allocates to be called at all. Nearly all maps are short, and most come
// sorted.
const shortMap = 12

// NewMap builds a map from entries in any order. Of entries with equal keys
// the last one counts. The slice belongs to the map from now on.
func NewMap(entries []Entry) *Map {
	if len(entries) <= shortMap {
		insertionSort(entries)
	} else {
		sort.Stable(byKey(entries))
	}
	kept := entries[:0]
	for i, e := range entries {
		if i+1 < len(entries) && entries[i+1].Key == e.Key {
			continue
		}
		kept = append(kept, e)
	}
	return &Map{kept}
}

func insertionSort(entries []Entry) {
	for i := 1; i < len(entries); i++ {
		for k := i; k > 0 && entries[k].Key < entries[k-1].Key; k-- {
			entries[k], entries[k-1] = entries[k-1], entries[k]
		}
	}
}

type byKey []Entry

func (b byKey) Len() int           { return len(b) }
func (b byKey) Less(i, j int) bool { return b[i].Key < b[j].Key }
func (b byKey) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

// Len returns the number of keys.
func (m *Map) Len() int { return len(m.entries) }

// At returns the i-th key, in ascending order, and its value.
func (m *Map) At(i int) (string, Value) {
	e := &m.entries[i]
	return e.Key, e.Value
}

// Get returns the value of a key, and whether the key is there.
func (m *Map) Get(key string) (Value, bool) {
	i := sort.Search(len(m.entries), func(i int) bool { return m.entries[i].Key >= key })
	if i < len(m.entries) && m.entries[i].Key == key {
		return m.entries[i].Value, true
	}
	return Null, false
}

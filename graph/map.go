package graph

import "sort"

// Map is an immutable map from text to values, kept sorted by key so that
// equal maps have equal representations. Build it with NewMap.
type Map struct {
	keys   []string // ascending, distinct
	values []Value
}

// Entry is one key of a Map with its value.
type Entry struct {
	Key   string
	Value Value
}

// NewMap builds a map from entries in any order. Of entries with equal keys
// the last one counts. It may reorder the slice that it is given.
func NewMap(entries []Entry) *Map {
	sort.Stable(byKey(entries))
	m := &Map{keys: make([]string, 0, len(entries)), values: make([]Value, 0, len(entries))}
	for i, e := range entries {
		if i+1 < len(entries) && entries[i+1].Key == e.Key {
			continue
		}
		m.keys = append(m.keys, e.Key)
		m.values = append(m.values, e.Value)
	}
	return m
}

type byKey []Entry

func (b byKey) Len() int           { return len(b) }
func (b byKey) Less(i, j int) bool { return b[i].Key < b[j].Key }
func (b byKey) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

// Len returns the number of keys.
func (m *Map) Len() int { return len(m.keys) }

// At returns the i-th key, in ascending order, and its value.
func (m *Map) At(i int) (string, Value) { return m.keys[i], m.values[i] }

// Get returns the value of a key, and whether the key is there.
func (m *Map) Get(key string) (Value, bool) {
	i := sort.SearchStrings(m.keys, key)
	if i < len(m.keys) && m.keys[i] == key {
		return m.values[i], true
	}
	return Null, false
}

package mem

import (
	"encoding/binary"
	"slices"

	"github.com/pocketgraph/pocketgraph/graph"
)

// labelSets interns sets of labels: a node's labels are one small number. Like
// the strings it only grows and is shared by all versions, which each see the
// beginning that they know. Set 0 is the empty one.
type labelSets struct {
	sets [][]graph.LabelID // each ascending, without repetition
	ids  map[string]uint32
	key  []byte // scratch
}

func newLabelSets() *labelSets {
	s := &labelSets{ids: map[string]uint32{}}
	s.intern(nil)
	return s
}

// intern returns the number of a set, which is ascending and distinct.
func (s *labelSets) intern(labels []graph.LabelID) uint32 {
	s.key = s.key[:0]
	for _, l := range labels {
		s.key = binary.LittleEndian.AppendUint32(s.key, uint32(l))
	}
	if id, ok := s.ids[string(s.key)]; ok {
		return id
	}
	id := uint32(len(s.sets))
	s.sets = append(s.sets, slices.Clone(labels))
	s.ids[string(s.key)] = id
	return id
}

// with and without return the set that has one label more or less.
func (s *labelSets) with(set uint32, l graph.LabelID) uint32 {
	old := s.sets[set]
	i, found := slices.BinarySearch(old, l)
	if found {
		return set
	}
	return s.intern(slices.Insert(slices.Clone(old), i, l))
}

func (s *labelSets) without(set uint32, l graph.LabelID) uint32 {
	old := s.sets[set]
	i, found := slices.BinarySearch(old, l)
	if !found {
		return set
	}
	return s.intern(slices.Delete(slices.Clone(old), i, i+1))
}

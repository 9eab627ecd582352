package formats

import "strconv"

// idSpace maps the identifiers of one id space to the ordinals of their nodes.
// Identifiers are mostly numbers: those are kept apart in a map without
// pointers, which takes half the memory and which the collector passes over. A
// nil idSpace is empty.
type idSpace struct {
	numbers map[uint64]uint32
	texts   map[string]uint32
}

func newIDSpace() *idSpace {
	return &idSpace{numbers: map[uint64]uint32{}, texts: map[string]uint32{}}
}

// add enters an identifier and reports whether it is new.
func (s *idSpace) add(id string, ordinal uint32) bool {
	if _, twice := s.find(id); twice {
		return false
	}
	if n, ok := number(id); ok {
		s.numbers[n] = ordinal
	} else {
		s.texts[id] = ordinal
	}
	return true
}

func (s *idSpace) find(id string) (ordinal uint32, ok bool) {
	if s == nil {
		return 0, false
	}
	if n, isNumber := number(id); isNumber {
		ordinal, ok = s.numbers[n]
	} else {
		ordinal, ok = s.texts[id]
	}
	return ordinal, ok
}

// number reads an identifier that is a number without sign or leading zeros:
// there is one text for each number.
func number(id string) (n uint64, ok bool) {
	if len(id) == 0 || len(id) > 1 && id[0] == '0' || id[0] < '0' || id[0] > '9' {
		return 0, false
	}
	n, err := strconv.ParseUint(id, 10, 64)
	return n, err == nil
}

package column

import "math/bits"

// Strings only grow, because states that readers hold refer to them by number.
// What no state refers to any more is given back by a copy without it, under
// the same numbers, that takes the place of the original:
//
//   - Watch, with the writer's right: from now on the strings there are and are
//     given again by Intern are noted;
//   - Compact, at leisure: the copy of those in use, of which the caller knows
//     from walking one state (and of all that came later, by Extend);
//   - Adopt, with the writer's right, while no transaction is open: what was
//     given again meanwhile is added, and the copy is the original from now on.
//
// A state of that moment or later refers to nothing else; older views keep what
// they refer to for as long as somebody holds them. A number that was dropped
// is not given again and costs nothing where all 1,024 of its page were, four
// bytes otherwise.

const (
	// reclaimLeast is how many bytes of unused text a copy is worth. It must be
	// as much as what is in use, too: then copying costs no more than what was
	// written since the last time.
	reclaimLeast = 4 << 20
	// extendMost is how many strings Adopt may have to copy, and again how many
	// it may have to bring back: what a commit does.
	extendMost = 4096
	// copyBytes is the work after which Compact and Extend yield.
	copyBytes = 1 << 20
)

// Watch notes which strings of a moment are given again.
type Watch struct {
	view  View
	again []uint64
}

// Watch begins to note. It ends an earlier one.
func (s *Strings) Watch() *Watch {
	s.watch = &Watch{view: s.view, again: make([]uint64, (s.view.n+63)/64)}
	return s.watch
}

func (w *Watch) given(id uint32) {
	if w != nil && id < w.view.n {
		w.again[id/64] |= 1 << (id % 64)
	}
}

// Compacted is a copy in the making.
type Compacted struct {
	watch *Watch
	used  []uint64
	given []uint64 // too many to bring back in Adopt: Extend does it
	s     Strings
}

// deadPage is the page of offsets of strings that are not there: the offset 0
// is that of an empty string.
var deadPage [offsetsPage]uint32

// Worth says whether there is enough text for anything to be given back.
func (w *Watch) Worth() bool { return w.view.Bytes() >= 2*reclaimLeast }

// Compact copies the strings of the watched moment that have a bit in used,
// which may be shorter and is its own from then on. It is nil when too little
// would be saved.
func (w *Watch) Compact(used []uint64, yield func()) (*Compacted, error) {
	used = append(used, make([]uint64, len(w.again)-len(used))...)
	var live, dead int
	for id := range w.view.n {
		n := len(w.view.Get(id))
		if isSet(used, id) {
			live += n
		} else {
			dead += n
		}
	}
	if dead < reclaimLeast || dead < live {
		return nil, nil
	}
	c := &Compacted{watch: w, used: used}
	if _, err := c.s.reserve(arenaBytes); err != nil {
		return nil, err
	}
	c.s.room = arenaBytes - 1 // the first byte is the empty string, for all that are left out
	return c, c.extend(&w.view, yield)
}

func isSet(set []uint64, id uint32) bool { return set[id/64]>>(id%64)&1 != 0 }

// Extend copies what was added up to view.
func (c *Compacted) Extend(view View, yield func()) error {
	if err := c.reviveAll(c.given); err != nil {
		return err
	}
	c.given = nil
	return c.extend(&view, yield)
}

func (c *Compacted) extend(view *View, yield func()) error {
	for done := 0; c.s.view.n < view.n; {
		id := c.s.view.n
		if id >= c.watch.view.n || isSet(c.used, id) {
			text := view.Get(id)
			if err := c.s.append(text); err != nil {
				return err
			}
			done += len(text) + 8
		} else {
			c.skip()
			done++
		}
		if done >= copyBytes {
			done = 0
			if yield != nil {
				yield()
			}
		}
	}
	return nil
}

// append adds a string that is known not to be there.
func (s *Strings) append(text string) error {
	if err := s.add(text); err != nil {
		return err
	}
	s.enter(s.view.n - 1)
	return nil
}

// enter puts a string into the table.
func (s *Strings) enter(id uint32) {
	h := hash(s.view.Get(id))
	g := &s.table[h>>24]
	if g.n*4 >= len(g.slots)*3 {
		s.grow(g)
	}
	g.put(slotOf(h, id+1))
	g.n++
}

// skip leaves out the next number; pages of nothing but such are shared.
func (c *Compacted) skip() {
	s := &c.s
	if n := s.view.n; n%offsetsPage == 0 {
		page := &deadPage
		if !c.pageDead(n) {
			page = new([offsetsPage]uint32)
		}
		s.view.offsets = append(s.view.offsets, page)
	}
	s.view.n++
}

// pageDead says whether none of the strings of a page, which begins at id, is
// in use; a page that may still grow is never shared.
func (c *Compacted) pageDead(id uint32) bool {
	if id+offsetsPage > c.watch.view.n {
		return false
	}
	for _, word := range c.used[id/64 : (id+offsetsPage)/64] {
		if word != 0 {
			return false
		}
	}
	return true
}

// Adopt makes the copy the strings, and reports whether it did: not when
// another Watch began, or when much was added since the last Extend.
func (s *Strings) Adopt(c *Compacted) (bool, error) {
	if s.watch != c.watch || s.view.n-c.s.view.n > extendMost {
		return false, nil
	}
	given := 0
	for i, word := range c.watch.again {
		given += bits.OnesCount64(word &^ c.used[i])
	}
	if given > extendMost {
		c.given = append([]uint64(nil), c.watch.again...)
		return false, nil
	}
	if err := c.extend(&s.view, nil); err != nil {
		return false, err
	}
	if err := c.reviveAll(c.watch.again); err != nil {
		return false, err
	}
	*s = c.s
	return true, nil
}

// reviveAll brings back the strings of a set.
func (c *Compacted) reviveAll(given []uint64) error {
	for i, word := range given {
		for word &^= c.used[i]; word != 0; word &= word - 1 {
			if err := c.revive(uint32(i*64 + bits.TrailingZeros64(word))); err != nil {
				return err
			}
		}
		c.used[i] |= given[i]
	}
	return nil
}

// revive copies a string that was left out and has been given again since.
func (c *Compacted) revive(id uint32) error {
	s := &c.s
	offset, err := s.store(c.watch.view.Get(id))
	if err != nil {
		return err
	}
	page := s.view.offsets[id/offsetsPage]
	if page == &deadPage {
		page = new([offsetsPage]uint32)
		s.view.offsets[id/offsetsPage] = page
	}
	page[id%offsetsPage] = offset
	s.enter(id)
	return nil
}

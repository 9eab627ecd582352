package index

import "bytes"

// tree is a B+tree of pages, copied on write by generation.
type tree struct {
	root  *page
	count int
}

// maxDepth is more than a tree can have: pages split in halves at 128 entries,
// and there are fewer than 2^32 of them.
const maxDepth = 12

// insert puts e in. It says whether e is new, and whether its key is.
func (t *tree) insert(gen uint64, e *entry) (added, newKey bool) {
	if t.root == nil {
		t.root = &page{gen: gen}
	} else if added, newKey = t.append(gen, e); added {
		return added, newKey
	}
	in := insertion{tree: t, gen: gen, e: e}
	root := t.root.edit(gen)
	right := in.into(root, true, true)
	t.root = root
	if right != nil {
		top := &page{gen: gen}
		first, second := root.entry(0), right.entry(0)
		top.insert(0, &first, root)
		top.insert(1, &second, right)
		t.root = top
	}
	if in.added {
		t.count++
	}
	return in.added, in.newKey
}

// append puts e behind all others where nothing but the last leaf changes, and
// where it is not full: values like numbers and dates mostly come in their order.
func (t *tree) append(gen uint64, e *entry) (added, newKey bool) {
	p := t.root
	for p.gen == gen && p.kids != nil {
		p = p.kids[p.len()-1]
	}
	last := p.len() - 1
	if p.gen != gen || last < 0 || last+1 == pageMax || p.compareEntry(last, e) >= 0 {
		return false, false
	}
	newKey = p.compareKey(last, e) != 0
	p.insert(last+1, e, nil)
	t.count++
	return true, newKey
}

// appendInts is append for many, of which each is above the one before, as long as
// the arrays of the last leaf have room.
func (t *tree) appendInts(gen uint64, ints []int64, slots []uint32) int {
	p := t.root
	for p != nil && p.gen == gen && p.kids != nil {
		p = p.kids[p.len()-1]
	}
	if p == nil || p.gen != gen || p.ends != nil || p.len() == 0 {
		return 0
	}
	from := p.len()
	heads, n := p.heads[:min(cap(p.heads), cap(p.slots), pageMax)], from
	for _, x := range ints {
		head := orderedBits(float64(x))
		if n == len(heads) || x <= -exactInt || x >= exactInt || head <= heads[n-1] {
			break
		}
		heads[n] = head
		n++
	}
	p.heads, p.slots = heads[:n], p.slots[:n]
	n = copy(p.slots[from:], slots)
	t.count += n
	return n
}

type insertion struct {
	tree   *tree
	gen    uint64
	e      *entry
	added  bool
	newKey bool
}

// into inserts below p, which is this generation's, and returns the page that
// now belongs to its right, if it was split. first and last say whether p is
// at the edges of the tree.
func (in *insertion) into(p *page, first, last bool) *page {
	if p.kids == nil {
		return in.leaf(p, first, last)
	}
	i := p.kidFor(in.e)
	kid := p.kids[i].edit(in.gen)
	p.kids[i] = kid
	right := in.into(kid, first && i == 0, last && i == p.len()-1)
	if i == 0 && p.compareEntry(0, in.e) > 0 {
		p.setEntry(0, in.e)
	}
	if right == nil {
		return nil
	}
	e := right.entry(0)
	return in.put(p, i+1, &e, right)
}

func (in *insertion) leaf(p *page, first, last bool) *page {
	i := p.place(in.e)
	if p.holds(i, in.e) {
		return nil
	}
	in.added = true
	switch {
	case i > 0 && p.compareKey(i-1, in.e) == 0, i < p.len() && p.compareKey(i, in.e) == 0:
	case (i > 0 || first) && (i < p.len() || last):
		in.newKey = true
	default:
		in.newKey = !in.tree.hasKey(in.e)
	}
	return in.put(p, i, in.e, nil)
}

// put inserts at position i and splits a full page: in halves, or, behind its
// last entry, by beginning a new page, so that ascending insertions fill pages.
func (in *insertion) put(p *page, i int, e *entry, kid *page) *page {
	if p.len() < pageMax {
		p.insert(i, e, kid)
		return nil
	}
	if i == pageMax {
		right := &page{gen: in.gen, heads: make([]uint64, 0, pageMax), slots: make([]uint32, 0, pageMax)}
		right.insert(0, e, kid)
		return right
	}
	right := p.cut(in.gen, pageMax/2)
	if i <= pageMax/2 {
		p.insert(i, e, kid)
	} else {
		right.insert(i-pageMax/2, e, kid)
	}
	return right
}

// compareEntry compares entry i with e, slots included.
func (p *page) compareEntry(i int, e *entry) int {
	if c := p.compareKey(i, e); c != 0 {
		return c
	}
	switch {
	case p.slots[i] < e.slot:
		return -1
	case p.slots[i] > e.slot:
		return 1
	}
	return 0
}

// setEntry replaces the key of entry i of an inner page.
func (p *page) setEntry(i int, e *entry) {
	kid := p.kids[i]
	p.remove(i)
	p.insert(i, e, kid)
}

// remove takes e out. It says whether e was there, and whether its key is gone.
func (t *tree) remove(gen uint64, e *entry) (removed, keyGone bool) {
	if !t.has(e) {
		return false, false
	}
	root := t.root.edit(gen)
	removeFrom(gen, root, e)
	for root != nil && root.kids != nil && root.len() == 1 {
		root = root.kids[0]
	}
	if root.len() == 0 {
		root = nil
	}
	t.root = root
	t.count--
	return true, !t.hasKey(e)
}

func removeFrom(gen uint64, p *page, e *entry) {
	if p.kids == nil {
		p.remove(p.place(e))
		return
	}
	i := p.kidFor(e)
	kid := p.kids[i].edit(gen)
	p.kids[i] = kid
	removeFrom(gen, kid, e)
	switch {
	case kid.len() == 0:
		p.remove(i)
	case kid.len() < pageMin && i+1 < p.len() && kid.len()+p.kids[i+1].len() <= mergedMax:
		kid.take(p.kids[i+1], 0)
		p.remove(i + 1)
	case kid.len() < pageMin && i > 0 && kid.len()+p.kids[i-1].len() <= mergedMax:
		left := p.kids[i-1].edit(gen)
		left.take(kid, 0)
		p.kids[i-1] = left
		p.remove(i)
	}
}

func (t *tree) has(e *entry) bool {
	p := t.root
	if p == nil {
		return false
	}
	for p.kids != nil {
		p = p.kids[p.kidFor(e)]
	}
	return p.holds(p.place(e), e)
}

// hasKey says whether there is any entry with the key of e.
func (t *tree) hasKey(e *entry) bool {
	key := entry{head: e.head, rest: e.rest, long: e.long}
	var w walk
	w.seek(t.root, &bound{entry: key, whole: true})
	p, i := w.leaf()
	return p != nil && p.compareKey(i, e) == 0
}

// bound is a place between entries: before (or, with after, behind) all those
// whose key begins with n bytes that entry holds; with whole, whose key is
// that of entry.
type bound struct {
	entry
	n     int
	whole bool
	after bool
}

func prefixBound(prefix []byte, after bool) bound {
	return bound{entry: makeEntry(prefix, 0), n: len(prefix), after: after}
}

// before counts the entries of the page that are before the bound.
func (p *page) before(b *bound) int {
	if !b.whole && b.n <= 8 {
		if !b.after {
			return lowerHead(p.heads, b.head)
		}
		last := b.headLimit()
		if last == 1<<64-1 {
			return p.len()
		}
		return lowerHead(p.heads, last+1)
	}
	lo := lowerHead(p.heads, b.head)
	if lo == p.len() || p.heads[lo] != b.head {
		return lo
	}
	hi := p.headEnd(lo)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if p.isBefore(mid, b) {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// runEnd is before for a bound that is not left of entry i and mostly close by.
func (p *page) runEnd(i int, b *bound) int {
	for end := min(i+4, p.len()); i < end; i++ {
		if h := p.heads[i]; b.n > 8 && h == b.head {
			if !p.isBefore(i, b) {
				return i
			}
		} else if h > b.headLimit() {
			return i
		}
	}
	if i == p.len() {
		return i
	}
	return max(i, p.before(b))
}

// headLimit is the largest head before a bound of at most eight bytes with
// after set; of a longer one, the head that has to be looked at more closely.
func (b *bound) headLimit() uint64 {
	if b.n < 8 {
		return b.head | ^uint64(0)>>(8*b.n)
	}
	return b.head
}

// isBefore is about an entry whose head is that of the bound.
func (p *page) isBefore(i int, b *bound) bool {
	var c int
	if b.whole {
		c = p.compareRest(i, &b.entry)
	} else {
		c = p.comparePrefix(i, b)
	}
	return c < 0 || c == 0 && b.after
}

func (p *page) comparePrefix(i int, b *bound) int {
	rest := p.rest(i)
	if len(rest) > len(b.rest) {
		rest = rest[:len(b.rest)]
	}
	if c := bytes.Compare(rest, b.rest); c != 0 || b.long == "" {
		return c
	}
	long := p.long(i)
	if len(long) > len(b.long) {
		long = long[:len(b.long)]
	}
	return compareText(long, b.long)
}

// walk is a place in a tree: the pages from the root down to a leaf.
type walk struct {
	depth int // 0: nowhere
	path  [maxDepth]step
}

type step struct {
	page *page
	at   int
}

// leaf returns the leaf and the entry in it, nil at the end.
func (w *walk) leaf() (*page, int) {
	if w.depth == 0 {
		return nil, 0
	}
	s := &w.path[w.depth-1]
	return s.page, s.at
}

// seek goes to the first entry behind the bound.
func (w *walk) seek(p *page, b *bound) {
	w.depth = 0
	if p == nil {
		return
	}
	for p.kids != nil {
		i := max(p.before(b)-1, 0)
		w.push(p, i)
		p = p.kids[i]
	}
	w.push(p, p.before(b))
	if i := w.path[w.depth-1].at; i == p.len() {
		w.nextLeaf()
	}
}

// seekBack goes to the last entry before the bound.
func (w *walk) seekBack(p *page, b *bound) {
	w.depth = 0
	if p == nil {
		return
	}
	for p.kids != nil {
		i := max(p.before(b)-1, 0)
		w.push(p, i)
		p = p.kids[i]
	}
	w.push(p, p.before(b)-1)
	if w.path[w.depth-1].at < 0 {
		w.previousLeaf()
	}
}

func (w *walk) push(p *page, at int) {
	w.path[w.depth] = step{p, at}
	w.depth++
}

// nextLeaf goes to the first entry of the next leaf.
func (w *walk) nextLeaf() {
	for w.depth--; w.depth > 0; w.depth-- {
		s := &w.path[w.depth-1]
		if s.at+1 < s.page.len() {
			s.at++
			p := s.page.kids[s.at]
			for p.kids != nil {
				w.push(p, 0)
				p = p.kids[0]
			}
			w.push(p, 0)
			return
		}
	}
}

// previousLeaf goes to the last entry of the leaf before.
func (w *walk) previousLeaf() {
	for w.depth--; w.depth > 0; w.depth-- {
		s := &w.path[w.depth-1]
		if s.at > 0 {
			s.at--
			p := s.page.kids[s.at]
			for p.kids != nil {
				w.push(p, p.len()-1)
				p = p.kids[p.len()-1]
			}
			w.push(p, p.len()-1)
			return
		}
	}
}

package index

import "strconv"

// Check walks everything and reports every broken invariant of the structure:
// order, separators, depth, counts. Whether the elements have these values is
// for the caller to compare (Has, and Range without bounds).
func (ix *Ordered) Check(report func(problem string)) {
	count, distinct := 0, 0
	for i := range ix.trees {
		where := "index tree " + strconv.Itoa(i) + ": "
		c := checker{report: func(problem string) { report(where + problem) }}
		c.tree(&ix.trees[i])
		count += c.count
		distinct += c.distinct
	}
	if count != ix.count {
		report("index: " + strconv.Itoa(count) + " entries, counted " + strconv.Itoa(ix.count))
	}
	if distinct != ix.distinct {
		report("index: " + strconv.Itoa(distinct) + " distinct values, counted " + strconv.Itoa(ix.distinct))
	}
}

type checker struct {
	report          func(string)
	count, distinct int
	depth           int // of the leaves; 0 until the first
	last            entry
}

func (c *checker) tree(t *tree) {
	if t.root != nil {
		c.page(t.root, 1)
	}
	if c.count != t.count {
		c.report(strconv.Itoa(c.count) + " entries, counted " + strconv.Itoa(t.count))
	}
}

func (c *checker) page(p *page, depth int) {
	if !c.shape(p) {
		return
	}
	if p.kids == nil {
		c.leaf(p, depth)
		return
	}
	for i, kid := range p.kids {
		if i > 0 && c.count > 0 {
			if p.compareEntry(i, &c.last) <= 0 {
				c.report("separator not above what is left of it")
			}
		}
		if kid.len() > 0 {
			if e := kid.entry(0); p.compareEntry(i, &e) > 0 {
				c.report("separator above what it stands for")
			}
		}
		c.page(kid, depth+1)
	}
}

// shape checks that the arrays of a page belong together.
func (c *checker) shape(p *page) bool {
	n := p.len()
	if n == 0 || n > pageMax || len(p.slots) != n ||
		p.ends != nil && len(p.ends) != n || p.longs != nil && len(p.longs) != n || p.kids != nil && len(p.kids) != n {
		c.report("page of a wrong size")
		return false
	}
	for i := 1; i < len(p.ends); i++ {
		if p.ends[i-1] > p.ends[i] {
			c.report("rests out of order")
			return false
		}
	}
	if p.ends != nil && int(p.ends[n-1]) != len(p.arena) {
		c.report("rests do not cover the arena")
		return false
	}
	return true
}

func (c *checker) leaf(p *page, depth int) {
	if c.depth == 0 {
		c.depth = depth
	}
	if c.depth != depth {
		c.report("leaves at different depths")
	}
	for i := range p.len() {
		order := 1
		if c.count > 0 {
			order = p.compareEntry(i, &c.last)
		}
		if order <= 0 {
			c.report("entries out of order")
		}
		if c.count == 0 || p.compareKey(i, &c.last) != 0 {
			c.distinct++
		}
		c.last = p.entry(i)
		c.count++
	}
}

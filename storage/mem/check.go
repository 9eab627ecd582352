package mem

import (
	"slices"
	"strconv"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/storage/adjacency"
	"github.com/pocketgraph/pocketgraph/storage/column"
	"github.com/pocketgraph/pocketgraph/storage/index"
)

// Check walks everything and reports every broken invariant. Properties and
// label sets that cannot even be read are reported alone: nothing that refers
// to them can be judged then.
func (v *version) Check(report func(problem string)) {
	c := &checker{v: v, report: report}
	c.elements("node", &v.node)
	c.elements("relationship", &v.rel)
	c.labelSets()
	if c.unreadable {
		return
	}
	c.nodes()
	c.postings("label", v.byLabel.items, func(slot uint32, l int) bool {
		return v.HasNode(graph.Node(slot)) && v.HasLabel(graph.Node(slot), graph.LabelID(l))
	})
	c.rels()
	c.postings("type", v.byType.items, func(slot uint32, t int) bool {
		return v.HasRel(graph.Rel(slot)) && v.RelType(graph.Rel(slot)) == graph.TypeID(t)
	})
	c.hops("outgoing", v.outgoing(), false)
	c.hops("incoming", v.incoming(), true)
	for _, d := range v.schema.defs().indexes {
		c.index(d)
	}
	for _, d := range v.schema.defs().constraints {
		c.constraint(d)
	}
}

type checker struct {
	v          *version
	report     func(string)
	unreadable bool // properties or label sets
}

func number(n uint32) string { return strconv.FormatUint(uint64(n), 10) }

// within passes reports of a part on, with its name.
func (c *checker) within(part string) func(string) {
	return func(problem string) { c.report(part + ": " + problem) }
}

func (c *checker) elements(what string, e *elements) {
	n := e.live.Count(func(chunk uint32) { c.report(what + " bitmap: chunk " + number(chunk) + " is counted wrongly") })
	if n != e.live.Len() {
		c.report(what + " bitmap: " + strconv.Itoa(n) + " bits, counted " + strconv.Itoa(e.live.Len()))
	}
	var slots [1]uint32
	if column.Scan(&e.live, e.length, 1<<32-1, slots[:]) > 0 {
		c.report(what + " in slot " + number(slots[0]) + ", behind the last one")
	}
	e.chunks(func(_ int, slots []uint32) {
		for _, slot := range slots {
			id := graph.ID(e.ids.Get(slot))
			if found, ok := e.find(id); !ok || found != slot {
				c.report(what + " in slot " + number(slot) + " is not found by its identity " + strconv.FormatUint(uint64(id), 10))
			}
		}
	})
	for k, it := range e.props.items {
		if it == nil {
			continue
		}
		if k >= c.v.KeysLen() {
			c.report(what + " property without a name: key " + strconv.Itoa(k))
			continue
		}
		report := c.within(what + " property `" + c.v.KeyName(graph.KeyID(k)) + "`")
		if !it.v.Check(&e.live, &c.v.strs, report) {
			c.unreadable = true
		}
	}
}

func (c *checker) labelSets() {
	c.v.node.chunks(func(_ int, slots []uint32) {
		for _, slot := range slots {
			set := c.v.nodeSet.Get(slot)
			if set < 0 || set >= int64(len(c.v.sets)) {
				c.unreadable = true
				c.report("node in slot " + number(slot) + " has label set " + strconv.FormatInt(set, 10) + ", which is not there")
			}
		}
	})
	for i, set := range c.v.sets {
		for j := 1; j < len(set); j++ {
			if set[j-1] >= set[j] {
				c.report("label set " + strconv.Itoa(i) + " is not ascending")
			}
		}
	}
}

func (c *checker) nodes() {
	c.v.node.chunks(func(_ int, slots []uint32) {
		for _, slot := range slots {
			for _, l := range c.v.labelsOf(graph.Node(slot)) {
				if int(l) >= c.v.LabelsLen() {
					c.report("node in slot " + number(slot) + " has a label without a name")
				} else if p := c.v.byLabel.at(int(l)); p == nil || !p.Has(slot) {
					c.report("node in slot " + number(slot) + " is not listed under its label `" + c.v.LabelName(l) + "`")
				}
			}
		}
	})
}

// postings checks that whoever is listed belongs there.
func (c *checker) postings(what string, items []*item[index.Postings], belongs func(slot uint32, i int) bool) {
	for i, it := range items {
		if it == nil {
			continue
		}
		name := what + " " + strconv.Itoa(i)
		it.v.Check(c.within(name))
		var batch [256]uint32
		for from := uint32(0); ; {
			n := index.Scan(&it.v, from, batch[:])
			for _, slot := range batch[:n] {
				if !belongs(slot, i) {
					c.report(name + " lists slot " + number(slot) + ", which does not have it")
				}
			}
			if n < len(batch) {
				break
			}
			from = batch[n-1] + 1
		}
	}
}

func (c *checker) rels() {
	v := c.v
	v.rel.chunks(func(_ int, slots []uint32) {
		for _, slot := range slots {
			r := graph.Rel(slot)
			start, end := v.RelEnds(r)
			if !v.HasNode(start) || !v.HasNode(end) {
				c.report("relationship in slot " + number(slot) + " lacks an end")
			}
			t := v.RelType(r)
			if int(t) >= v.TypesLen() {
				c.report("relationship in slot " + number(slot) + " has a type without a name")
			} else if p := v.byType.at(int(t)); p == nil || !p.Has(slot) {
				c.report("relationship in slot " + number(slot) + " is not listed under its type `" + v.TypeName(t) + "`")
			}
		}
	})
}

// hops checks that the entries of one direction are the relationships: each
// entry is one, none comes twice, and there are as many.
func (c *checker) hops(what string, l *adjacency.Lists, reverse bool) {
	l.Check(c.within(what))
	v := c.v
	var seen column.Bits
	w := &column.Writer{Gen: 1}
	edges, n := l.Edges(reverse), 0
	var batch [256]adjacency.Edge
	for k := edges.Read(batch[:]); k > 0; k = edges.Read(batch[:]) {
		for _, e := range batch[:k] {
			start, end := v.RelEnds(e.Rel)
			if !v.HasRel(e.Rel) || start != e.From || end != e.To || v.RelType(e.Rel) != e.Type {
				c.report(what + " entry of slot " + number(uint32(e.Rel)) + " is not what the relationship is")
			}
			if !seen.Set(w, uint32(e.Rel), true) {
				c.report(what + " entry of slot " + number(uint32(e.Rel)) + " comes twice")
			}
		}
		n += k
	}
	if n != v.RelCount() {
		c.report(what + ": " + strconv.Itoa(n) + " entries for " + strconv.Itoa(v.RelCount()) + " relationships")
	}
}

func (c *checker) index(d *definition) {
	name := "index `" + d.Name + "`"
	root := c.v.schema.roots.at(int(d.id))
	if root == nil {
		c.report(name + " is not there")
		return
	}
	root.Check(c.within(name))
	n := 0
	var values []graph.Value
	_ = c.v.each(d, func(s subject) error {
		var ok bool
		if values, ok = c.v.appendValues(values[:0], d, s); !ok || !indexable(values) {
			return nil
		}
		n++
		if !root.Has(values, s.slot) {
			c.report(name + " lacks " + c.v.named(s))
		}
		return nil
	})
	if n != root.Len() {
		c.report(name + ": " + strconv.Itoa(root.Len()) + " entries for " + strconv.Itoa(n) + " elements")
	}
}

func indexable(values []graph.Value) bool {
	return !slices.ContainsFunc(values, func(x graph.Value) bool { return !index.Indexable(x) })
}

func (c *checker) constraint(d *definition) {
	name := "constraint `" + d.Name + "`"
	var values []graph.Value
	var found []uint32
	_ = c.v.each(d, func(s subject) error {
		var ok bool
		values, ok = c.v.appendValues(values[:0], d, s)
		switch {
		case !ok && d.demands():
			c.report(name + ": " + c.v.named(s) + " lacks a property")
		case ok && d.backed:
			root := c.v.schema.roots.at(int(d.id))
			if root == nil {
				break
			}
			for _, slot := range root.Seek(found[:0], values) {
				if slot != s.slot {
					c.report(name + ": " + c.v.named(s) + " is not the only one")
					break
				}
			}
		}
		return nil
	})
}

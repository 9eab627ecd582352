package exec

import (
	"github.com/pocketgraph/pocketgraph/cypher/plan"
	"github.com/pocketgraph/pocketgraph/graph"
)

// seeks goes through the values that one input row asks an index for: of each
// key one, or each distinct one of a list.
type seeks struct {
	run    *Run
	index  *graph.Index
	values []plan.Wanted
	exprs  []*expr
	lists  [][]graph.Value // by key
	at     []int           // which of each comes next
	key    []graph.Value
	many   bool      // there is a list
	more   bool      // key has not come to its end
	met    numbering // the keys that were looked up, where there is a list
	found  []uint32
	rest   []uint32
}

func (c *compiler) indexSeek(p *plan.IndexSeek, in factory) factory {
	exprs := make([]*expr, len(p.Values))
	many := false
	for i, v := range p.Values {
		exprs[i], many = c.expr(v.Expr), many || v.AnyOf
	}
	return func(r *Run) operator {
		n := len(exprs)
		k := &seeks{run: r, index: &p.Index, values: p.Values, exprs: exprs, many: many, lists: make([][]graph.Value, n), at: make([]int, n), key: make([]graph.Value, n)}
		s := c.newScanner(r, in, p.Keep, p.Slot)
		s.begin = k.begin
		s.fillFrom(p.Index.Entity, k.fill)
		return s
	}
}

// begin evaluates what is wanted. A list that is null, or empty, finds nothing.
func (k *seeks) begin(f *frame) {
	k.rest, k.more = nil, k.run.indexes(k.index)
	for i, e := range k.exprs {
		if !k.more {
			return
		}
		v := e.row(f)
		k.at[i], k.key[i] = 0, v
		if !k.values[i].AnyOf {
			continue
		}
		var list []graph.Value
		if v.Kind() == graph.KindList {
			list = v.AsList()
		} else {
			in(k.run, graph.Null, v, k.values[i].Expr.Span()) // null, or an error
		}
		if k.lists[i] = list; len(list) == 0 {
			k.more = false
			return
		}
		k.key[i] = list[0]
	}
	if k.many {
		k.met.reset(k.run, len(k.key))
	}
}

// advance goes to the next combination of values.
func (k *seeks) advance() {
	for i := range k.key {
		if !k.values[i].AnyOf {
			continue
		}
		if k.at[i]++; k.at[i] == len(k.lists[i]) {
			k.at[i] = 0
		}
		if k.key[i] = k.lists[i][k.at[i]]; k.at[i] > 0 {
			return
		}
	}
	k.more = false
}

// isNew says that a key was not looked up before: a list may have a value twice,
// and 1 is what 1.0 is.
func (k *seeks) isNew() bool {
	before := k.met.n
	return !k.many || int(k.met.value(k.key)) == before
}

func (k *seeks) fill(dst []uint32) int {
	for len(k.rest) == 0 && k.more && k.run.err == nil {
		if k.isNew() {
			k.found = k.run.reader.Seek(k.found[:0], k.index.ID, k.key)
			k.rest = k.found
		}
		k.advance()
		k.run.tick(1)
	}
	n := copy(dst, k.rest)
	k.rest = k.rest[n:]
	return n
}

// indexes reports whether there is anything an index is about. If not, what it
// would be asked for need not be computed, and may not fail.
func (r *Run) indexes(ix *graph.Index) bool {
	if ix.Entity == graph.RelEntity {
		return r.reader.RelCountByType(ix.Type) > 0
	}
	return r.reader.NodeCountByLabel(ix.Label) > 0
}

package exec

import (
	"strconv"
	"strings"

	"github.com/pocketgraph/pocketgraph/cypher/plan"
	"github.com/pocketgraph/pocketgraph/graph"
)

// scanner is what the operators that bind a node (or, through an index, a
// relationship) share: for each input row they go through handles, joining
// each with the row.
type scanner struct {
	run  *Run
	in   operator
	keep []plan.Slot
	slot plan.Slot
	// begin starts the handles for one input row.
	begin func(f *frame)
	// fill gives more handles; 0 is the end. fillRels takes its place where
	// relationships are bound.
	fill     func(dst []graph.Node) int
	fillRels func(dst []graph.Rel) int

	f      frame // the input batch and the row in it
	open   bool
	out    *batch
	rows   []int32
	filled int
	size   int
}

func (c *compiler) newScanner(r *Run, in factory, keep []plan.Slot, slot plan.Slot) *scanner {
	return &scanner{run: r, in: in(r), keep: keep, slot: slot, out: newBatch(len(r.program.Plan.Kinds)), size: firstBatch}
}

func (s *scanner) reset(arg *batch) {
	s.in.reset(arg)
	s.f = frame{run: s.run}
	s.open = false
}

func (s *scanner) next() *batch {
	for {
		if s.run.err != nil || !s.openRow() {
			return nil
		}
		s.out.grow(s.run.program.Plan.Kinds, s.keep, s.size)
		col := &s.out.cols[s.slot]
		var n int
		if s.fillRels != nil {
			col.grow(plan.Rel, s.size)
			n = s.fillRels(col.rels[:s.size])
		} else {
			col.grow(plan.Node, s.size)
			n = s.fill(col.nodes[:s.size])
		}
		s.run.tick(n + 1)
		if n == 0 {
			s.open = false
			s.f.i++
			continue
		}
		if s.fillRels == nil {
			if n = s.run.dropCondemned(col.nodes[:n]); n == 0 {
				continue
			}
		}
		s.repeat(n)
		s.out.n = n
		if s.size < BatchSize {
			s.size *= 4
		}
		return s.out
	}
}

// openRow goes to the next input row unless one is open.
func (s *scanner) openRow() bool {
	if s.open {
		return true
	}
	for s.f.b == nil || s.f.i >= s.f.b.n {
		if s.f.b = s.in.next(); s.f.b == nil {
			return false
		}
		s.f.i = 0
	}
	s.begin(&s.f)
	s.open = true
	return s.run.err == nil
}

// repeat copies the input row beside each of n handles.
func (s *scanner) repeat(n int) {
	if len(s.keep) == 0 {
		return
	}
	s.rows = s.rows[:0]
	for i := 0; i < n; i++ {
		s.rows = append(s.rows, int32(s.f.i))
	}
	s.out.gather(0, s.f.b, s.keep, s.rows)
}

func (c *compiler) allNodes(p *plan.AllNodes, in factory) factory {
	return func(r *Run) operator {
		s := c.newScanner(r, in, p.Keep, p.Slot)
		from := graph.Node(0)
		s.begin = func(*frame) { from = 0 }
		s.fill = func(dst []graph.Node) int {
			n := r.reader.ScanNodes(from, dst)
			if n > 0 {
				from = dst[n-1] + 1
			}
			return n
		}
		return s
	}
}

func (c *compiler) labelScan(p *plan.LabelScan, in factory) factory {
	label := c.labels.add(p.Label)
	return func(r *Run) operator {
		s := c.newScanner(r, in, p.Keep, p.Slot)
		from := graph.Node(0)
		s.begin = func(*frame) { from = 0 }
		s.fill = func(dst []graph.Node) int {
			id, ok := r.label(label)
			if !ok {
				return 0
			}
			n := r.reader.ScanLabel(id, from, dst)
			if n > 0 {
				from = dst[n-1] + 1
			}
			return n
		}
		return s
	}
}

// fillFrom lets handles come from what an index gives: at most len(dst) of
// them, in dst, at each call.
func (s *scanner) fillFrom(entity graph.Entity, give func(dst []uint32) int) {
	var buf [firstBatch * 16]uint32
	if entity == graph.RelEntity {
		s.fillRels = func(dst []graph.Rel) int {
			n := give(buf[:min(len(dst), len(buf))])
			for i, handle := range buf[:n] {
				dst[i] = graph.Rel(handle)
			}
			return n
		}
		return
	}
	s.fill = func(dst []graph.Node) int {
		n := give(buf[:min(len(dst), len(buf))])
		for i, handle := range buf[:n] {
			dst[i] = graph.Node(handle)
		}
		return n
	}
}

func (c *compiler) indexRange(p *plan.IndexRange, in factory) factory {
	low, high, prefix := c.expr(p.Low), c.expr(p.High), c.expr(p.Prefix)
	return func(r *Run) operator {
		s := c.newScanner(r, in, p.Keep, p.Slot)
		var cursor graph.Cursor
		s.begin = func(f *frame) {
			if cursor = nil; !r.indexes(&p.Index) {
				return
			}
			bounds := graph.Range{Low: low.row(f), High: high.row(f), IncludeLow: p.IncludeLow, IncludeHigh: p.IncludeHigh}
			if p.Prefix != nil {
				v := prefix.row(f)
				if v.Kind() != graph.KindString {
					return
				}
				// A prefix excludes bounds; the filter above checks those.
				bounds = graph.Range{StartsWith: v.AsString(), HasStartsWith: true}
			} else if p.Low != nil && bounds.Low.IsNull() || p.High != nil && bounds.High.IsNull() {
				return
			}
			if r.err == nil {
				cursor = r.reader.SeekRange(p.Index.ID, bounds)
			}
		}
		s.fillFrom(p.Index.Entity, func(dst []uint32) int {
			if cursor == nil {
				return 0
			}
			return cursor.Next(dst)
		})
		return s
	}
}

func (c *compiler) nodeByID(p *plan.NodeByID, in factory) factory {
	id := c.expr(p.ID)
	return func(r *Run) operator {
		s := c.newScanner(r, in, p.Keep, p.Slot)
		var found []graph.Node
		s.begin = func(f *frame) {
			v := id.row(f)
			wanted := []graph.Value{v}
			if p.AnyOf {
				wanted = nil
				if v.Kind() == graph.KindList {
					wanted = v.AsList()
				}
			}
			found = found[:0]
			met := map[graph.Node]bool{} // a list may name one twice
			for _, v := range wanted {
				if n, ok := r.byID(v, p.Element); ok && !met[n] {
					met[n] = true
					found = append(found, n)
				}
			}
			r.tick(len(wanted))
		}
		s.fill = func(dst []graph.Node) int {
			n := copy(dst, found)
			found = found[n:]
			return n
		}
		return s
	}
}

// byID finds a node by what id() or elementId() gives.
func (r *Run) byID(v graph.Value, element bool) (graph.Node, bool) {
	if element {
		if v.Kind() != graph.KindString {
			return 0, false
		}
		digits, ours := strings.CutPrefix(v.AsString(), r.reader.ElementPrefix()+":n:")
		id, err := strconv.ParseUint(digits, 10, 64)
		if !ours || err != nil {
			return 0, false
		}
		return r.reader.NodeByID(graph.ID(id))
	}
	want, ok := v.Number()
	if !ok || want < 1 {
		return 0, false
	}
	if v.Kind() == graph.KindInt {
		return r.reader.NodeByID(graph.ID(v.AsInt()))
	}
	return r.reader.NodeByID(graph.ID(want))
}

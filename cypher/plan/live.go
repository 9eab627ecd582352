package plan

import "github.com/pocketgraph/pocketgraph/cypher/syntax"

// live tells every operator which slots of its input it must carry on.
//
// Rule liveness: a slot that nothing above asks for is not carried.
//
//	Project(b.name)                    Project(b.name)
//	  Expand((a)-[r]->(b)) a, r, b  =>   Expand((a)-[r]->(b)) b
//	    AllNodes(a)                        AllNodes(a)
//
// It returns what is wanted of the leaf.
func (b *builder) live(op Op, want map[Slot]bool) map[Slot]bool {
	for {
		keep := copySet(want)
		for _, s := range defines(op) {
			delete(keep, s)
		}
		addAll(keep, b.passes(op))
		if e, ok := op.(*Expand); ok {
			e.Unseen = !want[e.Rel]
		}
		inner := b.liveInner(op, want)
		op.setKeep(sorted(keep))
		next := copySet(keep)
		addAll(next, inner)
		addAll(next, b.needs(op))
		if op.Source() == nil {
			return next
		}
		if stopsRows(op) {
			next = setOf(b.needs(op))
		}
		op, want = op.Source(), next
	}
}

// stopsRows says that no slot of the input survives the operator.
func stopsRows(op Op) bool {
	switch op.(type) {
	case *Aggregate, *Ends, *Reach:
		return true
	}
	return false
}

func copySet(set map[Slot]bool) map[Slot]bool {
	out := make(map[Slot]bool, len(set))
	for s := range set {
		out[s] = true
	}
	return out
}

// liveInner does the plans inside an operator and returns what they want of
// its input.
func (b *builder) liveInner(op Op, want map[Slot]bool) []Slot {
	switch op := op.(type) {
	case *Optional:
		inside := copySet(want)
		inside[op.Row] = true
		leaf := b.live(op.Inner, inside)
		delete(leaf, op.Row)
		return sorted(leaf)
	case *Merge:
		inside := copySet(want)
		addAll(inside, op.New)
		leaf := b.live(op.Inner, inside)
		for _, s := range op.New {
			delete(leaf, s)
		}
		return sorted(leaf)
	case *Apply:
		inside := map[Slot]bool{}
		addAll(inside, op.New)
		return sorted(b.live(op.Inner, inside))
	case *Foreach:
		leaf := b.live(op.Inner, map[Slot]bool{})
		delete(leaf, op.Slot)
		return sorted(leaf)
	case *Repeat:
		return b.liveRepeat(op, want)
	case *Union:
		all := map[Slot]bool{}
		for _, p := range op.Parts {
			for s := range b.live(p.Root, setOf(p.Results)) {
				all[s] = true
			}
		}
		return sorted(all)
	}
	return nil
}

// liveRepeat drops the lists that nobody asks for.
func (b *builder) liveRepeat(op *Repeat, want map[Slot]bool) []Slot {
	inside := map[Slot]bool{op.InnerTo: true}
	var lists []RepeatList
	for _, l := range op.Lists {
		if want[l.All] {
			lists = append(lists, l)
			inside[l.Each] = true
		}
	}
	op.Lists = lists
	for _, s := range op.Steps {
		inside[s.Rel] = true
	}
	leaf := b.live(op.Inner, inside)
	delete(leaf, op.InnerFrom)
	return sorted(leaf)
}

// defines lists the slots that an operator binds.
func defines(op Op) []Slot {
	switch op := op.(type) {
	case *AllNodes:
		return []Slot{op.Slot}
	case *LabelScan:
		return []Slot{op.Slot}
	case *IndexSeek:
		return []Slot{op.Slot}
	case *IndexRange:
		return []Slot{op.Slot}
	case *NodeByID:
		return []Slot{op.Slot}
	case *Expand:
		if op.ToBound {
			return []Slot{op.Rel}
		}
		return []Slot{op.Rel, op.To}
	case *Intersect:
		return []Slot{op.Rels[0], op.Rels[1], op.To}
	case *RelEnds:
		var out []Slot
		if !op.FromBound {
			out = append(out, op.From)
		}
		if !op.ToBound {
			out = append(out, op.To)
		}
		return out
	case *VarExpand:
		if op.ToBound {
			return []Slot{op.Rels}
		}
		return []Slot{op.Rels, op.To}
	case *ShortestPath:
		return []Slot{op.Rels}
	case *PathSearch:
		return op.Made
	case *Repeat:
		out := []Slot{op.Rels}
		if !op.ToBound {
			out = append(out, op.To)
		}
		for _, l := range op.Lists {
			out = append(out, l.All)
		}
		return out
	case *BindPath:
		return []Slot{op.Path}
	case *Optional:
		return op.New
	case *Project:
		return assigned(op.Items)
	case *Aggregate:
		out := assigned(op.Keys)
		for _, a := range op.Aggregates {
			out = append(out, a.Slot)
		}
		return out
	case *Unwind:
		return []Slot{op.Slot}
	case *Create:
		return created(op.Nodes, op.Rels)
	case *Merge:
		return op.New
	case *Call:
		var out []Slot
		for _, y := range op.Yields {
			out = append(out, y.Var.ID)
		}
		return out
	case *Union:
		return op.Slots
	case *Apply:
		if op.Batches != nil && op.Batches.Status >= 0 {
			return append(op.New[:len(op.New):len(op.New)], op.Batches.Status)
		}
		return op.New
	case *LoadCSV:
		return []Slot{op.Slot, op.Line, op.File}
	case *CountStore:
		return []Slot{op.Slot}
	case *CountRange:
		return []Slot{op.Slot, op.Node}
	case *Degree:
		return []Slot{op.Slot}
	case *Ends:
		if op.Counted {
			return []Slot{op.Count}
		}
		return []Slot{op.To}
	case *Reach:
		return []Slot{op.To}
	}
	return nil
}

func assigned(items []Assign) []Slot {
	out := make([]Slot, len(items))
	for i, it := range items {
		out[i] = it.Slot
	}
	return out
}

func created(nodes []NewNode, rels []NewRel) []Slot {
	var out []Slot
	for _, n := range nodes {
		out = append(out, n.Slot)
	}
	for _, r := range rels {
		out = append(out, r.Slot)
	}
	return out
}

// passes lists the slots that an operator needs to see in its own output.
func (b *builder) passes(op Op) []Slot {
	switch op := op.(type) {
	case *Sort:
		var out []Slot
		for _, k := range op.Keys {
			out = append(out, b.uses(k.Expr)...)
		}
		return out
	case *Distinct:
		return op.Slots
	}
	return nil
}

// needs lists the slots that an operator reads of its input.
func (b *builder) needs(op Op) []Slot {
	switch op := op.(type) {
	case *IndexSeek:
		var out []Slot
		for _, v := range op.Values {
			out = append(out, b.uses(v.Expr)...)
		}
		return out
	case *IndexRange:
		return b.usesAll([]syntax.Expr{op.Low, op.High, op.Prefix})
	case *NodeByID:
		return b.uses(op.ID)
	case *Expand:
		out := append([]Slot{op.From}, op.Distinct...)
		if op.ToBound {
			out = append(out, op.To)
		}
		return out
	case *Intersect:
		return append(append(op.Ends[:2:2], op.Distinct[0]...), op.Distinct[1]...)
	case *RelEnds:
		out := append([]Slot{op.Rel}, op.Distinct...)
		if op.FromBound {
			out = append(out, op.From)
		}
		if op.ToBound && op.To != op.From {
			out = append(out, op.To)
		}
		return out
	case *VarExpand:
		out := append([]Slot{op.From}, op.Distinct...)
		if op.ToBound {
			out = append(out, op.To)
		}
		return append(out, b.usesProperties(op.Properties)...)
	case *ShortestPath:
		out := append([]Slot{op.From, op.To}, b.usesProperties(op.Properties)...)
		for _, c := range op.Conditions {
			for _, s := range c.Uses {
				if s != op.Each {
					out = append(out, s)
				}
			}
		}
		return out
	case *PathSearch:
		return op.uses()
	case *Repeat:
		out := append([]Slot{op.From}, op.Distinct...)
		if op.ToBound {
			out = append(out, op.To)
		}
		return out
	case *Degree:
		return []Slot{op.From}
	case *Ends:
		return append([]Slot{op.From}, op.Distinct...)
	case *Reach:
		return append([]Slot{op.From}, b.usesProperties(op.Properties)...)
	case *BindPath:
		out := []Slot{op.Start}
		for _, s := range op.Steps {
			out = append(out, s.Rel, s.Node)
		}
		return out
	case *Filter:
		var out []Slot
		for _, c := range op.Conditions {
			out = append(out, c.Uses...)
		}
		return out
	case *Project:
		return b.usesItems(op.Items)
	case *Aggregate:
		out := b.usesItems(op.Keys)
		for _, a := range op.Aggregates {
			out = append(out, b.usesAll(a.Args)...)
		}
		return out
	case *Unwind:
		return b.uses(op.List)
	case *Foreach:
		return b.uses(op.List)
	case *LoadCSV:
		return b.uses(op.URL)
	}
	return b.needsOfWriter(op)
}

func (b *builder) needsOfWriter(op Op) []Slot {
	var out []Slot
	switch op := op.(type) {
	case *Create:
		out = b.usesCreation(op.Nodes, op.Rels)
		own := setOf(created(op.Nodes, op.Rels))
		return without(out, own)
	case *Merge:
		out = append(b.usesCreation(op.Nodes, op.Rels), op.Required...)
		for _, it := range append(append([]syntax.SetItem(nil), op.OnCreate...), op.OnMatch...) {
			out = append(out, b.uses(it)...)
		}
		return without(out, setOf(op.New))
	case *SetItems:
		for _, it := range op.Items {
			out = append(out, b.uses(it)...)
		}
	case *Remove:
		for _, it := range op.Items {
			out = append(out, b.uses(it)...)
		}
	case *Delete:
		return b.usesAll(op.Exprs)
	case *Call:
		return b.usesAll(op.Args)
	}
	return out
}

func without(slots []Slot, own map[Slot]bool) []Slot {
	out := slots[:0]
	for _, s := range slots {
		if !own[s] {
			out = append(out, s)
		}
	}
	return out
}

func (b *builder) usesAll(exprs []syntax.Expr) []Slot {
	var out []Slot
	for _, e := range exprs {
		if s, ok := e.(*SlotExpr); ok {
			out = append(out, s.Slot)
		} else if e != nil {
			out = append(out, b.uses(e)...)
		}
	}
	return out
}

func (b *builder) usesItems(items []Assign) []Slot {
	var out []Slot
	for _, it := range items {
		if s, ok := it.Expr.(*SlotExpr); ok {
			out = append(out, s.Slot)
			continue
		}
		out = append(out, b.uses(it.Expr)...)
	}
	return out
}

func (b *builder) usesProperties(ps []Property) []Slot {
	var out []Slot
	for _, p := range ps {
		out = append(out, b.uses(p.Value)...)
	}
	return out
}

func (b *builder) usesCreation(nodes []NewNode, rels []NewRel) []Slot {
	var out []Slot
	for _, n := range nodes {
		for _, l := range n.Labels {
			out = append(out, b.uses(l)...)
		}
		if n.Properties != nil {
			out = append(out, b.uses(n.Properties)...)
		}
	}
	for _, r := range rels {
		out = append(append(out, r.Start, r.End), b.uses(r.Type)...)
		if r.Properties != nil {
			out = append(out, b.uses(r.Properties)...)
		}
	}
	return out
}

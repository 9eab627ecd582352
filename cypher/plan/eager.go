package plan

import "github.com/pocketgraph/pocketgraph/cypher/syntax"

// builderView gives the eager pass access to the builder.
type builderView struct{ *builder }

// placeEager separates what is read from what is written. A clause sees what
// the clauses before it did to every row, and nothing of what those after it
// do; rows come in batches, so an Eager must stand between a part that reads
// the graph and a part that writes it, unless nothing is read.
//
//	Create((:B))              Create((:B))
//	  LabelScan(a:A)     =>     Eager
//	                              LabelScan(a:A)
func placeEager(b *builderView, root Op) Op {
	var chain []Op // from the root down
	for op := root; op != nil; op = op.Source() {
		chain = append(chain, op)
	}
	wrote, read := false, false
	for i := len(chain) - 1; i >= 0; i-- { // from the leaf up
		op := chain[i]
		writes, reads := b.writes(op), b.reads(op)
		switch {
		case writes && read:
			op.setSource(&Eager{Common{In: op.Source()}})
			read, wrote = false, false
		case !writes && wrote:
			op.setSource(&Eager{Common{In: op.Source()}})
			wrote = false
		case writes && wrote && reads:
			op.setSource(&Eager{Common{In: op.Source()}})
		}
		wrote = wrote || writes
		read = (read || reads) && !(writes && !reads)
		if writes && reads {
			read = true
		}
	}
	return root
}

func (b *builderView) writes(op Op) bool {
	switch op := op.(type) {
	case *Create, *Merge, *SetItems, *Remove, *Delete, *Foreach:
		return true
	case *Call:
		return op.Procedure.Writes
	case *Apply:
		return b.anyWrites(op.Inner)
	}
	return false
}

func (b *builderView) anyWrites(op Op) bool {
	for ; op != nil; op = op.Source() {
		if b.writes(op) {
			return true
		}
		if u, ok := op.(*Union); ok {
			for _, p := range u.Parts {
				if b.anyWrites(p.Root) {
					return true
				}
			}
		}
	}
	return false
}

// reads says whether an operator looks at the graph.
func (b *builderView) reads(op Op) bool {
	switch op := op.(type) {
	case *Argument, *Eager, *Limit, *Skip, *BindPath:
		return false
	case *Project:
		for _, it := range op.Items {
			if readsGraph(it.Expr) {
				return true
			}
		}
		return false
	case *Unwind:
		return readsGraph(op.List)
	case *LoadCSV:
		return readsGraph(op.URL)
	case *Create:
		for _, n := range op.Nodes {
			if readsGraph(n.Properties) {
				return true
			}
			for _, l := range n.Labels {
				if readsGraph(l.Dynamic) {
					return true
				}
			}
		}
		for _, r := range op.Rels {
			if readsGraph(r.Properties) || readsGraph(r.Type.Dynamic) {
				return true
			}
		}
		return false
	}
	return true
}

// readsGraph says whether an expression may look at the graph.
func readsGraph(e syntax.Expr) bool {
	if e == nil {
		return false
	}
	found := false
	syntax.Walk(e, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Property:
			// A map of parameters or a row of UNWIND has properties too, but
			// only its type would tell; the variable may hold a node.
			found = found || !isPlainMap(n)
		case *syntax.Index, *syntax.FunctionCall, *syntax.PatternComprehension, *syntax.PatternExpr,
			*syntax.Subquery, *syntax.LabelTest, *syntax.MapProjection:
			found = true
		}
		return !found
	})
	return found
}

func isPlainMap(p *syntax.Property) bool {
	switch s := p.Subject.(type) {
	case *syntax.Parameter, *syntax.MapLiteral:
		return true
	case *syntax.Property:
		return isPlainMap(s)
	}
	return false
}

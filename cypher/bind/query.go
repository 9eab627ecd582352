package bind

import (
	"slices"

	"github.com/pocketgraph/pocketgraph/cypher/syntax"
)

// place is where a query stands: it decides how it may end and whether it may
// write.
type place uint8

const (
	topQuery      place = iota
	scopedCall          // CALL (…) { … }: sees what the parentheses name
	importingCall       // CALL { … }: a WITH at its start sees the outside, nothing else does
	existsQuery         // EXISTS { … } and COUNT { … }
	collectQuery        // COLLECT { … }
)

// query binds the parts of a query. outer is what a subquery can see of the
// outside; nil for a statement.
func (b *binder) query(q *syntax.Query, outer *scope, at place) *Query {
	r := &Query{Syntax: q}
	if at != topQuery {
		b.nested++
		defer func() { b.nested-- }()
	}
	for _, part := range q.Parts {
		s := newScope(outer)
		s.border = r
		if _, imports := part.Clauses[0].(*syntax.With); at == importingCall && !imports {
			s.outer = nil
		}
		r.Parts = append(r.Parts, b.single(part, s, r, at))
	}
	if at == topQuery && b.inBatches {
		for _, part := range r.Parts {
			b.checkBatches(part)
		}
	}
	r.Columns = columns(r.Parts[0])
	b.checkUnion(r)
	slices.SortFunc(r.Outer, func(x, y *Var) int { return x.ID - y.ID })
	return r
}

// columns are the names of the results of a part.
func columns(s *Single) []string {
	var names []string
	for _, v := range s.Results {
		names = append(names, v.Name)
	}
	return names
}

// checkUnion checks that the parts of a query fit each other.
func (b *binder) checkUnion(q *Query) {
	for i, u := range q.Syntax.Unions {
		if u.All != q.Syntax.Unions[0].All {
			b.fail(u, invalidComposition, "UNION and UNION ALL cannot be mixed in one query")
		}
		part := q.Parts[i+1]
		if !slices.Equal(columns(part), q.Columns) {
			b.fail(part.Syntax, differentColumns, "all parts of a UNION must return the same columns")
		}
	}
}

// single binds the clauses of one part.
func (b *binder) single(q *syntax.SingleQuery, s *scope, r *Query, at place) *Single {
	part := &Single{Syntax: q}
	for i, c := range q.Clauses {
		bound, next := b.clause(c, s)
		if at == importingCall && i == 0 {
			next.outer = nil
		}
		if writes(bound) {
			r.Writes = true
			if at == existsQuery || at == collectQuery {
				b.fail(c, invalidComposition, "a subquery in an expression cannot write")
			}
		}
		part.Clauses = append(part.Clauses, bound)
		s = next
		if i < len(q.Clauses)-1 && ends(c) {
			b.fail(q.Clauses[i+1], invalidComposition, "nothing can follow "+clauseName(c))
		}
		if b.err != nil {
			break
		}
	}
	b.results(part)
	b.checkEnd(part, at)
	return part
}

// checkBatches refuses what else writes beside a CALL IN TRANSACTIONS: a batch
// that fails would take it along.
func (b *binder) checkBatches(part *Single) {
	for i, c := range part.Clauses {
		if call, ok := c.(*CallSubquery); ok && call.Syntax.InTransactions != nil || !writes(c) {
			continue
		}
		clause := part.Syntax.Clauses[i]
		b.fail(clause, invalidComposition, clauseName(clause)+" cannot write beside CALL IN TRANSACTIONS")
		b.hint("move it into the subquery, or into a statement of its own")
	}
}

// ends reports whether a clause ends a query.
func ends(c syntax.Clause) bool {
	switch c.(type) {
	case *syntax.Return, *syntax.Finish:
		return true
	}
	return false
}

// writes reports whether a clause changes the graph.
func writes(c Clause) bool {
	switch c := c.(type) {
	case *Create, *Merge, *Set, *Remove, *Delete, *Foreach:
		return true
	case *Call:
		return c.Procedure != nil && (c.Procedure.Writes || c.Procedure.Schema)
	case *CallSubquery:
		return c.Query.Writes
	}
	return false
}

// results finds what a part returns: by its RETURN, or as a procedure call
// that stands alone.
func (b *binder) results(part *Single) {
	if len(part.Clauses) == 0 {
		return
	}
	switch c := part.Clauses[len(part.Clauses)-1].(type) {
	case *Return:
		for _, item := range c.Items {
			part.Results = append(part.Results, item.Var)
		}
	case *Call:
		if c.Syntax.Standalone {
			for _, y := range c.Yields {
				part.Results = append(part.Results, y.Var)
			}
		}
	}
}

// checkEnd checks the last clause of a part.
func (b *binder) checkEnd(part *Single, at place) {
	if b.err != nil {
		return
	}
	last := part.Clauses[len(part.Clauses)-1]
	switch at {
	case existsQuery:
		return
	case collectQuery:
		if len(part.Results) != 1 {
			b.fail(part.Syntax, invalidComposition, "a COLLECT subquery must return exactly one column")
		}
		return
	}
	switch last := last.(type) {
	case *Return, *Finish, *Call:
		return
	case *CallSubquery:
		if last.Query.Columns == nil {
			return
		}
	}
	if !writes(last) {
		c := part.Syntax.Clauses[len(part.Syntax.Clauses)-1]
		b.fail(c, invalidComposition, "a query cannot end with "+clauseName(c))
		b.hint("end it with RETURN")
	}
}

// clauseName is a clause as a message names it.
func clauseName(c syntax.Clause) string {
	switch c.(type) {
	case *syntax.Match:
		return "MATCH"
	case *syntax.Unwind:
		return "UNWIND"
	case *syntax.With:
		return "WITH"
	case *syntax.Return:
		return "RETURN"
	case *syntax.CallSubquery, *syntax.Call:
		return "CALL"
	case *syntax.LoadCSV:
		return "LOAD CSV"
	case *syntax.Finish:
		return "FINISH"
	}
	return otherName(c)
}

// otherName is the name of a clause that writes.
func otherName(c syntax.Clause) string {
	switch c.(type) {
	case *syntax.Create:
		return "CREATE"
	case *syntax.Merge:
		return "MERGE"
	case *syntax.Set:
		return "SET"
	case *syntax.Remove:
		return "REMOVE"
	case *syntax.Delete:
		return "DELETE"
	}
	return "FOREACH"
}

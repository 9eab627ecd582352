package bind

import (
	"slices"

	"github.com/pocketgraph/pocketgraph/cypher/syntax"
)

// Check binds a statement. The error is a *syntax.Error with the conformance
// suite's code and detail.
func Check(s *syntax.Statement, c Catalog) (*Statement, error) {
	b := binder{catalog: c, stmt: &Statement{
		Syntax:   s,
		vars:     map[*syntax.Variable]*Var{},
		computed: map[syntax.Expr]*Var{},
		queries:  map[*syntax.Subquery]*Query{},
		paths:    map[*syntax.PatternPart]*Path{},
	}}
	b.statement(s)
	if b.err != nil {
		return nil, b.err
	}
	b.parameters()
	return b.stmt, nil
}

// binder is the state of one Check. After the first error it goes on, and
// whatever it says then is dropped.
type binder struct {
	catalog Catalog
	stmt    *Statement
	err     *syntax.Error

	// agg collects the aggregates of the projection that is being bound; nil
	// where aggregates cannot stand.
	agg       *aggregation
	nested    int  // subqueries around
	inBatches bool // there is a CALL IN TRANSACTIONS
	// inAggregate is set inside the arguments of an aggregate.
	inAggregate bool
	// skipComputed is set where parts that are computed already are not bound
	// again: after a projection.
	skipComputed bool
}

func (b *binder) statement(s *syntax.Statement) {
	switch body := s.Body.(type) {
	case *syntax.Query:
		b.stmt.Query = b.query(body, nil, topQuery)
		b.stmt.Columns = b.stmt.Query.Columns
		b.stmt.Writes = b.stmt.Query.Writes
	case *syntax.Show:
		b.show(body)
	default:
		b.stmt.Schema = true
		b.stmt.Writes = true
	}
}

// parameters lists the parameters of the statement.
func (b *binder) parameters() {
	syntax.Walk(b.stmt.Syntax, func(n syntax.Node) bool {
		if p, ok := n.(*syntax.Parameter); ok {
			b.stmt.Parameters = append(b.stmt.Parameters, p.Name)
		}
		return true
	})
	b.stmt.Parameters = append(b.stmt.Parameters, b.implicitParameters()...)
	slices.Sort(b.stmt.Parameters)
	b.stmt.Parameters = slices.Compact(b.stmt.Parameters)
}

// implicitParameters are those a procedure call without parentheses takes.
func (b *binder) implicitParameters() (names []string) {
	if b.stmt.Query == nil {
		return nil
	}
	call, ok := b.stmt.Query.Parts[0].Clauses[0].(*Call)
	if !ok || call.Syntax.HasArgs {
		return nil
	}
	for _, a := range call.Args {
		names = append(names, a.(*syntax.Parameter).Name)
	}
	return names
}

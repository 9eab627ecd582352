package plan

import "github.com/pocketgraph/pocketgraph/cypher/bind"

// show plans SHOW: a procedure that lists everything, and what YIELD, WHERE and
// RETURN make of it.
func (b *Builder) show(s *bind.Show) *Plan {
	p := &bind.Procedure{Name: "SHOW"}
	call := &Call{Common: Common{In: &Argument{}}, Procedure: p, Pos: s.Syntax.Span(), Show: s.Syntax, Args: s.Syntax.IDs}
	for i, v := range s.Vars {
		p.Results = append(p.Results, bind.Field{Name: v.Name, Type: v.Type})
		call.Yields = append(call.Yields, bind.Yield{Field: i, Var: v})
	}
	last := s.Yield
	op := b.projection(call, last)
	if s.Where != nil {
		op = &Filter{Common: Common{In: op}, Conditions: b.conditions(s.Where)}
	}
	if s.Return != nil {
		last = s.Return
		op = b.projection(op, last)
	}
	results := itemSlots(last.Items)
	b.live(op, setOf(results))
	return &Plan{Statement: b.stmt, Root: op, Kinds: b.kinds, Names: b.names, Columns: b.stmt.Columns, Results: results}
}

package exec

import (
	"github.com/pocketgraph/pocketgraph/cypher/bind"
	"github.com/pocketgraph/pocketgraph/cypher/plan"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// builtinProcedures have the names users know.
var builtinProcedures = []*Procedure{
	namesProcedure("db.labels", "label", func(r graph.Reader, i int) (string, bool) {
		return r.LabelName(graph.LabelID(i)), r.NodeCountByLabel(graph.LabelID(i)) > 0
	}, graph.Reader.LabelsLen),
	namesProcedure("db.relationshipTypes", "relationshipType", func(r graph.Reader, i int) (string, bool) {
		return r.TypeName(graph.TypeID(i)), r.RelCountByType(graph.TypeID(i)) > 0
	}, graph.Reader.TypesLen),
	namesProcedure("db.propertyKeys", "propertyKey", func(r graph.Reader, i int) (string, bool) {
		return r.KeyName(graph.KeyID(i)), true
	}, graph.Reader.KeysLen),
	schemaProcedure,
}

func namesProcedure(name, column string, at func(graph.Reader, int) (string, bool), n func(graph.Reader) int) *Procedure {
	return &Procedure{
		Procedure: bind.Procedure{Name: name, Results: []bind.Field{{Name: column, Type: stringType}}},
		Call: func(r *Run, _ []graph.Value, _ syntax.Range) (rows [][]graph.Value) {
			for i := 0; i < n(r.reader); i++ {
				if text, used := at(r.reader, i); used {
					rows = append(rows, []graph.Value{graph.String(text)})
				}
			}
			return rows
		},
	}
}

// callProcedure joins each row with the rows of a call. A procedure without
// results lets the row through.
func (c *compiler) callProcedure(p *plan.Call, in factory) factory {
	procedure := c.library.procedure(p.Procedure.Name)
	if p.Show != nil {
		if procedure = c.library.show(p.Show); procedure == nil {
			c.unsupported("this kind of SHOW", p.Pos)
			return nil
		}
	}
	args := c.exprs(p.Args)
	var makes []plan.Slot
	for _, y := range p.Yields {
		makes = append(makes, y.Var.ID)
	}
	void := len(p.Procedure.Results) == 0
	return func(r *Run) operator {
		o := newRowOp(r, in, p.Keep, makes)
		var rows [][]graph.Value
		o.begin = func(f *frame) {
			values := make([]graph.Value, len(args))
			for i, a := range args {
				values[i] = a.row(f)
			}
			rows = nil
			if r.err != nil {
				return
			}
			rows = procedure.Call(r, values, p.Pos)
			if void || len(rows) == 0 && p.Optional {
				rows = [][]graph.Value{make([]graph.Value, len(p.Procedure.Results))}
			}
		}
		o.more = func(out *batch, at int) bool {
			if len(rows) == 0 {
				return false
			}
			for i, y := range p.Yields {
				out.cols[makes[i]].set(at, rows[0][y.Field])
			}
			rows = rows[1:]
			return true
		}
		return o
	}
}

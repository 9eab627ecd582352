package bind

import "github.com/pocketgraph/pocketgraph/cypher/syntax"

// showColumn is a column of SHOW; plain ones are there without a YIELD too.
type showColumn struct {
	name  string
	t     Type
	plain bool
}

// showColumns are the columns of each kind of SHOW, by the names Neo4j 5 gives
// them, as far as they mean something here.
var showColumns = map[syntax.ShowKind][]showColumn{
	syntax.ShowIndexes: {
		{"id", Of(Integer), true}, {"name", Of(String), true}, {"state", Of(String), true},
		{"populationPercent", Of(Float), true}, {"type", Of(String), true}, {"entityType", Of(String), true},
		{"labelsOrTypes", ListOf(Of(String)), true}, {"properties", ListOf(Of(String)), true},
		{"owningConstraint", Of(String), true}, {"options", Of(MapBase), false}, {"createStatement", Of(String), false},
	},
	syntax.ShowConstraints: {
		{"id", Of(Integer), true}, {"name", Of(String), true}, {"type", Of(String), true},
		{"entityType", Of(String), true}, {"labelsOrTypes", ListOf(Of(String)), true},
		{"properties", ListOf(Of(String)), true}, {"ownedIndex", Of(String), true}, {"propertyType", Of(String), true},
		{"createStatement", Of(String), false},
	},
	syntax.ShowFunctions: {
		{"name", Of(String), true}, {"category", Of(String), true}, {"description", Of(String), true},
		{"signature", Of(String), false}, {"isBuiltIn", Of(Boolean), false}, {"aggregating", Of(Boolean), false},
	},
	syntax.ShowProcedures: {
		{"name", Of(String), true}, {"description", Of(String), true}, {"mode", Of(String), true},
		{"worksOnSystem", Of(Boolean), true}, {"signature", Of(String), false},
	},
	syntax.ShowDatabases: {
		{"name", Of(String), true}, {"type", Of(String), true}, {"access", Of(String), true}, {"currentStatus", Of(String), true}, {"default", Of(Boolean), true},
	},
	syntax.ShowTransactions: {
		{"transactionId", Of(String), true}, {"currentQuery", Of(String), true}, {"access", Of(String), true}, {"status", Of(String), true},
		{"startTime", Of(Temporal), true}, {"elapsedTime", Of(Temporal), true},
	},
	syntax.ShowSettings: {
		{"name", Of(String), true}, {"value", Type{}, true}, {"description", Of(String), true},
	},
	syntax.TerminateTransactions: {
		{"transactionId", Of(String), true}, {"message", Of(String), true},
	},
}

// show binds SHOW: every column can be named, and without a YIELD the plain
// ones come out.
func (b *binder) show(c *syntax.Show) {
	r := &Show{Syntax: c, Where: c.Where}
	b.stmt.Show = r
	for _, e := range c.IDs {
		b.wantType(e, b.expr(e, newScope(nil)), Takes(String)|Lists, "TRANSACTIONS")
	}
	s := newScope(nil)
	plain := &syntax.Projection{}
	for _, column := range showColumns[c.What] {
		v := b.newVar(column.name, column.t, c.Pos)
		r.Vars = append(r.Vars, v)
		s.add(v)
		if column.plain {
			e := &syntax.Variable{Range: c.Range, Name: column.name}
			plain.Items = append(plain.Items, &syntax.ProjectionItem{Range: c.Range, Expr: e, Text: column.name})
		}
	}
	yield := c.Yield
	if yield == nil {
		yield = plain
	}
	last := &Projection{}
	if yield.Star {
		b.yieldAll(r, last)
		b.projectionTail(yield, last, s, s)
	} else {
		s = b.projection(yield, last, s).next
	}
	r.Yield = last
	b.where(c.Where, s)
	if c.Return != nil {
		last = &Projection{}
		b.projection(&c.Return.Projection, last, s)
		r.Return = last
	}
	for _, item := range last.Items {
		b.stmt.Columns = append(b.stmt.Columns, item.Name)
	}
}

// yieldAll makes an item of each column, in their own order.
func (b *binder) yieldAll(r *Show, p *Projection) {
	for _, v := range r.Vars {
		e := &syntax.Variable{Name: v.Name}
		b.stmt.vars[e] = v
		p.Items = append(p.Items, &Item{Name: v.Name, Expr: e, Var: v})
	}
}

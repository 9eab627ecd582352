package exec

import (
	"github.com/pocketgraph/pocketgraph/cypher/plan"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// subProgram is a plan inside an expression, run once for a row.
type subProgram struct {
	root  factory
	args  []plan.Slot
	local []bool // by argument: a variable of a comprehension
}

// subRun is its operators in one run, made when first needed.
type subRun struct {
	root operator
	arg  *batch
	busy bool
}

// sub compiles a plan that sees args of the outside.
func (c *compiler) sub(root plan.Op, args []plan.Slot) int {
	s := &subProgram{args: args, local: make([]bool, len(args))}
	for i, a := range args {
		s.local[i] = c.locals[a]
	}
	outer, subject := c.locals, c.subject
	c.locals = map[plan.Slot]bool{}
	c.kinds = c.builder.Kinds()
	number := len(c.subs)
	c.subs = append(c.subs, s)
	s.root = c.op(root)
	c.locals, c.subject = outer, subject
	return number
}

// inside compiles an expression over the rows of a sub plan.
func (c *compiler) inside(e syntax.Expr) *expr {
	outer := c.locals
	c.locals = map[plan.Slot]bool{}
	x := c.expr(e)
	c.locals = outer
	return x
}

// start runs a sub plan for the frame's row. The operators are given back when
// done is called; a sub plan that is started inside itself gets new ones.
func (f *frame) start(number int) (root operator, done func()) {
	r := f.run
	p := r.program.subs[number]
	s := r.subs[number]
	if s == nil || s.busy {
		s = &subRun{root: p.root(r), arg: newBatch(len(r.program.Plan.Kinds))}
		r.subs[number] = s
	}
	s.busy = true
	s.arg.n, s.arg.shared = 1, true
	for i, slot := range p.args {
		col := &s.arg.cols[slot]
		col.grow(r.program.Plan.Kinds[slot], 1)
		if p.local[i] {
			col.set(0, r.locals[slot])
		} else if f.b.cols[slot].has() {
			col.set(0, f.b.cols[slot].value(f.i))
		}
	}
	s.root.reset(s.arg)
	return s.root, func() { s.busy = false }
}

// patternExpr is a pattern as a predicate, or the paths of shortestPath().
func (c *compiler) patternExpr(e *syntax.PatternExpr) *expr {
	if e.Part.Selector == syntax.AllPaths {
		root, _, args, err := c.builder.Pattern(e.Part, nil, nil)
		if err != nil {
			return c.failed(err)
		}
		return c.exists(root, args)
	}
	root, path, args, err := c.builder.Pattern(e.Part, nil, nil)
	if err != nil {
		return c.failed(err)
	}
	number := c.sub(root, args)
	all := e.Part.Selector == syntax.AllShortest
	return rowExpr(func(f *frame) graph.Value {
		op, done := f.start(number)
		defer done()
		var paths values
		for b := op.next(); b != nil; b = op.next() {
			for i := 0; i < b.n; i++ {
				paths.add(f.run, b.cols[path].value(i))
			}
		}
		switch list := paths.list(f.run); {
		case all:
			return graph.List(list)
		case len(list) > 0:
			return list[0]
		}
		return graph.Null
	})
}

func (c *compiler) failed(err error) *expr {
	if c.err == nil {
		c.err = err
	}
	return constant(graph.Null)
}

// exists is true when a plan gives a row.
func (c *compiler) exists(root plan.Op, args []plan.Slot) *expr {
	number := c.sub(root, args)
	return rowExpr(func(f *frame) graph.Value {
		op, done := f.start(number)
		defer done()
		for b := op.next(); b != nil; b = op.next() {
			if b.n > 0 {
				return graph.Bool(true)
			}
		}
		return graph.Bool(false)
	})
}

// patternComprehension is [(a)-->(b) WHERE … | …].
func (c *compiler) patternComprehension(e *syntax.PatternComprehension) *expr {
	root, _, args, err := c.builder.Pattern(e.Part, e.Where, e.Result)
	if err != nil {
		return c.failed(err)
	}
	number := c.sub(root, args)
	result := c.inside(e.Result)
	return rowExpr(func(f *frame) graph.Value {
		op, done := f.start(number)
		defer done()
		var out values
		for b := op.next(); b != nil && f.run.err == nil; b = op.next() {
			g := frame{run: f.run, b: b}
			for ; g.i < b.n; g.i++ {
				out.add(f.run, result.row(&g))
			}
		}
		return graph.List(out.list(f.run))
	})
}

// subquery is EXISTS { }, COUNT { } and COLLECT { }.
func (c *compiler) subquery(e *syntax.Subquery) *expr {
	part, args, err := c.builder.Subquery(c.stmt.Subquery(e))
	if err != nil {
		return c.failed(err)
	}
	if e.Kind == syntax.ExistsSubquery {
		return c.exists(part.Root, args)
	}
	number := c.sub(part.Root, args)
	collect := e.Kind == syntax.CollectSubquery
	return rowExpr(func(f *frame) graph.Value {
		op, done := f.start(number)
		defer done()
		n := 0
		var out values
		for b := op.next(); b != nil; b = op.next() {
			n += b.n
			for i := 0; collect && i < b.n; i++ {
				out.add(f.run, b.cols[part.Results[0]].value(i))
			}
		}
		if collect {
			return graph.List(out.list(f.run))
		}
		return graph.Int(int64(n))
	})
}

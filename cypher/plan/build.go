package plan

import (
	"github.com/pocketgraph/pocketgraph/cypher/bind"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// Options switch rules on. Without them plans are as plain as can be.
type Options struct {
	PushDown   bool
	Starts     bool // indexes and label scans
	ExpandInto bool
	TopK       bool
	Counts     bool
	Ends       bool // distinct ends
	Groups     bool // repeated relationships
}

// AllRules is what a query normally runs with.
var AllRules = Options{PushDown: true, Starts: true, ExpandInto: true, TopK: true, Counts: true, Ends: true, Groups: true}

// Unsupported says that a construct cannot be planned yet.
type Unsupported struct {
	What string
	At   syntax.Range
}

func (e *Unsupported) Error() string { return e.What + " is not executed yet" }

// NotImplemented makes an *Unsupported.
func NotImplemented(what string, at syntax.Range) error { return &Unsupported{What: what, At: at} }

// Builder plans a statement and its parts. Its slots are shared by all of them.
type Builder struct{ builder }

type builder struct {
	stmt    *bind.Statement
	reader  graph.Reader
	indexes []graph.Index
	options Options
	kinds   []Kind
	names   []string
	outer   []Slot                  // of a subquery or FOREACH: what it sees of the outside
	samples map[string][]graph.Node // by population
}

// NewBuilder begins a plan against the schema and statistics of a graph.
func NewBuilder(stmt *bind.Statement, reader graph.Reader, options Options) *Builder {
	b := &Builder{builder{stmt: stmt, reader: reader, indexes: reader.Indexes(), options: options}}
	for _, v := range stmt.Vars {
		b.kinds = append(b.kinds, kindOf(v.Type))
		b.names = append(b.names, v.Name)
	}
	return b
}

func kindOf(t bind.Type) Kind {
	switch {
	case t.Lists > 0:
		return Any
	case t.Base == bind.NodeBase:
		return Node
	case t.Base == bind.RelBase:
		return Rel
	}
	return Any
}

func (b *builder) hidden(k Kind, name string) Slot {
	b.kinds = append(b.kinds, k)
	b.names = append(b.names, "#"+name)
	return len(b.kinds) - 1
}

// Kinds and Names describe every slot given out so far.
func (b *Builder) Kinds() []Kind { return b.kinds }

// Names are for printing.
func (b *Builder) Names() []string { return b.names }

// Statement plans the whole query.
func (b *Builder) Statement() (*Plan, error) {
	if b.stmt.Show != nil {
		return b.show(b.stmt.Show), nil
	}
	part, err := b.query(b.stmt.Query, nil)
	if err != nil {
		return nil, err
	}
	b.live(part.Root, setOf(part.Results))
	return &Plan{Statement: b.stmt, Root: part.Root, Kinds: b.kinds, Names: b.names, Columns: b.stmt.Columns, Results: part.Results}, nil
}

// Subquery plans the query of an EXISTS, COUNT or COLLECT; its argument are
// the variables of the outside that it uses.
func (b *Builder) Subquery(q *bind.Query) (Part, []Slot, error) {
	args := make([]Slot, len(q.Outer))
	for i, v := range q.Outer {
		args[i] = v.ID
	}
	part, err := b.query(q, args)
	if err == nil {
		b.live(part.Root, setOf(part.Results))
	}
	return part, args, err
}

// Pattern plans a pattern inside an expression. args are the variables of the
// outside that it uses, also in more.
func (b *Builder) Pattern(part *syntax.PatternPart, where syntax.Expr, more syntax.Expr) (root Op, path Slot, args []Slot, err error) {
	p := b.stmt.Path(part)
	own := map[Slot]bool{}
	b.ownPath(own, part)
	used := setOf(b.uses(where, more))
	b.usesPath(used, p)
	for s := range own {
		delete(used, s)
	}
	args = sorted(used)
	if p.Var == nil {
		p = &bind.Path{Syntax: p.Syntax, Elements: p.Elements}
		if isShortest(p) {
			id := b.hidden(Any, "path")
			p.Var = &bind.Var{ID: id}
		}
	}
	root, err = b.match(&Argument{Slots: args}, setOf(args), []*bind.Path{p}, where, false)
	if err != nil {
		return nil, 0, nil, err
	}
	path = -1
	want := b.uses(more)
	if p.Var != nil {
		path = p.Var.ID
		want = append(want, path)
	}
	b.live(root, setOf(want))
	return root, path, args, nil
}

// usesPath adds every variable of a path and of what stands inside it.
func (b *builder) usesPath(used map[Slot]bool, p *bind.Path) {
	for _, e := range p.Elements {
		switch e := e.(type) {
		case *bind.Node:
			used[e.Var.ID] = true
			if e.Syntax != nil {
				addAll(used, b.uses(e.Syntax.Labels, e.Syntax.Properties, e.Syntax.Where))
			}
		case *bind.Rel:
			used[e.Var.ID] = true
			addAll(used, b.uses(e.Syntax.Types, e.Syntax.Properties, e.Syntax.Where))
		case *bind.Group:
			addAll(used, b.uses(e.Where))
			b.usesPath(used, e.Path)
		}
	}
}

func addAll(set map[Slot]bool, slots []Slot) {
	for _, s := range slots {
		set[s] = true
	}
}

// query plans the parts of a query and joins them.
func (b *builder) query(q *bind.Query, args []Slot) (Part, error) {
	var result Part
	for i, single := range q.Parts {
		part, err := b.single(single, args)
		if err != nil {
			return Part{}, err
		}
		if i == 0 {
			result = part
			continue
		}
		slots := make([]Slot, len(part.Results))
		for j := range slots {
			slots[j] = b.hidden(Any, "union")
		}
		u := &Union{Parts: []Part{result, part}, Slots: slots}
		result = Part{Root: u, Results: slots}
		if !q.Syntax.Unions[i-1].All && len(slots) > 0 {
			result.Root = &Distinct{Common: Common{In: u}, Slots: slots}
		}
	}
	return result, nil
}

// single plans a sequence of clauses.
func (b *builder) single(s *bind.Single, args []Slot) (Part, error) {
	var op Op = &Argument{Slots: args}
	outer := b.outer
	b.outer = args
	defer func() { b.outer = outer }()
	for _, c := range s.Clauses {
		var err error
		if op, err = b.clause(op, c); err != nil {
			return Part{}, err
		}
	}
	results := make([]Slot, len(s.Results))
	for i, v := range s.Results {
		results[i] = v.ID
	}
	return Part{Root: placeEager(&builderView{b}, op), Results: results}, nil
}

func slotsOf(vars []*bind.Var) map[Slot]bool {
	set := make(map[Slot]bool, len(vars))
	for _, v := range vars {
		set[v.ID] = true
	}
	return set
}

// before is what has a value before a clause.
func (b *builder) before(s *bind.Scope) map[Slot]bool {
	set := slotsOf(s.In)
	addAll(set, b.outer)
	return set
}

// added lists the slots of a scope's Out that are not in its In.
func added(s *bind.Scope) []Slot {
	in := slotsOf(s.In)
	var out []Slot
	for _, v := range s.Out {
		if !in[v.ID] {
			out = append(out, v.ID)
		}
	}
	return out
}

func (b *builder) clause(op Op, c bind.Clause) (Op, error) {
	in := Common{In: op}
	switch c := c.(type) {
	case *bind.Match:
		return b.matchClause(op, c)
	case *bind.Unwind:
		return &Unwind{Common: in, Slot: c.Var.ID, List: c.Syntax.List}, nil
	case *bind.With:
		op = b.projection(op, &c.Projection)
		if c.Where != nil {
			op = &Filter{Common: Common{In: op}, Conditions: b.conditions(c.Where)}
		}
		return op, nil
	case *bind.Return:
		return b.projection(op, &c.Projection), nil
	case *bind.Create:
		return b.create(op, c)
	case *bind.Merge:
		return b.merge(op, c)
	case *bind.Set:
		return &SetItems{Common: in, Items: c.Syntax.Items}, nil
	case *bind.Remove:
		return &Remove{Common: in, Items: c.Syntax.Items}, nil
	case *bind.Delete:
		return &Delete{Common: in, Exprs: c.Syntax.Exprs, Detach: c.Syntax.Detach}, nil
	case *bind.Call:
		return b.call(op, c), nil
	case *bind.CallSubquery:
		return b.callSubquery(op, c)
	case *bind.Foreach:
		return b.foreach(op, c)
	case *bind.LoadCSV:
		return b.loadCSV(in, c)
	case *bind.Finish:
		return &Limit{Common: in, Count: &syntax.IntLiteral{}}, nil
	}
	return nil, NotImplemented("this clause", syntax.Range{})
}

func (b *builder) conditions(where syntax.Expr) []*Condition {
	var out []*Condition
	for _, e := range conjuncts(nil, where) {
		out = append(out, &Condition{Kind: IsTrue, Expr: e, Uses: b.uses(e)})
	}
	return out
}

func (b *builder) matchClause(op Op, c *bind.Match) (Op, error) {
	bound := b.before(&c.Scope)
	if !c.Syntax.Optional {
		return b.match(op, bound, c.Paths, c.Syntax.Where, c.Syntax.Repeatable)
	}
	row := b.hidden(Any, "row")
	args := append(sorted(bound), row)
	bound[row] = true
	inner, err := b.match(&Argument{Slots: args}, bound, c.Paths, c.Syntax.Where, c.Syntax.Repeatable)
	if err != nil {
		return nil, err
	}
	return &Optional{Common: Common{In: op}, Inner: inner, New: added(&c.Scope), Row: row}, nil
}

// projection plans WITH and RETURN without the WHERE.
func (b *builder) projection(op Op, p *bind.Projection) Op {
	if p.Aggregated {
		op = b.aggregate(op, p)
	} else {
		// Below a LIMIT a few rows may be enough.
		if p.Distinct && len(b.outer) == 0 && (p.Limit == nil || len(p.OrderBy) > 0) {
			op, _ = b.distinctEnds(op, itemExprs(p.Items))
		}
		op = project(op, b.stmt, p.Items)
	}
	if p.Distinct {
		op = &Distinct{Common: Common{In: op}, Slots: itemSlots(p.Items)}
	}
	if len(p.OrderBy) > 0 {
		s := &Sort{Common: Common{In: op}}
		for _, k := range p.OrderBy {
			s.Keys = append(s.Keys, SortKey{Expr: k.Expr, Desc: k.Desc})
		}
		b.topK(s, p)
		op = s
	}
	if p.Skip != nil {
		op = &Skip{Common: Common{In: op}, Count: p.Skip}
	}
	if p.Limit != nil {
		op = &Limit{Common: Common{In: op}, Count: p.Limit}
	}
	return op
}

func itemSlots(items []*bind.Item) []Slot {
	out := make([]Slot, len(items))
	for i, it := range items {
		out[i] = it.Var.ID
	}
	return out
}

func itemExprs(items []*bind.Item) []syntax.Expr {
	out := make([]syntax.Expr, len(items))
	for i, it := range items {
		out[i] = it.Expr
	}
	return out
}

// project computes items; a variable that is passed on costs nothing.
func project(op Op, stmt *bind.Statement, items []*bind.Item) Op {
	p := &Project{Common: Common{In: op}}
	for _, it := range items {
		if v, ok := it.Expr.(*syntax.Variable); ok && stmt.Var(v) == it.Var {
			continue
		}
		p.Items = append(p.Items, Assign{Slot: it.Var.ID, Expr: it.Expr})
	}
	if len(p.Items) == 0 {
		return op
	}
	return p
}

func (b *builder) aggregate(op Op, p *bind.Projection) Op {
	if op := b.countStore(op, p); op != nil {
		return project(op, b.stmt, aggregateItems(p))
	}
	if op := b.countRange(op, p); op != nil {
		return project(op, b.stmt, aggregateItems(p))
	}
	a := &Aggregate{Common: Common{In: op}}
	for _, k := range p.Keys {
		a.Keys = append(a.Keys, Assign{Slot: k.Var.ID, Expr: k.Expr})
	}
	for _, g := range p.Aggregates {
		a.Aggregates = append(a.Aggregates, Aggregation{Slot: g.Var.ID, Name: g.Name, Distinct: g.Distinct, Args: g.Args, Expr: g.Expr})
	}
	b.endsOfGroups(a)
	b.pushCount(a)
	return project(countEnds(a), b.stmt, aggregateItems(p))
}

// aggregateItems are the items that are not keys.
func aggregateItems(p *bind.Projection) []*bind.Item {
	keys := map[int]bool{}
	for _, k := range p.Keys {
		keys[k.Var.ID] = true
	}
	var items []*bind.Item
	for _, it := range p.Items {
		if !keys[it.Var.ID] {
			items = append(items, it)
		}
	}
	return items
}

func (b *builder) call(op Op, c *bind.Call) Op {
	op = &Call{Common: Common{In: op}, Procedure: c.Procedure, Args: c.Args, Yields: c.Yields, Pos: c.Syntax.NameRange, Optional: c.Syntax.Optional}
	if c.Where != nil {
		op = &Filter{Common: Common{In: op}, Conditions: b.conditions(c.Where)}
	}
	return op
}

func (b *builder) callSubquery(op Op, c *bind.CallSubquery) (Op, error) {
	part, err := b.query(c.Query, sorted(slotsOf(c.Imports)))
	if err != nil {
		return nil, err
	}
	a := &Apply{Common: Common{In: op}, Inner: part.Root, Unit: len(c.Results) == 0, Optional: c.Syntax.Optional}
	rename := &Project{Common: Common{In: part.Root}}
	if t := c.Syntax.InTransactions; t != nil {
		a.Batches = &Batches{Rows: t.Rows, OnError: t.OnError, Status: -1, At: t.Span()}
		if c.Status != nil {
			a.Batches.Status = c.Status.ID
		}
	}
	for i, v := range c.Results {
		a.New = append(a.New, v.ID)
		if part.Results[i] != v.ID {
			rename.Items = append(rename.Items, Assign{Slot: v.ID, Expr: &SlotExpr{Slot: part.Results[i]}})
		}
	}
	if len(rename.Items) > 0 {
		a.Inner = rename
	}
	return a, nil
}

func (b *builder) loadCSV(in Common, c *bind.LoadCSV) (Op, error) {
	op := &LoadCSV{Common: in, Slot: c.Var.ID, Line: c.Line.ID, File: c.File.ID, URL: c.Syntax.URL, Headers: c.Syntax.Headers, Comma: ','}
	if t := c.Syntax.Terminator; t != nil {
		if len(t.Value) != 1 || t.Value == "\"" || t.Value == "\n" {
			return nil, NotImplemented("a field terminator other than one ASCII character", t.Span())
		}
		op.Comma = t.Value[0]
	}
	return op, nil
}

func (b *builder) foreach(op Op, c *bind.Foreach) (Op, error) {
	args := append(sorted(b.before(&c.Scope)), c.Var.ID)
	var inner Op = &Argument{Slots: args}
	outer := b.outer
	b.outer = args
	defer func() { b.outer = outer }()
	for _, clause := range c.Clauses {
		var err error
		if inner, err = b.clause(inner, clause); err != nil {
			return nil, err
		}
	}
	return &Foreach{Common: Common{In: op}, Slot: c.Var.ID, List: c.Syntax.List, Inner: inner}, nil
}

// SlotExpr is an expression made by the planner: the value of a slot.
type SlotExpr struct {
	syntax.NullLiteral
	Slot Slot
}

package plan

import (
	"strconv"
	"strings"

	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// String prints the plan, the last operator first, inputs below and indented.
func (p *Plan) String() string { return p.Print(nil) }

// Print is String with a note behind each operator, such as its rows.
func (p *Plan) Print(note func(Op) string) string {
	pr := &printer{plan: p, note: note}
	pr.op(p.Root, 0)
	return pr.out.String()
}

type printer struct {
	plan *Plan
	note func(Op) string
	out  strings.Builder
}

func (p *printer) op(op Op, depth int) {
	for ; op != nil; op = op.Source() {
		p.out.WriteString(strings.Repeat("  ", depth))
		p.out.WriteString(p.describe(op))
		if p.note != nil {
			p.out.WriteString(p.note(op))
		}
		p.out.WriteByte('\n')
		for _, inner := range Inner(op) {
			p.out.WriteString(strings.Repeat("  ", depth+1) + "|\n")
			p.op(inner, depth+2)
		}
		depth++
	}
}

// Inner lists the plans inside an operator.
func Inner(op Op) []Op {
	switch op := op.(type) {
	case *Optional:
		return []Op{op.Inner}
	case *Repeat:
		return []Op{op.Inner}
	case *Merge:
		return []Op{op.Inner}
	case *Apply:
		return []Op{op.Inner}
	case *Foreach:
		return []Op{op.Inner}
	case *Union:
		var out []Op
		for _, part := range op.Parts {
			out = append(out, part.Root)
		}
		return out
	}
	return nil
}

func (p *printer) name(s Slot) string {
	if n := p.plan.Names[s]; n != "" {
		return n
	}
	return "#" + strconv.Itoa(s)
}

func (p *printer) names(slots []Slot) string {
	out := make([]string, len(slots))
	for i, s := range slots {
		out[i] = p.name(s)
	}
	return strings.Join(out, ", ")
}

// text is the source of an expression.
func (p *printer) text(e syntax.Expr) string {
	if s, ok := e.(*SlotExpr); ok {
		return p.name(s.Slot)
	}
	r, text := e.Span(), p.plan.Statement.Syntax.Text
	if r.Pos < 0 || r.End > len(text) || r.Pos >= r.End {
		return "?"
	}
	return text[r.Pos:r.End]
}

func (p *printer) texts(exprs []syntax.Expr) string {
	out := make([]string, len(exprs))
	for i, e := range exprs {
		out[i] = p.text(e)
	}
	return strings.Join(out, ", ")
}

// wanted is "a, b) = 1, 2", with IN where a list is gone through.
func (p *printer) wanted(op *IndexSeek) string {
	values, is := "", " = "
	for i, v := range op.Values {
		if i > 0 {
			values += ", "
		}
		if v.AnyOf && len(op.Values) == 1 {
			is = " IN "
		} else if v.AnyOf {
			values += "any of "
		}
		if list, ok := v.Expr.(*syntax.ListLiteral); ok && list.Range == (syntax.Range{}) {
			values += "[" + p.texts(list.Items) + "]"
		} else {
			values += p.text(v.Expr)
		}
	}
	return strings.Join(op.Keys, ", ") + ")" + is + values
}

func (p *printer) assigns(items []Assign) string {
	out := make([]string, len(items))
	for i, it := range items {
		out[i] = p.text(it.Expr) + " AS " + p.name(it.Slot)
	}
	return strings.Join(out, ", ")
}

func (p *printer) hop(from, rel, to Slot, d graph.Direction, types []string, length string) string {
	return p.step(from, to, d, p.name(rel), types, length)
}

// step is a hop whose relationship has the text rel.
func (p *printer) step(from, to Slot, d graph.Direction, rel string, types []string, length string) string {
	left, right := "-[", "]-"
	if d == graph.Incoming {
		left = "<-["
	} else if d == graph.Outgoing {
		right = "]->"
	}
	t := ""
	if len(types) > 0 {
		t = ":" + strings.Join(types, "|")
	}
	return "((" + p.name(from) + ")" + left + rel + t + length + right + "(" + p.name(to) + "))"
}

func lengthText(from, to int) string {
	text := "*" + strconv.Itoa(from) + ".."
	if to >= 0 {
		text += strconv.Itoa(to)
	}
	return text
}

func (p *printer) describe(op Op) string {
	switch op := op.(type) {
	case *Argument:
		return "Argument(" + p.names(op.Slots) + ")"
	case *AllNodes:
		return "AllNodes(" + p.name(op.Slot) + ")"
	case *LabelScan:
		return "LabelScan(" + p.name(op.Slot) + ":" + op.Label + ")"
	case *IndexSeek:
		return "IndexSeek(" + p.name(op.Slot) + ":" + op.Label + "(" + p.wanted(op) + ")"
	case *IndexRange:
		return "IndexRange(" + p.name(op.Slot) + ":" + op.Label + "(" + op.Key + ")" + p.rangeText(op) + ")"
	case *NodeByID:
		is := " = "
		if op.AnyOf {
			is = " IN "
		}
		return "NodeByID(" + p.name(op.Slot) + is + p.text(op.ID) + ")"
	case *Expand:
		name := "Expand"
		if op.ToBound {
			name = "ExpandInto"
		}
		return name + p.hop(op.From, op.Rel, op.To, op.Direction, op.Types, "")
	case *Intersect:
		a := p.hop(op.Ends[0], op.Rels[0], op.To, op.Directions[0], op.Types[0], "")
		b := p.hop(op.Ends[1], op.Rels[1], op.To, op.Directions[1], op.Types[1], "")
		return "Intersect" + a[:len(a)-1] + " AND " + b[1:]
	case *Degree:
		return "Degree((" + p.name(op.From) + ") " + strings.Join(op.Types, "|") + ")"
	case *Ends:
		name := "Ends"
		if op.Counted {
			name = "CountEnds"
		}
		return name + p.step(op.From, op.To, op.Direction, "", op.Types, "")
	case *Reach:
		least := 1
		if op.Zero {
			least = 0
		}
		return "Reach" + p.step(op.From, op.To, op.Direction, "", op.Types, lengthText(least, op.Max))
	case *RelEnds:
		return "RelEnds" + p.hop(op.From, op.Rel, op.To, op.Direction, op.Types, "")
	case *VarExpand:
		return "VarExpand" + p.hop(op.From, op.Rels, op.To, op.Direction, op.Types, lengthText(op.Min, op.Max))
	case *Repeat:
		return "Repeat((" + p.name(op.From) + ")-" + p.name(op.Rels) + lengthText(op.Min, op.Max) + "-(" + p.name(op.To) + "))"
	case *ShortestPath:
		return "ShortestPath" + p.hop(op.From, op.Rels, op.To, op.Direction, op.Types, lengthText(op.Min, op.Max))
	case *PathSearch:
		return "PathSearch((" + p.name(op.From) + "), " + strconv.Itoa(len(op.Code)-1) + " places, (" + p.name(op.To) + "))"
	case *BindPath:
		return "BindPath(" + p.name(op.Path) + ")"
	case *Filter:
		return "Filter(" + p.conditions(op.Conditions) + ")"
	case *CountRange:
		return "CountRange(" + p.name(op.Node) + ":" + op.Label + " WHERE " + p.conditions(op.Conditions) + ")"
	case *Optional:
		return "Optional(" + p.names(op.New) + ")"
	case *Project:
		return "Project(" + p.assigns(op.Items) + ")"
	case *Aggregate:
		return p.aggregate(op)
	case *Distinct:
		return "Distinct(" + p.names(op.Slots) + ")"
	case *Sort:
		return p.sort(op)
	case *Skip:
		return "Skip(" + p.text(op.Count) + ")"
	case *Limit:
		return "Limit(" + p.text(op.Count) + ")"
	case *Unwind:
		return "Unwind(" + p.text(op.List) + " AS " + p.name(op.Slot) + ")"
	case *CountStore:
		what := "nodes"
		if op.Rels {
			what = "relationships"
		}
		if op.Label+op.Type != "" {
			what += " :" + op.Label + op.Type
		}
		return "CountStore(" + what + ")"
	}
	return p.describeWriter(op)
}

func (p *printer) describeWriter(op Op) string {
	switch op := op.(type) {
	case *Eager:
		return "Eager()"
	case *Create:
		return "Create(" + p.names(created(op.Nodes, op.Rels)) + ")"
	case *Merge:
		return "Merge(" + p.names(op.New) + ")"
	case *SetItems:
		return "Set()"
	case *Remove:
		return "Remove()"
	case *Delete:
		return "Delete(" + p.texts(op.Exprs) + ")"
	case *Call:
		return "Call(" + op.Procedure.Name + ")"
	case *Apply:
		text := "Apply(" + p.names(op.New) + ")"
		if op.Batches != nil {
			text += " in transactions"
		}
		return text
	case *LoadCSV:
		return "LoadCSV(" + p.text(op.URL) + " AS " + p.name(op.Slot) + ")"
	case *Foreach:
		return "Foreach(" + p.name(op.Slot) + " IN " + p.text(op.List) + ")"
	case *Union:
		return "Union(" + p.names(op.Slots) + ")"
	}
	return "?"
}

func (p *printer) rangeText(op *IndexRange) string {
	text := ""
	if op.Low != nil {
		text += " >" + equalsSign(op.IncludeLow) + " " + p.text(op.Low)
	}
	if op.High != nil {
		text += " <" + equalsSign(op.IncludeHigh) + " " + p.text(op.High)
	}
	if op.Prefix != nil {
		text += " STARTS WITH " + p.text(op.Prefix)
	}
	return text
}

func equalsSign(include bool) string {
	if include {
		return "="
	}
	return ""
}

func (p *printer) conditions(list []*Condition) string {
	out := make([]string, len(list))
	for i, c := range list {
		out[i] = p.condition(c)
	}
	return strings.Join(out, " AND ")
}

func (p *printer) condition(c *Condition) string {
	switch c.Kind {
	case HasValue:
		return p.name(c.Slot) + "." + c.Key + " = " + p.text(c.Expr)
	case HasLabels:
		r, text := c.Labels.Span(), p.plan.Statement.Syntax.Text
		return p.name(c.Slot) + ":" + strings.TrimPrefix(text[r.Pos:r.End], ":")
	case Same:
		return p.name(c.Slot) + " = " + p.name(c.Other)
	case NotNull:
		return p.name(c.Slot) + " IS NOT NULL"
	}
	return p.text(c.Expr)
}

func (p *printer) aggregate(op *Aggregate) string {
	out := make([]string, 0, len(op.Aggregates))
	for _, a := range op.Aggregates {
		text := p.text(a.Expr)
		if len(a.Args) == 1 {
			if s, ok := a.Args[0].(*SlotExpr); ok {
				text = a.Name + "(" + p.name(s.Slot) + ")"
			} else if a.Name == "count" && !a.Distinct { // a rule may have found that all are
				text = "count(" + p.text(a.Args[0]) + ")"
			}
		}
		out = append(out, text)
	}
	text := "Aggregate(" + strings.Join(out, ", ")
	if len(op.Keys) > 0 {
		text += " BY " + p.assigns(op.Keys)
	}
	return text + ")"
}

func (p *printer) sort(op *Sort) string {
	out := make([]string, len(op.Keys))
	for i, k := range op.Keys {
		out[i] = p.text(k.Expr)
		if k.Desc {
			out[i] += " DESC"
		}
	}
	text := "Sort(" + strings.Join(out, ", ")
	if op.Top != nil {
		text += ", top " + p.text(op.Top)
	}
	return text + ")"
}

package main

import (
	"errors"

	"github.com/clipperhouse/displaywidth"
	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/tw"

	pocketgraph "github.com/pocketgraph/pocketgraph"
	"github.com/pocketgraph/pocketgraph/graph"
)

const (
	// pageRows bounds the rows of one table: the widths of its columns depend
	// on all its rows, so it has to be kept whole. A result of more rows
	// becomes several tables.
	pageRows = 1000
	// narrowest is the width below which no column is cut.
	narrowest = 8
)

// page is a table before it is printed.
type page struct {
	names   []string
	rows    [][]string
	numbers []bool // columns with a number in them,
	texts   []bool // and with something that is neither number nor null
	printed int    // pages before
}

// printTables prints the rows as tables of at most pageRows rows.
func printTables(result *pocketgraph.Result, t terminal) (int, error) {
	p := &page{}
	for _, name := range result.Columns() {
		p.names = append(p.names, visible(name))
	}
	p.reset()
	rows, err := eachRow(result, func(row []graph.Value) error {
		p.add(result.Reader(), row)
		if len(p.rows) < pageRows {
			return nil
		}
		return p.print(t)
	})
	if len(p.rows) > 0 || p.printed == 0 && err == nil {
		err = errors.Join(err, p.print(t))
	}
	return rows, err
}

func (p *page) reset() {
	p.rows, p.numbers, p.texts = p.rows[:0], make([]bool, len(p.names)), make([]bool, len(p.names))
}

func (p *page) add(r graph.Reader, row []graph.Value) {
	for i, v := range row {
		_, number := v.Number()
		p.numbers[i] = p.numbers[i] || number
		p.texts[i] = p.texts[i] || !number && !v.IsNull()
	}
	p.rows = append(p.rows, texts(r, row))
}

func (p *page) print(t terminal) error {
	defer p.reset()
	p.printed++
	names, widths := p.names, p.widths(t.width)
	p.names = append([]string(nil), names...)
	cut(p.names, widths)
	for _, row := range p.rows {
		cut(row, widths)
	}
	table := tablewriter.NewTable(t.out, tablewriter.WithHeaderAutoFormat(tw.Off), tablewriter.WithTrimSpace(tw.Off),
		tablewriter.WithHeaderAlignment(tw.AlignLeft), tablewriter.WithRowAlignmentConfig(tw.CellAlignment{PerColumn: p.alignment()}),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone), tablewriter.WithRowAutoWrap(tw.WrapNone))
	table.Header(p.names)
	p.names = names
	return errors.Join(table.Bulk(p.rows), table.Render())
}

// alignment puts numbers to the right, so that they can be compared.
func (p *page) alignment() []tw.Align {
	out := make([]tw.Align, len(p.texts))
	for i := range out {
		out[i] = tw.AlignLeft
		if p.numbers[i] && !p.texts[i] {
			out[i] = tw.AlignRight
		}
	}
	return out
}

// widths are those that the columns need; where they do not fit on the screen,
// the widest are made narrower. A screen of width 0 has no end.
func (p *page) widths(screen int) []int {
	widths := make([]int, len(p.names))
	total := 1 // the border at the left, then each column with its spaces and border
	for i, name := range p.names {
		widths[i] = displaywidth.String(name)
		for _, row := range p.rows {
			widths[i] = max(widths[i], displaywidth.String(row[i]))
		}
		total += widths[i] + 3
	}
	for screen > 0 && total > screen {
		widest := widestOf(widths)
		if widths[widest] <= narrowest {
			break
		}
		widths[widest]--
		total--
	}
	return widths
}

func widestOf(widths []int) (at int) {
	for i := range widths {
		if widths[i] > widths[at] {
			at = i
		}
	}
	return at
}

// cut shortens the cells that are wider than their columns.
func cut(cells []string, widths []int) {
	for i, cell := range cells {
		if displaywidth.String(cell) > widths[i] {
			cells[i] = displaywidth.TruncateString(cell, widths[i], "…")
		}
	}
}

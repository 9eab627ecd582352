package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter"

	pocketgraph "github.com/pocketgraph/pocketgraph"
	"github.com/pocketgraph/pocketgraph/graph"
)

// printRows prints all rows of a result and returns how many there were.
func printRows(result *pocketgraph.Result, format string, out io.Writer) (int, error) {
	if len(result.Columns()) == 0 {
		return drain(result)
	}
	switch format {
	case "json":
		return printJSON(result, out)
	case "csv":
		return printCSV(result, out)
	}
	return printTable(result, out)
}

// drain runs a statement that returns no columns to its end.
func drain(result *pocketgraph.Result) (int, error) {
	for {
		batch, err := result.Next()
		if err != nil || batch == nil {
			return 0, err
		}
	}
}

// eachRow calls fn with the values of every row.
func eachRow(result *pocketgraph.Result, fn func([]graph.Value) error) (int, error) {
	rows := 0
	row := make([]graph.Value, len(result.Columns()))
	for {
		batch, err := result.Next()
		if err != nil || batch == nil {
			return rows, err
		}
		for i := range batch.Len {
			for c, column := range batch.Columns {
				row[c] = column[i]
			}
			if err := fn(row); err != nil {
				return rows, err
			}
			rows++
		}
	}
}

// texts renders a row as text in the notation of the query language.
func texts(r graph.Reader, row []graph.Value) []string {
	out := make([]string, len(row))
	for i, v := range row {
		out[i] = valueText(r, v)
	}
	return out
}

func printTable(result *pocketgraph.Result, out io.Writer) (int, error) {
	table := tablewriter.NewTable(out, tablewriter.WithHeaderAutoFormat(-1))
	table.Header(result.Columns())
	rows, err := eachRow(result, func(row []graph.Value) error {
		return table.Append(texts(result.Reader(), row))
	})
	return rows, errors.Join(err, table.Render())
}

func printCSV(result *pocketgraph.Result, out io.Writer) (int, error) {
	w := csv.NewWriter(out)
	if err := w.Write(result.Columns()); err != nil {
		return 0, err
	}
	rows, err := eachRow(result, func(row []graph.Value) error {
		fields := texts(result.Reader(), row)
		for i, v := range row {
			switch v.Kind() {
			case graph.KindNull:
				fields[i] = ""
			case graph.KindString:
				fields[i] = v.AsString()
			}
		}
		return w.Write(fields)
	})
	w.Flush()
	return rows, errors.Join(err, w.Error())
}

// printJSON prints an object a line, its members in the order of the columns.
func printJSON(result *pocketgraph.Result, out io.Writer) (int, error) {
	return eachRow(result, func(row []graph.Value) error {
		var line strings.Builder
		line.WriteByte('{')
		for i, v := range row {
			if i > 0 {
				line.WriteByte(',')
			}
			name, err := json.Marshal(result.Columns()[i])
			if err != nil {
				return err
			}
			value, err := json.Marshal(plain(result.Reader(), v))
			if err != nil {
				return err
			}
			line.Write(name)
			line.WriteByte(':')
			line.Write(value)
		}
		_, err := fmt.Fprintln(out, line.String()+"}")
		return err
	})
}

// summaryLine says in one line what a statement did.
func summaryLine(rows int, s pocketgraph.Summary) string {
	parts := []string{plural(rows, "row")}
	c := s.Counters
	for _, part := range []struct {
		n    int
		what string
	}{
		{int(c.NodesCreated), "node created"}, {int(c.NodesDeleted), "node deleted"},
		{int(c.RelationshipsCreated), "relationship created"}, {int(c.RelationshipsDeleted), "relationship deleted"},
		{int(c.PropertiesSet), "property set"}, {int(c.LabelsAdded), "label added"}, {int(c.LabelsRemoved), "label removed"},
		{int(c.IndexesAdded), "index created"}, {int(c.IndexesRemoved), "index dropped"},
		{int(c.ConstraintsAdded), "constraint created"}, {int(c.ConstraintsRemoved), "constraint dropped"},
	} {
		if part.n > 0 {
			noun, verb, _ := strings.Cut(part.what, " ")
			parts = append(parts, plural(part.n, noun)+" "+verb)
		}
	}
	return strings.Join(parts, ", ")
}

func plural(n int, noun string) string {
	switch {
	case n == 1:
		return "1 " + noun
	case strings.HasSuffix(noun, "y"):
		noun = strings.TrimSuffix(noun, "y") + "ie"
	case strings.HasSuffix(noun, "x"):
		noun += "e"
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func sortedKeys(m map[string]int) []string { return slices.Sorted(maps.Keys(m)) }

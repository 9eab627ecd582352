package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	pocketgraph "github.com/pocketgraph/pocketgraph"
	"github.com/pocketgraph/pocketgraph/graph"
)

// printData prints all rows of a result for a program.
func printData(result *pocketgraph.Result, format string, t terminal) error {
	print := printCSV
	switch {
	case len(result.Columns()) == 0:
		print = drain
	case format == "json":
		print = printJSON
	}
	_, err := print(result, t)
	return err
}

// drain runs a statement to its end and prints no rows.
func drain(result *pocketgraph.Result, _ terminal) (int, error) {
	return eachRow(result, func([]graph.Value) error { return nil })
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

func printCSV(result *pocketgraph.Result, t terminal) (int, error) {
	w := csv.NewWriter(t.out)
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
func printJSON(result *pocketgraph.Result, t terminal) (int, error) {
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	member := func(before byte, v any) error {
		line.WriteByte(before)
		err := encoder.Encode(v)
		line.Truncate(max(line.Len()-1, 0)) // the line end that Encode adds
		return err
	}
	return eachRow(result, func(row []graph.Value) error {
		line.Reset()
		before := byte('{')
		for i, v := range row {
			if err := errors.Join(member(before, result.Columns()[i]), member(':', plain(result.Reader(), v))); err != nil {
				return err
			}
			before = ','
		}
		_, err := t.out.Write(append(line.Bytes(), "}\n"...))
		return err
	})
}

// summaryLine says in one line what a statement did. A statement without
// columns has no rows to speak of.
func summaryLine(columns bool, rows int, s pocketgraph.Summary) string {
	var parts []string
	if columns {
		parts = append(parts, plural(rows, "row"))
	}
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
	if len(parts) == 0 {
		return "nothing changed"
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
